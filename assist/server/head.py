"""HEAD is answered wherever GET is, as HTTP has it: load balancers ask so whether the server is there.

FastAPI answers it for no route of its own (RFC 9110, 9.3.2). The server leaves out the body, as it knows the method
that was asked with, so a recording is read in vain where it is asked for so.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class HeadAsGet:
    """An ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request with HEAD as one with GET."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self._app(scope, receive, send)
