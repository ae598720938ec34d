"""How much of the server one address, or one open page, may hold at once; the rest go on working."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lib.access import ConfigError, Permission
from lib.store import StoreError
from lib.web.backend import Backend

MEGABYTE = 1024 * 1024
_REFUSED = ("clear_cache", "set_run_on_save", "install_skills", "dismiss_skills_nudge")


@dataclass(frozen=True)
class Limits:
    """The limits, which SECURITY.md states. An office may share one address, hence large numbers.

    ``sockets`` are open pages, ``bodies`` requests whose content has not arrived whole; of one address
    and of all. ``part_seconds`` is how long the next part of a content may take, ``body_seconds``
    how long the whole. ``upload_files`` and ``upload_bytes`` are what one open page holds that was
    uploaded and not yet submitted, ``all_upload_bytes`` what all of them hold.
    """

    sockets: int = 1200
    all_sockets: int = 2000
    bodies: int = 30
    all_bodies: int = 300
    part_seconds: float = 20.0
    body_seconds: float = 600.0
    upload_files: int = 200
    upload_bytes: int = 200 * MEGABYTE
    all_upload_bytes: int = 2000 * MEGABYTE


class WorkLimits:
    """ASGI middleware that refuses what is over `Limits`, and messages that only a developer sends.

    ``asked_for`` names what a message of an open page asks for (``clear_cache``, ``deferred_file`` …)
    and which file; ``kept_uploads`` returns how many files and bytes the open page of a number
    keeps, and bytes of all pages.
    """

    def __init__(
        self,
        app: ASGIApp,
        backend: Backend,
        asked_for: Callable[[bytes], tuple[str, str]] = lambda _: ("", ""),
        kept_uploads: Callable[[str], tuple[int, int, int]] = lambda _: (0, 0, 0),
        limits: Limits | None = None,
    ) -> None:
        self._app = app
        self._backend = backend
        self._asked_for = asked_for
        self._kept_uploads = kept_uploads
        self._limits = limits or Limits()
        self._sockets: Counter[str] = Counter()
        self._bodies: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request or a web socket on, within the limits."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            await self._request(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = _address(scope)
        if _is_full(self._sockets, address, self._limits.sockets, self._limits.all_sockets):
            await send({"type": "websocket.close", "code": 1013, "reason": ""})
            return

        async def receive_allowed() -> Message:
            """Return the next message that an open page may send."""
            while True:
                message = await receive()
                content = message.get("bytes")
                if not content or await self._is_allowed(scope, *self._asked_for(content)):
                    return message

        self._sockets[address] += 1
        try:
            await self._app(scope, receive_allowed, send)
        finally:
            _release(self._sockets, address)

    async def _is_allowed(self, scope: Scope, kind: str, file: str) -> bool:
        """Return whether a message is passed on.

        Clearing the caches would make everybody's next page slow, and nobody installs anything here.
        A download that is made when it is asked for is made for the visitor whose page offers it.
        """
        if kind == "deferred_file":
            return await run_in_threadpool(self._may_have, HTTPConnection(scope), file)
        return kind not in _REFUSED

    def _may_have(self, connection: HTTPConnection, file: str) -> bool:
        try:
            may_read = self._backend.actor(connection).may(Permission.READ)
        except (ConfigError, StoreError):
            return False
        return may_read and self._backend.offers(connection, file)

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        address, limits = _address(scope), self._limits
        if _is_full(self._bodies, address, limits.bodies, limits.all_bodies):
            await _refusal(429, "同时发送的内容太多，请稍后再试")(scope, receive, send)
            return
        path = str(scope["path"]).removeprefix(self._backend.base)
        if scope["method"] == "PUT" and path.startswith("/_stcore/upload_file/"):
            fault = self._upload_fault(scope, path.split("/")[3])
            if fault:
                await _refusal(413, fault)(scope, receive, send)
                return
        until = time.monotonic() + limits.body_seconds
        self._bodies[address] += 1
        open_body = True

        async def receive_in_time() -> Message:
            """Return the next part; a sender that is too slow counts as gone."""
            nonlocal open_body
            if not open_body:
                return await receive()
            seconds = min(limits.part_seconds, until - time.monotonic())
            try:
                message = await asyncio.wait_for(receive(), max(0.0, seconds))
            except TimeoutError:
                message = {"type": "http.disconnect"}
            if message["type"] != "http.request" or not message.get("more_body", False):
                open_body = False
                _release(self._bodies, address)
            return message

        try:
            await self._app(scope, receive_in_time, send)
        finally:
            if open_body:
                _release(self._bodies, address)

    def _upload_fault(self, scope: Scope, page: str) -> str:
        files, size, everything = self._kept_uploads(page)
        length = HTTPConnection(scope).headers.get("content-length", "0")
        coming = int(length) if length.isdecimal() and len(length) < 12 else 0
        limits = self._limits
        if files >= limits.upload_files or size + coming > limits.upload_bytes:
            return (
                f"这一页上传的文件太多：至多{limits.upload_files}个、"
                f"一共{limits.upload_bytes // MEGABYTE} MB，请先提交或移除"
            )
        if everything + coming > limits.all_upload_bytes:
            return "服务器上没有提交的文件太多，请稍后再试"
        return ""


def _address(scope: Scope) -> str:
    return str((scope.get("client") or ("",))[0])


def _is_full(counts: Counter[str], address: str, limit: int, all_limit: int) -> bool:
    return counts[address] >= limit or counts.total() >= all_limit


def _release(counts: Counter[str], address: str) -> None:
    counts[address] -= 1
    if not counts[address]:
        del counts[address]


def _refusal(status: int, message: str) -> JSONResponse:
    return JSONResponse({"message": message, "details": [], "findings": []}, status)
