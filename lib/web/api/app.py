"""The application behind ``/api/v1``."""

from __future__ import annotations

from fastapi import FastAPI

from lib.access import Config, ConfigError
from lib.store import StoreError
from lib.web.api import faults, routes
from lib.web.api.service import Service
from lib.web.backend import Backend
from lib.web.request_limit import RequestLimit

PREFIX = "/api/v1"
VERSION = "1"


def create(backend: Backend) -> FastAPI:
    """Return the application, to be mounted at `PREFIX`.

    Its documentation pages are left out: they would fetch their scripts from elsewhere.
    """
    try:
        config = backend.access().config
    except (ConfigError, StoreError):
        config = Config()  # each request answers with the fault of settings that cannot be used
    app = FastAPI(
        title="工作计划看板",
        version=VERSION,
        description="完成率、任务和填报，与网页同一套数据、检查和权限。",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": f"{backend.base}{PREFIX}"}],
        exception_handlers=faults.HANDLERS,
    )
    app.state.service = Service(backend, RequestLimit(config.requests_per_minute))
    app.include_router(routes.reading)
    app.include_router(routes.reporting)
    return app
