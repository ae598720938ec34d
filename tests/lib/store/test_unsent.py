"""Unsent work: kept by owner, name, plan, unit and month, in a folder and in PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.store import ItemKind, Place, StoreError, UnsentWork, open_store
from lib.store.backup import backup
from lib.store.database import database
from lib.store.unsent import FILE

HERE = Place("浏览器 a", "张三", "", "妇联", 24225)


@pytest.fixture
def work(address):
    yield UnsentWork(address)
    database(address).close()


def test_what_is_kept_is_there_for_whoever_owns_it_until_it_is_dropped(work, address):
    assert work.items(HERE.owner, "") == []
    cell = work.keep(HERE, ItemKind.CELL, "八-2", "走访".encode())
    file = work.keep(replace(HERE, month=24226), ItemKind.FILE, "十月.xlsx", b"\x00\xff")
    again = UnsentWork(address)  # another server, or the same one after a restart
    assert again.items(HERE.owner, "") == [file, cell]
    assert again.contents([file, cell]) == [b"\x00\xff", "走访".encode()]
    assert again.items("浏览器 b", "") == again.items(HERE.owner, "plan") == []
    work.drop([cell])
    assert again.items(HERE.owner, "") == [file]
    assert again.contents([cell]) == [b""]


def test_an_item_is_replaced_and_its_replacement_is_not_dropped_with_it(work):
    sent = work.keep(HERE, ItemKind.CELL, "八-2", b"1")
    typed_since = work.keep(HERE, ItemKind.CELL, "八-2", b"2")
    work.drop([sent])
    assert work.items(HERE.owner, "") == [typed_since]
    assert work.contents([typed_since]) == [b"2"]


def test_work_is_signed_and_the_later_of_two_stays(work):
    nameless = replace(HERE, signature="")
    older = work.keep(nameless, ItemKind.CELL, "a", b"nameless, older")
    newer = work.keep(HERE, ItemKind.CELL, "a", b"named, newer")
    named = work.keep(HERE, ItemKind.CELL, "b", b"named, older")
    only = [work.keep(nameless, ItemKind.CELL, name, b"nameless") for name in "bc"]
    work.sign([older, *only], "张三")
    kept = work.items(HERE.owner, "")
    assert {item.place.signature for item in kept} == {"张三"}
    assert dict(zip([item.name for item in kept], work.contents(kept), strict=True)) == {
        "a": b"named, newer",
        "b": b"nameless",
        "c": b"nameless",
    }
    assert newer in kept
    assert named not in kept


def test_a_folder_gets_one_file_that_only_the_program_reads_and_no_journal(folder, tmp_path):
    before = {path.name for path in folder.iterdir()}
    stamp = open_store(folder).stamp()
    work = UnsentWork(folder)
    assert work.items("浏览器 a", "") == []
    assert {path.name for path in folder.iterdir()} == before
    work.keep(HERE, ItemKind.CELL, "八-2", b"1")
    assert {path.name for path in folder.iterdir()} == {*before, FILE}
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600
    assert open_store(folder).stamp() == stamp  # no page is drawn anew for it
    backup(str(folder), tmp_path / "all.zip")
    assert FILE.encode() not in (tmp_path / "all.zip").read_bytes()


def test_a_damaged_file_is_told_with_the_way_out(folder):
    (folder / FILE).write_bytes(b"no database at all, but long enough to be one" * 100)
    with pytest.raises(StoreError, match=r"草稿没有保存：损坏了.*删掉它就可以重新开始"):
        UnsentWork(folder).keep(HERE, ItemKind.CELL, "八-2", b"1")
    with pytest.raises(StoreError, match="损坏"):
        UnsentWork(folder).items("浏览器 a", "")


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(StoreError, match="草稿没有保存"):
        UnsentWork(tmp_path / "gone").keep(HERE, ItemKind.CELL, "八-2", b"1")
