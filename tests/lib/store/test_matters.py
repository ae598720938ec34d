"""督办事项 in the journal: on both addresses, with undo, editions, copying, and edits by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.core import schema
from lib.core.figures import Figures, Selection
from lib.core.matters import Act, MatterError, Step, fold
from lib.core.problems import DataError
from lib.files import plan_folder
from lib.store import (
    Changes,
    Draft,
    Kind,
    PlanStore,
    RefusedError,
    open_store,
)
from lib.store.checking import check
from lib.store.copying import copy
from lib.store.matter_steps import FILE, taken_back, written
from tests.lib.store.amending import amend
from tests.lib.store.matters import CREATED, do, step
from tests.lib.store.sending import LINE, percent, send

NOTICE = {
    "month": "2018-10",
    "notices": [
        {
            "task_id": "二-6",
            "unit": "区经发局",
            "number": "督办〔2018〕1号",
            "content": "组织对接",
            "demand": "请说明原因。",
            "answer_by": "2018年10月8日",
            "issuer": "王五",
        }
    ],
}


def states(store, revision=None):
    return {m.number: str(m.state) for m in store.matters(revision=revision)}


def test_a_matter_goes_its_way_and_back(store, address):
    before = schema.PROGRESS.texts(store.progress)
    assert store.matters() == []
    submission = do(store, CREATED)
    number = "事项〔2018〕1号"
    assert submission.details == {"matters": [number]}
    assert states(store) == {number: "待签收"}
    do(store, step(Act.SIGN), step(Act.ANSWER))
    assert states(store) == {number: "待核实"}
    closed = do(store, step(Act.CLOSE, person="李主任"))
    assert states(store) == {number: "已销号"}
    assert states(open_store(address)) == {number: "已销号"}
    assert states(store, revision=2) == {number: "待核实"}
    assert states(store, revision=0) == {}
    store.revert(closed.revision, "李主任")
    assert states(store) == {number: "待核实"}
    assert schema.PROGRESS.texts(store.progress).equals(before)


def test_a_step_that_does_not_fit_is_refused_and_nothing_is_written(store):
    do(store, CREATED)
    with pytest.raises(RefusedError, match="不能核实销号"):
        do(store, step(Act.CLOSE))
    with pytest.raises(RefusedError, match="没有任务「九-9」"):
        do(store, replace(CREATED, task_id="九-9"))
    with pytest.raises(RefusedError, match="牵头单位只能有一个"):
        do(store, replace(CREATED, lead="妇联、区农业局"))
    assert store.revision == 1


def test_steps_of_others_stay_when_one_is_taken_back(store):
    do(store, CREATED, replace(CREATED, words="另一件"))
    signed = do(store, step(Act.SIGN))
    do(store, step(Act.SIGN, "事项〔2018〕2号"))
    store.revert(signed.revision, "张三")
    assert states(store) == {"事项〔2018〕1号": "待签收", "事项〔2018〕2号": "办理中"}
    with pytest.raises(RefusedError, match="第1号之后督办事项"):
        store.revert(1, "张三")
    # a number is not given twice, though the matter is gone
    do(store, replace(CREATED, words="第三件"))
    store.revert(store.revision, "张三")
    assert do(store, CREATED).details == {"matters": ["事项〔2018〕4号"]}


def test_a_report_and_a_matter_do_not_touch_each_other(store):
    send(store, LINE.format(80))
    do(store, CREATED)
    send(store, LINE.format(90))
    assert percent(store) == "90"
    assert states(store) == {"事项〔2018〕1号": "待签收"}
    store.revert(2, "张三")
    assert (percent(store), states(store)) == ("90", {})


def test_notices_are_matters_also_those_issued_before(store):
    store.submit(Draft("王五", Changes.none(), Kind.NOTICE, "区经发局", details=NOTICE))
    number = "督办〔2018〕1号"
    assert states(store) == {number: "待签收"}
    signed = do(store, step(Act.SIGN, number))
    do(store, CREATED)
    assert states(store) == {number: "办理中", "事项〔2018〕1号": "待签收"}
    store.revert(signed.revision, "张三")
    assert states(store) == {number: "待签收", "事项〔2018〕1号": "待签收"}
    store.revert(1, "王五")
    assert states(store) == {"事项〔2018〕1号": "待签收"}


def test_the_file_is_there_once_a_matter_is(folder):
    store = PlanStore(folder)
    send(store, LINE.format(80))
    assert not (folder / FILE).exists()
    do(store, CREATED)
    text = (folder / FILE).read_text("utf-8-sig")
    assert text.startswith("事项编号,环节,时间,经手人,")
    store.revert(2, "李主任")
    assert not (folder / FILE).exists()


def test_an_edit_in_excel_is_taken_in(folder):
    store = PlanStore(folder)
    do(store, CREATED)
    path = folder / FILE
    row = "事项〔2018〕1号,签收,2018/9/4 8:30,张三,妇联,,,,,,,,,,,,,\r\n"
    path.write_bytes(path.read_bytes().decode("utf-8-sig").encode("gbk") + row.encode("gbk"))
    assert [s.kind for s in store.history()] == [Kind.MATTER, Kind.MANUAL]
    assert states(store) == {"事项〔2018〕1号": "办理中"}
    do(store, step(Act.ANSWER))
    with pytest.raises(RefusedError, match="不能撤销"):
        store.revert(2, "李主任")
    store.revert(3, "李主任")
    store.revert(2, "李主任")
    assert states(store) == {"事项〔2018〕1号": "待签收"}


def test_each_plan_has_its_own(folder):
    home, other = PlanStore(folder), PlanStore(folder, "2019")
    other.submit(Draft("王", Changes.none(), Kind.PLAN, files=home.plan_files()))
    do(home, CREATED)
    do(other, replace(CREATED, words="另一个计划的"))
    assert [matter.created.words for matter in other.matters()] == ["另一个计划的"]
    assert len(home.matters()) == 1
    assert (folder / "plans" / "2019" / FILE).exists()


def test_a_broken_edit_says_where(folder):
    store = PlanStore(folder)
    do(store, CREATED)
    path = folder / FILE
    row = "事项〔2018〕1号,核实销号,2018-09-04 08:30,张三,,,材料,,,,,,,,,,,\r\n"
    path.write_bytes(path.read_bytes() + row.encode())
    # the figures go on, with the rows that are right; nothing is written upon what is wrong
    (problem,) = store.dataset().step_problems
    assert "matters.csv 第3行「环节」列" in str(problem)
    assert "现在是待签收" in str(problem)
    assert states(store) == {"事项〔2018〕1号": "待签收"}
    assert (problem.row, problem.column, problem.value) == (3, "环节", "核实销号")
    assert len(store.progress)
    with pytest.raises(DataError, match="第3行"):
        do(store, step(Act.SIGN))
    send(store, LINE.format(80))
    assert percent(store) == "80"
    path.write_bytes(b"\xef\xbb\xbf" + "事项编号,环节\n,研判\n".encode())
    assert "缺少这一列" in str(store.dataset().step_problems[0])


VERIFIED = Step(
    *("", Act.CONFIRM, "2018-10-09 09:00", "李主任"),
    way="现场",
    task_id="八-1",
    month="2018-09",
)


def state_of(store, task="八-1", **when):
    data = store.dataset(**when)
    rows = Figures(data, Selection(data.latest_month)).tasks
    return rows.loc[rows["task_id"] == task, "status"].iloc[0]


def test_a_task_is_verified_returned_and_taken_back(store, address, tmp_path):
    with pytest.raises(RefusedError, match="没有要求核实"):
        do(store, VERIFIED)
    amend(store, "verify = false", "verify = true", name="settings.toml")
    assert state_of(store) == "已报完成、待核实"
    do(store, replace(VERIFIED, act=Act.REJECT, words="没有照片"))
    assert state_of(store) != "已报完成、待核实"
    confirmed = do(store, VERIFIED)
    assert (state_of(store), state_of(store, revision=1)) == ("已完成", "已报完成、待核实")
    assert state_of(open_store(address)) == "已完成"
    with pytest.raises(RefusedError, match="已经核实"):
        do(store, VERIFIED)
    do(store, CREATED)
    copy(address, str(tmp_path / "copy"))
    assert state_of(open_store(tmp_path / "copy")) == "已完成"
    store.revert(confirmed.revision, "李主任")
    assert state_of(store) not in ("已完成", "已报完成、待核实")
    assert len(store.matters()) == 1


def test_more_time_is_later_than_the_date_of_the_plan(store):
    asked = replace(VERIFIED, act=Act.ASK, unit="妇联", words="土地未批", way="", month="")
    with pytest.raises(RefusedError, match="不晚于现在的期限"):
        do(store, replace(asked, due="2018-11-30"))
    before = Figures(store.dataset(), Selection(585)).rows("task")
    do(store, replace(asked, due="2019-01-31"))
    do(store, replace(asked, act=Act.GRANT, due="", unit="", words="同意"))
    assert Figures(store.dataset(), Selection(585)).rows("task").equals(before)


def test_a_copy_has_them_and_verify_finds_nothing(store, address, tmp_path):
    do(store, CREATED)
    do(store, step(Act.SIGN))
    copy(address, str(tmp_path / "copy"))
    assert states(open_store(tmp_path / "copy")) == states(store)
    assert (tmp_path / "copy" / FILE).exists()
    for place in (address, str(tmp_path / "copy")):
        assert [fault for fault in check(place)[1] if fault.serious] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(list(Act))), max_size=12), st.data())
def test_taking_any_step_back_restores_or_is_refused(shipped, tried, data):
    """Each step, taken back at any later moment, leaves all others as they were."""
    file, written_files = None, []
    for place, act in tried:
        number = f"事项〔2018〕{place}号"
        new = replace(CREATED, number=number) if act is Act.CREATE else step(act, number)
        new = replace(new, due="2030-01-01")
        try:
            after, _ = written({FILE: file} if file else {}, [new], [], shipped)
        except RefusedError:
            continue
        written_files.append((new, file, after))
        file = after
    if not written_files:
        return
    new, before, after = data.draw(st.sampled_from(written_files))
    steps = plan_folder.matter_steps({FILE: file})
    try:
        left = taken_back(file, before, after)
    except MatterError:
        later = [s for s in steps[steps.index(new) + 1 :] if s.number == new.number]
        assert later  # something followed from it
        return
    kept = plan_folder.matter_steps({FILE: left} if left else {})
    assert sorted(map(str, [*kept, new])) == sorted(map(str, steps))
    fold(kept)
