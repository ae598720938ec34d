"""The audit trail is a chain: whoever cuts or rewrites it is found out, and by which line."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from contextlib import closing

import pytest
import sqlalchemy as sa

from lib.cli.__main__ import main
from lib.store import open_store
from lib.store.checking import check
from lib.store.copying import accounts, copy
from lib.store.database import FILE, database, sqlite_engine
from tests.lib.store.sending import LINE, send
from tests.lib.store.test_migrations import make_version
from tests.people import BOSS, access_to, people_in, with_people

CELLS = "time, account, name, address, action, subject, allowed, detail"
WHOLE: list[str] = []


def noted(access, count=10):
    """Bring a trail to so many lines; the people's own are among them."""
    for number in range(len(access.trail.entries()) + 1, count + 1):
        access.trail.note(BOSS, "登录", f"第{number}次")
    return access


def rewrite(access, *statements):
    """Do to the trail what somebody could who owns the database, and so has no triggers to mind."""
    with access.database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("ALTER TABLE access_audit DISABLE TRIGGER USER"))
        else:
            for verb in ("update", "delete"):
                connection.execute(sa.text(f"DROP TRIGGER IF EXISTS access_audit_no_{verb}"))
        for statement in statements:
            connection.execute(sa.text(statement))


def put_in(number):
    return (
        f"INSERT INTO access_audit (id, {CELLS}, sha256) "  # noqa: S608
        f"SELECT {number}, {CELLS}, sha256 FROM access_audit WHERE id = 5"
    )


DONE = [
    (["UPDATE access_audit SET detail = '没有' WHERE id = 4"], ["第4条被改动过"]),
    (["UPDATE access_audit SET allowed = NOT allowed"], ["第1至10条被改动过"]),
    (["UPDATE access_audit SET time = time + 1 WHERE id = 10"], ["第10条被改动过"]),
    (["DELETE FROM access_audit WHERE id = 6"], ["第6条不见了"]),
    (["DELETE FROM access_audit WHERE id IN (1, 2, 7)"], ["第1至2条不见了", "第7条不见了"]),
    (["DELETE FROM access_audit WHERE id > 8"], ["第9至10条不见了"]),
    (["DELETE FROM access_audit"], ["第1至10条不见了"]),
    (
        [
            "UPDATE access_audit SET id = 99 WHERE id = 5",
            "UPDATE access_audit SET id = 5 WHERE id = 6",
            "UPDATE access_audit SET id = 6 WHERE id = 99",
        ],
        ["第5至7条被改动过，或与前一条接不上"],
    ),
    ([put_in(11)], ["第11条被改动过", "第11条在末号之后"]),
    ([put_in(0)], ["第0至1条被改动过"]),
    (["DELETE FROM access_secrets WHERE name = 'trail/end'"], ["末号不见了"]),
    (
        ["UPDATE access_secrets SET value = '10 0' WHERE name = 'trail/end'"],
        ["第10条与另外记下的末号校验值不符"],
    ),
]


def check_told(access, statements, problems):
    assert noted(access).trail.faults() == WHOLE
    rewrite(access, *statements)
    told = access.trail.faults()
    assert [line for line in told if any(what in line for what in problems)] == told != WHOLE
    access.trail.note(BOSS, "登录")
    assert access.trail.faults() != WHOLE  # what is written afterwards does not heal it


@pytest.mark.parametrize(("statements", "problems"), DONE)
def test_what_was_done_to_the_trail_is_told_by_line(in_folder, statements, problems):
    check_told(in_folder, statements, problems)


@pytest.mark.parametrize(("statements", "problems"), [DONE[0], DONE[3], DONE[5]])
def test_and_in_postgresql(server, statements, problems):
    access = with_people(access_to(server.empty()))
    check_told(access, statements, problems)
    access.database.close()


def test_a_page_holds_the_latest_lines_alone_against_the_one_before_them(in_folder):
    """The work does not grow with the trail; what is older is for `verify`."""
    access = noted(in_folder)
    rewrite(access, "UPDATE access_audit SET subject = 'x' WHERE id = 8")
    assert access.trail.faults(2) == WHOLE
    assert access.trail.faults(3) == ["第8条被改动过，或与前一条接不上"]
    rewrite(access, "DELETE FROM access_audit WHERE id = 10")
    assert access.trail.faults(1) == ["第10条不见了"]


def test_a_trail_that_nobody_has_written_is_whole(access, tmp_path):
    assert access_to(tmp_path / "nothing").trail.faults() == WHOLE
    assert access.trail.faults() == WHOLE  # where accounts were made


