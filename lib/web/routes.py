"""The server's own addresses: ``/sign-in``, ``/plain``, ``/healthz`` and the HTTP interface."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount

from lib.web import api, meeting, plain_page, sign_in
from lib.web.backend import Backend
from lib.web.health import Health


def routes(backend: Backend) -> list[BaseRoute]:
    """Return the server's own routes."""
    return [
        sign_in.route(backend),
        plain_page.route(backend),
        *meeting.routes(backend),
        Health(backend).route,
        Mount(f"{backend.base}{api.PREFIX}", api.create(backend)),
    ]
