"""News for open pages: one look per server, and those who see a changed plan are run again.

    every LOOK_SECONDS: the stamp of each plan that is open ── as the page was drawn? ── yes: nothing
                        who the viewers are by now                    └── no: run it, AT_ONCE together
    a page has been run: its words ──> all pages that look at the same; their own runs come later

A page run again follows its plan anew, with the new stamp. They run one after the other, and none while a
page runs that somebody has just opened or clicked: together they would take as long, and that somebody
would wait for all of them. So that nobody waits for a thousand runs to learn of a change, titles, answers
and lists of the first page that is drawn anew are shown on all others that show what it showed before.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Protocol

from lib.access import Actor, ConfigError, Visitor
from lib.store import StoreError
from lib.ui.kit import deployment

if TYPE_CHECKING:
    from lib.ui.kit.streamlit_private import Words

LOOK_SECONDS = 1.0
PAUSE_SECONDS = 0.02
AT_ONCE = 1
INFORMED_AT_ONCE = 25
PATIENCE_SECONDS = 1.0
"""A page that is not drawn after this long no longer keeps others waiting, and however many are opened,
one of those that are behind is run after this long."""


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

    @property
    def sending(self) -> bool:
        """Whether something waits to be sent to its browser."""

    def run(self) -> None:
        """Run the page again, unless it is running."""

    def show(self, words: Words, still: Callable[[], bool]) -> None:
        """Put words in the places of the page's own, if it is ``still`` as it was."""


@dataclass(frozen=True, eq=False)
class Followed:
    """A page as it was drawn: for whom, and at which stamp of its plan.

    ``sight`` is all that its words depend on besides the stamp, ``None`` if nobody else sees the
    same; ``hashes`` are of its words by their places.
    """

    page: OpenPage
    plan: str
    stamp: Hashable
    visitor: Visitor
    actor: Actor
    sight: Hashable = None
    hashes: Mapping[tuple[int, ...], str] = field(default_factory=dict)


