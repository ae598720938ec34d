"""Filled databases of an older version, and databases that were dumped and read back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from lib.cli.__main__ import main
from lib.store import StoreError, open_store, trail
from lib.store.copying import copy, verify
from lib.store.database import FILE, Database, database, sqlite_engine
from lib.store.tables import ACCESS_TABLES, METADATA, SECRETS
from tests.conftest import ROOT
from tests.lib.store.sending import LINE, send
from tests.people import PASSWORD, access_to, with_people

MIGRATIONS = ROOT / "lib" / "store" / "migrations"
FIRST = {
    "plan": {"head"},
    "submission": {"rows_sha256", "sha256"},
    "access_audit": {"sha256"},
}
"""The columns that version 0001 did not have."""


def make_version(connection: sa.Connection, number: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, number)


def fill_first_version(source: Database, connection: sa.Connection, *, accounts: bool) -> None:
    """Write what a database holds into an empty one, with the tables of version 0001.

    With ``accounts`` it has the tables that earlier programs made outside of the scheme as well.
    """
    make_version(connection, "0001")
    tables = [table for table in METADATA.sorted_tables if table not in ACCESS_TABLES]
    if accounts:
        METADATA.create_all(connection, tables=ACCESS_TABLES)
        connection.execute(sa.text("ALTER TABLE access_audit DROP COLUMN sha256"))
        tables += ACCESS_TABLES
    with source.reading() as whole:
        for table in tables:
            columns = [column for column in table.c if column.name not in FIRST.get(table.name, ())]
            rows = [dict(row._mapping) for row in whole.execute(sa.select(*columns))]
            old = sa.table(table.name, *(sa.column(column.name, column.type) for column in columns))
            if rows:
                connection.execute(old.insert(), rows)
    if accounts:
        connection.execute(sa.delete(SECRETS).where(SECRETS.c.name == trail.END))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, filled_once: Path) -> str:
    """A folder with everything that there is, and accounts; no test writes to it."""
    folder = tmp_path_factory.mktemp("filled") / "data"
    shutil.copytree(filled_once, folder)
    with_people(access_to(folder))
    return str(folder)


def refused(address: str) -> str:
    with pytest.raises(StoreError) as caught:
        _ = open_store(address).submissions
    return str(caught.value)


def check_same(source: str, address: str, *, accounts: bool) -> None:
    counts = verify(source, address)
    differing = [str(count) for count in counts if not count.same]
    words = ("账号", "令牌", "登录", "审计记录")
    assert accounts or len(differing) <= len(words)
    assert not [line for line in differing if accounts or not any(word in line for word in words)]
    head = open_store(source).head()
    assert open_store(address).head().sha256 == head.sha256
    assert send(open_store(address, "镇村_2019"), LINE.format(9)).revision == 3
    assert main(["verify", "--data", address]) == 0


@pytest.mark.parametrize("accounts", [True, False])
def test_a_filled_postgresql_of_the_first_version_keeps_everything(server, filled, accounts):
    address = server.empty()
    source, place = database(filled), Database(address)
    with place.engine.begin() as connection:
        fill_first_version(source, connection, accounts=accounts)
    place.close()
    assert "结构是旧的（0001，需要 0003）" in refused(address)
    assert main(["migrate", "--data", address]) == 0
    check_same(filled, address, accounts=accounts)
    if accounts:
        assert access_to(address).accounts.right_password("fulian", PASSWORD).name == "张三"
    database(address).close()


@pytest.mark.parametrize("accounts", [True, False])
def test_a_filled_file_of_the_first_version_keeps_everything(filled, tmp_path, accounts):
    address = tmp_path / "older"
    copy(filled, str(address))
    database(address).close()
    (address / FILE).unlink()
    (address / FILE).touch()
    with sqlite_engine(address / FILE).begin() as connection:
        fill_first_version(database(filled), connection, accounts=accounts)
    assert "结构是旧的（0001，需要 0003）" in refused(str(address))
    assert len(open_store(address).progress) == len(open_store(filled).progress)
    assert "migrate" in open_store(address).fault()
    assert main(["migrate", "--data", str(address)]) == 0
    check_same(filled, str(address), accounts=accounts)


def test_a_migration_that_fails_leaves_the_older_version(filled, tmp_path, monkeypatch):
    address = tmp_path / "older"
    copy(filled, str(address))
    (address / FILE).unlink()
    (address / FILE).touch()
    with sqlite_engine(address / FILE).begin() as connection:
        fill_first_version(database(filled), connection, accounts=False)
    before = (address / FILE).read_bytes()

    def full(*_: object) -> str:
        raise sa.exc.OperationalError("", {}, OSError("disk full"))

    monkeypatch.setattr("lib.store.chain.entry_sha256", full)
    assert main(["migrate", "--data", str(address)]) == 1
    assert (address / FILE).read_bytes() == before


def test_a_dump_is_restored_into_an_empty_database(server, filled, tmp_path):
    """The two commands of docs/deploy.md."""
    source, again, dump = server.empty(), server.empty(), tmp_path / "plan.dump"
    copy(filled, source)
    server.tool("pg_dump", "-Fc", "-f", str(dump), source.replace("+psycopg", ""))
    server.tool("pg_restore", "-d", again.replace("+psycopg", ""), str(dump))
    check_same(source, again, accounts=True)
    assert access_to(again).accounts.right_password("fulian", PASSWORD).name == "张三"
    for address in (source, again):
        database(address).close()
