"""The leader's five questions, on the shipped's plan and on small ones made for the question."""

from __future__ import annotations

import json

import pytest

from lib.cli.__main__ import main
from lib.core import months
from lib.core.answers import LATE, Answers, worst_first
from lib.core.figures import Figures, Selection
from lib.core.status import Status
from tests.conftest import ROOT
from tests.small_plans import as_of, plan, report, target, task


def of_county(shipped, month, **selection):
    return Answers(Figures(shipped, Selection(months.from_parts(2018, month), **selection)))


def test_the_verdict_says_how_far_which_is_worst_and_who_is_late(shipped):
    assert of_county(shipped, 9).verdict == (
        "截至9月末总体略低于计划（完成65.9%，低1.0个百分点）；产业帮扶差25.3个百分点；2项逾期、3项滞后"
    )
    assert of_county(shipped, 6).verdict.startswith("截至6月末总体领先计划（完成48.1%，高11.2")


def test_viewers_of_the_same_figures_share_their_answers(shipped):
    figures = Figures(shipped, Selection(months.from_parts(2018, 9)))
    assert Answers.of(figures).late is Answers.of(figures).late
    assert Answers.of(figures.at(months.from_parts(2018, 6))).late != Answers.of(figures).late


@pytest.mark.parametrize("month", range(1, 13))
def test_late_tasks_stand_once_overdue_first_then_by_the_gap(shipped, month):
    late = of_county(shipped, month).late
    assert len({task.task_id for task in late}) == len(late)
    order = [(LATE.index(task.status), -task.gap) for task in late]
    assert order == sorted(order)


@pytest.mark.parametrize("month", range(1, 13))
def test_one_number_for_one_thing(shipped, month, capsys):
    """The list, the roll-ups, the verdict and the command line count the same late tasks."""
    answers = of_county(shipped, month)
    total = answers.figures.overall.iloc[0]
    assert main(["figures", "--data", str(ROOT / "data"), "--month", f"2018-{month:02}"]) == 0
    (printed,) = json.loads(capsys.readouterr().out)
    for status, column in ((Status.OVERDUE, "overdue"), (Status.BEHIND, "behind")):
        count = sum(task.status == status for task in answers.late)
        assert count == total[column] == answers.categories[column].sum()
        assert (f"{count}项{status}" in answers.verdict) == bool(count)
        assert printed[column] == count


def test_a_late_task_brings_its_units_and_last_words(shipped):
    first, *_, last = of_county(shipped, 9).late
    assert (first.task_id, first.status, first.units) == ("二-6", Status.OVERDUE, ("区经发局",))
    assert (first.completion, first.gap) == (0, 1)
    assert first.reason
    assert first.next_step
    assert last.task_id == "七-4"
    silent = {late.task_id: late.unreported for late in of_county(shipped, 9).late}
    assert silent["二-4"] == ("区商务局",)


def test_reasons_are_those_of_the_latest_report_that_gives_any():
    reports = [
        report("一-1", 3, percent=5) | {"issues": "旧问题", "next_steps": "旧措施"},
        report("一-1", 4, percent=6) | {"issues": "新问题。"},
        report("一-1", 6, percent=6) | {"issues": "以后的问题"},
    ]
    (late,) = Answers(as_of(plan([task("一-1", "1～4月")], [], reports), 5)).late
    assert (late.reason, late.next_step) == ("新问题。", "旧措施")


def test_due_next_is_the_next_date_whatever_its_month(shipped):
    answers = of_county(shipped, 9)
    assert {task.end for task in answers.due_next} == {months.from_parts(2018, 11)}
    assert len(answers.due_next) == 6
    assert [task.completion for task in answers.due_next] == sorted(
        task.completion for task in answers.due_next
    )
    assert answers.due_title == "接下来到期：10月无，11月底6项，2项还没有进展"
    assert of_county(shipped, 8).due_title == "接下来到期：9月底2项，1项还没有进展"
    assert of_county(shipped, 1).due_title.startswith("接下来到期：2—3月无，4月底1项")
    assert of_county(shipped, 12).due_title == "没有未完成的任务要到期"


def test_a_month_without_reports_is_not_taken_for_a_fact(shipped):
    assert of_county(shipped, 9).silence == ""
    assert of_county(shipped, 10).silence == "10月没有填报，完成率停在9月末"
    answers = of_county(shipped, 12)
    assert answers.silence == "10—12月没有填报，完成率停在9月末"
    assert answers.verdict.endswith("（10—12月没有填报，完成率停在9月末）")


def test_a_plan_without_any_report_says_what_should_be_done_by_now():
    answers = Answers(as_of(plan([task("一-1", "1～10月")]), 5))
    assert answers.verdict == "还没有填报：1项任务，到5月末应完成50.0%"
    assert answers.silence == ""


