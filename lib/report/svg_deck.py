"""The deck as SVG for 汇报模式: one picture per slide that fills any screen without blurring.

Every text has a font size of at least `lib.report.deck.TEXT` on the stage of 1920 × 1080. All
text is escaped: words of data never become markup.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape

from lib.core import wording
from lib.core.status import LOOKS, SEVERITY
from lib.report import measure
from lib.report.deck import against
from lib.report.material import DEMO_MARK, Material
from lib.report.slide_gantt import LEGEND, TimelineFrame
from lib.report.slides import (
    BOTTOM,
    HEIGHT,
    LEFT,
    LINE,
    PAD,
    RIGHT,
    TEXT,
    TOP,
    WIDTH,
    Cover,
    Curve,
    Grid,
    Groups,
    Slide,
    Tiles,
    Timeline,
)

INK, MUTED, GRID, PALE, BLUE, PAPER = (
    "#1B2430",
    "#5B6675",
    "#CBD3DF",
    "#E3E8F0",
    "#1F4E9E",
    "#FFFFFF",
)


FONTS = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
SOURCE_ROOM = 1000
"""What the source may take of the last line: the controls of 汇报模式 stand right of it."""


def svg(material: Material, slide: Slide) -> str:
    """Return a slide as an SVG element."""
    picture = _Picture()
    picture.rect(0, 0, WIDTH, HEIGHT, PAPER)
    content = slide.content
    if isinstance(content, Cover):
        picture.cover(content)
    else:
        size = 44 if len(measure.wrap(slide.heading, 44, RIGHT - LEFT)) <= 2 else 36
        lines = measure.wrap(slide.heading, size, RIGHT - LEFT)
        top = 40 + (130 - len(lines) * size * 1.25) / 2
        picture.lines(LEFT, top, lines, size, bold=True, step=size * 1.25)
        if isinstance(content, Tiles):
            picture.tiles(content)
        elif isinstance(content, Groups):
            picture.groups(content)
        elif isinstance(content, Curve):
            picture.curve(content)
        elif isinstance(content, Timeline):
            picture.timeline(content)
        else:
            picture.grid(content)
    picture.text(LEFT, 1046, measure.fit(material.source, TEXT, SOURCE_ROOM), TEXT, colour=MUTED)
    if material.demo:
        picture.text(RIGHT, 36, DEMO_MARK, TEXT, colour="#C1272D", bold=True, anchor="end")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="{FONTS}">{"".join(picture.parts)}</svg>'
    )


def image(material: Material, slide: Slide) -> str:
    """Return a slide as an HTML image that holds the SVG: nothing in it can act on the page."""
    content = b64encode(svg(material, slide).encode()).decode()
    words = escape(f"{slide.part}：{slide.heading}", quote=True)
    return f'<img class="slide" alt="{words}" src="data:image/svg+xml;base64,{content}">'


class _Picture:
    """An SVG being drawn; ``y`` of a text is the top of its line."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    # -- primitives --------------------------------------------------------------------------

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: str,
        line: str = "none",
        width: float = 2,
    ) -> None:
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(w, 0):.1f}" height="{h:.1f}" '
            f'fill="{fill}" stroke="{line}" stroke-width="{width}"/>'
        )

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1
    ) -> None:
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{width}"/>'
        )

    def text(
        self,
        x: float,
        baseline: float,
        words: str,
        size: float,
        *,
        colour: str = INK,
        bold: bool = False,
        anchor: str = "start",
    ) -> None:
        weight = ' font-weight="700"' if bold else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{baseline:.1f}" font-size="{size:g}" fill="{colour}"{weight} '
            f'text-anchor="{anchor}">{escape(words)}</text>'
        )

    def lines(
        self,
        x: float,
        top: float,
        lines: list[str],
        size: float,
        *,
        step: float = LINE,
        **look: object,
    ) -> None:
        for number, line in enumerate(lines):
            baseline = top + number * step + step / 2 + size * 0.36
            self.text(x, baseline, line, size, **look)  # type: ignore[arg-type]

    def path(self, points: list[tuple[float, float]], colour: str, width: float, dash: str) -> None:
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(
            f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="{width}" '
            f'stroke-dasharray="{dash}"/>'
        )

    def dot(self, x: float, y: float, fill: str, line: str) -> None:
        self.parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{fill}" stroke="{line}" '
            f'stroke-width="3"/>'
        )

    # -- contents ----------------------------------------------------------------------------

    def cover(self, cover: Cover) -> None:
        self.rect(0, 48, WIDTH, 16, BLUE)
        self.lines(WIDTH / 2, 300, cover.wrapped(64), 64, step=90, bold=True, anchor="middle")
        self.lines(WIDTH / 2, 620, list(cover.lines), 36, step=60, colour=MUTED, anchor="middle")

    def tiles(self, content: Tiles) -> None:
        gap, count = 20, len(content.tiles)
        width = (RIGHT - LEFT - gap * (count - 1)) / count
        for number, tile in enumerate(content.tiles):
            x = LEFT + number * (width + gap)
            self.rect(x, TOP, width, content.TILE_HEIGHT, "#F3F5F9")
            self.rect(x, TOP, width, 8, tile.colour)
            self.lines(x + 16, TOP + 30, [tile.label], 28, colour=MUTED)
            self.lines(x + 16, TOP + 90, [tile.value], 64, step=80, bold=True)
            self.lines(x + 16, TOP + 195, [tile.change], 28, colour=MUTED)
        for y, size, lines in content.paragraphs():
            self.rect(LEFT, y + size * 0.48, 14, 14, BLUE)
            self.lines(LEFT + 40, y, lines, size, step=size * 1.34)

    def legend(self, y: float) -> None:
        self.rect(LEFT, y + 6, 34, 20, BLUE)
        self.lines(LEFT + 44, y, ["完成率"], TEXT)
        self.rect(LEFT + 170, y + 6, 34, 20, PAPER, INK)
        self.lines(LEFT + 214, y, ["序时进度"], TEXT)

    def groups(self, content: Groups) -> None:
        rows = content.rows
        self.legend(TOP)
        top, size = TOP + 50, 30 if len(rows) <= 12 else TEXT
        longest = max((measure.width(key, size) for key in rows["key"]), default=0)
        left = LEFT + min(longest, 420) + 20
        room = RIGHT - left - 260
        row = min(96.0, (BOTTOM - top - 36) / max(len(rows), 1))
        bottom = top + row * len(rows)
        for quarter in range(5):
            x = left + room * quarter / 4
            self.rule(x, top, x, bottom, PALE)
            self.lines(x, bottom + 4, [f"{quarter * 25}%"], TEXT, colour=MUTED, anchor="middle")
        for number, group in enumerate(rows.itertuples()):
            y = top + row * number
            tall = row * 0.68
            middle = y + (row - tall) / 2
            self.lines(
                left - 14, y, [measure.fit(str(group.key), size, 420)], size, step=row, anchor="end"
            )
            self.rect(left, middle, room * group.planned_value, tall, PAPER, INK)
            self.rect(left, middle + tall * 0.22, room * group.earned_value, tall * 0.56, BLUE)
            end = left + room * max(group.planned_value, group.earned_value)
            self.lines(end + 12, y, [against(group)], size, step=row)

    def curve(self, content: Curve) -> None:
        left, right, top, bottom = LEFT + 90, RIGHT - 40, TOP + 60, BOTTOM - 50
        self.legend(TOP)
        step = (right - left) / max(len(content.labels) - 1, 1)

        def place(number: int, value: float) -> tuple[float, float]:
            return left + step * number, bottom - (bottom - top) * value

        for quarter in range(5):
            y = place(0, quarter / 4)[1]
            self.rule(left, y, right, y, PALE, 2)
            self.lines(
                left - 16, y - LINE / 2, [f"{quarter * 25}%"], TEXT, colour=MUTED, anchor="end"
            )
        every = max(1, -(-len(content.labels) // 14))
        for number, label in enumerate(content.labels):
            if number % every == 0:
                self.lines(left + step * number, bottom + 12, [label], TEXT, anchor="middle")
        for values, colour, width, dash, fill in (
            (content.planned, INK, 3, "4 8", PAPER),
            (content.earned, BLUE, 6, "none", BLUE),
        ):
            points = [place(number, value) for number, value in enumerate(values)]
            self.path(points, colour, width, dash)
            for x, y in points:
                self.dot(x, y, fill, colour)
        if content.earned:
            last = len(content.earned) - 1
            earned, planned = content.earned[last], content.planned[last]
            ahead = earned >= planned
            for name, value, above, colour in (
                ("完成率", earned, ahead, BLUE),
                ("序时进度", planned, not ahead, INK),
            ):
                x, y = place(last, value)
                early = above if last > 2 else False
                self.lines(
                    x + (-16 if early else 16),
                    y - 56 if above else y + 14,
                    [f"{name} {wording.percent(value)}"],
                    36,
                    step=42,
                    colour=colour,
                    bold=True,
                    anchor="end" if early else "start",
                )

    def timeline(self, content: Timeline) -> None:
        frame = TimelineFrame(content)
        for x, _, label, chosen in frame.months():
            colour = INK if chosen else MUTED
            self.lines(
                x + frame.step / 2, TOP, [label], TEXT, anchor="middle", colour=colour, bold=chosen
            )
            self.rule(x, frame.top, x, frame.bottom, PALE)
        for y, category in frame.categories():
            room = frame.task_x - LEFT - 8
            self.lines(
                LEFT, y, [measure.fit(category, TEXT, room)], TEXT, step=frame.row, colour=MUTED
            )
            self.rule(LEFT, y, RIGHT, y, GRID)
        for row in frame.bars():
            self.lines(frame.task_x, row.y, [row.name], TEXT, step=frame.row)
            thick = min(22.0, frame.row - 8)
            y = row.y + (frame.row - thick) / 2
            colour = f"#{row.colour}"
            self.rect(row.x, y, row.width, thick, PAPER, colour)
            self.rect(row.x, y, row.width * row.done, thick, colour)
            if row.deadline:
                x, middle = row.x + row.width, y + thick / 2
                self.parts.append(
                    f'<path d="M{x - 11:.1f} {middle:.1f}l11 -11l11 11l-11 11z" fill="{INK}"/>'
                )
            self.lines(frame.end_x + 12, row.y, [row.state], TEXT, step=frame.row)
        self.rule(frame.now, frame.top, frame.now, frame.bottom, INK, 3)
        self.lines(LEFT, BOTTOM + 6, [LEGEND], TEXT, colour=MUTED)

    def grid(self, content: Grid) -> None:
        if not content.rows:
            self.lines(LEFT, TOP + 40, [content.empty], 36, step=60, colour=MUTED)
            return
        y = float(TOP)
        for number, row in enumerate((content.headers, *content.rows)):
            height = content.height(row)
            x = float(LEFT)
            for lines, width in zip(content.lines(row), content.widths, strict=True):
                fill, ink = (BLUE, PAPER) if number == 0 else _cell_look(lines[0])
                self.rect(x, y, width, height, fill, GRID, 1)
                top = y + (height - len(lines) * LINE) / 2
                self.lines(x + PAD, top, lines, TEXT, colour=ink, bold=number == 0)
                x += width
            y += height


def _cell_look(text: str) -> tuple[str, str]:
    for status in SEVERITY:
        if text.startswith(f"{LOOKS[status].icon} "):
            return LOOKS[status].colour, LOOKS[status].ink
    return PAPER, INK
