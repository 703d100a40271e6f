"""Errors of the REST side: every one is ``{code, message, detail}``, the message for a person, the detail for the
log.
"""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from assist.store import StoreError

_log = logging.getLogger(__name__)


class ErrorBody(BaseModel):
    """What an error answer holds."""

    code: str
    message: str
    detail: str = ""


class ApiError(Exception):
    """An answer with ``status`` and an `ErrorBody`."""

    def __init__(self, status: int, code: str, message: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail or message}")
        self.status = status
        self.body = ErrorBody(code=code, message=message, detail=detail)


def unknown_call(call: str) -> ApiError:
    """There is no such call."""
    return ApiError(404, "unknown_call", f"没有编号为 {call[:64]} 的通话。")


def install_handlers(app: FastAPI) -> None:
    """Give every error of ``app`` the same shape."""
    handlers = {
        ApiError: _api_error,
        RequestValidationError: _bad_request,
        HTTPException: _http_error,
        StoreError: _store_error,
        Exception: _internal,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def error_answer(status: int, body: ErrorBody) -> JSONResponse:
    """The answer that tells ``body``."""
    return JSONResponse(body.model_dump(), status_code=status, headers={"Cache-Control": "no-store"})


async def _api_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)
    return error_answer(error.status, error.body)


async def _bad_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    detail = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return error_answer(422, ErrorBody(code="bad_request", message="请求参数不正确。", detail=detail))


async def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = "not_found" if error.status_code == 404 else "bad_request"
    message = "没有这个地址。" if error.status_code == 404 else "请求不正确。"
    return error_answer(error.status_code, ErrorBody(code=code, message=message, detail=str(error.detail)))


async def _store_error(_: Request, error: Exception) -> JSONResponse:
    _log.error("%s", error)
    return error_answer(
        503, ErrorBody(code="store_failed", message="数据暂时无法读写，请联系管理员。", detail=str(error))
    )


async def _internal(_: Request, error: Exception) -> JSONResponse:
    return error_answer(500, ErrorBody(code="internal", message="服务器内部错误。", detail=type(error).__name__))
