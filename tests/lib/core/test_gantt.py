"""Where the marks of a Gantt lie on its months."""

from __future__ import annotations

from dataclasses import replace

from lib.core import months
from lib.core.answers import Answers
from lib.core.figures import Figures, Selection
from lib.core.gantt import gantt
from lib.core.matters import Act, Step
from lib.core.status import SEVERITY, Status
from lib.html.gantt import gantt_html, gantt_legend
from lib.html.markup import Links
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


def said(act: Act, **facts: str) -> Step:
    facts = {"unit": "区人社局", "words": "土地未批", "task_id": "一-1", **facts}
    return Step("", act, "2018-04-20 09:00", "张三", **facts)


def test_a_granted_date_stands_beside_the_first_one_and_a_units_word_beside_the_light():
    data = plan([task("一-1", "1～6月"), task("一-2", "1～2月")])
    before = gantt(as_of(data, 4)).rows[0]
    steps = (
        said(Act.ASK, due="2018-08-15"),
        said(Act.GRANT),
        said(Act.OUTLOOK, outlook="能按期", task_id="一-2", words=""),
        said(Act.OUTLOOK, outlook="不能按期"),
    )
    figures = as_of(replace(data, task_steps=steps), 4)
    row, overdue = gantt(figures).rows
    assert row.extended == 7 + 15 / 31
    assert (row.start, row.end, row.due, row.status) == (
        before.start,
        before.end,
        before.due,
        before.status,
    )
    assert row.remarks == ("已批准延期至8月15日（1次共46天）", "区人社局研判不能按期：土地未批")
    assert (row.sign, overdue.sign) == ("延至8月15日", "单位称能按期")
    assert overdue.remarks == ("区人社局称能按期，按填报算逾期",)
    late = {task.task_id: task.remarks for task in Answers(figures).late}
    assert late == {"一-2": overdue.remarks, "一-1": row.remarks}
    drawn = gantt_html(figures, gantt(figures), Links())
    assert 'class="extended" style="left:50.00%;width:12.37%"' in drawn
    assert "区人社局称能按期，按填报算逾期" in drawn
    assert "批准的延期" in gantt_legend(figures, gantt(figures))
    assert "延至8月15日" not in gantt_html(as_of(data, 4), gantt(as_of(data, 4)), Links())
    # a date after the months that there are ends with them
    later = (said(Act.ASK, due="2019-03-01"), said(Act.GRANT))
    assert gantt(as_of(replace(data, task_steps=later), 4)).rows[0].extended == 12
