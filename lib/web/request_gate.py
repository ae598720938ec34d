"""The outermost gate: what no page of this server sends is refused before anything looks at it.

A stranger's site can make its name point at this machine (DNS rebinding), or let a visitor's browser
open a web socket here. The first still names its own host, the second its own origin: both are held
against the names that this server answers to.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.access import ConfigError, is_loopback, same_address
from lib.store import StoreError
from lib.web.backend import Backend

_LOG = logging.getLogger(__name__)
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\s\[\]:/@?#%]+)(?::([0-9]{1,5}))?")
_PORTS = {"http": 80, "https": 443}
_SHOWN = 100
Place = tuple[str, int | None]
"""A host and its port, ``None`` where none is named."""


class RequestGate:
    """ASGI middleware that passes on what is sent to this server, from its own pages.

    Host: this machine (127.0.0.1, localhost), the address that the server was told to listen on,
    the very address that the connection has reached, and what ``hosts`` in ``[access]`` names.
    Origin, where there is one, and always for a web socket: the same host and port, or one of ``hosts``.

    An address with NUL or with bytes that are no UTF-8 is refused as well, and an error that nobody
    has caught becomes an answer in Chinese.
    """

    def __init__(self, app: ASGIApp, backend: Backend) -> None:
        self._app = app
        self._backend = backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request or a web socket on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        status, fault = self._fault(scope, headers, self._named())
        if not fault and scope["type"] == "websocket":
            await self._passed_on(_as_asked(scope, headers["origin"]), receive, send)
        elif not fault:
            await self._passed_on(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            await _answer(headers, status, fault)(scope, receive, send)

    async def _passed_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except ClientDisconnect:
            pass  # in the middle of its request: nobody waits for an answer
        except Exception:
            if started or scope["type"] == "websocket":
                raise
            _LOG.exception("no answer to %s", scope["path"])
            await _answer(Headers(scope=scope), 500, "服务器出错了，请联系管理员")(
                scope, receive, send
            )

    def _named(self) -> list[Place]:
        """Return what the settings name; nothing where they cannot be read."""
        try:
            hosts = self._backend.access().config.hosts
        except (ConfigError, StoreError):
            return []
        return [place for host in hosts if (place := place_of(host)) is not None]

    def _fault(self, scope: Scope, headers: Headers, named: Sequence[Place]) -> tuple[int, str]:
        """Return the status and the message of a refusal, or an empty message."""
        if not _is_readable(scope):
            return 400, "地址里有不能识别的字符（应为 UTF-8，不含空字符）"
        hosts = headers.getlist("host")
        host = place_of(hosts[0]) if len(hosts) == 1 else None
        if host is None or not self._is_own(host, scope, named):
            return 403, (
                f"本系统不用“{_visible(hosts)}”这个地址。请用服务器所在电脑的 127.0.0.1 打开；确实要用这个地址时，"
                '请管理员在 settings.toml 的 [access] 里写上 hosts = ["主机名或IP"]'
                "（或环境变量 PLAN_ACCESS_HOSTS），再重新启动"
            )
        origins = headers.getlist("origin")
        if not origins:
            return 403, "缺少 Origin" if scope["type"] == "websocket" else ""
        if len(origins) > 1 or not _is_same(origins[0], host, named):
            return 403, f"不接受其他网站（{_visible(origins)}）发出的请求"
        return 200, ""

    def _is_own(self, host: Place, scope: Scope, named: Sequence[Place]) -> bool:
        name, port = host
        reached = str((scope.get("server") or ("",))[0])
        return (
            is_loopback(name)
            or name == self._backend.bound().casefold()
            # Only an address in figures: no name can be made to point at it.
            or same_address(name, reached)
            or any(name == own and (own_port in (None, port)) for own, own_port in named)
        )


def place_of(host: str) -> Place | None:
    """Return a Host header's name and port; ``None`` if it is none."""
    match = _HOST.fullmatch(host.strip().casefold())
    if match is None:
        return None
    return match[1].rstrip("."), int(match[2]) if match[2] else None


def _is_same(origin: str, host: Place, named: Sequence[Place]) -> bool:
    """Return whether an Origin is the host that was asked, or one that the settings name."""
    scheme, _, rest = origin.strip().casefold().partition("://")
    place = place_of(rest)
    if place is None or scheme not in _PORTS:
        return False
    name, port = place[0], place[1] or _PORTS[scheme]
    return (name, port) == (host[0], host[1] or _PORTS[scheme]) or any(
        name == own and port in ((own_port,) if own_port else _PORTS.values())
        for own, own_port in named
    )


def _as_asked(scope: Scope, origin: str) -> Scope:
    """Return a web socket's scope with the host that the browser asked.

    A proxy may have put its own in its place. Streamlit compares the two once more, by less than
    was compared here, and asks the internet for this machine's address where they differ.
    """
    asked = origin.partition("://")[2].encode()
    headers = [(name, asked if name == b"host" else value) for name, value in scope["headers"]]
    return {**scope, "headers": headers}


def _is_readable(scope: Scope) -> bool:
    """Return whether path and query are UTF-8 without NUL, as every browser writes them."""
    try:
        for part in (scope.get("raw_path") or scope["path"].encode(), scope["query_string"]):
            text = unquote_to_bytes(bytes(part)).decode()
            if "\0" in text:
                return False
    except UnicodeError:
        return False
    return True


def _visible(values: Sequence[str]) -> str:
    text = "、".join(values)[:_SHOWN]
    return "".join(char if char.isprintable() else "·" for char in text)


def _answer(headers: Headers, status: int, message: str) -> Response:
    """Return a refusal: words for a browser, else JSON of the shape of the HTTP interface."""
    if "text/html" in headers.get("accept", ""):
        return PlainTextResponse(message, status)
    return JSONResponse({"message": message, "details": [], "findings": []}, status)
