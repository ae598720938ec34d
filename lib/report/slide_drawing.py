"""How a slide is drawn, whatever it is drawn with: where title, tiles and contents stand."""

from __future__ import annotations

from lib.report import measure
from lib.report.colours import BLUE, INK, MUTED
from lib.report.slide_canvas import SlideCanvas, Type
from lib.report.slide_gantt import draw_gantt
from lib.report.slide_page import LEFT, RIGHT, TOP, WIDTH
from lib.report.slides import Cover, Curve, Gantt, GroupBars, Slide, Tiles

_ROOM = RIGHT - LEFT


def draw(canvas: SlideCanvas, slide: Slide) -> None:
    """Draw title and content of a slide."""
    content = slide.content
    if isinstance(content, Cover):
        _cover(canvas, content)
        return
    size = 44 if len(measure.wrap(slide.heading, 44, _ROOM)) <= 2 else 36
    lines = measure.wrap(slide.heading, size, _ROOM)
    heading = Type(size, bold=True, middle=True)
    canvas.text((LEFT, 40, _ROOM, 130), [lines], heading, "标题")
    if isinstance(content, Tiles):
        _tiles(canvas, content)
    elif isinstance(content, GroupBars):
        canvas.bars(content)
    elif isinstance(content, Curve):
        canvas.curve(content)
    elif isinstance(content, Gantt):
        draw_gantt(canvas, content)
    elif content.rows:
        canvas.table(content)
    else:
        canvas.text((LEFT, TOP + 40, _ROOM, 60), content.empty, Type(36, MUTED))


def _cover(canvas: SlideCanvas, cover: Cover) -> None:
    title = [measure.wrap(part, 64, _ROOM - 120) for part in cover.title]
    high = 90 * sum(len(lines) for lines in title)
    canvas.box((0, 48, WIDTH, 16), BLUE)
    big = Type(64, bold=True, align="centre")
    canvas.text((LEFT, 300, _ROOM, high), title, big, "标题")
    lines = [[line] for line in cover.lines]
    small = Type(36, MUTED, align="centre")
    canvas.text((LEFT, 620, _ROOM, 60 * len(lines)), lines, small)


def _tiles(canvas: SlideCanvas, content: Tiles) -> None:
    gap, count = 20, len(content.tiles)
    width = (_ROOM - gap * (count - 1)) / count
    label, value, change = canvas.TILE_LINES
    for number, tile in enumerate(content.tiles):
        x = LEFT + number * (width + gap)
        canvas.box((x, TOP, width, content.TILE_HEIGHT), "#F3F5F9")
        canvas.box((x, TOP, width, 8), tile.colour)
        for words, line, colour, spare in (
            (tile.label, label, MUTED, 0),
            (tile.value, value, INK, 0),
            (tile.change, change, MUTED, canvas.SPARE),
        ):
            room = width - 2 * canvas.TILE_PAD + spare
            place = (x + canvas.TILE_PAD, TOP + line.top, room, line.height)
            canvas.text(place, words, Type(line.size, colour, bold=line is value))
    for y, size, lines in content.paragraphs():
        canvas.box((LEFT, y + size * 0.48, 14, 14), BLUE)
        canvas.text((LEFT + 40, y, _ROOM - 40, size * 1.34 * len(lines)), [lines], Type(size))
