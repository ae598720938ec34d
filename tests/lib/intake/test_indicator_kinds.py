"""Reports of rates, parts of a whole, limits and sums of money."""

from __future__ import annotations

import pytest

from lib import intake
from lib.core import months
from lib.intake import Severity
from tests.lib.intake.reports import text
from tests.small_plans import YEAR, plan, report, target, task

UNIT = "区人社局"


@pytest.fixture(scope="module")
def data():
    rate = {"numerator": "已支付", "denominator": "到位", "counted_in": "万元"}
    return plan(
        [task("甲-1", "全年")],
        [
            target("甲-1", 95, "支付率", relation="不少于", measure="%", **rate),
            target("甲-1", 500, "就业", measure="人"),
            target("甲-1", 200, "其中脱贫", measure="人", whole="就业"),
            target("甲-1", 3, "事故", relation="不超过", measure="起"),
            target("甲-1", 3000, "消费帮扶", measure="万元"),
        ],
        [
            report("甲-1", 2, quantity=20, indicator="就业"),
            report("甲-1", 2, quantity=15, indicator="其中脱贫"),
        ],
    )


def checked(data, *filled, month="2018-03"):
    rows = [["甲-1", month, UNIT, name, amount, "", ""] for name, amount in filled]
    return intake.check(text(*rows).encode(), "a.csv", data)


def asked(result):
    return [each.problem for each in result.of(Severity.WARNING) if each.needs_consent]


def test_the_form_asks_for_numerator_and_denominator(data):
    rows = intake.entry_rows(data, UNIT, months.from_parts(YEAR, 3))
    asked_for = rows[["指标", "计量单位", "目标值", "上月累计"]].to_numpy().tolist()
    assert asked_for == [
        ["已支付", "万元", "", "0万元"],
        ["到位", "万元", "", "0万元"],
        ["就业", "人", "500", "20人"],
        ["其中脱贫", "人", "200", "15人"],
        ["事故", "起", "不超过3", "0起"],
        ["消费帮扶", "万元", "3000", "0万元"],
    ]


def test_both_quantities_of_a_rate_are_taken_in_any_money(data):
    result = checked(data, ("已支付", "1900000元"), ("到位", "0.02亿元"))
    assert not result.errors
    assert list(result.rows["quantity"]) == [190, 200]
    assert "1,900,000元按190万元计入" in [each.problem for each in result.of(Severity.NOTE)]


def test_a_rate_itself_is_not_reported_and_the_two_names_are_offered(data):
    error = checked(data, ("支付率", "95")).errors[0]
    assert "没有这个指标" in error.problem
    assert "已支付" in error.fix


def test_more_paid_than_arrived_is_asked_about(data):
    assert any(
        "超过了「到位」" in each for each in asked(checked(data, ("已支付", "5"), ("到位", "4")))
    )


@pytest.mark.parametrize(
    ("filled", "wrong"),
    [
        ([("就业", "5"), ("其中脱贫", "10")], False),  # 25 of 25 so far
        ([("就业", "5"), ("其中脱贫", "11")], True),
        ([("其中脱贫", "6")], True),
        ([("其中脱贫", "5")], False),
    ],
)
def test_a_part_is_never_more_than_its_whole_so_far(data, filled, wrong):
    errors = checked(data, *filled).errors
    assert bool(errors) is wrong
    assert all("超过了「就业」" in error.problem for error in errors)


def test_a_part_above_its_whole_in_a_file_changed_by_hand_is_told_and_the_figures_stand(data):
    assert not data.part_problems
    reports = data.progress.assign(quantity=[20, 25])
    (problem,) = data.with_progress(reports).part_problems
    assert "累计「其中脱贫」25，超过了「就业」20" in problem.message
    assert len(data.with_progress(reports).progress) == 2


def test_a_whole_that_is_lowered_below_its_part_is_an_error(data):
    assert checked(data, ("就业", "10"), month="2018-02").errors


def test_a_limit_that_is_passed_is_confirmed(data):
    assert not asked(checked(data, ("事故", "3")))
    assert asked(checked(data, ("事故", "4"))) == ["累计4起，超过了上限3"]


@pytest.mark.parametrize(
    ("amount", "slip"), [("2500000", True), ("0.025", True), ("250", False), ("2", False)]
)
def test_a_thousandfold_slip_in_money_is_asked_about(data, amount, slip):
    problems = asked(checked(data, ("消费帮扶", amount)))
    assert any("是不是单位填错了" in problem for problem in problems) is slip
