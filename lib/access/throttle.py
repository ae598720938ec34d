"""Failed sign-ins, counted in the database so that nobody can go on guessing."""

from __future__ import annotations

from collections.abc import Callable

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

    def too_many(self, login: str, address: str) -> bool:
        """Return whether this login or this address has failed too often of late."""
        limits = self._limits(login, address)
        recent = FAILURES.c.key.in_(limits) & (FAILURES.c.time > self._clock() - WINDOW)
        counts = sa.select(FAILURES.c.key, sa.func.count()).where(recent).group_by(FAILURES.c.key)
        return any(count >= limits[key] for key, count in self._database.rows(counts))

    def add(self, login: str, address: str) -> None:
        """Count one failure; old ones are forgotten."""
        now = self._clock()
        with self._database.writing() as connection:
            connection.execute(FAILURES.delete().where(FAILURES.c.time < now - WINDOW))
            rows = [{"key": key, "time": now} for key in self._limits(login, address)]
            connection.execute(FAILURES.insert(), rows)

    def forget(self, login: str) -> None:
        """Forget a login's failures after it has signed in."""
        with self._database.writing() as connection:
            connection.execute(FAILURES.delete().where(FAILURES.c.key == f"account:{login}"))

    @staticmethod
    def _limits(login: str, address: str) -> dict[str, int]:
        return {f"account:{login[:60]}": PER_ACCOUNT, f"address:{address[:60]}": PER_ADDRESS}
