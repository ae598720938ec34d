"""(a) Page times in Chromium against two floors, (b) bytes sent, (c) a change of the month.

``bytes`` is what a page's messages hold, ``content_bytes`` what of it are figures, tables and words,
``wire_bytes`` what the messages take on the wire, where they are compressed.

A page counts as drawn when its script has ended, nothing loads and every chart has its whole
drawing; as settled when its tables stand too and nothing changes any more. The time is the
browser's own, from the start of the navigation. Each run opens every page once,
in a fresh profile, and the floors among them, so that all meet the same machine.
"""

from __future__ import annotations

import socket
import statistics
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import client
from tests.browser import harness
from tests.browser.harness import DESKTOP, PAGES

CHARTS = ("/", "/categories", "/units", "/months", "/gantt", "/task")
FLOORS = Path(__file__).parent / "floors"
EMPTY, ONE_CHART = "empty", "one chart"
QUIET_MS = 500

# Notes when the page was drawn, and when its title and answers first stood on the screen. Looks only
# in frames after a change, and at nothing that would make the browser lay the page out for it.
_WATCH = """
(() => {
  const seen = window.__seen = {drawn: null, settled: null, head: null, charts: null, last: null};
  let changed = true;
  new MutationObserver(() => { changed = true; }).observe(document, {
    subtree: true, childList: true, attributes: true,
    attributeFilter: ['data-test-script-state', 'data-test-connection-state', 'data-stale'],
  });
  const number = (root, what) => root.querySelectorAll(what).length;
  const look = () => {
    requestAnimationFrame(look);
    if (!changed) return;
    changed = false;
    const now = performance.now();
    const app = document.querySelector('[data-testid="stApp"]');
    const main = document.querySelector('[data-testid="stMain"]');
    if (!main) return;
    if (seen.head === null && main.querySelector('h1')?.textContent
        && (window.__answers === undefined
            || number(main, '[class*="st-key-answer-"]') >= window.__answers))
      seen.head = now;
    const charts = [...main.querySelectorAll('[data-testid="stPlotlyChart"]')];
    const ready = app.dataset.testConnectionState === 'CONNECTED'
      && app.dataset.testScriptState === 'notRunning'
      && (main.querySelector('h1')?.textContent || main.querySelector('[data-testid="stElementContainer"]'))
      && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]')
      && charts.every(chart => chart.querySelector('.main-svg'));
    const parts = charts.reduce((sum, chart) => sum + number(chart, '*'), 0);
    const drawing = ready ? `${location.search} ${charts.length} ${parts}` : null;
    if (drawing === null || drawing !== seen.charts) seen.drawn = drawing === null ? null : now;
    seen.charts = drawing;
    // What stands inside a canvas is for screen readers and comes a while after the picture.
    const inside = number(main, 'canvas *');
    const state = ready ? `${location.search} ${number(main, '*') - inside}` : null;
    if (state === null || state !== seen.last) seen.settled = state === null ? null : now;
    seen.last = state;
  };
  requestAnimationFrame(look);
})();
"""
_DRAWN = """(quiet) => window.__seen.settled !== null && window.__seen.drawn !== null
  && performance.now() - window.__seen.settled > quiet ? window.__seen.drawn : false"""


def drawn(page: Page) -> float:
    """Return when the page was drawn, in ms since its navigation began; wait until it is settled."""
    handle = page.wait_for_function(_DRAWN, arg=QUIET_MS, timeout=60_000)
    return float(handle.json_value())


def watched(browser: Browser, answers: int | None = None) -> Page:
    """Return a page in a fresh profile that notes when it is drawn; ``answers`` belong to its head."""
    page = harness.new_context(browser).new_page()
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    if answers is not None:
        page.add_init_script(f"window.__answers = {answers};")
    page.add_init_script(_WATCH)
    return page


def visit(browser: Browser, url: str, answers: int | None = None) -> dict[str, float]:
    """Open a page in a fresh profile: ms until drawn, ms until its title (and answers), bytes."""
    page = watched(browser, answers)
    frames: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda body: frames.append(body))

    page.on("websocket", listen)
    page.goto(url)
    result = {"drawn_ms": drawn(page), "head_ms": page.evaluate("window.__seen.head") or 0.0}
    result |= {"settled_ms": page.evaluate("window.__seen.settled")}
    result |= {"quiet_ms": float(page.evaluate("performance.now()")) - result["drawn_ms"]}
    result |= sizes(frames)
    page.context.close()
    return result


