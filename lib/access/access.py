"""Who is there: one interface over 单机, local accounts and OIDC."""

from __future__ import annotations

import ipaddress
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from lib.access.accounts import Account, Accounts, normal
from lib.access.audit import AuditEntry, Trail
from lib.access.config import Config, Mode, load
from lib.access.database import AccessDatabase
from lib.access.passwords import Passwords
from lib.access.policy import Actor, Because, Permission, Role, local_actor
from lib.access.sessions import Sessions, Tokens
from lib.access.throttle import Failures
from lib.store import folder_of, is_database

WRONG = "账号或密码不对"
"""What every failed sign-in says: it must not tell whether the account exists."""
TOO_MANY = "失败次数太多，请15分钟后再试"


@dataclass(frozen=True)
class Visitor:
    """What a connection shows of itself: nothing of it is believed without a check.

    ``peer`` is the address of the other end (empty: no network in between), ``bound`` the
    address that the server listens on, ``host`` the Host header, ``forwarded`` whether a proxy
    has passed it on, ``cookie`` the session cookie, ``token`` a bearer token, ``claims`` what
    a checked OIDC identity says (``None``: not signed in). ``browser`` tells one browser of this
    machine from another, for drafts without accounts; it grants nothing.
    """

    peer: str = ""
    bound: str = ""
    host: str = ""
    forwarded: bool = False
    cookie: str = ""
    token: str = ""
    claims: Mapping[str, Any] | None = None
    browser: str = ""

    @property
    def at_the_machine(self) -> bool:
        """Whether this can only be somebody at this machine.

        The Host header counts too: a page of a stranger's site that makes its name point here
        (DNS rebinding) still names its own host.
        """
        return (
            is_loopback(self.bound)
            and (not self.peer or is_loopback(self.peer))
            and (not self.host or is_loopback(_without_port(self.host)))
            and not self.forwarded
        )


def is_loopback(host: str) -> bool:
    """Return whether an address or name can only mean this machine."""
    if host.casefold().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.rpartition(":")[0] if host.count(":") == 1 else host


