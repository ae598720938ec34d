"""What breaks when a new Streamlit has moved a private name: never the app of the one machine."""

from __future__ import annotations

import inspect
from importlib import import_module
from types import SimpleNamespace

import pytest
from starlette.requests import HTTPConnection
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

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


class Session:
    """An open page, as Streamlit's session manager lists it."""

    def __init__(self, number):
        self.id = number
        self._state = {}


def test_a_file_that_was_made_when_asked_for_belongs_to_its_page(monkeypatch):
    """Another page's own downloads open none of it."""
    manager = MediaFileManager(MemoryMediaFileStorage("/media"))
    pages = {number: Session(number) for number in ("one", "two")}

    def active():
        return [
            SimpleNamespace(
                session=page,
                client=SimpleNamespace(
                    client_context=SimpleNamespace(cookies={"who": page.id}, remote_ip="10.0.0.7")
                ),
            )
            for page in pages.values()
        ]

    runtime = SimpleNamespace(
        media_file_mgr=manager, _session_mgr=SimpleNamespace(list_active_sessions=active)
    )
    monkeypatch.setattr("streamlit.runtime.get_instance", lambda: runtime)

    def button(number, content):
        page = pages[number]
        monkeypatch.setattr(
            streamlit_private, "open_page", lambda: streamlit_private.OpenPage(page)
        )
        monkeypatch.setattr("streamlit.runtime.media_file_manager._get_session_id", lambda: number)
        make = streamlit_private.made_for_page(lambda: content, "a.csv", "text/csv")
        return manager.add_deferred(make, "text/csv", "place", "a.csv")

    def owners(file):
        return [cookies["who"] for cookies, _ in streamlit_private.pages_of_download(file)]

    buttons = {number: button(number, number.encode()) for number in pages}
    files = {}
    for number, place in buttons.items():
        assert owners(place) == [number]
        url = manager.execute_deferred(place)
        files[number] = url.removeprefix("/media/").removesuffix(".csv")
        assert owners(files[number]) == [number]
    manager.clear_session_refs("one")  # the page runs again
    assert owners(files["one"]) == ["one"]
    del pages["one"]
    assert not owners(files["one"])
