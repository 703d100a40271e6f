"""Calls whose feeders are away: each is waited for, and then given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Returns:
    """``seconds``: how long a feeder is waited for; ``give_up`` is called with a call to which none came back."""

    def __init__(self, seconds: float, give_up: Callable[[str], None]) -> None:
        self._seconds = seconds
        self._give_up = give_up
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def expect(self, call: str) -> None:
        """Wait for a feeder of ``call``, from now on."""
        self.forget(call)
        self._timers[call] = asyncio.get_running_loop().call_later(self._seconds, self._over, call)

    def forget(self, call: str) -> None:
        """Wait for nobody: a feeder is there, or the call is over."""
        timer = self._timers.pop(call, None)
        if timer is not None:
            timer.cancel()

    def close(self) -> None:
        """Give up no call any more."""
        for call in tuple(self._timers):
            self.forget(call)

    def _over(self, call: str) -> None:
        del self._timers[call]
        self._give_up(call)