def sizes(frames: list[Any]) -> dict[str, float]:
    """Return bytes received, and how many of them are figures, tables and words."""
    total = content = 0
    for frame in frames:
        body = frame if isinstance(frame, bytes) else frame.encode()
        total += len(body)
        message = ForwardMsg.FromString(body)
        if message.WhichOneof("type") == "delta":
            element = message.delta.new_element
            kind = element.WhichOneof("type")
            content += getattr(element, kind).ByteSize() if kind else 0
    return {"bytes": total, "content_bytes": content}


class _Counted(socket.socket):
    """A connection that counts what it receives."""

    received = 0

    def recv(self, *options: Any) -> bytes:
        body = super().recv(*options)
        self.received += len(body)
        return body


def wire_bytes(app: str, path: str) -> int:
    """Return the bytes that a page takes on its web socket, compressed as for a browser."""
    place = urlsplit(app)
    with socket.create_connection((place.hostname, place.port)) as plain:
        counted = _Counted(fileno=plain.detach())
    with client.connected(app, counted) as server:
        before = counted.received
        client.ask(server, path)
        return counted.received - before


def change_month(browser: Browser, url: str) -> dict[str, float]:
    """Return ms of a cold page and of the change to the month before on the open page."""
    page = watched(browser)
    page.goto(url)
    cold = drawn(page)
    page.get_by_role("combobox", name="截至月份").click()
    option = page.get_by_role("option", name="2018-08", exact=True)
    option.wait_for()
    start = float(page.evaluate("performance.now()"))
    option.click()
    page.wait_for_function("() => location.search.includes('2018-08')")
    end = drawn(page)
    page.context.close()
    return {"cold_ms": cold, "change_ms": end - start}


def run(data: Path, log: Path, runs: int = 7, pages: dict[str, str] = PAGES) -> dict[str, Any]:
    """Return medians over ``runs``: a row per page with ratios to the floors, and the month."""
    taken: dict[str, list[dict[str, float]]] = defaultdict(list)
    months: list[dict[str, float]] = []
    with ExitStack() as stack:
        start = stack.enter_context
        app = start(harness.running_app(data, log))
        floors = {
            EMPTY: start(harness.running_app(data, log, script=FLOORS / "empty.py")),
            ONE_CHART: start(harness.running_app(data, log, script=FLOORS / "one_chart.py")),
        }
        browser = harness.launch(start(sync_playwright()))
        targets = {**floors, **{name: app + path for path, name in pages.items()}}
        for turn in range(runs + 1):
            for name, url in targets.items():
                seen = visit(browser, url, answers=5 if name == "总览" else None)
                if turn:  # the first turn fills the server's caches, as a running server has them
                    taken[name].append(seen)
            if turn:
                months.append(change_month(browser, f"{app}/?month=2018-09"))
        browser.close()
        wire = {name: wire_bytes(url, "") for name, url in floors.items()}
        wire |= {name: wire_bytes(app, path) for path, name in pages.items()}
    median = {
        name: {key: statistics.median(one[key] for one in rows) for key in rows[0]}
        for name, rows in taken.items()
    }
    rows = [
        {
            "page": name,
            **facts,
            "wire_bytes": wire[name],
            "wire_to_content": wire[name] / facts["content_bytes"],
            "to_empty": facts["drawn_ms"] / median[EMPTY]["drawn_ms"],
            "to_one_chart": facts["drawn_ms"] / median[ONE_CHART]["drawn_ms"],
            "head_to_empty": facts["head_ms"] / median[EMPTY]["drawn_ms"],
        }
        for name, facts in median.items()
    ]
    cold = statistics.median(one["cold_ms"] for one in months)
    change = statistics.median(one["change_ms"] for one in months)
    month = {"cold_ms": cold, "change_ms": change, "ratio": change / cold}
    return {"pages": rows, "month_change": month}
