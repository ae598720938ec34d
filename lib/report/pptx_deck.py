"""The deck as .pptx: native charts, tables and shapes, so that the office can edit all of it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Emu

from lib.core import wording
from lib.report import measure
from lib.report.deck import against
from lib.report.material import DEMO_MARK, Material
from lib.report.pptx_slide import BLUE, GRID, INK, MUTED, PAPER, UNIT, Stage, set_font
from lib.report.slide_gantt import LEGEND, TimelineFrame
from lib.report.slides import (
    BOTTOM,
    HEIGHT,
    LEFT,
    LINE,
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

Progress = Callable[[float, str], None]


def presentation(
    material: Material, slides: list[Slide], progress: Progress = lambda share, told: None
) -> bytes:
    """Return the slides as a .pptx file; ``progress`` hears the share done and what was drawn."""
    file = Presentation()
    file.slide_width, file.slide_height = Emu(WIDTH * UNIT), Emu(HEIGHT * UNIT)
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


class _Page(Stage):
    """One slide being drawn; positions and sizes are points of the stage."""

    def __init__(self, page: Any, material: Material) -> None:
        super().__init__(page)
        self.material = material

    def draw(self, slide: Slide, number: int, count: int) -> None:
        content = slide.content
        if isinstance(content, Cover):
            self.cover(content)
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
                set_font(run.font, TEXT)

    def cover(self, cover: Cover) -> None:
        self.box(0, 48, WIDTH, 16, BLUE)
        high = 90 * len(cover.wrapped(64))
        self.text(
            LEFT, 300, RIGHT - LEFT, high, list(cover.title), 64, bold=True, align="centre"
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
            self.box(x, TOP, width, content.TILE_HEIGHT, "F3F5F9")
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
        for y, size, lines in content.paragraphs():
            self.box(LEFT, y + size * 0.48, 14, 14, BLUE)
            # One paragraph, so that the office can edit it; the box wraps it.
            room = RIGHT - LEFT - 40
            self.text(LEFT + 40, y, room, size * 1.34 * len(lines), "".join(lines), size)

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
        planned.format.line.width = Emu(2 * UNIT)
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
            set_font(label.text_frame.paragraphs[0].runs[0].font, TEXT)
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
            series.format.line.width = Emu(width * UNIT)
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
                set_font(
                    frame.paragraphs[0].runs[0].font, TEXT, BLUE if series is earned else INK, True
                )
        chart.value_axis.maximum_scale = 1.0
        self.axes(chart)

    def timeline(self, content: Timeline) -> None:
        frame = TimelineFrame(content)
        for x, _month, label, chosen in frame.months():
            if label:
                self.text(
                    x + frame.step / 2 - 50,
                    TOP,
                    100,
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
        self.table(content)
