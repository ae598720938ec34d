"""Accounts, sessions, tokens and the audit trail of one store into another, with the proof."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from lib.access.database import SCHEMA, AccessDatabase, address, metadata
from lib.store import RefusedError

Rows = dict[str, list[tuple[object, ...]]]
WORDS = {
    "access_accounts": "账号",
    "access_tokens": "令牌",
    "access_sessions": "登录",
    "access_audit": "审计记录",
}
"""What the copy says of the tables that people know of."""


def is_free(target: str) -> bool:
    """Return whether a store has no accounts yet."""
    return not _rows(target).get("access_accounts")


def copy_accounts(source: str, target: str) -> list[tuple[str, int, int, bool]]:
    """Copy all tables of accounts; return word, rows here, rows there, and whether they agree.

    Nothing is written where the source has none. Raises `RefusedError` for a target with
    accounts, `lib.store.StoreError` where a database cannot be read or written.
    """
    here = _rows(source)
    if not any(here.values()):
        return []
    if not is_free(target):
        raise RefusedError("目标已经有账号，没有复制账号")
    database = AccessDatabase(address(target))
    try:
        with database.writing() as connection:
            for table in metadata.sorted_tables:
                if table is not SCHEMA and here[table.name]:
                    names = [column.name for column in table.columns]
                    rows = [dict(zip(names, row, strict=True)) for row in here[table.name]]
                    connection.execute(table.insert(), rows)
                    _count_on(connection, table)
    finally:
        database.close()
    there = _rows(target)
    return [
        (word, len(here[name]), len(there[name]), here[name] == there[name])
        for name, word in WORDS.items()
    ]


def _count_on(connection: Connection, table: sa.Table) -> None:
    """Let PostgreSQL's own numbering go on after the rows that brought their numbers along."""
    if connection.dialect.name == "postgresql" and "id" in table.columns:
        last = connection.execute(sa.select(sa.func.max(table.c.id))).scalar()
        sequence = sa.func.pg_get_serial_sequence(table.name, "id")
        connection.execute(sa.select(sa.func.setval(sequence, last)))


def _rows(store: str) -> Rows:
    """Return every table's rows in the order of their keys; empty where there is no database."""
    database = AccessDatabase(address(store))
    try:
        if not database.exists:
            return {}
        with database.reading() as connection:
            return {
                table.name: [
                    tuple(row)
                    for row in connection.execute(
                        sa.select(table).order_by(*table.primary_key.columns)
                    )
                ]
                for table in metadata.sorted_tables
                if table is not SCHEMA
            }
    finally:
        database.close()
