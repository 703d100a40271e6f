"""Processor time and memory of a process and its children, as Linux counts them (`proc(5)`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """A running process, watched from outside. A process that has ended counts nothing."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def cpu_seconds(self) -> float:
        """Processor seconds used so far, its threads, its children and those of them that have ended included."""
        return sum(_cpu_seconds(pid) for pid in self._family())

    def memory_mb(self) -> float:
        """Memory in use now (resident), MB."""
        return sum(status_mb(pid, "VmRSS:") for pid in self._family())

    def peak_memory_mb(self) -> float:
        """The most memory in use so far (resident), MB."""
        return sum(status_mb(pid, "VmHWM:") for pid in self._family())

    def _family(self) -> Iterator[int]:
        pids = [self.pid]
        while pids:
            pid = pids.pop()
            yield pid
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    pids += map(int, children.read_text().split())
                except OSError:
                    continue


def busy_seconds() -> float:
    """Processor seconds that all programs used since the machine started, on the processors this process may use."""
    try:
        lines = Path("/proc/stat").read_text().splitlines()
    except OSError:
        return 0.0
    mine = {f"cpu{number}" for number in os.sched_getaffinity(0)}
    total = 0
    for name, *fields in map(str.split, filter(None, lines)):
        if name in mine:
            user, nice, system, _idle, _waiting, *others = map(int, fields[:7])
            total += user + nice + system + sum(others)
    return total / _TICKS


def _cpu_seconds(pid: int) -> float:
    try:
        # the name in parentheses may hold blanks
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS  # utime, stime, cutime, cstime


def status_mb(pid: int, name: str) -> float:
    """A size that Linux tells about a process, such as ``VmRSS:``, in MB; 0 where it tells none."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)
