"""What the slides of a meeting hold, each kind of content with what it needs to be drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

import pandas as pd

from lib.core import wording
from lib.core.gantt import GanttRow
from lib.core.status import Status, look
from lib.report import measure
from lib.report.colours import BLUE
from lib.report.slide_page import BODY, BOTTOM, FINE, LARGE, LEAST, LEFT, LINE, PAD, RIGHT, TOP

Align = Literal["left", "centre", "right"]
_ALIGNS: dict[str, Align] = {"l": "left", "c": "centre", "r": "right"}
ROOM = RIGHT - LEFT
NARROW = 320
"""Columns under this hold words that are not broken."""


class Part(StrEnum):
    """The slides one can choose, in their usual order; the value is its name for people.

    Saved arrangements hold the names in capitals: a name is never used for another part.
    """

    COVER = "封面"
    HEADLINE = "总体情况"
    CATEGORIES = "分类进展"
    UNITS = "单位进展"
    LATE = "逾期和滞后"
    REQUESTS = "请两地协调"
    DECISIONS = "上次议定事项"
    NEXT = "未来三个月"
    CHANGES = "本月变化"
    ASKED = "提请决定"
    GANTT = "甘特图"
    INDICATORS = "指标完成"
    CURVE = "进度曲线"
    EVIDENCE = "佐证材料"
    CORRECTIONS = "更正"


DEFAULT_PARTS = tuple(Part)
APPENDIX = (Part.GANTT, Part.INDICATORS, Part.CURVE, Part.EVIDENCE, Part.CORRECTIONS)
"""The parts that stand behind the others, marked 附."""


@dataclass(frozen=True)
class Cover:
    """The first slide: ``title`` by lines of sense, and what stands under it."""

    lines: tuple[str, ...]
    title: tuple[str, ...]


@dataclass(frozen=True)
class Tile:
    """One number: ``value`` large, ``label`` above and ``change`` below; ``colour`` of its bar."""

    label: str
    value: str
    change: str
    colour: str


@dataclass(frozen=True)
class Tiles:
    """Numbers side by side, sentences beneath."""

    tiles: tuple[Tile, ...]
    sentences: tuple[str, ...]

    def paragraphs(self, top: float) -> list[tuple[float, float, list[str]]]:
        """Return top, size and lines of each sentence, in the largest type that fits.

        A last sentence that even the least type has no room for is left to its own slide.
        """
        for size in (LARGE, BODY, 40.0, LEAST):
            y, placed = top, []
            for text in self.sentences:
                lines = measure.wrap(text, size, ROOM - 40)
                placed.append((y, size, lines))
                y += size * (LINE * len(lines) + 0.45)
            if y - size * 0.45 <= BOTTOM:
                spare = (BOTTOM - y) / max(len(placed), 1)
                step = min(max(spare, 0), 30)
                return [(y + n * step, size, lines) for n, (y, size, lines) in enumerate(placed)]
        return [
            (y, size, lines) for y, size, lines in placed if y + size * LINE * len(lines) <= BOTTOM
        ]


@dataclass(frozen=True, eq=False)
class GroupBars:
    """Completion of groups against plan: rows of `lib.core.answers.worst_first`.

    They have their ``place`` as well, and ``before``, that of the month before (0: none).
    ``note`` says what is not drawn, empty if nothing.
    """

    rows: pd.DataFrame
    note: str = ""


@dataclass(frozen=True, eq=False)
class Curve:
    """The S-curve: ``labels`` of all months, planned for all, earned for those that have passed."""

    labels: tuple[str, ...]
    planned: tuple[float, ...]
    earned: tuple[float, ...]

    def at_month(self) -> list[tuple[str, float, bool]]:
        """Return name, value and whether it is the upper one for earned and planned value.

        They are those of the last month that has passed; none if no month has.
        """
        if not self.earned:
            return []
        earned, planned = self.earned[-1], self.planned[len(self.earned) - 1]
        return [("完成率", earned, earned >= planned), ("序时进度", planned, earned < planned)]


@dataclass(frozen=True, eq=False)
class Gantt:
    """Tasks on the months ``first`` … ``last`` (ordinals); ``axis`` is where positions begin.

    ``month`` is the one looked at, ``year`` the plan's. ``fine``: in the type of the appendix, with
    categories, else in the hall's.
    """

    rows: tuple[GanttRow, ...]
    axis: int
    first: int
    last: int
    month: int
    year: int
    fine: bool
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table of texts that fills the body: ``widths`` of its columns add up to the body's.

    ``aligns`` has a letter for each column: l, c or r, nothing for all left. ``note`` stands beneath
    and says what the table leaves to the appendix.
    """

    headers: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    aligns: str = ""
    size: float = BODY
    note: str = ""

    @property
    def room(self) -> float:
        """The height that header and rows may take."""
        return BOTTOM - TOP - (LEAST * LINE + PAD if self.note else 0)

    @property
    def pad(self) -> float:
        """The air around a cell's text."""
        return PAD if self.size > FINE else PAD / 2

    def align(self, column: int) -> Align:
        """Return how a column's texts are set."""
        return _ALIGNS[self.aligns[column]] if self.aligns else "left"

    def lines(self, row: Sequence[str]) -> list[list[str]]:
        """Return a row's cells as wrapped lines."""
        return [
            measure.wrap(cell, self.size, width - 2 * self.pad - 2)
            for cell, width in zip(row, self.widths, strict=True)
        ]

    def height(self, row: Sequence[str]) -> float:
        """Return the height a row's texts need."""
        return max(len(lines) for lines in self.lines(row)) * self.size * LINE + 2 * self.pad

    def holds_words(self) -> bool:
        """Whether headers and the cells of narrow columns (states, shares, dates) stay on a line."""
        return all(
            len(lines) <= 1 + text.count("\n")
            for row in (self.headers, *self.rows)
            for text, width, lines in zip(row, self.widths, self.lines(row), strict=True)
            if row is self.headers or width < NARROW
        )

    def heights(self) -> list[float]:
        """Return the heights of header and rows; few rows share the body's height."""
        header, *rows = [self.height(row) for row in (self.headers, *self.rows)]
        spare = self.room - header - sum(rows)
        most = self.size * max(3.2, 10 / len(rows))
        return [header, *(height + max(0.0, min(spare / len(rows), most)) for height in rows)]


