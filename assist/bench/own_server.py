"""A server of its own for a measurement: another process, a free port, a store that is thrown away."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ADDRESS = re.compile(r"http://[\d.]+:\d+")


class OwnServerError(Exception):
    """The server for a measurement did not start; holds what it said."""


@contextmanager
def own_server(config: Path | None) -> Iterator[str]:
    """The address of a server that runs with ``config`` while the context is open. Raises `OwnServerError`."""
    with tempfile.TemporaryDirectory(prefix="assist-bench-") as store:
        command = [sys.executable, "-m", "assist", "serve", "--port", "0"]
        if config is not None:
            command += ["--config", str(config)]
        environment = {**os.environ, "ASSIST_STORE__DIRECTORY": store, "ASSIST_LOG__LEVEL": "warning"}
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
            try:
                yield _address(process)
            finally:
                process.terminate()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    told = []
    for line in process.stderr:
        told.append(line)
        if found := _ADDRESS.search(line):
            return found[0]
    raise OwnServerError(f"the server for the measurement did not start:\n{''.join(told)}")
