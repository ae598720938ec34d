"""Several plans: all in one table, two by category."""

from __future__ import annotations

import math

from lib.charts import LIGHT
from lib.charts.gantt import gantt
from lib.charts.plans import comparison_bars, portfolio_bars
from lib.core import portfolio
from lib.planning import adoption
from lib.planning.proposal import of_running_plan
from tests.small_plans import as_of, plan, report, target, task


def two():
    one = plan([task("一-1", "1～10月")], [target("一-1", 10)], [report("一-1", 5, quantity=8)])
    other = plan(
        [task("一-1", "1～4月", category="甲类"), task("二-1", "全年", category="乙类")],
        [target("一-1", 4)],
        [report("一-1", 3, quantity=1), report("二-1", 3, percent=50)],
    )
    return {"甲年": as_of(one, 5), "2019": as_of(other, 5)}


def together(plans):
    return portfolio.portfolio(portfolio.summarise(*one) for one in plans.items())


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
    assert finding == "2个计划，1个低于序时进度，2019落后序时进度33.3个百分点；共1项任务逾期"


def test_without_plans_and_without_delay():
    empty = together({})
    assert portfolio.portfolio_finding(empty) == "还没有可以显示的计划"
    one = {"甲年": two()["甲年"]}
    told = portfolio.portfolio_finding(together(one))
    assert told == "1个计划都不低于序时进度；共0项任务逾期"


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


def written(chart):
    """The texts that a chart writes beside its bars."""
    return [text for trace in chart.figure.select_traces({"mode": "text"}) for text in trace.text]


def test_the_charts_show_each_plan_and_category():
    plans = two()
    rows = together(plans)
    chart = portfolio_bars(rows, LIGHT)
    assert list(chart.figure.data[0].customdata) == ["2019", "甲年"]
    assert any("× 逾期1项" in text for text in written(chart))
    both = comparison_bars(portfolio.compare(*plans.values()), "甲年", "2019", LIGHT)
    named = [trace.name for trace in both.figure.data if trace.type == "bar"]
    assert named == ["甲年", "2019"]
    assert any("没有这个类型" in text for text in written(both))


def test_the_gantt_shows_the_window_first_adopted_under_the_present_one(folder):
    from lib import planning
    from lib.core.figures import Figures, Selection
    from lib.store import open_store

    where = adoption.context(folder, "")
    proposal = of_running_plan(where.current, *where.tables)
    edited = proposal.plan.copy()
    edited.loc[edited["任务编号"] == "二-6", "计划完成时间"] = "6～10月"
    draft = planning.draft(proposal.edited(edited, proposal.targets), where, user="张三")
    open_store(folder).submit(draft)
    data = open_store(folder).dataset()
    figure = gantt(Figures(data, Selection(data.latest_month)), LIGHT).figure
    (first,) = [trace for trace in figure.data if trace.name == "基准"]
    assert list(first.customdata) == ["二-6"]
    assert list(first.x) == [3]
    assert "6～8月" in first.hovertext[0]
