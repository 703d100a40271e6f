"""How much of the decoder's time interim text may take, so that finals find it free.

A token bucket (Turner 1986) of computing seconds: it fills with ``share`` of the workers' time and every decode, final
or interim, takes out what it took. Finals are never asked to wait; interim windows wait while the bucket is empty, so
the busier the machine, the longer between two interim texts, evenly for all calls. A clock is passed in.
"""

from __future__ import annotations


class Budget:
    """Computing time of ``workers``, of which interim windows may bring the use up to ``share`` (0 to 1].

    ``burst`` is how many seconds an idle decoder saves up, and how many it can owe.
    """

    def __init__(self, workers: int, share: float, burst: float = 1.0) -> None:
        if not 0 < share <= 1:
            raise ValueError(f"share must be over 0 and at most 1, not {share}")
        self._rate = workers * share
        self._burst = burst
        self._credit = burst
        self._since: float | None = None

    def spend(self, now: float, seconds: float) -> None:
        """A decode that ended ``now`` took ``seconds`` of a worker."""
        self._credit = max(self._credit_at(now) - seconds, -self._burst)
        self._since = now

    def wait(self, now: float) -> float:
        """Seconds until interim windows may be decoded; 0 if they may."""
        return max(0.0, -self._credit_at(now) / self._rate)

    def _credit_at(self, now: float) -> float:
        if self._since is None:
            return self._credit
        return min(self._burst, self._credit + (now - self._since) * self._rate)
