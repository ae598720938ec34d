"""Headers of every answer, and the page's language: Streamlit's own page says English."""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit draws with inline styles and compiles its table widget (WebAssembly); everything
# comes from this server, so a page can neither load from nor send to anywhere else.
_CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": _CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
}
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]{1,5})?")
_ENGLISH, _CHINESE = b'<html lang="en"', b'<html lang="zh-CN"'
_HEAD_END, _BODY_END = b"</head>", b"</body>"
# Streamlit's own font, fetched before anything else; the app is set in the reader's fonts.
_FONT_PRELOAD = re.compile(rb'<link\s+rel="preload"[^>]*\sas="font"[^>]*>')


class PageHeaders:
    """ASGI middleware that adds `SECURITY_HEADERS` and tells screen readers a page is Chinese.

    ``head`` is HTML for the end of the head of Streamlit's own page (`lib.web.html_head`),
    ``words`` returns HTML for its body, which stands until the scripts have drawn the page.
    """

    def __init__(
        self, app: ASGIApp, head: str = "", words: Callable[[HTTPConnection], str] = lambda _: ""
    ) -> None:
        self._app = app
        self._head = head.encode()
        self._words = words

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and complete its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        may_be_page = _may_be_page(scope)
        own_host = HTTPConnection(scope).headers.get("host", "")
        if may_be_page:
            # A compressed page could not be changed; it is a few kilobytes.
            headers = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope = {**scope, "headers": headers}
        page_start: Message | None = None
        body = b""

        async def complete(message: Message) -> None:
            """Send a message on; the start of a page waits until its whole body is there."""
            nonlocal page_start, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                headers["Content-Security-Policy"] = _with_own_sockets(
                    headers["Content-Security-Policy"], own_host
                )
                if may_be_page and headers.get("content-type", "").startswith("text/html"):
                    page_start = message
                    return
            elif page_start is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body", False):
                    return
                body = await run_in_threadpool(self._page, body, HTTPConnection(scope))
                headers = MutableHeaders(scope=page_start)
                if "content-length" in headers and body:
                    headers["content-length"] = str(len(body))
                await send(page_start)
                page_start, message = None, {"type": "http.response.body", "body": body}
            await send(message)

        await self._app(scope, receive, complete)

    def _page(self, body: bytes, connection: HTTPConnection) -> bytes:
        body = body.replace(_ENGLISH, _CHINESE, 1)
        if b"/static/js/" not in body:  # a page of ours, not Streamlit's
            return body
        body = _FONT_PRELOAD.sub(b"", body, count=1)
        body = body.replace(_HEAD_END, self._head + _HEAD_END, 1)
        words = self._words(connection)
        if words:
            words = f'<div id="first-words" class="figures light">{words}</div>'
        return body.replace(_BODY_END, words.encode() + _BODY_END, 1)


def _with_own_sockets(policy: str, host: str) -> str:
    """Return the policy with this host's web sockets: older Safari and Firefox do not count them as 'self'."""
    if not _HOST.fullmatch(host):
        return policy
    return policy.replace("connect-src 'self'", f"connect-src 'self' ws://{host} wss://{host}", 1)


def _may_be_page(scope: Scope) -> bool:
    name = scope["path"].rsplit("/", 1)[-1]
    return scope["method"] == "GET" and ("." not in name or name.endswith(".html"))
