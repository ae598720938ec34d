"""The S-curve: planned value for the whole axis, earned value up to the month."""

import pytest

from lib.charts import LIGHT
from lib.charts.curve import s_curve


def test_the_s_curve_stops_at_the_month(september):
    planned, earned = s_curve(september, LIGHT).figure.data
    assert (len(planned.x), len(earned.x)) == (12, 9)
    assert earned.y[-1] == pytest.approx(september.overall["earned_value"].iloc[0])
    assert len(s_curve(september.of_tasks([]), LIGHT).figure.data) == 0


def test_no_label_covers_the_months(september):
    """八-1 is complete while nothing of it is planned yet."""
    earned, planned = s_curve(september.of_tasks(["八-1"]), LIGHT).figure.layout.annotations
    assert (earned.y, planned.y) == (1, 0)
    assert planned.yanchor == "bottom"
    assert {earned.xanchor, planned.xanchor} == {"left", "right"}
