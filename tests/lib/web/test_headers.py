"""Headers of every answer, and what changes in Streamlit's own page."""

from __future__ import annotations

from pathlib import Path

import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from lib import web
from tests import serving
from tests.people import access_to

FRONT = Path(streamlit.__file__).parent / "static"


def test_a_page_is_chinese_and_every_answer_has_the_safe_headers(folder):
    visitor = serving.client(folder, access_to(folder))
    answer = visitor.get("/units", headers={"Accept-Encoding": "gzip"})
    assert '<html lang="zh-CN">' in answer.text
    assert int(answer.headers["content-length"]) == len(answer.content)
    for path in ("/units", "/healthz", "/static/x.js", "/api/v1/openapi.json", "/sign-in"):
        headers = visitor.get(path).headers
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_page_sends_to_its_own_host_alone(folder):
    policy = (
        serving.local(folder, access_to(folder)).get("/units").headers["content-security-policy"]
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["connect-src"] == ("'self' ws://127.0.0.1:8501 wss://127.0.0.1:8501 data: blob:")
    assert rules["form-action"] == "'self'"


def test_the_installed_page_is_not_told_to_fetch_a_font_that_nothing_is_set_in():
    page = (FRONT / "index.html").read_bytes()
    assert page.count(b'as="font"') == 1
    app = Starlette(
        routes=[Route("/", lambda _: HTMLResponse(page))],
        middleware=[Middleware(web.PageHeaders, head="<!-- ours -->")],
    )
    answer = TestClient(app).get("/").text
    assert 'as="font"' not in answer
    assert answer.count("modulepreload") == page.count(b"modulepreload")
    assert "<!-- ours --></head>" in answer
    assert '<html lang="zh-CN"' in answer
