"""What a slide is drawn with: the primitives that PowerPoint and SVG both have.

`lib.report.slide_drawing` says where things stand on a slide and calls these:

    Slide ── slide_drawing.draw ──┬── text, row_text, box, rule, diamond ──┬── PptxSlide
                                  └── bars, curve, table ──────────────────┴── SvgSlide
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from lib.report.colours import INK
from lib.report.slide_page import TEXT
from lib.report.slides import Curve, GroupBars, Table

Place = tuple[float, float, float, float]
"""Left, top, width and height, in points of the slide."""
Point = tuple[float, float]
Words = str | Sequence[Sequence[str]]
"""One line of text, or paragraphs of lines that are already wrapped."""


@dataclass(frozen=True)
class Type:
    """How text is set: its size, colour (#RRGGBB) and alignment.

    Lines fill the height of their place evenly; ``middle`` sets them closer, in its middle.
    """

    size: float = TEXT
    colour: str = INK
    bold: bool = False
    align: Literal["left", "centre", "right"] = "left"
    middle: bool = False


BODY = Type()


class TileLine(NamedTuple):
    """Where a line of a tile begins below the tile's top, its height and its type size."""

    top: int
    height: int
    size: int


class SlideCanvas(ABC):
    """One slide being drawn; ``name`` is what PowerPoint's list of objects calls an object."""

    SPARE: ClassVar[int]
    """Width to add for a line that was measured to fit."""
    TILE_PAD: ClassVar[int]
    TILE_LINES: ClassVar[tuple[TileLine, TileLine, TileLine]]
    """Label, value and change."""
    LEGEND_TOP: ClassVar[int]
    """Where the line under a Gantt begins."""

    @abstractmethod
    def text(self, place: Place, words: Words, kind: Type = BODY, name: str = "") -> None:
        """Write text."""

    @abstractmethod
    def row_text(self, place: Place, line: str, colour: str = INK) -> None:
        """Write a line that was measured to fit, in a row of its place's height."""

    @abstractmethod
    def box(self, place: Place, fill: str, line: str | None = None, name: str = "") -> None:
        """Draw a rectangle, with an outline if ``line`` gives its colour."""

    @abstractmethod
    def rule(self, start: Point, end: Point, colour: str, width: float = 1, name: str = "") -> None:
        """Draw a straight line."""

    @abstractmethod
    def diamond(self, middle: Point, radius: float, name: str) -> None:
        """Draw a filled ◆."""

    @abstractmethod
    def bars(self, content: GroupBars) -> None:
        """Draw completion against plan as bars that fill the body."""

    @abstractmethod
    def curve(self, content: Curve) -> None:
        """Draw the S-curve so that it fills the body."""

    @abstractmethod
    def table(self, content: Table) -> None:
        """Draw a table that has rows."""
