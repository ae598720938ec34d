"""Plan files, details and several plans through the store's interface."""

from __future__ import annotations

import json

import pytest

from lib import schema, tables
from lib.problems import DataError
from lib.store import (
    Changes,
    ConflictError,
    Draft,
    FolderStore,
    Kind,
    RefusedError,
    State,
    StoreError,
    open_store,
    plan_names,
)
from lib.store.changes import empty, keyed
from tests.lib.store.sending import LINE, percent, send


@pytest.fixture
def store(folder):
    return open_store(folder)


def amended(store, old, new, name="plan.csv"):
    """Return a plan file with one text replaced, as the 计划 page would send it."""
    text = tables.decode(store.plan_files()[name], name)
    assert old in text
    return {name: b"\xef\xbb\xbf" + text.replace(old, new, 1).encode()}


def amend(store, old, new, name="plan.csv", **more):
    files = amended(store, old, new, name)
    return store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files, **more))


def window(store, task="五-1", **when):
    return store.dataset(**when).tasks.at[task, "window_text"]


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


def without(store, task):
    """Return the changes that remove a task's reports."""
    rows = schema.PROGRESS.texts(store.progress)
    return Changes(keyed(rows[rows["任务编号"] == task]), empty())


def test_a_task_goes_together_with_its_reports(store):
    plan = store.plan
    texts = schema.PLAN.texts(plan[plan["task_id"] != "八-2"])
    files = {"plan.csv": tables.to_csv(tables.escape(texts))}
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
    files = {"plan.csv": tables.to_csv(tables.escape(texts))}
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


def test_a_plan_of_its_own_is_made_by_its_first_submission(folder, store):
    assert plan_names(folder) == []
    other = open_store(folder, "2019")
    assert other.revision == 0
    with pytest.raises(DataError, match=r"plan\.csv"):
        other.dataset()
    broken = next_year(store) | {"plan.csv": b"x"}
    with pytest.raises(DataError, match="缺少这一列"):
        other.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=broken))
    assert plan_names(folder) == []
    told = other.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=next_year(store)))
    assert told.revision == 1
    assert plan_names(folder) == ["2019"]
    assert other.dataset().settings.year == 2019
    assert len(other.progress) == 0
    send(other, LINE.format(80).replace("2018", "2019"))
    assert percent(other, month="2019-10") == "80"
    assert store.revision == 0
    assert open_store(folder, "2019").submissions == other.submissions
    with pytest.raises(RefusedError, match="建立了这个计划"):
        other.revert(1, "管理员")


@pytest.mark.parametrize("name", ["../2019", "a/b", ".", "二 十", "x" * 61, "年\n"])
def test_a_plan_has_a_plain_name(folder, name):
    with pytest.raises(RefusedError, match="不能用"):
        open_store(folder, name)


# -- the folder: Excel, killed writers, older journals ------------------------------------------


def edit(folder, old, new, name="plan.csv"):
    path = folder / name
    text = path.read_bytes().decode("utf-8-sig")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("gbk" if name != "settings.toml" else "utf8"))


def test_an_edit_of_the_plan_by_hand_becomes_a_submission(folder, store):
    sealed = store.submit(Draft("办", Changes.none(), Kind.SEAL, details={"month": "2018-09"}))
    edit(folder, ",4月,", ",6月,")
    (_, hand) = store.history()
    assert hand.kind == Kind.MANUAL
    assert "plan.csv" in hand.user
    assert hand.rows == 0
    assert window(store, revision=sealed.revision) == "4月"
    assert window(store) == "6月"
    store.revert(2, "管理员")
    assert window(store) == "4月"


def test_reports_and_plan_edited_by_hand_are_one_submission(folder, store):
    send(store, LINE.format(80))
    edit(folder, ",4月,", ",6月,")
    edit(folder, "合作对接会,0,", "合作对接会,1,", "progress.csv")
    told = send(store, LINE.format(85))
    assert told.revision == 3
    hand = store.submissions[1]
    assert ([one.name for one in hand.changed_files], hand.rows) == (["plan.csv"], 1)
    wanted = (folder / "progress.csv").read_bytes()
    store.rebuild()
    assert (folder / "progress.csv").read_bytes() == wanted


