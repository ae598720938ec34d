"""The routes of the HTTP interface."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool

from lib import intake
from lib.access import Actor, GuardedStore, Permission
from lib.core import months, schema
from lib.core.figures import TASK_FIELDS
from lib.core.matters import by_urgency, late, of_units, record, task_record
from lib.core.problems import DataError
from lib.web.api import models
from lib.web.api.faults import ApiError, require_known, unauthorised
from lib.web.api.receiving import (
    BODY,
    CSV,
    JSON,
    SIGN_BODY,
    STEP_BODY,
    STEP_BYTES,
    TASK_STEP_BODY,
    act,
    act_on_task,
    content_type,
    read_body,
    sign,
    submit,
)
from lib.web.api.service import Call

_FAULT = {"model": models.Fault}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {**_FAULT, "description": "请求里有不能识别的字符"},
    401: {**_FAULT, "description": "需要登录或令牌"},
    403: {**_FAULT, "description": "没有权限，或不接受从这个地址来的请求"},
    422: {**_FAULT, "description": "参数或内容不对"},
    429: {**_FAULT, "description": "请求太频繁"},
    500: {**_FAULT, "description": "服务器出错"},
    503: {**_FAULT, "description": "数据暂时不可用"},
}
_REFUSED_CONTENT: dict[int | str, dict[str, Any]] = {
    413: {**_FAULT, "description": "内容太大"},
    415: {**_FAULT, "description": "不支持的内容类型"},
}
_NOT_NOW: dict[int | str, dict[str, Any]] = {
    409: {**_FAULT, "description": "现在的状态不能这样办"},
}
_AS_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {CSV: {"schema": {"type": "string"}}}}}
reading = APIRouter(responses={**_REFUSALS, **_AS_CSV})
reporting = APIRouter(responses={**_REFUSALS, **_REFUSED_CONTENT})
Reader = Annotated[Call, Depends()]
WhichPlan = Annotated[models.PlanQuery, Query()]


def reporter(call: Reader) -> Call:
    """Refuse whoever may not report, and a body of another type, before the body is read."""
    if not (call.request.headers.get("authorization") or call.actor.local):
        raise unauthorised("填报需要令牌：请求头 Authorization: Bearer …")
    if not call.actor.may(Permission.REPORT):
        raise call.service.backend.access().trail.refusal(call.actor, Permission.REPORT, "接口")
    content_type(call.request)
    return call


@reading.get(
    "/completion",
    summary="完成率、序时进度和状态，按总体、类型、单位、月份或任务汇总",
    response_model=list[models.Group] | list[models.TaskFigures],
    response_model_exclude_unset=True,
)
def completion(query: Annotated[models.CompletionQuery, Query()], call: Reader) -> Any:
    """Return the roll-up of the plan, or the figures of its tasks."""
    store = call.store(query)
    return call.rows(query, call.figures(store, query).rows(query.by), store)


@reading.get(
    "/tasks",
    summary="任务的原文、责任单位、计划时间和截至月份的进展",
    response_model=list[models.Task],
)
def tasks(query: Annotated[models.FiguresQuery, Query()], call: Reader) -> Any:
    """Return the tasks with their texts and figures."""
    store = call.store(query)
    figures = call.figures(store, query)
    rows = figures.rows("task")[TASK_FIELDS]
    texts = figures.dataset.tasks.loc[rows["task_id"]]
    columns = {"category": "category", "content": "content", "window": "window_text"}
    columns["source"] = "source"
    rows = rows.assign(**{name: texts[column].to_numpy() for name, column in columns.items()})
    return call.rows(query, rows, store)


@reading.get("/progress", summary="已生效的填报", response_model=list[models.Report])
def progress(query: Annotated[models.ProgressQuery, Query()], call: Reader) -> Any:
    """Return the reports in force."""
    store = call.store(query)
    data = intake.sound(store)
    require_known("unit", query.unit, data.units)
    require_known("task_id", query.task_id, list(data.tasks.index))
    month = None if query.month is None else months.parse(query.month)
    rows = data.progress
    for column, value in (("month", month), ("unit", query.unit), ("task_id", query.task_id)):
        if value is not None:
            rows = rows[rows[column] == value]
    texts = schema.PROGRESS.texts(rows)
    if call.wants_csv(query):
        return call.csv(texts, store)
    texts = texts.rename(columns=schema.PROGRESS.fields)
    numbers = {name: rows[name].astype("float64") for name in ("quantity", "cumulative_percent")}
    return call.json(texts.assign(**numbers)[list(models.Report.model_fields)], store)


@reading.get(
    "/matters",
    summary="督办事项和每一步办理；经办人只看到本单位的",
    response_model=list[models.MatterRecord],
)
def matters(query: Annotated[models.MattersQuery, Query()], call: Reader) -> Any:
    """Return the matters that whoever asks may see, the overdue ones first."""
    store, today = call.store(query), date.today()
    if problems := intake.sound(store).step_problems:
        raise DataError(problems)
    listed = store.matters()
    listed = late(listed, today) if query.late else by_urgency(listed, today)
    if query.unit is not None:
        listed = of_units(listed, [query.unit])
    call.response.headers["X-Plan-Revision"] = str(store.revision)
    return [record(matter, today) for matter in listed if query.state in (None, matter.state)]


def answering(call: Reader) -> Call:
    """Refuse whoever may neither act on 督办事项 nor sign, and a body of another type, before it is read."""
    if not (call.request.headers.get("authorization") or call.actor.local):
        raise unauthorised("办理督办事项、审签需要令牌：请求头 Authorization: Bearer …")
    if content_type(call.request) != JSON:
        raise ApiError(415, f"不支持的内容类型，应为：{JSON}")
    return call


Answering = Annotated[Call, Depends(answering)]


@reporting.post(
    "/matters",
    summary="办理督办事项：签收、反馈、核实销号等；规则和权限与网页相同",
    status_code=201,
    response_model=models.MatterRecord,
    openapi_extra=STEP_BODY,
    responses=_NOT_NOW,
)
async def act_on_matter(query: WhichPlan, call: Answering) -> Any:
    """Write a step of a matter and return the matter."""
    return await _written(query, call, act)


@reading.get(
    "/task-steps",
    summary="任务的研判、核实和延期，最早的在前",
    response_model=list[models.TaskStep],
)
def task_steps(query: WhichPlan, call: Reader) -> Any:
    """Return what was said about tasks themselves."""
    store = call.store(query)
    steps = intake.sound(store).task_steps
    call.response.headers["X-Plan-Revision"] = str(store.revision)
    return [task_record(step) for step in steps]


@reporting.post(
    "/task-steps",
    summary="任务的研判、核实和延期；规则和权限与网页相同",
    status_code=201,
    response_model=models.TaskStep,
    openapi_extra=TASK_STEP_BODY,
    responses=_NOT_NOW,
)
async def say_of_task(query: WhichPlan, call: Answering) -> Any:
    """Write a step about a task itself and return it."""
    return await _written(query, call, act_on_task)


async def _written(
    query: models.PlanQuery,
    call: Call,
    write: Callable[[GuardedStore, Actor, bytes], tuple[dict[str, Any], int]],
) -> dict[str, Any]:
    """Write the step that a body holds and return what it led to, with the revision in the header."""
    body = await read_body(call.request, STEP_BYTES)
    content, revision = await run_in_threadpool(write, call.store(query), call.actor, body)
    call.response.headers["X-Plan-Revision"] = str(revision)
    return content


@reporting.post(
    "/signatures",
    summary="审签：单位负责人审签或退回本单位待审签的填报",
    status_code=201,
    response_model=models.Sent,
    openapi_extra=SIGN_BODY,
    responses={409: {**_FAULT, "description": "现在的状态不能审签"}},
)
async def sign_report(query: WhichPlan, call: Answering) -> Any:
    """Sign a report for its unit, or return it."""
    body = await read_body(call.request, STEP_BYTES)
    return await run_in_threadpool(sign, call.store(query), call.actor, body)


@reporting.post(
    "/progress",
    summary="填报：CSV、XLSX 或 JSON；检查和权限与网页相同",
    status_code=201,
    response_model=models.Sent,
    openapi_extra=BODY,
    responses={
        200: {"model": models.Sent, "description": "没有变化，或只检查（dry_run）且没有错误"},
        409: {**_FAULT, "description": "数据有了变化，或不能这样写"},
    },
)
async def report(
    query: Annotated[models.SubmissionQuery, Query()], call: Annotated[Call, Depends(reporter)]
) -> Any:
    """Check a report and write it."""
    body = await read_body(call.request, call.service.backend.access().config.upload_bytes)
    sent = await run_in_threadpool(
        submit, call.store(query), call.actor, query, content_type(call.request), body
    )
    if sent.submission is None:
        call.response.status_code = 200
    return sent
