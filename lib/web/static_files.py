"""The front end's own scripts, styles and fonts, from memory: a page asks for a hundred of them."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lib.web.headers import SECURITY_HEADERS

_ONE_YEAR = "public, immutable, max-age=31536000"
"""As Streamlit itself says: each file's name holds the hash of its content."""


class StaticFilesInMemory:
    """ASGI middleware that answers for the files of a folder and passes on all else.

    ``folder`` belongs to an installed package, so each file is read once. ``prefix`` is the
    address of the folder, such as ``/static``. Requests for a part of a file, and for files that
    do not exist, are left to the app. ``changes`` holds a function from old content to new for a
    script, by the script's name without hash and suffix, such as ``PlotlyChart``.
    """

    def __init__(
        self,
        app: ASGIApp,
        folder: Path,
        prefix: str,
        changes: Mapping[str, Callable[[bytes], bytes]] | None = None,
    ) -> None:
        self._app = app
        self._changes = changes or {}
        self._paths = {
            f"{prefix}/{path.relative_to(folder).as_posix()}": path
            for path in folder.rglob("*")
            if path.is_file()
        }
        self._contents: dict[str, tuple[bytes, dict[str, str]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request from memory, or pass it on."""
        readable = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        path = self._paths.get(scope["path"]) if readable else None
        if path is None or "range" in (request_headers := Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        if scope["path"] not in self._contents:
            self._contents[scope["path"]] = await run_in_threadpool(self._read, path)
        body, headers = self._contents[scope["path"]]
        if request_headers.get("if-none-match") == headers["ETag"]:
            response = Response(status_code=304, headers=headers)
        else:
            response = Response(body, headers=headers)
        await response(scope, receive, send)

    def _read(self, path: Path) -> tuple[bytes, dict[str, str]]:
        body = path.read_bytes()
        change = self._changes.get(path.name.split(".")[0]) if path.suffix == ".js" else None
        if change is not None:
            body = change(body)
        headers = {
            "Content-Type": mimetypes.guess_type(path.name)[0] or "application/octet-stream",
            "Cache-Control": _ONE_YEAR,
            "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
            **SECURITY_HEADERS,
        }
        return body, headers
