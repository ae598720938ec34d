"""The Gantt on a slide, PPTX and SVG: where months, categories and bars stand, and drawing them."""

from __future__ import annotations

from typing import Any

from lib.core import months, wording
from lib.core.status import LOOKS, Status
from lib.report import measure
from lib.report.colours import GRID, INK, MUTED, PALE, PAPER
from lib.report.slide_canvas import SlideCanvas, Type
from lib.report.slide_page import BOTTOM, LEFT, LINE, RIGHT, TEXT, TOP
from lib.report.slides import Gantt

LABEL, YEAR_LABEL = 60, 104
"""What the labels of a month (10月) and of a January (2019年) need, with some air."""
LEGEND = "空心：计划时间　实心：已完成的部分　竖线：所选月份月末　◆：截止时间"


def draw_gantt(canvas: SlideCanvas, content: Gantt) -> None:
    """Draw months, categories, each task's window with its completed share, and the month's end."""
    frame = GanttFrame(content)
    for x, label, chosen in frame.months():
        if label:
            kind = Type(colour=INK if chosen else MUTED, bold=chosen, align="centre")
            canvas.text((x + frame.step / 2 - 50, TOP, 100, LINE), label, kind)
        canvas.rule((x, frame.top), (x, frame.bottom), PALE)
    for y, category in frame.categories():
        room = frame.task_x - LEFT - 8
        name = measure.fit(category, TEXT, room)
        canvas.row_text((LEFT, y, room, frame.row), name, MUTED)
        canvas.rule((LEFT, y), (RIGHT, y), GRID)
    state_x = frame.end_x + 12
    for bar in frame.bars():
        canvas.row_text((frame.task_x, bar.y, frame.axis_x - frame.task_x, frame.row), bar.name)
        thick = min(22.0, frame.row - 8)
        y = bar.y + (frame.row - thick) / 2
        canvas.box((bar.x, y, bar.width, thick), PAPER, bar.colour, f"计划 {bar.task_id}")
        if bar.done > 0:
            place = (bar.x, y, bar.width * bar.done, thick)
            canvas.box(place, bar.colour, bar.colour, f"完成 {bar.task_id}")
        if bar.deadline:
            canvas.diamond((bar.x + bar.width, y + thick / 2), 11, f"截止 {bar.task_id}")
        canvas.row_text((state_x, bar.y, RIGHT - state_x, frame.row), bar.state)
    canvas.rule((frame.now, frame.top), (frame.now, frame.bottom), INK, 3, "所选月份月末")
    canvas.text((LEFT, canvas.LEGEND_TOP, RIGHT - LEFT, LINE), LEGEND, Type(colour=MUTED))


class GanttBar:
    """One task's place on the Gantt."""

    def __init__(self, frame: GanttFrame, row: Any, y: float) -> None:
        self.task_id = str(row.task_id)
        status = Status(row.status)
        self.y, self.done, self.deadline = y, float(row.completion), bool(row.is_deadline)
        self.x = frame.x(row.start)
        self.width = frame.x(row.end + 1) - self.x
        self.colour = LOOKS[status].colour
        self.name = measure.fit(
            f"{row.task_id} {row.title}", TEXT, frame.axis_x - frame.task_x - 40
        )
        self.state = f"{LOOKS[status].icon}{status} {wording.percent(row.completion, 0)}"


class GanttFrame:
    """Where months, tasks and bars of a `Gantt` stand on the slide."""

    def __init__(self, content: Gantt) -> None:
        self.content = content
        self.task_x, self.axis_x, self.end_x = 262, 850, 1600
        self.top, self.row = TOP + 40, min(40.0, (BOTTOM - TOP - 40) / max(len(content.rows), 1))
        self.bottom = self.top + self.row * len(content.rows)
        self.step = (self.end_x - self.axis_x) / len(content.axis)
        self.now = self.x(content.month + 1)

    def x(self, month: int) -> float:
        """Return where a month begins."""
        return float(self.axis_x + (month - self.content.axis.start) * self.step)

    def months(self) -> list[tuple[float, str, bool]]:
        """Return each month's left edge, label and whether it is the selected one.

        Where months are narrow only some have a label: the selected one always, none beside it.
        """
        years = len(self.content.axis) > 12
        needed = (YEAR_LABEL if years else LABEL) / self.step
        every = next((count for count in (1, 2, 3, 4, 6) if count >= needed), 12)
        labelled = []
        for place, month in enumerate(self.content.axis):
            chosen = month == self.content.month
            near = 0 < abs(month - self.content.month) < every
            label = "" if (place % every and not chosen) or near else self._label(month)
            labelled.append((self.x(month), label, chosen))
        return labelled

    def _label(self, month: int) -> str:
        first = self.content.axis.start
        if months.number_of(month) == 1 and month > first:
            return f"{months.year_of(month)}年"
        return f"{months.number_of(month)}月"

    def categories(self) -> list[tuple[float, str]]:
        """Return where each category's tasks begin on this page, and its name."""
        rows = self.content.rows
        first = rows["category"] != rows["category"].shift()
        return [
            (self.top + self.row * place, str(name))
            for place, (name, new) in enumerate(zip(rows["category"], first, strict=True))
            if new
        ]

    def bars(self) -> list[GanttBar]:
        """Return the tasks' bars from top to bottom."""
        return [
            GanttBar(self, row, self.top + self.row * place)
            for place, row in enumerate(self.content.rows.itertuples())
        ]
