"""What the HTTP routes serve: one store with its access, and who a connection comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from lib.access import Access, Actor, GuardedStore, Visitor, guarded
from lib.access.sessions import COOKIE
from lib.store import Store

_FORWARDING = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
Claims = Callable[[HTTPConnection], dict[str, object] | None]


@dataclass(frozen=True)
class Backend:
    """``store`` gives the store of a plan (empty: the server's own), ``plans`` the other plans'
    names, ``access`` the access to all of them; ``bound`` is the address it listens on.

    ``claims`` reads a checked OIDC identity from a connection (``None``: not signed in);
    ``base`` is the path that everything stands under, such as ``/plan``, or empty.
    """

    store: Callable[[str], Store]
    plans: Callable[[], list[str]]
    access: Callable[[], Access]
    bound: Callable[[], str]
    claims: Claims = lambda _: None
    base: str = ""

    def actor(self, connection: HTTPConnection) -> Actor:
        """Return who a connection comes from."""
        return self.access().actor(visitor(connection, self.bound(), self.claims(connection)))

    def guarded(self, actor: Actor, plan: str = "") -> GuardedStore:
        """Return the store of a plan as an actor may use it."""
        return guarded(self.store(plan), actor, self.access().trail)


def visitor(
    connection: HTTPConnection, bound: str, claims: dict[str, object] | None = None
) -> Visitor:
    """Return what an HTTP request or a web socket shows of itself."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return Visitor(
        peer=connection.client.host if connection.client else "unknown",
        bound=bound,
        host=connection.headers.get("host", ""),
        forwarded=any(name in connection.headers for name in _FORWARDING),
        cookie=connection.cookies.get(COOKIE, ""),
        token=token.strip() if scheme.casefold() == "bearer" else "",
        claims=claims,
    )
