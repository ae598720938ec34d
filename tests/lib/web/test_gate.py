"""Who may load what before any page runs."""

from __future__ import annotations

import pytest

from lib.access import Config
from lib.access.sessions import COOKIE
from tests import serving
from tests.people import BOSS, PASSWORD, access_to, people_in


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(visitor):
    sent = visitor.get("/units?month=2018-09")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/sign-in?next=%2Funits%3Fmonth%3D2018-09"
    done = serving.sign_in(visitor, next_page="/units?month=2018-09")
    assert (done.status_code, done.headers["location"]) == (303, "/units?month=2018-09")
    assert "the app" in visitor.get("/units?month=2018-09").text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 303),
        ("GET", "/accounts", 303),
        ("GET", "/media/abc.csv", 401),
        ("PUT", "/_stcore/upload_file/1", 403),
        ("OPTIONS", "/_stcore/upload_file/1", 200),
        ("GET", "/_stcore/health", 200),
        ("GET", "/_stcore/agent", 404),
        ("GET", "/_stcore/metrics", 404),
        ("GET", "/static/x.js", 200),
        ("GET", "/healthz", 200),
        ("GET", "/sign-in", 200),
    ],
)
def test_what_a_stranger_gets(visitor, method, path, status):
    assert visitor.request(method, path).status_code == status


@pytest.mark.parametrize(("login", "upload"), [("fulian", 200), ("admin", 200), ("leader", 403)])
def test_who_may_upload(folder, access, visitor, login, upload):
    serving.sign_in(visitor, {"login": login, "password": PASSWORD})
    assert visitor.put("/_stcore/upload_file/1", content=b"x").status_code == upload
    assert visitor.get("/media/abc.csv").status_code == 200
    assert visitor.get("/sign-in").status_code == 303  # already in


def test_a_cookie_is_worth_nothing_after_it_was_ended(access, visitor):
    serving.sign_in(visitor)
    assert visitor.get("/").status_code == 200
    access.accounts.set_password(BOSS, "fulian", "another-one-8")
    assert visitor.get("/").status_code == 303
    assert visitor.get("/media/abc.csv").status_code == 401


@pytest.mark.parametrize("cookie", ["forged", "a.b", "'; DROP TABLE access_accounts; --", "é"])
def test_a_forged_cookie_gets_nothing(visitor, cookie):
    header = {"Cookie": f"{COOKIE}={cookie}".encode("latin-1")}
    assert visitor.get("/", headers=header).status_code == 303


def test_before_an_administrator_exists_the_network_reads_and_writes_nothing(folder):
    visitor = serving.client(folder, access_to(folder))
    assert visitor.get("/").status_code == 200
    assert visitor.put("/_stcore/upload_file/1", content=b"x").status_code == 403
    assert visitor.get("/sign-in").headers["location"] == "/"
    assert serving.local(folder, access_to(folder)).put("/_stcore/upload_file/1").status_code == 200


def test_reading_can_be_left_open(folder):
    access = people_in(folder, Config(read_needs_sign_in=False))
    visitor = serving.client(folder, access)
    assert visitor.get("/").status_code == 200
    assert visitor.get("/media/abc.csv").status_code == 200
    assert visitor.put("/_stcore/upload_file/1", content=b"x").status_code == 403


def test_a_download_belongs_to_the_visitor_whose_page_offers_it(folder, access):
    """Its address is made of its content: whoever knows both files' names must not get them."""
    offered = []
    visitor = serving.client(folder, access, offering=lambda _: offered)
    other = type(visitor)(visitor.app, base_url="http://plan.example.cn", follow_redirects=False)
    serving.sign_in(visitor)
    serving.sign_in(other, {"login": "admin", "password": PASSWORD})
    offered.append(({COOKIE: visitor.cookies[COOKIE]}, "10.0.0.7"))
    assert visitor.get("/media/abc.csv").status_code == 200
    assert other.get("/media/abc.csv").status_code == 404
    offered.clear()
    assert visitor.get("/media/abc.csv").status_code == 404


def test_without_accounts_a_download_belongs_to_the_address(folder):
    pages = [({}, "10.0.0.9")]
    here = serving.client(folder, access_to(folder), offering=lambda _: pages)
    assert here.get("/media/abc.csv").status_code == 404
    pages.append(({}, "10.0.0.7"))
    assert here.get("/media/abc.csv").status_code == 200


def test_what_the_server_does_is_told_to_administrators_alone(folder, access, visitor):
    serving.sign_in(visitor)
    assert visitor.get("/_stcore/metrics").status_code == 404
    visitor.cookies.clear()
    serving.sign_in(visitor, {"login": "admin", "password": PASSWORD})
    assert visitor.get("/_stcore/metrics").status_code == 200
