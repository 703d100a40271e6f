"""The extractors that the program makes of the reference catalogue, and what they make of short conversations."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from extractors.composition import load_extractors
from extractors.conversation.dialogue import Dialogue, load_dialogue
from extractors.slots.extractor import Extractor
from extractors.ticket import SlotValue
from tests.extractors.dialogues import understand
from tests.reference import CATALOG, reference

T = TypeVar("T")


def composed(kind: type[T]) -> T:
    """The extractor that is a ``kind``."""
    return next(one for one in _every() if isinstance(one, kind))


def filled(slot: str, text: str, *, heard: bool = False) -> SlotValue | None:
    """What ``slot`` is filled with after a script; ``heard`` as of `tests.extractors.dialogues.conversation`."""
    extractor = next(one for one in _every() if slot in one.slots)
    return understand(extractor, _dialogue(), text, heard=heard).get(slot)


def value(slot: str, text: str, *, heard: bool = False) -> object:
    """The value of what ``slot`` is `filled` with; None where it is empty."""
    found = filled(slot, text, heard=heard)
    return found.value if found else None


@cache
def _every() -> tuple[Extractor[Any], ...]:
    return load_extractors(reference())


@cache
def _dialogue() -> Dialogue:
    return load_dialogue(CATALOG)
