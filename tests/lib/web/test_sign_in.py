"""Signing in over HTTP, what is given to whom, and the headers of every answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.access import Config, Mode
from lib.access.sessions import COOKIE
from lib.access.throttle import PER_ACCOUNT
from lib.web.sign_in import ATTEMPTS_PER_MINUTE, local_path
from tests import serving
from tests.people import BOSS, PASSWORD, access_to, with_people

RIGHT = {"login": "fulian", "password": PASSWORD}


@pytest.fixture
def access(folder):
    return with_people(access_to(folder))


@pytest.fixture
def visitor(folder, access):
    return serving.client(folder, access)


def post(client, values=RIGHT, wanted="/report", **more):
    """Open the form as a browser does, and send it back."""
    form = client.get("/sign-in", params={"next": wanted})
    token = re.search(r'name="token" value="([^"]+)"', form.text)[1]
    return client.post("/sign-in", data={"token": token, "next": wanted, **values}, **more)


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(visitor):
    sent = visitor.get("/units?month=2018-09")
    assert sent.status_code == 303
    assert sent.headers["location"] == "/sign-in?next=%2Funits%3Fmonth%3D2018-09"
    done = post(visitor, wanted="/units?month=2018-09")
    assert (done.status_code, done.headers["location"]) == (303, "/units?month=2018-09")
    assert "the app" in visitor.get("/units?month=2018-09").text


def test_the_cookie_is_kept_from_scripts_and_other_sites(folder, access):
    plain = post(serving.client(folder, access)).headers["set-cookie"]
    assert plain.startswith(f"{COOKIE}=")
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Max-Age=43200" in plain
    assert "Secure" not in plain
    assert "Secure" in post(serving.client(folder, access, scheme="https")).headers["set-cookie"]


@pytest.mark.parametrize(
    "values",
    [
        {"login": "fulian", "password": "wrong"},
        {"login": "nobody", "password": PASSWORD},
        {"login": "<script>alert(1)</script>", "password": "x"},
        {"login": "", "password": ""},
        {},
    ],
)
def test_every_failure_looks_the_same(visitor, values):
    answer = post(visitor, values)
    assert answer.status_code == 401
    assert "账号或密码不对" in answer.text
    assert "<script>" not in answer.text
    assert COOKIE not in answer.headers.get("set-cookie", "")
    assert answer.headers["cache-control"] == "no-store"


def test_too_many_failures_are_told_and_refused(visitor):
    for _ in range(PER_ACCOUNT):
        post(visitor, {"login": "fulian", "password": "wrong"})
    assert "失败次数太多" in post(visitor).text
    assert visitor.get("/").status_code == 303


def test_too_many_tries_a_minute_cost_no_work(visitor):
    for number in range(ATTEMPTS_PER_MINUTE):
        post(visitor, {"login": f"n{number}", "password": "wrong"})
    answer = post(visitor)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1


def test_a_form_from_another_site_is_refused(visitor):
    assert visitor.post("/sign-in", data=RIGHT).status_code == 403
    visitor.get("/sign-in")
    forged = visitor.post("/sign-in", data={**RIGHT, "token": "guess"})
    assert forged.status_code == 403
    assert COOKIE not in visitor.cookies


def test_a_body_without_end_is_cut_off(visitor):
    assert visitor.post("/sign-in", content=b"x" * 10_000).status_code == 413


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/a\\b",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/sign-in",
        "",
    ],
)
def test_signing_in_leads_nowhere_else(visitor, wanted):
    assert post(visitor, wanted=wanted).headers["location"] == "/"


@given(st.text())
def test_where_to_go_on_to_is_always_on_this_server(wanted):
    path = local_path(wanted)
    assert path.startswith("/")
    assert not path.startswith("//")
    assert "\\" not in path
    assert path.isprintable()


def test_text_in_the_address_stays_text(visitor):
    answer = visitor.get("/sign-in", params={"next": '/"><script>alert(1)</script>'})
    assert "<script>" not in answer.text


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
        ("GET", "/static/x.js", 200),
        ("GET", "/healthz", 200),
        ("GET", "/sign-in", 200),
    ],
)
def test_what_a_stranger_gets(visitor, method, path, status):
    assert visitor.request(method, path).status_code == status


@pytest.mark.parametrize(("login", "upload"), [("fulian", 200), ("admin", 200), ("leader", 403)])
def test_who_may_upload(folder, access, visitor, login, upload):
    post(visitor, {"login": login, "password": PASSWORD})
    assert visitor.put("/_stcore/upload_file/1", content=b"x").status_code == upload
    assert visitor.get("/media/abc.csv").status_code == 200
    assert visitor.get("/sign-in").status_code == 303  # already in


def test_a_cookie_is_worth_nothing_after_it_was_ended(access, visitor):
    post(visitor)
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
    access = with_people(access_to(folder, Config(read_needs_sign_in=False)))
    visitor = serving.client(folder, access)
    assert visitor.get("/").status_code == 200
    assert visitor.get("/media/abc.csv").status_code == 200
    assert visitor.put("/_stcore/upload_file/1", content=b"x").status_code == 403


def test_under_oidc_nobody_signs_in_with_a_password(folder, access):
    oidc = access_to(folder, Config(Mode.OIDC))
    visitor = serving.client(folder, oidc)
    assert visitor.get("/").status_code == 200  # the page itself asks to sign in
    assert visitor.get("/media/abc.csv").status_code == 401
    assert visitor.get("/sign-in").headers["location"] == "/"
    signed = serving.client(folder, access)
    visitor.cookies = signed.cookies
    assert visitor.post("/sign-in", data=RIGHT).status_code == 403


def test_everything_may_stand_under_a_path(folder, access):
    visitor = serving.client(folder, access, base="/plan")
    assert visitor.get("/plan/units").headers["location"] == "/plan/sign-in?next=%2Funits"
    assert 'action="/plan/sign-in"' in visitor.get("/plan/sign-in").text
    assert visitor.get("/plan/healthz").status_code == 200


def test_a_page_is_chinese_and_every_answer_has_the_safe_headers(folder):
    visitor = serving.client(folder, access_to(folder))
    answer = visitor.get("/units", headers={"Accept-Encoding": "gzip"})
    assert '<html lang="zh-CN">' in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    for path in ("/units", "/healthz", "/static/x.js", "/api/v1/openapi.json", "/sign-in"):
        headers = visitor.get(path).headers
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_health_tells_the_revision_and_when_the_store_is_gone(folder, access, visitor):
    assert visitor.get("/healthz").json() == {
        "status": "ok",
        "store": "reachable",
        "revision": 0,
    }
    (folder / "plan.csv").unlink()
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.json()["store"]) == (503, "unreachable")


def test_settings_that_cannot_be_read_open_nothing(folder, rewrite):
    rewrite("settings.toml", "[plan]", '[access]\nmode = "open"\n[plan]')
    from lib.access import ConfigError, open_access

    with pytest.raises(ConfigError):
        open_access(folder)
