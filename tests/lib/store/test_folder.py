"""What only a data folder has: files that others edit, a journal in one file beside them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lib import intake
from lib.core import schema
from lib.core.problems import DataError
from lib.store import (
    Changes,
    ConflictError,
    Draft,
    Kind,
    PlanStore,
    StoreError,
    open_store,
)
from tests.lib.store.sending import HEAD, LINE, evidence, percent, send


@pytest.fixture
def store(folder: Path) -> PlanStore:
    return PlanStore(folder)


def test_the_address_chooses_the_store(folder):
    for url in (folder, str(folder), f"csv://{folder}"):
        assert len(open_store(url).progress) == 252
    with pytest.raises(StoreError, match="mysql"):
        open_store("mysql://host/db")


def test_an_edit_by_hand_becomes_a_submission_of_its_own(store, by_hand):
    send(store, LINE.format(80))
    by_hand("合作对接会,0,", "合作对接会,1,")
    told = send(store, LINE.format(85))
    assert told.revision == 3
    hand = store.submissions[1]
    assert hand.kind == Kind.MANUAL
    assert hand.rows == 1
    texts = schema.PROGRESS.texts(store.progress)
    assert (texts.loc[texts["指标"] == "合作对接会", "本月完成"] == "1").sum() == 1
    assert store.changes(2).after["本月完成"].tolist() == ["1"]


def test_a_preview_before_an_edit_by_hand_is_stale(store, by_hand):
    send(store, LINE.format(80))
    by_hand("合作对接会,0,", "合作对接会,1,")
    with pytest.raises(ConflictError, match="手工修改"):
        send(store, LINE.format(85), base=1)


def test_history_takes_an_edit_by_hand_in(store, by_hand):
    send(store, LINE.format(80))
    by_hand("合作对接会,0,", "合作对接会,1,")
    assert [one.kind for one in store.history()] == [Kind.REPORT, Kind.MANUAL]
    store.revert(2, "李四")
    texts = schema.PROGRESS.texts(store.progress)
    assert not (texts.loc[texts["指标"] == "合作对接会", "本月完成"] == "1").any()


def test_saving_the_file_again_without_a_change_is_no_submission(store, by_hand):
    send(store, LINE.format(80))
    by_hand("任务编号", "任务编号")
    send(store, LINE.format(85))
    assert [one.kind for one in store.submissions] == [Kind.REPORT, Kind.REPORT]


def test_a_broken_edit_by_hand_stops_writing_and_is_never_overwritten(store, by_hand):
    send(store, LINE.format(80))
    by_hand("合作对接会,0,", "合作对接会,很多,")
    broken = (store.folder.path / "progress.csv").read_bytes()
    with pytest.raises(DataError, match="很多"):
        store.submit(Draft("x", Changes.none(), evidence=[evidence()]))
    assert (store.folder.path / "progress.csv").read_bytes() == broken
    assert len(store.history()) == 1


@pytest.mark.parametrize("damage", ["gone", "broken", "edited"])
def test_rebuild_gives_the_state_of_the_journal(store, damage, by_hand):
    send(store, LINE.format(80))
    wanted = (store.folder.path / "progress.csv").read_bytes()
    path = store.folder.path / "progress.csv"
    if damage == "gone":
        path.unlink()
        with pytest.raises(StoreError, match="rebuild"):
            store.submit(Draft("x", Changes.none(), evidence=[evidence()]))
    elif damage == "broken":
        path.write_bytes(b"\xff\xfe\x00broken")
    else:
        by_hand("合作对接会,0,", "合作对接会,1,")
    assert store.rebuild() == 253
    assert path.read_bytes() == wanted
    if damage == "edited":
        assert [one.kind for one in store.submissions[1:]] == [Kind.MANUAL, Kind.REVERT]
    if damage == "broken":
        kept = [store.content(sha256) for sha256 in store.kept()]
        assert b"\xff\xfe\x00broken" in kept


def test_a_new_folder_without_reports_can_be_reported_to(store):
    (store.folder.path / "progress.csv").unlink()
    (store.folder.path / "progress.csv").write_text(
        ",".join(schema.PROGRESS.headers.values()) + "\n", encoding="utf-8"
    )
    send(store, LINE.format(80))
    assert percent(store) == "80"
    assert len(store.progress) == 1


def test_a_killed_writer_is_finished_by_the_next_one(store):
    """Between the journal's rename and progress.csv's: the journal holds, the file follows."""
    send(store, LINE.format(80))
    path = store.folder.path / "progress.csv"
    old, mark = path.read_bytes(), (store.folder.path / "journal.mark").read_bytes()
    send(store, LINE.format(85))
    path.write_bytes(old)
    (store.folder.path / "journal.mark").write_bytes(mark)
    (store.folder.path / ".tmp-left").write_bytes(b"half")
    send(store, "八-2,2018-10,总工会,,,60,走访")
    assert percent(store) == "85"
    assert percent(store, unit="总工会") == "60"
    assert [one.kind for one in store.submissions] == [Kind.REPORT] * 3
    assert not list(store.folder.path.glob(".tmp-*"))


def test_an_edit_by_hand_over_a_killed_writer_loses_neither(store, by_hand):
    send(store, LINE.format(80))
    path = store.folder.path / "progress.csv"
    old, mark = path.read_bytes(), (store.folder.path / "journal.mark").read_bytes()
    send(store, LINE.format(85))
    path.write_bytes(old)
    (store.folder.path / "journal.mark").write_bytes(mark)
    by_hand("合作对接会,0,", "合作对接会,1,")
    kinds = [one.kind for one in store.history()]
    assert kinds == [Kind.REPORT, Kind.REPORT, Kind.MANUAL]
    assert percent(store) == "85"


def test_the_journal_is_a_database_that_other_tools_read(store):
    send(store, LINE.format(80))
    with closing(sqlite3.connect(store.folder.path / "journal.db")) as connection:
        ((facts,),) = connection.execute("SELECT facts FROM submission WHERE revision = 1")
        ((before, after),) = connection.execute(
            "SELECT before, after FROM change WHERE revision = 1"
        )
        ((percent_now,),) = connection.execute(
            "SELECT cumulative_percent FROM report WHERE month = '2018-10'"
        )
    assert json.loads(facts)["user"] == "张三"
    assert before is None
    assert json.loads(after)["累计完成率"] == "80"
    assert percent_now == 80


def test_the_first_original_is_the_file_as_it_was(store):
    before = (store.folder.path / "progress.csv").read_bytes()
    send(store, LINE.format(80))
    original = store.original(0)
    assert original is not None
    assert original.content == before


def test_no_cell_of_the_file_is_a_formula(store):
    send(store, LINE.format(80).replace("走访", '"=HYPERLINK(1)"'))
    cells = (store.folder.path / "progress.csv").read_bytes().decode("utf-8-sig")
    assert "'=HYPERLINK" in cells
    assert ",=HYPERLINK" not in cells


def test_a_kept_file_that_was_altered_is_not_given_out(store):
    item, content = evidence()
    store.submit(Draft("张三", Changes.none(), Kind.ATTACH, "妇联", evidence=[(item, content)]))
    with closing(sqlite3.connect(store.folder.path / "journal.db")) as connection:
        connection.execute("UPDATE kept_file SET content = 'x' WHERE sha256 = ?", [item.sha256])
        connection.commit()
    with pytest.raises(StoreError, match="校验值"):
        store.content(item.sha256)


def test_what_fails_after_the_commit_is_finished_by_the_next_reader(store, monkeypatch):
    rename = Path.replace

    def fail(self, target):
        if Path(target).name == "progress.csv":
            raise PermissionError(13, "in use")
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        assert send(store, LINE.format(80)).revision == 1
    assert percent(PlanStore(store.folder.path)) == "80"
    assert send(store, LINE.format(85)).revision == 2
    assert not list(store.folder.path.rglob(".tmp-*"))


def test_a_file_that_another_program_holds_refuses_the_submission(store, monkeypatch):
    send(store, LINE.format(80))

    def held(path):
        raise PermissionError(13, "in use")

    with monkeypatch.context() as patch:
        patch.setattr("lib.store.atomic_files.open_to_writers", held)
        with pytest.raises(StoreError, match=r"没有保存：.*权限"):
            send(store, LINE.format(85))
    assert percent(store) == "80"
    assert store.revision == 1
    assert not list(store.folder.path.rglob(".tmp-*"))


@pytest.mark.parametrize("strange", ["\x00", "\x0b", "\uffff"])
def test_a_folder_that_holds_control_characters_opens_says_so_and_is_mended(
    folder, monkeypatch, strange
):
    store = open_store(folder)
    with monkeypatch.context() as earlier:  # a version that cleaned nothing
        earlier.setattr("lib.core.texts.is_clean", lambda _: True)
        data = store.dataset()
        checked = intake.check((HEAD + LINE.format(80)).encode(), "a.csv", data)
        changes = intake.preview(data, checked, "张三").changes
        after = changes.after.assign(进展说明=f"走{strange}访")
        store.submit(Draft("张三", Changes(changes.before, after), unit="妇联"))
    assert strange.encode() in (folder / "progress.csv").read_bytes()
    store = open_store(folder)
    data = store.dataset()
    assert not data.progress_problems
    assert data.cleaned_files == ("progress.csv",)
    assert "".join(data.progress["note"].iloc[-1].split()) == "走访"
    store.rebuild()
    assert not store.dataset().cleaned_files
    assert len(store.history()) == 1
    store.revert(1, "张三")
    assert len(store.progress) == 252


@pytest.mark.parametrize("strange", [b"\0", b"\x0b", "\uffff".encode(), b"\xed\xa0\x80"])
def test_a_plan_with_text_that_cannot_be_kept_opens_says_so_and_is_mended(folder, strange):
    path = folder / "plan.csv"
    before = open_store(folder).dataset().tasks["content"].tolist()
    path.write_bytes(
        path.read_bytes().replace("紫阳".encode(), "紫".encode() + strange + "阳".encode(), 1)
    )
    store = open_store(folder)
    data = store.dataset()
    assert data.cleaned_files == ("plan.csv",)
    store.rebuild()
    assert strange not in path.read_bytes()
    assert not store.dataset().cleaned_files
    assert len(store.dataset().tasks) == len(before)
