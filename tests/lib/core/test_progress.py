"""The rules on small plans, and the invariants that hold for all plans."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.core import months
from lib.core.progress import assess
from lib.core.rollup import roll_up
from tests.small_plans import YEAR, as_of, plan, report, target, task


def row(figures):
    rows = figures.rows("task")
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize(("month", "planned"), [(3, 0), (4, 1 / 8), (9, 6 / 8), (11, 1), (12, 1)])
def test_a_qualitative_plan_is_linear_over_the_windows_months(month, planned):
    data = plan([task("甲-1", "4～11月")])
    assert row(as_of(data, month))["planned_value"] == pytest.approx(planned)


@pytest.mark.parametrize(("month", "planned"), [(10, 0), (11, 1)])
def test_half_an_event_cannot_be_due(month, planned):
    data = plan([task("甲-1", "4～11月")], [target("甲-1", 1, relation="不少于")])
    assert row(as_of(data, month))["planned_value"] == planned


def test_events_fall_due_one_by_one():
    data = plan([task("甲-1", "3～11月")], [target("甲-1", 10)])
    assert row(as_of(data, 9))["planned_value"] == pytest.approx(0.7)


def test_all_of_a_broken_target_is_due_at_the_end():
    data = plan([task("甲-1", "3～4月")], [target("甲-1", 0.5)])
    assert [row(as_of(data, month))["planned_value"] for month in (3, 4)] == [0, 1]


def test_a_range_counts_its_lower_bound():
    data = plan(
        [task("甲-1", "5月")],
        [target("甲-1", 2, relation="区间", upper=3)],
        [report("甲-1", 5, quantity=2)],
    )
    assert row(as_of(data, 5))["completion"] == 1


def test_a_task_is_the_mean_of_its_indicators_and_none_counts_above_one():
    data = plan(
        [task("甲-1", "全年")],
        [target("甲-1", 10, "场"), target("甲-1", 4, "人")],
        [
            report("甲-1", 2, quantity=30, indicator="场"),
            report("甲-1", 3, quantity=1, indicator="人"),
        ],
    )
    assert row(as_of(data, 3))["completion"] == pytest.approx((1 + 0.25) / 2)


def test_quantities_of_a_joint_task_sum_and_shares_of_a_qualitative_one_average():
    units = "总工会、妇联"
    data = plan(
        [task("甲-1", "全年", units), task("甲-2", "全年", units)],
        [target("甲-1", 4)],
        [
            report("甲-1", 2, unit="总工会", quantity=1),
            report("甲-1", 2, unit="妇联", quantity=2),
            report("甲-2", 2, unit="总工会", percent=60),
            report("甲-2", 4, unit="总工会", percent=80),
        ],
    )
    figures = as_of(data, 3)
    assert list(figures.rows("task")["completion"]) == pytest.approx([0.75, 0.30])
    by_unit = figures.rows("unit").set_index("key")["earned_value"]
    assert by_unit["总工会"] == pytest.approx((0.75 + 0.60) / 2)
    assert by_unit["妇联"] == pytest.approx((0.75 + 0.0) / 2)


STATES = [
    (5, 100, "4～11月", "已完成", ["提前"]),
    (3, None, "4～11月", "未到期", []),
    (11, 99, "4～11月", "逾期", []),
    (12, 50, "4～11月", "逾期", []),
    (7, 39.9, "4～11月", "滞后", []),
    (7, 40.0, "4～11月", "正常", []),
    (3, 5, "4～11月", "正常", []),
    (10, 80, "4～11月", "正常", ["临期"]),
    (5, 60, "4～11月", "正常", ["提前"]),
]


@pytest.mark.parametrize(("month", "percent", "window", "status", "flags"), STATES)
def test_status_in_the_order_of_the_rule(month, percent, window, status, flags):
    reports = [] if percent is None else [report("甲-1", month, percent=percent)]
    seen = row(as_of(plan([task("甲-1", window)], None, reports), month))
    assert (seen["status"], seen["flags"]) == (status, flags)


def test_exactly_the_threshold_below_plan_is_not_behind_and_the_threshold_is_a_setting():
    tasks, reports = [task("甲-1", "1～10月")], [report("甲-1", 5, percent=40)]
    assert row(as_of(plan(tasks, None, reports), 5))["status"] == "正常"
    assert row(as_of(plan(tasks, None, reports, threshold=0.05), 5))["status"] == "滞后"


def test_unreported_names_a_missing_unit_in_the_window_only():
    data = plan(
        [task("甲-1", "3～4月", "总工会、妇联")],
        None,
        [report("甲-1", 3, unit="总工会", percent=50)],
    )
    assert "未报" not in row(as_of(data, 2))["flags"]
    assert "未报" in row(as_of(data, 3))["flags"]
    assert list(as_of(data, 3).missing_reports["unit"]) == ["妇联"]
    assert "未报" not in row(as_of(data, 5))["flags"]


def test_projection_by_the_pace_so_far():
    data = plan([task("甲-1", "3～12月")], None, [report("甲-1", 4, percent=20)])
    assert as_of(data, 4).projected["甲-1"] == months.from_parts(YEAR, 12)
    assert as_of(data, 2).projected.isna().all()


quantities = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 12)), max_size=12, unique_by=lambda x: x[0]
)
percents = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 100)), max_size=12, unique_by=lambda x: x[0]
)


@given(quantities, percents, st.floats(0.1, 10), st.floats(0.1, 10))
@settings(max_examples=settings.default.max_examples // 2)
def test_invariants(reported, shares, weight, scale):
    def figures(factor: float, reports):
        tasks = [
            task("甲-1", "3～11月", weight=weight * factor),
            task("甲-2", "全年", weight=factor),
            task("乙-1", "8月前", weight=2 * factor, category="乙类"),
        ]
        return plan(tasks, [target("甲-1", 7)], reports)

    reports = [report("甲-1", month, quantity=n) for month, n in reported]
    reports += [report("甲-2", month, percent=n) for month, n in shares]
    data = figures(1.0, reports)
    assessed = assess(data).tasks
    for name in ("completion", "planned_value"):
        assert assessed[name].between(0, 1).all()
    # more months never lower a quantity's completion or any planned value
    grid = assessed.pivot_table(index="task_id", columns="month", values="completion")
    assert (np.diff(grid.loc["甲-1"]) >= 0).all()
    planned = assessed.pivot_table(index="task_id", columns="month", values="planned_value")
    assert (np.diff(planned, axis=1) >= -1e-12).all()
    # a further report never lowers a quantity's completion
    more = assess(data.with_progress(data.progress.iloc[:-1])).tasks
    less_rows = more.loc[more["task_id"] == "甲-1", "completion"].to_numpy()
    assert (grid.loc["甲-1"].to_numpy() >= less_rows - 1e-12).all()
    # weights scale out; categories add up to the total
    view, scaled = as_of(data, 9), as_of(figures(scale, reports), 9)
    for name in ("planned_value", "earned_value"):
        assert view.overall[name].iloc[0] == pytest.approx(scaled.overall[name].iloc[0])
        groups = view.by_category
        total = (groups[name] * groups["weight"]).sum() / groups["weight"].sum()
        assert view.overall[name].iloc[0] == pytest.approx(total)
    counts = ["completed", "on_track", "behind", "overdue", "not_due"]
    months_rolled = roll_up(assessed, ["month"])
    assert (months_rolled[counts].sum(axis=1) == months_rolled["tasks"]).all()


MILESTONES = "第一季度：完成选线\n8月底前：完成路基\n10月底前：全线铺装"


def by_hand(due, month):
    """The share of the due months that are over, counted one by one."""
    return sum(month >= each for each in due) / len(due)


@pytest.mark.parametrize("month", range(1, 13))
def test_milestones_fall_due_in_equal_parts(month):
    data = plan([task("甲-1", "全年", milestones=MILESTONES), task("甲-2", "4～11月")])
    rows = as_of(data, month).rows("task").set_index("task_id")
    # The last part is due with the window, which is two months longer.
    assert rows.at["甲-1", "planned_value"] == pytest.approx(by_hand((3, 8, 10, 12), month))
    assert rows.at["甲-2", "planned_value"] == pytest.approx(min(max(month - 3, 0) / 8, 1))


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize(
    ("window", "due"),
    [("每季度一次", (3, 6, 9, 12)), ("每半年一次", (6, 12)), ("每月", tuple(range(1, 13)))],
)
def test_recurring_work_is_due_each_time(window, due, month):
    data = plan([task("甲-1", window)])
    assert row(as_of(data, month))["planned_value"] == pytest.approx(by_hand(due, month))


@pytest.mark.parametrize(("month", "planned"), [(2, 0), (3, 0.25), (9, 0.5), (12, 1)])
def test_an_indicator_of_a_task_with_milestones_follows_them(month, planned):
    steps = "第一季度：甲\n第三季度：乙\n11月：丙"
    data = plan([task("甲-1", "全年", milestones=steps)], [target("甲-1", 4)])
    assert row(as_of(data, month))["planned_value"] == planned
