"""How what was heard of a name is weighed: ``weights`` of ``catalog/rules/names.yaml``, which says what each means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class WrittenWeights:
    """What is written for a name (`extractors.names.written_names`)."""

    itself_common: float
    itself: float
    itself_rare: float
    sound: float
    alike: float
    near: float
    fall: float
    other_tone: float
    otherwise: float


@dataclass(frozen=True, slots=True)
class ToldWeights:
    """What an explanation tells of a character (`extractors.names.explained`)."""

    as_heard: float
    as_heard_else: float
    itself: float
    itself_else: float
    fall: float
    fall_again: float
    other_said: float
    other_word: float
    clear: float


@dataclass(frozen=True, slots=True)
class HeardWeights:
    """How all that was heard of a name counts together (`extractors.names.heard_names`)."""

    power: float
    hardly: float
    first: float
    agents: float
    again: float
    no_given: float
    one_given: float
    two_given: float
    not_there: float
    unknown: float
    unknown_else: float
    unknown_least: float
    unknown_fall: float
    unknown_again: float
    skipped: float
    skipped_known: float
    not_whole: float
    skipped_clear: float


@dataclass(frozen=True, slots=True)
class ShownWeights:
    """From which probability on a name is shown (`extractors.names.caller_name`)."""

    surname: float
    given: float
    given_alone: float
    whole: float


@dataclass(frozen=True, slots=True)
class NameWeights:
    """All of them."""

    written: WrittenWeights
    told: ToldWeights
    heard: HeardWeights
    shown: ShownWeights


def name_weights(rules: Mapping[str, Any]) -> NameWeights:
    """The weights of the rules ``names``. Raises TypeError where one is missing or unknown."""
    of = rules["weights"]
    return NameWeights(
        WrittenWeights(**of["written"]),
        ToldWeights(**of["told"]),
        HeardWeights(**of["heard"]),
        ShownWeights(**of["shown"]),
    )