class News:
    """The open pages of a server; ``stamp`` says how a plan stands, ``actors`` who visitors are."""

    def __init__(
        self,
        stamp: Callable[[str], Hashable],
        actors: Callable[[Sequence[Visitor]], Iterable[Actor]],
    ) -> None:
        self._stamp, self._actors = stamp, actors
        self._pages: dict[str, Followed] = {}
        self._running: dict[str, Followed] = {}  # as they were before
        self._informed: dict[str, Hashable] = {}  # the stamp of the words that another page gave
        self._to_inform: list[tuple[Followed, Words]] = []
        self._being_informed: list[Followed] = []
        self._drawing: dict[str, float] = {}  # since when pages are run, or were asked to
        self._last_asked = 0.0
        self._lock = threading.Lock()
        self._drawn = threading.Event()  # a page has been: the next one need not wait
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look for news from now on, in a thread of its own."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look_on, name="news", daemon=True)
                self._thread.start()

    def follow(self, followed: Followed, words: Words) -> None:
        """Run a page again when its plan or its viewer is not what it was drawn for any more.

        ``words`` are what it shows now: those who see what it showed before get them as well.
        """
        with self._lock:
            self._pages[followed.page.key] = followed
            self._drawing.pop(followed.page.key, None)
            informed = self._informed.pop(followed.page.key, None)
            before = self._running.pop(followed.page.key, None)
        # One that was informed itself has nothing to say that the others have not been told.
        if before is not None and followed.sight and followed.stamp not in (before.stamp, informed):
            self._inform(before, followed, words)
        self._drawn.set()

    def _inform(self, before: Followed, drawn: Followed, words: Words) -> None:
        """Have all who still see a page as it was ``before`` shown what it says since it was drawn anew.

        Where words have come to stand in other places, such as below a new list, each page waits
        for its own run.
        """
        if drawn.hashes.keys() != before.hashes.keys():
            return
        new = {
            place: words[place] for place in words if drawn.hashes[place] != before.hashes[place]
        }

        def same(other: Followed) -> bool:
            sees = (other.plan, other.stamp, other.sight, other.hashes)
            knows = self._informed.get(other.page.key) == drawn.stamp
            return not knows and sees == (drawn.plan, before.stamp, drawn.sight, before.hashes)

        with self._lock:
            others = [each for each in self._pages.values() if same(each) and not each.page.away]
            self._to_inform += [(other, new) for other in others]
            self._informed |= dict.fromkeys([other.page.key for other in others], drawn.stamp)

    def inform_some(self) -> bool:
        """Show some of the pages what they do not say yet; return whether there were any.

        Whoever has signed out meanwhile, or is another by now, is shown nothing. The next come when
        these have been sent it: Streamlit sends to one page after the other, to the latest opened
        last, and who opens one now would wait for all.
        """
        if any(each.page.sending and not each.page.away for each in self._being_informed):
            return True
        with self._lock:
            some = self._to_inform[:INFORMED_AT_ONCE]
            del self._to_inform[:INFORMED_AT_ONCE]
        self._being_informed = [followed for followed, _ in some]
        actors = self._actors([followed.visitor for followed, _ in some]) if some else ()
        for (followed, words), actor in zip(some, actors, strict=True):
            if actor == followed.actor:
                followed.page.show(words, partial(self._is_still, followed))
            else:
                self._informed.pop(followed.page.key, None)  # its own run comes among the first
        return bool(some)

    def _is_still(self, followed: Followed) -> bool:
        return self._pages.get(followed.page.key) is followed

    def forget(self, page: OpenPage) -> None:
        """Leave a page alone: it is being run, or shows no plan."""
        with self._lock:
            self._drawing.setdefault(page.key, time.monotonic())
            followed = self._pages.pop(page.key, None)
            if followed is not None:
                self._running[page.key] = followed

    def _look_on(self) -> None:
        while True:
            try:
                self._look()
            except (ConfigError, StoreError):  # out of reach: the pages stay as they are
                time.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        behind, started = self.behind(), time.monotonic()
        while time.monotonic() - started < LOOK_SECONDS:
            self._drawn.clear()
            # Runs would hold up the words: they wait until all know.
            if not self.inform_some():
                behind = self.run_some(behind)
            # Pages that are away may stay behind for minutes: nothing is to be done for them now.
            if any(not each.page.away for each in behind):
                self._drawn.wait(PAUSE_SECONDS)
            else:
                time.sleep(LOOK_SECONDS)

    def behind(self) -> list[Followed]:
        """Return the pages that show an older state, or to somebody who is another by now."""
        with self._lock:
            for pages in (self._pages, self._running):
                for followed in [each for each in pages.values() if each.page.closed]:
                    del pages[followed.page.key]
                    self._informed.pop(followed.page.key, None)
            followed_pages = list(self._pages.values())
        plans = {followed.plan for followed in followed_pages}
        stamps = {plan: self._stamp(plan) for plan in plans}
        actors = self._actors([followed.visitor for followed in followed_pages])
        return [
            followed
            for followed, actor in zip(followed_pages, actors, strict=True)
            if followed.stamp != stamps[followed.plan] or followed.actor != actor
        ]

    def run_some(self, behind: list[Followed]) -> list[Followed]:
        """Ask as many pages to run as may run together; return those that are still behind.

        Those who do not know of the change yet come first.
        """
        now = time.monotonic()
        with self._lock:
            self._drawing = {
                key: since for key, since in self._drawing.items() if now - since < PATIENCE_SECONDS
            }
            late = now - self._last_asked > PATIENCE_SECONDS
            room = AT_ONCE if late else AT_ONCE - len(self._drawing)
            if room <= 0:
                return behind
            behind = [each for each in behind if self._pages.get(each.page.key) is each]
            waiting = [
                each for each in behind if each.page.key not in self._drawing and not each.page.away
            ]
            waiting.sort(key=lambda each: each.page.key in self._informed)
            chosen = waiting[:room]
            self._last_asked = now if chosen else self._last_asked
            self._drawing |= {each.page.key: now for each in chosen}
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
