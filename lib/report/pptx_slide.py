"""A slide of a .pptx being drawn: PowerPoint's own text boxes, shapes, charts and tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import singledispatchmethod
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu

from lib.core import wording
from lib.report.colours import BLUE, GRID, INK, MUTED, PALE, PAPER, status_look
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
from lib.report.slide_page import BOTTOM, LEAST, LEFT, LINE, PAD, RIGHT, TOP, WIDTH
from lib.report.slides import Align, Curve, GroupBars, Table, against_plan, bar_colour, bar_name

FONT = "微软雅黑"
UNIT = 12192000 // WIDTH
"""One unit of the slide in EMU: 1920 of them are 13.333 inches, so 44 are 22 pt."""
SPARE = 30
"""Width to add for a line that was measured to fit: fonts differ, and a line must not wrap."""
_ALIGN = {"left": PP_ALIGN.LEFT, "centre": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}


class PptxSlide(SlideCanvas):
    """One slide of a .pptx; ``page`` is python-pptx's slide, with a placeholder for the title."""

    def __init__(self, page: Any) -> None:
        self.shapes = page.shapes

    @singledispatchmethod
    def draw(self, shape: Shape) -> None:
        """Draw a shape on top of those before."""
        raise NotImplementedError(shape)

    @draw.register
    def _(self, title: Title) -> None:
        """Fill the title's placeholder: PowerPoint's outline and readers find it there."""
        box = self.shapes.title
        box.left, box.top, box.width, box.height = _emu(title.place)
        _write(box.text_frame, title.words, title.kind)
        box.name = "标题"

    @draw.register
    def _(self, text: Text) -> None:
        """Add a text box; it wraps each paragraph itself, so that the office can edit it."""
        x, y, w, h = text.place
        if isinstance(text.words, str):
            x -= {"left": 0, "centre": SPARE / 2, "right": SPARE}[text.kind.align]
            w += SPARE
        box = self.shapes.add_textbox(*_emu((x, y, w, h)))
        _write(box.text_frame, text.words, text.kind)
        box.name = text.name or box.name

    @draw.register
    def _(self, box: Box) -> None:
        shape = self.shapes.add_shape(MSO_SHAPE.RECTANGLE, *_emu(box.place))
        shape._element.remove(shape._element.find(qn("p:style")))  # the theme's shadow and line
        _fill(shape.fill, box.fill)
        shape.line.fill.background()
        shape.name = box.name or shape.name

    @draw.register
    def _(self, rule: Rule) -> None:
        shape = self.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *_emu((*rule.start, *rule.end)))
        _outline(shape.line, rule.colour, rule.width)
        if rule.dotted:
            shape.line.dash_style = MSO_LINE.SQUARE_DOT
        shape.name = rule.name or shape.name

    @draw.register
    def _(self, image: Photo) -> None:
        shape = self.shapes.add_picture(io.BytesIO(image.content), *_emu(image.place))
        shape.name = image.name
        shape._element.nvPicPr.cNvPr.set("descr", image.name)

    # -- charts ------------------------------------------------------------------------------

    @draw.register
    def _(self, content: GroupBars) -> None:
        """Add a native bar chart: completion solid, the planned value hollow around it."""
        rows = content.rows.iloc[::-1]  # a bar chart draws upwards
        data = _chart_data([bar_name(row) for row in rows.itertuples()])
        data.add_series("完成率", [float(value) for value in rows["earned_value"]])
        data.add_series("序时进度", [float(value) for value in rows["planned_value"]])
        moved = ((rows["before"] > 0) & (rows["before"] != rows["place"])).any()
        most = 1.5 if moved else 1.25  # room for the labels
        chart = self._chart(XL_CHART_TYPE.BAR_CLUSTERED, data, most, 40, bool(content.note))
        plot = chart.plots[0]
        earned, planned = plot.series
        planned.format.fill.background()
        _outline(planned.format.line, INK, 3)
        _fill(earned.format.fill, BLUE)
        plot.gap_width, plot.overlap = 45, 100
        for number, row in enumerate(rows.itertuples()):
            _fill(earned.points[number].format.fill, bar_colour(row))
            # One label at the longer bar's end: two would lie upon each other.
            longer = earned if row.earned_value >= row.planned_value else planned
            _label(longer.points[number], XL_LABEL_POSITION.OUTSIDE_END, against_plan(row), 40)

    @draw.register
    def _(self, content: Curve) -> None:
        """Add a native line chart: the planned value dotted, with hollow markers."""
        data = _chart_data(content.labels)
        data.add_series("序时进度", [float(value) for value in content.planned])
        missing = [None] * (len(content.labels) - len(content.earned))
        data.add_series("完成率", [float(value) for value in content.earned] + missing)
        chart = self._chart(XL_CHART_TYPE.LINE_MARKERS, data, 1.0, LEAST, False)
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
            _label(point, side, f"{name} {wording.percent(value)}", LEAST, colour, bold=True)

    def _chart(
        self, kind: Any, data: CategoryChartData, most: float, size: float, noted: bool
    ) -> Any:
        """Add a native chart of shares up to ``most`` that fills the body, legend on top."""
        high = BOTTOM - TOP - (LEAST * LINE + PAD if noted else 0)
        chart = self.shapes.add_chart(kind, *_emu((LEFT, TOP, RIGHT - LEFT, high)), data).chart
        chart.has_title = False
        chart.has_legend = True
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        set_font(chart.legend.font, LEAST)
        set_font(chart.font, size)
        value, category = chart.value_axis, chart.category_axis
        value.maximum_scale, value.minimum_scale, value.major_unit = most, 0, 0.25
        # Labels need room beyond 100 %, which is no share that a task can reach.
        value.tick_labels.number_format = '[<=1.001]0%;""'
        value.tick_labels.number_format_is_linked = False
        value.major_gridlines.format.line.color.rgb = _rgb(PALE)
        value.format.line.fill.background()
        category.format.line.color.rgb = _rgb(GRID)
        set_font(value.tick_labels.font, LEAST, MUTED)
        set_font(category.tick_labels.font, size)
        return chart

    # -- tables ------------------------------------------------------------------------------

    @draw.register
    def _(self, content: Table) -> None:
        """Add a native table with the heights its texts need."""
        rows: list[Sequence[str]] = [content.headers, *content.rows]
        heights = content.heights()
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
            row.height = Emu(round(height * UNIT))
            for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                _write_cell(cell, text, content, content.align(place), header=number == 0)


