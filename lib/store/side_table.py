"""A table that is no part of the journal, and that no backup or copy has.

In a data folder it lies in a file of its own, made with the first row: it neither makes nor touches
the journal, and never waits for its writers. In PostgreSQL it is a table of the same database.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from lib.store.database import database, lock_making_of_tables, reason, sqlite_engine
from lib.store.interface import StoreError

WAIT_SECONDS = 5
"""How long a writer waits for the file's other writers, each of which takes milliseconds."""


class SideTable:
    """A table at a store's address; ``file`` is its file in a data folder, ``what`` what it holds.

    Raises `lib.store.StoreError` where it cannot be read or written.
    """

    def __init__(self, url: str | Path, file: str, table: sa.Table, what: str) -> None:
        self._database = database(url)
        self._table, self._what = table, what
        self._folder = None if self._database.path is None else self._database.path.parent
        self._path = None if self._folder is None else self._folder / file

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """Give a connection, ``None`` where nothing was ever kept; nothing is made."""
        if self._path is None:
            with self._database.reading() as connection:
                yield connection if sa.inspect(connection).has_table(self._table.name) else None
        elif not self._path.exists():
            yield None
        else:
            with self._in_words(self._path), sqlite_engine(self._path).connect() as connection:
                connection = connection.execution_options(reading=True)
                yield connection if sa.inspect(connection).has_table(self._table.name) else None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction; file and table are made with the first row."""
        if self._path is None:
            with self._database.writing(self._what) as connection:
                if not sa.inspect(connection).has_table(self._table.name):
                    lock_making_of_tables(connection)
                    self._table.create(connection, checkfirst=True)
                yield connection
            return
        with self._in_words(self._path):
            if self._path.parent != self._folder:  # a folder of caches
                self._path.parent.mkdir(exist_ok=True)
            # other people's work is nobody's business: readable by the program alone
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            engine = sqlite_engine(self._path).execution_options(seconds=WAIT_SECONDS)
            with engine.begin() as connection:
                self._table.create(connection, checkfirst=True)
                yield connection

    @contextmanager
    def _in_words(self, path: Path) -> Iterator[None]:
        """Turn faults of the file into a `StoreError`."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreError(
                f"{self._what}没有保存：{reason(error)}（{path}）。已提交的数据不受影响；"
                "文件损坏时删掉它就可以重新开始"
            ) from error
        except OSError as error:
            raise StoreError(f"{self._what}没有保存：{error.strerror}（{path}）") from error
