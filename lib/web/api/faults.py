"""Faults as JSON, in Chinese: one shape for whatever goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from lib.access import ConfigError, ForbiddenError
from lib.core.problems import DataError
from lib.store import ConflictError, RefusedError, StoreError

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
        content = {
            "message": self.message,
            "details": list(self.details),
            "findings": list(self.findings),
        }
        return JSONResponse(content, self.status, dict(self.headers or {}))


def unauthorised(message: str) -> ApiError:
    """Return the refusal of somebody who has to say who they are."""
    return ApiError(401, message, headers={"WWW-Authenticate": "Bearer"})


def known(name: str, value: str | None, names: Sequence[str]) -> None:
    """Refuse a parameter whose value is given and not one of the names."""
    if value is not None and value not in names:
        raise ApiError(
            422,
            "参数或内容不对",
            details=[f"{name}：填写的是「{value}」，应为：{'、'.join(names)}"],
        )


def validation_words(errors: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return pydantic's errors as one Chinese line each: where, what was seen, what is right."""
    lines = []
    for error in errors:
        where = ".".join(str(part) for part in error["loc"] if part not in ("query", "body"))
        words = _WORDS.get(error["type"], "不对").format(**_context(error))
        seen = error.get("input")
        shown = f"：填写的是「{seen}」，" if isinstance(seen, str | int | float) else "："
        lines.append(f"{where or '请求'}{shown}{words}"[:300])
    return lines


def _context(error: Mapping[str, Any]) -> dict[str, Any]:
    context = {"expected": "", "max_length": "", "min_length": "", **error.get("ctx", {})}
    context["expected"] = str(context["expected"]).replace(" or ", "、").replace("'", "")
    return context


def _methods(request: Request) -> list[str]:
    """Return an address's methods from the description: the router names its first route's only."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return sorted(method.upper() for method in request.app.openapi()["paths"].get(path, ()))


def register(app: FastAPI) -> None:
    """Make an application answer every fault in the one shape."""

    @app.exception_handler(ApiError)
    def told(_: Request, error: ApiError) -> JSONResponse:
        return error.response()

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return ApiError(422, "参数或内容不对", details=validation_words(error.errors())).response()

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        message = _STATUS.get(error.status_code, "请求没有成功")
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(_methods(request)) or headers.get("Allow", "GET")
        return ApiError(error.status_code, message, headers=headers).response()

    @app.exception_handler(ForbiddenError)
    def forbidden(_: Request, error: ForbiddenError) -> JSONResponse:
        if error.actor.role is None or not (error.actor.signed_in or error.actor.local):
            return unauthorised(f"{error}").response()
        return ApiError(403, str(error)).response()

    @app.exception_handler(ConflictError)
    def conflict(_: Request, error: ConflictError) -> JSONResponse:
        return ApiError(409, str(error)).response()

    @app.exception_handler(RefusedError)
    def refused(_: Request, error: RefusedError) -> JSONResponse:
        return ApiError(409, str(error)).response()

    @app.exception_handler(StoreError)
    def unavailable(_: Request, error: StoreError) -> JSONResponse:
        _LOG.error("the store cannot be used: %s", error)
        return ApiError(503, str(error)).response()

    @app.exception_handler(ConfigError)
    def misconfigured(_: Request, error: ConfigError) -> JSONResponse:
        _LOG.error("the access settings cannot be used: %s", error)
        return ApiError(503, "访问设置有错误，请联系管理员").response()

    @app.exception_handler(DataError)
    def broken(_: Request, error: DataError) -> JSONResponse:
        details = [str(problem) for problem in error.problems[: DataError.SHOWN]]
        return ApiError(503, "数据有错误，改正之前不能计算", details=details).response()
