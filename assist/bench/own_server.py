"""A server of its own for a measurement: another process, a free port, a store that is thrown away."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from assist.bench.process import Process
from assist.config import Server

_ADDRESS = re.compile(r"http://[\d.]+:\d+")
_LIMITS = ("max_calls", "max_speaking")  # keys of `server` that refuse calls


class OwnServerError(Exception):
    """The server for a measurement did not start; holds what it said."""


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A running server."""

    address: str  # http://host:port
    process: Process


def without_limits(calls: int) -> dict[str, str]:
    """Environment of a server that refuses none of ``calls`` calls at once, so that a limit is not what is measured."""
    return {f"ASSIST_SERVER__{key.upper()}": str(4 * calls) for key in _LIMITS if key in Server.model_fields}


@contextmanager
def own_server(config: Path | None, environment: Mapping[str, str] | None = None) -> Iterator[OwnServer]:
    """A server that runs with ``config``, changed by ``environment``, while the context is open.

    Raises `OwnServerError` where it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="assist-bench-", ignore_cleanup_errors=True) as store:
        command = [sys.executable, "-m", "assist", "serve", "--port", "0"]
        if config is not None:
            command += ["--config", str(config)]
        variables = {
            **os.environ,
            "ASSIST_STORE__DIRECTORY": store,
            "ASSIST_LOG__LEVEL": "warning",
            **(environment or {}),
        }
        with subprocess.Popen(command, env=variables, stderr=subprocess.PIPE, text=True) as process:
            try:
                yield OwnServer(_address(process), Process(process.pid))
            finally:
                process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    told = []
    for line in process.stderr:
        told.append(line)
        if found := _ADDRESS.search(line):
            # what it says later must not fill the pipe: a server that cannot log stands still
            Thread(target=deque, args=(process.stderr, 0), daemon=True).start()
            return found[0]
    raise OwnServerError(f"the server for the measurement did not start:\n{''.join(told)}")
