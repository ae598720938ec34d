"""Every page, at a desk and on a phone: it draws, stays local, fits and is accessible."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from lib.web import plotly_bundle
from tests.browser import harness
from tests.browser.harness import DESKTOP, PAGES, PHONE, Visit

SIZES = {"desktop": DESKTOP, "phone": PHONE}


@pytest.fixture(
    scope="module",
    params=[(path, size) for path in PAGES for size in SIZES],
    ids=[f"{name}-{size}" for name in PAGES.values() for size in SIZES],
)
def visit(request: pytest.FixtureRequest, browser: Browser, base_url: str) -> Iterator[Visit]:
    """One page at one size, opened once for all the checks below."""
    path, size = request.param
    context = harness.new_context(browser)
    yield harness.open_page(context, base_url + path, *SIZES[size])
    context.close()


def test_draws_without_an_error(visit: Visit, server_log: Path) -> None:
    # On a page's own address Streamlit's front end looks for the server's base path by asking
    # below that address first; the 404 that answers is part of its protocol.
    errors = [error for error in visit.console_errors if "/_stcore/" not in error]
    assert errors == []
    assert visit.page_errors == []
    assert visit.page.get_by_test_id("stException").all_inner_texts() == []
    assert "Traceback" not in server_log.read_text(errors="replace")


def test_asks_no_other_host(visit: Visit) -> None:
    assert any(url.startswith("ws:") for url in visit.requests), "no web socket was recorded"
    assert visit.foreign_requests() == []


def test_does_not_scroll_sideways(visit: Visit) -> None:
    # The window itself and the box in which Streamlit scrolls the page.
    widths = visit.page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
                 .map(box => [box.scrollWidth, box.clientWidth])"""
    )
    assert all(content <= shown for content, shown in widths), widths


def test_has_a_chinese_title(visit: Visit) -> None:
    assert re.search("[\u4e00-\u9fff]", visit.page.title()), visit.page.title()


def test_offers_no_developer_tools(visit: Visit) -> None:
    for test_id in ("stAppDeployButton", "stMainMenu"):
        assert not visit.page.get_by_test_id(test_id).is_visible(), test_id


def test_has_no_serious_accessibility_finding(visit: Visit) -> None:
    assert harness.serious(visit.page) == []


def test_every_trace_is_drawn_as_what_it_is(visit: Visit) -> None:
    """The browser gets a part of plotly.js, which would draw a trace that it lacks as something else."""
    charts = visit.page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')].map(chart =>
             [chart.data.map(one => one.type), chart._fullData.map(one => one.type)])"""
    )
    if charts:
        assert (
            visit.page.evaluate("Plotly.version") in plotly_bundle.BUNDLE.read_text("utf-8")[:200]
        )
    for given, drawn in charts:
        assert drawn == [kind or "scatter" for kind in given]
