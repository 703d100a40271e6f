"""How much of what was freed the C library keeps for the threads of the server.

glibc gives threads arenas of their own, and what one of them has freed serves no other. The larger the pieces that are
freed, the more it lets each arena keep at its end, up to 64 MiB. A window that is decoded with full context takes some
hundred megabytes for a moment, and which thread does that is chance: left alone, memory grows for as long as it takes
every thread to have had such a window. Fewer arenas would keep less too, but decoding threads wait for one another
there.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of malloc.h
_KEPT = 16 << 20  # bytes that an arena may keep at its end: what windows of some seconds need
_APART = (32 << 20) - 1  # from here on a piece has pages of its own; the most that glibc would come to by itself
_OWN = ("MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_")  # by which whoever starts the server says otherwise


def keep_little() -> bool:
    """Let arenas keep little of what is freed, however large the pieces.

    False where the C library knows no such thing, or the environment says what is to be kept.
    """
    mallopt = _of_the_library("mallopt")
    if mallopt is None or any(name in os.environ for name in _OWN):
        return False
    return bool(mallopt(_MMAP_THRESHOLD, _APART) and mallopt(_TRIM_THRESHOLD, _KEPT))


def give_back() -> None:
    """Give what is free to the system, where the C library can: what loading took is not needed any more."""
    trim = _of_the_library("malloc_trim")
    if trim is not None:
        trim(0)


def _of_the_library(name: str) -> Any:
    """A function of the C library; None where it has none of that name."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
