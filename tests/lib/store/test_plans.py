"""Plan files, details and several plans through the store's interface."""

from __future__ import annotations

import pytest

from lib.core import schema
from lib.core.problems import DataError
from lib.files import csv_tables
from lib.store import (
    Changes,
    ConflictError,
    Draft,
    Kind,
    RefusedError,
    State,
    StoreError,
    open_store,
    plan_names,
)
from tests.lib.store.amending import amend, amended, window, without
from tests.lib.store.sending import LINE, percent, send


def test_an_amendment_is_in_force_in_the_journal_and_can_be_undone(store):
    assert window(store) == "4月"
    told = amend(store, ",4月,", ",6月,", reason="两地商定", details={"文号": "新扶〔2018〕3号"})
    assert window(store) == "6月"
    assert told.kind == Kind.PLAN
    assert [one.name for one in told.changed_files] == ["plan.csv"]
    assert "计划" in told.describe()
    assert "0行" not in told.describe()
    (kept,) = store.submissions
    assert kept == told
    assert kept.details == {"文号": "新扶〔2018〕3号"}
    store.revert(1, "管理员")
    assert window(store) == "4月"
    store.revert(2, "管理员")
    assert window(store) == "6月"


def test_any_revision_can_be_seen_as_it_was(store):
    send(store, LINE.format(80))
    amend(store, ",4月,", ",6月,")
    send(store, LINE.format(85))
    amend(store, ",6月,", ",7月,")
    seen = [
        (window(store, revision=number), percent(store, revision=number)) for number in range(5)
    ]
    assert seen == [("4月", None), ("4月", "80"), ("6月", "80"), ("6月", "85"), ("7月", "85")]
    with pytest.raises(RefusedError, match="没有第9号"):
        store.dataset(revision=9)


def test_a_sealed_revision_keeps_its_plan(store):
    sealed = store.submit(
        Draft("区党政办", Changes.none(), Kind.SEAL, details={"month": "2018-09", "figures": [1]})
    )
    amend(store, ",4月,", ",6月,")
    assert store.submissions[0].kind == Kind.SEAL
    assert store.submissions[0].details == {"month": "2018-09", "figures": [1]}
    assert store.submissions[0].state == State.IN_FORCE
    assert window(store, revision=sealed.revision) == "4月"


def test_a_notice_needs_details_and_a_report_needs_rows(store):
    with pytest.raises(RefusedError, match="没有变化"):
        store.submit(Draft("区党政办", Changes.none(), Kind.NOTICE))
    with pytest.raises(RefusedError, match="没有变化"):
        store.submit(Draft("区党政办", Changes.none(), details={"a": 1}))
    with pytest.raises(StoreError, match="附加内容"):
        store.submit(Draft("区党政办", Changes.none(), Kind.NOTICE, details={"a": object()}))
    told = store.submit(Draft("区党政办", Changes.none(), Kind.NOTICE, details={"unit": "妇联"}))
    assert store.submissions == [told]
    store.revert(1, "区党政办", reason="已回复")
    assert store.submissions[0].state == State.REVERTED


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (",4月,", ",择期,", "择期"),
        ("任务编号", "编号", "缺少这一列"),
        ("八-2,", "八-9,", "计划中没有这个任务"),
        ("总工会、团区委、妇联", "总工会、团区委", "不是这个任务的责任单位"),
    ],
)
def test_a_plan_that_does_not_hold_is_refused_and_nothing_is_written(store, old, new, told):
    send(store, LINE.format(80))
    before = store.plan_files()
    with pytest.raises(DataError, match=told):
        amend(store, old, new)
    assert store.plan_files() == before
    assert store.revision == 1


def test_a_task_goes_together_with_its_reports(store):
    plan = store.plan
    texts = schema.PLAN.texts(plan[plan["task_id"] != "八-2"])
    files = {"plan.csv": csv_tables.to_csv(csv_tables.escape(texts))}
    with pytest.raises(DataError, match="计划中没有这个任务"):
        store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files))
    gone = without(store, "八-2")
    told = store.submit(Draft("管理员", gone, Kind.PLAN, files=files))
    assert told.removed == len(gone) > 0
    assert "八-2" not in store.dataset().tasks.index
    assert "八-2" not in set(store.progress["task_id"])
    store.revert(1, "管理员")
    assert "八-2" in store.dataset().tasks.index
    assert (store.progress["task_id"] == "八-2").sum() == len(gone)


def test_an_undo_waits_for_the_later_amendment(store):
    amend(store, ",4月,", ",6月,")
    amend(store, ",6月,", ",7月,")
    with pytest.raises(RefusedError, match=r"plan\.csv.*请先撤销第2号"):
        store.revert(1, "管理员")
    store.revert(2, "管理员")
    store.revert(1, "管理员")
    assert window(store) == "4月"


def test_only_an_amendment_touches_plan_files_and_only_those(store):
    files = amended(store, ",4月,", ",6月,")
    with pytest.raises(RefusedError, match="计划调整"):
        store.submit(Draft("张三", Changes.none(), files=files))
    with pytest.raises(RefusedError, match=r"\.\./x"):
        store.submit(Draft("张三", Changes.none(), Kind.PLAN, files={"../x": b""}))
    same = {"plan.csv": store.plan_files()["plan.csv"]}
    with pytest.raises(RefusedError, match="没有变化"):
        store.submit(Draft("张三", Changes.none(), Kind.PLAN, files=same))