def test_what_is_undone_leaves_no_gap(access):
    before = len(access.trail.entries())

    def undone():
        with access.database.writing() as connection:
            access.trail.note(BOSS, "登录", connection=connection)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    access.trail.note(BOSS, "登录")
    assert access.trail.entries()[0].number == before + 1
    assert access.trail.faults() == WHOLE


def test_eight_writers_at_once_make_one_chain(access):
    before = len(access.trail.entries())
    start = threading.Barrier(8)

    def write(name):
        start.wait()
        for number in range(5):
            access.trail.note(BOSS, "登录", f"{name}第{number}次")

    threads = [threading.Thread(target=write, args=(name,)) for name in "甲乙丙丁戊己庚辛"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = access.trail.entries()
    assert [entry.number for entry in entries] == list(range(before + 40, 0, -1))
    assert access.trail.faults() == WHOLE


def test_verify_names_the_line_and_prints_the_end(folder, tmp_path, capsys):
    access = noted(people_in(folder))
    assert main(["verify", "--data", str(folder)]) == 0
    assert "审计记录：到第10条，末条校验值 " in capsys.readouterr().out
    rewrite(access, "DELETE FROM access_audit WHERE id = 6")
    assert main(["verify", "--data", str(folder), "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["trail"]["number"] == 10
    assert [fault["what"] for fault in report["faults"]] == ["审计记录第6条不见了"]
    # a copy carries the chain along as it is, broken or not
    assert all(count.same for count in copy(str(folder), str(tmp_path / "copy")))
    assert [fault.what for fault in check(str(tmp_path / "copy"))[1]] == ["审计记录第6条不见了"]


def as_version_before(folder):
    """Make of a folder's database one of the version without the chain, with all that it holds."""
    path = folder / FILE
    shutil.move(path, path.with_name("now.db"))
    path.touch()
    with sqlite_engine(path).begin() as connection:
        make_version(connection, "0002")
    with closing(sqlite3.connect(path)) as own:
        own.execute("ATTACH DATABASE ? AS now", [str(path.with_name("now.db"))])
        for (table,) in own.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall():
            columns = ", ".join(f'"{row[1]}"' for row in own.execute(f"PRAGMA table_info({table})"))
            kept = "name != 'trail/end'" if table == "access_secrets" else "1"
            if table != "alembic_version":
                own.execute(
                    f"INSERT INTO {table} ({columns}) SELECT {columns} FROM now.{table} WHERE {kept}"  # noqa: S608
                )
        own.commit()
    path.with_name("now.db").unlink()
    database(folder).close()


def test_a_folder_of_the_version_before_is_read_and_taken_in_by_its_first_writer(folder):
    send(open_store(folder), LINE.format(80))
    before = noted(with_people(access_to(folder))).trail.entries()
    as_version_before(folder)
    content = (folder / FILE).read_bytes()
    access = access_to(folder)
    assert access.trail.entries() == before
    assert access.trail.faults() == WHOLE
    assert check(str(folder))[1] == []
    assert open_store(folder).revision == 1
    assert (folder / FILE).read_bytes() == content  # reading writes nothing
    assert send(open_store(folder), LINE.format(85)).revision == 2
    assert access.trail.entries() == before
    assert access.trail.faults() == WHOLE
    rewrite(access, "UPDATE access_audit SET subject = '' WHERE id = 7")
    assert access.trail.faults() == ["第7条被改动过，或与前一条接不上"]
    assert check(str(folder))[1] != []


def test_a_folder_of_the_version_before_goes_to_another_place_whole(folder, tmp_path):
    noted(people_in(folder))
    as_version_before(folder)
    there = str(tmp_path / "there")
    assert all(count.same for count in copy(str(folder), there))
    assert access_to(there).trail.faults() == WHOLE
    assert accounts(there) == accounts(str(folder))


def test_a_postgresql_of_the_version_before_keeps_its_gaps(server):
    """Its numbers came from a sequence, which leaves out what was undone."""
    url = server.empty()
    place = database(url)
    with place.engine.begin() as connection:
        make_version(connection, "0002")
        for number in (1, 2, 5, 9):
            connection.execute(
                sa.text(
                    f"INSERT INTO access_audit (id, {CELLS}) "  # noqa: S608
                    "VALUES (:n, 1.5, 'a', 'b', '', 'c', '', true, '')"
                ),
                {"n": number},
            )
    place.close()
    assert main(["migrate", "--data", url]) == 0
    access = access_to(url)
    access.trail.note(BOSS, "登录")
    assert [entry.number for entry in access.trail.entries()] == [10, 9, 5, 2, 1]
    assert access.trail.faults() == WHOLE
    rewrite(access, "DELETE FROM access_audit WHERE id = 5")
    assert access.trail.faults() == ["第3至8条不见了"]
    access.database.close()
