"""What breaks when a new Streamlit has moved a private name: never the app of the one machine."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest
from starlette.requests import HTTPConnection
from streamlit.runtime.app_session import AppSession

from lib.ui.frame import server
from lib.ui.kit import streamlit_private
from tests.pages.reading import open_app

NAMES = {
    "streamlit.runtime.scriptrunner.get_script_run_ctx": "downloads that are made when asked for",
    "streamlit.elements.exception._GENERIC_UNCAUGHT_EXCEPTION_TEXT": "the Chinese words of errors",
    "streamlit.runtime.scriptrunner.RerunData": "news from the server: each page asks by a timer",
    "streamlit.auth_util.get_cookie_with_chunks": "OIDC for the HTTP routes",
    "streamlit.web.server.server_util.get_cookie_secret": "OIDC for the HTTP routes",
    "streamlit.web.server.starlette.starlette_app_utils.decode_signed_value": "the same",
    "streamlit.web.server.starlette.starlette_server_config.USER_COOKIE_NAME": "the same",
}


@pytest.mark.parametrize("name", NAMES)
def test_the_installed_streamlit_has_the_name(name):
    module, _, attribute = name.rpartition(".")
    assert hasattr(import_module(module), attribute), f"lost without it: {NAMES[name]}"


def test_the_installed_streamlit_can_run_a_session_from_the_server():
    source = inspect.getsource(AppSession)
    for name in streamlit_private.OpenPage.NEEDS:
        assert f"self.{name}" in source, "lost without it: news from the server"


@pytest.mark.parametrize("name", NAMES)
def test_the_app_works_for_the_machine_itself_without_the_name(monkeypatch, caplog, name):
    monkeypatch.delattr(name)
    app = open_app(month="2018-09")
    assert app.title[0].value.startswith("截至9月末总体")
    assert not app.exception
    assert server.routes()
    connection = HTTPConnection({"type": "http", "headers": [(b"cookie", b"_streamlit_user=x")]})
    if "runtime" not in name:
        assert streamlit_private.oidc_claims(connection) is None
        assert "Streamlit has no" in caplog.text
