"""What the HTTP routes serve: plans' stores with their access, and who a connection comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from lib.access import Access, Actor, GuardedStore, Visitor
from lib.access.sessions import COOKIE
from lib.store import Store

_IDENTITIES = (COOKIE, "_streamlit_user")
"""The cookies that say who has signed in: ours, and Streamlit's for OIDC."""
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
    ``offering`` returns cookies and address of each open page that offers a download (``None``: not
    known), ``new_store`` a store of a plan that nobody else keeps (``None``: `store` has to do).
    """

    store: Callable[[str], Store]
    plans: Callable[[], list[str]]
    access: Callable[[], Access]
    bound: Callable[[], str]
    claims: Callable[[HTTPConnection], dict[str, object] | None] = lambda _: None
    base: str = ""
    offering: Callable[[str], list[tuple[dict[str, str], str]] | None] = lambda _: None
    new_store: Callable[[str], Store] | None = None

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

    def offers(self, connection: HTTPConnection, file: str) -> bool:
        """Return whether an open page of this very visitor offers a download.

        The visitor is told by the session's cookie, or where there is none by the address.
        """
        pages = self.offering(file)
        if pages is None:
            return True
        own = {name: connection.cookies.get(name, "") for name in _IDENTITIES}
        address = connection.client.host if connection.client else ""
        return any(
            own == {name: cookies.get(name, "") for name in _IDENTITIES}
            and (any(own.values()) or address == peer)
            for cookies, peer in pages
        )

    def guarded(self, actor: Actor, plan: str = "") -> GuardedStore:
        """Return the store of a plan as an actor may use it."""
        return GuardedStore(self.store(plan), actor, self.access().trail)
