"""A database that is damaged, lost or closed to us: told by name, and never taken for an empty one."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from lib.access import Because, Mode, Visitor
from lib.cli.__main__ import main
from lib.store import Changes, Draft, JournalError, Kind, StoreError, open_store
from lib.store.changes import texts
from lib.store.database import network_share
from tests.lib.store.amending import amend
from tests.lib.store.sending import LINE, evidence, send
from tests.people import access_to, with_people
from tests.shipped import copy_data

HERE = Visitor(peer="127.0.0.1", bound="127.0.0.1", host="localhost:8501")
AFAR = Visitor(peer="10.0.0.7", bound="0.0.0.0", host="plan.example.cn")  # noqa: S104


@pytest.fixture(scope="module")
def reported_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with four submissions: reports, evidence, an amended plan."""
    folder = tmp_path_factory.mktemp("filled") / "data"
    copy_data(folder)
    store = open_store(folder)
    for value in (80, 85):
        send(store, LINE.format(value))
    store.submit(Draft("张三", Changes.none(), Kind.ATTACH, "妇联", evidence=[evidence()]))
    amend(store, ",4月,", ",6月,")
    return folder


@pytest.fixture
def filled(folder: Path, reported_once: Path) -> Path:
    """A copy of it, at the place of `folder`."""
    shutil.rmtree(folder)
    shutil.copytree(reported_once, folder)
    return folder


