"""Where a page's time goes in the browser: the main thread's own time by kind, from a trace."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.pages import drawn, watched
from tests.browser import harness

CATEGORIES = ["devtools.timeline", "v8", "disabled-by-default-v8.compile", "blink.user_timing"]
KINDS = {
    "V8.PreParse": "scripts: parsing",
    "V8.ParseFunction": "scripts: parsing",
    "V8.ParseProgram": "scripts: parsing",
    "V8.Compile": "scripts: compiling",
    "v8.evaluateModule": "scripts: starting",
    "FunctionCall": "scripts: running",
    "v8.callFunction": "scripts: running",
    "Layout": "layout and painting",
    "UpdateLayoutTree": "layout and painting",
    "Paint": "layout and painting",
    "PrePaint": "layout and painting",
    "Layerize": "layout and painting",
}


def own_times(events: list[dict[str, Any]]) -> Counter[str]:
    """Return ms of the page's main thread by kind; what an event contains is not counted twice."""
    names = {
        (one["pid"], one["tid"]): one["args"]["name"]
        for one in events
        if one.get("name") == "thread_name" and one["ph"] == "M"
    }
    began = [
        one
        for one in events
        if one["name"] == "navigationStart"
        and str(one["args"].get("data", {}).get("documentLoaderURL", "")).startswith("http")
    ][-1]
    main = next(
        key for key, name in names.items() if name == "CrRendererMain" and key[0] == began["pid"]
    )
    spans = [
        one
        for one in events
        if (one["pid"], one["tid"]) == main and one["ph"] == "X" and one["ts"] >= began["ts"]
    ]
    spans.sort(key=lambda one: (one["ts"], -one.get("dur", 0)))
    total: Counter[str] = Counter()
    open_: list[tuple[float, str]] = []
    for one in spans:
        length = one.get("dur", 0)
        while open_ and open_[-1][0] <= one["ts"]:
            open_.pop()
        if open_:
            total[open_[-1][1]] -= length / 1000
        kind = next((to for start, to in KINDS.items() if one["name"].startswith(start)), "other")
        total[kind] += length / 1000
        open_.append((one["ts"] + length, kind))
    return total


def trace(browser: Browser, url: str) -> dict[str, float]:
    """Return a traced visit: ms until title and until drawn, and ms by kind. Tracing slows it."""
    page = watched(browser)
    browser.start_tracing(page=page, categories=CATEGORIES)
    page.goto(url)
    end = drawn(page)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    head = page.evaluate("window.__seen.head")
    page.context.close()
    return {"head_ms": head, "drawn_ms": end, **own_times(events)}


def run(data: Path, log: Path, paths: tuple[str, ...] = ("/", "/units"), runs: int = 3) -> Any:
    """Return a row per page: medians of ``runs`` traced visits."""
    rows = []
    with harness.running_app(data, log) as app, sync_playwright() as playwright:
        browser = harness.launch(playwright)
        for path in paths:
            trace(browser, app + path)  # fills the server's caches
            seen = [trace(browser, app + path) for _ in range(runs)]
            kinds = dict.fromkeys(name for one in seen for name in one)
            rows.append(
                {
                    "page": path,
                    **{
                        name: statistics.median(one.get(name, 0.0) for one in seen)
                        for name in kinds
                    },
                }
            )
        browser.close()
    return rows
