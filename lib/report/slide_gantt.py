"""The Gantt on a slide, PPTX and SVG: columns, months and bars, and drawing them.

A task's row:   title   unit   ░░░░████████▒▒▒▒│░░░░┄┄┄┄   80%  +5
                               window, done ──┘ │    └ overdue: from its end to now
                               should be here ──┘
"""

from __future__ import annotations

from lib.core import months, wording
from lib.core.gantt import GanttRow
from lib.core.status import LOOKS, REPORTED_DONE, Status
from lib.report import measure
from lib.report.colours import BLUE, GRID, INK, MUTED, PALE, PLAN_BAR, WORK_BAR
from lib.report.slide_canvas import Box, Rule, SlideCanvas, Text, Type
from lib.report.slide_page import BOTTOM, FINE, LEAST, LEFT, LINE, RIGHT, TOP
from lib.report.slides import Gantt

LEGEND = "浅色计划　深色完成　黑线应完成到此　红虚线逾期"
EXTENDED = "　蓝虚线延期"
FINE_ROWS, HALL_ROWS = 11, 8
"""How many rows a slide of the appendix, and one for the hall, can bear: names take two lines."""
TINT = {Status.OVERDUE: "#FBE9E9", Status.BEHIND: "#FFF6DF"}
STRONG = {Status.OVERDUE: "#B3191F", Status.BEHIND: "#8A6100"}
"""Ink that is read on the tint; the state's own yellow would not be."""


def draw_gantt(canvas: SlideCanvas, content: Gantt) -> None:
    """Draw months, each task's window with what is done and what should be, and its figures."""
    frame = GanttFrame(content)
    size, high = frame.size, frame.size * LINE
    if content.first <= content.month <= content.last:
        x = frame.x(content.month - content.axis)
        canvas.draw(Box((x, TOP - 6, frame.step, frame.bottom - TOP + 6), "#EAF0FB", "所选月份"))
    head = Type(size, MUTED)
    canvas.draw(Text((frame.title_x, TOP, 200, high), "任务", head))
    canvas.draw(Text((frame.unit_x, TOP, 200, high), "责任单位", head))
    right = Type(size, MUTED, align="right")
    canvas.draw(Text((frame.done_x - 120, TOP, 120, high), "完成", right))
    canvas.draw(Text((RIGHT - 130, TOP, 130, high), "差(点)", right))
    for x, label, chosen in frame.months():
        canvas.draw(Rule((x, frame.top), (x, frame.bottom), PALE))
        if label:
            kind = Type(size, INK if chosen else MUTED, bold=chosen, align="centre")
            canvas.draw(Text((x + frame.step / 2 - 60, TOP, 120, high), label, kind))
    before = None
    for place, row in enumerate(content.rows):
        y = frame.top + frame.row * place
        if row.status in TINT:
            left = frame.title_x - 6
            canvas.draw(Box((left, y + 1, RIGHT + 6 - left, frame.row - 2), TINT[row.status]))
        if content.fine and row.category != before:
            room = frame.title_x - LEFT - 12
            name = _two_lines(row.category, size, room)
            canvas.draw(Rule((LEFT, y), (RIGHT, y), GRID))
            canvas.draw(Text((LEFT, y, room, frame.row), [name], Type(size, MUTED)))
            before = row.category
        _row(canvas, frame, row, y)
    now = content.month + 1 - content.axis
    canvas.draw(Rule((frame.x(now), TOP), (frame.x(now), frame.bottom), BLUE, 3, "所选月份月末"))


