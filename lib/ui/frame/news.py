"""News for open pages: one look per server, and those who see a changed plan are run again.

    every LOOK_SECONDS: the stamp of each plan that is open ── as the page was drawn? ── yes: nothing
                        who the viewers are by now                    └── no: run it, AT_ONCE together

A page run again follows its plan anew, with the new stamp. They run one after the other: together they
would take as long, and somebody who opens a page meanwhile would wait for all of them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from lib.access import Actor, ConfigError, Visitor
from lib.store import StoreError
from lib.ui.kit import deployment

LOOK_SECONDS = 1.0
PAUSE_SECONDS = 0.02
AT_ONCE = 1
PATIENCE_SECONDS = 1.0
"""A page that was asked and is not drawn after this long no longer keeps others waiting."""


class OpenPage(Protocol):
    """A page in a browser; see `lib.ui.kit.streamlit_private.OpenPage`."""

    @property
    def key(self) -> str:
        """What tells one page from another."""

    @property
    def closed(self) -> bool:
        """Whether nobody can come back to the page any more."""

    @property
    def away(self) -> bool:
        """Whether its browser is not there, and may come back."""

    def run(self) -> None:
        """Run the page again, unless it is running."""


@dataclass(frozen=True, eq=False)
class Followed:
    """A page as it was drawn: for whom, and at which stamp of its plan."""

    page: OpenPage
    plan: str
    stamp: Hashable
    visitor: Visitor
    actor: Actor


class News:
    """The open pages of a server; ``stamp`` says how a plan stands, ``actors`` who visitors are."""

    def __init__(
        self,
        stamp: Callable[[str], Hashable],
        actors: Callable[[Sequence[Visitor]], Iterable[Actor]],
    ) -> None:
        self._stamp, self._actors = stamp, actors
        self._pages: dict[str, Followed] = {}
        self._asked: dict[str, float] = {}  # when each page that is not drawn yet was asked to run
        self._lock = threading.Lock()
        self._drawn = threading.Event()  # a page has been: the next one need not wait
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look for news from now on, in a thread of its own."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look_on, name="news", daemon=True)
                self._thread.start()

    def follow(self, followed: Followed) -> None:
        """Run a page again when its plan or its viewer is not what it was drawn for any more."""
        with self._lock:
            self._pages[followed.page.key] = followed
            self._asked.pop(followed.page.key, None)
        self._drawn.set()

    def forget(self, page: OpenPage) -> None:
        """Leave a page alone: it is being run, or shows no plan."""
        with self._lock:
            self._pages.pop(page.key, None)

    def _look_on(self) -> None:
        while True:
            try:
                behind = self.behind()
            except (ConfigError, StoreError):  # out of reach: the pages stay as they are
                behind = []
            started = time.monotonic()
            while time.monotonic() - started < LOOK_SECONDS:
                self._drawn.clear()
                behind = self.run_some(behind)
                # Pages that are away may stay behind for minutes: nothing is to be done for them now.
                if any(not each.page.away for each in behind):
                    self._drawn.wait(PAUSE_SECONDS)
                else:
                    time.sleep(LOOK_SECONDS)

    def behind(self) -> list[Followed]:
        """Return the pages that show an older state, or to somebody who is another by now."""
        with self._lock:
            for followed in list(self._pages.values()):
                if followed.page.closed:
                    del self._pages[followed.page.key]
            pages = list(self._pages.values())
        stamps = {plan: self._stamp(plan) for plan in {followed.plan for followed in pages}}
        actors = self._actors([followed.visitor for followed in pages])
        return [
            followed
            for followed, actor in zip(pages, actors, strict=True)
            if followed.stamp != stamps[followed.plan] or followed.actor != actor
        ]

    def run_some(self, behind: list[Followed]) -> list[Followed]:
        """Ask as many pages to run as may run together; return those that are still behind."""
        now = time.monotonic()
        with self._lock:
            self._asked = {
                key: asked for key, asked in self._asked.items() if now - asked < PATIENCE_SECONDS
            }
            behind = [each for each in behind if self._pages.get(each.page.key) is each]
            waiting = [
                each for each in behind if each.page.key not in self._asked and not each.page.away
            ]
            chosen = waiting[: max(AT_ONCE - len(self._asked), 0)]
            self._asked |= {each.page.key: now for each in chosen}
        for each in chosen:
            each.page.run()
        return behind


@cache
def news() -> News:
    """Return the news of this server."""
    return News(
        lambda plan: deployment.unguarded_store(plan).stamp(),
        lambda visitors: deployment.access().actors(visitors),
    )
