"""Calls whose feeders are away: each is waited for, and then given up. One that cannot be heard to its end without its
feeder is tried again, each time after a longer while.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

from assist.store import StoreError

MOST_FAULTS = 3  # times that a call fails when it is heard without its feeder before nobody tries again
_LEAST_WAIT = 1.0  # seconds before a call is tried again; doubled each time,
_MOST_WAIT = 600.0  # up to here


class Returns:
    """``seconds``: how long a feeder is waited for; ``give_up`` is called with a call to which none came back."""

    def __init__(self, seconds: float, give_up: Callable[[str], None]) -> None:
        self._seconds = seconds
        self._give_up = give_up
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._broken: Counter[str] = Counter()  # times each call broke off since its feeder was there
        self._faults: Counter[str] = Counter()  # of these, not by the store

    def expect(self, call: str) -> None:
        """Wait for a feeder of ``call``, from now on."""
        self._cancel(call)
        self._timers[call] = asyncio.get_running_loop().call_later(self._wait(call), self._over, call)

    def broke(self, call: str, error: Exception) -> None:
        """``call`` failed with ``error`` when it was heard without its feeder."""
        self._broken[call] += 1
        self._faults[call] += not isinstance(error, StoreError)

    def hopeless(self, call: str) -> bool:
        """Whether ``call`` failed so often that it will again. A store that fails does not count: there may be room on
        its disk later.
        """
        return self._faults[call] >= MOST_FAULTS

    def forget(self, call: str) -> None:
        """Wait for nobody: a feeder is there, or the call is over."""
        self._cancel(call)
        self._broken.pop(call, None)
        self._faults.pop(call, None)

    def close(self) -> None:
        """Give up no call any more."""
        for call in tuple(self._timers):
            self.forget(call)

    def _wait(self, call: str) -> float:
        if not self._broken[call]:
            return self._seconds
        longer = max(self._seconds, _LEAST_WAIT) * 2.0 ** min(self._broken[call], 16)
        return max(self._seconds, min(_MOST_WAIT, longer))

    def _cancel(self, call: str) -> None:
        timer = self._timers.pop(call, None)
        if timer is not None:
            timer.cancel()

    def _over(self, call: str) -> None:
        del self._timers[call]
        self._give_up(call)
