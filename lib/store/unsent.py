"""What people have typed or uploaded and not sent: kept until it is sent or thrown away.

It is no part of the journal. In a data folder it lies in ``drafts.db`` beside ``journal.db``, made
with the first item: typing neither makes nor touches the journal, never waits for its writers, and
a journal that is damaged takes nothing away from somebody who is typing. In PostgreSQL it is a
table of the same database. Backups and copies leave it out: it belongs to a person, not to the
record.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from lib.store.database import database, lock_making_of_tables, reason, sqlite_engine
from lib.store.interface import StoreError

FILE = "drafts.db"
WAIT_SECONDS = 5
"""How long an item waits for the file's other writers, each of which takes milliseconds."""

_METADATA = sa.MetaData()
_TABLE = sa.Table(
    "unsent",
    _METADATA,
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("signature", sa.Text, primary_key=True),
    sa.Column("plan", sa.Text, primary_key=True),
    sa.Column("unit", sa.Text, primary_key=True),
    sa.Column("month", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("saved", sa.Double, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)


class ItemKind(StrEnum):
    """What an item of unsent work is."""

    CELL = "cell"
    REASON = "reason"
    FILE = "file"
    EVIDENCE = "evidence"


@dataclass(frozen=True)
class Place:
    """Whose work, for what: ``owner`` is an account or a browser, ``signature`` the name typed in.

    ``unit`` is empty for files of many units; ``month`` is an ordinal.
    """

    owner: str
    signature: str
    plan: str
    unit: str
    month: int


@dataclass(frozen=True)
class Item:
    """One cell, text or file: ``saved`` in seconds since the epoch tells one saving from another."""

    place: Place
    kind: ItemKind
    name: str
    saved: float


class UnsentWork:
    """The unsent work at a store's address; methods raise `lib.store.StoreError`."""

    def __init__(self, url: str | Path) -> None:
        self._database = database(url)
        journal = self._database.path
        self._path = None if journal is None else journal.with_name(FILE)

    def items(self, owner: str, plan: str) -> list[Item]:
        """Return everything that an owner has not sent for a plan, the latest first."""
        query = (
            sa.select(*(column for column in _TABLE.c if column.name != "content"))
            .where(_TABLE.c.owner == owner, _TABLE.c.plan == plan)
            .order_by(_TABLE.c.saved.desc(), _TABLE.c.name)
        )
        with self._reading() as connection:
            rows = [] if connection is None else connection.execute(query).all()
        return [
            Item(
                Place(row.owner, row.signature, row.plan, row.unit, row.month),
                ItemKind(row.kind),
                row.name,
                row.saved,
            )
            for row in rows
        ]

    def contents(self, items: Iterable[Item]) -> list[bytes]:
        """Return what items hold; empty bytes for one that is gone meanwhile."""
        with self._reading() as connection:
            return [
                b""
                if connection is None
                else connection.scalar(sa.select(_TABLE.c.content).where(*_is(item))) or b""
                for item in items
            ]

    def keep(self, place: Place, kind: ItemKind, name: str, content: bytes) -> Item:
        """Keep an item; one of the same place, kind and name is replaced."""
        item = Item(place, kind, name, time.time())
        with self._writing() as connection:
            connection.execute(_TABLE.delete().where(*_is(item)))
            connection.execute(_TABLE.insert().values(_key(item, content=content)))
        return item

    def drop(self, items: Iterable[Item]) -> None:
        """Drop items that were sent or thrown away, unless they have been replaced since."""
        items = list(items)
        if not items:
            return
        with self._writing() as connection:
            for item in items:
                connection.execute(_TABLE.delete().where(*_is(item), _TABLE.c.saved == item.saved))

    def sign(self, items: Iterable[Item], signature: str) -> None:
        """Give items another name; where that name has the same item, the later one stays."""
        with self._writing() as connection:
            for item in items:
                signed = {**_key(item), "signature": signature}
                same = [_TABLE.c[name] == signed[name] for name in signed if name != "saved"]
                later = sa.select(_TABLE.c.saved).where(*same, _TABLE.c.saved > item.saved)
                if connection.scalar(later) is not None:
                    connection.execute(_TABLE.delete().where(*_is(item)))
                    continue
                connection.execute(_TABLE.delete().where(*same))
                connection.execute(_TABLE.update().where(*_is(item)).values(signature=signature))

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        """Give a connection, ``None`` where nothing was ever kept; nothing is made."""
        if self._path is None:
            with self._database.reading() as connection:
                yield connection if sa.inspect(connection).has_table(_TABLE.name) else None
        elif not self._path.exists():
            yield None
        else:
            with _in_words(self._path), sqlite_engine(self._path).connect() as connection:
                connection = connection.execution_options(reading=True)
                yield connection if sa.inspect(connection).has_table(_TABLE.name) else None

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Give a connection in a transaction; file and table are made with the first item."""
        if self._path is None:
            with self._database.writing("草稿") as connection:
                if not sa.inspect(connection).has_table(_TABLE.name):
                    lock_making_of_tables(connection)
                    _METADATA.create_all(connection)
                yield connection
            return
        with _in_words(self._path):
            # other people's unsent work is nobody's business: readable by the program alone
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            engine = sqlite_engine(self._path).execution_options(seconds=WAIT_SECONDS)
            with engine.begin() as connection:
                _METADATA.create_all(connection)
                yield connection


def _key(item: Item, **more: object) -> dict[str, object]:
    place = item.place
    return {
        "owner": place.owner,
        "signature": place.signature,
        "plan": place.plan,
        "unit": place.unit,
        "month": place.month,
        "kind": str(item.kind),
        "name": item.name,
        "saved": item.saved,
        **more,
    }


def _is(item: Item) -> list[sa.ColumnElement[bool]]:
    return [_TABLE.c[name] == value for name, value in _key(item).items() if name != "saved"]


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn faults of the file into a `StoreError`."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(
            f"草稿没有保存：{reason(error)}（{path}）。已提交的数据不受影响；"
            "文件损坏时删掉它就可以重新开始"
        ) from error
    except OSError as error:
        raise StoreError(f"草稿没有保存：{error.strerror}（{path}）") from error
