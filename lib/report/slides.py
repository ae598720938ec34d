"""What the slides of a meeting hold, each kind of content with what it needs to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import pandas as pd

from lib.core import wording
from lib.report import measure
from lib.report.slide_page import BOTTOM, LEFT, LINE, PAD, RIGHT, TEXT, TOP


class Part(StrEnum):
    """The slides one can choose, in their usual order; the value is its name for people."""

    COVER = "封面"
    HEADLINE = "总体情况"
    CATEGORIES = "分类进展"
    UNITS = "单位排名"
    CURVE = "进度曲线"
    GANTT = "甘特图"
    INDICATORS = "指标完成"
    ATTENTION = "需要关注"
    DUE = "下月到期"
    CORRECTIONS = "更正"
    EVIDENCE = "佐证材料"


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

    TILE_HEIGHT: ClassVar[int] = 250

    tiles: tuple[Tile, ...]
    sentences: tuple[str, ...]

    def paragraphs(self) -> list[tuple[float, float, list[str]]]:
        """Return top, size and lines of each sentence, in the largest size that fits."""
        top = TOP + self.TILE_HEIGHT + 50
        for size in (36.0, 30.0, float(TEXT)):
            wrapped = [measure.wrap(text, size, RIGHT - LEFT - 60) for text in self.sentences]
            step, gap = size * 1.34, size * 0.9
            placed, y = [], float(top)
            for lines in wrapped:
                placed.append((y, size, lines))
                y += step * len(lines) + gap
            if y - gap <= BOTTOM:
                break
        return placed


@dataclass(frozen=True, eq=False)
class GroupBars:
    """Completion of groups against plan: ``key``, ``earned_value``, ``planned_value``."""

    rows: pd.DataFrame


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
    """Windows of tasks: rows of ``Figures.tasks`` with ``title`` and ``is_deadline``."""

    rows: pd.DataFrame
    axis: range
    month: int


@dataclass(frozen=True)
class Table:
    """A table of texts: ``widths`` of its columns add up to the body's."""

    headers: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""
    """What is said in place of a table without rows."""

    def lines(self, row: Sequence[str]) -> list[list[str]]:
        """Return a row's cells as wrapped lines."""
        return [
            measure.wrap(cell, TEXT, room - 2 * PAD)
            for cell, room in zip(row, self.widths, strict=True)
        ]

    def height(self, row: Sequence[str]) -> int:
        """Return a row's height."""
        return max(len(lines) for lines in self.lines(row)) * LINE + 2 * PAD


Content = Cover | Tiles | GroupBars | Curve | Gantt | Table


@dataclass(frozen=True, eq=False)
class Slide:
    """One slide: ``title`` is its finding; ``page`` of ``pages`` where a part needs several."""

    part: Part
    title: str
    content: Content
    notes: str
    page: int = 1
    pages: int = 1

    @property
    def heading(self) -> str:
        """The title with its page where the part needs several slides."""
        return self.title if self.pages == 1 else f"{self.title}（{self.page}／{self.pages}）"


def against_plan(row: Any) -> str:
    """Return a group's completion against plan as its bar's label: 39.7%／65.0%."""
    return f"{wording.percent(row.earned_value)}／{wording.percent(row.planned_value)}"
