"""What a figure was measured on: processor, cores, load, memory of this process."""

from __future__ import annotations

import os
import platform
import resource
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """``load`` is the average number of running processes over the last minute, before the measurement."""

    processor: str
    cores: int
    load: float

    def __str__(self) -> str:
        return f"{self.processor}, {self.cores} cores, load before {self.load:.2f}"


def machine() -> Machine:
    """This machine now."""
    return Machine(_processor(), len(os.sched_getaffinity(0)), round(os.getloadavg()[0], 2))


def peak_memory_mb() -> float:
    """Largest resident size of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
