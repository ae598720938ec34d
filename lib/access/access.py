"""Who is there: one interface over 单机, local accounts and OIDC."""

from __future__ import annotations

import ipaddress
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any

from lib.access.accounts import TOO_MANY, Account, Accounts, normal
from lib.access.audit import AuditEntry, Trail
from lib.access.config import Config, Mode, load
from lib.access.database import AccessDatabase
from lib.access.passwords import Passwords
from lib.access.policy import Actor, Because, Permission, Role, local_actor
from lib.access.second_factor import SecondFactor
from lib.access.sessions import Sessions, Tokens
from lib.access.throttle import Failures
from lib.store import folder_of, is_database

WRONG = "账号或密码不对"
"""What every failed sign-in says: it must not tell whether the account exists."""
CODE = "动态口令不对，或者没有填写"
"""Said only to who knows the password."""


@dataclass(frozen=True)
class Visitor:
    """What a connection shows of itself: nothing of it is believed without a check.

    ``peer`` is the address of the other end (empty: no network in between), ``bound`` the
    address that the server listens on, ``host`` the Host header, ``forwarded`` whether a header
    says that a proxy has passed it on, ``doubtful`` whether it looks like that, ``cookie`` the
    session cookie, ``token`` a bearer token, ``claims`` what a checked OIDC identity says
    (``None``: not signed in). ``browser`` tells one browser of this machine from another, for
    drafts without accounts; it grants nothing.
    """

    peer: str = ""
    bound: str = ""
    host: str = ""
    forwarded: bool = False
    doubtful: bool = False
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
            and not self.doubtful
        )


def is_loopback(host: str) -> bool:
    """Return whether an address or name can only mean this machine."""
    if host.casefold().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def same_address(one: str, other: str) -> bool:
    """Return whether two texts are one IP address; names never are."""
    try:
        return _plain_address(one) == _plain_address(other)
    except ValueError:
        return False


def _plain_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    address = ipaddress.ip_address(text.strip("[]"))
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


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
    second_factor: SecondFactor
    failures: Failures
    trail: Trail
    clock: Callable[[], float] = time.time
    behind_proxy: Event = field(default_factory=Event)
    """Set once a proxy has said that it stands in front of this server."""

    @property
    def mode(self) -> Mode:
        """The mode in force: never ``AUTO``."""
        if self.config.mode is not Mode.AUTO:
            return self.config.mode
        return Mode.ACCOUNTS if self.accounts.any() else Mode.SINGLE

    def actor(self, visitor: Visitor, *, touch: bool = False) -> Actor:
        """Return who a visitor is. Whoever cannot be told is a 访客 or nobody."""
        return self.actors([visitor], touch=touch)[0]

    def actors(self, visitors: Sequence[Visitor], *, touch: bool = False) -> list[Actor]:
        """Return who many visitors are, with one look at the sessions for all of them."""
        mode = self.mode
        cookies = [v.cookie for v in visitors if mode is Mode.ACCOUNTS and not v.token]
        accounts = self.sessions.accounts(cookies, touch=touch)
        return [self._actor(visitor, mode, accounts.get(visitor.cookie)) for visitor in visitors]

    def _actor(self, visitor: Visitor, mode: Mode, account: Account | None) -> Actor:
        if visitor.token:
            return self.tokens.actor(visitor.token, visitor.peer) or self._nobody(visitor)
        if mode is Mode.SINGLE:
            if self._is_local(visitor):
                return local_actor(visitor.peer)
            return Actor(Role.VISITOR, address=visitor.peer, because=Because.SETUP)
        if mode is Mode.OIDC:
            return self._of_claims(visitor)
        if account is None:
            return self._nobody(visitor)
        actor = account.actor(visitor.peer)
        if account.must_change:
            return replace(actor, role=None, because=Because.CHANGE)
        return actor

    def _is_local(self, visitor: Visitor) -> bool:
        """Return whether a visitor has the rights of 单机.

        Behind a proxy everybody comes from its machine. Once a proxy has shown itself nobody is
        local any more, also where the proxy says nothing the next time.
        """
        if any(same_address(visitor.peer, trusted) for trusted in self.config.trusted):
            return True
        if visitor.forwarded:
            self.behind_proxy.set()
        return visitor.at_the_machine and not self.behind_proxy.is_set()

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

    def sign_in(
        self, login: str, password: str, address: str, code: str = ""
    ) -> tuple[str, Account] | str:
        """Return the session's cookie and the account, or the message of the refusal.

        ``code`` is of the second factor, for an account that has one.
        """
        login = normal(login)[:60]
        who = Actor(account=login, address=address)
        tries = self.failures.begin(login, address)
        if not tries:
            return self._refused(who, TOO_MANY)
        account = self.accounts.right_password(login, password)
        if account is None:
            return self._refused(who, WRONG)
        if not self.second_factor.passes(login, code):
            return self._refused(who, CODE)
        self.failures.succeeded(login, tries)
        cookie = self.sessions.start(login)
        self.trail.note(account.actor(address), "登录", login)
        return cookie, account

    def _refused(self, who: Actor, message: str) -> str:
        self.trail.note(who, "登录", who.account, allowed=False, detail=message)
        return message

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
    failures = Failures(database, clock)
    return Access(
        settings,
        database,
        Accounts(database, trail, clock, passwords or Passwords(), failures),
        Sessions(database, settings, clock),
        Tokens(database, trail, clock),
        SecondFactor(database, trail, clock),
        failures,
        trail,
        clock,
    )
