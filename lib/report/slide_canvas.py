"""What a slide is drawn with: the primitives that PowerPoint and SVG both have.

`lib.report.slide_drawing` says where things stand on a slide and calls these:

    Slide ── slide_drawing.draw ──┬── text, box, rule, picture ──┬── PptxSlide
                                  └── bars, curve, table ────────┴── SvgSlide
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from lib.report.colours import INK
from lib.report.slide_page import BODY
from lib.report.slides import Align, Curve, GroupBars, Table

Place = tuple[float, float, float, float]
"""Left, top, width and height, in units of the slide."""
Point = tuple[float, float]
Words = str | Sequence[Sequence[str]]
"""One line of text, or paragraphs of lines that are already wrapped."""


@dataclass(frozen=True)
class Type:
    """How text is set: its size, colour (#RRGGBB) and alignment; ``top``: not in the middle."""

    size: float = BODY
    colour: str = INK
    bold: bool = False
    align: Align = "left"
    top: bool = False


class SlideCanvas(ABC):
    """One slide being drawn; ``name`` is what PowerPoint's list of objects calls an object."""

    @abstractmethod
    def title(self, place: Place, words: Words, kind: Type) -> None:
        """Write the slide's title."""

    @abstractmethod
    def text(self, place: Place, words: Words, kind: Type, name: str = "") -> None:
        """Write text."""

    @abstractmethod
    def box(self, place: Place, fill: str, line: str | None = None, name: str = "") -> None:
        """Draw a rectangle, with an outline if ``line`` gives its colour."""

    @abstractmethod
    def rule(
        self,
        start: Point,
        end: Point,
        colour: str,
        width: float = 1,
        name: str = "",
        *,
        dotted: bool = False,
    ) -> None:
        """Draw a straight line."""

    @abstractmethod
    def picture(self, place: Place, content: bytes, name: str) -> None:
        """Draw a JPEG or PNG that has the place's proportions."""

    @abstractmethod
    def bars(self, content: GroupBars) -> None:
        """Draw completion against plan as bars that fill the body."""

    @abstractmethod
    def curve(self, content: Curve) -> None:
        """Draw the S-curve so that it fills the body."""

    @abstractmethod
    def table(self, content: Table) -> None:
        """Draw a table."""
