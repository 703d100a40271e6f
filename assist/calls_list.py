"""The list of calls that every desk sees: newest first, each change numbered, so that a desk can read on from its
place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assist.messages.calls import DeskSummary


class CallsList:
    """The newest ``limit`` calls. ``changes`` counts changes; `after` reads them."""

    def __init__(self, calls: Iterable[DeskSummary] = (), limit: int = 200) -> None:
        self.changes = 0
        self.watchers: set[Callable[[], None]] = set()
        self._limit = limit
        self._calls: dict[str, DeskSummary] = {}
        self._changed: dict[str, int] = {}  # call → number of its last change, in the order of the numbers
        for summary in calls:
            self._calls[summary.call] = summary
        self._trim()

    def put(self, summary: DeskSummary) -> None:
        """A call started or its line changed."""
        self.changes += 1
        self._calls[summary.call] = summary
        self._changed.pop(summary.call, None)
        self._changed[summary.call] = self.changes
        self._trim()
        for watcher in tuple(self.watchers):
            watcher()

    def remove(self, call: str) -> None:
        """A call was deleted. Desks that have it in their list are not told; a new one is not given it."""
        self._calls.pop(call, None)
        self._changed.pop(call, None)

    def newest(self) -> list[DeskSummary]:
        """All of the list, newest first."""
        return list(reversed(self._calls.values()))

    def after(self, change: int) -> tuple[int, DeskSummary] | None:
        """The first change after number ``change`` that is still true, with its number."""
        if change >= self.changes:
            return None
        for call, number in self._changed.items():
            if number > change:
                return number, self._calls[call]
        return None

    def _trim(self) -> None:
        while len(self._calls) > self._limit:
            oldest = next(iter(self._calls))
            del self._calls[oldest]
            self._changed.pop(oldest, None)
