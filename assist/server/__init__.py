"""The server: websockets for audio and desks, REST beside them, the page."""

from assist.server.app import create_app
from assist.server.run import uvicorn_config

__all__ = ["create_app", "uvicorn_config"]
