"""What is right by the rules and still asked about."""

from __future__ import annotations

import pytest

from lib import intake
from lib.intake import Severity
from tests.lib.intake.reports import GOOD, PERCENT, text, with_cell

WARNINGS = [
    (with_cell(PERCENT, "累计完成率", "40"), "低于2018-09已报的80%", True),
    (["八-2", "2018-03", "妇联", "", "", "99", ""], "高于", True),
    (["二-4", "2018-10", "区商务局", "", "", "90", ""], "增加超过50个百分点", False),
    (with_cell(GOOD, "本月完成", "30"), "超过目标10家的两倍", False),
    (with_cell(GOOD, "本月完成", "6"), "一个月完成目标10家的50%以上", False),
    (with_cell(GOOD, "本月完成", "1.5"), "1.5家不是整数", False),
    (with_cell(PERCENT, "累计完成率", "0.85"), "按0.85%计入", False),
]


@pytest.mark.parametrize(("row", "problem", "needs_reason"), WARNINGS)
def test_what_is_odd_is_a_warning_and_can_be_submitted(shipped, row, problem, needs_reason):
    checked = intake.check(text(row).encode(), "a.csv", shipped)
    assert not checked.errors
    assert any(problem in warning.problem for warning in checked.of(Severity.WARNING)), (
        checked.table()
    )
    assert len(checked.rows) == 1
    if needs_reason:
        assert checked.needs_reason


def test_the_same_event_counted_by_two_units_is_asked_about(shipped):
    units = shipped.tasks.at["八-1", "units"]
    rows = [["八-1", "2018-10", unit, "爱心捐赠活动", "1", "", ""] for unit in units[:2]]
    checked = intake.check(text(*rows).encode(), "a.csv", shipped)
    double = [warning for warning in checked.of(Severity.WARNING) if "重复计数" in warning.problem]
    assert {warning.row for warning in double} == {2, 3}
    assert units[1] in double[0].problem
