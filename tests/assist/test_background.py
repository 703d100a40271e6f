"""Work behind everything else has a lower rank, and so have the threads it starts."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from assist.background import step_back


def rank() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a rank of their own on Linux alone")
def test_a_thread_that_steps_back_and_those_it_starts_wait_for_all_others() -> None:
    def work() -> list[int]:
        found = [rank()]
        thread = threading.Thread(target=lambda: found.append(rank()))
        thread.start()
        thread.join()
        step_back()  # a second time: no further
        return [*found, rank()]

    own = rank()
    with ThreadPoolExecutor(1, initializer=step_back) as executor:
        found = executor.submit(work).result()
    assert len(set(found)) == 1
    assert found[0] > own
    assert rank() == own
