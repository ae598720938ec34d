"""Reports that arrive over HTTP: what bodies are taken, and how one is checked and written."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import Any, TypeVar

import pandas as pd
from fastapi import Request
from pydantic import BaseModel, ValidationError

from lib import intake
from lib.access import Actor, GuardedStore, Role
from lib.core import months, schema, texts
from lib.core.dataset import Dataset
from lib.core.matters import Act, Step, record, step_time, task_record
from lib.files.csv_tables import FORMULA_STARTS
from lib.intake import Checked, Outcome
from lib.intake.sheets import Sheet
from lib.store import Changes, Draft, Kind, Original
from lib.web.api import models
from lib.web.api.faults import ApiError, invalid, require_known, validation_messages

M = TypeVar("M", bound=BaseModel)
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
SUFFIXES = {CSV: ".csv", XLSX: ".xlsx", JSON: ".json"}
P = schema.PROGRESS.headers
_EXAMPLE = {
    "task_id": "八-2",
    "month": "2018-10",
    "unit": "妇联",
    "cumulative_percent": 90,
    "note": "走访",
}
_ROWS_SCHEMA = models.NewReports.model_json_schema()
_ROWS_SCHEMA["properties"]["rows"]["items"] = _ROWS_SCHEMA.pop("$defs")["NewReport"]
_CSV_EXAMPLE = "".join(
    ",".join(line) + "\n" for line in ([P[name] for name in _EXAMPLE], map(str, _EXAMPLE.values()))
)


def _body(content: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": content}}


def _json_body(model: type[BaseModel], **example: object) -> dict[str, Any]:
    return _body({JSON: {"schema": model.model_json_schema(), "example": example}})


# The bodies, for the description of the interface.
BODY = _body(
    {
        CSV: {"schema": {"type": "string"}, "example": _CSV_EXAMPLE},
        XLSX: {"schema": {"type": "string", "format": "binary"}},
        JSON: {"schema": _ROWS_SCHEMA, "example": {"rows": [_EXAMPLE]}},
    }
)
TASK_STEP_BODY = _json_body(
    models.NewTaskStep, task_id="八-1", act="核实通过", way="现场", month="2018-09"
)
STEP_BODY = _json_body(
    models.NewStep, number="事项〔2018〕1号", act="反馈", words="已选定，合同已签"
)
SIGN_BODY = _json_body(models.NewSignature, revision=12, accept=True)
STEP_BYTES = 64 * 1024
"""The largest body of a step of a 督办事项."""


def content_type(request: Request) -> str:
    """Return the body's type; refuse what a page of another site could send unasked.

    None of the three types can be sent across sites without the browser asking first, which
    is never allowed: the local user of 单机 mode, who needs no token, is safe from such pages.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip().casefold()
    if kind not in SUFFIXES:
        raise ApiError(415, f"不支持的内容类型「{kind[:60]}」，应为：{'、'.join(SUFFIXES)}")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise ApiError(403, "不接受其他网站发出的填报")
    return kind


