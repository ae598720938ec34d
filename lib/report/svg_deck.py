"""The slide deck as SVG for full-screen mode: one picture per slide that fills any screen sharply.

Every text has a font size of at least `lib.report.slide_page.TEXT` on the slide of 1920 × 1080. All
text is escaped: words of data never become markup.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from itertools import chain

from lib.core import wording
from lib.report import measure
from lib.report.colours import BLUE, GRID, INK, MUTED, PALE, PAPER, WARNING, status_look
from lib.report.material import DEMO_MARK, Material
from lib.report.slide_canvas import BODY, Place, Point, SlideCanvas, TileLine, Type, Words
from lib.report.slide_drawing import draw
from lib.report.slide_page import BOTTOM, HEIGHT, LEFT, LINE, PAD, RIGHT, TEXT, TOP, WIDTH
from lib.report.slides import Curve, GroupBars, Slide, Table, against_plan

FONTS = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
SOURCE_ROOM = 1000
"""What the source may take of the last line: the controls of full-screen mode stand right of it."""


def svg(material: Material, slide: Slide) -> str:
    """Return a slide as an SVG element."""
    canvas = SvgSlide()
    canvas.box((0, 0, WIDTH, HEIGHT), PAPER)
    draw(canvas, slide)
    source = measure.fit(material.source, TEXT, SOURCE_ROOM)
    canvas.line(LEFT, 1046, source, Type(colour=MUTED))
    if material.demo:
        canvas.line(RIGHT, 36, DEMO_MARK, Type(colour=WARNING, bold=True, align="right"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="{FONTS}">{"".join(canvas.elements)}</svg>'
    )


def image(material: Material, slide: Slide) -> str:
    """Return a slide as an HTML image that holds the SVG: nothing in it can act on the page."""
    content = b64encode(svg(material, slide).encode()).decode()
    words = escape(f"{slide.part}：{slide.heading}", quote=True)
    return f'<img class="slide" alt="{words}" src="data:image/svg+xml;base64,{content}">'


class SvgSlide(SlideCanvas):
    """One slide as elements of an SVG; ``name`` of an object is left out."""

    SPARE = 0
    TILE_PAD = 16
    TILE_LINES = (TileLine(30, LINE, 28), TileLine(90, 80, 64), TileLine(195, LINE, 28))
    LEGEND_TOP = BOTTOM + 6

    def __init__(self) -> None:
        self.elements: list[str] = []

    def text(self, place: Place, words: Words, kind: Type = BODY, name: str = "") -> None:
        """Write lines, each in the middle of its share of the height."""
        x, y, w, h = place
        lines = [words] if isinstance(words, str) else list(chain.from_iterable(words))
        step = kind.size * 1.25 if kind.middle else h / max(len(lines), 1)
        top = y + (h - step * len(lines)) / 2
        anchor_x = x + w * {"left": 0, "centre": 0.5, "right": 1}[kind.align]
        for number, line in enumerate(lines):
            baseline = top + number * step + step / 2 + kind.size * 0.36
            self.line(anchor_x, baseline, line, kind)

    def line(self, x: float, baseline: float, line: str, kind: Type) -> None:
        """Write a line from, around or up to a point, as it is aligned."""
        weight = ' font-weight="700"' if kind.bold else ""
        anchor = {"left": "start", "centre": "middle", "right": "end"}[kind.align]
        self.elements.append(
            f'<text x="{x:.1f}" y="{baseline:.1f}" font-size="{kind.size:g}" '
            f'fill="{kind.colour}"{weight} text-anchor="{anchor}">{escape(line)}</text>'
        )

    def row_text(self, place: Place, line: str, colour: str = INK) -> None:
        """Write a line in the middle of its row."""
        self.text(place, line, Type(colour=colour))

    def box(
        self, place: Place, fill: str, line: str | None = None, name: str = "", width: float = 2
    ) -> None:
        """Draw a rectangle; ``width`` is its outline's, which none needs in the fill's colour."""
        x, y, w, h = place
        stroke = "none" if line in (None, fill) else line
        self.elements.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(w, 0):.1f}" height="{h:.1f}" '
            f'fill="{fill}" stroke="{stroke}" stroke-width="{width}"/>'
        )

    def rule(self, start: Point, end: Point, colour: str, width: float = 1, name: str = "") -> None:
        """Draw a straight line."""
        (x1, y1), (x2, y2) = start, end
        self.elements.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{width}"/>'
        )

    def diamond(self, middle: Point, radius: float, name: str) -> None:
        """Draw a ◆."""
        (x, y), r = middle, f"{radius:g}"
        self.elements.append(
            f'<path d="M{x - radius:.1f} {y:.1f}l{r} -{r}l{r} {r}l-{r} {r}z" fill="{INK}"/>'
        )

    # -- charts ------------------------------------------------------------------------------

    def _legend(self) -> None:
        for x, name, fill, line in (
            (LEFT, "完成率", BLUE, None),
            (LEFT + 170, "序时进度", PAPER, INK),
        ):
            self.box((x, TOP + 6, 34, 20), fill, line)
            self.text((x + 44, TOP, 0, LINE), name)

    def bars(self, content: GroupBars) -> None:
        """Draw completion as solid bars inside the hollow ones of the planned value."""
        rows = content.rows
        self._legend()
        top, size = TOP + 50, 30 if len(rows) <= 12 else TEXT
        longest = max((measure.width(key, size) for key in rows["key"]), default=0)
        left = LEFT + min(longest, 420) + 20
        room = RIGHT - left - 260
        step = min(96.0, (BOTTOM - top - 36) / max(len(rows), 1))
        bottom = top + step * len(rows)
        for quarter in range(5):
            x = left + room * quarter / 4
            self.rule((x, top), (x, bottom), PALE)
            self.text(
                (x, bottom + 4, 0, LINE), f"{quarter * 25}%", Type(colour=MUTED, align="centre")
            )
        for number, row in enumerate(rows.itertuples()):
            y = top + step * number
            tall = step * 0.68
            middle = y + (step - tall) / 2
            name = measure.fit(str(row.key), size, 420)
            self.text((left - 14, y, 0, step), name, Type(size, align="right"))
            self.box((left, middle, room * row.planned_value, tall), PAPER, INK)
            inner = (left, middle + tall * 0.22, room * row.earned_value, tall * 0.56)
            self.box(inner, BLUE)
            end = left + room * max(row.planned_value, row.earned_value)
            self.text((end + 12, y, 0, step), against_plan(row), Type(size))

    def curve(self, content: Curve) -> None:
        """Draw the planned value dotted with hollow markers, the earned value solid."""
        left, right, top, bottom = LEFT + 90, RIGHT - 40, TOP + 60, BOTTOM - 50
        self._legend()
        step = (right - left) / max(len(content.labels) - 1, 1)

        def place(number: int, value: float) -> tuple[float, float]:
            return left + step * number, bottom - (bottom - top) * value

        for quarter in range(5):
            y = place(0, quarter / 4)[1]
            self.rule((left, y), (right, y), PALE, 2)
            share = (left - 16, y - LINE / 2, 0, LINE)
            self.text(share, f"{quarter * 25}%", Type(colour=MUTED, align="right"))
        every = max(1, -(-len(content.labels) // 14))
        for number, label in enumerate(content.labels):
            if number % every == 0:
                self.text((left + step * number, bottom + 12, 0, LINE), label, Type(align="centre"))
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
            before = upper and last > 2  # left of the point, where there is room
            point = (x + (-16 if before else 16), y - 56 if upper else y + 14, 0, 42)
            kind = Type(36, colour, bold=True, align="right" if before else "left")
            self.text(point, f"{name} {wording.percent(value)}", kind)

    # -- tables ------------------------------------------------------------------------------

    def table(self, content: Table) -> None:
        """Draw a table cell by cell."""
        y = float(TOP)
        for number, row in enumerate((content.headers, *content.rows)):
            header, height, x = number == 0, content.height(row), float(LEFT)
            for lines, width in zip(content.lines(row), content.widths, strict=True):
                look = status_look(lines[0])
                fill, ink = (look.colour, look.ink) if look else (PAPER, INK)
                if header:
                    fill, ink = BLUE, PAPER
                self.box((x, y, width, height), fill, GRID, width=1)
                high = len(lines) * LINE
                top = y + (height - high) / 2
                self.text((x + PAD, top, width, high), [lines], Type(colour=ink, bold=header))
                x += width
            y += height