def _write(frame: Any, words: Words, kind: Type) -> None:
    """Fill a text frame; lines have a fixed step, as other programs' fonts are taller."""
    paragraphs = [words] if isinstance(words, str) else ["".join(lines) for lines in words]
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP if kind.top else MSO_ANCHOR.MIDDLE
    for number, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = _ALIGN[kind.align]
        paragraph.line_spacing = Emu(round(kind.size * LINE * UNIT))
        run = paragraph.add_run()
        run.text = text
        set_font(run.font, kind.size, kind.colour, kind.bold)


def _write_cell(cell: Any, text: str, table: Table, align: Align, *, header: bool) -> None:
    size, pad = table.size, round(table.pad * UNIT)
    cell.margin_left = cell.margin_right = Emu(pad)
    cell.margin_top = cell.margin_bottom = Emu(pad // 2)
    look = status_look(text)
    if header:
        _fill(cell.fill, BLUE)
    elif look is not None:
        _fill(cell.fill, look.colour)
    else:
        cell.fill.background()
    colour = PAPER if header else INK if look is None else look.ink
    kind = Type(size, colour, header, align)
    frame = cell.text_frame
    for number, part in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = _ALIGN[align]
        paragraph.line_spacing = Emu(round(size * LINE * UNIT))
        run = paragraph.add_run()
        run.text = part
        set_font(run.font, kind.size, kind.colour, kind.bold)
    frame.word_wrap = True
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE


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


def _label(
    point: Any, position: Any, text: str, size: float, colour: str = INK, *, bold: bool = False
) -> None:
    label = point.data_label
    label.position = position
    label.text_frame.text = text
    label.text_frame._txBody.bodyPr.set("wrap", "none")
    set_font(label.text_frame.paragraphs[0].runs[0].font, size, colour, bold)
