"""What the HTTP routes serve: plans' stores with their access, and who a connection comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from lib.access import Access, Actor, GuardedStore, Visitor, guarded
from lib.access.sessions import COOKIE
from lib.store import Store

_FORWARDING = (
    "forwarded", "via", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "x-original-forwarded-for",
    "x-original-host", "true-client-ip", "cf-connecting-ip", "x-envoy-external-address",
)  # fmt: skip


def is_forwarded(headers: Mapping[str, str]) -> bool:
    """Return whether a header says that a proxy has passed the request on."""
    names = [name.casefold() for name in headers]
    return any(name in _FORWARDING or name.startswith("x-forwarded-") for name in names)


def looks_forwarded(headers: Mapping[str, str], version: str = "1.1") -> bool:
    """Return whether a request is written as a proxy that says nothing of itself writes it.

    nginx's plain ``proxy_pass`` speaks HTTP/1.0, or 1.1 with ``Connection: close``, and its
    documented line for web sockets is ``upgrade`` in small letters. Browsers do none of this.
    """
    connection = next((v for name, v in headers.items() if name.casefold() == "connection"), "")
    return version == "1.0" or connection.strip() in ("close", "upgrade")


@dataclass(frozen=True)
class Backend:
    """The stores of all plans with the access to them, as the HTTP routes reach them.

    ``store`` returns the store of a plan by name (empty: the server's own plan), ``plans`` the
    names of the other plans, ``access`` the access to all of them, ``bound`` the address that
    the server listens on, ``claims`` the checked OIDC identity of a connection (``None``: not
    signed in). ``base`` is the path that everything stands under, such as ``/plan``, or empty.
    """

    store: Callable[[str], Store]
    plans: Callable[[], list[str]]
    access: Callable[[], Access]
    bound: Callable[[], str]
    claims: Callable[[HTTPConnection], dict[str, object] | None] = lambda _: None
    base: str = ""

    def actor(self, connection: HTTPConnection) -> Actor:
        """Return who an HTTP request or a web socket comes from."""
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        visitor = Visitor(
            peer=connection.client.host if connection.client else "unknown",
            bound=self.bound(),
            host=connection.headers.get("host", ""),
            forwarded=is_forwarded(connection.headers),
            doubtful=looks_forwarded(
                connection.headers, str(connection.scope.get("http_version", "1.1"))
            ),
            cookie=connection.cookies.get(COOKIE, ""),
            token=token.strip() if scheme.casefold() == "bearer" else "",
            claims=self.claims(connection),
        )
        return self.access().actor(visitor)

    def guarded(self, actor: Actor, plan: str = "") -> GuardedStore:
        """Return the store of a plan as an actor may use it."""
        return guarded(self.store(plan), actor, self.access().trail)