async def read_body(request: Request, limit: int) -> bytes:
    """Return the body, read no further than the limit, whatever its length claims to be."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise ApiError(413, f"内容太大：不超过{limit / 1024 / 1024:.4g} MB")
        parts.append(part)
    return b"".join(parts)


def submit(
    store: GuardedStore, actor: Actor, query: models.SubmissionQuery, kind: str, body: bytes
) -> models.Sent:
    """Check a report and, unless it is a dry run, write it.

    Raises `ApiError` for a report with faults, and what the guarded store raises.
    """
    name = texts.clean(query.file_name or "") or f"接口填报{SUFFIXES[kind]}"
    sheet = _sheet(body) if kind == JSON else None
    month = months.parse(query.month) if query.month else None

    def check(data: Dataset) -> Checked:
        unit = _unit(data, actor, query.unit)
        if sheet is None:
            return intake.check(body, name, data, unit=unit, month=month)
        digest = hashlib.sha256(body).hexdigest()
        return intake.check_rows(sheet, data, file=name, sha256=digest, unit=unit, month=month)

    if query.dry_run:
        checked = check(intake.sound(store))
        if checked.errors:
            raise _faulty(Outcome.ERRORS, checked)
        return _sent(checked.summary(), checked)
    sent = intake.send(
        store,
        check,
        actor.name or "接口",
        original=Original(name, body),
        reason=texts.clean(query.reason),
        good_rows=query.good_rows,
    )
    if sent.outcome in (Outcome.ERRORS, Outcome.REASON, Outcome.CONSENT):
        raise _faulty(sent.outcome, sent.checked)
    if sent.submission is None:
        return _sent(str(sent.outcome), sent.checked)
    record = intake.submission_record(sent.submission)
    return _sent(f"已提交为第{sent.submission.revision}号", sent.checked, record)


def act(store: GuardedStore, actor: Actor, body: bytes) -> tuple[dict[str, Any], int]:
    """Write a step of a 督办事项; return the matter and the revision.

    Raises `ApiError` for a body that is none, and what the guarded store raises.
    """
    asked = _validated(models.NewStep, body)
    person = actor.name or asked.person
    facts = asked.model_dump(include={"way", "due"})
    now, words = step_time(datetime.now()), asked.words.strip()
    step = Step(asked.number, Act(asked.act), now, person, words=words, **facts)
    submission = store.submit(Draft(person, Changes.none(), Kind.MATTER, steps=[step]))
    matter = next(matter for matter in store.matters() if matter.number == asked.number)
    return record(matter, date.today()), submission.revision


def act_on_task(store: GuardedStore, actor: Actor, body: bytes) -> tuple[dict[str, Any], int]:
    """Write a step about a task itself; return it and the revision. Raises as `act` does."""
    asked = _validated(models.NewTaskStep, body)
    person = actor.name or asked.person
    facts = asked.model_dump(exclude={"act", "person", "words"})
    now = step_time(datetime.now())
    step = Step("", Act(asked.act), now, person, words=asked.words.strip(), **facts)
    submission = store.submit(Draft(person, Changes.none(), Kind.MATTER, steps=[step]))
    written = [s for s in store.dataset().task_steps if s.task_id == step.task_id]
    return task_record(written[-1]), submission.revision


def sign(store: GuardedStore, actor: Actor, body: bytes) -> models.Sent:
    """Sign a waiting report for its unit, or return it.

    Raises `ApiError` for a body that is none, and what the guarded store raises.
    """
    asked = _validated(models.NewSignature, body)
    person, reason = actor.name or texts.clean(asked.person), texts.clean(asked.reason)
    signature = store.sign(asked.revision, person, accept=asked.accept, reason=reason)
    done = "审签" if asked.accept else "退回"
    return models.Sent(
        message=f"已{done}第{asked.revision}号，记为第{signature.revision}号",
        findings=[],
        submission=models.Submission(**intake.submission_record(signature)),
    )


def _faulty(outcome: Outcome, checked: Checked) -> ApiError:
    findings = intake.finding_records(checked)
    return ApiError(422, f"{outcome}：{checked.summary()}", findings=findings)


def _sent(message: str, checked: Checked, submission: dict[str, Any] | None = None) -> models.Sent:
    findings = intake.finding_records(checked)
    content = {"message": message, "findings": findings, "submission": submission}
    return models.Sent.model_validate(content)


def _unit(data: Dataset, actor: Actor, name: str | None) -> str | None:
    """Return whose report it is: the unit that is named, or a 经办人's only unit."""
    if name is None:
        return actor.units[0] if actor.role is Role.REPORTER and len(actor.units) == 1 else None
    (unit,) = data.canonical(pd.Series([name], dtype="str"))
    require_known("unit", unit, data.units)
    return str(unit)


def _sheet(body: bytes) -> Sheet:
    """Return the rows of a JSON body as the table that a file with the same columns would be."""
    rows = _validated(models.NewReports, body).rows
    fields = [name for name in P if any(name in row.model_fields_set for row in rows)]
    cells = pd.DataFrame(
        [[_cell(getattr(row, name)) for name in fields] for row in rows],
        columns=[P[name] for name in fields],
        index=range(1, len(rows) + 1),
        dtype="str",
    )
    return Sheet("csv", cells, 0, {})


def _validated(model: type[M], body: bytes) -> M:
    """Return a JSON body as its model; raise `ApiError` that says what is wrong with it."""
    try:
        return model.model_validate(_cleaned(json.loads(body)))
    except ValidationError as error:
        raise invalid(validation_messages(error.errors())[:20]) from error
    except (ValueError, RecursionError) as error:
        raise invalid(["内容不是正确的 JSON（UTF-8）"]) from error


def _cleaned(content: Any) -> Any:
    """Return JSON with its texts fit to be kept: half a character is not even valid as text."""
    if isinstance(content, str):
        return texts.clean(content)
    if isinstance(content, list):
        return list(map(_cleaned, content))
    if isinstance(content, dict):
        return {_cleaned(key): _cleaned(value) for key, value in content.items()}
    return content


def _cell(value: Any) -> str:
    """Return a value as the text of a cell, as `lib.files.csv_tables.escape` writes it into a file."""
    if value is None:
        return ""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_STARTS) else text
