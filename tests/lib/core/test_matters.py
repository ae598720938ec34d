"""督办事项: none is lost, no state is skipped, and the lists say what is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core import months, schema
from lib.core.extensions import extensions
from lib.core.matters import (
    Act,
    MatterError,
    MatterState,
    Step,
    allowed,
    by_unit,
    by_urgency,
    day,
    disagreement,
    fold,
    follow,
    from_table,
    last_meeting,
    late,
    next_number,
    of_notice,
    of_units,
    outlooks,
    to_table,
)
from lib.core.problems import DataError
from lib.core.status import Status
from lib.files import csv_tables

CREATED = Step(
    "事项〔2018〕1号",
    Act.CREATE,
    "2018-09-03 10:20",
    "李主任",
    words="9月底前完成劳务协作站选址",
    due="2018-09-30",
    source="会议",
    origin="联席会议第三次会议",
    task_id="一-1",
    lead="区人社局",
    support="区财政局、区发改局",
)


def step(act: Act, **more: str) -> Step:
    """A step of that matter that fits wherever its act does."""
    facts = {"time": "2018-09-20 09:00", "person": "张三", "words": "已完成", "way": "现场"}
    return Step(CREATED.number, act, **{**facts, "due": "2030-01-01", **more})


def through(*acts: Act):
    """The matter after some acts."""
    (matter,) = fold([CREATED, *map(step, acts)])
    return matter


def test_the_whole_circle():
    states = [MatterState.UNSIGNED]
    matter = follow(None, CREATED)
    for act in (Act.SIGN, Act.ANSWER, Act.RETURN, Act.ANSWER, Act.CLOSE):
        matter = follow(matter, step(act))
        states.append(matter.state)
    assert states == ["待签收", "办理中", "待核实", "退回", "待核实", "已销号"]
    assert matter.on_time is True
    assert matter.done_on == date(2018, 9, 20)


def test_more_time_keeps_the_first_date():
    matter = through(Act.SIGN)
    matter = follow(matter, step(Act.ASK, due="2018-11-30", words="土地手续未批"))
    assert matter.state is MatterState.EXTENSION
    assert matter.asked is not None
    assert matter.due == date(2018, 9, 30)
    granted = follow(matter, step(Act.GRANT, words="同意，抓紧"))
    assert (granted.state, granted.due) == (MatterState.WORKING, date(2018, 11, 30))
    assert granted.due_words() == "2018-11-30（原定2018-09-30，延期1次共61天）"
    refused = follow(matter, step(Act.REFUSE, words="不同意"))
    assert (refused.due, refused.extensions) == (date(2018, 9, 30), 0)
    with pytest.raises(MatterError, match="不晚于"):
        follow(through(Act.SIGN), step(Act.ASK, due="2018-09-30"))


@pytest.mark.parametrize(
    ("before", "after", "match"),
    [
        ([], step(Act.SIGN), "没有立项"),
        ([CREATED], step(Act.ANSWER), "待签收"),
        ([CREATED], step(Act.CLOSE), "不能核实销号"),
        ([CREATED, step(Act.SIGN)], step(Act.ANSWER, words=""), "反馈没有写明内容"),
        ([CREATED], CREATED, "已经立项"),
        ([CREATED], step(Act.SIGN, person=""), "经手人"),
        ([CREATED, step(Act.SIGN), step(Act.ANSWER)], step(Act.CLOSE, way="看过"), "怎样核实"),
        ([], replace(CREATED, source="听说"), "取值"),
        ([], replace(CREATED, due="月底"), "不是日期"),
        ([], replace(CREATED, lead=""), "不能为空"),
    ],
)
def test_what_does_not_fit_is_refused(before, after, match):
    with pytest.raises(MatterError, match=match):
        fold([*before, after])


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(list(Act))), max_size=30))
def test_no_state_is_skipped_and_no_matter_is_lost(tried):
    """Whatever is tried: what is let in folds, each step moves as the table says, undo restores."""
    steps: list[Step] = []
    states: dict[str, list[MatterState]] = {}
    for place, act in tried:
        number = f"事项〔2018〕{place}号"
        new = replace(CREATED if act is Act.CREATE else step(act), number=number)
        before = {matter.number: matter for matter in fold(steps)}
        try:
            matters = {matter.number: matter for matter in fold([*steps, new])}
        except MatterError:
            assert (
                number not in before
                or act is Act.CREATE
                or (act not in allowed(before[number]) or act is Act.ASK)
            )
            continue
        assert fold(steps) == list(before.values())  # without the step: as it was
        steps.append(new)
        assert set(matters) == {*before, number}
        assert {key: m for key, m in matters.items() if key != number} == {
            key: m for key, m in before.items() if key != number
        }
        states.setdefault(number, []).append(matters[number].state)
    assert from_table(to_table(steps)) == steps
    for passed in states.values():
        assert passed[0] is MatterState.UNSIGNED
        for earlier, later in pairwise(passed):
            assert later is earlier or (earlier, later) in {
                ("待签收", "办理中"),
                ("办理中", "待核实"),
                ("办理中", "延期"),
                ("延期", "办理中"),
                ("待核实", "退回"),
                ("待核实", "已销号"),
                ("退回", "待核实"),
                ("退回", "延期"),
            }


def test_excels_dates_are_read():
    assert day("2018/9/3") == day("2018年9月3日") == date(2018, 9, 3)
    table = to_table([CREATED, replace(step(Act.SIGN), due="")])
    table["time"] = ["2018/9/3 9:05", "2018/9/4"]
    table.loc[0, "due"] = "2018/9/30"
    steps = from_table(table)
    assert [item.time for item in steps] == ["2018-09-03 09:05", "2018-09-04 00:00"]
    assert steps[0].due == "2018-09-30"


def test_a_row_that_does_not_follow_is_named():
    table = to_table([CREATED, step(Act.CLOSE)]).set_axis([2, 3], axis="index")
    with pytest.raises(DataError) as caught:
        from_table(table)
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (3, schema.MATTERS.headers["act"])
    assert "现在是待签收，不能核实销号" in str(problem)


def test_the_acts_of_the_file_are_those_of_the_rules():
    assert list(Act) == schema.MATTER_ACTS


def test_lists_say_what_is_late_and_whose():
    today = date(2018, 10, 10)
    closed = through(Act.SIGN, Act.ANSWER, Act.CLOSE)
    open_one = replace(CREATED, number="事项〔2018〕2号", due="2018-10-01")
    soon = replace(CREATED, number="事项〔2018〕3号", due="2018-10-15", lead="区财政局", support="")
    matters = [closed, *fold([open_one, soon])]
    assert [matter.number[-2] for matter in by_urgency(matters, today)] == ["2", "3", "1"]
    (overdue,) = late(matters, today)
    assert overdue.days_late(today) == 9
    assert matters[2].due_soon(today)
    assert [matter.number[-2] for matter in of_units(matters, ["区发改局"])] == ["1", "2"]
    first, second = by_unit(matters, today)
    assert (first.unit, first.total, first.overdue, first.on_time_rate) == ("区人社局", 2, 1, 0.5)
    assert (second.unit, second.unsigned, second.on_time_rate) == ("区财政局", 1, None)


def test_the_last_meetings_matters():
    later = replace(CREATED, number="事项〔2018〕2号", origin="第四次", time="2018-12-01 09:00")
    other = replace(CREATED, number="事项〔2018〕3号", source="自查", time="2018-12-02 09:00")
    assert [m.number for m in last_meeting(fold([CREATED, later, other]))] == [later.number]
    assert last_meeting(fold([other])) == []


def test_a_date_is_no_number_of_a_list():
    assert through().short(6) == "9月底前完…"
    assert through().short(20) == "9月底前完成劳务协作站选址"


def test_numbers_go_on():
    assert next_number(2018, []) == "事项〔2018〕1号"
    assert (
        next_number(2018, ["事项〔2018〕9号", "事项〔2017〕12号", "督办〔2018〕20号"])
        == "事项〔2018〕10号"
    )


def test_a_notice_is_a_matter():
    facts = {
        "number": "督办〔2018〕1号",
        "unit": "区经发局",
        "task_id": "二-6",
        "content": "组织对接",
        "demand": "请说明原因。",
        "answer_by": "2018年10月8日",
        "issuer": "王五",
    }
    (matter,) = fold([of_notice(facts, "2018-10-01T09:30:00+08:00")])
    assert (matter.created.source, matter.lead, matter.due) == (
        "督办单",
        "区经发局",
        date(2018, 10, 8),
    )


def outlook(word: str, **more: str) -> Step:
    facts = {"unit": "妇联", "words": "场地没有落实", "task_id": "八-2", "outlook": word}
    return Step("", Act.OUTLOOK, "2018-09-20 09:00", "张三", **{**facts, **more})


def test_a_units_own_word_stands_beside_the_status():
    risky, later = outlook("有风险"), outlook("能按期", words="")
    assert outlooks([CREATED, risky, later]) == [later]
    assert fold([CREATED, risky, later]) == fold([CREATED])
    assert from_table(to_table([CREATED, risky])) == [CREATED, risky]
    assert disagreement(Status.BEHIND, later) == "单位称能按期，按填报算滞后"
    assert disagreement(Status.ON_TRACK, risky) == "单位称有风险，按填报算正常"
    for status, word in ((Status.OVERDUE, risky), (Status.ON_TRACK, later)):
        assert disagreement(status, word) == ""
    assert disagreement(Status.COMPLETED, risky) == ""


@pytest.mark.parametrize(
    "wrong", [outlook("还行"), outlook("有风险", words=""), outlook("能按期", unit="")]
)
def test_a_word_without_what_it_needs_is_refused(wrong):
    with pytest.raises(MatterError):
        fold([wrong])


def test_a_file_of_an_earlier_version_is_read(tmp_path):
    """Way and outlook once shared a column."""
    old = "事项编号,环节,时间,经手人,单位,内容,方式或研判,期限,佐证材料,来源,会议或领导,任务编号,牵头单位,配合单位\n"
    old += ",研判,2018-09-20 09:00,张三,妇联,没有场地,不能按期,,,,,八-2,,\n"
    (step,) = from_table(csv_tables.parse(schema.MATTERS, old.encode(), "matters.csv"))
    assert (step.way, step.outlook) == ("", "不能按期")


def of_task(act: Act, **more: str) -> Step:
    facts = {"unit": "妇联", "words": "土地未批", "due": "2018-12-15", "task_id": "八-2"}
    return Step("", act, "2018-09-20 09:00", "张三", **{**facts, **more})


def test_more_time_for_a_task_is_asked_for_and_decided():
    tasks = pd.DataFrame({"end": [months.parse("2018-11")]}, index=["八-2"])
    asked = [of_task(Act.ASK)]
    assert fold(asked) == []
    assert extensions(asked, tasks)["八-2"].words == "申请延期至12月15日，待批"
    granted = [*asked, of_task(Act.GRANT, due="")]
    again = [*granted, of_task(Act.ASK, due="2019-01-31"), of_task(Act.GRANT, due="")]
    assert extensions(granted, tasks)["八-2"].words == "已批准延期至12月15日（1次共15天）"
    assert extensions(again, tasks)["八-2"].words == "已批准延期至2019年1月31日（2次共62天）"
    assert extensions([*asked, of_task(Act.REFUSE, due="")], tasks) == {}
    for wrong, match in (
        ([*asked, of_task(Act.ASK)], "已经申请延期"),
        ([of_task(Act.GRANT)], "没有待批"),
        ([of_task(Act.ASK, words="")], "没有写明原因"),
        ([of_task(Act.ASK, due="")], "不能为空"),
        ([of_task(Act.CONFIRM, month="2018-09")], "怎样核实"),
        ([of_task(Act.REJECT, month="九月")], "不是月份"),
        ([of_task(Act.REJECT, month="2018-09", words="")], "没有写明原因"),
    ):
        with pytest.raises(MatterError, match=match):
            fold(wrong)


@given(st.lists(st.sampled_from([Act.ASK, Act.GRANT, Act.REFUSE]), max_size=12))
def test_an_application_is_decided_once(tried):
    """No decision without an application, none lost: asked = granted + refused (+ 1 that waits)."""
    tasks = pd.DataFrame({"end": [months.parse("2018-11")]}, index=["八-2"])
    steps: list[Step] = []
    for act in tried:
        try:
            fold([*steps, of_task(act)])
        except MatterError:
            assert (act is Act.ASK) == bool(steps and steps[-1].act is Act.ASK)
        else:
            steps.append(of_task(act))
    acts = [step.act for step in steps]
    extension = extensions(steps, tasks).get("八-2")
    waits = bool(extension and extension.waits)
    assert acts.count(Act.ASK) == acts.count(Act.GRANT) + acts.count(Act.REFUSE) + waits
    assert (len(extension.granted) if extension else 0) == acts.count(Act.GRANT)
    assert from_table(to_table(steps)) == steps
