"""Sessions of signed-in people, and tokens of programs. Both are kept as hashes only."""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from itsdangerous import BadSignature, Signer
from sqlalchemy.engine import Connection

from lib.access.accounts import WITH_UNITS, Account, AccountError, account_in, number_of
from lib.access.audit import Trail, local_time
from lib.access.database import AccessDatabase
from lib.access.policy import Actor, Permission
from lib.store import StoreError
from lib.store.tables import ACCOUNTS, SECRETS, SESSIONS, TOKENS

COOKIE = "plan_session"
TOKEN_PREFIX = "plan_"  # noqa: S105 - a prefix, so that a leaked token is recognised as one
TOKEN_DAYS = 365
_SEEN_EVERY = 60.0
"""Seconds between two notes of a session's last use."""
_KEY = "session-key"
_KEY_QUERY = sa.select(SECRETS.c.value).where(SECRETS.c.name == _KEY)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Sessions:
    """The sessions of one database.

    The cookie is a random number, signed: a forged one is refused without a look into the
    database, and a stolen database gives no cookie.
    """

    def __init__(
        self,
        database: AccessDatabase,
        clock: Callable[[], float],
        *,
        session: timedelta,
        idle: timedelta,
    ) -> None:
        self._database = database
        self._clock = clock
        self._session, self._idle = session.total_seconds(), idle.total_seconds()
        self._kept_key = ""

    def start(self, login: str) -> str:
        """Start a session of an account and return its cookie's value."""
        number = secrets.token_urlsafe(32)
        now = self._clock()
        with self._database.writing() as connection:
            connection.execute(
                SESSIONS.delete().where(
                    (SESSIONS.c.created < now - self._session)
                    | (SESSIONS.c.seen < now - self._idle)
                )
            )
            connection.execute(
                SESSIONS.insert().values(
                    hash=_hash(number), account=number_of(connection, login), created=now, seen=now
                )
            )
            key = self._key(connection)
        return Signer(key, COOKIE).sign(number).decode()

    def account(self, cookie: str, *, touch: bool = False) -> Account | None:
        """Return whose session a cookie is; ``None`` if forged, expired, ended or disabled.

        ``touch`` notes the use, which keeps the session from ending for idleness.
        """
        number = self._number(cookie)
        if not number:
            return None
        now = self._clock()
        rows = self._database.rows(self._living().where(SESSIONS.c.hash == _hash(number)))
        if rows and touch and now - rows[0].seen > _SEEN_EVERY:
            # Where nothing can be written, whoever is signed in still reads.
            with suppress(StoreError), self._database.writing() as connection:
                connection.execute(
                    SESSIONS.update().where(SESSIONS.c.hash == _hash(number)).values(seen=now)
                )
        return account_in(rows)

    def in_force(self) -> Callable[[str], Account | None]:
        """Return what says whose session a cookie is, for many cookies after one look."""
        rows = self._database.rows(self._living())
        by_hash: dict[str, list[sa.Row[Any]]] = defaultdict(list)
        for row in rows:
            by_hash[row.hash].append(row)
        accounts = {key: account_in(same) for key, same in by_hash.items()}

        def account(cookie: str) -> Account | None:
            number = self._number(cookie)
            return accounts.get(_hash(number)) if number else None

        return account

    def _living(self) -> sa.Select[Any]:
        """Return the query of the sessions that have not ended, with their accounts."""
        now = self._clock()
        return (
            WITH_UNITS.add_columns(SESSIONS.c.seen, SESSIONS.c.hash)
            .join(SESSIONS, SESSIONS.c.account == ACCOUNTS.c.id)
            .where(
                SESSIONS.c.created > now - self._session,
                SESSIONS.c.seen > now - self._idle,
                ~ACCOUNTS.c.disabled,
            )
        )

    def end(self, cookie: str) -> None:
        """End the session of a cookie."""
        number = self._number(cookie)
        if number:
            with self._database.writing() as connection:
                connection.execute(SESSIONS.delete().where(SESSIONS.c.hash == _hash(number)))

    def _number(self, cookie: str) -> str:
        """Return the number in a cookie whose signature is right, else an empty text."""
        if not cookie:
            return ""
        if not self._kept_key:
            self._kept_key = next((key for (key,) in self._database.rows(_KEY_QUERY)), "")
        if not self._kept_key:
            return ""
        try:
            return Signer(self._kept_key, COOKIE).unsign(cookie).decode()
        except (BadSignature, UnicodeError):
            return ""

    def _key(self, connection: Connection) -> str:
        """Return the signing key, made at the first sign-in and shared by all servers."""
        key: str = connection.scalar(_KEY_QUERY) or ""
        if not key:
            key = secrets.token_hex(32)
            connection.execute(SECRETS.insert().values(name=_KEY, value=key))
        self._kept_key = key
        return key


@dataclass(frozen=True)
class Token:
    """What is known of a token; never the token itself. Times are local."""

    number: int
    login: str
    label: str
    created: str
    expires: str
    revoked: bool


class Tokens:
    """The tokens with which other systems use the HTTP interface."""

    def __init__(self, database: AccessDatabase, trail: Trail, clock: Callable[[], float]) -> None:
        self._database = database
        self._trail = trail
        self._clock = clock

    def add(self, by: Actor, login: str, label: str = "", days: int = TOKEN_DAYS) -> str:
        """Make a token of an account and return it: it is shown once and kept as a hash."""
        self._trail.require(by, Permission.ACCOUNTS, login)
        if not 1 <= days <= 3660:
            raise AccountError("令牌的有效期是1到3660天")
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        now = self._clock()
        with self._database.writing() as connection:
            connection.execute(
                TOKENS.insert().values(
                    account=number_of(connection, login),
                    label=label.strip()[:80],
                    hash=_hash(token),
                    created=now,
                    expires=now + days * 86400,
                    revoked=False,
                )
            )
            detail = label.strip()
            self._trail.note(by, "新增令牌", login, detail=detail, connection=connection)
        return token

    def revoke(self, by: Actor, number: int) -> None:
        """Make a token useless from now on."""
        self._trail.require(by, Permission.ACCOUNTS, f"令牌{number}")
        with self._database.writing() as connection:
            done = connection.execute(
                TOKENS.update().where(TOKENS.c.id == number, ~TOKENS.c.revoked).values(revoked=True)
            )
            if not done.rowcount:
                raise AccountError(f"没有有效的令牌{number}")
            self._trail.note(by, "作废令牌", f"令牌{number}", connection=connection)

    def list(self, by: Actor) -> list[Token]:
        """Return all tokens without their secret."""
        self._trail.require(by, Permission.ACCOUNTS, "令牌清单")
        query = sa.select(TOKENS, ACCOUNTS.c.login).join(ACCOUNTS).order_by(TOKENS.c.id)
        return [
            Token(
                row.id,
                row.login,
                row.label,
                local_time(row.created),
                local_time(row.expires),
                row.revoked,
            )
            for row in self._database.rows(query)
        ]

    def account(self, token: str) -> Account | None:
        """Return whose token it is; ``None`` if unknown, expired, revoked or disabled."""
        if not token.startswith(TOKEN_PREFIX):
            return None
        query = WITH_UNITS.join(TOKENS, TOKENS.c.account == ACCOUNTS.c.id).where(
            TOKENS.c.hash == _hash(token),
            TOKENS.c.expires > self._clock(),
            ~TOKENS.c.revoked,
            ~ACCOUNTS.c.disabled,
        )
        return account_in(self._database.rows(query))
