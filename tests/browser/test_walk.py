"""Every page, opened once, at a desk, in dark colours, on a phone and on paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from lib.web import plotly_bundle
from tests.browser import harness
from tests.browser.harness import DESKTOP, LAPTOP, PAGES, PHONE, Visit
from tests.browser.words import english


@dataclass(frozen=True)
class Look:
    """A size of the window, and whether the colours are dark."""

    size: tuple[int, int]
    dark: bool = False


LOOKS = {"desk": Look(DESKTOP), "dark": Look(LAPTOP, dark=True), "phone": Look(PHONE)}
SCREENS = {"/", "/gantt", "/categories", "/units", "/months", "/task", "/search", "/explain"}
"""What leaders look at: not even a slight finding, and on paper two sheets at most."""
ON_ONE_SHEET = {"/", "/gantt"}


@pytest.fixture(scope="module", params=PAGES, ids=PAGES.values())
def visit(request: pytest.FixtureRequest, browser: Browser, base_url: str) -> Iterator[Visit]:
    """One page, opened once for all the checks below."""
    context = harness.new_context(browser)
    yield harness.open_page(context, base_url + request.param, *DESKTOP)
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


def test_speaks_chinese(visit: Visit) -> None:
    assert re.search("[\u4e00-\u9fff]", visit.page.title()), visit.page.title()
    if urlsplit(visit.url).path != "/help":  # which names files and commands
        assert english(visit.page) == []


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


def words_on_paper(pdf):
    """Each word of a PDF with the box of its letters and the size of its page."""
    text = subprocess.run(
        ["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True, text=True
    ).stdout
    for page in text.split("<page ")[1:]:
        width, height = (
            float(value) for value in re.findall(r'(?:width|height)="([\d.]+)"', page)[:2]
        )
        for left, top, right, bottom, word in re.findall(
            r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>',
            page,
        ):
            yield word, (float(left), float(top), float(right), float(bottom)), (width, height)


def test_prints_on_a4_with_nothing_cut(visit: Visit, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    path, pdf = urlsplit(visit.url).path, tmp_path / "page.pdf"
    titles = visit.page.get_by_role("heading", level=1).all_inner_texts()
    visit.page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    heights, text = [], ""
    for word, (left, top, right, bottom), (width, height) in words_on_paper(pdf):
        assert 0 <= left <= right <= width, word
        assert 0 <= top <= bottom <= height, word
        heights.append(bottom - top)
        text += word
    assert all(re.sub(r"\s", "", title) in text for title in titles)
    facts = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
    assert re.search(r"Page size:\s+84[12][.\d]* x 59[456]", facts), facts
    sheets = int(re.search(r"Pages:\s+(\d+)", facts)[1])
    if path in SCREENS:
        assert sheets <= 2
    if path in ON_ONE_SHEET:
        assert sheets == 1
        assert min(heights) >= 8
        for screen_only in ("上报记录", "使用说明", "截至月份", "下载"):
            assert screen_only not in text


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_fits_and_has_no_accessibility_finding(visit: Visit, look: Look) -> None:
    page = visit.page
    visit.colours("dark" if look.dark else "light")
    visit.resize(look.size)
    # The window itself and the box in which Streamlit scrolls the page.
    widths = page.evaluate(
        """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
                 .map(box => [box.scrollWidth, box.clientWidth])"""
    )
    assert all(content <= shown for content, shown in widths), widths
    for developers_tool in ("stAppDeployButton", "stMainMenu"):
        assert not page.get_by_test_id(developers_tool).is_visible(), developers_tool
    if urlsplit(visit.url).path == "/present":
        page.get_by_role("button", name="下一页").focus()  # so the buttons stay, to be looked at
        harness.wait_for_controls(page)
    slight = {"minor", "moderate"} if urlsplit(visit.url).path in SCREENS else set()
    assert harness.findings(page, harness.SERIOUS | slight) == []
