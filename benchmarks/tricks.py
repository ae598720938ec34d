"""What each trick on a page's way to the browser buys: the app with all of them, and without each.

A server for each, opened in turn in fresh profiles; medians of ms until the title stands and until
all charts are drawn, and how many times what it takes with all tricks.
"""

from __future__ import annotations

import os
import statistics
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks.pages import visit
from tests.browser import harness
from tests.browser.harness import PAGES, ROOT

LOOKED_AT = ("/months", "/task", "/report")
ALL = "with all"
# What Python runs before the server starts.
WITHOUT = {
    ALL: "",
    "whole plotly.js": """
from lib import web
web.with_cartesian_plotly = lambda script: script
""",
    "files by Streamlit": """
from lib.web.static_files import StaticFilesInMemory
in_memory = StaticFilesInMemory.__call__
async def pass_on(self, scope, *rest):
    chart = "PlotlyChart" in scope.get("path", "")
    await (in_memory(self, scope, *rest) if chart else self._app(scope, *rest))
StaticFilesInMemory.__call__ = pass_on
""",
    "server looked for": """
from lib.web import html_head
html_head._SERVER_ADDRESS = ""
""",
    "filters before the page": """
from lib.ui.frame import run
run_page = run._run_page
def after_the_filters(current, bar, controls):
    run._draw_bar(bar, controls)
    run_page(current, bar, run.Controls())
    controls.bar.clear()
    controls.folded.clear()
run._run_page = after_the_filters
""",
}


def run(data: Path, log: Path, runs: int) -> list[dict[str, Any]]:
    """Return a row for each page and way to serve it."""
    times: dict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
    with ExitStack() as stack:
        urls = {}
        for number, (name, patch) in enumerate(WITHOUT.items()):
            folder = log.parent / f"without-{number}"
            folder.mkdir()
            (folder / "sitecustomize.py").write_text(patch, encoding="utf-8")
            environment = {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])}
            server = harness.running_app(data, folder / "log", environment=environment)
            urls[name] = stack.enter_context(server)
        browser = harness.launch(stack.enter_context(sync_playwright()))
        for number in range(runs + 1):
            for path in LOOKED_AT:
                for name, url in urls.items():
                    seen = visit(browser, url + path)
                    if number:  # the first visit fills the server's caches
                        times[path, name].append(seen)
    rows = []
    for path in LOOKED_AT:
        for name in WITHOUT:
            row: dict[str, Any] = {"page": PAGES[path], "served": name}
            for key, label in (("head_ms", "words"), ("drawn_ms", "drawn")):
                taken, whole = (
                    statistics.median(seen[key] for seen in times[path, each])
                    for each in (name, ALL)
                )
                row |= {f"{label} ms": taken, f"{label} ×": taken / whole}
            rows.append(row)
    return rows
