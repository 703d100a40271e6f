"""Judged tickets: calls of which somebody has said which unit handles them. YAML files in, `JudgedTicket`s out.

A file is a list of entries::

    - id: A-001                      # unlike any other
      turns:                         # who says what, in order
        - [agent, 您好，12345热线，请讲。]
        - [citizen, 天河区棠下涌西路那边…]
      district: 天河区               # where it lies; empty when nobody says so
      unit: 天河区政府               # the unit that handles it, by its name in the catalogue; empty: a district's
                                     # government would, and nobody says of which district
      units_also: [市城市管理综合执法局]   # units that are right too; with neither, whatever is dispatched is wrong
      second: [天河区政府]           # optional: units, best first, that another reader named who saw neither the units
                                     # above nor what is dispatched
      kind: 投诉                     # optional: request type
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from extractors.catalogue.files import RequestType
from extractors.turn import Speaker, Turn

_SHOWN = 10
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Text = Annotated[str, Field(min_length=1)]

Readers = Literal["either", "first", "both"]
"""Whose word on units holds where a ticket was read twice: what either reader names is right, or only what the first
or what both name.
"""


class TicketError(Exception):
    """Judged tickets that cannot be used; names the file, the ticket and what is wrong with it."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: _Text
    turns: tuple[tuple[Speaker, _Text], ...] = Field(min_length=1)
    unit: _Text | None = None
    units_also: tuple[_Text, ...] = ()
    second: tuple[_Text, ...] | None = None
    district: str | None = None
    kind: RequestType | None = None


@dataclass(frozen=True, slots=True)
class JudgedTicket:
    """A call and the units that are right for it, best first; none where no unit can be told.

    ``first`` and ``second`` are what each reader named; ``second`` is None where there was one reader.
    """

    id: str
    turns: tuple[Turn, ...]
    units: tuple[str, ...]
    first: tuple[str, ...] = ()
    second: tuple[str, ...] | None = None

    @property
    def digest(self) -> bytes:
        """A hash of what was said: tells tickets apart and falls to either half by chance."""
        return hashlib.sha256("\n".join(f"{turn.speaker} {turn.text}" for turn in self.turns).encode()).digest()


def read_tickets(
    paths: Iterable[Path], units: Collection[str] | None, readers: Readers = "either"
) -> list[JudgedTicket]:
    """The tickets of files, and of all ``*.yaml`` files of folders; ``units`` are the names that the catalogue knows;
    None where it does not matter which unit is right.

    Raises `TicketError` for a file that cannot be read, an unknown unit, a ticket that stands twice.
    """
    tickets: list[JudgedTicket] = []
    problems: list[str] = []
    seen: dict[object, str] = {}
    for path in _files(paths):
        for entry in _entries(path):
            where = f"{path}: {entry.id}"
            ticket = _ticket(entry, readers)
            named = (*ticket.first, *(ticket.second or ()))
            if unknown := [unit for unit in named if units is not None and unit not in units]:
                problems.append(f"{where}: the catalogue knows no unit {unknown[0]!r}")
            for key, what in ((entry.id, "id"), (ticket.digest, "conversation")):
                if key in seen:
                    problems.append(f"{where}: the same {what} stands in {seen[key]}")
                seen.setdefault(key, where)
            tickets.append(ticket)
    if problems:
        more = f"\n  … and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise TicketError("these tickets cannot be used:\n  " + "\n  ".join(problems[:_SHOWN]) + more)
    return tickets


def halves(tickets: Iterable[JudgedTicket]) -> tuple[list[JudgedTicket], list[JudgedTicket]]:
    """Two parts that are fixed by what was said, whatever is added or left out: even hashes and odd ones."""
    parts: tuple[list[JudgedTicket], list[JudgedTicket]] = ([], [])
    for ticket in tickets:
        parts[ticket.digest[-1] % 2].append(ticket)
    return parts


def agreement(tickets: Iterable[JudgedTicket]) -> tuple[int, int, int]:
    """Of the tickets that were read twice: how many, how often both readers put the same unit first, and how often the
    units they named have one in common (or neither named any).
    """
    pairs = [(ticket.first, ticket.second) for ticket in tickets if ticket.second is not None]
    same = sum(first[:1] == second[:1] for first, second in pairs)
    common = sum(bool(set(first) & set(second)) or not (first or second) for first, second in pairs)
    return len(pairs), same, common


def tickets_hash(tickets: Sequence[JudgedTicket]) -> str:
    """Tells sets of judged tickets apart, whatever their order."""
    rows = sorted(ticket.digest + "\0".join(sorted(ticket.units)).encode() for ticket in tickets)
    return hashlib.sha256(b"\0".join(rows)).hexdigest()[:24]


def _files(paths: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not inside:
            raise TicketError(f"{path} holds no *.yaml file of judged tickets")
        found += inside
    return found


def _entries(path: Path) -> tuple[_Entry, ...]:
    try:
        data: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except OSError as error:
        raise TicketError(f"{path} cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TicketError(f"{path} is not valid YAML: {error}") from None
    try:
        return TypeAdapter(tuple[_Entry, ...]).validate_python(data)
    except ValidationError as error:
        detail = error.errors()[0]
        raise TicketError(f"{path}: {_named(data, detail['loc'])}: {detail['msg']}") from None


def _named(data: Any, place: tuple[int | str, ...]) -> str:
    """The ticket and the key in it that a validation error is about."""
    if not place or not isinstance(data, list):
        return "not a list of tickets"
    number, *keys = place
    entry = data[int(number)]
    name = entry.get("id") if isinstance(entry, dict) else None
    return ": ".join([str(name or f"entry {number}"), *([".".join(map(str, keys))] if keys else [])])


def _ticket(entry: _Entry, readers: Readers) -> JudgedTicket:
    turns = tuple(Turn(number, speaker, text) for number, (speaker, text) in enumerate(entry.turns))
    first = tuple(dict.fromkeys((entry.unit, *entry.units_also) if entry.unit else entry.units_also))
    second = None if entry.second is None else tuple(dict.fromkeys(entry.second))
    right = first
    if second is not None and readers == "either":
        right = tuple(dict.fromkeys((*first, *second)))
    elif second is not None and readers == "both":
        right = tuple(unit for unit in first if unit in second)
    return JudgedTicket(entry.id, turns, right, first, second)
