"""How the application is run: uvicorn's settings."""

from __future__ import annotations

from typing import Literal

from fastapi import FastAPI
from uvicorn import Config as UvicornConfig

from assist.config import Server

_LARGEST_REFUSED = 1_048_576  # bytes: frames up to here are refused with a message, longer ones are cut off


def uvicorn_config(app: FastAPI, server: Server, log_level: Literal["warning", "error"] = "warning") -> UvicornConfig:
    """The settings for ``app``.

    Pings are sent, but a late answer closes nothing: on a busy machine a healthy session answers late. There is no
    access log: addresses of calls do not belong in it. ``log_level`` is that of the web server alone; "debug" would
    write down what passes over its sockets.
    """
    return UvicornConfig(
        app,
        host=server.host,
        port=server.port,
        ws="websockets-sansio",
        ws_max_size=max(_LARGEST_REFUSED, 4 * server.max_frame_bytes),
        ws_ping_interval=20.0,
        ws_ping_timeout=None,
        ws_per_message_deflate=False,
        access_log=False,
        log_config=None,
        log_level=log_level,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
