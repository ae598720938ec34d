"""News for open pages: whoever sees a changed plan is run again, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from lib.access import Actor, Role, Visitor
from lib.ui.frame import news as module
from lib.ui.frame.news import AT_ONCE, PATIENCE_SECONDS, Followed, News

LEADER = Actor(Role.LEADER, "王五", account="wang")


@dataclass
class Page:
    key: str
    runs: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    late: bool = False
    """What it is shown comes when it has been run by itself."""
    closed: bool = False
    away: bool = False
    sending: bool = False

    def run(self) -> None:
        self.runs.append(self.key)

    def show(self, words, still) -> None:
        self.shown = lambda: self.words.extend(words.values()) if still() else None
        if not self.late:
            self.shown()


@dataclass
class House:
    """A server: where its plans stand, who its visitors are, and the news of its pages."""

    stamps: dict[str, int] = field(default_factory=lambda: {"": 1, "2019": 1})
    actors: dict[str, Actor] = field(default_factory=dict)
    looks: list[str] = field(default_factory=list)
    now: float = 100.0

    def __post_init__(self) -> None:
        self.news = News(self.stamp, lambda visitors: [self.who(each) for each in visitors])

    def stamp(self, plan: str) -> int:
        self.looks.append(plan)
        return self.stamps[plan]

    def who(self, visitor: Visitor) -> Actor:
        return self.actors.get(visitor.cookie, LEADER)

    def draw(self, page: Page, plan: str = "", sight: str | None = "总览", place: int = 0) -> None:
        visitor = Visitor(cookie=page.key)
        stamp = self.stamps[plan]
        words = {(place,): f"as of {stamp}", (2,): "the same"}
        followed = Followed(page, plan, stamp, visitor, self.who(visitor), sight, words)
        self.news.forget(page)
        self.news.follow(followed, words)


@pytest.fixture
def house(monkeypatch) -> House:
    house = House()
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: house.now))
    return house


def test_those_who_see_the_plan_are_run_again_and_nobody_else(house):
    pages = [Page("a"), Page("b"), Page("other")]
    for page in pages[:2]:
        house.draw(page)
    house.draw(pages[2], plan="2019")
    assert not house.news.behind()
    house.stamps[""] = 2
    assert [each.page.key for each in house.news.behind()] == ["a", "b"]
    for page in pages[:2]:
        house.news.run_some(house.news.behind())
        house.draw(page)  # drawn anew, it shows the plan as it is
    assert not house.news.behind()
    assert [page.runs for page in pages] == [["a"], ["b"], []]


def test_a_thousand_pages_take_one_look(house):
    for number in range(1000):
        house.draw(Page(str(number)))
    assert not house.news.behind()
    assert house.looks == [""]


def test_only_some_pages_run_together(house):
    pages = [Page(str(number)) for number in range(AT_ONCE + 2)]
    for page in pages:
        house.draw(page)
    house.stamps[""] = 2
    left = house.news.run_some(house.news.behind())
    left = house.news.run_some(left)
    assert sum(len(page.runs) for page in pages) == AT_ONCE
    house.news.forget(pages[0])  # it runs: its place is taken until it is drawn
    left = house.news.run_some(left)
    assert sum(len(page.runs) for page in pages) == AT_ONCE
    house.draw(pages[0])
    left = house.news.run_some(left)
    assert sum(len(page.runs) for page in pages) == AT_ONCE + 1
    house.now += PATIENCE_SECONDS * 1.1  # one that was lost is asked again
    house.news.run_some(left)
    assert len(pages[1].runs) == 2


def two_of_which_one_is_drawn_anew(house):
    """Two pages of a plan that has changed, and those of them that are left."""
    pages = [Page("a"), Page("b")]
    for page in pages:
        house.draw(page)
    house.stamps[""] = 2
    left = house.news.run_some(house.news.behind())
    house.draw(pages[0])
    return pages, left


def test_those_who_are_behind_wait_while_somebody_opens_a_page(house):
    pages, left = two_of_which_one_is_drawn_anew(house)
    newcomer = Page("new")
    house.news.forget(newcomer)  # its run has begun
    left = house.news.run_some(left)
    assert [page.runs for page in pages] == [["a"], []]
    house.draw(newcomer)
    house.news.run_some(left)
    assert [page.runs for page in pages] == [["a"], ["b"]]


def test_those_who_are_behind_are_run_however_many_pages_are_opened(house):
    pages, left = two_of_which_one_is_drawn_anew(house)
    house.now += PATIENCE_SECONDS * 1.1
    house.news.forget(Page("new"))
    house.news.run_some(left)
    assert [page.runs for page in pages] == [["a"], ["b"]]


def test_a_viewer_who_is_another_by_now_is_run_again(house):
    page = Page("a")
    house.draw(page)
    house.actors["a"] = replace(LEADER, role=Role.VISITOR)
    assert [each.page for each in house.news.behind()] == [page]


def test_pages_that_are_closed_or_show_no_plan_are_left_alone(house):
    gone, signed_out = Page("a"), Page("b")
    house.draw(gone)
    house.draw(signed_out)
    house.stamps[""] = 2
    gone.closed = True
    house.news.forget(signed_out)
    assert not house.news.behind()
    assert not gone.runs
    assert not signed_out.runs


def test_a_page_whose_browser_is_away_waits_and_holds_nobody_up(house):
    pages = [Page(str(number), away=number < AT_ONCE) for number in range(AT_ONCE + 1)]
    for page in pages:
        house.draw(page)
    house.stamps[""] = 2
    left = house.news.run_some(house.news.behind())
    assert [len(page.runs) for page in pages] == [0] * AT_ONCE + [1]
    pages[0].away = False  # the connection is back
    house.draw(pages[-1])
    house.news.run_some(left)
    assert len(pages[0].runs) == 1


def test_the_words_of_the_first_page_are_shown_to_all_who_look_at_the_same(house):
    pages = [Page(key) for key in "abcdefg"]
    first, same, month, nobody_else, plan, place, out = pages
    for page in (first, same, out):
        house.draw(page)
    house.draw(month, sight="总览 8月")
    house.draw(nobody_else, sight=None)
    house.draw(plan, plan="2019")
    house.draw(place, place=1)  # a banner or a list more
    house.stamps[""] = 2
    house.actors["g"] = Actor(None)  # signed out
    house.draw(first)
    house.news.inform_some()
    assert same.words == ["as of 2"]
    assert not any(page.words for page in pages if page is not same)
    house.news.run_some(house.news.behind())
    assert (out.runs, same.runs) == (["g"], [])
    assert same in [each.page for each in house.news.behind()]  # its own run still comes


def test_the_next_are_informed_when_some_have_been_sent_it(house, monkeypatch):
    monkeypatch.setattr(module, "INFORMED_AT_ONCE", 1)
    pages = [Page(key, sending=True) for key in "abc"]
    for page in pages:
        house.draw(page)
    house.stamps[""] = 2
    house.draw(pages[0])
    for _ in range(2):
        assert house.news.inform_some()
        assert [len(page.words) for page in pages] == [0, 1, 0]
    pages[1].sending = False
    assert house.news.inform_some()
    assert [len(page.words) for page in pages] == [0, 1, 1]
    pages[2].away = True  # nobody takes what is sent: that holds nobody up
    assert not house.news.inform_some()


def test_a_page_without_a_sight_of_others_informs_nobody(house):
    pages = [Page("a"), Page("b")]
    for page in pages:
        house.draw(page, sight=None)
    house.stamps[""] = 2
    house.draw(pages[0], sight=None)
    assert not house.news.inform_some()


def test_older_words_never_cover_newer_ones(house):
    first, other = Page("a"), Page("b", late=True)
    for page in (first, other):
        house.draw(page)
    house.stamps[""] = 2
    house.draw(first)
    house.news.inform_some()
    house.stamps[""] = 3
    house.draw(other)  # by its own viewer's click, before the words have come
    other.shown()
    assert not other.words


def test_those_who_know_of_the_change_are_run_last(house):
    first, same, month = Page("a"), Page("b"), Page("c")
    for page in (first, same):
        house.draw(page)
    house.draw(month, sight="总览 8月")
    house.stamps[""] = 2
    left = house.news.run_some(house.news.behind())
    house.draw(first)
    for page in (month, same):
        left = house.news.run_some(left)
        house.draw(page, sight=None)
    assert [page.runs for page in (first, month, same)] == [["a"], ["c"], ["b"]]
