"""``/meeting``: the hall's slide for a presenter who holds another device."""

from __future__ import annotations

import pytest

from lib.access import Config
from lib.web import meeting
from tests import serving
from tests.people import PASSWORD, access_to


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(meeting, "WAIT", 0.2)


@pytest.fixture
def app(folder, access):
    """Return a function that gives a device of one server, signed in as somebody."""
    shared = serving.client(folder, access)

    def device(login="admin"):
        client = type(shared)(shared.app, base_url="http://plan.example.cn", follow_redirects=False)
        if login:
            serving.sign_in(client, {"login": login, "password": PASSWORD})
        return client

    return device


def announce(client, **facts):
    return client.post("/meeting", json={"channel": "present/2018-09", "number": 3, **facts})


def join(client, code=""):
    return client.post("/meeting", json={"presenter": True, "code": code})


def test_the_same_account_joins_and_turns_the_halls_slide(app):
    hall, device = app(), app()
    opened = announce(hall).json()
    joined = join(device).json()
    assert (joined["key"], joined["number"], joined["turns"]) == (opened["key"], 3, True)
    turned = device.post(f"/meeting/{joined['key']}", json={"number": 5, "black": True})
    assert turned.status_code == 200
    seen = hall.get(f"/meeting/{opened['key']}", params={"turn": opened["turn"]}).json()
    assert (seen["number"], seen["black"]) == (5, True)


def test_another_account_needs_the_code(app):
    opened = announce(app()).json()
    colleague = app("leader")
    assert "请输入会议码" in join(colleague).json()["fault"]
    assert join(colleague, "000000" if opened["code"] != "000000" else "1").status_code == 404
    code = opened["code"]
    joined = join(colleague, f"{code[:3]} {code[3:]}").json()
    assert (joined["key"], joined["turns"]) == (opened["key"], True)


def test_two_halls_of_one_account_are_told_apart_by_their_codes(app):
    hall, other = app(), app()
    announce(hall)
    opened = announce(other).json()
    assert "有2个会场" in join(app()).json()["fault"]
    assert join(app(), opened["code"]).json()["key"] == opened["key"]


def test_a_hall_that_comes_back_has_its_slide(app):
    hall = app()
    opened = announce(hall).json()
    hall.post(f"/meeting/{opened['key']}", json={"number": 7})
    assert announce(hall, key=opened["key"]).json()["number"] == 7
    assert announce(app("leader"), key=opened["key"]).json()["key"] != opened["key"]


def test_a_hall_that_is_not_heard_of_is_said(app, monkeypatch):
    hall, device = app(), app()
    opened = announce(hall).json()
    monkeypatch.setattr(meeting, "ALIVE", 0.0)
    assert join(device).status_code == 404
    path = f"/meeting/{opened['key']}"
    assert device.get(path).json()["fault"] == "会场的电脑没有连上"
    assert hall.get(path, params={"hall": ""}).json()["number"] == 3


def test_codes_cannot_be_tried_out(app):
    device = app("leader")
    answers = {join(device, "12345").status_code for _ in range(meeting.JOINS_PER_MINUTE + 1)}
    assert answers == {404, 429}


def test_who_may_not_read_gets_nothing_and_a_visitor_only_follows(app, folder):
    opened = announce(app()).json()
    stranger = app("")
    assert announce(stranger).status_code == 401
    assert stranger.get(f"/meeting/{opened['key']}").status_code == 401
    assert stranger.post(f"/meeting/{opened['key']}", json={}).status_code == 401

    public = access_to(folder, Config(read_needs_sign_in=False))
    visitor = serving.client(folder, public)
    own = announce(visitor).json()
    assert own["turns"] is False
    turned = visitor.post(f"/meeting/{own['key']}", json={"number": 2})
    assert (turned.status_code, turned.json()["fault"]) == (403, "访客只能跟看，不能翻页")
    assert visitor.get(f"/meeting/{own['key']}").json()["number"] == 3
    assert join(visitor).status_code == 404


def test_nothing_waits_for_ever_and_what_is_gone_is_said(app):
    hall = app()
    opened = announce(hall).json()
    same = hall.get(f"/meeting/{opened['key']}", params={"turn": opened["turn"]})
    assert same.json()["turn"] == opened["turn"]
    assert hall.get("/meeting/none").status_code == 404
    assert hall.post("/meeting/none", json={"number": 2}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[1]",
        b"\xff",
        b"{" * 10_000,
        b"[" * 3_900,
        b'{"number": "x"}',
        b'{"channel": "\\ud800", "query": "\\u0000"}',
        b'{"channel": {"a": 1}, "number": 1e400}',
    ],
)
def test_what_is_no_announcement_is_one_of_the_first_slide(app, body):
    hall = app()
    answer = hall.post("/meeting", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["number"]) == (200, 1)


def test_another_sites_page_cannot_turn(app):
    hall = app()
    opened = announce(hall).json()
    hall.post(f"/meeting/{opened['key']}", content=b'{"number": 9}')
    assert hall.get(f"/meeting/{opened['key']}").json()["number"] != 9


def test_the_oldest_meetings_are_forgotten(app, monkeypatch):
    monkeypatch.setattr(meeting, "MOST", 2)
    hall = app()
    keys = [announce(hall).json()["key"] for _ in range(3)]
    assert [hall.get(f"/meeting/{key}").status_code for key in keys] == [404, 200, 200]
