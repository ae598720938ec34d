"""The audit trail as a chain: its rows, each with a hash of itself and of the row before it.

    sha256 = SHA-256 of  the row before's sha256 ⏎ the cells as JSON

Number and hash of the last row stand a second time in ``access_secrets``, written in the same
transaction: so rows that are missing at the end are noticed as well. Rows are numbered without a gap
from the first one on that this form has written. The chain is no proof against whoever may write the
whole database and computes it anew, unless its end (``verify`` prints it) was written down elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from lib.store.tables import AUDIT, SECRETS

END = "trail/end"
_NAMES = ("id", "time", "account", "name", "address", "action", "subject", "allowed", "detail")
CELLS = [AUDIT.c[name] for name in _NAMES]
"""The columns of a row that people read, and that its hash stands for."""
_LOCK = 2018_22_10
"""The advisory lock of PostgreSQL by which writers of the trail take turns (any number)."""
_ALTERED = "被改动过，或与前一条接不上"
_Range = tuple[int, int]


def append(connection: Connection, **cells: object) -> None:
    """Write the next row. It goes on from the end that was written down, not from what rows there are."""
    if connection.dialect.name == "postgresql":  # SQLite's transaction holds the lock already
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    last, before = end(connection)
    number = max(last, connection.scalar(sa.select(sa.func.max(AUDIT.c.id))) or 0) + 1
    sha256 = _sha256(before, [number, *(cells[name] for name in _NAMES[1:])])
    connection.execute(AUDIT.insert().values(id=number, sha256=sha256, **cells))
    connection.execute(SECRETS.delete().where(SECRETS.c.name == END))
    connection.execute(SECRETS.insert().values(_end_row(number, sha256)))


def end(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the last row as they were written down; 0 and empty if they are not."""
    value = connection.scalar(sa.select(SECRETS.c.value).where(SECRETS.c.name == END))
    number, _, sha256 = (value or "").partition(" ")
    return (int(number) if number.isdecimal() else 0), sha256


def is_chained(connection: Connection) -> bool:
    """Return whether the table is of this form; one that was not written to since an upgrade is not."""
    columns = sa.inspect(connection).get_columns(AUDIT.name)
    return any(column["name"] == "sha256" for column in columns)


def chained(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give rows of the form before their hashes, in place; return the rows of `SECRETS` that end them."""
    number, sha256 = 0, ""
    for row in rows:
        number = row["id"]
        row["sha256"] = sha256 = _sha256(sha256, [row[name] for name in _NAMES])
    return [_end_row(number, sha256)] if number else []


def faults(connection: Connection, latest: int | None = None) -> list[str]:
    """Return in words which rows are missing, changed, put in or in another order; none if whole.

    ``latest`` looks at so many of the last rows: where the trail is shown, the work must not grow with it.
    """
    if not is_chained(connection):
        return []
    number, sha256 = 0, ""
    rows = sa.select(*CELLS, AUDIT.c.sha256).order_by(AUDIT.c.id)
    if latest is not None:
        backwards = sa.select(AUDIT.c.id, AUDIT.c.sha256).order_by(AUDIT.c.id.desc())
        if before := connection.execute(backwards.offset(latest).limit(1)).one_or_none():
            number, sha256 = before
            rows = rows.where(AUDIT.c.id > number)
    missing: list[_Range] = []
    altered: list[_Range] = []
    for row in connection.execute(rows):
        if _sha256(sha256, row[:-1]) != row.sha256:
            if row.id > number + 1:
                missing.append((number + 1, row.id - 1))
            elif altered and altered[-1][1] == number:
                altered[-1] = (altered[-1][0], row.id)
            else:
                altered.append((row.id, row.id))
        number, sha256 = row.id, row.sha256
    last, expected = end(connection)
    added = ""
    if number < last:
        missing.append((number + 1, last))
    elif number and not last:
        added = "另外记下的末号不见了"
    elif number > last:
        added = f"{_words((last + 1, number))}在末号之后，是另外加进去的"
    elif sha256 != expected:
        added = f"第{number}条与另外记下的末号校验值不符"
    problems = [f"{_words(numbers)}不见了" for numbers in missing]
    problems += [f"{_words(numbers)}{_ALTERED}" for numbers in altered]
    return [*problems, added] if added else problems


def _words(numbers: _Range) -> str:
    first, last = numbers
    return f"第{first}条" if first == last else f"第{first}至{last}条"


def _end_row(number: int, sha256: str) -> dict[str, Any]:
    return {"name": END, "value": f"{number} {sha256}"}


def _sha256(before: str, cells: Sequence[Any]) -> str:
    """Return a row's hash; a cell that somebody has made of another type fits no hash."""
    line = json.dumps(list(cells), ensure_ascii=False, separators=(",", ":"), default=repr)
    return hashlib.sha256(f"{before}\n{line}".encode()).hexdigest()