def test_all_completed_and_nothing_selected():
    done = plan([task("一-1", "1～4月")], [target("一-1", 1)], [report("一-1", 3, quantity=1)])
    answers = Answers(as_of(done, 3))
    assert answers.verdict == "截至3月末1项任务全部完成"
    assert answers.late_title == "没有逾期或滞后的任务"
    nothing = Answers(as_of(done, 3, unit="妇联"))
    assert nothing.verdict.startswith("没有符合条件的任务")
    assert nothing.worst_title("类型", nothing.categories) == "没有符合条件的任务"


def test_the_gantts_title_counts_as_the_overview_does(shipped):
    assert of_county(shipped, 9).plan_title == "22项任务完成6项，2项逾期、3项滞后；11月底6项到期"
    assert of_county(shipped, 12).plan_title.endswith("（10—12月没有填报，完成率停在9月末）")
    silent = Answers(as_of(plan([task("一-1", "1～10月")]), 5))
    assert silent.plan_title == "还没有填报：1项任务的计划时间；10月底1项到期"


def test_the_worst_group_is_named_with_its_gap_and_the_others_counted(shipped):
    answers = of_county(shipped, 9)
    assert answers.worst_title("类型", answers.categories) == (
        "产业帮扶最差：低于序时进度25.3个百分点；健康帮扶、劳务帮扶也有逾期或滞后"
    )
    assert answers.worst_title("单位", answers.units).endswith("等5个单位也有逾期或滞后")
    chosen = of_county(shipped, 9, category="健康帮扶", unit="区社会事业局")
    for kind, rows in (("类型", chosen.categories), ("单位", chosen.units)):
        text = chosen.worst_title(kind, rows)
        assert text == f"{rows['key'][0]}低于序时进度25.0个百分点，1项逾期"
    early = of_county(shipped, 1)
    assert early.worst_title("类型", early.categories).endswith("等4个类型也低于序时进度")


def test_the_places_of_the_month_before(shipped):
    answers = of_county(shipped, 9)
    before = of_county(shipped, 8)
    assert list(answers.units_before) == list(before.units["key"])
    assert list(answers.categories_before.values()) == list(range(1, 10))
    assert of_county(shipped, 1).units_before == of_county(shipped, 1).categories_before == {}


def test_one_category_is_not_compared_with_itself():
    data = plan([task("一-1", "1～4月")], [target("一-1", 4)], [report("一-1", 4, quantity=1)])
    assert Answers(as_of(data, 4)).verdict == (
        "截至4月末总体落后计划（完成25.0%，低75.0个百分点）；1项逾期"
    )


def test_a_unit_with_late_tasks_comes_before_one_with_a_greater_gap_and_none():
    """妇联 has one task behind and others far ahead: its mean is fine, its late task is not."""
    data = plan(
        [
            task("一-1", "1～10月", "妇联"),
            task("一-2", "1～10月", "妇联"),
            task("二-1", "1～10月", "总工会"),
        ],
        [],
        [
            report("一-1", 5, unit="妇联", percent=30),
            report("一-2", 5, unit="妇联", percent=100),
            report("二-1", 5, unit="总工会", percent=45),
        ],
    )
    rows = worst_first(as_of(data, 5).by_unit)
    assert list(rows["key"]) == ["妇联", "总工会"]
    assert list(rows["gap"].round(3)) == [-0.15, 0.05]


def test_changes_put_what_got_worse_before_what_got_done_before_what_moved(shipped):
    answers = of_county(shipped, 9)
    worse, done, *moved = answers.changes
    assert worse.status == Status.OVERDUE != worse.status_before
    assert done.status == Status.COMPLETED != done.status_before
    gains = [change.gain for change in moved]
    assert gains == sorted(gains, reverse=True)
    assert answers.change_title == "比上月：13项有进展，新增1项已完成，新增1项逾期"
    assert {task.task_id for task in answers.stuck} >= {"二-6", "二-4"}
    assert of_county(shipped, 1).change_title == "1月是计划的第一个月"


def test_requests_are_those_of_the_month_and_the_chosen_unit(shipped):
    requests = of_county(shipped, 9).requests
    assert [request.unit for request in requests] == ["区农业局", "区经发局", "区人社局"]
    assert [request.unit for request in of_county(shipped, 9, unit="区经发局").requests] == [
        "区经发局"
    ]
    assert of_county(shipped, 10).requests == []


def test_the_same_request_of_one_unit_stands_once():
    reports = [
        report(name, 5, percent=50) | {"coordination": "请协调场地。"} for name in ("一-1", "一-2")
    ]
    data = plan([task("一-1", "全年"), task("一-2", "全年")], [], reports)
    assert len(Answers(as_of(data, 5)).requests) == 1
