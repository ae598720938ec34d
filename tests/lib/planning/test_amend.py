"""A running plan amended, a plan imported: what changes, what is kept, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from lib import planning
from lib.core import schema
from lib.core.baseline import against_baseline
from lib.core.figures import Figures, Selection
from lib.core.problems import DataError
from lib.core.views import amendment_words
from lib.planning import adoption
from lib.planning.proposal import of_running_plan
from lib.store import ConflictError, Kind, RefusedError, open_store, plan_names
from tests.conftest import ROOT

P = schema.PLAN.headers
FIXTURES = ROOT / "tests" / "fixtures"


def running(folder):
    where = adoption.context(folder, "")
    return where, of_running_plan(where.current, *where.tables)


def change(proposal, task, header, value):
    plan = proposal.plan.copy()
    plan.loc[plan[P["task_id"]] == task, header] = value
    return proposal.edited(plan, proposal.targets)


def without(proposal, task):
    targets = proposal.targets
    return proposal.edited(
        proposal.plan[proposal.plan[P["task_id"]] != task],
        targets[targets[P["task_id"]] != task],
    )


def commit(where, ready, folder, **options):
    draft = planning.draft(ready, where, user="张三", reason="协商", **options)
    return open_store(folder, where.plan).submit(draft)


def test_a_window_moved_keeps_the_baseline_and_every_report(folder):
    where, proposal = running(folder)
    submission = commit(where, change(proposal, "二-6", P["window_text"], "6～10月"), folder)
    assert submission.kind == Kind.PLAN
    assert submission.details["changes"] == [
        {"变化": "调整", "任务编号": "二-6", "内容": "计划完成时间：6～8月 → 6～10月"}
    ]
    data = open_store(folder).dataset()
    assert data.tasks.at["二-6", "window_text"] == "6～10月"
    assert data.baseline_tasks.at["二-6", "window_text"] == "6～8月"
    assert len(data.progress) == len(where.current.progress)
    assert amendment_words(Figures(data, Selection(data.latest_month))) == "1项时间有调整（二-6）"


def test_the_second_amendment_keeps_the_first_baseline(folder):
    for text in ("6～10月", "6～11月"):
        where, proposal = running(folder)
        commit(where, change(proposal, "二-6", P["window_text"], text), folder)
    data = open_store(folder).dataset()
    assert data.tasks.at["二-6", "window_text"] == "6～11月"
    assert data.baseline_tasks.at["二-6", "window_text"] == "6～8月"


def test_undoing_the_amendment_brings_everything_back(folder):
    before = (folder / "plan.csv").read_bytes()
    where, proposal = running(folder)
    commit(where, without(proposal, "七-3"), folder, remove_reports=True)
    store = open_store(folder)
    assert "七-3" not in store.dataset().tasks.index
    assert "七-3" not in set(store.dataset().progress["task_id"])
    store.revert(1, "张三")
    data = store.dataset()
    assert (folder / "plan.csv").read_bytes() == before
    assert data.baseline_tasks is None
    assert len(data.progress) == len(where.current.progress)


def test_completion_against_either(folder, shipped):
    where, proposal = running(folder)
    commit(where, change(proposal, "二-6", P["window_text"], "6～10月"), folder)
    data = open_store(folder).dataset()
    month = Selection(shipped.latest_month)
    now, first = Figures(data, month), Figures(against_baseline(data), month)
    assert int(now.overall["overdue"].iloc[0]) == 1
    assert int(first.overall["overdue"].iloc[0]) == 2
    original = Figures(shipped, month).overall.iloc[0]
    assert first.overall.iloc[0]["planned_value"] == original["planned_value"]
    assert first.overall.iloc[0]["earned_value"] == original["earned_value"]
    assert against_baseline(shipped) is shipped


def test_reports_of_a_dropped_task_are_not_removed_unasked(folder):
    where, proposal = running(folder)
    with pytest.raises(RefusedError, match="七-3 的"):
        commit(where, without(proposal, "七-3"), folder)
    assert open_store(folder).revision == 0


def test_a_task_that_is_split_hands_its_reports_on(folder):
    where, proposal = running(folder)
    plan, targets = proposal.plan.copy(), proposal.targets.copy()
    row = plan[P["task_id"]] == "二-2"
    plan.loc[row, [P["task_id"], P["content"]]] = ["二-2a", "通过新农优品荟等平台宣传富硒产品。"]
    more = plan[row].assign(**{P["task_id"]: "二-2b", P["content"]: "发展农产品电子商务。"})
    edited = proposal.edited(pd.concat([plan, more]), targets)
    reports = where.current.progress
    count = int((reports["task_id"] == "二-2").sum())
    change_ = planning.amendment(edited, where, {"二-2": "二-2a"})
    assert change_.sentence == "取消1项，新增2项任务"
    assert change_.misfits.empty
    commit(where, edited, folder, moves={"二-2": "二-2a"})
    data = open_store(folder).dataset()
    assert int((data.progress["task_id"] == "二-2a").sum()) == count
    against = against_baseline(data)
    assert "二-2" in against.tasks.index
    assert "二-2a" not in set(against.progress["task_id"])


def test_reports_cannot_be_handed_to_a_task_they_do_not_fit(folder):
    where, proposal = running(folder)
    with pytest.raises(DataError, match="不是这个任务的责任单位"):
        planning.amendment(without(proposal, "七-3"), where, {"七-3": "一-1"})


def test_two_tasks_reports_cannot_become_one_month(folder):
    where, proposal = running(folder)
    edited = without(proposal, "二-2")
    with pytest.raises(DataError):
        planning.amendment(edited, where, {"二-2": "二-3"})


def test_nothing_changed_is_refused(folder):
    where, proposal = running(folder)
    with pytest.raises(RefusedError, match="没有变化"):
        planning.draft(proposal, where, user="张三")


def proposed(folder, name, plan="", year=None):
    where = adoption.context(folder, plan)
    path = FIXTURES / name
    reading = planning.understand(planning.read_document(path.read_bytes(), path.name), year)
    proposal = planning.proposed(reading, where, year=year)
    return where, proposal.adopted([doubt.key for doubt in proposal.doubts])


def test_the_running_plans_own_document_changes_nothing(folder):
    where, ready = proposed(folder, "plan-2018.txt")
    assert planning.amendment(ready, where).is_empty


ACCESS = """\
# 要登录
[access]
mode = "accounts"   # 不要改
read = true

