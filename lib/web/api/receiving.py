"""Reports that arrive over HTTP: what bodies are taken, and how one is checked and written."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pandas as pd
from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from lib import intake
from lib.access import Actor, GuardedStore, Role
from lib.core import months, schema
from lib.core.dataset import Dataset
from lib.files.csv_tables import FORMULA_STARTS
from lib.intake import Checked, Outcome
from lib.intake.reader import Sheet
from lib.store import Original
from lib.web.api import models
from lib.web.api.faults import ApiError, known, validation_words

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON = "application/json"
SUFFIXES = {CSV: ".csv", XLSX: ".xlsx", JSON: ".json"}
H = schema.PROGRESS.headers
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            CSV: {
                "schema": {"type": "string"},
                "example": "任务编号,月份,填报单位,累计完成率,进展说明\n八-2,2018-10,妇联,90,走访\n",
            },
            XLSX: {"schema": {"type": "string", "format": "binary"}},
            JSON: {
                "example": {
                    "rows": [
                        {
                            "task_id": "八-2",
                            "month": "2018-10",
                            "unit": "妇联",
                            "cumulative_percent": 90,
                            "note": "走访",
                        }
                    ]
                },
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["rows"],
                    "properties": {
                        "rows": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": 5000,
                            "items": models.NewReport.model_json_schema(),
                        }
                    },
                },
            },
        },
    }
}
"""The body of a report, for the description."""


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


async def body(request: Request, limit: int) -> bytes:
    """Return the body, read no further than the limit, whatever its length claims to be."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise ApiError(413, f"内容太大：不超过{limit / 1024 / 1024:.4g} MB")
        parts.append(part)
    return b"".join(parts)


def send(
    store: GuardedStore, actor: Actor, sending: models.Sending, kind: str, content: bytes
) -> Response:
    """Check a report and, unless it is a dry run, write it; return the answer.

    Raises `ApiError` for a report with faults, and what the guarded store raises.
    """
    name = sending.file_name or f"接口填报{SUFFIXES[kind]}"
    sheet = _sheet(content) if kind == JSON else None
    month = months.parse(sending.month) if sending.month else None

    def check(data: Dataset) -> Checked:
        unit = _unit(data, actor, sending.unit)
        if sheet is None:
            return intake.check(content, name, data, unit=unit, month=month)
        digest = hashlib.sha256(content).hexdigest()
        return intake.check_rows(sheet, data, file=name, sha256=digest, unit=unit, month=month)

    if sending.dry_run:
        checked = check(intake.sound(store))
        if checked.errors:
            raise _faulty(Outcome.ERRORS, checked)
        return _sent(200, checked.summary(), checked, None)
    sent = intake.send(
        store,
        check,
        actor.name or "接口",
        original=Original(name, content),
        reason=sending.reason,
        good_rows=sending.good_rows,
    )
    if sent.outcome in (Outcome.ERRORS, Outcome.REASON):
        raise _faulty(sent.outcome, sent.checked)
    told = sent.submission
    if told is None:
        return _sent(200, str(sent.outcome), sent.checked, None)
    return _sent(201, f"已提交为第{told.revision}号", sent.checked, intake.submission_record(told))


def _unit(data: Dataset, actor: Actor, wanted: str | None) -> str | None:
    """Return whose report it is: the one asked for, or a 经办人's only unit."""
    if wanted is None:
        return actor.units[0] if actor.role is Role.REPORTER and len(actor.units) == 1 else None
    (unit,) = data.canonical(pd.Series([wanted], dtype="str"))
    known("unit", unit, data.units)
    return str(unit)


def _sheet(content: bytes) -> Sheet:
    try:
        body = models.NewReports.model_validate(json.loads(content))
    except ValidationError as error:
        words = validation_words(error.errors())
        raise ApiError(422, "参数或内容不对", details=words[:20]) from error
    except (ValueError, RecursionError) as error:
        raise ApiError(422, "参数或内容不对", details=["内容不是正确的 JSON（UTF-8）"]) from error
    rows = [row.model_dump() for row in body.rows]
    cells = pd.DataFrame(
        [{H[name]: _cell(value) for name, value in row.items()} for row in rows],
        index=range(1, len(rows) + 1),
        dtype="str",
    )
    given = [name for name in H if any(name in row.model_fields_set for row in body.rows)]
    return Sheet("csv", cells[[H[name] for name in given]], 0, {})


def _cell(value: Any) -> str:
    """Return a value as the text of a cell, as `lib.files.csv_tables.escape` writes it into a file."""
    if value is None:
        return ""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_STARTS) else text


def _faulty(outcome: Outcome, checked: Checked) -> ApiError:
    return ApiError(
        422,
        f"{outcome}：{checked.summary()}",
        findings=intake.finding_records(checked),
    )


def _sent(
    status: int, message: str, checked: Checked, submission: dict[str, Any] | None
) -> Response:
    content = {
        "message": message,
        "findings": intake.finding_records(checked),
        "submission": submission,
    }
    return JSONResponse(content, status)
