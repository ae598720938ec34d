"""Where accounts, sessions, tokens, failures and the audit trail are: in the store's own database.

Nothing is created before something is to be written. A data folder of the old form has them in
``accounts.db``, which is read until it has been taken over (`lib.store.old_form`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from lib.store import JournalError, old_form
from lib.store.database import database
from lib.store.tables import ACCOUNTS, AUDIT, SECRETS

ADDED = "新增账号"
"""The action of the audit trail that says that there were accounts, should they be lost."""


class AccessDatabase:
    """The tables of one store's accounts, shared by threads."""

    def __init__(self, store_url: str | Path) -> None:
        self._database = database(store_url)

    def reading(self) -> AbstractContextManager[Connection | None]:
        """Give a connection for reading, ``None`` before anything was written.

        Raises `lib.store.JournalError` for a database that was there and is lost.
        """
        return old_form.reading_accounts(self._database)

    def rows(self, query: sa.Select[Any]) -> Sequence[Any]:
        """Return what a query gives; nothing before anything was written."""
        with self.reading() as connection:
            return connection.execute(query).all() if connection else []

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction: all of it is written, or nothing."""
        old_form.ensure(self._database)
        with self._database.writing("账号") as connection:
            yield connection

    def had_accounts(self) -> bool:
        """Return whether there is an account, or, where they are lost, whether there was one.

        The audit trail of the same database tells, and ``journal.mark`` if the whole file is lost or
        damaged. Raises `lib.store.StoreError` if nobody can tell.
        """
        try:
            added = sa.select(AUDIT.c.id).where(AUDIT.c.action == ADDED, AUDIT.c.allowed)
            return any(self.rows(query.limit(1)) for query in (sa.select(ACCOUNTS.c.id), added))
        except JournalError:
            marked = self._database.had_accounts
            if marked is None:
                raise
            return marked

    def mark_accounts(self) -> None:
        """Note that there are accounts, apart from them; call it inside `writing`."""
        self._database.mark_accounts()

    def facts(self, of: str) -> dict[str, str]:
        """Return what is kept of something beyond its table's columns, such as ``token/3``, by name."""
        query = sa.select(SECRETS.c.name, SECRETS.c.value)
        rows = self.rows(query.where(SECRETS.c.name.startswith(f"{of}/", autoescape=True)))
        return {name.removeprefix(f"{of}/"): value for name, value in rows}

    def close(self) -> None:
        """Give the connections back to the system."""
        self._database.close()


def keep_fact(connection: Connection, of: str, name: str, value: str | None) -> None:
    """Write what `AccessDatabase.facts` returns; ``None`` forgets it."""
    key = f"{of}/{name}"
    connection.execute(SECRETS.delete().where(SECRETS.c.name == key))
    if value is not None:
        connection.execute(SECRETS.insert().values(name=key, value=value))
