"""How faults are written into the log: their kinds and places. Not their messages, which may hold what a caller said.

A message is told where it comes from the machine or a library and holds nothing of a call: of the operating system, of
the store, of memory, of a speech engine.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any, TypeAlias

from assist.store import StoreError

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
_HARMLESS = (OSError, MemoryError, StoreError)
_ExcInfo: TypeAlias = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]  # what `logging` hands on
)
_log = logging.getLogger(__name__)


def told(error: BaseException) -> str:
    """The kind of ``error``, with its message where that holds nothing of a call."""
    harmless = isinstance(error, _HARMLESS) or type(error) is RuntimeError  # engines raise these; others come of data
    return f"{type(error).__name__}: {error}" if harmless else type(error).__name__


def log_fault(log: logging.Logger, what: str, error: Exception) -> None:
    """Tell ``log`` of a fault with its place; one of the store tells itself what to do."""
    log.error("%s: %s", what, told(error), exc_info=None if isinstance(error, StoreError) else error)


class Reticent(logging.Formatter):
    """Writes tracebacks without the messages of their exceptions."""

    def __init__(self) -> None:
        super().__init__(FORMAT)

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback that another handler wrote and left in ``record`` is not taken."""
        left, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = left

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802 - the name that `logging` gives it
        """The exception and what led to it, the first one first."""
        return "\n".join(_traceback(error) for error in reversed(list(_chain(ei[1]))))


def handle_loop_fault(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """What `asyncio` tells of a task nobody waits for, but for the task itself, which is printed with its message."""
    _log.error("%s", context.get("message", "a fault in the event loop"), exc_info=context.get("exception"))


def _traceback(error: BaseException) -> str:
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"Traceback (most recent call last):\n{places}{told(error)}"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
