"""Who may load what of Streamlit before any page runs: pages, downloads and uploads."""

from __future__ import annotations

import logging
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lib.access import Actor, Because, ConfigError, Mode, Permission
from lib.store import StoreError
from lib.web.backend import Backend

_LOG = logging.getLogger(__name__)
_DOWNLOADS, _UPLOADS, _AGENT = "/media/", "/_stcore/upload_file/", "/_stcore/agent"
_METRICS = "/_stcore/metrics"
_OPEN = (
    "/static/",
    "/_stcore/",
    "/api/",
    "/healthz",
    "/meeting",
    "/sign-in",
    "/component/",
    "/auth/",
)
"""Addresses that need no sign-in: the app's own files, and what checks for itself."""


class SignInGate:
    """ASGI middleware in front of Streamlit.

    Whoever has to sign in first is sent to the sign-in page; a download is for the visitor whose
    page offers it, uploads for those who may report. Pages and the store check again:
    this is the first of three lines, not the only one.
    """

    def __init__(self, app: ASGIApp, backend: Backend) -> None:
        self._app = app
        self._backend = backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] == "http" and self._is_guarded(scope):
            refusal = await run_in_threadpool(self._refusal, scope)
            if refusal is not None:
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _path(self, scope: Scope) -> str:
        return str(scope["path"]).removeprefix(self._backend.base)

    def _is_guarded(self, scope: Scope) -> bool:
        """Return whether it matters who asks; for the app's own files it does not."""
        path = self._path(scope)
        if path.startswith((_DOWNLOADS, _UPLOADS, _AGENT, _METRICS)):
            return True
        page = scope["method"] == "GET" and "." not in path.rsplit("/", 1)[-1]
        return page and not path.startswith(_OPEN)

    def _refusal(self, scope: Scope) -> Response | None:
        path = self._path(scope)
        if path.startswith(_AGENT):
            return PlainTextResponse("没有这个地址", 404)  # nothing here acts for a person unseen
        try:
            actor = self._backend.actor(HTTPConnection(scope))
            mode = self._backend.access().mode
        except (ConfigError, StoreError):
            _LOG.exception("the access cannot be read")
            return PlainTextResponse("访问设置或账号数据库有错误，请联系管理员", 503)
        if path.startswith(_UPLOADS):
            allowed = self._may_upload(scope, actor)
            return None if allowed else PlainTextResponse("没有权限填报", 403)
        if path.startswith(_DOWNLOADS):
            return self._download_refusal(scope, actor, path)
        if path.startswith(_METRICS):
            # What the server is doing, and for how many, is the administrator's.
            return None if actor.may(Permission.AUDIT) else PlainTextResponse("没有这个地址", 404)
        if mode is Mode.ACCOUNTS and actor.role is None and actor.because is Because.SIGN_IN:
            query = scope["query_string"].decode("latin-1")
            page = quote(path + (f"?{query}" if query else ""), safe="")
            return RedirectResponse(f"{self._backend.base}/sign-in?next={page}", 303)
        return None

    def _download_refusal(self, scope: Scope, actor: Actor, path: str) -> Response | None:
        """Refuse a file that no open page of this visitor offers: its address alone opens nothing."""
        if not actor.may(Permission.READ):
            return PlainTextResponse("请先登录", 401)
        file = path.removeprefix(_DOWNLOADS).partition(".")[0]
        if self._backend.offers(HTTPConnection(scope), file):
            return None
        return PlainTextResponse("没有这个文件，请在页面上重新下载", 404)

    def _may_upload(self, scope: Scope, actor: Actor) -> bool:
        """Return whether a file may come in; a browser asks by OPTIONS before it sends one."""
        if scope["method"] == "OPTIONS" or actor.may(Permission.REPORT):
            return True
        self._backend.access().trail.refusal(actor, Permission.REPORT, "上传文件")
        return False
