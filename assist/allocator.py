"""How the C library deals out memory to the threads of the server.

glibc gives threads arenas of their own, up to eight for each core, and what one of them has freed serves no other. A
window that is decoded with full context takes some hundred megabytes for a moment, and which thread does that is
chance: left alone, memory grows for as long as it takes every thread to have had such a window, and stays there.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
_OWN = "MALLOC_ARENA_MAX"  # by which whoever starts the server says otherwise


def share_arenas(most: int) -> bool:
    """Let all threads that are started from now on share ``most`` arenas.

    False where the C library knows no such thing, or the environment says how many there are to be.
    """
    mallopt = _of_the_library("mallopt") if _OWN not in os.environ else None
    return mallopt is not None and bool(mallopt(_ARENA_MAX, most))


def give_back() -> None:
    """Give what is free to the system, where the C library can: what loading took is not needed any more."""
    trim = _of_the_library("malloc_trim")
    if trim is not None:
        trim(0)


def _of_the_library(name: str) -> Any:
    """A function of the C library; None where it has none of that name."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None
