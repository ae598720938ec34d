"""总览 beside the same figures in Dash, Panel and a naive Streamlit page.

The pages are opened in turn, each time in a fresh profile of one browser, after a first round that
warms every server. *words*: the verdict stands on the screen. *charts*: every chart has its drawing.
Bytes are what the network carried, web sockets included. Memory is the server's after all visits.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from benchmarks.sessions import server_of
from tests.browser import harness
from tests.browser.harness import ROOT

OURS = "总览"
HERE = Path(__file__).parent
START_SECONDS = 60.0

# Looks into shadow roots too: Panel draws in them.
_WATCH = """
(() => {
  const seen = window.__peer = {words: null, charts: null};
  const roots = (root) => [root, ...[...root.querySelectorAll('*')]
    .filter((element) => element.shadowRoot).flatMap((element) => roots(element.shadowRoot))];
  const drawn = (root) => [...root.querySelectorAll('h1')].some(
    (title) => title.textContent.includes(window.__verdict) && title.getBoundingClientRect().height);
  const charts = (root) => [...root.querySelectorAll(window.__chart)]
    .filter((chart) => chart.getBoundingClientRect().height && chart.complete !== false).length;
  const look = () => {
    if (document.body) {
      const all = roots(document);
      const now = performance.now();
      if (seen.words === null && all.some(drawn)) seen.words = now;
      const number = all.reduce((sum, root) => sum + charts(root), 0);
      if (seen.charts === null && number >= window.__number) seen.charts = now;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
_CHARTS = {OURS: ("img.curve", 1)}
_OTHERS = (".js-plotly-plot .main-svg .trace", 2)


@contextmanager
def _serving(script: str, data: Path, log: Path) -> Iterator[str]:
    """Run a peer's script as its server; give its address when it answers."""
    port = harness.free_port()
    command = [sys.executable, "-m", f"benchmarks.peers.{script}", str(port)]
    with log.open("wb") as output:
        variables = {**os.environ, "PLAN_DATA_DIR": str(data)}
        server = subprocess.Popen(
            command, cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            deadline = time.monotonic() + START_SECONDS
            while not _answers(port):
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{script} did not start: {log.read_text()[-2000:]}")
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _visit(browser: Browser, name: str, url: str, verdict: str) -> dict[str, float]:
    """Open a page in a fresh profile: ms until words and charts, kilobytes."""
    page = harness.new_context(browser).new_page()
    page.set_viewport_size({"width": harness.DESKTOP[0], "height": harness.DESKTOP[1]})
    chart, number = _CHARTS.get(name, _OTHERS)
    page.add_init_script(
        f"window.__verdict = {verdict!r}; window.__chart = {chart!r}; window.__number = {number};"
    )
    page.add_init_script(_WATCH)
    received = 0.0

    def count(event: dict[str, Any]) -> None:
        nonlocal received
        received += (
            event.get("encodedDataLength", 0)
            or event.get("response", {}).get("payloadData", "").__len__()
        )

    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", count)
    network.on("Network.webSocketFrameReceived", count)
    page.goto(url)
    page.wait_for_function("() => window.__peer.words && window.__peer.charts", timeout=60_000)
    seen: dict[str, float] = page.evaluate("window.__peer")
    page.wait_for_timeout(500)
    page.context.close()
    return {"words_ms": seen["words"], "charts_ms": seen["charts"], "KB": received / 1024}


def run(data: Path, log: Path, runs: int = 8) -> list[dict[str, Any]]:
    """Return a row per library: medians over ``runs``, memory, and ratios to 总览."""
    os.environ["PLAN_DATA_DIR"] = str(data)
    from benchmarks.peers.screen import Screen

    verdict = Screen().verdict
    taken: dict[str, list[dict[str, float]]] = defaultdict(list)
    with ExitStack() as stack:
        start = stack.enter_context
        script = HERE / "streamlit_page.py"
        path = {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
        urls = {
            OURS: start(harness.running_app(data, log)),
            "naive Streamlit": start(
                harness.running_app(data, log, script=script, environment=path)
            ),
            "Dash": start(_serving("dash_page", data, log)),
            "Panel": start(_serving("panel_page", data, log)),
        }
        browser = harness.launch(start(sync_playwright()))
        for turn in range(runs + 1):
            for name, url in urls.items():
                seen = _visit(browser, name, url, verdict)
                if turn:
                    taken[name].append(seen)
        browser.close()
        memory = {
            name: server_of(int(urlsplit(url).port or 0)).memory_info().rss / 2**20
            for name, url in urls.items()
        }
    medians = {
        name: {key: statistics.median(row[key] for row in rows) for key in rows[0]}
        | {"server_MB": memory[name]}
        for name, rows in taken.items()
    }
    ours = medians[OURS]
    return [
        {"page": name, **facts, **{f"{key} ×": facts[key] / ours[key] for key in ours}}
        for name, facts in medians.items()
    ]
