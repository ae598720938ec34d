"""Several plans: all in one table, two by category."""

from __future__ import annotations

import math

from lib.core import portfolio
from tests.small_plans import as_of, plan, report, task
from tests.small_plans import two_plans as two


def together(plans):
    return portfolio.portfolio({name: portfolio.summarise(plan) for name, plan in plans.items()})


def test_a_chart_of_many_plans_shows_those_furthest_behind():
    data = plan([task("一-1", "全年")], reports=[report("一-1", 5, percent=50)])
    plans = {f"计划{month}": as_of(data, month) for month in range(5, 13)}
    shown = portfolio.furthest_behind(together(plans), limit=3)
    assert shown["key"].tolist() == ["计划10", "计划11", "计划12"]
    assert len(portfolio.furthest_behind(together(plans))) == 8


def test_the_portfolio_has_a_row_per_plan():
    rows = together(two())
    assert rows["key"].tolist() == ["甲年", "2019"]
    assert rows["earned_value"].round(3).tolist() == [0.8, 0.375]
    assert rows["planned_value"].round(3).tolist() == [0.5, 0.708]
    assert rows["overdue"].tolist() == [0, 1]
    assert rows["spi"].round(2).tolist() == [1.6, 0.53]
    table = portfolio.portfolio_table(rows)
    assert table["完成率（%）"].tolist() == [80.0, 37.5]
    assert table["逾期（项）"].tolist() == [0, 1]
    finding = portfolio.portfolio_finding(rows)
    assert finding == "2个计划，1个低于序时进度，2019低于序时进度33.3个百分点；共1项任务逾期"


def test_without_plans_and_without_delay():
    empty = together({})
    assert portfolio.portfolio_finding(empty) == "还没有可以显示的计划"
    one = {"甲年": two()["甲年"]}
    told = portfolio.portfolio_finding(together(one))
    assert told == "1个计划都不低于序时进度；共0项任务逾期"


def test_a_plan_without_a_task_has_no_row():
    figures = as_of(plan([task("一-1", "全年")]), 5).of_tasks([])
    assert together({"空": figures, **two()})["key"].tolist() == ["甲年", "2019"]


def test_two_plans_by_category():
    plans = two()
    rows = portfolio.compare(plans["甲年"], plans["2019"])
    assert rows["key"].tolist() == ["甲类", "乙类"]
    assert rows["earned_a"].iloc[0] == 0.8
    assert math.isnan(rows["earned_a"].iloc[1])
    assert rows["earned_b"].tolist() == [0.25, 0.5]
    table = portfolio.comparison_table(rows, "甲年", "2019")
    assert table["相差（百分点）"].iloc[0] == -55.0
    told = portfolio.comparison_finding(rows, "甲年", "2019")
    assert told == "2019比甲年：0个类型更快，1个更慢，甲类相差最大（-55.0个百分点）"


def test_plans_without_a_common_category():
    plans = two()
    rows = portfolio.compare(plans["甲年"], plans["2019"]).iloc[1:]
    assert portfolio.comparison_finding(rows, "甲年", "2019") == "甲年和2019没有相同的类型"
