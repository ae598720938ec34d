"""A second factor for 管理员: a code of six digits that a phone makes (TOTP), asked for at sign-in."""

from __future__ import annotations

from collections.abc import Callable

import pyotp
from sqlalchemy.engine import Connection

from lib.access.accounts import AccountError, existing
from lib.access.audit import Trail
from lib.access.database import AccessDatabase, keep_fact
from lib.access.policy import Actor, Permission, Role

STEP = 30
"""Seconds that a code is shown; the one before and the one after are taken too, for clocks that differ."""


class SecondFactor:
    """The secrets of one database's accounts, and whether a code is right."""

    def __init__(self, database: AccessDatabase, trail: Trail, clock: Callable[[], float]) -> None:
        self._database = database
        self._trail = trail
        self._clock = clock

    @staticmethod
    def new_secret() -> str:
        """Return a secret to be typed into a phone; it counts once `turn_on` has seen a code of it."""
        return pyotp.random_base32()

    def turn_on(self, by: Actor, secret: str, code: str) -> None:
        """Ask for a code at each sign-in of one's own account from now on.

        Raises `AccountError` for a code that is not of the secret, and for another role than 管理员.
        """
        if by.role is not Role.ADMIN or not by.account:
            raise AccountError("动态口令只用于管理员的账号")
        step = self._step(secret, code)
        if step is None:
            raise AccountError("动态口令不对：请核对手机的时间，输入现在显示的六位数字")
        with self._database.writing() as connection:
            of = _of(connection, by.account)
            keep_fact(connection, of, "secret", secret)
            keep_fact(connection, of, "step", str(step))
            self._trail.note(by, "启用动态口令", by.account, connection=connection)

    def turn_off(self, by: Actor, login: str) -> None:
        """Ask an account for no code any more: one's own, or, for who manages accounts, any."""
        if login != by.account:
            self._trail.require(by, Permission.ACCOUNTS, login)
        with self._database.writing() as connection:
            of = _of(connection, login)
            keep_fact(connection, of, "secret", None)
            keep_fact(connection, of, "step", None)
            self._trail.note(by, "停用动态口令", login, connection=connection)

    def is_on(self, login: str) -> bool:
        """Return whether an account is asked for a code."""
        return bool(self._facts(login))

    def passes(self, login: str, code: str) -> bool:
        """Return whether a code is right, or none is needed. A code that was used is not taken again."""
        facts = self._facts(login)
        if not facts:
            return True
        step = self._step(facts["secret"], code)
        if step is None:
            return False
        with self._database.writing() as connection:
            of = _of(connection, login)
            used = int(self._database.facts(of).get("step", "0"))
            if step <= used:
                return False
            keep_fact(connection, of, "step", str(step))
        return True

    def _facts(self, login: str) -> dict[str, str]:
        with self._database.reading() as connection:
            return self._database.facts(_of(connection, login)) if connection else {}

    def _step(self, secret: str, code: str) -> int | None:
        """Return which thirty seconds a code belongs to; ``None`` for a wrong one."""
        digits = "".join(code.split())
        now = int(self._clock()) // STEP
        generator = pyotp.TOTP(secret, interval=STEP)
        for step in (now - 1, now, now + 1):
            if digits.isascii() and pyotp.utils.strings_equal(generator.at(step * STEP), digits):
                return step
        return None


def _of(connection: Connection, login: str) -> str:
    return f"totp/{existing(connection, login).id}"
