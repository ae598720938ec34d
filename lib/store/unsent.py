"""What people have typed or uploaded and not sent: kept until it is sent or thrown away.

It is no part of the journal. In a data folder it lies in ``drafts.db`` beside ``journal.db``, made
with the first item: typing neither makes nor touches the journal, never waits for its writers, and
a journal that is damaged takes nothing away from somebody who is typing. In PostgreSQL it is a
table of the same database. Backups and copies leave it out: it belongs to a person, not to the
record.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from lib.store.side_table import SideTable

FILE = "drafts.db"
_TABLE = sa.Table(
    "unsent",
    sa.MetaData(),
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
        self._side = SideTable(url, FILE, _TABLE, "草稿")

    def items(self, owner: str, plan: str) -> list[Item]:
        """Return everything that an owner has not sent for a plan, the latest first."""
        query = (
            sa.select(*(column for column in _TABLE.c if column.name != "content"))
            .where(_TABLE.c.owner == owner, _TABLE.c.plan == plan)
            .order_by(_TABLE.c.saved.desc(), _TABLE.c.name)
        )
        with self._side.reading() as connection:
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
        with self._side.reading() as connection:
            return [
                b""
                if connection is None
                else connection.scalar(sa.select(_TABLE.c.content).where(*_is(item))) or b""
                for item in items
            ]

    def keep(self, place: Place, kind: ItemKind, name: str, content: bytes) -> Item:
        """Keep an item; one of the same place, kind and name is replaced."""
        item = Item(place, kind, name, time.time())
        with self._side.writing() as connection:
            connection.execute(_TABLE.delete().where(*_is(item)))
            connection.execute(_TABLE.insert().values(_key(item, content=content)))
        return item

    def drop(self, items: Iterable[Item]) -> None:
        """Drop items that were sent or thrown away, unless they have been replaced since."""
        items = list(items)
        if not items:
            return
        with self._side.writing() as connection:
            for item in items:
                connection.execute(_TABLE.delete().where(*_is(item), _TABLE.c.saved == item.saved))

    def sign(self, items: Iterable[Item], signature: str) -> None:
        """Give items another name; where that name has the same item, the later one stays."""
        with self._side.writing() as connection:
            for item in items:
                signed = {**_key(item), "signature": signature}
                same = [_TABLE.c[name] == signed[name] for name in signed if name != "saved"]
                later = sa.select(_TABLE.c.saved).where(*same, _TABLE.c.saved > item.saved)
                if connection.scalar(later) is not None:
                    connection.execute(_TABLE.delete().where(*_is(item)))
                    continue
                connection.execute(_TABLE.delete().where(*same))
                connection.execute(_TABLE.update().where(*_is(item)).values(signature=signature))


def _key(item: Item, **more: object) -> dict[str, object]:
    facts = {"kind": str(item.kind), "name": item.name, "saved": item.saved}
    return {**asdict(item.place), **facts, **more}


def _is(item: Item) -> list[sa.ColumnElement[bool]]:
    return [_TABLE.c[name] == value for name, value in _key(item).items() if name != "saved"]
