"""Failed sign-ins, counted in the database so that nobody can go on guessing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import sqlalchemy as sa

from lib.access.database import AccessDatabase
from lib.store.tables import FAILURES

WINDOW = 15 * 60.0
"""Seconds in which failures are counted."""
PER_ACCOUNT, PER_ADDRESS = 10, 50
"""Failures in the window from which on nothing is tried any more. An office may share one
address, hence the larger number."""


class Failures:
    """Failed sign-ins, counted for the login as typed (whether it exists or not) and the address."""

    def __init__(self, database: AccessDatabase, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    def begin(self, login: str, address: str) -> list[int]:
        """Count a try before it is made, and return its numbers for `succeeded`.

        Nothing is returned, and nothing counted, where this login or this address has failed too
        often of late. Tries that are made at once each see all that were counted before them: no
        more of them go through than the limit says, on any number of servers.
        """
        now, limits = self._clock(), self._limits(login, address)
        with self._database.writing() as connection:
            connection.execute(FAILURES.delete().where(FAILURES.c.time < now - WINDOW))
            numbers = [
                int((connection.execute(statement).inserted_primary_key or (0,))[0])
                for statement in (FAILURES.insert().values(key=key, time=now) for key in limits)
            ]
        recent = FAILURES.c.key.in_(limits) & (FAILURES.c.time > now - WINDOW)
        counts = sa.select(FAILURES.c.key, sa.func.count()).where(recent).group_by(FAILURES.c.key)
        if any(count > limits[key] for key, count in self._database.rows(counts)):
            self._forget(FAILURES.c.id.in_(numbers))
            return []
        return numbers

    def succeeded(self, login: str, numbers: Sequence[int]) -> None:
        """Forget a try that was right, and the failures of its login."""
        own = FAILURES.c.key == _account_key(login)
        self._forget(own | FAILURES.c.id.in_(numbers))

    def _forget(self, which: sa.ColumnElement[bool]) -> None:
        with self._database.writing() as connection:
            connection.execute(FAILURES.delete().where(which))

    @staticmethod
    def _limits(login: str, address: str) -> dict[str, int]:
        return {_account_key(login): PER_ACCOUNT, f"address:{address[:60]}": PER_ADDRESS}


def _account_key(login: str) -> str:
    return f"account:{login[:60]}"