@dataclass(frozen=True, eq=False)
class Access:
    """Everything about access to one store: who is there, accounts, sessions, tokens, audit."""

    config: Config
    database: AccessDatabase
    accounts: Accounts
    sessions: Sessions
    tokens: Tokens
    failures: Failures
    trail: Trail
    clock: Callable[[], float] = time.time

    @property
    def mode(self) -> Mode:
        """The mode in force: never ``AUTO``."""
        if self.config.mode is not Mode.AUTO:
            return self.config.mode
        return Mode.ACCOUNTS if self.accounts.any() else Mode.SINGLE

    def actor(self, visitor: Visitor, *, touch: bool = False) -> Actor:
        """Return who a visitor is. Whoever cannot be told is a 访客 or nobody."""
        return self._actor(visitor, self.mode, partial(self.sessions.account, touch=touch))

    def actors(self, visitors: Sequence[Visitor]) -> list[Actor]:
        """Return who many visitors are, with one look at the sessions for all of them."""
        signed_in = any(visitor.cookie for visitor in visitors)
        account_of = self.sessions.in_force() if signed_in else self.sessions.account
        mode = self.mode
        return [self._actor(visitor, mode, account_of) for visitor in visitors]

    def _actor(
        self, visitor: Visitor, mode: Mode, account_of: Callable[[str], Account | None]
    ) -> Actor:
        if visitor.token:
            account = self.tokens.account(visitor.token)
            return self._nobody(visitor) if account is None else account.actor(visitor.peer)
        if mode is Mode.SINGLE:
            if visitor.at_the_machine:
                return local_actor(visitor.peer)
            return Actor(Role.VISITOR, address=visitor.peer, because=Because.SETUP)
        if mode is Mode.OIDC:
            return self._of_claims(visitor)
        account = account_of(visitor.cookie)
        if account is None:
            return self._nobody(visitor)
        actor = account.actor(visitor.peer)
        if account.must_change:
            return replace(actor, role=None, because=Because.CHANGE)
        return actor

    def _nobody(self, visitor: Visitor) -> Actor:
        role = None if self.config.read_needs_sign_in else Role.VISITOR
        return Actor(role, address=visitor.peer, because=Because.SIGN_IN)

    def _of_claims(self, visitor: Visitor) -> Actor:
        claims = visitor.claims
        if claims is None or self._too_old(claims):
            return self._nobody(visitor)
        subject = str(claims.get("email") or claims.get("sub") or "")[:40]
        name = str(claims.get("name") or subject)[:40]
        who = Actor(None, name, (), subject, visitor.peer, because=Because.UNKNOWN)
        units: list[str] = []
        roles: set[Role] = set()
        for grant in self.config.grants:
            if _claimed(claims, grant.claim, grant.value):
                roles.add(grant.role)
                units += grant.units
        for role in (Role.ADMIN, Role.REPORTER, Role.LEADER):
            if role in roles:
                own = tuple(dict.fromkeys(units)) if role is Role.REPORTER else ()
                return replace(who, role=role, units=own, because=Because.NONE)
        return who

    def _too_old(self, claims: Mapping[str, Any]) -> bool:
        """Return whether the sign-in at the provider lies further back than a session lasts.

        Streamlit keeps its cookie for 30 days; the identity token says when it was issued.
        """
        issued = claims.get("iat")
        if not isinstance(issued, int | float):
            return False
        return self.clock() - issued > self.config.session.total_seconds()

    def sign_in(self, login: str, password: str, address: str) -> tuple[str, Account] | str:
        """Return the session's cookie and the account, or the message of the refusal."""
        login = normal(login)[:60]
        who = Actor(account=login, address=address)
        if self.failures.too_many(login, address):
            self.trail.note(who, "登录", login, allowed=False, detail=TOO_MANY)
            return TOO_MANY
        account = self.accounts.right_password(login, password)
        if account is None:
            self.failures.add(login, address)
            self.trail.note(who, "登录", login, allowed=False, detail=WRONG)
            return WRONG
        self.failures.forget(login)
        cookie = self.sessions.start(login)
        self.trail.note(account.actor(address), "登录", login)
        return cookie, account

    def sign_out(self, actor: Actor, cookie: str) -> None:
        """End the session of a cookie."""
        self.sessions.end(cookie)
        self.trail.note(actor, "退出", actor.account)

    def audit(self, by: Actor, *, refused: bool = False) -> list[AuditEntry]:
        """Return the audit trail, the latest first; for those who may see it."""
        self.trail.require(by, Permission.AUDIT)
        return self.trail.entries(refused=refused)


def _claimed(claims: Mapping[str, Any], claim: str, value: str) -> bool:
    """Return whether a claim has a value, or holds it in its list.

    An e-mail counts only if the provider does not say that it is unverified.
    """
    if claim == "email" and claims.get("email_verified", True) not in (True, "true"):
        return False
    claimed = claims.get(claim)
    values = claimed if isinstance(claimed, list) else [claimed]
    if claim == "email":
        return value.casefold() in [str(email).casefold() for email in values]
    return value in values


def open_access(
    store_url: str | Path,
    *,
    config: Config | None = None,
    clock: Callable[[], float] = time.time,
    passwords: Passwords | None = None,
) -> Access:
    """Return the access to the store at an address. Nothing is read or created yet.

    Raises `lib.access.config.ConfigError`.
    """
    url = str(store_url)
    folder = None if is_database(url) else folder_of(url)
    settings = config or load(folder, os.environ)
    database = AccessDatabase(url)
    trail = Trail(database, clock)
    return Access(
        settings,
        database,
        Accounts(database, trail, clock, passwords or Passwords()),
        Sessions(database, clock, session=settings.session, idle=settings.idle),
        Tokens(database, trail, clock),
        Failures(database, clock),
        trail,
        clock,
    )