def overwrite(path, offset, content):
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def damage(folder, how):
    path = folder / "journal.db"
    if how == "gone":
        path.unlink()
    elif how == "zero":
        path.write_bytes(b"")
    elif how == "garbage":
        path.write_bytes(os.urandom(8192))
    elif how == "truncated":
        os.truncate(path, path.stat().st_size // 2 // 4096 * 4096)
    elif how == "cut in a page":
        os.truncate(path, 5000)
    elif how == "header":
        overwrite(path, 0, b"\0" * 100)
    elif how == "first page":
        overwrite(path, 0, b"\xff" * 4096)
    elif how == "another database":
        path.unlink()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE theirs (a)")
    elif how == "folder":
        path.unlink()
        path.mkdir()


DAMAGES = [
    "gone",
    "zero",
    "garbage",
    "truncated",
    "cut in a page",
    "header",
    "first page",
    "another database",
    "folder",
]


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_file_is_named_and_the_figures_stay(filled, how, capsys):
    data = texts(open_store(filled).dataset())
    stamp = open_store(filled).stamp()
    damage(filled, how)
    store = open_store(filled)
    before = {name: (filled / name).read_bytes() for name in ("progress.csv", "plan.csv")}
    assert texts(store.dataset()).equals(data)
    assert store.stamp() != stamp
    assert "journal.db" in store.fault()
    assert "恢复" in store.fault()
    for read in (lambda: store.submissions, store.history, lambda: store.changes(1)):
        with pytest.raises(JournalError, match=r"journal\.db"):
            read()
    with pytest.raises(StoreError, match=r"journal\.db"):
        send(store, LINE.format(90), base=4)
    with pytest.raises(StoreError, match=r"journal\.db"):
        store.rebuild()
    assert {name: (filled / name).read_bytes() for name in before} == before
    assert main(["verify", "--data", str(filled)]) == 1
    said = capsys.readouterr().out
    assert "journal.db" in said
    assert "仍可用：" in said
    assert "restore" in said


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.thorough)])
def test_any_page_that_is_overwritten_is_never_an_empty_or_another_history(filled, tmp_path, step):
    said = [(s.describe(), s.state) for s in open_store(filled).submissions]
    size = (filled / "journal.db").stat().st_size
    assert size > 40 * 4096
    quiet = []
    for page in range(0, size // 4096, step):
        copy = tmp_path / f"page{page}"
        shutil.copytree(filled, copy)
        overwrite(copy / "journal.db", page * 4096, b"\xa5" * 4096)
        store = open_store(copy)
        with suppress(JournalError):
            assert [(s.describe(), s.state) for s in store.submissions] == said
        assert len(store.progress) == 253
        if main(["verify", "--data", str(copy)]) == 0:
            quiet.append(page)
        shutil.rmtree(copy)
    assert quiet == []


CHANGED = {
    "facts": (
        "UPDATE submission SET facts = replace(facts, '张三', '李四') WHERE revision = 1",
        "第1号",
    ),
    "rows": (
        "UPDATE change SET after = replace(after, '走访', '座谈') WHERE revision = 2",
        "第2号的行",
    ),
    "missing": ("DELETE FROM submission WHERE revision = 2", "缺少第2号"),
    "last": ("DELETE FROM submission WHERE revision = 4", "应到第4号，只读到第3号"),
    "order": (
        "UPDATE submission SET revision = 5 - revision - 100 WHERE revision IN (2, 3);"
        "UPDATE submission SET revision = revision + 100 WHERE revision < 0",
        "第2号",
    ),
    "row gone": ("DELETE FROM change WHERE revision = 1", "第1号的行"),
    "file": ("UPDATE kept_file SET content = x'00' WHERE length(content) < 200", "校验值"),
    "file gone": ("DELETE FROM kept_file WHERE length(content) < 200", "找不到"),
    "all": ("DELETE FROM submission; DELETE FROM plan; DELETE FROM report", "有过（到第4号）"),
    "report": ("UPDATE report SET note = '改过' WHERE month = '2018-02'", "不一致"),
    "json": ("UPDATE submission SET facts = 'x' WHERE revision = 3", "读不出来"),
}


@pytest.mark.parametrize("what", CHANGED)
def test_verify_tells_which_entry_what_stands_and_what_to_do(filled, what, capsys):
    statement, words = CHANGED[what]
    assert main(["verify", "--data", str(filled)]) == 0
    capsys.readouterr()
    with closing(sqlite3.connect(filled / "journal.db")) as connection:
        connection.executescript(statement)
    assert main(["verify", "--data", str(filled), "--format", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["sound"] is False
    assert any(words in fault["what"] and fault["remedy"] for fault in told["faults"])
    store = open_store(filled)
    if what in ("facts", "missing", "last", "order", "all", "json"):  # found when it is opened
        assert words in store.fault()
        with pytest.raises(JournalError):
            _ = store.submissions
        if what != "all":
            assert any("号为止的上报记录" in fault["stands"] for fault in told["faults"])
    if what in ("rows", "row gone"):  # found when it is read
        with pytest.raises(JournalError, match=words):
            store.changes(int(words[1]))
    assert len(store.progress) == 253


def test_verify_takes_an_edit_by_hand_for_what_it_is(filled, by_hand, capsys):
    by_hand("合作对接会,0,", "合作对接会,1,")
    assert main(["verify", "--data", str(filled)]) == 0
    assert "提示：progress.csv 被手工修改过" in capsys.readouterr().out
    (filled / "progress.csv").unlink()
    assert main(["verify", "--data", str(filled)]) == 1
    assert "rebuild" in capsys.readouterr().out
    assert main(["rebuild", "--data", str(filled)]) == 0
    assert main(["verify", "--data", str(filled)]) == 0


def test_verify_of_a_folder_without_a_journal(folder, capsys):
    before = sorted(folder.iterdir())
    assert main(["verify", "--data", str(folder)]) == 0
    assert "还没有上报记录" in capsys.readouterr().out
    assert sorted(folder.iterdir()) == before
    assert main(["verify", "--data", str(folder / "nowhere")]) == 2


def test_verify_of_postgresql(server, capsys):
    url = server.shipped()
    send(open_store(url), LINE.format(80))
    assert main(["verify", "--data", url]) == 0
    name = url.split("@/")[1].split("?")[0]
    server.run("UPDATE change SET after = NULL WHERE revision = 1", name)
    assert main(["verify", "--data", url]) == 1
    assert "第1号的行" in capsys.readouterr().out


@pytest.mark.parametrize("how", ["gone", "zero", "garbage", "first page", "another database"])
def test_a_server_whose_accounts_are_lost_is_closed(filled, how):
    with_people(access_to(filled))
    damage(filled, how)
    access = access_to(filled)
    assert access.mode is Mode.ACCOUNTS
    for visitor in (HERE, AFAR):
        actor = access.actor(visitor)
        assert actor.role is None
        assert not actor.local
    with pytest.raises(StoreError):
        with_people(access)


def test_accounts_that_were_deleted_from_the_table_do_not_open_the_server(filled):
    with_people(access_to(filled))
    with closing(sqlite3.connect(filled / "journal.db")) as connection:
        connection.executescript("DELETE FROM access_account_units; DELETE FROM access_accounts")
    assert access_to(filled).actor(HERE).role is None


@pytest.mark.parametrize("how", ["gone", "zero", "garbage"])
def test_a_folder_that_never_had_accounts_stays_open_to_whoever_sits_there(filled, how):
    damage(filled, how)
    access = access_to(filled)
    assert access.actor(HERE).local
    assert access.actor(AFAR).because is Because.SETUP


def test_the_way_back_to_a_new_folder_is_to_remove_both(filled):
    (filled / "journal.db").unlink()
    assert "journal.mark" in open_store(filled).fault()
    (filled / "journal.mark").unlink()
    store = open_store(filled)
    assert (store.fault(), store.submissions) == ("", [])
    assert send(store, LINE.format(70)).revision == 1


@pytest.mark.parametrize("mounted", ["cifs", "nfs4", "ext4"])
def test_a_network_share_is_recognised(tmp_path, mounted):
    mounts = tmp_path / "mounts"
    share = tmp_path / "my share"
    words = str(share).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\n//server/x {words} {mounted} rw 0 0\n")
    assert network_share(share / "data", mounts) == ("" if mounted == "ext4" else mounted)
    assert network_share(tmp_path, mounts) == ""
    assert network_share(tmp_path, tmp_path / "none") == ""


def test_a_network_share_is_told_by_verify_and_is_no_damage(filled, monkeypatch, capsys):
    monkeypatch.setattr("lib.store.store.network_share", lambda _: "nfs4")
    assert main(["verify", "--data", str(filled)]) == 0
    assert "提示：数据目录在网络共享上（nfs4）" in capsys.readouterr().out
