"""``/plain``: a month without script and without web socket; and the first words of 总览."""

from __future__ import annotations

import logging
from collections.abc import Hashable
from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from lib.access import ConfigError, Permission, Role
from lib.core import months
from lib.core.answers import Answers
from lib.core.figures import Figures, Selection
from lib.core.problems import DataError
from lib.html.markup import Links
from lib.html.plain_page import PAGE, answers_html, plain_page
from lib.store import StoreError
from lib.web.backend import Backend

_LOG = logging.getLogger(__name__)


def route(backend: Backend) -> Route:
    """Return the route of the page: for whoever may read the dashboard."""

    async def plain(request: Request) -> Response:
        return await run_in_threadpool(_open, backend, request)

    return Route(f"{backend.base}/{PAGE}", plain, methods=["GET"])


def _open(backend: Backend, request: Request) -> Response:
    try:
        if not backend.actor(request).may(Permission.READ):
            return PlainTextResponse("请先登录", 401)
        stamp = backend.store("").stamp()
        return HTMLResponse(_page(backend, stamp, request.query_params.get("month", "")))
    except DataError as error:
        return PlainTextResponse(f"计划数据有错误，暂时不能计算：{error}", 503)
    except (ConfigError, StoreError):
        _LOG.exception("the plain page cannot be made")
        return PlainTextResponse("数据暂时读不到，请稍后再试", 503)


def first_words(backend: Backend, connection: HTTPConnection) -> str:
    """Return what stands in the page of 总览 before its scripts have run; empty if nothing does.

    It is for the address with at most a month, and for those who land on 总览 and may read it.
    """
    query = connection.query_params
    if connection.url.path != f"{backend.base}/" or set(query) - {"month"}:
        return ""
    try:
        actor = backend.actor(connection)
        if not actor.may(Permission.READ) or actor.role is Role.REPORTER:
            return ""
        return _answers(backend, backend.store("").stamp(), query.get("month", ""))
    except (ConfigError, StoreError, DataError):
        return ""  # the page itself says what is wrong


def _figures(backend: Backend, month: str) -> Figures:
    """Return the figures of a month as it stands in an address, else of the latest reported one."""
    dataset = backend.store("").dataset()
    by_text = {months.text(each): each for each in dataset.axis}
    latest = min(dataset.latest_month, dataset.axis[-1])
    return Figures(dataset, Selection(by_text.get(month, latest)))


# The stamp says which data a store holds, so what is kept never grows old.
@lru_cache(maxsize=16)
def _page(backend: Backend, stamp: Hashable, month: str) -> str:
    return plain_page(_figures(backend, month))


@lru_cache(maxsize=16)
def _answers(backend: Backend, stamp: Hashable, month: str) -> str:
    figures = _figures(backend, month)
    return answers_html(
        Answers.of(figures), Links((("month", months.text(figures.selection.month)),))
    )
