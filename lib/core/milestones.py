"""Milestones: what of a task is due at which point, as the document's columns of quarters or ①②③ say.

Source: 季度目标, 进度安排, 形象进度 of official task lists. plan.csv keeps them in one cell, a line
each: the words of the time, a colon, what is to be reached.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lib.core.windows import Window, WindowError, WindowKind, parse_window, times_in

_QUARTER_COLUMN = re.compile(
    r"(.*?(?:季度|半年|月份?(?:[底末]前?|前)?))(?:累计)?(?:目标|任务|计划|安排|进度|要求|工作)*$"
)
_ITEM = re.compile(r"[①-⑳]|(?:^|\n)[^\S\n]*(?:\d{1,2}[.．、]|[（(]\d{1,2}[)）])")
_CLAUSE = re.compile(r"[；;\n]")


@dataclass(frozen=True)
class Milestone:
    """``text`` is what is to be reached, ``when`` the document's words for the time."""

    when: str
    text: str

    def __str__(self) -> str:
        return f"{self.when}：{self.text}" if self.when else self.text

    def period(self, year: int) -> str:
        """Return the time as 2018-Q1 or 2018-03, empty if the words name none."""
        try:
            window = parse_window(self.when, year)
        except WindowError:
            return ""
        if window.kind is WindowKind.QUARTER and window.months == 3:
            return f"{window.end.year}-Q{window.end.quarter}"
        return "" if window.kind is WindowKind.RECURRING else str(window.end)

    def due(self, year: int) -> int | None:
        """Return the month (ordinal) at whose end it is due, ``None`` if no time is named."""
        if not self.period(year):
            return None
        return int(parse_window(self.when, year).end.ordinal)


def due_months(
    steps: Iterable[Milestone], window: Window | None, year: int, end: int
) -> tuple[int, ...]:
    """Return the months (ordinals) at whose end an equal part of a task is due, in order.

    They are those of its milestones, and its last month if that is later; of recurring work each
    time it is due (每季度: March, June, September, December). Empty for a task that is due evenly.
    """
    months = sorted(min(month, end) for step in steps if (month := step.due(year)) is not None)
    if months:
        return (*months, *([end] if months[-1] < end else []))
    if window is None or window.every <= 1:
        return ()
    first = int(window.start.ordinal) + window.every - 1
    times = tuple(range(first, end + 1, window.every))
    return times if times and times[-1] == end else (*times, end)


def of_column(header: str, cell: str) -> Milestone:
    """Return what stands under a header such as 第一季度目标."""
    plain = re.sub(r"\s+", "", header)
    match = _QUARTER_COLUMN.match(plain)
    return Milestone(match[1] if match else plain, re.sub(r"\s+", "", cell))


def of_text(text: str) -> list[Milestone]:
    """Return the steps of a cell: ①…②…, numbered lines, or clauses that each name a time.

    A text of one step, or without a time, has none.
    """
    parts = [part.strip(" \n；;") for part in _ITEM.split(text)]
    if len([part for part in parts if part]) < 2:
        parts = [part.strip() for part in _CLAUSE.split(text)]
    parts = [part for part in parts if part]
    steps = [Milestone(times[-1] if (times := times_in(part)) else "", part) for part in parts]
    return steps if len(steps) > 1 and any(step.when for step in steps) else []


def to_text(milestones: Iterable[Milestone]) -> str:
    """Return milestones as plan.csv keeps them."""
    return "\n".join(map(str, milestones))


def from_text(text: str) -> tuple[Milestone, ...]:
    """Return the milestones that a cell of plan.csv holds."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    parts = (line.partition("：") for line in lines)
    return tuple(
        Milestone(when, words) if colon else Milestone("", when) for when, colon, words in parts
    )
