"""How a slide is drawn, whatever it is drawn with: where title, tiles and contents stand."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from lib.report import measure
from lib.report.colours import BLUE, INK, MUTED, SHADE, WARNING
from lib.report.material import DEMO_MARK, Material
from lib.report.slide_canvas import Box, Photo, SlideCanvas, Text, Title, Type
from lib.report.slide_gantt import EXTENDED, LEGEND, draw_gantt
from lib.report.slide_page import BOTTOM, FINE, FOOT, LEAST, LEFT, LINE, RIGHT, TOP, WIDTH
from lib.report.slides import (
    ROOM,
    Cover,
    Curve,
    Gantt,
    GroupBars,
    Pictures,
    Slide,
    Table,
    Tiles,
)

TITLE_SIZES = (60.0, 52.0, 46.0, 40.0)
TILE_HEIGHT = 290
PICTURE_PIXELS = 1200
"""The longer side of a picture on a slide: sharp on a projector, small enough to send."""


def draw(canvas: SlideCanvas, material: Material, slide: Slide, count: int) -> None:
    """Draw title, content and foot of a slide of a deck of ``count``."""
    content = slide.content
    if isinstance(content, Cover):
        _cover(canvas, content)
    else:
        size = next(
            (size for size in TITLE_SIZES if len(measure.wrap(slide.heading, size, ROOM)) <= 2),
            LEAST,
        )
        lines = measure.wrap(slide.heading, size, ROOM)
        canvas.draw(Title((LEFT, 36, ROOM, 150), [lines], Type(size, bold=True)))
    if isinstance(content, Tiles):
        _tiles(canvas, content)
    elif isinstance(content, GroupBars | Curve | Table):
        canvas.draw(content)
    elif isinstance(content, Gantt):
        draw_gantt(canvas, content)
    elif isinstance(content, Pictures):
        _pictures(canvas, content)
    if isinstance(content, GroupBars | Table) and content.note:
        place = (LEFT, BOTTOM - LEAST * LINE, ROOM, LEAST * LINE)
        canvas.draw(Text(place, content.note, Type(LEAST, MUTED)))
    _foot(canvas, material, slide, count)


def _foot(canvas: SlideCanvas, material: Material, slide: Slide, count: int) -> None:
    """Write what the slide is of and its number; on a Gantt how it is read."""
    size = FINE if slide.appendix else LEAST
    high = size * LINE
    words = material.foot
    if isinstance(slide.content, Gantt):
        extended = any(row.extended is not None for row in slide.content.rows)
        words = "；".join(filter(None, (slide.content.note, LEGEND + EXTENDED * extended)))
    if not isinstance(slide.content, Cover):
        room = ROOM - 150 - 220 * material.demo
        canvas.draw(
            Text((LEFT, FOOT, room, high), measure.fit(words, size, room), Type(size, MUTED))
        )
        place = (RIGHT - 150, FOOT, 150, high)
        canvas.draw(Text(place, f"{slide.number}／{count}", Type(size, MUTED, align="right")))
    if material.demo:
        kind = Type(size, WARNING, bold=True, align="right")
        canvas.draw(Text((RIGHT - 370, FOOT, 220, high), DEMO_MARK, kind, DEMO_MARK))


def _cover(canvas: SlideCanvas, cover: Cover) -> None:
    title = [measure.wrap(part, 76, ROOM - 100) for part in cover.title]
    canvas.draw(Box((0, 60, WIDTH, 16), BLUE))
    high = 76 * LINE * sum(map(len, title))
    top = 400 - high / 2
    canvas.draw(Title((LEFT, top, ROOM, high), title, Type(76, bold=True, align="centre")))
    lines = [measure.wrap(line, 48, ROOM) for line in cover.lines]
    room = 48 * LINE * sum(map(len, lines)) * 1.15
    canvas.draw(Text((LEFT, top + high + 90, ROOM, room), lines, Type(48, MUTED, align="centre")))


def _tiles(canvas: SlideCanvas, content: Tiles) -> None:
    gap, count = 30, len(content.tiles)
    width = (ROOM - gap * (count - 1)) / count
    for number, tile in enumerate(content.tiles):
        x = LEFT + number * (width + gap)
        canvas.draw(Box((x, TOP, width, TILE_HEIGHT), SHADE))
        canvas.draw(Box((x, TOP, width, 10), tile.colour))
        for words, top, size, colour, bold in (
            (tile.label, 26, 44.0, MUTED, False),
            (tile.value, 84, 112.0, INK, True),
            (tile.change, 224, 40.0, MUTED, False),
        ):
            place = (x + 28, TOP + top, width - 56, size * LINE)
            canvas.draw(Text(place, words, Type(size, colour, bold)))
    for y, size, lines in content.paragraphs(TOP + TILE_HEIGHT + 40):
        canvas.draw(Box((LEFT, y + size * 0.52, 16, 16), BLUE))
        canvas.draw(Text((LEFT + 40, y, ROOM - 40, size * LINE * len(lines)), [lines], Type(size)))


def _pictures(canvas: SlideCanvas, content: Pictures) -> None:
    """Draw the pictures side by side, in two rows from the third on, each with its caption."""
    columns = 1 if len(content.items) == 1 else 2
    rows = -(-len(content.items) // columns)
    gap, under = 40, 2 * FINE * LINE + 10
    width, height = (ROOM - gap * (columns - 1)) / columns, (BOTTOM - TOP) / rows
    for number, item in enumerate(content.items):
        x, y = LEFT + number % columns * (width + gap), TOP + number // columns * height
        room = height - under - 10
        try:
            picture = ImageOps.exif_transpose(Image.open(io.BytesIO(item.load()))).convert("RGB")
        except (OSError, ValueError, Image.DecompressionBombError):
            canvas.draw(Box((x, y, width, room), SHADE))
            kind = Type(FINE, WARNING, align="centre")
            canvas.draw(Text((x, y, width, room), "图片打不开，请在佐证材料中查看原件", kind))
        else:
            picture.thumbnail((PICTURE_PIXELS, PICTURE_PIXELS))
            out = io.BytesIO()
            picture.save(out, "JPEG", quality=85)
            scale = min(width / picture.width, room / picture.height)
            wide, high = picture.width * scale, picture.height * scale
            canvas.draw(
                Photo((x + (width - wide) / 2, y, wide, high), out.getvalue(), item.caption)
            )
        lines = measure.wrap(item.caption, FINE, width)[:2]
        place = (x, y + room, width, FINE * LINE * len(lines))
        canvas.draw(Text(place, [lines], Type(FINE, MUTED, align="centre")))
