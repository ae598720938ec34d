"""Sessions of signed-in people, and tokens of programs. Both are kept as hashes only."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import sqlalchemy as sa
from itsdangerous import BadSignature, Signer
from sqlalchemy.engine import Connection

from lib.access.accounts import (
    WITH_UNITS,
    Account,
    AccountError,
    account_of,
    existing,
)
from lib.access.audit import Trail, local_time
from lib.access.config import Config
from lib.access.database import AccessDatabase, keep_fact
from lib.access.policy import Actor, Permission, Role, Scope
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
        self, database: AccessDatabase, config: Config, clock: Callable[[], float]
    ) -> None:
        self._database = database
        self._clock = clock
        self._session, self._idle = config.session.total_seconds(), config.idle.total_seconds()
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
                    hash=_hash(number),
                    account=existing(connection, login).id,
                    created=now,
                    seen=now,
                )
            )
            key = self._key(connection)
        return Signer(key, COOKIE).sign(number).decode()

    def accounts(self, cookies: Iterable[str], *, touch: bool = False) -> dict[str, Account]:
        """Return whose sessions cookies are; without those forged, expired, ended or disabled.

        ``touch`` notes the use, which keeps the sessions from ending for idleness.
        """
        now = self._clock()
        cookie_of = {hashed: cookie for cookie in cookies if (hashed := self._hashed(cookie))}
        if not cookie_of:
            return {}
        living = (
            WITH_UNITS.add_columns(SESSIONS.c.seen, SESSIONS.c.hash)
            .join(SESSIONS, SESSIONS.c.account == ACCOUNTS.c.id)
            .where(
                SESSIONS.c.hash.in_(cookie_of),
                SESSIONS.c.created > now - self._session,
                SESSIONS.c.seen > now - self._idle,
                ~ACCOUNTS.c.disabled,
            )
        )
        rows = self._database.rows(living)
        used = [row.hash for row in rows if now - row.seen > _SEEN_EVERY]
        if touch and used:
            # Where nothing can be written, whoever is signed in still reads.
            with suppress(StoreError), self._database.writing() as connection:
                connection.execute(
                    SESSIONS.update().where(SESSIONS.c.hash.in_(used)).values(seen=now)
                )
        return {cookie_of[row.hash]: account_of(row) for row in rows}

    def end(self, cookie: str) -> None:
        """End the session of a cookie."""
        if hashed := self._hashed(cookie):
            with self._database.writing() as connection:
                connection.execute(SESSIONS.delete().where(SESSIONS.c.hash == hashed))

    def _hashed(self, cookie: str) -> str:
        """Return the hash of the number in a cookie whose signature is right, else an empty text."""
        if not cookie:
            return ""
        if not self._kept_key:
            self._kept_key = next((key for (key,) in self._database.rows(_KEY_QUERY)), "")
        if not self._kept_key:
            return ""
        try:
            return _hash(Signer(self._kept_key, COOKIE).unsign(cookie).decode())
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
    """What is known of a token; never the token itself. Times are local, ``used`` empty before the first.

    ``label`` is its name, ``units`` what it may report for (none: whatever its account may).
    """

    number: int
    login: str
    label: str
    created: str
    expires: str
    revoked: bool
    scope: Scope = Scope.REPORT
    units: tuple[str, ...] = ()
    used: str = ""


class Tokens:
    """The tokens with which other systems use the HTTP interface.

    Scope, units and last use stand beside the table (`AccessDatabase.facts`); a token of an earlier
    version has none and is one of the scope `Scope.REPORT`.
    """

    def __init__(self, database: AccessDatabase, trail: Trail, clock: Callable[[], float]) -> None:
        self._database = database
        self._trail = trail
        self._clock = clock

    def add(
        self,
        by: Actor,
        login: str,
        label: str = "",
        days: int = TOKEN_DAYS,
        *,
        scope: Scope = Scope.REPORT,
        units: Sequence[str] = (),
    ) -> str:
        """Make a token of an account and return it: it is shown once and kept as a hash."""
        self._trail.require(by, Permission.ACCOUNTS, login)
        if not 1 <= days <= 3660:
            raise AccountError("令牌的有效期是1到3660天")
        if units and scope is Scope.READ:
            raise AccountError("只读的令牌没有单位")
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        now = self._clock()
        with self._database.writing() as connection:
            row = existing(connection, login)
            if not set(units) <= set(account_of(row).units) and row.role != Role.ADMIN:
                raise AccountError(f"令牌的单位要在“{login}”的单位之内")
            (number,) = connection.execute(
                TOKENS.insert().values(
                    account=row.id,
                    label=label.strip()[:80],
                    hash=_hash(token),
                    created=now,
                    expires=now + days * 86400,
                    revoked=False,
                )
            ).inserted_primary_key or (0,)
            keep_fact(connection, _of(number), "scope", str(scope))
            for place, unit in enumerate(dict.fromkeys(units)):
                keep_fact(connection, _of(number), f"unit/{place}", unit)
            detail = f"{label.strip()}（{scope}）" + "、".join(units)
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
        facts = self._database.facts("token")
        return [
            Token(
                row.id,
                row.login,
                row.label,
                local_time(row.created),
                local_time(row.expires),
                row.revoked,
                Scope(facts.get(f"{row.id}/scope", Scope.REPORT)),
                _units(facts, f"{row.id}/"),
                local_time(float(used)) if (used := facts.get(f"{row.id}/used")) else "",
            )
            for row in self._database.rows(query)
        ]

    def actor(self, token: str, address: str) -> Actor | None:
        """Return whom a token stands for; ``None`` if unknown, expired, revoked or disabled.

        An 管理员's token that names units reports for them alone, as a 经办人's does.
        """
        if not token.startswith(TOKEN_PREFIX):
            return None
        query = (
            WITH_UNITS.add_columns(TOKENS.c.id.label("token"))
            .join(TOKENS, TOKENS.c.account == ACCOUNTS.c.id)
            .where(
                TOKENS.c.hash == _hash(token),
                TOKENS.c.expires > self._clock(),
                ~TOKENS.c.revoked,
                ~ACCOUNTS.c.disabled,
            )
        )
        rows = self._database.rows(query)
        if not rows:
            return None
        facts = self._database.facts(_of(rows[0].token))
        self._note_use(rows[0].token, facts)
        actor = replace(
            account_of(rows[0]).actor(address), scope=Scope(facts.get("scope", Scope.REPORT))
        )
        units = _units(facts)
        if not units:
            return actor
        if actor.role is Role.ADMIN:
            return replace(actor, role=Role.REPORTER, units=units)
        return replace(actor, units=tuple(unit for unit in units if unit in actor.units))

    def _note_use(self, number: int, facts: Mapping[str, str]) -> None:
        now = self._clock()
        if now - float(facts.get("used", 0)) > _SEEN_EVERY:
            # Where nothing can be written, whoever has a token still reads.
            with suppress(StoreError), self._database.writing() as connection:
                keep_fact(connection, _of(number), "used", str(int(now)))


def _of(number: int) -> str:
    return f"token/{number}"


def _units(facts: Mapping[str, str], prefix: str = "") -> tuple[str, ...]:
    """Return the units in a token's facts, in the order in which they were given."""
    start = f"{prefix}unit/"
    numbered = [
        (int(name[len(start) :]), unit) for name, unit in facts.items() if name.startswith(start)
    ]
    return tuple(unit for _, unit in sorted(numbered))
