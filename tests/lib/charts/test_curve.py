"""The S-curve: planned value for the whole axis, earned value up to the month."""

import pytest

from lib.charts import LIGHT
from lib.charts.curve import s_curve
from lib.core import months
from lib.core.figures import Figures, Selection


def test_the_s_curve_stops_at_the_month(september):
    planned, earned = s_curve(september, LIGHT).figure.data
    assert (len(planned.x), len(earned.x)) == (12, 9)
    assert earned.y[-1] == pytest.approx(september.overall["earned_value"].iloc[0])
    assert len(s_curve(september.of_tasks([]), LIGHT).figure.data) == 0


def test_no_label_covers_the_months(september):
    """八-1 is complete while nothing of it is planned yet: its lower label stands below nought."""
    figure = s_curve(september.of_tasks(["八-1"]), LIGHT).figure
    earned, planned = figure.layout.annotations
    assert (earned.y, planned.y) == (1, 0)
    assert (planned.yanchor, {earned.xanchor, planned.xanchor}) == ("top", {"left", "right"})
    room_below = -figure.layout.yaxis.range[0] * figure.layout.height
    assert room_below > 2 * figure.layout.font.size


def test_no_label_lies_on_the_plan_of_the_months_after_an_early_one(shipped):
    february = Figures(shipped, Selection(months.from_parts(2018, 2)))
    figure = s_curve(february, LIGHT).figure
    earned, planned = figure.layout.annotations
    assert (earned.xanchor, earned.yanchor) == ("left", "top")
    covered = figure.data[0].y[1:6]
    assert planned.ay >= max(covered)