def test_an_amendment_mends_a_plan_that_was_broken_by_hand(folder, store):
    send(store, LINE.format(80))
    good = store.plan_files()["plan.csv"]
    edit(folder, ",4月,", ",择期,")
    broken = store.plan_files()["plan.csv"]
    with pytest.raises(DataError, match="择期"):
        send(FolderStore(folder), LINE.format(85))
    assert [one.kind for one in store.history()] == [Kind.REPORT]
    told = store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files={"plan.csv": good}))
    assert store.content(told.files[0].before_sha256) == broken
    assert window(store) == "4月"
    assert percent(store) == "80"


def test_reports_edited_by_hand_are_never_lost_to_a_new_plan(folder, store):
    send(store, LINE.format(80))
    good = store.plan_files()["plan.csv"]
    edit(folder, ",4月,", ",择期,")
    edit(folder, "合作对接会,0,", "合作对接会,1,", "progress.csv")
    before = (folder / "progress.csv").read_bytes()
    with pytest.raises(DataError, match="择期"):
        store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files={"plan.csv": good}))
    assert (folder / "progress.csv").read_bytes() == before


def test_a_plan_for_a_folder_that_has_only_reports(folder, store):
    files = store.plan_files()
    for name in files:
        (folder / name).unlink()
    told = store.submit(Draft("管理员", Changes.none(), Kind.PLAN, files=files))
    assert told.revision == 1
    assert len(store.progress) == 252
    assert window(store) == "4月"


@pytest.mark.parametrize("damage", ["gone", "broken"])
def test_rebuild_restores_a_plan_file(folder, store, damage):
    amend(store, ",4月,", ",6月,")
    path = folder / "plan.csv"
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(b"\xff\xfe\x00broken")
    assert store.rebuild() == 252
    assert window(store) == "6月"


def killed(folder, store, change):
    """Make ``change``, then put the files back as if its writer had died after the journal."""
    names = ["plan.csv", "progress.csv", "baseline.csv", "journal/applied"]
    before = {n: (folder / n).read_bytes() if (folder / n).exists() else None for n in names}
    change()
    for name, content in before.items():
        if content is None:
            (folder / name).unlink(missing_ok=True)
        else:
            (folder / name).write_bytes(content)


def test_a_reader_after_a_killed_writer_sees_plan_and_reports_of_one_revision(folder, store):
    send(store, LINE.format(80))
    plan = store.plan
    texts = schema.PLAN.texts(plan[plan["task_id"] != "八-2"])
    files = {
        "plan.csv": tables.to_csv(tables.escape(texts)),
        "baseline.csv": store.plan_files()["plan.csv"],
    }
    gone = without(store, "八-2")
    draft = Draft("管理员", gone, Kind.PLAN, files=files)
    killed(folder, store, lambda: store.submit(draft))
    seen = FolderStore(folder).dataset()
    assert not seen.progress_problems
    assert "八-2" not in seen.tasks.index
    assert "八-2" in seen.baseline_tasks.index
    assert len(seen.progress) == 253 - len(gone)
    assert [one.kind for one in store.history()] == [Kind.REPORT, Kind.PLAN]
    killed(folder, store, lambda: store.revert(2, "管理员"))
    assert FolderStore(folder).dataset().baseline_tasks is None
    assert len(FolderStore(folder).progress) == 253
    assert len(store.history()) == 3


def test_an_edit_by_hand_over_a_killed_amendment_is_kept(folder, store):
    send(store, LINE.format(80))
    killed(folder, store, lambda: amend(store, ",4月,", ",6月,"))
    edit(folder, ",4月,", ",7月,")
    assert window(FolderStore(folder)) == "7月"
    assert [one.kind for one in store.history()] == [Kind.REPORT, Kind.PLAN, Kind.MANUAL]


def test_a_journal_of_an_older_version_is_read_and_takes_note_of_the_plan(folder, store):
    send(store, LINE.format(80))
    for path in (folder / "journal").glob("*.jsonl"):
        first, *rows = path.read_text(encoding="utf-8").splitlines()
        facts = {k: v for k, v in json.loads(first).items() if k not in ("files", "details")}
        lines = [json.dumps(facts, ensure_ascii=False), *rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    old = FolderStore(folder)
    assert old.submissions[0].files == ()
    edit(folder, ",4月,", ",5月,")  # nobody took note of the plan: this is no submission
    assert len(old.history()) == 1
    assert window(old, revision=1) == "5月"
    amend(old, ",5月,", ",6月,")
    assert window(old, revision=1) == "5月"
    assert len(old.submissions) == 2
    edit(folder, "review = false", "review = true", "settings.toml")
    assert [one.kind for one in old.history()] == [Kind.REPORT, Kind.PLAN, Kind.MANUAL]
