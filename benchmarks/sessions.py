"""(d) What a session costs the server: memory before and with 20 open sessions, time of a run."""

from __future__ import annotations

import gc
import statistics
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
from websockets.sync.client import ClientConnection

from benchmarks.client import ask, connected
from benchmarks.pages import CHARTS
from tests.browser import harness

SESSIONS = 20
SETTLE_SECONDS = 2.0
MONTHS = [f"2018-{number:02d}" for number in range(1, 10)]


def open_session(url: str) -> ClientConnection:
    """Return an open connection whose first page has been sent whole."""
    server = connected(url)
    ask(server, month=MONTHS[-1])
    return server


def server_of(port: int) -> psutil.Process:
    """Return the process that listens on a port of this machine."""
    for one in psutil.net_connections(kind="tcp"):
        if one.laddr and one.laddr.port == port and one.status == psutil.CONN_LISTEN and one.pid:
            return psutil.Process(one.pid)
    raise LookupError(f"nothing listens on port {port}")


def _measure(url: str, sessions: int) -> dict[str, float]:
    server = server_of(int(urlsplit(url).port or 0))
    warm = [open_session(url) for _ in range(2)]  # caches and imports are not a session's
    for connection in warm:
        connection.close()
    time.sleep(SETTLE_SECONDS)
    before = server.memory_info().rss
    opened, times = [], []
    for _ in range(sessions):
        start = time.perf_counter()
        opened.append(open_session(url))
        times.append(time.perf_counter() - start)
    time.sleep(SETTLE_SECONDS)
    after = server.memory_info().rss
    used = sum(server.cpu_times()[:2])
    asked = [(path, month) for month in MONTHS for path in CHARTS]
    for path, month in asked:
        for connection in opened:
            ask(connection, path, month)
    used = sum(server.cpu_times()[:2]) - used
    turned = server.memory_info().rss
    for connection in opened:
        connection.close()
    return {
        "sessions": sessions,
        "before_mb": before / 2**20,
        "with_mb": after / 2**20,
        "per_session_mb": (after - before) / sessions / 2**20,
        "open_s": statistics.median(times),
        "runs": len(asked) * sessions,
        "after_runs_mb": turned / 2**20,
        "processor_ms_per_run": used * 1000 / (len(asked) * sessions),
    }


def run(data: Path, log: Path, sessions: int = SESSIONS) -> dict[str, float]:
    """Return the server's memory (MB) before and with the sessions, and after they went about.

    They look at every page as of every month; ``processor_ms_per_run`` is what that took.
    """
    gc.collect()
    with harness.running_app(data, log) as url:
        return _measure(url, sessions)
