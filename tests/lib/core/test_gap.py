"""Below plan: what is counted is what the words say, for one figure and for many."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core import portfolio, wording
from lib.core.gap import in_points, is_below_plan, is_beyond

SHARES = st.floats(0, 1)


@given(SHARES, SHARES)
def test_a_figure_counts_as_below_plan_where_the_words_say_so(earned, planned):
    words = wording.against_plan(earned, planned)
    assert is_below_plan(earned, planned) == words.startswith("低于")
    assert (in_points(earned - planned) == 0) == (words == "与序时进度持平")


@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=5))
def test_many_figures_are_judged_as_each_of_them(pairs):
    frame = pd.DataFrame(pairs, columns=["earned", "planned"])
    expected = [bool(is_below_plan(earned, planned)) for earned, planned in pairs]
    assert is_below_plan(frame["earned"], frame["planned"]).tolist() == expected
    assert (
        is_below_plan(frame[["earned"]], frame[["planned"]].set_axis(["earned"], axis=1))[
            "earned"
        ].tolist()
        == expected
    )


@pytest.mark.parametrize(
    ("gap", "beyond"), [(0.1, False), (0.1 + 1e-12, False), (0.11, True), (-0.5, False)]
)
def test_the_threshold_itself_is_not_beyond(gap, beyond):
    assert bool(is_beyond(gap, 0.1)) is beyond
    assert is_beyond(np.array([gap]), 0.1).tolist() == [beyond]


def rows(**earned):
    """Rows of a roll-up, all planned at one half."""
    return pd.DataFrame(
        {
            "key": list(earned),
            "earned_value": list(earned.values()),
            "planned_value": 0.5,
            "overdue": 0,
        }
    )


def test_a_plan_that_is_level_in_words_is_not_counted_as_below():
    assert portfolio.portfolio_finding(rows(甲=0.4999, 乙=0.6)) == (
        "2个计划都不低于序时进度；共0项任务逾期"
    )
    assert portfolio.portfolio_finding(rows(甲=0.4999, 乙=0.479)) == (
        "2个计划，1个低于序时进度，乙低于序时进度2.1个百分点；共0项任务逾期"
    )
