"""The deck as .pptx: native charts, tables and shapes, so that the office can edit all of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_CONNECTOR, MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu

from lib import wording
from lib.report import measure
from lib.report.deck import (
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
    against,
)
from lib.report.material import DEMO_MARK, Material
from lib.report.timeline import LEGEND, TimelineFrame
from lib.status import LOOKS, SEVERITY

FONT = "微软雅黑"
INK, MUTED, GRID, BLUE, PAPER = "1B2430", "5B6675", "CBD3DF", "1F4E9E", "FFFFFF"
_EMU = 12192000 // WIDTH
"""One point of the stage: 1920 of them are 13.333 inches, so 24 are 12 pt."""

Progress = Callable[[float, str], None]


def presentation(
    material: Material, slides: list[Slide], progress: Progress = lambda share, told: None
) -> bytes:
    """Return the slides as a .pptx file; ``progress`` hears the share done and what was drawn."""
    file = Presentation()
    file.slide_width, file.slide_height = Emu(WIDTH * _EMU), Emu(HEIGHT * _EMU)
    file.core_properties.title = f"{material.title}进展情况"
    file.core_properties.author = "、".join(material.figures.dataset.settings.parties)
    blank = file.slide_layouts[6]
    for number, slide in enumerate(slides, start=1):
        page = file.slides.add_slide(blank)
        _Page(page, material).draw(slide, number, len(slides))
        progress(number / len(slides), slide.part)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


class _Page:
    """One slide being drawn; positions and sizes are points of the stage."""

    def __init__(self, page: Any, material: Material) -> None:
        self.page, self.shapes, self.material = page, page.shapes, material

    def draw(self, slide: Slide, number: int, count: int) -> None:
        content = slide.content
        if isinstance(content, Cover):
            self.cover(slide.heading, content)
        else:
            size = 44 if len(measure.wrap(slide.heading, 44, RIGHT - LEFT)) <= 2 else 36
            title = self.text(
                LEFT, 40, RIGHT - LEFT, 130, slide.heading, size, bold=True, middle=True
            )
            title.name = "标题"
            if isinstance(content, Tiles):
                self.tiles(content)
            elif isinstance(content, Groups):
                self.groups(content)
            elif isinstance(content, Curve):
                self.curve(content)
            elif isinstance(content, Timeline):
                self.timeline(content)
            else:
                self.grid(content)
        source = measure.fit(self.material.source, TEXT, 1480)
        self.text(LEFT, 1010, 1500, 40, source, TEXT, colour=MUTED).name = "来源"
        self.text(1690, 1010, 150, 40, f"{number}／{count}", TEXT, colour=MUTED, align="right")
        if self.material.demo:
            mark = self.text(
                1640, 6, 200, 40, DEMO_MARK, TEXT, colour="C1272D", bold=True, align="right"
            )
            mark.name = DEMO_MARK
        self.page.notes_slide.notes_text_frame.text = slide.notes
        for paragraph in self.page.notes_slide.notes_text_frame.paragraphs:
            for run in paragraph.runs:
                _font(run.font, TEXT)

    # -- primitives --------------------------------------------------------------------------

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
        # A line measured to fit gets room to spare: fonts differ, and a wrapped line would be lost.
        box = self.shapes.add_textbox(*_place(x, y, w + 60 * one_line, h))
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
            _font(run.font, size, colour, bold)
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
        drawn = self.shapes.add_shape(shape, *_place(x, y, w, h))
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
            drawn.line.width = Emu(2 * _EMU)
        return drawn

    def rule(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1
    ) -> Any:
        ends = (Emu(round(value * _EMU)) for value in (x1, y1, x2, y2))
        line = self.shapes.add_connector(MSO_CONNECTOR.STRAIGHT, *ends)
        line.line.color.rgb = RGBColor.from_string(colour)
        line.line.width = Emu(round(width * _EMU))
        return line

    # -- contents ----------------------------------------------------------------------------

    def cover(self, heading: str, cover: Cover) -> None:
        self.box(0, 48, WIDTH, 16, BLUE)
        lines = measure.wrap(heading, 64, RIGHT - LEFT - 120)
        self.text(
            LEFT, 300, RIGHT - LEFT, 90 * len(lines), lines, 64, bold=True, align="centre"
        ).name = "标题"
        self.text(
            LEFT,
            620,
            RIGHT - LEFT,
            60 * len(cover.lines),
            list(cover.lines),
            36,
            colour=MUTED,
            align="centre",
        )

    def tiles(self, content: Tiles) -> None:
        gap, count = 20, len(content.tiles)
        width = (RIGHT - LEFT - gap * (count - 1)) / count
        for number, tile in enumerate(content.tiles):
            x = LEFT + number * (width + gap)
            self.box(x, TOP, width, 250, "F3F5F9")
            self.box(x, TOP, width, 8, tile.colour.lstrip("#"))
            self.text(
                x + 14,
                TOP + 26,
                width - 28,
                60,
                measure.wrap(tile.label, TEXT, width - 28),
                TEXT,
                colour=MUTED,
            )
            self.text(x + 14, TOP + 105, width - 28, 80, tile.value, 56, bold=True)
            self.text(
                x + 14, TOP + 195, width - 28, 40, tile.change, TEXT, colour=MUTED, one_line=True
            )
        y = TOP + 300.0
        for sentence in content.sentences:
            lines = measure.wrap(sentence, 34, RIGHT - LEFT - 50)
            self.box(LEFT, y + 16, 14, 14, BLUE)
            self.text(LEFT + 40, y, RIGHT - LEFT - 40, 46 * len(lines), lines, 34)
            y += 46 * len(lines) + 34

    def groups(self, content: Groups) -> None:
        rows = content.rows.iloc[::-1]  # a bar chart draws upwards
        data = CategoryChartData(number_format="0.0%")
        data.categories = list(rows["key"])
        data.add_series("完成率", [float(value) for value in rows["earned_value"]])
        data.add_series("序时进度", [float(value) for value in rows["planned_value"]])
        chart = self.chart(XL_CHART_TYPE.BAR_CLUSTERED, data)
        earned, planned = chart.plots[0].series
        planned.format.fill.background()
        planned.format.line.color.rgb = RGBColor.from_string(INK)
        planned.format.line.width = Emu(2 * _EMU)
        earned.format.fill.solid()
        earned.format.fill.fore_color.rgb = RGBColor.from_string(BLUE)
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 45, 100
        for number, row in enumerate(rows.itertuples()):
            # One label at the longer bar's end: two would lie upon each other.
            longer = earned if row.earned_value >= row.planned_value else planned
            label = longer.points[number].data_label
            label.position = XL_LABEL_POSITION.OUTSIDE_END
            label.text_frame.text = against(row)
            _font(label.text_frame.paragraphs[0].runs[0].font, TEXT)
        chart.value_axis.maximum_scale = 1.25
        self.axes(chart)

    def curve(self, content: Curve) -> None:
        data = CategoryChartData(number_format="0.0%")
        data.categories = list(content.labels)
        data.add_series("序时进度", [float(value) for value in content.planned])
        missing = [None] * (len(content.labels) - len(content.earned))
        data.add_series("完成率", [float(value) for value in content.earned] + missing)
        chart = self.chart(XL_CHART_TYPE.LINE_MARKERS, data)
        planned, earned = chart.plots[0].series
        for series, colour, width, dash in (
            (planned, INK, 3, MSO_LINE.ROUND_DOT),
            (earned, BLUE, 6, MSO_LINE.SOLID),
        ):
            series.smooth = False
            series.format.line.color.rgb = RGBColor.from_string(colour)
            series.format.line.width = Emu(width * _EMU)
            series.format.line.dash_style = dash
            series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 9
            series.marker.format.fill.solid()
            fill = PAPER if series is planned else colour
            series.marker.format.fill.fore_color.rgb = RGBColor.from_string(fill)
            series.marker.format.line.color.rgb = RGBColor.from_string(colour)
        if content.earned:
            last = len(content.earned) - 1
            ahead = content.earned[last] >= content.planned[last]
            for series, above in ((earned, ahead), (planned, not ahead)):
                label = series.points[last].data_label
                label.position = XL_LABEL_POSITION.LEFT if above else XL_LABEL_POSITION.RIGHT
                frame = label.text_frame
                values = content.earned if series is earned else content.planned
                frame.text = f"{series.name} {wording.percent(values[last])}"
                _font(
                    frame.paragraphs[0].runs[0].font, TEXT, BLUE if series is earned else INK, True
                )
        chart.value_axis.maximum_scale = 1.0
        self.axes(chart)

    def chart(self, kind: Any, data: CategoryChartData) -> Any:
        frame = self.shapes.add_chart(
            kind, *_place(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP + 30), data
        )
        chart = frame.chart
        chart.has_title = False
        chart.has_legend = True
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        _font(chart.legend.font, TEXT)
        _font(chart.font, TEXT)
        return chart

    def axes(self, chart: Any) -> None:
        value, category = chart.value_axis, chart.category_axis
        value.minimum_scale, value.major_unit = 0, 0.25
        value.tick_labels.number_format, value.tick_labels.number_format_is_linked = "0%", False
        value.major_gridlines.format.line.color.rgb = RGBColor.from_string("E3E8F0")
        value.format.line.fill.background()
        category.format.line.color.rgb = RGBColor.from_string(GRID)
        _font(value.tick_labels.font, TEXT, MUTED)
        _font(category.tick_labels.font, TEXT)

    def timeline(self, content: Timeline) -> None:
        frame = TimelineFrame(content)
        for x, _month, label, chosen in frame.months():
            self.text(
                x,
                TOP,
                frame.step,
                LINE,
                label,
                TEXT,
                bold=chosen,
                align="centre",
                colour=INK if chosen else MUTED,
            )
            self.rule(x, frame.top, x, frame.bottom, "E3E8F0")
        for y, category in frame.categories():
            self.text(
                LEFT,
                y,
                frame.task_x - LEFT - 8,
                LINE,
                measure.fit(category, TEXT, frame.task_x - LEFT - 8),
                TEXT,
                colour=MUTED,
                one_line=True,
            )
            self.rule(LEFT, y, RIGHT, y, GRID)
        for row in frame.bars():
            self.text(
                frame.task_x,
                row.y,
                frame.axis_x - frame.task_x,
                LINE,
                row.name,
                TEXT,
                one_line=True,
            )
            thick = min(22.0, frame.row - 8)
            y = row.y + (frame.row - thick) / 2
            outline = self.box(row.x, y, row.width, thick, PAPER, row.colour)
            outline.name = f"计划 {row.task_id}"
            if row.done > 0:
                self.box(
                    row.x, y, row.width * row.done, thick, row.colour, row.colour
                ).name = f"完成 {row.task_id}"
            if row.deadline:
                self.box(
                    row.x + row.width - 11, y + thick / 2 - 11, 22, 22, INK, None, MSO_SHAPE.DIAMOND
                ).name = f"截止 {row.task_id}"
            self.text(
                frame.end_x + 12,
                row.y,
                RIGHT - frame.end_x - 12,
                LINE,
                row.state,
                TEXT,
                one_line=True,
            )
        self.rule(frame.now, frame.top, frame.now, frame.bottom, INK, 3).name = "所选月份月末"
        self.text(LEFT, BOTTOM + 8, RIGHT - LEFT, LINE, LEGEND, TEXT, colour=MUTED)

    def grid(self, content: Grid) -> None:
        if not content.rows:
            self.text(LEFT, TOP + 40, RIGHT - LEFT, 60, content.empty, 36, colour=MUTED)
            return
        rows, columns = len(content.rows) + 1, len(content.headers)
        heights = [content.height(row) for row in (content.headers, *content.rows)]
        frame = self.shapes.add_table(rows, columns, *_place(LEFT, TOP, RIGHT - LEFT, sum(heights)))
        table = frame.table
        _plain_table(frame)
        for column, width in zip(table.columns, content.widths, strict=True):
            column.width = Emu(width * _EMU)
        for number, texts in enumerate((content.headers, *content.rows)):
            table.rows[number].height = Emu(heights[number] * _EMU)
            for cell, text in zip(table.rows[number].cells, texts, strict=True):
                _cell(cell, text, header=number == 0)


_ALIGN = {"left": PP_ALIGN.LEFT, "centre": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}


def _place(x: float, y: float, w: float, h: float) -> tuple[Emu, Emu, Emu, Emu]:
    left, top, width, height = (Emu(round(value * _EMU)) for value in (x, y, w, h))
    return left, top, width, height


def _font(font: Any, size: float, colour: str = INK, bold: bool = False) -> None:
    """Set size, colour and the font, also for East Asian text: PowerPoint keeps them apart."""
    font.size, font.bold, font.name = Emu(round(size * _EMU)), bold, FONT
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
    cell.margin_left = cell.margin_right = Emu(PAD * _EMU)
    cell.margin_top = cell.margin_bottom = Emu((PAD - 3) * _EMU)
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
    _font(run.font, TEXT, colour, header)
