"""What changed between two versions of a catalogue: two catalogues in, changes by code out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from extractors.catalogue.entries import Entry, entries_of
from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.sheets import BY_KIND

KINDS = {kind: sheet for kind, sheet in BY_KIND.items() if kind not in ("head", "retired")}


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that came, went or differs; ``fields``: for each value that differs, what it was and is."""

    kind: str
    code: str
    name: str
    what: Literal["added", "removed", "changed"]
    fields: Mapping[str, tuple[Any, Any]]


def diff(old: Catalogue, new: Catalogue) -> list[Change]:
    """The changes from ``old`` to ``new``, kind by kind, in the order of the codes."""
    before, after = entries_of(old), entries_of(new)
    return [change for kind in KINDS for change in _changes(kind, before[kind], after[kind])]


def lost_codes(old: Catalogue, new: Catalogue) -> list[str]:
    """Codes of templates and matters that are gone without being listed as retired: nothing tells where they went."""
    gone = (old.by_code.keys() | old.by_matter.keys()) - (new.by_code.keys() | new.by_matter.keys())
    return sorted(gone - new.retired.keys())


def _changes(kind: str, before: Sequence[Entry], after: Sequence[Entry]) -> Iterator[Change]:
    key = KINDS[kind].key
    olds = {str(entry[key]): entry for entry in before}
    news = {str(entry[key]): entry for entry in after}
    for code in sorted(olds.keys() | news.keys()):
        old, new = olds.get(code), news.get(code)
        if old is None or new is None:
            there = old or new or {}
            yield Change(kind, code, _name(there), "removed" if new is None else "added", {})
        elif fields := {name: (old[name], new[name]) for name in new if _plain(old[name]) != _plain(new[name])}:
            yield Change(kind, code, _name(new), "changed", fields)


def _name(entry: Entry) -> str:
    return str(next((entry[key] for key in ("title", "name", "question", "says") if entry.get(key)), ""))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
