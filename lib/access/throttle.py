"""Slowing down: failed sign-ins (kept in the database) and requests (kept in this process)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

import sqlalchemy as sa

from lib.access.database import FAILURES, AccessDatabase

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
        if not self._database.exists:
            return False
        since = self._clock() - WINDOW
        with self._database.reading() as connection:
            for key, limit in self._keys(login, address):
                count = connection.execute(
                    sa.select(sa.func.count()).where(FAILURES.c.key == key, FAILURES.c.time > since)
                ).scalar_one()
                if count >= limit:
                    return True
        return False

    def add(self, login: str, address: str) -> None:
        """Count one failure; old ones are forgotten."""
        now = self._clock()
        with self._database.writing() as connection:
            connection.execute(FAILURES.delete().where(FAILURES.c.time < now - WINDOW))
            connection.execute(
                FAILURES.insert(),
                [{"key": key, "time": now} for key, _ in self._keys(login, address)],
            )

    def forget(self, login: str) -> None:
        """Forget a login's failures after it has signed in."""
        with self._database.writing() as connection:
            connection.execute(FAILURES.delete().where(FAILURES.c.key == f"account:{login}"))

    @staticmethod
    def _keys(login: str, address: str) -> list[tuple[str, int]]:
        return [(f"account:{login[:60]}", PER_ACCOUNT), (f"address:{address[:60]}", PER_ADDRESS)]


class Rate:
    """How many requests a minute each key may make: a bucket that fills evenly.

    Each process counts for itself: behind a proxy with sticky sessions one client meets one
    process.
    """

    KEYS = 10_000

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._size = float(per_minute)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: str) -> float:
        """Take one request and return 0, or return the seconds to wait (and take nothing)."""
        now = self._clock()
        with self._lock:
            left, then = self._buckets.pop(key, (self._size, now))
            left = min(self._size, left + (now - then) * self._size / 60)
            allowed = left >= 1
            self._buckets[key] = (left - 1 if allowed else left, now)
            while len(self._buckets) > self.KEYS:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) * 60 / self._size
