"""The front end's own files come from memory."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from lib import web


@pytest.fixture
def client(tmp_path):
    """The files of a folder in front of an app that answers everything with its own words."""
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.1.js").write_text("export const a = 1", encoding="utf-8")
    (tmp_path / "font.woff2").write_bytes(b"\x00\x01")
    (tmp_path.parent / "secret.txt").write_text("secret", encoding="utf-8")
    app = Starlette(
        routes=[Route("/{path:path}", lambda _: PlainTextResponse("the app"))],
        middleware=[Middleware(web.StaticFilesInMemory, folder=tmp_path, prefix="/plan/static")],
    )
    return TestClient(app)


def test_a_file_comes_with_its_type_for_a_year_and_with_the_headers_of_every_answer(client):
    answer = client.get("/plan/static/js/a.1.js")
    assert (answer.status_code, answer.text) == (200, "export const a = 1")
    assert "javascript" in answer.headers["content-type"]
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    again = client.get("/plan/static/js/a.1.js")
    assert (again.text, again.headers["etag"]) == (answer.text, answer.headers["etag"])
    assert client.get("/plan/static/font.woff2").content == b"\x00\x01"


def test_a_browser_that_has_a_file_is_not_sent_it_again(client):
    tag = client.get("/plan/static/js/a.1.js").headers["etag"]
    answer = client.get("/plan/static/js/a.1.js", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/js/a.1.js",
        "/plan/static/js/b.js",
        "/plan/static/js",
        "/plan/static/../../secret.txt",
        "/plan/static/%2e%2e/secret.txt",
        "/plan/static//js/a.1.js",
    ],
)
def test_whatever_is_no_file_of_the_folder_is_the_apps_to_answer(client, path):
    assert client.get(path).text == "the app"


def test_parts_of_a_file_and_other_methods_are_the_apps_to_answer(client):
    part = client.get("/plan/static/js/a.1.js", headers={"Range": "bytes=0-3"})
    assert part.text == "the app"
    assert client.post("/plan/static/js/a.1.js").status_code == 405