@dataclass(frozen=True)
class Picture:
    """A picture of the evidence: ``load`` gives its file's bytes."""

    caption: str
    load: Callable[[], bytes]


@dataclass(frozen=True)
class Pictures:
    """Up to four pictures of the evidence with what they show."""

    items: tuple[Picture, ...]


Content = Cover | Tiles | GroupBars | Curve | Gantt | Table | Pictures


@dataclass(frozen=True, eq=False)
class Slide:
    """One slide: ``title`` is its finding; ``page`` of ``pages`` where a part needs several.

    ``appendix``: it stands behind the others, and is ``marked`` 附 where it is one of a meeting's.
    ``number`` is its place in the deck, from 1.
    """

    part: Part
    title: str
    content: Content
    notes: str
    page: int = 1
    pages: int = 1
    appendix: bool = False
    number: int = 1
    marked: bool = True

    @property
    def heading(self) -> str:
        """The title, marked 附 in the appendix, with its page where the part needs several."""
        pages = "" if self.pages == 1 else f"（{self.page}／{self.pages}）"
        return f"{'附　' * (self.appendix and self.marked)}{self.title}{pages}"


def against_plan(row: Any) -> str:
    """Return a group's completion with its gap to the plan, as its bar's label: 39.7%，低25.3.

    Where its place has changed, that of the month before stands after it.
    """
    gap = round((row.earned_value - row.planned_value) * 100, 1)
    words = "持平" if gap == 0 else f"{'高' if gap > 0 else '低'}{abs(gap):.1f}"
    moved = f"，上月第{row.before}" if row.before not in (0, row.place) else ""
    return f"{wording.percent(row.earned_value)}，{words}{moved}"


def bar_name(row: Any) -> str:
    """Return a group's name after its place: 1　区经发局."""
    return f"{row.place}　{row.key}"


def bar_colour(row: Any) -> str:
    """Return the colour of a group's bar: that of the worst state in it, blue if none is late."""
    for status, count in ((Status.OVERDUE, row.overdue), (Status.BEHIND, row.behind)):
        if count:
            return look(status).colour
    return BLUE


def fitted(table: Table, most: int) -> tuple[list[Table], list[tuple[str, ...]]]:
    """Return a table on at most ``most`` slides in the largest type that fits, and the rows left.

    Rows are spread evenly, so that no slide is left half empty beside a full one.
    """
    for size in (LARGE, BODY):
        whole = replace(table, size=size)
        if size > BODY and not whole.holds_words():
            continue
        if sum(map(whole.height, (table.headers, *table.rows))) <= whole.room:
            return [whole], []
    table = replace(table, size=BODY)
    pages = cut(table)
    if len(pages) <= most:
        return _even(table, len(pages)), []
    noted = replace(table, note="x")
    fitting = cut(noted)[:most]
    placed = sum(len(page.rows) for page in fitting)
    note = f"另有{len(table.rows) - placed}项，见附"
    shown = [replace(page, note=note if page is fitting[-1] else "") for page in fitting]
    return shown, list(table.rows)


def cut(table: Table) -> list[Table]:
    """Return a table cut into slides where the body is full."""
    room = table.room - table.height(table.headers)
    pages: list[list[tuple[str, ...]]] = [[]]
    used = 0.0
    for row in table.rows:
        needed = table.height(row)
        if pages[-1] and used + needed > room:
            pages.append([])
            used = 0.0
        pages[-1].append(row)
        used += needed
    return [replace(table, rows=tuple(page)) for page in pages]


def _even(table: Table, count: int) -> list[Table]:
    """Return a table on ``count`` slides of nearly equal height, if that is enough for it."""
    heights = [table.height(row) for row in table.rows]
    share, pages, used = sum(heights) / count, [[]], 0.0  # type: ignore[var-annotated]
    for row, height in zip(table.rows, heights, strict=True):
        if pages[-1] and used + height / 2 > share * len(pages) and len(pages) < count:
            pages.append([])
        pages[-1].append(row)
        used += height
    even = [replace(table, rows=tuple(page)) for page in pages]
    room = table.room - table.height(table.headers)
    fits = all(sum(map(page.height, page.rows)) <= room for page in even)
    return even if fits else cut(table)


def appended(table: Table, widths: tuple[int, ...] = ()) -> list[Table]:
    """Return a table in the appendix' type, on as many slides as it needs, evenly.

    ``widths``: those of its columns there, where small type needs others.
    """
    table = replace(table, size=FINE, note="", widths=widths or table.widths)
    return _even(table, len(cut(table)))
