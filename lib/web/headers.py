"""Headers of every answer, and the page's language: Streamlit's own page says English."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit draws with inline styles and compiles its table widget (WebAssembly); everything
# comes from this server, so a page can neither load from nor send to anywhere else.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "connect-src 'self' ws: wss: data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'self'",
    )
)
SAFE = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
}
_ENGLISH, _CHINESE = b'<html lang="en"', b'<html lang="zh-CN"'
_HEAD_ENDS = b"</head>"
# Streamlit's own font, fetched before anything else; the app is set in the reader's fonts.
_FONT = re.compile(rb'<link\s+rel="preload"[^>]*\sas="font"[^>]*>')


class Headers:
    """ASGI middleware that adds `SAFE` and makes HTML pages Chinese for screen readers.

    ``head`` is HTML for the end of the head of Streamlit's own page (`lib.web.html_head`).
    """

    def __init__(self, app: ASGIApp, head: str = "") -> None:
        self._app = app
        self._head = head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        page = _may_be_a_page(scope)
        if page:
            # A compressed page could not be changed; it is a few kilobytes.
            kept = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
            scope = {**scope, "headers": kept}
        held: Message | None = None
        body = b""

        async def answer(message: Message) -> None:
            nonlocal held, body
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFE.items():
                    headers.setdefault(name, value)
                if page and headers.get("content-type", "").startswith("text/html"):
                    held = message
                    return
            elif held is not None and message["type"] == "http.response.body":
                body += message.get("body", b"")
                if message.get("more_body", False):
                    return
                body = body.replace(_ENGLISH, _CHINESE, 1)
                if b"/static/js/" in body:  # Streamlit's own page, not one of ours
                    body = _FONT.sub(b"", body, count=1)
                    body = body.replace(_HEAD_ENDS, self._head + _HEAD_ENDS, 1)
                if "content-length" in MutableHeaders(scope=held) and body:
                    MutableHeaders(scope=held)["content-length"] = str(len(body))
                start, held = held, None
                await send(start)
                await send({"type": "http.response.body", "body": body})
                return
            await send(message)

        await self._app(scope, receive, answer)


def _may_be_a_page(scope: Scope) -> bool:
    last = scope["path"].rsplit("/", 1)[-1]
    return scope["method"] == "GET" and ("." not in last or last.endswith(".html"))
