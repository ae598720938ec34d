"""Indicators as they are judged: rates, parts of a whole, limits, over-fulfilment, sums of money."""

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.cli.__main__ import main
from lib.core import views, wording
from lib.core.figures import INDICATOR_FIELDS, Figures, Selection, to_json
from lib.core.indicators import done_of_target
from lib.core.problems import DataError
from tests.small_plans import as_of, plan, report, target, task

RATE = target(
    "甲-1",
    95,
    "支付率",
    relation="不少于",
    measure="%",
    numerator="已支付",
    denominator="到位",
    counted_in="万元",
)
JOBS = target("甲-1", 500, "就业", measure="人")
POOR = target("甲-1", 200, "其中脱贫", measure="人", whole="就业")
ACCIDENTS = target("甲-1", 3, "事故", relation="不超过", measure="起")


def indicator(data, month, name):
    rows = as_of(data, month).indicators.set_index("indicator", drop=False)
    return rows.loc[name]


def completion(data, month):
    return float(as_of(data, month).tasks["completion"].iloc[0])


def test_a_rate_is_numerator_over_denominator_so_far_against_its_target():
    reports = [
        report("甲-1", 2, quantity=300, indicator="到位"),
        report("甲-1", 3, quantity=190, indicator="已支付"),
        report("甲-1", 6, quantity=200, indicator="到位"),
    ]
    data = plan([task("甲-1", "全年")], [RATE], reports)
    assert indicator(data, 1, "支付率")["done"] == 0
    assert indicator(data, 3, "支付率")["done"] == pytest.approx(190 / 300 * 100)
    assert completion(data, 3) == pytest.approx(190 / 300 / 0.95)
    assert completion(data, 6) == pytest.approx(190 / 500 / 0.95)
    assert indicator(data, 6, "支付率")["planned_value"] == pytest.approx(0.5)


def test_a_rate_is_never_more_than_complete_and_its_own_name_is_not_reported():
    both = [report("甲-1", 2, quantity=100, indicator=name) for name in ("到位", "已支付")]
    data = plan([task("甲-1", "全年")], [RATE], both)
    assert completion(data, 2) == 1
    with pytest.raises(AssertionError, match="没有这个指标"):
        plan([task("甲-1", "全年")], [RATE], [report("甲-1", 2, quantity=9, indicator="支付率")])


def test_a_denominator_that_is_an_indicator_itself_is_reported_once():
    funds = target("甲-1", 500, "到位", measure="万元")
    data = plan(
        [task("甲-1", "全年")],
        [funds, RATE],
        [
            report("甲-1", 2, quantity=250, indicator="到位"),
            report("甲-1", 2, quantity=190, indicator="已支付"),
        ],
    )
    assert list(data.reported["indicator"]) == ["到位", "已支付"]
    assert completion(data, 2) == pytest.approx((250 / 500 + 190 / 250 / 0.95) / 2)


def test_a_part_counts_within_its_whole_and_not_as_an_indicator_of_its_own():
    others = [target("甲-1", 10, "期数"), target("甲-1", 4, "车间")]
    reports = [
        report("甲-1", 2, quantity=500, indicator="就业"),
        report("甲-1", 2, quantity=50, indicator="其中脱贫"),
        report("甲-1", 2, quantity=10, indicator="期数"),
    ]
    data = plan([task("甲-1", "全年")], [JOBS, POOR, *others], reports)
    whole = 0.5 * 1 + 0.5 * (50 / 200)
    assert completion(data, 2) == pytest.approx((whole + 1 + 0) / 3)
    shares = as_of(data, 2).indicators.set_index("indicator")["share"]
    assert dict(shares.round(6)) == {
        "就业": round(1 / 6, 6),
        "其中脱贫": round(1 / 6, 6),
        "期数": round(1 / 3, 6),
        "车间": round(1 / 3, 6),
    }


def test_parts_by_place_share_their_half_of_the_whole():
    places = [
        target("甲-1", 300, f"其中{name}", measure="人", whole="就业") for name in ("东县", "西县")
    ]
    data = plan(
        [task("甲-1", "全年")],
        [JOBS, *places],
        [
            report("甲-1", 2, quantity=300, indicator="就业"),
            report("甲-1", 2, quantity=300, indicator="其中东县"),
        ],
    )
    assert completion(data, 2) == pytest.approx(0.5 * 0.6 + 0.5 * (1 + 0) / 2)


def test_a_limit_is_kept_while_it_is_kept_and_broken_when_it_is_broken():
    reports = [
        report("甲-1", 3, quantity=0, indicator="事故"),
        report("甲-1", 6, quantity=3, indicator="事故"),
        report("甲-1", 9, quantity=1, indicator="事故"),
    ]
    data = plan([task("甲-1", "全年")], [ACCIDENTS], reports)
    # nothing is known before the first report; then in step with time up to the last one
    assert [completion(data, month) for month in (2, 3, 4, 6, 8)] == pytest.approx(
        [0, 3 / 12, 3 / 12, 6 / 12, 6 / 12]
    )
    assert [completion(data, month) for month in (9, 12)] == [0, 0]
    assert "已超过" in done_of_target(indicator(data, 9, "事故"))
    kept = plan(
        [task("甲-1", "全年")],
        [ACCIDENTS],
        [*reports[:2], report("甲-1", 12, quantity=0, indicator="事故")],
    )
    assert as_of(kept, 12).tasks["status"].iloc[0] == "已完成"


