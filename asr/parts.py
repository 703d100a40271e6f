"""The final of an utterance out of the parts it was decoded in: hypotheses in, one text with its times out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, zip_longest

from asr.doubts import doubtful
from asr.engine import Hypothesis
from asr.numbers import NUMERALS
from asr.readings import normalised
from asr.text import SpanText
from asr.transcript import Alternative, Final

_SENTENCE = 0.2  # seconds of silence behind a part from which its full stop is believed
_FULL_STOPS = ("。", ".", "｡")


@dataclass(frozen=True, slots=True)
class Part:
    """``heard`` between ``start`` and ``end`` of the call, times of the call. ``hidden``: nobody said it.
    ``silence``: seconds behind ``end`` until the speaker went on.
    """

    start: float
    end: float
    heard: SpanText
    hypothesis: Hypothesis
    hidden: bool = False
    silence: float = 0.0


def final_of(channel: int, utterance: int, parts: Sequence[Part]) -> Final:
    """The final that ``parts``, in order, make up."""
    believed = [part for part in parts if not part.hidden]
    told = believed or parts
    heard = [_mended(part, after) for part, after in zip_longest(told, told[1:])]
    whole = _in_order(sum(heard, SpanText()))
    spans = normalised(whole) if believed else SpanText()
    probabilities = _probabilities(told)
    return Final(
        channel,
        utterance,
        parts[0].start,
        parts[-1].end,
        spans.text,
        tuple((round(start, 3), round(end, 3)) for start, end in spans.times),
        whole.text,
        _likelihood([part.hypothesis for part in told]),
        probabilities,
        tuple(_alternatives(told, [one.text for one in heard])),
        _languages(parts),
        doubts=doubtful(whole.text, probabilities) if believed else (),
    )


def _mended(part: Part, after: Part | None) -> SpanText:
    """What was heard in ``part``: an engine ends each window as it ends a sentence, also where a short pause is within
    one, or between groups of a number.
    """
    heard = part.heard
    if after is None or not heard.text.endswith(_FULL_STOPS):
        return heard
    number = heard.text[-2:-1] in NUMERALS and after.heard.text[:1] in NUMERALS
    mark = "，" if number or part.silence < _SENTENCE else "。"
    return heard.replaced([(len(heard.text) - 1, len(heard.text), mark)])


def _in_order(spans: SpanText) -> SpanText:
    """No character begins before the one before it: parts share some of the pause between them."""
    starts = accumulate((start for start, _ in spans.times), max)
    times = tuple((start, max(start, end)) for start, (_, end) in zip(starts, spans.times, strict=True))
    return SpanText(spans.text, times)


def _likelihood(hypotheses: Sequence[Hypothesis]) -> float:
    """The mean log-probability a token, long texts counting more."""
    if len(hypotheses) == 1:
        return hypotheses[0].log_probability
    lengths = [len(one.text) + 1 for one in hypotheses]
    whole = sum(length * one.log_probability for length, one in zip(lengths, hypotheses, strict=True))
    return whole / sum(lengths)


def _probabilities(parts: Sequence[Part]) -> tuple[float, ...]:
    """One for each character; none where a part does not tell."""
    if any(len(part.hypothesis.probabilities) != len(part.heard.text) for part in parts):
        return ()
    return tuple(chain.from_iterable(part.hypothesis.probabilities for part in parts))


def _alternatives(parts: Sequence[Part], texts: Sequence[str]) -> Iterator[Alternative]:
    """The utterance with another reading of one of its parts, likeliest first."""
    hypotheses = [part.hypothesis for part in parts]
    for rank in zip_longest(*(one.alternatives for one in hypotheses)):
        for place, other in enumerate(rank):
            if other is not None:
                said = replace(hypotheses[place], text=other.text, log_probability=other.log_probability)
                text = "".join((*texts[:place], other.text, *texts[place + 1 :]))
                yield Alternative(text, _likelihood([*hypotheses[:place], said, *hypotheses[place + 1 :]]))


def _languages(parts: Sequence[Part]) -> tuple[tuple[str, float], ...]:
    """What the utterance was taken for, longer parts counting more."""
    told = [part for part in parts if part.hypothesis.languages]
    if len(told) <= 1:
        return told[0].hypothesis.languages if told else ()
    seconds = sum(part.end - part.start for part in told)
    shares: dict[str, float] = defaultdict(float)
    for part in told:
        for code, share in part.hypothesis.languages:
            shares[code] += share * (part.end - part.start) / seconds
    return tuple(sorted(shares.items(), key=lambda one: -one[1]))