"""


def test_a_new_title_and_new_parties_are_told_and_the_rest_of_the_settings_stays(folder, rewrite):
    rewrite("settings.toml", "[plan]", f"{ACCESS}[plan]")
    before = (folder / "settings.toml").read_text(encoding="utf-8")
    where, proposal = running(folder)
    settings = replace(proposal.settings, title="新的标题", parties=("甲区", "乙县"))
    ready = replace(proposal, settings=settings)
    preview = planning.amendment(ready, where)
    old = where.current.settings
    lines = [
        f"标题：{old.title} → 新的标题",
        "双方：常州市新北区、安康市紫阳县 → 甲区、乙县",
    ]
    assert preview.sentence == "任务没有变化；标题、双方有变化"
    assert preview.table["内容"].tolist() == lines
    assert not preview.is_empty
    submission = commit(where, ready, folder)
    assert submission.details["changes"] == [
        {"变化": "设置", "任务编号": "", "内容": line} for line in lines
    ]
    after = (folder / "settings.toml").read_text(encoding="utf-8")
    assert after == before.replace(old.title, "新的标题").replace(
        '["常州市新北区", "安康市紫阳县"]', '["甲区", "乙县"]'
    )
    open_store(folder).revert(submission.revision, "张三")
    assert (folder / "settings.toml").read_text(encoding="utf-8") == before


def test_a_broken_plan_is_put_right_and_its_settings_stay(folder, rewrite):
    rewrite("settings.toml", "[plan]", f"{ACCESS}[plan]")
    rewrite("settings.toml", "review = false", "review = true")
    before = (folder / "settings.toml").read_bytes()
    (folder / "plan.csv").write_text("不是计划", encoding="utf-8")
    where, ready = proposed(folder, "plan-2018.txt")
    assert where.current is None
    draft = planning.draft(ready, where, user="张三")
    assert draft.files["settings.toml"] == before


def test_another_years_document_does_not_replace_a_running_plan(folder):
    where, ready = proposed(folder, "plans/2019-libreoffice.docx")
    with pytest.raises(RefusedError, match="另存为新计划"):
        planning.draft(ready, where, user="张三")


def test_a_new_plan_stands_beside_the_old_one(folder):
    where, ready = proposed(folder, "plans/2019-libreoffice.docx", "2019")
    commit(where, ready, folder)
    assert plan_names(folder) == ["2019"]
    dataset = open_store(folder, "2019").dataset()
    assert dataset.settings.title == "2019年东西部协作工作计划"
    assert (
        dataset.settings.behind_threshold == open_store(folder).dataset().settings.behind_threshold
    )
    assert dataset.baseline_tasks is None
    assert open_store(folder).submissions == []  # the plan beside it has no part in this


def test_somebody_elses_change_in_between_is_a_conflict(folder):
    where, proposal = running(folder)
    commit(where, change(proposal, "二-6", P["window_text"], "6～10月"), folder)
    with pytest.raises(Exception, match="数据有了变化"):
        commit(where, change(proposal, "二-7", P["window_text"], "12月"), folder)


def test_two_people_who_import_one_plan(folder):
    first, second = (proposed(folder, "plans/2019-libreoffice.docx", "2019") for _ in range(2))
    commit(*first, folder)
    with pytest.raises(ConflictError):
        commit(*second, folder)


def test_an_unusable_name_is_refused(folder):
    with pytest.raises(RefusedError, match="不能用"):
        adoption.context(folder, "../2019")
