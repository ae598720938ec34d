"""The folder store through its interface: what was sent is there, whole, and can be taken back."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from lib import intake, schema
from lib.problems import DataError
from lib.store import (
    Changes,
    ConflictError,
    Draft,
    FolderStore,
    Kind,
    Original,
    RefusedError,
    State,
    StoreError,
    open_store,
)
from tests.conftest import ROOT
from tests.lib.store.sending import HEAD, LINE, percent, send


@pytest.fixture
def store(folder: Path) -> FolderStore:
    return FolderStore(folder)


def test_the_address_chooses_the_store(folder):
    for url in (folder, str(folder), f"csv://{folder}"):
        assert len(open_store(url).progress) == 252
    with pytest.raises(StoreError, match="mysql"):
        open_store("mysql://host/db")


def test_a_submission_is_in_force_in_the_journal_and_in_the_file(store):
    told = send(store, LINE.format(80))
    assert (told.revision, told.kind, told.user, told.rows) == (1, Kind.REPORT, "张三", 1)
    assert percent(store) == "80"
    (kept,) = store.submissions
    assert kept.state == State.IN_FORCE
    assert kept.time[:4].isdigit()
    original = store.original(1)
    assert original is not None
    assert original.name == "十月.csv"
    assert original.content.decode() == HEAD + LINE.format(80) + "\n"
    again = FolderStore(store.folder)
    assert percent(again) == "80"
    assert again.submissions == [kept]


def test_the_shipped_state_is_kept_as_it_was(store):
    before = (store.folder / "progress.csv").read_bytes()
    send(store, LINE.format(80))
    original = store.original(0)
    assert original is not None
    assert original.content == before
    assert store.revision == 1


def test_undo_and_undo_of_the_undo(store):
    rows = len(store.progress)
    send(store, LINE.format(80))
    send(store, LINE.format(85))
    back = store.revert(2, "李四", reason="填错了")
    assert back.kind == Kind.REVERT
    assert back.refers_to == 2
    assert percent(store) == "80"
    store.revert(3, "李四")
    assert percent(store) == "85"
    store.revert(4, "李四")
    store.revert(1, "李四")
    assert percent(store) is None
    assert len(store.progress) == rows
    states = [one.state for one in store.submissions]
    assert states[0] == State.REVERTED


def test_an_undo_that_would_lose_a_later_report_is_refused(store):
    send(store, LINE.format(80))
    send(store, LINE.format(85))
    with pytest.raises(RefusedError, match="请先撤销第2号"):
        store.revert(1, "李四")
    assert percent(store) == "85"
    assert store.revision == 2


def test_what_cannot_be_undone_says_so(store):
    send(store, LINE.format(80))
    store.revert(1, "李四")
    with pytest.raises(RefusedError, match="已撤销"):
        store.revert(1, "李四")
    with pytest.raises(RefusedError, match="没有第9号"):
        store.revert(9, "李四")
    with pytest.raises(RefusedError, match="起始数据"):
        store.revert(0, "李四")


def test_the_second_of_two_previews_is_told_what_changed(store):
    data = store.dataset()
    drafts = []
    for value in (80, 85):
        content = (HEAD + LINE.format(value)).encode()
        checked = intake.check(content, "a.csv", data)
        planned = intake.preview(data, checked, "x")
        drafts.append(Draft(f"用户{value}", planned.changes, base=0))
    store.submit(drafts[0])
    with pytest.raises(ConflictError, match=r"用户80.*请重新预览") as caught:
        store.submit(drafts[1])
    assert [one.revision for one in caught.value.since] == [1]
    assert percent(store) == "80"


def test_a_stale_change_is_refused_even_without_a_base(store):
    data = store.dataset()
    checked = intake.check((HEAD + LINE.format(80)).encode(), "a.csv", data)
    planned = intake.preview(data, checked, "x")
    send(store, LINE.format(70))
    with pytest.raises(ConflictError):
        store.submit(Draft("x", planned.changes))
    assert percent(store) == "70"


def by_hand(store, old, new):
    path = store.folder / "progress.csv"
    text = path.read_bytes().decode("utf-8-sig")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("gbk"))  # as Excel saves it


def test_an_edit_by_hand_becomes_a_submission_of_its_own(store):
    send(store, LINE.format(80))
    by_hand(store, "合作对接会,0,", "合作对接会,1,")
    told = send(store, LINE.format(85))
    assert told.revision == 3
    hand = store.submissions[1]
    assert hand.kind == Kind.MANUAL
    assert hand.rows == 1
    texts = schema.PROGRESS.texts(store.progress)
    assert (texts.loc[texts["指标"] == "合作对接会", "本月完成"] == "1").sum() == 1
    assert store.changes(2).after["本月完成"].tolist() == ["1"]


def test_a_preview_before_an_edit_by_hand_is_stale(store):
    send(store, LINE.format(80))
    by_hand(store, "合作对接会,0,", "合作对接会,1,")
    with pytest.raises(ConflictError, match="手工修改"):
        send(store, LINE.format(85), base=1)


def test_history_takes_an_edit_by_hand_in(store):
    send(store, LINE.format(80))
    by_hand(store, "合作对接会,0,", "合作对接会,1,")
    assert [one.kind for one in store.history()] == [Kind.REPORT, Kind.MANUAL]
    store.revert(2, "李四")
    texts = schema.PROGRESS.texts(store.progress)
    assert not (texts.loc[texts["指标"] == "合作对接会", "本月完成"] == "1").any()


def test_saving_the_file_again_without_a_change_is_no_submission(store):
    send(store, LINE.format(80))
    by_hand(store, "任务编号", "任务编号")
    send(store, LINE.format(85))
    assert [one.kind for one in store.submissions] == [Kind.REPORT, Kind.REPORT]


def test_a_broken_edit_by_hand_stops_writing_and_is_never_overwritten(store):
    send(store, LINE.format(80))
    by_hand(store, "合作对接会,0,", "合作对接会,很多,")
    broken = (store.folder / "progress.csv").read_bytes()
    with pytest.raises(DataError, match="很多"):
        store.submit(Draft("x", Changes.none(), evidence=[_evidence()]))
    assert (store.folder / "progress.csv").read_bytes() == broken
    assert len(store.history()) == 1


def _evidence():
    content = (ROOT / "lib" / "ui" / "icon.png").read_bytes()
    item = intake.attachment("图.png", content, task_id="八-1", month=585, unit="妇联")
    return item, content


@pytest.mark.parametrize("damage", ["gone", "broken", "edited"])
def test_rebuild_gives_the_state_of_the_journal(store, damage):
    send(store, LINE.format(80))
    wanted = (store.folder / "progress.csv").read_bytes()
    path = store.folder / "progress.csv"
    if damage == "gone":
        path.unlink()
        with pytest.raises(StoreError, match="rebuild"):
            store.submit(Draft("x", Changes.none(), evidence=[_evidence()]))
    elif damage == "broken":
        path.write_bytes(b"\xff\xfe\x00broken")
    else:
        by_hand(store, "合作对接会,0,", "合作对接会,1,")
    assert store.rebuild() == 253
    assert path.read_bytes() == wanted
    if damage == "edited":
        assert [one.kind for one in store.submissions[1:]] == [Kind.MANUAL, Kind.REVERT]
    if damage == "broken":
        kept = [file.read_bytes() for file in (store.entries.folder / "files").iterdir()]
        assert b"\xff\xfe\x00broken" in kept


def test_a_new_folder_without_reports_can_be_reported_to(store):
    (store.folder / "progress.csv").unlink()
    (store.folder / "progress.csv").write_text(
        ",".join(schema.PROGRESS.headers.values()) + "\n", encoding="utf-8"
    )
    send(store, LINE.format(80))
    assert percent(store) == "80"
    assert len(store.progress) == 1


def test_text_that_a_spreadsheet_would_run_comes_back_as_it_was(store):
    nasty = '=HYPERLINK("http://x")'
    line = LINE.format(80).replace("走访", '"' + nasty.replace('"', '""') + '"')
    send(store, line)
    assert nasty in store.progress["note"].tolist()
    cells = (store.folder / "progress.csv").read_bytes().decode("utf-8-sig")
    assert ",=HYPERLINK" not in cells
    assert ',"=HYPERLINK' not in cells


def test_evidence_is_kept_by_its_hash_and_goes_with_the_undo(store):
    item, content = _evidence()
    told = store.submit(
        Draft("张三", Changes.none(), Kind.ATTACH, "妇联", evidence=[(item, content)])
    )
    ((where, kept),) = store.evidence("八-1")
    assert where.revision == told.revision
    assert store.content(kept.sha256) == content
    path = store.entries.folder / "files" / kept.sha256
    path.write_bytes(b"changed")
    with pytest.raises(StoreError, match="校验值"):
        store.content(kept.sha256)
    store.revert(told.revision, "张三")
    assert store.evidence("八-1") == []


@pytest.mark.parametrize("sha256", ["../../progress.csv", "0" * 64, "", "a/b" * 22])
def test_a_kept_file_is_found_by_its_hash_only(store, sha256):
    send(store, LINE.format(80))
    with pytest.raises(StoreError, match="找不到"):
        store.content(sha256)


def test_nobody_and_nothing_is_refused(store):
    with pytest.raises(RefusedError, match="填报人"):
        store.submit(Draft(" ", Changes.none()))
    with pytest.raises(RefusedError, match="没有变化"):
        store.submit(Draft("张三", Changes.none()))


@pytest.fixture
def reviewed(store, rewrite):
    rewrite("settings.toml", "review = false", "review = true")
    return store


def test_with_review_a_report_counts_only_after_it_is_accepted(reviewed):
    told = send(reviewed, LINE.format(80))
    assert told.state == State.PENDING
    assert percent(reviewed) is None
    pending = reviewed.dataset(with_pending=True).progress
    assert len(pending) == len(reviewed.progress) + 1
    accepted = reviewed.review(1, "区党政办", accept=True)
    assert accepted.kind == Kind.ACCEPT
    assert percent(reviewed) == "80"
    assert reviewed.submissions[0].state == State.IN_FORCE
    with pytest.raises(RefusedError, match="不需要审核"):
        reviewed.review(1, "区党政办", accept=True)


def test_with_review_a_returned_report_carries_the_reason(reviewed):
    send(reviewed, LINE.format(80))
    with pytest.raises(RefusedError, match="理由"):
        reviewed.review(1, "区党政办", accept=False)
    back = reviewed.review(1, "区党政办", accept=False, reason="缺少佐证材料")
    assert back.reason == "缺少佐证材料"
    assert percent(reviewed) is None
    assert reviewed.submissions[0].state == State.RETURNED
    assert len(reviewed.dataset(with_pending=True).progress) == 252


def test_with_review_a_report_that_was_overtaken_is_not_accepted(reviewed, rewrite):
    send(reviewed, LINE.format(80))
    send(reviewed, LINE.format(85))
    reviewed.review(2, "区党政办", accept=True)
    with pytest.raises(RefusedError, match="又有了变化"):
        reviewed.review(1, "区党政办", accept=True)


def test_with_review_a_pending_report_can_be_withdrawn(reviewed):
    send(reviewed, LINE.format(80))
    reviewed.revert(1, "张三")
    assert reviewed.submissions[0].state == State.REVERTED
    assert percent(reviewed) is None


def test_a_killed_writer_is_finished_by_the_next_one(store):
    """Between the journal's rename and progress.csv's: the journal holds, the file follows."""
    send(store, LINE.format(80))
    path = store.folder / "progress.csv"
    old, mark = path.read_bytes(), (store.entries.folder / "applied").read_bytes()
    send(store, LINE.format(85))
    path.write_bytes(old)
    (store.entries.folder / "applied").write_bytes(mark)
    (store.entries.folder / ".tmp-left").write_bytes(b"half")
    send(store, "八-2,2018-10,总工会,,,60,走访")
    assert percent(store) == "85"
    assert percent(store, unit="总工会") == "60"
    assert [one.kind for one in store.submissions] == [Kind.REPORT] * 3
    assert not list(store.entries.folder.glob(".tmp-*"))


def test_an_edit_by_hand_over_a_killed_writer_loses_neither(store):
    send(store, LINE.format(80))
    path = store.folder / "progress.csv"
    old, mark = path.read_bytes(), (store.entries.folder / "applied").read_bytes()
    send(store, LINE.format(85))
    path.write_bytes(old)
    (store.entries.folder / "applied").write_bytes(mark)
    by_hand(store, "合作对接会,0,", "合作对接会,1,")
    kinds = [one.kind for one in store.history()]
    assert kinds == [Kind.REPORT, Kind.REPORT, Kind.MANUAL]
    assert percent(store) == "85"


def test_eight_threads_at_once_lose_nothing(store):
    units = [
        "区党政办",
        "区农业局",
        "区商务局",
        "区经发局",
        "区科技局",
        "区人社局",
        "妇联",
        "总工会",
    ]
    task_units = store.dataset().task_units
    faults = []

    def work(unit):
        try:
            tasks = task_units.loc[task_units["unit"] == unit, "task_id"]
            plain = [t for t in tasks if t not in set(store.targets["task_id"])]
            for month in (10, 11):
                own = FolderStore(store.folder)
                while True:
                    base = own.revision
                    try:
                        send(own, f"{plain[0]},2018-{month},{unit},,,99,甲", user=unit, base=base)
                    except ConflictError:
                        continue
                    break
        except Exception as error:  # noqa: BLE001 - the main thread is to see it
            faults.append(error)

    able = [
        u
        for u in units
        if any(
            t not in set(store.targets["task_id"])
            for t in task_units.loc[task_units["unit"] == u, "task_id"]
        )
    ]
    threads = [threading.Thread(target=work, args=(unit,)) for unit in able]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert len(able) >= 5
    assert store.revision == 2 * len(able)
    wanted = (store.folder / "progress.csv").read_bytes()
    store.rebuild()
    assert (store.folder / "progress.csv").read_bytes() == wanted


def test_the_journal_is_plain_text_that_other_tools_read(store):
    send(store, LINE.format(80))
    lines = (store.entries.folder / "000001.jsonl").read_text(encoding="utf-8").splitlines()
    facts, row = map(json.loads, lines)
    assert facts["user"] == "张三"
    assert row["before"] is None
    assert row["after"]["累计完成率"] == "80"


def test_names_lose_their_path_and_their_tricks(store):
    content = (HEAD + LINE.format(80)).encode()
    data = store.dataset()
    planned = intake.preview(data, intake.check(content, "a.csv", data), "x")
    name = "../../etc/\u202egnp.<script>" + "长" * 200 + ".csv"
    told = store.submit(Draft("x", planned.changes, original=Original(name, content)))
    assert "/" not in told.file_name
    assert "<" not in told.file_name
    assert "\u202e" not in told.file_name
    assert len(told.file_name) <= 100
    assert told.file_name.endswith(".csv")
    assert list((store.entries.folder / "files").iterdir())
