"""The server's own addresses: ``/sign-in``, ``/plain``, ``/healthz`` and the HTTP interface."""

from __future__ import annotations

import logging

from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Mount, Route

from lib.core.problems import DataError
from lib.store import StoreError
from lib.web import api, meeting, plain_page, sign_in
from lib.web.backend import Backend

_LOG = logging.getLogger(__name__)


def routes(backend: Backend) -> list[BaseRoute]:
    """Return the server's own routes."""
    return [
        sign_in.route(backend),
        plain_page.route(backend),
        *meeting.routes(backend),
        Route(f"{backend.base}/healthz", lambda _: health(backend), methods=["GET"]),
        Mount(f"{backend.base}{api.PREFIX}", api.create(backend)),
    ]


def health(backend: Backend) -> JSONResponse:
    """Return 200 with the revision if plan and reports can be read, else 503."""
    try:
        store = backend.store("")
        store.dataset()
        revision = store.revision
    except (StoreError, DataError, OSError):
        _LOG.exception("the store cannot be read")
        content = {"status": "unavailable", "store": "unreachable", "revision": None}
        return JSONResponse(content, 503)
    return JSONResponse({"status": "ok", "store": "reachable", "revision": revision})
