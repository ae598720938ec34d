"""核实: what is reported at 100 % waits until the office has verified or returned it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core import findings, months
from lib.core.answers import Answers
from lib.core.figures import GROUP_FIELDS, Figures, Selection
from lib.core.matters import Act, MatterError, Step
from lib.core.status import Status
from lib.core.task_steps import completed
from lib.core.verification import Decision, before_run, judge
from lib.core.views import indicator_table, task_table, waiting_table
from tests.small_plans import as_of, plan, report, target, task

WAITS = "已报完成、待核实"


def verified(data, *steps, **facts):
    """The plan where 核实 is asked for, after some steps that each had to fit."""
    data = replace(data, settings=replace(data.settings, verify=True), **facts)
    for step in steps:
        data = replace(data, task_steps=(*data.task_steps, completed(data, step)))
    return data


def decide(act, month, task_id="甲", **facts):
    facts = {"way": "现场", "words": "到村看过", **facts}
    return Step(
        "",
        act,
        "2018-10-09 09:00",
        "李主任",
        task_id=task_id,
        month=months.text(months.from_parts(2018, month)),
        **facts,
    )


def states(data, task_id="甲", last=8):
    rows = Figures(data, Selection(data.latest_month)).history
    rows = rows[rows["task_id"] == task_id].head(last)
    return list(rows["status"].astype("str")), list(rows["completion"].round(2))


ONE = [task("甲", "1～8月")]
REPORTS = [report("甲", month, percent=percent) for month, percent in ((1, 40), (3, 80), (5, 100))]


def test_a_task_at_100_waits_until_it_is_verified():
    data = verified(plan(ONE, reports=REPORTS))
    assert states(data)[0][4:] == [WAITS] * 4
    assert states(data)[1][4] == 1.0
    assert states(replace(data, verified_only=True))[1][3:6] == [0.8, 0.8, 0.8]
    assert states(replace(data, verified_only=True))[0][4:] == [WAITS] * 4
    done = verified(data, decide(Act.CONFIRM, 6))
    assert states(done) == (
        [*states(data)[0][:4], *["已完成"] * 4],
        states(data)[1],
    )
    assert states(replace(done, verified_only=True)) == states(done)
    with pytest.raises(MatterError, match="已经核实"):
        verified(done, decide(Act.CONFIRM, 6))


def test_what_is_returned_counts_without_its_last_step_until_the_next_report():
    data = verified(plan(ONE, reports=REPORTS), decide(Act.REJECT, 5))
    assert states(data)[1][4:] == [0.8] * 4
    assert states(data)[0][-1] == "逾期"
    again = plan(ONE, reports=[*REPORTS, report("甲", 7, percent=100)])
    data = verified(again, *data.task_steps)
    assert states(data)[0][4:] == ["正常", "正常", WAITS, WAITS]
    data = verified(data, decide(Act.CONFIRM, 7))
    assert states(data)[0][4:] == ["正常", "正常", "已完成", "已完成"]


def test_a_correction_opens_it_again():
    data = verified(plan(ONE, reports=REPORTS), decide(Act.CONFIRM, 5))
    lower = plan(ONE, reports=[*REPORTS[:2], report("甲", 5, percent=90)])
    lower = verified(lower, task_steps=data.task_steps)
    assert states(lower)[1][4] == 0.9
    # corrected, and then reported at 100 % once more: what was verified is not what stands there
    words = plan(ONE, reports=[*REPORTS[:2], {**REPORTS[2], "note": "又改了"}])
    assert states(verified(words, task_steps=data.task_steps))[0][4] == WAITS
    # a later report that stays at 100 % leaves it verified
    later = plan(ONE, reports=[*REPORTS, report("甲", 7, percent=100)])
    assert states(verified(later, task_steps=data.task_steps))[0][4:] == ["已完成"] * 4


TWO = [target("甲", 10, "场次"), target("甲", 2, "站点")]
NUMBERS = [
    report("甲", 2, quantity=4, indicator="场次"),
    report("甲", 4, quantity=6, indicator="场次"),
    report("甲", 6, quantity=2, indicator="站点"),
]


def test_indicators_wait_one_by_one():
    data = verified(plan(ONE, TWO, NUMBERS))
    figures = as_of(data, 5)
    assert figures.indicators["waits"].tolist() == [True, False]
    assert figures.tasks["status"].tolist() == ["正常"]
    assert as_of(replace(data, verified_only=True), 5).tasks["completion"].tolist() == [0.2]
    assert as_of(data, 6).tasks["status"].tolist() == [WAITS]
    data = verified(data, decide(Act.CONFIRM, 6, indicator="场次"))
    assert as_of(data, 6).indicators["waits"].tolist() == [False, True]
    assert as_of(data, 6).tasks["status"].tolist() == [WAITS]
    assert as_of(replace(data, verified_only=True), 6).tasks["completion"].tolist() == [0.5]
    assert waiting_table(as_of(data, 6))["指标"].tolist() == [""]
    whole = verified(data, decide(Act.CONFIRM, 6))
    assert as_of(whole, 6).tasks["status"].tolist() == ["已完成"]
    texts = indicator_table(as_of(data, 6)).set_index("指标")["完成／目标"]
    assert texts.to_dict() == {"场次": "10／10次", "站点": "2／2次（已报完成、待核实）"}
    assert "1个已报完成、待核实" in findings.indicators(as_of(data, 6))
    returned = verified(data, decide(Act.REJECT, 6, indicator="站点"))
    assert as_of(returned, 6).tasks["completion"].tolist() == [0.5]


def test_a_joint_task_waits_in_each_units_row():
    joint = [task("甲", "1～8月", "区人社局、妇联")]
    reports = [
        report("甲", 3, percent=100),
        report("甲", 4, percent=50, unit="妇联"),
        report("甲", 6, percent=100, unit="妇联"),
    ]
    data = verified(plan(joint, reports=reports))
    assert as_of(data, 6).unit_tasks["status"].tolist() == [WAITS, WAITS]
    assert as_of(replace(data, verified_only=True), 6).unit_tasks["completion"].tolist() == [1, 0.5]
    data = verified(data, decide(Act.REJECT, 6))
    assert as_of(data, 6).tasks["completion"].tolist() == [0.75]


@pytest.mark.parametrize(
    ("step", "match"),
    [
        (decide(Act.CONFIRM, 4), "没有报到100%"),
        (decide(Act.CONFIRM, 5, indicator="场次"), "没有指标"),
        (decide(Act.CONFIRM, 5, task_id="乙"), "没有报到100%"),
        (replace(decide(Act.CONFIRM, 5), month="五月"), "不是月份"),
    ],
)
def test_only_what_waits_is_verified(step, match):
    with pytest.raises(MatterError, match=match):
        verified(plan([*ONE, task("乙", "全年")], reports=REPORTS), step)


def test_where_settings_do_not_ask_nothing_waits(shipped):
    data = plan(ONE, reports=REPORTS)
    with pytest.raises(MatterError, match="没有要求核实"):
        completed(data, decide(Act.CONFIRM, 5))
    decided = replace(shipped, task_steps=(decide(Act.REJECT, 9, "八-1"),), verified_only=True)
    for by in ("overall", "category", "unit", "month", "task", "indicator"):
        before = Figures(shipped, Selection(shipped.latest_month)).rows(by)
        after = Figures(decided, Selection(shipped.latest_month)).rows(by)
        assert before.equals(after)
    assert list(Figures(decided, Selection(shipped.latest_month)).rows("overall")) == GROUP_FIELDS


def test_figures_say_with_and_without(shipped):
    data = verified(shipped)
    figures = Figures(data, Selection(data.latest_month))
    assert figures.rows("overall")["unverified"].tolist() == [6]
    title = Answers(figures).verdict
    assert "完成65.9%" in title
    assert "（6项已报完成、待核实，不计入则完成44.5%）" in title
    assert "◎ 已报完成、待核实" in set(task_table(figures)["状态"])
    without = Figures(replace(data, verified_only=True), Selection(data.latest_month))
    assert "完成44.5%" in Answers(without).verdict
    assert "不含6项待核实的" in Answers(without).verdict
    assert "已报完成、待核实" in findings.task(figures.of_tasks(["八-1"]))
    assert (
        figures.overall["tasks"].iloc[0]
        == figures.overall[["completed", "on_track", "behind", "overdue", "not_due", "unverified"]]
        .iloc[0]
        .sum()
    )


MONTHS = 8
bits = st.lists(st.booleans(), min_size=MONTHS, max_size=MONTHS)


@given(bits, bits, st.lists(st.tuples(st.integers(0, MONTHS - 1), st.booleans()), max_size=6))
def test_each_month_at_100_is_in_one_of_three_states(complete, reported, tried):
    """None is lost or skipped, nothing is verified without a decision, undo restores."""
    complete, reported = np.array([complete]), np.array([reported])
    decisions = [Decision(0, column, confirmed) for column, confirmed in tried]
    waits, done, returned = judge(complete, reported, decisions)
    assert ((waits.astype(int) + done + returned) == complete).all()
    assert judge(complete, reported, [])[0].tolist() == complete.tolist()
    if not any(d.confirmed for d in decisions):
        assert not done.any()
    if all(d.confirmed for d in decisions):
        assert not returned.any()
    for decision in decisions[-1:]:
        if complete[0, decision.column]:
            assert (done if decision.confirmed else returned)[0, decision.column]
        else:
            before = judge(complete, reported, decisions[:-1])
            assert [a.tolist() for a in before] == [a.tolist() for a in (waits, done, returned)]
    for column in range(1, MONTHS):  # a new report after a return waits; nothing else ends one
        if returned[0, column - 1] and complete[0, column] and not returned[0, column]:
            assert reported[0, column] or any(d.confirmed for d in decisions)


@given(st.lists(st.sampled_from([0.0, 0.3, 0.7, 1.0]), min_size=MONTHS, max_size=MONTHS))
def test_the_last_step_is_what_came_before_the_run(values):
    completion = np.array([values])
    earlier = before_run(completion, completion >= 1)[0]
    for column, value in enumerate(values):
        if value < 1:
            assert earlier[column] == value
        else:
            assert earlier[column] == next((v for v in values[column::-1] if v < 1), 0.0)
    assert (earlier <= completion[0]).all()


def test_the_state_has_its_own_word():
    assert Status.UNVERIFIED == WAITS
