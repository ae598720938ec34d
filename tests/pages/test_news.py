"""News for open pages: whoever sees a changed plan is run again, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from lib.access import Actor, Role, Visitor
from lib.ui.frame import news as module
from lib.ui.frame.news import AT_ONCE, Followed, News

LEADER = Actor(Role.LEADER, "王五", account="wang")


@dataclass
class Page:
    key: str
    runs: list[str] = field(default_factory=list)
    closed: bool = False
    away: bool = False

    def run(self) -> None:
        self.runs.append(self.key)


@dataclass
class House:
    """A server: where its plans stand, who its visitors are, and the news of its pages."""

    stamps: dict[str, int] = field(default_factory=lambda: {"": 1, "2019": 1})
    actors: dict[str, Actor] = field(default_factory=dict)
    looks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.news = News(self.stamp, lambda visitors: [self.who(each) for each in visitors])

    def stamp(self, plan: str) -> int:
        self.looks.append(plan)
        return self.stamps[plan]

    def who(self, visitor: Visitor) -> Actor:
        return self.actors.get(visitor.cookie, LEADER)

    def draw(self, page: Page, plan: str = "") -> None:
        visitor = Visitor(cookie=page.key)
        stamp = self.stamps[plan]
        self.news.follow(Followed(page, plan, stamp, visitor, self.who(visitor)))


@pytest.fixture
def house() -> House:
    return House()


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


def test_only_some_pages_run_together(house, monkeypatch):
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
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.0)  # one that was lost is asked again
    house.news.run_some(left)
    assert len(pages[1].runs) == 2


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
