"""A backup made while the store is in use, checked, and put back."""

from __future__ import annotations

import json
import os
import threading
import zipfile

import pytest

from lib.cli.__main__ import main
from lib.store import open_store, plan_names
from lib.store.changes import texts
from lib.store.database import database
from tests.lib.store.sending import LINE, send
from tests.lib.store.test_copying import told
from tests.people import PASSWORD, access_to, with_people


def test_there_and_back_with_accounts_and_all_plans(filled, tmp_path, capsys):
    folder = filled
    with_people(access_to(folder))
    (folder / "材料").mkdir()
    (folder / "材料" / "说明.txt").write_text("随文件夹一起")
    file, back = tmp_path / "备份.zip", tmp_path / "back"
    assert main(["backup", str(file), "--data", str(folder)]) == 0
    assert "已核对" in capsys.readouterr().out
    assert main(["restore", str(file), "--data", str(back), "--format", "json"]) == 0
    plans = {plan["plan"]: plan for plan in json.loads(capsys.readouterr().out)}
    assert plans[""]["revision"] == 11
    assert plans[""]["head"] == open_store(folder).head().sha256
    assert plan_names(back) == ["镇村_2019"]
    for plan in ("", "镇村_2019"):
        assert told(folder, plan) == told(back, plan)
    (matter,) = open_store(back).matters()
    assert (matter.number, str(matter.state), matter.lead) == ("事项〔2018〕1号", "待签收", "妇联")
    assert access_to(back).accounts.right_password("fulian", PASSWORD) is not None
    assert (back / "材料" / "说明.txt").read_text() == "随文件夹一起"
    assert (back / "journal.db").stat().st_mode & 0o777 == 0o600
    assert send(open_store(back, "镇村_2019"), LINE.format(9)).revision == 3
    assert not list(tmp_path.glob(".tmp-*"))


@pytest.mark.parametrize("times", [2, pytest.param(5, marks=pytest.mark.thorough)])
def test_a_backup_taken_while_others_write_is_of_one_moment(folder, tmp_path, times):
    send(open_store(folder), LINE.format(1))
    stop, faults = threading.Event(), []

    def write():
        number = 0
        try:
            while not stop.is_set():
                number += 1
                send(open_store(folder), LINE.format(number % 90 + 2))
        except Exception as error:  # noqa: BLE001 - the main thread is to see it
            faults.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(times):
            assert main(["backup", str(tmp_path / f"{number}.zip"), "--data", str(folder)]) == 0
    finally:
        stop.set()
        writer.join()
    assert not faults
    seen = []
    for number in range(times):
        back = tmp_path / f"back{number}"
        assert main(["restore", str(tmp_path / f"{number}.zip"), "--data", str(back)]) == 0
        store = open_store(back)
        wanted = texts(store.dataset(revision=store.revision))
        assert texts(store.dataset()).equals(wanted)
        assert [entry.kind for entry in store.history()] == ["填报"] * store.revision
        seen.append(store.revision)
    assert seen == sorted(seen)
    assert seen[-1] > 0


def test_a_database_is_backed_up_into_the_same_kind_of_file(server, tmp_path):
    url, again = server.shipped(), server.empty()
    send(open_store(url), LINE.format(80))
    file = tmp_path / "db.zip"
    assert main(["backup", str(file), "--data", url]) == 0
    assert main(["restore", str(file), "--data", again]) == 0
    assert told(url) == told(again)
    assert main(["restore", str(file), "--data", str(tmp_path / "folder")]) == 0
    assert told(url) == told(tmp_path / "folder")
    for address in (url, again):
        database(address).close()


def test_folders_of_csv_files_and_of_the_old_form_are_backed_up_as_they_are(
    folder, old_folder, tmp_path
):
    old, _ = old_folder("everything")
    for number, source in enumerate((folder, old)):
        file, back = tmp_path / f"{number}.zip", tmp_path / f"back{number}"
        before = sorted(source.rglob("*"))
        assert main(["backup", str(file), "--data", str(source)]) == 0
        assert sorted(source.rglob("*")) == before
        assert main(["restore", str(file), "--data", str(back)]) == 0
        for plan in ["", *plan_names(source)]:
            here, there = open_store(source, plan), open_store(back, plan)
            assert here.plan_files() == there.plan_files()
            assert here.submissions == there.submissions
            assert texts(here.dataset()).equals(texts(there.dataset()))


def test_what_cannot_be_backed_up_or_restored_is_told(folder, tmp_path, capsys):
    send(open_store(folder), LINE.format(80))
    file = tmp_path / "a.zip"
    assert main(["backup", str(file), "--data", str(folder)]) == 0
    assert main(["backup", str(file), "--data", str(folder)]) == 1
    assert "已经存在" in capsys.readouterr().err
    assert main(["restore", str(file), "--data", str(folder)]) == 1
    assert "不是空目录" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "no.zip"), "--data", str(tmp_path / "x")]) == 2
    assert main(["backup", str(tmp_path / "no" / "b.zip"), "--data", str(folder)]) == 1
    assert main(["backup", str(tmp_path / "b.zip"), "--data", str(tmp_path / "no")]) == 2
    # a damaged store gives no backup that looks like one
    with (folder / "journal.db").open("r+b") as broken:
        broken.seek(8192)
        broken.write(os.urandom(20000))
    capsys.readouterr()
    assert main(["backup", str(tmp_path / "c.zip"), "--data", str(folder)]) == 1
    assert "journal.db 损坏了" in capsys.readouterr().err
    assert not (tmp_path / "c.zip").exists()


@pytest.mark.parametrize("how", ["cut", "text", "escape", "damaged"])
def test_a_file_that_is_no_backup_restores_nothing(folder, tmp_path, how, capsys):
    send(open_store(folder), LINE.format(80))
    file, target = tmp_path / "a.zip", tmp_path / "target"
    assert main(["backup", str(file), "--data", str(folder)]) == 0
    if how == "cut":
        file.write_bytes(file.read_bytes()[:-200])
    elif how == "text":
        file.write_bytes(b"no zip")
    elif how == "escape":
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("../outside.txt", "x")
    else:
        content = bytearray(file.read_bytes())
        content[2000:2100] = b"\0" * 100
        file.write_bytes(content)
    capsys.readouterr()
    assert main(["restore", str(file), "--data", str(target)]) == 1
    assert capsys.readouterr().err
    assert not list(tmp_path.glob("target*"))
    assert not (tmp_path / "outside.txt").exists()
