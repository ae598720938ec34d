"""The Gantt on a slide: where months, categories and bars stand on the stage."""

from __future__ import annotations

from typing import Any

from lib.core import months, wording
from lib.core.status import LOOKS, Status
from lib.report import measure
from lib.report.slides import BOTTOM, TEXT, TOP, Timeline

LABEL, YEAR_LABEL = 60, 104
"""What the labels of a month (10月) and of a January (2019年) need, with some air."""
LEGEND = "空心：计划时间　实心：已完成的部分　竖线：所选月份月末　◆：截止时间"


class Bar:
    """One task's place on the timeline."""

    def __init__(self, frame: TimelineFrame, row: Any, y: float) -> None:
        self.task_id = str(row.task_id)
        status = Status(row.status)
        self.y, self.done, self.deadline = y, float(row.completion), bool(row.is_deadline)
        self.x = frame.x(row.start)
        self.width = frame.x(row.end + 1) - self.x
        self.colour = LOOKS[status].colour.lstrip("#")
        self.name = measure.fit(
            f"{row.task_id} {row.title}", TEXT, frame.axis_x - frame.task_x - 40
        )
        self.state = f"{LOOKS[status].icon}{status} {wording.percent(row.completion, 0)}"


class TimelineFrame:
    """Where months, tasks and bars of a `Timeline` stand on the stage."""

    def __init__(self, content: Timeline) -> None:
        self.content = content
        self.task_x, self.axis_x, self.end_x = 262, 850, 1600
        self.top, self.row = TOP + 40, min(40.0, (BOTTOM - TOP - 40) / max(len(content.rows), 1))
        self.bottom = self.top + self.row * len(content.rows)
        self.step = (self.end_x - self.axis_x) / len(content.axis)
        self.now = self.x(content.month + 1)

    def x(self, month: int) -> float:
        """Return where a month begins."""
        return float(self.axis_x + (month - self.content.axis.start) * self.step)

    def months(self) -> list[tuple[float, int, str, bool]]:
        """Return each month's left edge, ordinal, label and whether it is the selected one.

        Where months are narrow only some have a label: the selected one always, none beside it.
        """
        years = len(self.content.axis) > 12
        needed = (YEAR_LABEL if years else LABEL) / self.step
        every = next((one for one in (1, 2, 3, 4, 6) if one >= needed), 12)
        shown = []
        for place, month in enumerate(self.content.axis):
            chosen = month == self.content.month
            near = 0 < abs(month - self.content.month) < every
            label = "" if (place % every and not chosen) or near else self._label(month)
            shown.append((self.x(month), month, label, chosen))
        return shown

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

    def bars(self) -> list[Bar]:
        """Return the tasks' bars from top to bottom."""
        return [
            Bar(self, row, self.top + self.row * place)
            for place, row in enumerate(self.content.rows.itertuples())
        ]
