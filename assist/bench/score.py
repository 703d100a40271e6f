"""What a pass over recordings cost and how many characters and names it got wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from asr.entities import EntityErrors, Names, entity_errors
from asr.metrics import ErrorRate, character_errors
from assist.bench.manifest import ROLES, Item

NORMALISATION = (
    "NFKC, lower case, simplified characters, numerals as digits, without punctuation; all text of a channel against "
    "all finals of it"
)


@dataclass(slots=True)
class Score:
    """``errors`` by speaker (``clip`` for clips of one speaker), ``entities`` of the same texts. Times in seconds."""

    name: str
    seconds: float = 0.0  # of audio, channels counted once
    speech_seconds: float = 0.0  # of speech, all channels
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    errors: dict[str, ErrorRate] = field(default_factory=lambda: defaultdict(ErrorRate))
    entities: EntityErrors = field(default_factory=EntityErrors)

    def compare(self, item: Item, heard: Mapping[int, str], names: Names) -> None:
        """Add what is wrong in all that was ``heard`` on each channel of ``item``."""
        for channel, text in reference(item).items():
            found = heard.get(channel, "")
            self.errors[ROLES[channel].value if item.call else "clip"] += character_errors(text, found)
            self.entities += entity_errors(text, found, names)

    @property
    def total(self) -> ErrorRate:
        """All speakers together."""
        return sum(self.errors.values(), ErrorRate())

    def figures(self) -> dict[str, Any]:
        """As reports show it."""
        return {
            "name": self.name,
            **self.wrong(),
            "real_time_factor": round(self.wall_seconds / max(self.seconds, 1e-9), 4),
            "cpu_per_audio_s": round(self.cpu_seconds / max(self.seconds, 1e-9), 4),
            "cpu_per_speech_s": round(self.cpu_seconds / max(self.speech_seconds, 1e-9), 4),
        }

    def wrong(self) -> dict[str, Any]:
        """What was heard wrong; None where nothing was said that it could be told of."""
        return {
            "cer": round(self.total.rate, 4) if self.total.characters else None,
            "cer_by_speaker": {name: round(errors.rate, 4) for name, errors in sorted(self.errors.items())},
            "characters": self.total.characters,
            "entity_error": entity_rate(self.entities),
        }


def entity_rate(errors: EntityErrors) -> float | None:
    """Share of the names said that were not heard; None where none was said."""
    return round(errors.rate, 4) if errors.said else None


def reference(item: Item) -> dict[int, str]:
    """All that was said on each channel of ``item``."""
    said: dict[int, str] = defaultdict(str)
    for spoken in item.spoken:
        said[spoken.channel] += spoken.text
    return said


def speech_seconds(item: Item, otherwise: float, until: float | None = None) -> float:
    """Seconds of speech on all channels of ``item`` up to ``until``: the turns' own times where the script has them
    (of every turn), else ``otherwise``.
    """
    total = 0.0
    for spoken in item.spoken:
        if spoken.start is None or spoken.end is None:
            return otherwise
        end = spoken.end if until is None else min(spoken.end, until)
        total += max(0.0, end - spoken.start)
    return total
