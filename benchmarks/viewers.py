"""Many open pages, without browsers: what they cost while nothing happens, and how a change gets there.

Each viewer is a web socket that has asked for 总览 and reads what it is sent, as a browser does. The
clients run in this process and take processor time of the same machine. A viewer knows of a change
when the title and all answers that it changes have come (the server sends them to all who look at the
same), and is drawn anew when a run of its own has ended.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin, Subprotocol
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.incremental import report
from benchmarks.sessions import server_of
from tests.browser import harness

VIEWERS = 1_000
OPENED_AT_ONCE = 4
IDLE_SECONDS = 30.0
WAIT_SECONDS = 300.0
WORDS = ("heading", "html")
"""What a page's title, answers and lists are sent as."""
NEWCOMERS_EVERY = 0.5


class Viewer:
    """An open page: when it was last drawn by a run of its own, and when it knew of a change."""

    def __init__(self) -> None:
        self.drawn = self.knows = 0.0
        self._drawn_once = asyncio.Event()
        self._running = True

    async def open(self, url: str) -> float:
        """Open the page and return the seconds until it has been sent whole."""
        started = time.perf_counter()
        self.server: ClientConnection = await connect(
            f"ws://{urlsplit(url).netloc}/_stcore/stream",
            origin=Origin(f"http://{urlsplit(url).netloc}"),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            open_timeout=WAIT_SECONDS,
            ping_interval=None,
        )
        message = BackMsg()
        message.rerun_script.query_string = ""
        await self.server.send(message.SerializeToString())
        self._reading = asyncio.create_task(self._read())
        await asyncio.wait_for(self._drawn_once.wait(), WAIT_SECONDS)
        return time.perf_counter() - started

    async def _read(self) -> None:
        async for body in self.server:
            message = ForwardMsg.FromString(bytes(body))
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._running = True
            elif kind == "script_finished":
                self._running, self.drawn = False, time.perf_counter()
                self._drawn_once.set()
            elif not self._running and message.delta.new_element.WhichOneof("type") in WORDS:
                self.knows = time.perf_counter()

    async def close(self) -> None:
        """Leave."""
        self._reading.cancel()
        await self.server.close()


async def _open_all(url: str, number: int) -> list[Viewer]:
    """Open pages, a few at a time."""
    viewers = [Viewer() for _ in range(number)]
    waiting = iter(viewers)

    async def take() -> None:
        for viewer in waiting:
            await viewer.open(url)

    await asyncio.gather(*(take() for _ in range(OPENED_AT_ONCE)))
    return viewers


async def _newcomers(url: str, stop: asyncio.Event) -> list[float]:
    """Open a page again and again until told to stop; return what each took, in seconds."""
    seconds = []
    while not stop.is_set():
        viewer = Viewer()
        seconds.append(await viewer.open(url))
        await viewer.close()
        await asyncio.sleep(NEWCOMERS_EVERY)
    return seconds


async def _measure(url: str, data: Path, number: int) -> dict[str, Any]:
    server = server_of(int(urlsplit(url).port or 0))
    viewers = await _open_all(url, number)
    await asyncio.sleep(2.0)
    used = sum(server.cpu_times()[:2])
    await asyncio.sleep(IDLE_SECONDS)
    idle = (sum(server.cpu_times()[:2]) - used) / IDLE_SECONDS

    async def opened_alone() -> float:
        viewer = Viewer()
        seconds = await viewer.open(url)
        await viewer.close()
        return seconds

    alone = [await opened_alone() for _ in range(5)]
    stop = asyncio.Event()
    await asyncio.to_thread(report, data, "")
    changed, used = time.perf_counter(), sum(server.cpu_times()[:2])
    newcomers = asyncio.create_task(_newcomers(url, stop))
    while time.perf_counter() - changed < WAIT_SECONDS:
        await asyncio.sleep(0.1)
        if all(viewer.drawn > changed for viewer in viewers):
            break
    stop.set()
    used = sum(server.cpu_times()[:2]) - used
    known = sorted(
        (each.knows if each.knows > changed else each.drawn) - changed for each in viewers
    )
    seen = sorted(viewer.drawn - changed for viewer in viewers)
    opened = await newcomers
    memory = server.memory_info().rss / 2**20
    await asyncio.gather(*(viewer.close() for viewer in viewers))
    return {
        "viewers": number,
        "idle_percent_of_a_core": 100 * idle,
        "change_known_to_first_s": known[0],
        "change_known_to_all_s": known[-1],
        "drawn_anew_half_s": statistics.median(seen),
        "drawn_anew_all_s": seen[-1],
        "never_drawn_anew": sum(seconds < 0 for seconds in seen),
        "processor_ms_per_page": 1000 * used / number,
        "new_page_alone_s": statistics.median(alone),
        "new_page_meanwhile_s": statistics.median(opened),
        "slowest_new_page_meanwhile_s": max(opened),
        "server_mb": memory,
    }


def run(data: Path, log: Path, numbers: tuple[int, ...] = (100, VIEWERS)) -> list[dict[str, Any]]:
    """Return a row per number of viewers: idle cost, seconds until a change is seen, new pages."""
    rows = []
    for number in numbers:
        with harness.running_app(data, log) as url:
            rows.append(asyncio.run(_measure(url, data, number)))
    return rows
