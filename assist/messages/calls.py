"""Calls as lists tell of them; nothing of what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from assist.messages.message import Message


class CallSummary(Message):
    """A call in a list; holds nothing of what was said."""

    call: str
    started_at: datetime
    status: Literal["live", "ended", "submitted"]
    seconds: float
    last_seq: int


class RaisedAlert(Message):
    """An alert as others than the agent are told of it: its kind, and the ``text`` of the rule that raised it; none of
    the words that it rests on.
    """

    kind: str
    text: str


class DeskSummary(CallSummary):
    """A call in the list of every desk. ``raised``: the alerts of a call that the server hears, or has heard since it
    was started, in their order; of calls of before it is empty.
    """

    raised: list[RaisedAlert] = []


class ListedCall(CallSummary):
    """A call in a list that was searched for. Empty texts: not known; see `assist.facts.Facts`."""

    agent: str
    template: str
    title: str
    unit: str
    district: str
    alerts: list[str]
    ticket: Literal["untouched", "accepted", "edited"]


class FoundCalls(Message):
    """A page of the calls that were searched for. ``next``: the place to read on from, None after the last page;
    ``unread``: calls of an earlier version whose tickets are still being read, so that they are found by time, status
    and length only.
    """

    calls: list[ListedCall]
    next: str | None
    unread: int