def test_two_amendments_of_one_preview(store):
    files = amended(store, ",4月,", ",6月,")
    amend(store, ",4月,", ",7月,", base=0)
    with pytest.raises(ConflictError, match="计划调整"):
        store.submit(Draft("乙", Changes.none(), Kind.PLAN, files=files, base=0))
    assert window(store) == "7月"


def test_the_first_plan_stays_as_the_baseline(store):
    assert store.dataset().baseline_tasks is None
    first = store.plan_files()
    files = amended(store, ",4月,", ",6月,") | {
        "baseline.csv": first["plan.csv"],
        "baseline_targets.csv": first["targets.csv"],
    }
    store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files))
    data = store.dataset()
    assert data.baseline_tasks.at["五-1", "window_text"] == "4月"
    assert data.tasks.at["五-1", "window_text"] == "6月"
    assert data.baseline_targets.equals(data.targets)
    store.revert(1, "管理员")
    assert store.dataset().baseline_tasks is None


def test_a_broken_baseline_is_told_by_its_own_name(store):
    amendment = amended(store, ",4月,", ",择期,")["plan.csv"]
    with pytest.raises(DataError, match=r"baseline\.csv 第"):
        store.submit(Draft("管", Changes.none(), Kind.PLAN, files={"baseline.csv": amendment}))


def test_settings_that_ask_for_review_count_from_the_next_report(store):
    amend(store, "review = false", "review = true", name="settings.toml")
    assert send(store, LINE.format(80)).state == State.PENDING
    plan = store.plan
    texts = schema.PLAN.texts(plan[plan["task_id"] != "八-2"])
    files = {"plan.csv": csv_tables.to_csv(csv_tables.escape(texts))}
    store.submit(Draft("管理员", without(store, "八-2"), Kind.PLAN, files=files))
    data = store.dataset(with_pending=True)  # the pending report fits no task any more
    assert not data.progress_problems
    assert len(data.progress) == len(store.progress)
    with pytest.raises(DataError, match="计划中没有这个任务"):
        store.review(2, "区党政办", accept=True)


def test_other_names_of_units_rename_the_reports_in_the_journal(store):
    text = store.plan_files()["units.csv"].decode("utf-8-sig")
    text = text.replace("\r\n妇联,区妇女联合会\r\n", "\r\n妇联,妇联\r\n").replace(
        "\r\n妇联,", "\r\n区妇女联合会,"
    )
    files = {"units.csv": text.encode()}
    rows = (store.progress["unit"] == "妇联").sum()
    told = store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files))
    assert told.rows > 0
    assert (store.progress["unit"] == "区妇女联合会").sum() == rows > 0
    seen = store.dataset(revision=told.revision).progress
    assert seen.equals(store.progress)
    store.revert(told.revision, "管理员")
    assert (store.progress["unit"] == "妇联").sum() == rows


def next_year(store):
    files = store.plan_files()
    settings = files["settings.toml"].decode().replace("2018", "2019")
    return files | {"settings.toml": settings.encode()}


def test_a_plan_of_its_own_is_made_by_its_first_submission(address, store):
    assert plan_names(address) == []
    other = open_store(address, "2019")
    assert other.revision == 0
    with pytest.raises(DataError, match=r"plan\.csv"):
        other.dataset()
    broken = next_year(store) | {"plan.csv": b"x"}
    with pytest.raises(DataError, match="缺少这一列"):
        other.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=broken))
    assert plan_names(address) == []
    told = other.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=next_year(store)))
    assert told.revision == 1
    assert plan_names(address) == ["2019"]
    assert other.dataset().settings.year == 2019
    assert len(other.progress) == 0
    send(other, LINE.format(80).replace("2018", "2019"))
    assert percent(other, month="2019-10") == "80"
    assert store.revision == 0
    assert open_store(address, "2019").submissions == other.submissions
    assert plan_names(address) == ["2019"]
    with pytest.raises(RefusedError, match="建立了这个计划"):
        other.revert(1, "管理员")
    assert other.dataset().settings.year == 2019


def test_a_plan_without_reports_can_be_withdrawn_and_made_again(address, store):
    other = open_store(address, "2019")
    other.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=next_year(store)))
    told = other.revert(1, "管理员", reason="放错了")
    assert (told.revision, told.kind) == (2, Kind.REVERT)
    assert plan_names(address) == []
    assert [one.state for one in other.history()] == [State.REVERTED, State.IN_FORCE]
    with pytest.raises(DataError, match=r"plan\.csv"):
        other.dataset()
    assert store.dataset().settings.year == 2018
    other.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=next_year(store)))
    assert plan_names(address) == ["2019"]
    send(other, LINE.format(80).replace("2018", "2019"))
    assert percent(other, month="2019-10") == "80"
    assert other.revision == 4


def test_a_withdrawal_can_be_taken_back(address, store):
    other = open_store(address, "2019")
    other.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=next_year(store)))
    other.revert(1, "管理员")
    other.revert(2, "管理员")
    assert plan_names(address) == ["2019"]
    assert other.dataset().settings.year == 2019


@pytest.mark.parametrize("name", ["../2019", "a/b", ".", "二 十", "x" * 61, "年\n"])
def test_a_plan_has_a_plain_name(address, name):
    with pytest.raises(RefusedError, match="不能用"):
        open_store(address, name)
