"""(d) What a session costs the server: memory before and with 20 open sessions, time of a run."""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser import harness

SESSIONS = 20
SETTLE_SECONDS = 2.0
PATHS = ("", "categories", "units", "months", "gantt", "task")
MONTHS = [f"2018-{number:02d}" for number in range(1, 10)]


async def ask(socket: Any, month: str, path: str = "") -> None:
    """Ask for a page as of a month, and wait until it has been sent whole."""
    message = BackMsg()
    message.rerun_script.query_string = f"month={month}"
    message.rerun_script.page_name = path
    await socket.send(message.SerializeToString())
    while True:
        seen = ForwardMsg.FromString(await asyncio.wait_for(socket.recv(), timeout=60))
        if seen.WhichOneof("type") == "script_finished":
            return


async def open_session(url: str) -> Any:
    """Return an open connection whose first page has been sent whole."""
    socket = await websockets.connect(
        f"ws://{urlsplit(url).netloc}/_stcore/stream", max_size=None, subprotocols=["streamlit"]
    )
    await ask(socket, MONTHS[-1])
    return socket


def server_of(port: int) -> psutil.Process:
    """Return the process that listens on a port of this machine."""
    for one in psutil.net_connections(kind="tcp"):
        if one.laddr and one.laddr.port == port and one.status == psutil.CONN_LISTEN and one.pid:
            return psutil.Process(one.pid)
    raise LookupError(f"nothing listens on port {port}")


async def _measure(url: str, sessions: int) -> dict[str, float]:
    server = server_of(int(urlsplit(url).port or 0))
    warm = [await open_session(url) for _ in range(2)]  # caches and imports are not a session's
    for socket in warm:
        await socket.close()
    await asyncio.sleep(SETTLE_SECONDS)
    before = server.memory_info().rss
    opened, times = [], []
    for _ in range(sessions):
        start = time.perf_counter()
        opened.append(await open_session(url))
        times.append(time.perf_counter() - start)
    await asyncio.sleep(SETTLE_SECONDS)
    after = server.memory_info().rss
    used = sum(server.cpu_times()[:2])
    asked = [(month, path) for month in MONTHS for path in PATHS]
    for month, path in asked:
        for socket in opened:
            await ask(socket, month, path)
    used = sum(server.cpu_times()[:2]) - used
    turned = server.memory_info().rss
    for socket in opened:
        await socket.close()
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
        return asyncio.run(_measure(url, sessions))
