"""Figures of the shipped plan: roll-ups agree with one another and with the words."""

import pandas as pd
import pytest

from lib.core.figures import Figures, Selection
from lib.files import plan_folder


def test_every_state_is_in_the_sample(shipped):
    seen, flags = set(), set()
    for month in shipped.axis:
        rows = Figures(shipped, Selection(month)).rows("task")
        seen |= set(rows["status"])
        flags |= {flag for row in rows["flags"] for flag in row}
    assert seen == {"已完成", "未到期", "逾期", "滞后", "正常"}
    assert flags == {"提前", "临期", "未报"}


def test_a_month_row_is_the_overall_of_that_month(shipped, september):
    rows = september.rows("month")
    assert next(iter(rows["key"])) == "2018-01"
    assert len(rows) == 12
    for key, row in rows.set_index("key").iterrows():
        month = pd.Period(key, "M").ordinal
        overall = Figures(shipped, Selection(month)).rows("overall").iloc[0]
        assert row.drop("spi").to_dict() == pytest.approx(overall.drop(["key", "spi"]).to_dict())


def test_a_selected_units_total_is_its_row_in_the_ranking(shipped, september):
    ranking = september.by_unit.set_index("key")
    for unit in shipped.units:
        total = september.of_unit(unit).overall.iloc[0]
        assert total["earned_value"] == pytest.approx(ranking.at[unit, "earned_value"])
        assert total["tasks"] == ranking.at[unit, "tasks"]


def test_a_cross_year_window_draws_out_the_axis(folder, rewrite):

    rewrite("plan.csv", "区党政办,全年", "区党政办,2018年3月—2019年2月")
    data = plan_folder.load(folder)
    assert len(data.axis) == 14
    assert len(Figures(data, Selection(data.latest_month)).rows("month")) == 12
