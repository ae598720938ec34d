"""The front end's own scripts, styles and fonts, from memory: a page asks for a hundred of them."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers as RequestHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lib.web.headers import SAFE

_FOREVER = "public, immutable, max-age=31536000"
"""Each file's name holds the hash of its content: a year, as Streamlit itself says."""


class Assets:
    """ASGI middleware that answers for the files of a folder; all else it passes on.

    ``folder`` is read once per file and kept: it belongs to an installed package. ``prefix`` is
    the address that it stands under, such as ``/static``. Requests for a part of a file, and
    files that are not there, are the app's to answer. ``changed``: what is done to the content
    of a script, by its name without hash and suffix, such as ``PlotlyChart``.
    """

    def __init__(
        self,
        app: ASGIApp,
        folder: Path,
        prefix: str,
        changed: Mapping[str, Callable[[bytes], bytes]] | None = None,
    ) -> None:
        self._app = app
        self._changed = changed or {}
        self._files = {
            f"{prefix}/{path.relative_to(folder).as_posix()}": path
            for path in folder.rglob("*")
            if path.is_file()
        }
        self._kept: dict[str, tuple[bytes, dict[str, str]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request from memory, or pass it on."""
        mine = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        path = self._files.get(scope["path"]) if mine else None
        if path is None or "range" in (asked := RequestHeaders(scope=scope)):
            await self._app(scope, receive, send)
            return
        kept = self._kept.get(scope["path"])
        if kept is None:
            kept = self._kept[scope["path"]] = await run_in_threadpool(self._read, path)
        body, headers = kept
        if asked.get("if-none-match") == headers["ETag"]:
            await Response(status_code=304, headers=headers)(scope, receive, send)
            return
        await Response(body, headers=headers)(scope, receive, send)

    def _read(self, path: Path) -> tuple[bytes, dict[str, str]]:
        body = path.read_bytes()
        change = self._changed.get(path.name.split(".")[0]) if path.suffix == ".js" else None
        if change is not None:
            body = change(body)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        tag = hashlib.sha256(body).hexdigest()[:32]
        headers = {"Content-Type": kind, "Cache-Control": _FOREVER, "ETag": f'"{tag}"', **SAFE}
        return body, headers
