"""Memory that threads of the server free serves the others."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

# each thread holds a piece of memory while the others take theirs; what glibc tells names every arena
_ARENAS = """
import ctypes, os, sys, threading
from assist.allocator import share_arenas
shared = share_arenas(2)
library, together = ctypes.CDLL(None), threading.Barrier(9)
def hold():
    piece = bytearray(50_000)
    together.wait()
    together.wait()
threads = [threading.Thread(target=hold) for _ in range(8)]
for thread in threads: thread.start()
together.wait()
library.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
together.wait()
print(shared)
"""


def arenas(**environment: str) -> tuple[int, str]:
    """How many arenas eight threads have, and what `share_arenas` answered."""
    told = subprocess.run(
        [sys.executable, "-c", _ARENAS], capture_output=True, text=True, check=True, env=environment, timeout=60
    ).stdout
    return told.count("<heap nr="), told.split()[-1]


pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other arenas")


def test_threads_of_a_server_share_arenas() -> None:
    assert arenas() == (2, "True")


def test_the_environment_has_its_own_way() -> None:
    assert arenas(MALLOC_ARENA_MAX="5") == (5, "False")
