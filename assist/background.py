"""Threads whose work waits while anything else needs the processor."""

from __future__ import annotations

import os
import threading

_RANK = 10  # of the kernel's nineteen steps down


def step_back() -> None:
    """Let the calling thread, and those it starts, wait for all others. Does nothing where threads have no rank of
    their own (everywhere but on Linux).
    """
    if hasattr(os, "sched_getaffinity"):
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(_RANK, os.getpriority(os.PRIO_PROCESS, thread)))
