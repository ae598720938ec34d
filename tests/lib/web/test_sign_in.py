"""Signing in over HTTP: the form, the cookie, and where it leads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.access import Config, Mode
from lib.access.sessions import COOKIE
from lib.access.throttle import PER_ACCOUNT
from lib.web.sign_in import ATTEMPTS_PER_MINUTE, local_path
from tests import serving
from tests.people import PASSWORD, access_to
from tests.serving import RIGHT


def test_the_cookie_is_kept_from_scripts_and_other_sites(folder, access):
    plain = serving.sign_in(serving.client(folder, access)).headers["set-cookie"]
    assert plain.startswith(f"{COOKIE}=")
    assert "HttpOnly" in plain
    assert "SameSite=lax" in plain
    assert "Max-Age=43200" in plain
    assert "Secure" not in plain
    assert (
        "Secure"
        in serving.sign_in(serving.client(folder, access, scheme="https")).headers["set-cookie"]
    )


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
    answer = serving.sign_in(visitor, values)
    assert answer.status_code == 401
    assert "账号或密码不对" in answer.text
    assert "<script>" not in answer.text
    assert COOKIE not in answer.headers.get("set-cookie", "")
    assert answer.headers["cache-control"] == "no-store"


def test_too_many_failures_are_told_and_refused(visitor):
    for _ in range(PER_ACCOUNT):
        serving.sign_in(visitor, {"login": "fulian", "password": "wrong"})
    assert "失败次数太多" in serving.sign_in(visitor).text
    assert visitor.get("/").status_code == 303


def test_too_many_tries_a_minute_cost_no_work(visitor):
    for number in range(ATTEMPTS_PER_MINUTE):
        serving.sign_in(visitor, {"login": f"n{number}", "password": "wrong"})
    answer = serving.sign_in(visitor)
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
    "next_page",
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
def test_signing_in_leads_nowhere_else(visitor, next_page):
    assert serving.sign_in(visitor, next_page=next_page).headers["location"] == "/"


@given(st.text())
def test_where_to_go_on_to_is_always_on_this_server(next_page):
    path = local_path(next_page)
    assert path.startswith("/")
    assert not path.startswith("//")
    assert "\\" not in path
    assert path.isprintable()


def test_text_in_the_address_stays_text(visitor):
    answer = visitor.get("/sign-in", params={"next": '/"><script>alert(1)</script>'})
    assert "<script>" not in answer.text


def test_under_oidc_nobody_signs_in_with_a_password(folder, access):
    oidc = access_to(folder, Config(Mode.OIDC))
    visitor = serving.client(folder, oidc)
    assert visitor.get("/").status_code == 200  # the page itself asks to sign in
    assert visitor.get("/media/abc.csv").status_code == 401
    assert visitor.get("/sign-in").headers["location"] == "/"
    signed = serving.client(folder, access)
    visitor.cookies = signed.cookies
    assert visitor.post("/sign-in", data=RIGHT).status_code == 403
