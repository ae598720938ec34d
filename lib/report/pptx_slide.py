"""What a slide of a .pptx is drawn with: text, shapes, charts and tables on the deck's stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LEGEND_POSITION
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu

from lib.core.status import LOOKS, SEVERITY
from lib.report.slides import BOTTOM, LEFT, PAD, RIGHT, TEXT, TOP, WIDTH, Grid

FONT = "微软雅黑"
INK, MUTED, GRID, BLUE, PAPER = "1B2430", "5B6675", "CBD3DF", "1F4E9E", "FFFFFF"
UNIT = 12192000 // WIDTH
"""One point of the stage in EMU: 1920 of them are 13.333 inches, so 24 are 12 pt."""


class Stage:
    """One slide being drawn; positions and sizes are points of the stage."""

    def __init__(self, page: Any) -> None:
        self.page, self.shapes = page, page.shapes

    def text(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        words: str | list[str],
        size: float,
        *,
        colour: str = INK,
        bold: bool = False,
        align: str = "left",
        middle: bool = False,
        one_line: bool = False,
    ) -> Any:
        """Add a text box; ``one_line`` gives a line that was measured to fit room to spare."""
        # Fonts differ: a line that wrapped would be lost.
        box = self.shapes.add_textbox(*place(x, y, w + 60 * one_line, h))
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE if middle else MSO_ANCHOR.TOP
        lines = [words] if isinstance(words, str) else words
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.alignment = _ALIGN[align]
            run = paragraph.add_run()
            run.text = line
            set_font(run.font, size, colour, bold)
        return box

    def box(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: str | None,
        line: str | None = None,
        shape: Any = MSO_SHAPE.RECTANGLE,
    ) -> Any:
        """Add a shape; ``None`` leaves it without fill or without line."""
        drawn = self.shapes.add_shape(shape, *place(x, y, w, h))
        drawn._element.remove(drawn._element.find(qn("p:style")))  # the theme's shadow and line
        if fill is None:
            drawn.fill.background()
        else:
            drawn.fill.solid()
            drawn.fill.fore_color.rgb = RGBColor.from_string(fill)
        if line is None:
            drawn.line.fill.background()
        else:
            drawn.line.color.rgb = RGBColor.from_string(line)
            drawn.line.width = Emu(2 * UNIT)
        return drawn

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1
    ) -> Any:
        """Add a straight line."""
        ends = (Emu(round(value * UNIT)) for value in (x1, y1, x2, y2))
        line = self.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *ends)
        line.line.color.rgb = RGBColor.from_string(colour)
        line.line.width = Emu(round(width * UNIT))
        return line

    def chart(self, kind: Any, data: CategoryChartData) -> Any:
        """Add a native chart that fills the body, with its legend on top."""
        frame = self.shapes.add_chart(
            kind, *place(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP + 30), data
        )
        chart = frame.chart
        chart.has_title = False
        chart.has_legend = True
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        set_font(chart.legend.font, TEXT)
        set_font(chart.font, TEXT)
        return chart

    def axes(self, chart: Any) -> None:
        """Give a chart of shares its axes."""
        value, category = chart.value_axis, chart.category_axis
        value.minimum_scale, value.major_unit = 0, 0.25
        value.tick_labels.number_format, value.tick_labels.number_format_is_linked = "0%", False
        value.major_gridlines.format.line.color.rgb = RGBColor.from_string("E3E8F0")
        value.format.line.fill.background()
        category.format.line.color.rgb = RGBColor.from_string(GRID)
        set_font(value.tick_labels.font, TEXT, MUTED)
        set_font(category.tick_labels.font, TEXT)

    def table(self, content: Grid) -> None:
        """Add a native table with the heights its texts need."""
        lines: list[Sequence[str]] = [content.headers, *content.rows]
        heights = [content.height(row) for row in lines]
        frame = self.shapes.add_table(
            len(lines), len(content.headers), *place(LEFT, TOP, RIGHT - LEFT, sum(heights))
        )
        table = frame.table
        _plain_table(frame)
        for column, width in zip(table.columns, content.widths, strict=True):
            column.width = Emu(width * UNIT)
        for number, texts in enumerate(lines):
            table.rows[number].height = Emu(heights[number] * UNIT)
            for cell, text in zip(table.rows[number].cells, texts, strict=True):
                _cell(cell, text, header=number == 0)


_ALIGN = {"left": PP_ALIGN.LEFT, "centre": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}


def place(x: float, y: float, w: float, h: float) -> tuple[Emu, Emu, Emu, Emu]:
    """Return a place on the stage as a shape takes it."""
    left, top, width, height = (Emu(round(value * UNIT)) for value in (x, y, w, h))
    return left, top, width, height


def set_font(font: Any, size: float, colour: str = INK, bold: bool = False) -> None:
    """Set size, colour and the font, also for East Asian text: PowerPoint keeps them apart."""
    font.size, font.bold, font.name = Emu(round(size * UNIT)), bold, FONT
    font.color.rgb = RGBColor.from_string(colour)
    properties = font._rPr
    for tag in ("a:ea", "a:cs"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        element = properties.makeelement(qn(tag), {"typeface": FONT})
        properties.find(qn("a:latin")).addnext(element)
    # The schema wants latin, ea, cs: cs was put in last, directly after latin.
    latin, ea = properties.find(qn("a:latin")), properties.find(qn("a:ea"))
    latin.addnext(ea)


def _plain_table(frame: Any) -> None:
    """Use the table style without fills: status and header colours are our own."""
    style = frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId"))
    style.text = "{5940675A-B579-460E-94D1-54222C63F5DA}"  # No Style, Table Grid
    frame.table.horz_banding = False


def _cell(cell: Any, text: str, *, header: bool) -> None:
    cell.margin_left = cell.margin_right = Emu(PAD * UNIT)
    cell.margin_top = cell.margin_bottom = Emu((PAD - 3) * UNIT)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame = cell.text_frame
    frame.word_wrap = True
    run = frame.paragraphs[0].add_run()
    run.text = text
    status = next((one for one in SEVERITY if text.startswith(f"{LOOKS[one].icon} ")), None)
    colour = INK
    cell.fill.background()
    if header:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(BLUE)
        colour = PAPER
    elif status is not None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(LOOKS[status].colour.lstrip("#"))
        colour = LOOKS[status].ink.lstrip("#")
    set_font(run.font, TEXT, colour, header)
