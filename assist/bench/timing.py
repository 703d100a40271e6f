"""When the text of a live call came: messages of a desk in, latencies out. A state machine without I/O or clock.

All latencies are from the moment a sample was spoken. Speech begins and ends where the script of the call says so, if
it has a turn that begins or ends within `NEAR` of the utterance's border; else (an utterance cut inside a turn, a clip
without times) where voice activity says so (what is put before and after an utterance is not counted).

- *first partial*: from the start of speech to the first text of the utterance, interim or (where none came) final;
- *partial lag*: from the last sample an interim text covers to its arrival;
- *final*: from the last sample of speech to the arrival of the final text, the wait that proves the end included;
- *fill*: from the last word that carries a value to the value's first appearance (provisional or not), for the values
  the ticket ends with; for the best template, from the end of what was recognised last;
- *read*: from the end of the audio to the ticket of a call that was read as a whole (`extractors.slots.scribe`).

Utterances that the end of the audio cut short are not timed: nothing had to be waited for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from asr.utterance import UtteranceSettings
from assist.bench.manifest import Spoken
from assist.bench.played import Told

NEAR = 0.5  # seconds


@dataclass(slots=True)
class Timings:
    """Latencies in seconds, one entry an utterance (``partial_lag``: one an interim text)."""

    first_partial: list[float] = field(default_factory=list)
    partial_lag: list[float] = field(default_factory=list)
    final: list[float] = field(default_factory=list)
    fill: dict[str, list[float]] = field(default_factory=dict)  # by slot, one entry a call
    read: list[float] = field(default_factory=list)  # one entry a call that was read
    borders: int = 0  # starts and ends of utterances
    scripted: int = 0  # of those, taken from the script
    without_partial: int = 0  # utterances whose first text was the final

    def __iadd__(self, other: Timings) -> Timings:
        self.first_partial += other.first_partial
        self.partial_lag += other.partial_lag
        self.final += other.final
        for slot, delays in other.fill.items():
            self.fill.setdefault(slot, []).extend(delays)
        self.read += other.read
        self.borders += other.borders
        self.scripted += other.scripted
        self.without_partial += other.without_partial
        return self


class CallTiming:
    """One call."""

    def __init__(self, spoken: Iterable[Spoken], seconds: float, utterance: UtteranceSettings) -> None:
        """``spoken``: the script; ``seconds``: how long the audio is."""
        self.timings = Timings()
        self.finals: list[Told] = []  # as they came
        self.ended = False
        self._origin = 0.0
        self._seconds = seconds
        self._utterance = utterance
        # an utterance that ends later than this was ended by the end of the audio
        self._latest_end = seconds - utterance.end_silence + utterance.post_roll
        spoken = tuple(spoken)
        self._starts = [(one.channel, one.start) for one in spoken if one.start is not None]
        self._ends = [(one.channel, one.end) for one in spoken if one.end is not None]
        self._interims: dict[str, list[tuple[float, float]]] = {}  # by speaker: (arrival, end), utterance not final yet
        self._shown: dict[str, dict[Any, float]] = {}  # by slot: delay of the first appearance of each value
        self._last: dict[str, Any] = {}  # by slot: the value the ticket has now
        self._heard_to = 0.0  # audio time up to which text has come

    def begin(self, clock: float) -> None:
        """The first sample was spoken at ``clock`` of the clock that messages are timed with."""
        self._origin = clock

    def message(self, clock: float, message: dict[str, Any]) -> None:
        """A desk message about the call came at ``clock``."""
        arrived = clock - self._origin
        match message["type"]:
            case "partial" if message["text"]:
                self._heard_to = message["end"]
                self.timings.partial_lag.append(arrived - message["end"])
                self._interims.setdefault(message["speaker"], []).append((arrived, message["end"]))
            case "provisional":
                self._note({**message["slots"], "request_type": message["request_type"]}, arrived)
                self._note_template(message["templates"], arrived)
            case "event":
                self._event(message["logged"]["event"], arrived)
            case "reading" if self.ended and not message["reading"]:
                self.timings.read.append(arrived - self._seconds)

    def _event(self, event: dict[str, Any], arrived: float) -> None:
        match event["type"]:
            case "transcript.final":
                self._final(event, arrived)
            case "ticket.changed":
                slots = {**event["slots"], "request_type": event["request_type"]}
                self._note(slots, arrived)
                self._last.update({slot: filled and filled["value"] for slot, filled in slots.items()})
            case "templates.ranked":
                self._note_template(event["templates"], arrived)
                self._last["template"] = event["templates"][0]["code"] if event["templates"] else None
            case "call.ended":
                self.ended = True
                for slot, value in self._last.items():
                    if value is not None and value in self._shown.get(slot, {}):
                        self.timings.fill.setdefault(slot, []).append(self._shown[slot][value])

    def _final(self, event: dict[str, Any], arrived: float) -> None:
        channel = event["channel"]
        self.finals.append(Told((channel, event["utterance"]), event["text"], event["start"], event["end"]))
        if event["end"] > self._latest_end:
            return
        begun = self._border(channel, event["start"] + self._utterance.pre_roll, self._starts)
        ended = self._border(channel, event["end"] - self._utterance.post_roll, self._ends)
        self._heard_to = ended
        interims = self._interims.pop(event["speaker"], [])
        self._interims[event["speaker"]] = [one for one in interims if one[1] > event["end"]]
        first = next((at for at, end in interims if event["start"] < end <= event["end"]), None)
        self.timings.without_partial += first is None
        self.timings.first_partial.append((arrived if first is None else first) - begun)
        self.timings.final.append(arrived - ended)

    def _border(self, channel: int, heard: float, script: Sequence[tuple[int, float]]) -> float:
        self.timings.borders += 1
        near = [at for one, at in script if one == channel and abs(at - heard) <= NEAR]
        if not near:
            return heard
        self.timings.scripted += 1
        return min(near, key=lambda at: abs(at - heard))

    def _note(self, slots: dict[str, Any], arrived: float) -> None:
        for slot, filled in slots.items():
            if filled is not None and filled["evidence"]:
                said = max(proof["to_s"] for proof in filled["evidence"])
                self._shown.setdefault(slot, {}).setdefault(filled["value"], arrived - said)

    def _note_template(self, templates: list[dict[str, Any]] | None, arrived: float) -> None:
        if templates:
            self._shown.setdefault("template", {}).setdefault(templates[0]["code"], arrived - self._heard_to)
