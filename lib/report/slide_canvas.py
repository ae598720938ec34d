"""What a slide is drawn with: the primitives that PowerPoint and SVG both have.

`lib.report.slide_drawing` says where things stand on a slide and calls these:

    Slide ── slide_drawing.draw ──┬── Title, Text, Box, Rule, Photo ──┬── PptxSlide
                                  └── GroupBars, Curve, Table ────────┴── SvgSlide
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


@dataclass(frozen=True)
class Title:
    """The slide's title."""

    place: Place
    words: Words
    kind: Type


@dataclass(frozen=True)
class Text:
    """Text; ``name`` is what PowerPoint's list of objects calls it, as with the other shapes."""

    place: Place
    words: Words
    kind: Type
    name: str = ""


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    place: Place
    fill: str
    name: str = ""


@dataclass(frozen=True)
class Rule:
    """A straight line."""

    start: Point
    end: Point
    colour: str
    width: float = 1
    name: str = ""
    dotted: bool = False


@dataclass(frozen=True)
class Photo:
    """A JPEG or PNG that has the place's proportions; a screen reader says its name."""

    place: Place
    content: bytes
    name: str


Shape = Title | Text | Box | Rule | Photo | GroupBars | Curve | Table
"""What can be drawn; bars and the curve fill the body, a table takes what its rows need."""


class SlideCanvas(ABC):
    """One slide being drawn."""

    @abstractmethod
    def draw(self, shape: Shape) -> None:
        """Draw a shape on top of those before."""
