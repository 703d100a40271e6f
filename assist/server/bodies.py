"""How much a request may bring: routes that take a body refuse a longer one before any of it is read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from assist.server.errors import ApiError

LARGEST_BODY = 4_096  # bytes: a search of two hundred characters, escaped, is 1.3 KB


class BoundedRoute(APIRoute):
    """A route whose body is told in ``Content-Length`` and is at most `LARGEST_BODY` long; else 413 `too_large`."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """The route's handler behind a look at the length."""
        handle: Callable[[Request], Any] = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            told = request.headers.get("content-length", "")
            chunked = "transfer-encoding" in request.headers
            if chunked or (told and not (told.isascii() and told.isdigit() and int(told) <= LARGEST_BODY)):
                detail = f"send Content-Length, at most {LARGEST_BODY} bytes"
                raise ApiError(413, "too_large", f"请求内容过长，最多 {LARGEST_BODY} 字节。", detail)
            answer: Response = await handle(request)
            return answer

        return bounded