def _row(canvas: SlideCanvas, frame: GanttFrame, row: GanttRow, y: float) -> None:
    size, high = frame.size, frame.row
    strong = STRONG.get(row.status)
    bold = strong is not None
    room = frame.unit_x - frame.title_x - 14
    title = Type(size, strong or INK, bold)
    lines = _two_lines(row.title, size, room)
    block = size * LINE * len(lines)
    canvas.draw(Text((frame.title_x, y + (high - block) / 2, room, block), [lines], title))
    room = frame.axis_x - frame.unit_x - 14
    canvas.draw(Text((frame.unit_x, y, room, high), frame.units(row), Type(size, MUTED)))
    thick = min(high * 0.56, 46.0)
    top = y + (high - thick) / 2
    for start, end, colour, name in (
        (row.start, row.end, PLAN_BAR, "计划"),
        (row.start, row.done, bar_ink(row.status), "完成"),
    ):
        left, right = frame.x(start), frame.x(end)
        if right - left >= 0.5:
            canvas.draw(Box((left, top, right - left, thick), colour, f"{name} {row.task_id}"))
    if row.extended is not None and row.extended > row.end:
        ends, middle = (frame.x(row.end), frame.x(row.extended)), top + thick - 2
        canvas.draw(
            Rule((ends[0], middle), (ends[1], middle), BLUE, 4, f"延期 {row.task_id}", dotted=True)
        )
    if row.late_to is not None:
        ends, middle = (frame.x(row.end), frame.x(row.late_to)), y + high / 2
        if ends[1] - ends[0] >= 0.5:
            red = LOOKS[Status.OVERDUE].colour
            canvas.draw(
                Rule(
                    (ends[0], middle), (ends[1], middle), red, 4, f"逾期 {row.task_id}", dotted=True
                )
            )
    if row.start < row.due <= row.end and row.status not in REPORTED_DONE and frame.holds(row.due):
        x = frame.x(row.due)
        canvas.draw(Rule((x, top - 3), (x, top + thick + 3), INK, 4, f"应完成 {row.task_id}"))
    gap = round(row.gap * 100)
    points = f"{gap:+d}" if gap else "±0"
    if row.status in REPORTED_DONE:
        points = LOOKS[row.status].icon
    for x, width, text, kind in (
        (frame.done_x, 120, wording.percent(row.completion, 0), Type(size, strong or INK, True)),
        (RIGHT, 100, points, Type(size, strong or MUTED, bold)),
    ):
        right_aligned = Type(kind.size, kind.colour, kind.bold, "right")
        canvas.draw(Text((x - width, y, width, high), text, right_aligned))


def _two_lines(text: str, size: float, room: float) -> list[str]:
    lines = measure.wrap(text, size, room)
    return lines if len(lines) <= 2 else [lines[0], measure.fit("".join(lines[1:]), size, room)]


def bar_ink(status: Status) -> str:
    """Return the colour of what is done: the state's own, slate where all is in order."""
    calm = (Status.ON_TRACK, Status.NOT_DUE)
    return WORK_BAR if status in calm else LOOKS[status].colour


class GanttFrame:
    """Where columns, months and rows of a `Gantt` stand on the slide."""

    def __init__(self, content: Gantt) -> None:
        self.content = content
        if content.fine:
            longest = max(measure.width(row.category, FINE) for row in content.rows)
            left = LEFT + 14 + min(longest, 112)
            self.size, columns = FINE, (left, 745, 920, 1650, 1745)
        else:
            self.size, columns = LEAST, (float(LEFT), 800, 1050, 1560, 1690)
        self.title_x, self.unit_x, self.axis_x, self.end_x, self.done_x = columns
        self.top = TOP + self.size * LINE + 8
        self.row = min(180.0, (BOTTOM - self.top) / max(len(content.rows), 1))
        self.bottom = self.top + self.row * len(content.rows)
        self.count = content.last - content.first + 1
        self.step = (self.end_x - self.axis_x) / self.count

    def x(self, position: float) -> float:
        """Return where a position (months from the axis' first) lies, kept within the months."""
        within = position - (self.content.first - self.content.axis)
        return self.axis_x + min(max(within, 0.0), float(self.count)) * self.step

    def holds(self, position: float) -> bool:
        """Whether a position lies within the months drawn."""
        return 0 <= position - (self.content.first - self.content.axis) <= self.count

    def units(self, row: GanttRow) -> str:
        """Return the responsible units in the room there is: 区人社局等4家."""
        more = f"等{len(row.units)}家" if len(row.units) > 1 else ""
        room = self.axis_x - self.unit_x - 14
        name = measure.fit(row.units[0], self.size, room - measure.width(more, self.size))
        return f"{name}{more}"

    def months(self) -> list[tuple[float, str, bool]]:
        """Return each month's left edge, label and whether it is the selected one.

        Where months are narrow only some have a label: the selected one always, none beside it.
        """
        content = self.content
        widest = max(
            measure.width(self._label(month), self.size)
            for month in range(content.first, content.last + 1)
        )
        every = next((count for count in (1, 2, 3, 4, 6) if count * self.step >= widest + 4), 12)
        labelled = []
        for place, month in enumerate(range(content.first, content.last + 1)):
            chosen = month == content.month
            near = 0 < abs(month - content.month) < every
            label = "" if (place % every and not chosen) or near else self._label(month)
            labelled.append((self.x(month - content.axis), label, chosen))
        return labelled

    def _label(self, month: int) -> str:
        if months.number_of(month) == 1 and month > self.content.first:
            return f"{months.year_of(month)}年"
        return f"{months.number_of(month)}月"
