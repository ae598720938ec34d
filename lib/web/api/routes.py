"""The routes of ``/api/v1``: thin; figures, checks and permissions are those of the pages."""

from __future__ import annotations

from collections.abc import Hashable
from threading import Lock
from typing import Annotated, Any
from urllib.parse import quote

import pandas as pd
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from lib import intake
from lib.access import Actor, GuardedStore, Permission
from lib.access.throttle import Rate
from lib.core import months, schema
from lib.core.dataset import Dataset
from lib.core.figures import TASK_FIELDS, Figures, Selection, to_records
from lib.core.progress import Assessment, assess
from lib.files import csv_tables
from lib.web.api import models
from lib.web.api.faults import ApiError, known, unauthorised
from lib.web.api.receiving import BODY, CSV, body, content_type, send
from lib.web.backend import Backend

_FAULT = {"model": models.Fault}
REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {**_FAULT, "description": "需要登录或令牌"},
    422: {**_FAULT, "description": "参数或内容不对"},
    429: {**_FAULT, "description": "请求太频繁"},
    503: {**_FAULT, "description": "数据暂时不可用"},
}
_CSV_TOO = {200: {"content": {CSV: {"schema": {"type": "string"}}}}}
_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="python -m lib.cli account token add 生成的令牌",
)


def router(site: Backend, rate: Rate) -> APIRouter:
    """Return the routes over a site; each request counts against ``rate``."""

    def somebody(request: Request, _: Annotated[Any, Depends(_bearer)] = None) -> Actor:
        return _identified(site, rate, request)

    kept = Assessed()
    who = Depends(somebody)

    def reporter(request: Request, actor: Actor = who) -> Actor:
        """Refuse before the body is read."""
        if not (request.headers.get("authorization") or actor.local):
            raise unauthorised("填报需要令牌：请求头 Authorization: Bearer …")
        if not actor.may(Permission.REPORT):
            raise site.access().refusal(actor, Permission.REPORT, "接口")
        content_type(request)
        return actor

    reports = Depends(reporter)
    routes = APIRouter(responses=REFUSALS)

    @routes.get(
        "/completion",
        summary="完成率、序时进度和状态，按总体、类型、单位、月份或任务汇总",
        response_model=list[models.Group] | list[models.TaskFigures],
        responses=_CSV_TOO,  # type: ignore[arg-type]
    )
    def completion(
        request: Request, view: Annotated[models.CompletionView, Query()], actor: Actor = who
    ) -> Response:
        store = _store(site, actor, view)
        return _rows(request, view, _figures(store, view, kept).rows(view.by), store, "completion")

    @routes.get(
        "/tasks",
        summary="任务的原文、责任单位、计划时间和截至月份的进展",
        response_model=list[models.Task],
        responses=_CSV_TOO,  # type: ignore[arg-type]
    )
    def tasks(
        request: Request, view: Annotated[models.View, Query()], actor: Actor = who
    ) -> Response:
        store = _store(site, actor, view)
        figures = _figures(store, view, kept)
        rows = figures.rows("task")[TASK_FIELDS]
        facts = figures.dataset.tasks.loc[rows["task_id"]]
        texts = {"category": "category", "content": "content", "window": "window_text"}
        texts["source"] = "source"
        rows = rows.assign(**{name: facts[of].to_numpy() for name, of in texts.items()})
        return _rows(request, view, rows, store, "tasks")

    @routes.get(
        "/progress",
        summary="已生效的填报",
        response_model=list[models.Report],
        responses=_CSV_TOO,  # type: ignore[arg-type]
    )
    def progress(
        request: Request, view: Annotated[models.ProgressView, Query()], actor: Actor = who
    ) -> Response:
        store = _store(site, actor, view)
        data = intake.sound(store)
        known("unit", view.unit, data.units)
        known("task_id", view.task_id, list(data.tasks.index))
        rows = data.progress
        if view.month is not None:
            rows = rows[rows["month"] == months.parse(view.month)]
        if view.unit is not None:
            rows = rows[rows["unit"] == view.unit]
        if view.task_id is not None:
            rows = rows[rows["task_id"] == view.task_id]
        if _wants_csv(request, view):
            return _csv(schema.PROGRESS.texts(rows), store, "progress")
        texts = schema.PROGRESS.texts(rows).rename(columns=schema.PROGRESS.fields)
        numbers = {name: rows[name].astype("float64") for name in _NUMBERS}
        shown = texts.assign(**numbers)[list(models.Report.model_fields)]
        return _json(to_records(shown), store)

    @routes.post(
        "/progress",
        summary="填报：CSV、XLSX 或 JSON；检查和权限与网页相同",
        status_code=201,
        response_model=models.Sent,
        openapi_extra=BODY,
        responses={
            200: {"model": models.Sent, "description": "没有变化，或只检查（dry_run）且没有错误"},
            403: {**_FAULT, "description": "没有权限"},
            409: {**_FAULT, "description": "数据有了变化，或不能这样写"},
            413: {**_FAULT, "description": "内容太大"},
            415: {**_FAULT, "description": "不支持的内容类型"},
        },
    )
    async def report(
        request: Request, sending: Annotated[models.Sending, Query()], actor: Actor = reports
    ) -> Response:
        content = await body(request, site.access().config.upload_bytes)
        kind = content_type(request)
        return await run_in_threadpool(
            send, _store(site, actor, sending), actor, sending, kind, content
        )

    return routes


