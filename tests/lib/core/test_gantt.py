"""Where the marks of a Gantt lie on its months."""

from __future__ import annotations

from lib.core import months
from lib.core.figures import Figures, Selection
from lib.core.gantt import gantt
from lib.core.status import SEVERITY, Status
from tests.small_plans import as_of, plan, report, target, task


def test_the_marks_lie_between_the_beginning_and_the_end_of_months():
    data = plan(
        [task("一-1", "3～6月"), task("一-2", "1～2月")],
        [target("一-1", 4), target("一-2", 2)],
        [report("一-1", 4, quantity=1), report("一-2", 2, quantity=1)],
    )
    chart = gantt(as_of(data, 4))
    running, overdue = chart.rows
    assert chart.now == 4
    assert (running.start, running.end, running.done, running.due) == (2, 6, 3, 4)
    assert running.late_to is None
    assert running.gap == -0.25
    assert (overdue.status, overdue.end, overdue.late_to) == (Status.OVERDUE, 2, 4)


def test_milestones_lie_at_the_end_of_their_months():
    steps = "一季度：完成方案\n6月：完成一半"
    data = plan([task("一-1", "全年", milestones=steps), task("一-2", "每季度")])
    first, recurring = gantt(as_of(data, 4)).rows
    assert first.steps == ((3, "一季度：完成方案"), (6, "6月：完成一半"))
    assert [place for place, _ in recurring.steps] == [3, 6, 9, 12]
    assert recurring.steps[0][1] == "3月末到期的一次"


def test_orders(shipped):
    figures = Figures(shipped, Selection(months.from_parts(2018, 9)))
    plain = gantt(figures).rows
    assert [row.task_id for row in plain] == list(figures.tasks["task_id"])
    urgent = [(SEVERITY.index(row.status), row.gap) for row in gantt(figures, "urgency").rows]
    assert urgent == sorted(urgent)
    by_unit = [row.units[0] for row in gantt(figures, "unit").rows]
    blocks = [unit for place, unit in enumerate(by_unit) if by_unit[place - 1 : place] != [unit]]
    assert len(blocks) == len(set(blocks))
    assert blocks[:2] == [row.units[0] for row in gantt(figures, "urgency").rows[:2]]
    assert {row.task_id for row in gantt(figures, "unit").rows} == {row.task_id for row in plain}
