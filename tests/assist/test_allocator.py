"""What a thread of the server has freed goes back to the system."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

# a thread frees one large piece, by which glibc learns to keep much, then holds many smaller ones and frees them too
_FREED = """
import os, threading
from assist.allocator import keep_little
print(keep_little())
def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20
held = threading.Event(), threading.Event()
def hold():
    bytearray(30 << 20)
    pieces = [bytearray(1 << 20) for _ in range(50)]
    del pieces
    held[0].set()
    held[1].wait()
before = resident()
thread = threading.Thread(target=hold)
thread.start()
held[0].wait()
print(resident() - before)
held[1].set()
"""


def freed(**environment: str) -> tuple[str, int]:
    """What `keep_little` answered, and the megabytes that the thread kept of the 80 it had freed."""
    told = subprocess.run(
        [sys.executable, "-c", _FREED], capture_output=True, text=True, check=True, env=environment, timeout=60
    ).stdout.split()
    return told[0], int(told[1])


pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps otherwise")


def test_a_thread_keeps_little_of_what_it_freed() -> None:
    answer, megabytes = freed()
    assert answer == "True"
    assert megabytes < 25


def test_the_environment_has_its_own_way() -> None:
    much = str(100 << 20)
    answer, megabytes = freed(MALLOC_TRIM_THRESHOLD_=much, MALLOC_MMAP_THRESHOLD_=much)
    assert answer == "False"
    assert megabytes > 40
