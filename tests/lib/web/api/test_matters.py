"""督办事项 over HTTP: read and answer, by the rights of the token."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.store import open_store
from tests.lib.store.matters import CREATED, do
from tests.people import access_to, with_people

NUMBER = "事项〔2018〕1号"
URL = "/api/v1/matters"


@pytest.fixture
def access(folder):
    return with_people(access_to(folder))


@pytest.fixture
def two(folder):
    store = open_store(folder)
    do(store, CREATED)
    do(store, replace(CREATED, lead="区教育局", support=""))
    return store


def test_a_program_reads_and_answers(two, as_):
    fulian, admin = as_("fulian"), as_("admin")
    (seen,) = fulian.get(URL).json()
    assert (seen["number"], seen["state"], seen["lead"]) == (NUMBER, "待签收", "妇联")
    assert len(admin.get(URL).json()) == 2
    assert len(admin.get(URL, params={"unit": "区教育局", "late": True}).json()) == 1
    assert admin.get(URL, params={"state": "已销号"}).json() == []
    answer = fulian.post(URL, json={"number": NUMBER, "act": "签收", "person": "李四"})
    assert (answer.status_code, answer.json()["state"]) == (201, "办理中")
    assert answer.headers["x-plan-revision"] == "3"
    assert answer.json()["steps"][-1]["person"] == "张三"
    fulian.post(URL, json={"number": NUMBER, "act": "反馈", "words": "已选定"})
    refused = fulian.post(URL, json={"number": NUMBER, "act": "核实销号", "way": "电话"})
    assert refused.status_code == 403
    closed = admin.post(URL, json={"number": NUMBER, "act": "核实销号", "way": "电话"})
    assert closed.json()["state"] == "已销号"
    again = admin.post(URL, json={"number": NUMBER, "act": "签收"})
    assert (again.status_code, "现在是已销号" in again.json()["message"]) == (409, True)


def test_what_is_no_step_is_refused(two, as_):
    fulian = as_("fulian")
    assert fulian.post(URL, json={"number": NUMBER, "act": "立项"}).status_code == 422
    assert (
        fulian.post(URL, content="a=1", headers={"content-type": "text/plain"}).status_code == 415
    )
    assert (
        fulian.post(
            URL, content=b"x" * 70_000, headers={"content-type": "application/json"}
        ).status_code
        == 413
    )
    assert fulian.post(URL, json={"number": "督办〔2018〕9号", "act": "签收"}).status_code == 403
    del fulian.headers["Authorization"]
    assert fulian.post(URL, json={"number": NUMBER, "act": "签收"}).status_code == 401


def test_at_the_machine_the_name_is_what_is_given(two, api):
    answer = api.post(URL, json={"number": NUMBER, "act": "签收", "person": "李四"})
    assert answer.json()["steps"][-1]["person"] == "李四"
    nameless = api.post(URL, json={"number": NUMBER, "act": "反馈", "words": "好"})
    assert nameless.status_code == 409


def test_tasks_are_verified_over_http(folder, as_, rewrite):
    rewrite("settings.toml", "verify = false", "verify = true")
    fulian, admin = as_("fulian"), as_("admin")
    url = "/api/v1/task-steps"
    step = {"task_id": "八-1", "act": "核实通过", "way": "现场", "month": "2018-09"}
    assert fulian.post(url, json=step).status_code == 403
    written = admin.post(url, json=step)
    assert (written.status_code, written.json()["person"]) == (201, "王主任")
    assert admin.post(url, json=step).status_code == 409
    assert [seen["act"] for seen in fulian.get(url).json()] == ["核实通过"]
    values = [
        admin.get("/api/v1/completion", params={"verified_only": only}).json()[0]
        for only in (False, True)
    ]
    assert values[0]["unverified"] == values[1]["unverified"] == 5
    assert values[0]["earned_value"] > values[1]["earned_value"]


def test_where_nothing_is_to_be_verified_the_answer_is_as_before(folder, as_):
    (row,) = as_("admin").get("/api/v1/completion").json()
    assert "unverified" not in row
