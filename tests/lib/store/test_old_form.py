"""Data folders of the old form: read as they are, taken over at the first write, nothing lost."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from lib.access import Mode, Visitor
from lib.cli.__main__ import main
from lib.core.problems import DataError
from lib.store import (
    Changes,
    Draft,
    JournalError,
    Kind,
    StoreError,
    backup,
    marks,
    old_form,
    open_store,
    plan_names,
)
from lib.store.changes import texts
from lib.store.checking import check
from lib.store.copying import accounts
from lib.store.database import Database
from lib.store.old_form import OldJournal
from tests.lib.store.sending import LINE, percent, send
from tests.lib.store.test_kills import NOBODY, in_child, look
from tests.people import PASSWORD, access_to

NAMES = ["first_release", "everything"]


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def rows(data):
    return sha256(texts(data).to_csv(index=False).encode())


def description(folder):
    """Return what the old program wrote down of a folder (`tests/fixtures/journals/README.md`)."""

    def as_of(store, number):
        try:
            return rows(store.dataset(revision=number))
        except DataError as error:
            return type(error).__name__

    plans = {}
    for plan in ["", *plan_names(folder)]:
        store = open_store(folder, plan)
        numbers = range(store.revision + 1)
        originals = [store.original(number) for number in numbers]
        plans[plan] = {
            "submissions": [[s.describe(), str(s.state), s.reason] for s in store.submissions],
            "rows": [
                sorted(map(str, store.changes(n).after.iloc[:, 0]))[:5]
                if n
                else len(store.changes(n))
                for n in numbers
            ],
            "files": {name: sha256(content) for name, content in store.plan_files().items()},
            "originals": [file and [file.name, sha256(file.content)] for file in originals],
            "evidence": [
                [item.name, sha256(store.content(item.sha256))]
                for _, item in store.evidence("八-1")
            ],
            "reports": rows(store.dataset()),
            "count": len(store.progress),
            "with_pending": rows(store.dataset(with_pending=True)),
            "as_of": [as_of(store, number) for number in numbers],
        }
    return plans


def figures(folder, capsys):
    assert main(["figures", "--data", str(folder), "--month", "2018-10"]) == 0
    return json.loads(capsys.readouterr().out)


def listing(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("name", NAMES)
def test_an_old_folder_is_read_as_it_is_and_nothing_is_written(old_folder, capsys, name):
    folder, said = old_folder(name)
    before = listing(folder)
    assert description(folder) == said["plans"]
    assert figures(folder, capsys) == said["figures"]
    assert open_store(folder).fault() == ""
    assert listing(folder) == before


@pytest.mark.parametrize("name", NAMES)
def test_the_first_write_takes_everything_over(old_folder, capsys, name):
    folder, said = old_folder(name)
    before = listing(folder)
    notice = Draft("办", Changes.none(), Kind.NOTICE, details={"文号": 1})
    number = open_store(folder).submit(notice).revision
    assert number == len(said["plans"][""]["submissions"]) + 1
    after = description(folder)
    for kind in ("submissions", "rows", "originals", "as_of"):
        after[""][kind].pop()
    assert after == said["plans"]
    assert figures(folder, capsys) == said["figures"]
    # the old files are whole, in a folder of their own; beside it only the new ones
    (kept,) = folder.glob("journal-before-*")
    moved = {
        path: content
        for path, content in before.items()
        if "journal/" in path or path.startswith("accounts.db")
    }
    assert listing(kept) == moved
    assert not list(folder.glob("**/journal")) or [kept] == [
        path.parent for path in folder.glob("*/journal")
    ]
    assert (folder / "journal.db").stat().st_mode & 0o777 == 0o600
    assert not list(folder.glob("journal.db-*"))
    # life goes on
    send(open_store(folder), LINE.format(90))
    assert main(["verify", "--data", str(folder)]) == 0


def test_accounts_of_the_old_form_are_read_and_taken_over(old_folder):
    folder, _ = old_folder("everything")
    access = access_to(folder)
    assert access.accounts.any()
    assert access.accounts.right_password("fulian", PASSWORD).name == "张三"
    assert access.trail.entries()[-1].action == "新增账号"
    assert (folder / "accounts.db").exists()
    assert not isinstance(access.sign_in("fulian", PASSWORD, "127.0.0.1"), str)
    assert not (folder / "accounts.db").exists()
    assert access_to(folder).accounts.right_password("admin", PASSWORD).name == "王主任"
    assert json.loads((folder / "journal.mark").read_text("utf-8"))["accounts"] is True
    assert open_store(folder).revision == 12


def test_an_edit_by_hand_is_a_first_write_too(old_folder):
    folder, said = old_folder("everything")
    path = folder / "plan.csv"
    path.write_bytes(path.read_bytes().replace(",6月,".encode(), ",7月,".encode(), 1))
    history = open_store(folder).history()
    assert history[-1].kind == Kind.MANUAL
    assert len(history) == len(said["plans"][""]["submissions"]) + 1
    assert (folder / "journal.db").exists()


def test_what_a_killed_writer_of_the_old_form_left_is_finished(old_folder):
    folder, _ = old_folder("first_release")
    (folder / "journal" / "applied").write_text(
        f"3 {json.loads((folder / 'journal' / '000003.jsonl').read_text('utf-8').splitlines()[0])['progress_sha256']}\n"
    )
    wanted = (folder / "progress.csv").read_bytes()
    assert len(open_store(folder).progress) > 0
    assert (folder / "progress.csv").read_bytes() == wanted
    assert open_store(folder).revision == 4


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("half", r"000002\.jsonl"),
        ("gone", r"000002\.jsonl 不见了"),
        ("renamed", r"000005\.jsonl"),
        ("file", "原件"),
        ("accounts", r"accounts\.db 是空的"),
        ("page", r"accounts\.db 损坏"),
    ],
)
def test_a_damaged_old_folder_is_not_taken_over_and_stays(old_folder, damage, words):
    folder, _ = old_folder("everything")
    journal = folder / "journal"
    if damage == "half":
        path = journal / "000002.jsonl"
        path.write_bytes(path.read_bytes()[:100])
    elif damage == "gone":
        (journal / "000002.jsonl").unlink()
    elif damage == "renamed":
        shutil.copy(journal / "000004.jsonl", journal / "000005.jsonl")
    elif damage == "file":
        kept = next(path for path in (journal / "files").iterdir() if path.stat().st_size > 900)
        kept.write_bytes(b"other")
    elif damage == "accounts":
        (folder / "accounts.db").write_bytes(b"")
    else:
        with (folder / "accounts.db").open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 40960)
    before = listing(folder)
    with pytest.raises(StoreError, match=words):
        send(open_store(folder), LINE.format(90))
    after = listing(folder)
    assert {path: after[path] for path in before} == before
    assert not (folder / "journal.db").exists()
    if damage in ("half", "gone", "renamed"):
        with pytest.raises(JournalError, match=words):
            _ = open_store(folder).submissions
        assert "jsonl" in open_store(folder).fault()
        assert len(open_store(folder).progress) == 253  # the files are there all the same


def test_a_take_over_that_was_killed_before_the_move_is_finished(old_folder, monkeypatch):
    folder, _ = old_folder("everything")
    with monkeypatch.context() as patch:
        patch.setattr("lib.store.old_form._put_away", lambda *_: None)
        send(open_store(folder), LINE.format(90))
    assert (folder / "journal").exists()
    number = open_store(folder).revision
    assert number == 13
    send(open_store(folder), LINE.format(91))
    assert not (folder / "journal").exists()
    assert not (folder / "accounts.db").exists()
    assert open_store(folder).revision == 14


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs POSIX rights")
def test_two_programs_that_take_over_at_once_make_one_journal(old_folder):
    folder, _ = old_folder("everything")
    children = []
    for number in range(4):
        child = os.fork()
        if not child:
            code = 1
            try:
                open_store(folder).submit(
                    Draft(f"人{number}", Changes.none(), Kind.NOTICE, details={"n": number})
                )
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert open_store(folder).revision == 16
    assert len(list(folder.glob("journal-before-*"))) == 1
    assert percent(open_store(folder)) == "81"
    with closing(sqlite3.connect(folder / "journal.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


MOMENTS = {
    "entries": (OldJournal, "entries"),
    "records": (OldJournal, "records"),
    "content": (OldJournal, "content"),
    "accounts": (old_form, "_old_accounts"),
    "mark": (marks, "read"),
}


def everything_is_there(folder):
    store, access = open_store(folder), access_to(folder)
    assert access.mode is Mode.ACCOUNTS
    assert access.accounts.find("fulian").name == "张三"
    assert store.fault() == ""
    assert store.revision >= 12
    for submission in store.submissions:
        store.changes(submission.revision)
        store.original(submission.revision)
    assert len(store.progress) > 200
    assert accounts(str(folder))["access_accounts"]
    assert [fault for fault in check(str(folder))[1] if fault.serious] == []


@pytest.mark.parametrize("moment", [*MOMENTS, "exists"])
def test_whoever_reads_while_another_takes_over_misses_nothing(old_folder, monkeypatch, moment):
    folder, _ = old_folder("everything")

    def take_over():
        monkeypatch.undo()
        send(open_store(folder), LINE.format(90))
        assert not (folder / "journal").exists()

    if moment == "exists":
        asked = Database.exists.fget
        late = property(lambda database: (asked(database), take_over())[0])
        monkeypatch.setattr(Database, "exists", late)
    else:
        owner, name = MOMENTS[moment]
        real = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *where: (take_over(), real(*where))[1])
    everything_is_there(folder)
    assert (folder / "journal.db").exists()


def test_a_backup_made_while_another_takes_over_is_whole(old_folder, monkeypatch, tmp_path):
    folder, _ = old_folder("everything")
    pack = backup._pack

    def late(*where):
        monkeypatch.undo()
        pack(*where)
        send(open_store(folder), LINE.format(90))

    monkeypatch.setattr(backup, "_pack", late)
    backup.backup(str(folder), tmp_path / "b.zip")
    backup.restore(tmp_path / "b.zip", str(tmp_path / "back"))
    assert open_store(tmp_path / "back").revision == 13
    everything_is_there(tmp_path / "back")


def test_nobody_writes_while_another_puts_the_old_files_away(old_folder, monkeypatch):
    """A writer sweeps temporary files away; the mark of accounts is written by way of one."""
    folder, _ = old_folder("everything")
    with monkeypatch.context() as patch:
        patch.setattr("lib.store.old_form._put_away", lambda *_: None)
        send(open_store(folder), LINE.format(90))
    mark_accounts, refused = Database.mark_accounts, []

    def late(database):
        with (
            pytest.raises(StoreError, match="其他人正在写入") as busy,
            Database(folder).writing("试验", 0.1),
        ):
            pass
        refused.append(busy)
        mark_accounts(database)

    monkeypatch.setattr(Database, "mark_accounts", late)
    send(open_store(folder), LINE.format(91))
    assert refused
    assert not (folder / "accounts.db").exists()


def test_a_program_of_before_that_goes_on_writing_is_told(old_folder, monkeypatch):
    folder, _ = old_folder("everything")
    monkeypatch.setattr("lib.store.old_form.LOCK_SECONDS", 0.1)
    with (
        FileLock(folder / "journal" / ".lock"),
        pytest.raises(StoreError, match="没有保存：其他人正在写入"),
    ):
        send(open_store(folder), LINE.format(90))
    assert not (folder / "journal.db").exists()
    assert send(open_store(folder), LINE.format(90)).revision == 13


@pytest.mark.parametrize("how", ["zero", "garbage"])
def test_accounts_of_the_old_form_that_cannot_be_read_leave_nobody_in(old_folder, how):
    folder, _ = old_folder("everything")
    (folder / "accounts.db").write_bytes(b"" if how == "zero" else b"no database" * 900)
    with pytest.raises(JournalError, match=r"accounts\.db.*从备份恢复"):
        access_to(folder).actor(Visitor(peer="127.0.0.1", bound="127.0.0.1", host="localhost"))


@pytest.mark.skipif(not NOBODY, reason="needs root, to become somebody else")
def test_an_old_folder_that_can_only_be_read_is_read(old_folder):
    folder, _ = old_folder("everything")
    for path in [Path("/"), *folder.parents][1:-1]:
        path.chmod(path.stat().st_mode | 0o005)  # another user may come this far
    before = listing(folder)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    rows, fault, ending = in_child(look, folder, NOBODY)
    assert (rows, fault) == (253, "")
    assert "没有保存：没有写入数据目录的权限" in ending
    assert in_child(names_seen, folder, NOBODY) == (12, "张三")
    assert listing(folder) == before


def names_seen(folder, uid, queue):
    """Tell what another user sees: the journal's length and the name of an account."""
    os.setgid(uid)
    os.setuid(uid)
    account = access_to(folder).accounts.find("fulian")
    queue.put((len(open_store(folder).submissions), account and account.name))
