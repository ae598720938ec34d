"""OIDC and open reading on the pages; what the server makes of a connection."""

from __future__ import annotations

import json

import pytest
from starlette.requests import HTTPConnection
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from lib.access import Config, Mode, Role, open_access
from lib.access.config import Grant
from lib.ui.frame import server
from lib.ui.kit import deployment, session
from lib.ui.kit.streamlit_private import oidc_claims
from tests.pages.reading import open_app, rows, words
from tests.people import BOSS, PASSWORD, QUICK

GRANTS = (Grant("email", "wang@example.cn", Role.REPORTER, ("妇联",)),)


@pytest.fixture
def opened(folder, monkeypatch):
    """``opened(config)`` serves a copy of the data with these settings of access."""

    def made(config):
        monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
        access = open_access(folder, config=config, passwords=QUICK)
        monkeypatch.setattr(deployment, "access", lambda: access)
        return access

    return made


def test_under_oidc_the_page_asks_to_sign_in_and_knows_who_has(opened, visitor):
    access = opened(Config(Mode.OIDC, grants=GRANTS))
    app = open_app()
    assert app.title[0].value == "请先登录"
    assert [one.label for one in app.button] == ["登录"]
    visitor["claims"] = {"email": "wang@example.cn", "name": "王"}
    assert "王**　经办人（妇联）" in words(open_app()).replace("\\", "")
    assert "统一身份认证" in words(open_app("account"))
    visitor["claims"] = {"email": "guest@example.cn"}
    app = open_app()
    assert app.title[0].value == "您的账号还没有权限"
    assert access.trail.entries() == []


def test_where_reading_is_open_the_way_in_stands_aside(opened, visitor):
    access = opened(Config(read_needs_sign_in=False))
    access.accounts.add(BOSS, "admin", "王", Role.ADMIN, (), PASSWORD)
    app = open_app()
    assert rows(app, "task-row")
    assert any("sign-in?next=" in one.proto.body for one in app.get("html"))
    app = open_app("report")
    assert app.title[0].value == "没有权限填报"
    assert "这一页需要登录" in app.info[0].value


def test_outside_of_a_page_there_is_nobody(monkeypatch):
    monkeypatch.undo()
    assert not session.visitor().at_the_machine


def connection(**cookies):
    text = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = [(b"cookie", text.encode("latin-1"))] if cookies else []
    return HTTPConnection({"type": "http", "headers": headers})


def signed(payload, secret=None):
    return create_signed_value(secret or get_cookie_secret(), "_streamlit_user", payload).decode()


@pytest.mark.parametrize(
    ("cookies", "email"),
    [
        ({}, None),
        ({"_streamlit_user": "forged"}, None),
        ({"_streamlit_user": signed(json.dumps({"is_logged_in": True, "email": "w"}))}, "w"),
        ({"_streamlit_user": signed(json.dumps({"is_logged_in": False, "email": "w"}))}, None),
        ({"_streamlit_user": signed("[]")}, None),
        (
            {
                "_streamlit_user": signed(
                    json.dumps({"is_logged_in": True, "email": "w"}), "another-secret"
                )
            },
            None,
        ),
    ],
)
def test_an_identity_counts_only_with_streamlits_signature(cookies, email):
    found = oidc_claims(connection(**cookies))
    assert (found or {}).get("email") == email


def test_the_server_has_its_routes_and_middleware(folder, monkeypatch):
    monkeypatch.setenv("PLAN_DATA_DIR", str(folder))
    paths = {route.path for route in server.routes()}
    assert paths == {"/sign-in", "/plain", "/meeting", "/meeting/{key}", "/healthz", "/api/v1"}
    assert [part.cls.__name__ for part in server.middleware()] == [
        "RequestGate",  # which hosts and origins are answered
        "StaticFilesInMemory",  # scripts and styles
        "StaticFilesInMemory",  # what old browsers lack
        "PageHeaders",
        "WorkLimits",
        "SignInGate",
    ]
    assert deployment.plans() == []
    assert deployment.listening_address() == "127.0.0.1"
    assert server.backend().actor(connection()).role is Role.VISITOR
