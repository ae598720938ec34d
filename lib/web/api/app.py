"""The application behind ``/api/v1``, and the health check beside it."""

from __future__ import annotations

import logging
import time

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse

from lib.access import Config, ConfigError
from lib.access.throttle import Rate
from lib.core.problems import DataError
from lib.store import StoreError
from lib.web.api.faults import register
from lib.web.api.routes import router
from lib.web.backend import Backend

PREFIX = "/api/v1"
VERSION = "1"
_LOG = logging.getLogger(__name__)


def create(site: Backend) -> FastAPI:
    """Return the application, to be mounted at `PREFIX`.

    Its documentation pages are left out: they would fetch their scripts from elsewhere.
    """
    app = FastAPI(
        title="工作计划看板",
        version=VERSION,
        description="完成率、任务和填报，与网页同一套数据、检查和权限。",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": f"{site.base}{PREFIX}"}],
    )
    register(app)
    app.include_router(router(site, Rate(_per_minute(site), time.monotonic)))
    return app


def _per_minute(site: Backend) -> int:
    """Return the limit; with settings that cannot be used, whose fault each request tells."""
    try:
        return site.access().config.requests_per_minute
    except (ConfigError, StoreError):
        return Config().requests_per_minute


def health(site: Backend, request: Request) -> JSONResponse:
    """Answer ``/healthz``: 200 with the revision if plan and reports can be read, else 503."""
    try:
        store = site.store("")
        store.dataset()
        revision = store.revision
    except (StoreError, DataError, OSError):
        _LOG.exception("the store cannot be read")
        content = {"status": "unavailable", "store": "unreachable", "revision": None}
        return JSONResponse(content, 503)
    return JSONResponse({"status": "ok", "store": "reachable", "revision": revision})
