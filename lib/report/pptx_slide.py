"""A slide of a .pptx being drawn: PowerPoint's own text boxes, shapes, charts and tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu

from lib.core import wording
from lib.report.colours import BLUE, GRID, INK, MUTED, PALE, PAPER, status_look
from lib.report.slide_canvas import BODY, Place, Point, SlideCanvas, TileLine, Type, Words
from lib.report.slide_page import BOTTOM, LEFT, LINE, PAD, RIGHT, TEXT, TOP, WIDTH
from lib.report.slides import Curve, GroupBars, Table, against_plan

FONT = "微软雅黑"
UNIT = 12192000 // WIDTH
"""One point of the slide in EMU: 1920 of them are 13.333 inches, so 24 are 12 pt."""
_ALIGN = {"left": PP_ALIGN.LEFT, "centre": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}


class PptxSlide(SlideCanvas):
    """One slide of a .pptx; ``page`` is python-pptx's slide."""

    SPARE = 60  # fonts differ: a line that wrapped would be lost
    TILE_PAD = 14
    TILE_LINES = (TileLine(26, 60, TEXT), TileLine(105, 80, 56), TileLine(195, 40, TEXT))
    LEGEND_TOP = BOTTOM + 8

    def __init__(self, page: Any) -> None:
        self.shapes = page.shapes

    def text(self, place: Place, words: Words, kind: Type = BODY, name: str = "") -> None:
        """Add a text box; it wraps each paragraph itself, so that the office can edit it."""
        box = self.shapes.add_textbox(*_emu(place))
        frame = box.text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE if kind.middle else MSO_ANCHOR.TOP
        paragraphs = [words] if isinstance(words, str) else ["".join(lines) for lines in words]
        for number, text in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.alignment = _ALIGN[kind.align]
            run = paragraph.add_run()
            run.text = text
            set_font(run.font, kind.size, kind.colour, kind.bold)
        box.name = name or box.name

    def row_text(self, place: Place, line: str, colour: str = INK) -> None:
        """Add a text box of one line's height with width to spare."""
        x, y, w, _ = place
        self.text((x, y, w + self.SPARE, LINE), line, Type(colour=colour))

    def box(self, place: Place, fill: str, line: str | None = None, name: str = "") -> None:
        """Add a rectangle."""
        self._shape(MSO_SHAPE.RECTANGLE, place, fill, line, name)

    def diamond(self, middle: Point, radius: float, name: str) -> None:
        """Add a ◆."""
        (x, y), size = middle, 2 * radius
        self._shape(MSO_SHAPE.DIAMOND, (x - radius, y - radius, size, size), INK, None, name)

    def _shape(self, kind: Any, place: Place, fill: str, line: str | None, name: str) -> None:
        shape = self.shapes.add_shape(kind, *_emu(place))
        shape._element.remove(shape._element.find(qn("p:style")))  # the theme's shadow and line
        _fill(shape.fill, fill)
        if line is None:
            shape.line.fill.background()
        else:
            _outline(shape.line, line, 2)
        shape.name = name or shape.name

    def rule(self, start: Point, end: Point, colour: str, width: float = 1, name: str = "") -> None:
        """Add a straight line."""
        shape = self.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *_emu((*start, *end)))
        _outline(shape.line, colour, width)
        shape.name = name or shape.name

    # -- charts ------------------------------------------------------------------------------

    def bars(self, content: GroupBars) -> None:
        """Add a native bar chart: completion solid, the planned value hollow around it."""
        rows = content.rows.iloc[::-1]  # a bar chart draws upwards
        data = _chart_data(rows["key"])
        data.add_series("完成率", [float(value) for value in rows["earned_value"]])
        data.add_series("序时进度", [float(value) for value in rows["planned_value"]])
        chart = self._chart(XL_CHART_TYPE.BAR_CLUSTERED, data, 1.25)
        plot = chart.plots[0]
        earned, planned = plot.series
        planned.format.fill.background()
        _outline(planned.format.line, INK, 2)
        _fill(earned.format.fill, BLUE)
        plot.gap_width, plot.overlap = 45, 100
        for number, row in enumerate(rows.itertuples()):
            # One label at the longer bar's end: two would lie upon each other.
            longer = earned if row.earned_value >= row.planned_value else planned
            _label(longer.points[number], XL_LABEL_POSITION.OUTSIDE_END, against_plan(row))

    def curve(self, content: Curve) -> None:
        """Add a native line chart: the planned value dotted, with hollow markers."""
        data = _chart_data(content.labels)
        data.add_series("序时进度", [float(value) for value in content.planned])
        missing = [None] * (len(content.labels) - len(content.earned))
        data.add_series("完成率", [float(value) for value in content.earned] + missing)
        chart = self._chart(XL_CHART_TYPE.LINE_MARKERS, data, 1.0)
        planned, earned = chart.plots[0].series
        for series, colour, width, dash, fill in (
            (planned, INK, 3, MSO_LINE.ROUND_DOT, PAPER),
            (earned, BLUE, 6, MSO_LINE.SOLID, BLUE),
        ):
            series.smooth = False
            _outline(series.format.line, colour, width)
            series.format.line.dash_style = dash
            marker = series.marker
            marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 9
            _fill(marker.format.fill, fill)
            marker.format.line.color.rgb = _rgb(colour)
        for series, colour, (name, value, upper) in zip(
            (earned, planned), (BLUE, INK), content.at_month(), strict=False
        ):
            point = series.points[len(content.earned) - 1]
            side = XL_LABEL_POSITION.LEFT if upper else XL_LABEL_POSITION.RIGHT
            _label(point, side, f"{name} {wording.percent(value)}", colour, bold=True)

    def _chart(self, kind: Any, data: CategoryChartData, most: float) -> Any:
        """Add a native chart of shares up to ``most`` that fills the body, legend on top."""
        place = (LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP + 30)
        chart = self.shapes.add_chart(kind, *_emu(place), data).chart
        chart.has_title = False
        chart.has_legend = True
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        set_font(chart.legend.font, TEXT)
        set_font(chart.font, TEXT)
        value, category = chart.value_axis, chart.category_axis
        value.maximum_scale, value.minimum_scale, value.major_unit = most, 0, 0.25
        value.tick_labels.number_format, value.tick_labels.number_format_is_linked = "0%", False
        value.major_gridlines.format.line.color.rgb = _rgb(PALE)
        value.format.line.fill.background()
        category.format.line.color.rgb = _rgb(GRID)
        set_font(value.tick_labels.font, TEXT, MUTED)
        set_font(category.tick_labels.font, TEXT)
        return chart

    # -- tables ------------------------------------------------------------------------------

    def table(self, content: Table) -> None:
        """Add a native table with the heights its texts need."""
        rows: list[Sequence[str]] = [content.headers, *content.rows]
        heights = [content.height(row) for row in rows]
        frame = self.shapes.add_table(
            len(rows), len(content.headers), *_emu((LEFT, TOP, RIGHT - LEFT, sum(heights)))
        )
        table = frame.table
        # A style without fills: the colours of statuses and headers are our own.
        style = frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId"))
        style.text = "{5940675A-B579-460E-94D1-54222C63F5DA}"  # No Style, Table Grid
        table.horz_banding = False
        for column, width in zip(table.columns, content.widths, strict=True):
            column.width = Emu(width * UNIT)
        for number, (row, height, texts) in enumerate(zip(table.rows, heights, rows, strict=True)):
            row.height = Emu(height * UNIT)
            for cell, text in zip(row.cells, texts, strict=True):
                _write_cell(cell, text, header=number == 0)


