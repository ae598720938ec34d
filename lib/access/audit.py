"""The audit trail: every refusal and every change, appended and never altered (`lib.store.trail`)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from lib.access.database import AccessDatabase
from lib.access.policy import Actor, ForbiddenError, Permission
from lib.store import StoreError, trail
from lib.store.tables import AUDIT

_LOG = logging.getLogger(__name__)
SHOWN = 1000
"""How many entries are read at once."""


@dataclass(frozen=True)
class AuditEntry:
    """One line: when (local time with offset), who from where, what, on what, and the outcome.

    The fields stand in the order of `lib.store.trail.CELLS`.
    """

    number: int
    time: str
    account: str
    name: str
    address: str
    action: str
    subject: str
    allowed: bool
    detail: str


class Trail:
    """Appends to the trail of one database and reads it."""

    def __init__(self, database: AccessDatabase, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def note(
        self,
        actor: Actor,
        action: str,
        subject: str = "",
        *,
        allowed: bool = True,
        detail: str = "",
        connection: Connection | None = None,
    ) -> None:
        """Append a line, in the transaction of a ``connection`` that writes what the line is about.

        Without one it is about something that has already happened elsewhere, or was refused: a
        trail that cannot be written does not undo that, and the fault goes to the log.
        """
        cells = {
            "time": float(self._clock()),
            "account": _line(actor.account, 40),
            "name": _line(actor.name, 40) or ("本机用户" if actor.local else ""),
            "address": _line(actor.address, 64),
            "action": _line(action, 40),
            "subject": _line(subject, 200),
            "allowed": allowed,
            "detail": _line(detail, 500),
        }
        if connection is not None:
            trail.append(connection, **cells)
            return
        try:
            with self._database.writing() as own:
                trail.append(own, **cells)
        except StoreError:
            _LOG.exception("the audit trail cannot be written: %r by %r", action, actor.account)

    def refusal(self, by: Actor, permission: Permission, subject: str = "") -> ForbiddenError:
        """Note a refusal and return it as an error to raise."""
        refused = ForbiddenError(by, permission, subject)
        self.note(by, permission, subject, allowed=False, detail=str(refused))
        return refused

    def require(self, by: Actor, permission: Permission, subject: str = "") -> None:
        """Raise `ForbiddenError`, and note it, where somebody may not do what is asked."""
        if not by.may(permission):
            raise self.refusal(by, permission, subject)

    def entries(self, limit: int = SHOWN, *, refused: bool = False) -> list[AuditEntry]:
        """Return the latest lines, or the latest refusals only, the latest first."""
        query = sa.select(*trail.CELLS).order_by(AUDIT.c.id.desc()).limit(limit)
        if refused:
            query = query.where(~AUDIT.c.allowed)
        rows = self._database.rows(query)
        return [AuditEntry(row.id, local_time(row.time), *row[2:]) for row in rows]

    def faults(self, latest: int | None = None) -> list[str]:
        """Return in words which lines, or which of the ``latest``, are missing, were changed or put in."""
        with self._database.reading() as connection:
            return trail.faults(connection, latest) if connection else []


def local_time(seconds: float) -> str:
    """Return a moment as local time with offset, ISO 8601, to the second."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().isoformat(timespec="seconds")


def _line(text: str, limit: int) -> str:
    """Return text on one line without control characters: an entry cannot fake another."""
    return "".join(char if char.isprintable() else " " for char in text)[:limit]
