"""Faults as JSON, in Chinese: one shape for whatever goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from lib.access import ConfigError, ForbiddenError
from lib.core.problems import DataError
from lib.store import ConflictError, RefusedError, StoreError
from lib.web.api import models

_LOG = logging.getLogger(__name__)
_STATUS = {
    400: "请求的写法不对",
    404: "没有这个地址",
    405: "这个地址不支持这种请求方法",
}
_WORDS = {
    "missing": "缺少",
    "extra_forbidden": "没有这个参数",
    "literal_error": "应为 {expected}",
    "enum": "应为 {expected}",
    "string_pattern_mismatch": "应写成 2018-04 这样的“年-月”",
    "string_too_long": "太长，至多{max_length}个字",
    "too_long": "太多，至多{max_length}项",
    "too_short": "至少{min_length}项",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "float_parsing": "应为数",
    "float_type": "应为数",
    "finite_number": "应为有限的数",
    "string_type": "应为文字",
    "list_type": "应为列表",
    "model_attributes_type": "应为对象",
    "model_type": "应为对象",
    "json_invalid": "不是正确的 JSON",
}


class ApiError(Exception):
    """A request is refused: HTTP status, message, and more for the caller."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        details: Sequence[str] = (),
        findings: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message = status, message
        self.details, self.findings, self.headers = details, findings, headers

    def response(self) -> JSONResponse:
        """Return the answer."""
        content = {"message": self.message, "details": self.details, "findings": self.findings}
        fault = models.Fault.model_validate(content)
        return JSONResponse(fault.model_dump(), self.status, dict(self.headers or {}))


def unauthorised(message: str) -> ApiError:
    """Return the refusal of somebody who has to say who they are."""
    return ApiError(401, message, headers={"WWW-Authenticate": "Bearer"})


def invalid(details: Sequence[str]) -> ApiError:
    """Return the refusal of parameters or a body, with one line for each fault."""
    return ApiError(422, "参数或内容不对", details=details)


def require_known(name: str, value: str | None, names: Sequence[str]) -> None:
    """Refuse a parameter that has a value which is not one of the names."""
    if value is not None and value not in names:
        raise invalid([f"{name}：填写的是「{value}」，应为：{'、'.join(names)}"])


def validation_messages(errors: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return pydantic's errors as one Chinese line each: where, what was seen, what is right."""
    lines = []
    for error in errors:
        where = ".".join(str(part) for part in error["loc"] if part not in ("query", "body"))
        expected = str(error.get("ctx", {}).get("expected", ""))
        context = {
            **error.get("ctx", {}),
            "expected": expected.replace(" or ", "、").replace("'", ""),
        }
        words = _WORDS.get(error["type"], "不对").format(**context)
        value = error.get("input")
        seen = f"填写的是「{value}」，" if isinstance(value, str | int | float) else ""
        lines.append(f"{where or '请求'}：{seen}{words}"[:300])
    return lines


def _methods(request: Request) -> str:
    """Return an address's methods from the description: the router names its first route's only."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    methods = request.app.openapi()["paths"].get(path, ())
    return ", ".join(sorted(method.upper() for method in methods))


def _api_error(request: Request, error: Exception) -> ApiError:
    """Return the refusal that an error means for the caller."""
    match error:
        case ApiError():
            return error
        case RequestValidationError():
            return invalid(validation_messages(error.errors()))
        case HTTPException(status_code=status):
            headers = dict(error.headers or {})
            if status == 405:
                headers["Allow"] = _methods(request) or headers.get("Allow", "GET")
            return ApiError(status, _STATUS.get(status, "请求没有成功"), headers=headers)
        case ForbiddenError(actor=actor) if actor.role and (actor.signed_in or actor.local):
            return ApiError(403, str(error))
        case ForbiddenError():
            return unauthorised(str(error))
        case RefusedError() | ConflictError():
            return ApiError(409, str(error))
        case StoreError():
            _LOG.error("the store cannot be used: %s", error)
            return ApiError(503, str(error))
        case DataError():
            problems = [str(problem) for problem in error.problems[: DataError.SHOWN]]
            return ApiError(503, "数据有错误，改正之前不能计算", details=problems)
        case ConfigError():
            _LOG.error("the access settings cannot be used: %s", error)
            return ApiError(503, "访问设置有错误，请联系管理员")
        case _:
            return ApiError(500, "服务器出错了，请联系管理员")


def _answer(request: Request, error: Exception) -> JSONResponse:
    return _api_error(request, error).response()


HANDLERS: dict[int | type[Exception], Any] = dict.fromkeys(
    (
        ApiError,
        RequestValidationError,
        HTTPException,
        StoreError,
        DataError,
        ConfigError,
        Exception,
    ),
    _answer,
)
"""The one handler of every error that a route may raise, for `fastapi.FastAPI`."""
