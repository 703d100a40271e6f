"""The other readings of an utterance as a transcript would write them: a final in, texts out."""

from __future__ import annotations

import re

from asr.numbers import written_numbers
from asr.text import SpanText, punctuated, simplified
from asr.transcript import Final

_SILENT = re.compile(r"\W")


def normalised(heard: SpanText) -> SpanText:
    """What an engine wrote as a reader wants it: simplified, punctuated, numbers in their written form."""
    return written_numbers(punctuated(simplified(heard)))


def other_readings(final: Final) -> tuple[str, ...]:
    """Texts of the engine's other hypotheses, likeliest first; none that differs from one before in marks only."""
    known = {_SILENT.sub("", normalised(SpanText.timeless(final.raw)).text)}
    texts = []
    for alternative in final.alternatives:
        text = normalised(SpanText.timeless(alternative.text)).text
        bare = _SILENT.sub("", text)
        if bare and bare not in known:
            known.add(bare)
            texts.append(text)
    return tuple(texts)