_NUMBERS = ("quantity", "cumulative_percent")


def _store(site: Backend, actor: Actor, of: models.OfPlan) -> GuardedStore:
    if of.plan:
        known("plan", of.plan, site.plans())
    return site.guarded(actor, of.plan)


def _identified(site: Backend, rate: Rate, request: Request) -> Actor:
    """Return who asks, after the request has been counted; refuse an unknown token."""
    actor = site.actor(request)
    key = f"account:{actor.account}" if actor.signed_in else f"address:{actor.address}"
    wait = rate.wait(key)
    if wait:
        raise ApiError(429, "请求太频繁，请稍后再试", headers={"Retry-After": str(int(wait) + 1)})
    if request.headers.get("authorization") and not actor.signed_in:
        site.access().trail.note(actor, "令牌", "接口", allowed=False, detail="令牌无效或已过期")
        raise unauthorised("令牌无效或已过期")
    if not actor.may(Permission.READ):
        raise site.access().refusal(actor, Permission.READ, "接口")
    return actor


# -- figures ---------------------------------------------------------------------------------


def _figures(store: GuardedStore, view: models.View, kept: Assessed) -> Figures:
    stamp = store.stamp()
    data = intake.sound(store)
    known("category", view.category, data.categories)
    known("unit", view.unit, data.units)
    month = data.latest_month if view.month is None else months.parse(view.month)
    if month not in data.axis:
        first, last = months.text(data.axis[0]), months.text(data.axis[-1])
        raise ApiError(
            422,
            "参数或内容不对",
            details=[f"month：填写的是「{view.month}」，应在 {first} 至 {last}"],
        )
    selection = Selection(month, view.category, view.unit, view.with_narrative)
    return Figures(data, selection, kept.of(view.plan, stamp, data))


class Assessed:
    """Assessments kept by plan and the store's stamp: one per state of a plan, not per request."""

    KEPT = 8

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Hashable], Assessment] = {}
        self._lock = Lock()

    def of(self, plan: str, stamp: Hashable, data: Dataset) -> Assessment:
        """Return the assessment of a dataset that was read when the stamp was."""
        key = (plan, stamp)
        with self._lock:
            if key not in self._kept:
                while len(self._kept) >= self.KEPT:
                    del self._kept[next(iter(self._kept))]
                self._kept[key] = assess(data)
            return self._kept[key]


# -- answers ---------------------------------------------------------------------------------


def _wants_csv(request: Request, output: models.Output) -> bool:
    if output.format is not None:
        return output.format == "csv"
    return request.headers.get("accept", "").split(",")[0].split(";")[0].strip() == CSV


def _rows(
    request: Request, output: models.Output, rows: pd.DataFrame, store: GuardedStore, name: str
) -> Response:
    if not _wants_csv(request, output):
        return _json(to_records(rows), store)
    lists = [column for column in ("units", "flags") if column in rows]
    return _csv(rows.assign(**{c: rows[c].map("、".join) for c in lists}), store, name)


def _json(content: Any, store: GuardedStore) -> Response:
    return JSONResponse(content, headers={"X-Plan-Revision": str(store.revision)})


def _csv(rows: pd.DataFrame, store: GuardedStore, name: str) -> Response:
    return Response(
        csv_tables.to_csv(csv_tables.neutralise(rows)),
        media_type=CSV,
        headers={
            "X-Plan-Revision": str(store.revision),
            "Content-Disposition": f'attachment; filename="{quote(name)}.csv"',
        },
    )
