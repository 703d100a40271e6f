"""Which calls are looked for, in which order, from which place on. No I/O: `Database.find` carries it out.

A place in a list (`Cursor`) is the sort key of the last call that was given, not a count of calls. Keys never change,
so a list read on page by page gives no call twice and leaves none out that was there all the time, whatever is added or
deleted meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Literal, TypeAlias

Status: TypeAlias = Literal["live", "ended", "submitted"]
TicketUse: TypeAlias = Literal["untouched", "accepted", "edited"]
"""What the agent did with the ticket: nothing; took values or a template as they were; wrote or refused a value."""
Order: TypeAlias = Literal["newest", "oldest", "longest", "shortest"]
AlertFilter: TypeAlias = Literal["any", "none", "110", "119", "120", "language", "confidential"]

DAY_OR_TIME = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?)?$"
CURSOR = r"^(newest|oldest|longest|shortest)~-?\d{1,18}(\.\d{1,20})?~[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = {10: timedelta(days=1), 16: timedelta(minutes=1), 19: timedelta(seconds=1)}  # by the length of the text
_STATUS: dict[Status, str] = {
    "live": "ended = 0 AND submitted = 0",
    "ended": "ended = 1 AND submitted = 0",
    "submitted": "submitted = 1",
}


def microseconds(moment: datetime) -> int:
    """``moment`` (with an offset) as microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def beginning(text: str, zone: tzinfo) -> datetime:
    """The first moment of a day (``2026-03-02``), minute or second (``2026-03-02T10:15``) in ``zone``.

    Raises ``ValueError`` where there is no such day or time.
    """
    if not re.match(DAY_OR_TIME, text, re.ASCII):
        raise ValueError("write a day (2026-03-02) or a time (2026-03-02T10:15)")
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def end(text: str, zone: tzinfo) -> datetime:
    """The first moment after that day, minute or second. Raises ``ValueError`` as `beginning` does."""
    begun = beginning(text, zone)
    try:
        return (begun.replace(tzinfo=None) + _STEP[len(text)]).replace(tzinfo=zone)
    except OverflowError:
        raise ValueError("the calendar ends before this day does") from None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place behind ``call`` in a list in ``order``; ``key`` is what that orders by."""

    order: Order
    key: int | float
    call: str

    def __str__(self) -> str:
        return f"{self.order}~{self.key}~{self.call}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """The cursor written as ``text``. Raises ``ValueError``."""
        if not re.match(CURSOR, text, re.ASCII):
            raise ValueError("no such place in a list: send `next` of the page before as it is")
        order, key, call = text.split("~")
        by_length = order in ("longest", "shortest")
        return cls(order, float(key) if by_length else int(key.partition(".")[0]), call)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsQuery:
    """What calls must be like; None: anything.

    They began from ``since`` to before ``until`` (with offsets) and took ``min_seconds`` to ``max_seconds``, both
    included; ``title`` holds words, parted by blanks, that the template's title has all of. Where length counts, also
    for the ``order``, only calls that have ended are given: the length of a live one changes.
    """

    since: datetime | None = None
    until: datetime | None = None
    status: Status | None = None
    ticket: TicketUse | None = None
    agent: str | None = None
    template: str | None = None
    title: str | None = None
    unit: str | None = None
    district: str | None = None
    alert: AlertFilter | None = None
    min_seconds: float | None = None
    max_seconds: float | None = None
    order: Order = "newest"
    after: Cursor | None = None

    @property
    def _by_length(self) -> bool:
        return self.order in ("longest", "shortest")

    @property
    def _descending(self) -> bool:
        return self.order in ("newest", "longest")

    def cursor(self, began: int, seconds: float, call: str) -> Cursor:
        """The place behind a call of this list that began at ``began`` (microseconds)."""
        return Cursor(self.order, seconds if self._by_length else began, call)

    def sql(self) -> tuple[str, list[Any]]:
        """Condition and order as SQL for the table of calls (`assist.store_schema`), with its parameters."""
        conditions = list(self._conditions())
        where = " AND ".join(text for text, _ in conditions) or "1"
        column = "seconds" if self._by_length else "began"
        way = "DESC" if self._descending else "ASC"
        parameters = [value for _, values in conditions for value in values]
        return f"WHERE {where} ORDER BY {column} {way}, id {way}", parameters

    def _conditions(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        if self.since is not None:
            yield "began >= ?", (microseconds(self.since),)
        if self.until is not None:
            yield "began < ?", (microseconds(self.until),)
        if self.status is not None:
            yield _STATUS[self.status], ()
        for column in ("ticket", "agent", "template", "unit", "district"):
            wanted = getattr(self, column)
            if wanted is not None:
                yield f"{column} = ?", (wanted,)
        for word in (self.title or "").split():
            yield "instr(title, ?) > 0", (word,)
        if self.alert is not None:
            yield ("alerts = ''" if self.alert == "none" else "alerts <> ''"), ()  # the latter has an index
            if self.alert not in ("any", "none"):
                yield "instr(' ' || alerts || ' ', ?) > 0", (f" {self.alert} ",)
        if self._by_length or self.min_seconds is not None or self.max_seconds is not None:
            yield "ended = 1", ()
        if self.min_seconds is not None:
            yield "seconds >= ?", (self.min_seconds,)
        if self.max_seconds is not None:
            yield "seconds <= ?", (self.max_seconds,)
        if self.after is not None:
            column = "seconds" if self._by_length else "began"
            yield f"({column}, id) {'<' if self._descending else '>'} (?, ?)", (self.after.key, self.after.call)
