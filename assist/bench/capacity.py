"""How many calls at once hold the latency goal: the numbers of calls to try, one after the other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Search:
    """Doubles the number of calls while the goal is held, then halves the gap between what held and what did not.

    ``first`` is tried first; more than ``most`` are never tried.
    """

    first: int = 1
    most: int = 128
    held: int = 0
    failed: int | None = None

    @property
    def next(self) -> int | None:
        """The number of calls to try; None when ``held`` is what was sought."""
        if self.failed is None:
            wanted = min(self.most, max(self.first, 2 * self.held))
            return wanted if wanted > self.held else None
        if self.failed - self.held <= 1:
            return None
        return (self.held + self.failed) // 2

    def tried(self, calls: int, held: bool) -> None:
        """Whether ``calls`` calls at once held the goal."""
        if held:
            self.held = max(self.held, calls)
        else:
            self.failed = min(calls, self.failed or calls)