def _write_cell(cell: Any, text: str, *, header: bool) -> None:
    cell.margin_left = cell.margin_right = Emu(PAD * UNIT)
    cell.margin_top = cell.margin_bottom = Emu((PAD - 3) * UNIT)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame = cell.text_frame
    frame.word_wrap = True
    run = frame.paragraphs[0].add_run()
    run.text = text
    look = status_look(text)
    if header:
        _fill(cell.fill, BLUE)
    elif look is not None:
        _fill(cell.fill, look.colour)
    else:
        cell.fill.background()
    colour = PAPER if header else INK if look is None else look.ink
    set_font(run.font, TEXT, colour, header)


def _emu(place: Place) -> list[Emu]:
    """Return a place, or the ends of a line, as shapes take it."""
    return [Emu(round(value * UNIT)) for value in place]


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#"))


def _fill(fill: Any, colour: str) -> None:
    fill.solid()
    fill.fore_color.rgb = _rgb(colour)


def _outline(line: Any, colour: str, width: float) -> None:
    line.color.rgb = _rgb(colour)
    line.width = Emu(round(width * UNIT))


def set_font(font: Any, size: float, colour: str = INK, bold: bool = False) -> None:
    """Set size, colour and the font, also for East Asian text: PowerPoint keeps them apart."""
    font.size, font.bold, font.name = Emu(round(size * UNIT)), bold, FONT
    font.color.rgb = _rgb(colour)
    properties = font._rPr
    latin = properties.find(qn("a:latin"))
    for tag in ("a:cs", "a:ea"):  # the schema wants latin, ea, cs: each goes directly after latin
        for old in properties.findall(qn(tag)):
            properties.remove(old)
        latin.addnext(properties.makeelement(qn(tag), {"typeface": FONT}))


def _chart_data(categories: Sequence[str]) -> CategoryChartData:
    data = CategoryChartData(number_format="0.0%")
    data.categories = list(categories)
    return data


def _label(point: Any, position: Any, text: str, colour: str = INK, *, bold: bool = False) -> None:
    label = point.data_label
    label.position = position
    label.text_frame.text = text
    set_font(label.text_frame.paragraphs[0].runs[0].font, TEXT, colour, bold)
