"""The slide deck as SVG for full-screen mode: one picture per slide that fills any screen sharply.

All text is escaped: words of data never become markup.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import singledispatchmethod
from html import escape
from itertools import accumulate, chain

from lib.core import wording
from lib.report import measure
from lib.report.colours import BLUE, GRID, INK, MUTED, PALE, PAPER, status_look
from lib.report.material import Material
from lib.report.slide_canvas import (
    Box,
    Photo,
    Place,
    Rule,
    Shape,
    SlideCanvas,
    Text,
    Title,
    Type,
    Words,
)
from lib.report.slide_drawing import draw
from lib.report.slide_page import (
    BOTTOM,
    HEIGHT,
    LEAST,
    LEFT,
    LINE,
    PAD,
    RIGHT,
    TOP,
    WIDTH,
)
from lib.report.slides import Curve, GroupBars, Slide, Table, against_plan, bar_colour, bar_name

FONTS = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
_CONTROL = re.compile(r"[\x00-\x1f\ufffe\uffff]")
"""No XML, and so no picture, can hold these."""
NAME_ROOM = 460
"""The most that the names of groups take beside their bars."""


def svg(material: Material, slide: Slide, count: int) -> str:
    """Return a slide of a deck of ``count`` as an SVG element."""
    canvas = SvgSlide()
    canvas.draw(Box((0, 0, WIDTH, HEIGHT), PAPER))
    draw(canvas, material, slide, count)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="{FONTS}">{"".join(canvas.elements)}</svg>'
    )


def address(material: Material, slide: Slide, count: int) -> str:
    """Return a slide as the address of an image that holds it: nothing in it can act on a page."""
    content = b64encode(svg(material, slide, count).encode()).decode()
    return f"data:image/svg+xml;base64,{content}"


class SvgSlide(SlideCanvas):
    """One slide as elements of an SVG; ``name`` of an object is left out."""

    def __init__(self) -> None:
        self.elements: list[str] = []

    @singledispatchmethod
    def draw(self, shape: Shape) -> None:
        """Draw a shape on top of those before."""
        raise NotImplementedError(shape)

    @draw.register
    def _(self, title: Title) -> None:
        self._write(title.place, title.words, title.kind)

    @draw.register
    def _(self, text: Text) -> None:
        self._write(text.place, text.words, text.kind)

    @draw.register
    def _(self, box: Box) -> None:
        self._box(box.place, box.fill)

    @draw.register
    def _(self, rule: Rule) -> None:
        (x1, y1), (x2, y2) = rule.start, rule.end
        dash = ' stroke-dasharray="4 4"' if rule.dotted else ""
        self.elements.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{rule.colour}" stroke-width="{rule.width}"{dash}/>'
        )

    @draw.register
    def _(self, image: Photo) -> None:
        x, y, w, h = image.place
        data = b64encode(image.content).decode()
        self.elements.append(
            f'<image x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" '
            f'href="data:image/jpeg;base64,{data}"/>'
        )

    def _write(self, place: Place, words: Words, kind: Type) -> None:
        """Write lines, in the middle of their place unless they begin at its top."""
        x, y, w, h = place
        lines = [words] if isinstance(words, str) else list(chain.from_iterable(words))
        step = kind.size * LINE
        top = y if kind.top else y + (h - step * len(lines)) / 2
        anchor_x = x + w * {"left": 0, "centre": 0.5, "right": 1}[kind.align]
        weight = ' font-weight="700"' if kind.bold else ""
        anchor = {"left": "start", "centre": "middle", "right": "end"}[kind.align]
        for number, line in enumerate(lines):
            shown = escape(_CONTROL.sub("", line))
            baseline = top + (number + 0.5) * step + kind.size * 0.36
            self.elements.append(
                f'<text x="{anchor_x:.1f}" y="{baseline:.1f}" font-size="{kind.size:g}" '
                f'fill="{kind.colour}"{weight} text-anchor="{anchor}">{shown}</text>'
            )

    def _box(self, place: Place, fill: str, line: str = "none", width: float = 3) -> None:
        """Draw a rectangle; ``width`` is its outline's."""
        x, y, w, h = place
        self.elements.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(w, 0):.1f}" height="{h:.1f}" '
            f'fill="{fill}" stroke="{line}" stroke-width="{width}"/>'
        )

    # -- charts ------------------------------------------------------------------------------

    def _legend(self) -> None:
        kind = Type(LEAST)
        for x, name, fill, line in (
            (LEFT, "完成率", BLUE, "none"),
            (LEFT + 220, "序时进度", PAPER, INK),
        ):
            self._box((x, TOP + 12, 44, 24), fill, line)
            self._write((x + 58, TOP, 0, LEAST * LINE), name, kind)

    @draw.register
    def _(self, content: GroupBars) -> None:
        """Draw completion as solid bars inside the hollow ones of the planned value."""
        rows = content.rows
        self._legend()
        top, size = TOP + LEAST * LINE + 14, 40.0
        end = BOTTOM - LEAST * LINE - (LEAST * LINE + PAD if content.note else 0)
        longest = max((measure.width(bar_name(row), size) for row in rows.itertuples()), default=0)
        left = LEFT + min(longest, NAME_ROOM) + 24
        labels = [measure.width(against_plan(row), size) for row in rows.itertuples()]
        room = RIGHT - left - 20 - max(labels, default=0)
        step = min(300.0, (end - top) / max(len(rows), 1))
        bottom = top + step * len(rows)
        for quarter in range(5):
            x = left + room * quarter / 4
            self.draw(Rule((x, top), (x, bottom), PALE, 2))
            kind = Type(LEAST, MUTED, align="centre")
            self._write((x, bottom + 2, 0, LEAST * LINE), f"{quarter * 25}%", kind)
        for number, row in enumerate(rows.itertuples()):
            y = top + step * number
            tall = min(step * 0.66, 96.0)
            middle = y + (step - tall) / 2
            name = measure.fit(bar_name(row), size, NAME_ROOM)
            self._write((left - 16, y, 0, step), name, Type(size, align="right"))
            self._box((left, middle, room * row.planned_value, tall), PAPER, INK)
            inner = (left, middle + tall * 0.2, room * row.earned_value, tall * 0.6)
            self._box(inner, bar_colour(row))
            reach = left + room * max(row.planned_value, row.earned_value)
            self._write((reach + 14, y, 0, step), against_plan(row), Type(size))

    @draw.register
    def _(self, content: Curve) -> None:
        """Draw the planned value dotted with hollow markers, the earned value solid."""
        left, right, top, bottom = LEFT + 110, RIGHT - 40, TOP + 80, BOTTOM - 60
        self._legend()
        step = (right - left) / max(len(content.labels) - 1, 1)

        def place(number: int, value: float) -> tuple[float, float]:
            return left + step * number, bottom - (bottom - top) * value

        high = LEAST * LINE
        for quarter in range(5):
            y = place(0, quarter / 4)[1]
            self.draw(Rule((left, y), (right, y), PALE, 2))
            share = (left - 16, y - high / 2, 0, high)
            self._write(share, f"{quarter * 25}%", Type(LEAST, MUTED, align="right"))
        widest = max(measure.width(label, LEAST) for label in content.labels)
        every = max(1, -(-int(widest + 10) // int(max(step, 1))))
        for number, label in enumerate(content.labels):
            if number % every == 0:
                centred = Type(LEAST, align="centre")
                self._write((left + step * number, bottom + 8, 0, high), label, centred)
        for values, colour, width, dash, fill in (
            (content.planned, INK, 3, "4 8", PAPER),
            (content.earned, BLUE, 6, "none", BLUE),
        ):
            points = [place(number, value) for number, value in enumerate(values)]
            joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            self.elements.append(
                f'<polyline points="{joined}" fill="none" stroke="{colour}" '
                f'stroke-width="{width}" stroke-dasharray="{dash}"/>'
            )
            self.elements += [
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{fill}" stroke="{colour}" '
                f'stroke-width="3"/>'
                for x, y in points
            ]
        last = len(content.earned) - 1
        for colour, (name, value, upper) in zip((BLUE, INK), content.at_month(), strict=False):
            x, y = place(last, value)
            before = last > 2 if upper else x > right - 320  # where there is room
            point = (x + (-16 if before else 16), y - 64 if upper else y + 14, 0, 52)
            kind = Type(40, colour, bold=True, align="right" if before else "left")
            self._write(point, f"{name} {wording.percent(value)}", kind)

    # -- tables ------------------------------------------------------------------------------

    @draw.register
    def _(self, content: Table) -> None:
        """Draw a table cell by cell."""
        lefts = list(accumulate(content.widths, initial=LEFT))
        y = float(TOP)
        rows = (content.headers, *content.rows)
        for number, (row, height) in enumerate(zip(rows, content.heights(), strict=True)):
            header = number == 0
            for place, (text, lines) in enumerate(zip(row, content.lines(row), strict=True)):
                look = status_look(text)
                fill, ink = (look.colour, look.ink) if look else (PAPER, INK)
                if header:
                    fill, ink = BLUE, PAPER
                x, width = lefts[place], content.widths[place]
                self._box((x, y, width, height), fill, GRID, width=1)
                kind = Type(content.size, ink, header, content.align(place))
                pad = content.pad
                self._write((x + pad, y, width - 2 * pad, height), [lines], kind)
            y += height