def test_what_is_over_target_is_said_as_it_is_published_beside_the_capped_completion():
    data = plan(
        [task("甲-1", "全年")], [JOBS], [report("甲-1", 2, quantity=3465, indicator="就业")]
    )
    row = views.indicator_table(as_of(data, 2)).iloc[0]
    assert row["完成／目标"] == "3,465／500人（目标的693%）"
    assert row[views.EARNED] == 100


@pytest.mark.parametrize(
    ("value", "measure", "words"),
    [
        (12_000, "万元", "1.2亿元"),
        (3_000, "万元", ""),
        (0.32, "亿元", "3,200万元"),
        (65_000, "元", "6.5万元"),
        (0.5, "万元", "5,000元"),
        (0, "元", ""),
        (12_000, "人", ""),
    ],
)
def test_sums_are_said_both_ways(value, measure, words):
    assert wording.in_other_money(value, measure) == words


def test_parts_stand_below_their_whole():
    data = plan([task("甲-1", "全年")], [target("甲-1", 1, "会"), POOR, JOBS])
    assert list(views.indicator_table(as_of(data, 2))["指标"]) == ["会", "就业", "其中脱贫"]


WRONG = [
    ([{**RATE, "denominator": ""}], "分子、分母只写了一个"),
    ([{**RATE, "measure": "个"}], "有分子、分母的是比率"),
    ([{**RATE, "numerator": "支付率"}], "分子、分母是比率本身"),
    ([POOR], "这项任务没有这个指标"),
    ([JOBS, {**POOR, "measure": "户"}], "计量单位与所属指标不同"),
    ([JOBS, {**POOR, "target": 600}], "大于所属指标的目标值"),
    ([JOBS, POOR, {**POOR, "indicator": "其中女性", "whole": "其中脱贫"}], "自己也是其中一部分"),
]


@pytest.mark.parametrize(("targets", "message"), WRONG)
def test_indicators_that_do_not_hold_together_are_refused(targets, message):
    with pytest.raises(DataError, match=message):
        plan([task("甲-1", "全年")], targets)


quantities = st.lists(
    st.tuples(
        st.integers(1, 12),
        st.sampled_from(["已支付", "到位", "就业", "其中脱贫", "事故", "期数"]),
        st.integers(0, 400),
    ),
    max_size=25,
    unique_by=lambda filled: filled[:2],
)


@given(quantities, st.integers(1, 12))
@settings(max_examples=settings.default.max_examples // 2)
def test_the_figures_are_those_of_a_second_way_to_compute_them(filled, month):
    """One task with all kinds, added up by hand: no frame, no array."""
    reports = [report("甲-1", of, quantity=n, indicator=name) for of, name, n in filled]
    data = plan(
        [task("甲-1", "全年")], [RATE, JOBS, POOR, ACCIDENTS, target("甲-1", 10, "期数")], reports
    )

    def so_far(name):
        return sum(n for of, other, n in filled if other == name and of <= month)

    rate = so_far("已支付") / so_far("到位") if so_far("到位") else 0
    told = [of for of, name, _ in filled if name == "事故" and of <= month]
    limit = max(told) / 12 if told and so_far("事故") <= 3 else 0
    expected = (
        min(rate / 0.95, 1)
        + (min(so_far("就业") / 500, 1) + min(so_far("其中脱贫") / 200, 1)) / 2
        + limit
        + min(so_far("期数") / 10, 1)
    ) / 4
    time = month / 12
    planned = (
        time
        + (int(500 * time + 1e-9) / 500 + int(200 * time + 1e-9) / 200) / 2
        + time
        + int(10 * time + 1e-9) / 10
    ) / 4
    row = as_of(data, month).tasks.iloc[0]
    assert row["completion"] == pytest.approx(expected)
    assert row["planned_value"] == pytest.approx(planned)


def test_figures_by_indicator_are_those_of_the_pages(capsys, september):
    assert main(["figures", "--data", "data", "--month", "2018-09", "--by", "indicator"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [list(row) for row in rows] == [INDICATOR_FIELDS] * len(rows)
    assert [row["done"] for row in rows] == list(september.indicators["done"])


def test_the_figures_of_2018_are_what_they_were(shipped):
    """All figures of all months, as they were before there were rates, parts and limits."""
    texts = [
        to_json(figures.rows(by))
        for month in shipped.axis
        for narrative in (False, True)
        for figures in [Figures(shipped, Selection(month, with_narrative=narrative))]
        for by in ("overall", "category", "unit", "month", "task")
    ]
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest()
    assert digest == "d2199afc4b6fb22dbb1df72ea1a7ce0148d9621d32f3e90b25e5fe7b9be3d30c"
