"""Reporting on time: due days, what is late, what is missing, what is not judged yet."""

from __future__ import annotations

from datetime import date

import pytest

from lib.core import months
from lib.core.due_days import DueDay, parse_due
from lib.core.figures import Figures, Selection
from lib.core.punctuality import Punctuality, reporting_calendar
from tests.small_plans import YEAR, plan, report, task

MARCH, APRIL = (months.from_parts(YEAR, number) for number in (3, 4))


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("次月5日前", date(2018, 4, 5)),
        ("次月 5 日之前", date(2018, 4, 5)),
        ("当月25日", date(2018, 3, 25)),
        ("本月31号前", date(2018, 3, 31)),
        ("每月底", date(2018, 3, 31)),
        ("每月月末前", date(2018, 3, 31)),
        ("每月5日", date(2018, 4, 5)),
        ("每月28日前", date(2018, 3, 28)),
        ("次月31日", date(2018, 4, 30)),
    ],
)
def test_due_days_as_offices_say_them(words, due):
    assert parse_due(words).of(MARCH) == due


@pytest.mark.parametrize("words", ["", "5日", "次月32日", "次月0日", "随时", "次月5"])
def test_what_is_no_due_day(words):
    assert parse_due(words) is None


def test_the_last_day_of_february():
    assert DueDay(next_month=False, day=30).of(months.from_parts(2019, 2)) == date(2019, 2, 28)


def calendar(*reports, today=date(2018, 5, 1), month=APRIL):
    tasks = [task("甲-1", "3～12月", "总工会、妇联"), task("甲-2", "4～12月", "妇联")]
    data = plan(tasks, None, list(reports))
    return reporting_calendar(Figures(data, Selection(month)), today)


def states(reporting):
    return {(row.unit, row.month): row.state for row in reporting.rows.itertuples()}


def sent(task_id, month, unit, day):
    return {**report(task_id, month, unit=unit, percent=10), "reported_at": f"2018-{day} 17:00:00"}


def test_a_unit_is_on_time_when_its_last_task_is():
    seen = calendar(
        sent("甲-1", 3, "总工会", "04-05"),
        sent("甲-1", 3, "妇联", "04-06"),
        sent("甲-1", 4, "妇联", "04-20"),
    )
    assert states(seen) == {
        ("总工会", MARCH): Punctuality.ON_TIME,
        ("妇联", MARCH): Punctuality.LATE,
        ("总工会", APRIL): Punctuality.OPEN,
        ("妇联", APRIL): Punctuality.OPEN,
    }
    assert seen.rate == 0.5
    assert seen.grid().to_dict("records") == [
        {"单位": "妇联", "2018-03": "▲ 迟报", "2018-04": "○ 待报 1/2", "按时率": "0%"},
        {"单位": "总工会", "2018-03": "√ 按时", "2018-04": "○ 待报", "按时率": "100%"},
    ]
    assert seen.sentence(MARCH, "3月") == "3月应报2家，按时1家，迟报1家（妇联）"


def test_what_is_not_reported_by_the_due_day_is_missing():
    seen = calendar(sent("甲-1", 4, "妇联", "05-02"), today=date(2018, 5, 6))
    assert states(seen)["妇联", APRIL] == Punctuality.MISSING
    assert "× 未报 1/2" in seen.grid()["2018-04"].tolist()
    assert seen.sentence(APRIL, "4月") == "4月应报2家，未报2家（总工会、妇联）"


def test_months_to_come_and_units_without_tasks_ask_for_nothing():
    seen = calendar(today=date(2018, 3, 10), month=APRIL)
    assert set(seen.rows["month"]) == {MARCH}
    assert seen.rate is None
    assert calendar(month=months.from_parts(YEAR, 2)).sentence(APRIL, "4月") == ""


def test_a_report_without_a_time_is_reported():
    seen = calendar(report("甲-1", 3, unit="总工会", percent=10))
    assert states(seen)["总工会", MARCH] == Punctuality.ON_TIME
