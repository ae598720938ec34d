"""Charts of several plans: all against plan, two by category."""

from lib.charts import LIGHT
from lib.charts.plans import comparison_bars, portfolio_bars
from lib.core import portfolio
from tests.small_plans import two_plans


def written(chart):
    """The texts that a chart writes beside its bars."""
    return [text for trace in chart.figure.select_traces({"mode": "text"}) for text in trace.text]


def test_the_charts_show_each_plan_and_category():
    plans = two_plans()
    rows = portfolio.portfolio(
        {name: portfolio.summarise(figures) for name, figures in plans.items()}
    )
    chart = portfolio_bars(rows, LIGHT)
    assert list(chart.figure.data[0].customdata) == ["2019", "甲年"]
    assert any("× 逾期1项" in text for text in written(chart))
    both = comparison_bars(portfolio.compare(*plans.values()), "甲年", "2019", LIGHT)
    named = [trace.name for trace in both.figure.data if trace.type == "bar"]
    assert named == ["甲年", "2019"]
    assert any("没有这个类型" in text for text in written(both))
