"""The lines of a ticket as a small language model writes them that has read the whole call.

A decoder (Qwen2.5 of half a billion parameters with an adapter, `models.qwen_decoder`) goes on where the turns end
(`extractors.slots.page`). That takes seconds, so it is done once, when the call is over. What a line is worth, and
which words of the call prove it, is weighed by `extractors.slots.settling`. What the model learned from stands in
``models/scribe/card.md``; `scripts/train scribe` makes it.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Sequence
from contextlib import closing

from extractors.slots.page import SLOTS, RecordLine, lines, page
from extractors.turn import Turn
from models.call_decoder import CallDecoder, call_decoder
from models.qwen_pieces import END

_READ = 1536  # word pieces of a call that are read: of a longer one the end, where agents sum up
_WRITTEN = 160  # word pieces that are written at most


class Scribe:
    """Writes the lines of one call at a time. What it writes depends on the texts alone."""

    def __init__(self, decoder: CallDecoder) -> None:
        self._tokenizer, self._generator = decoder.tokenizer, decoder.generator

    def lines(self, turns: Sequence[Turn], wanted: Collection[str] = SLOTS) -> dict[str, RecordLine]:
        """The lines of a ticket on ``turns``, by slot; those that it did not come to are left out. It writes no further
        than to the last of ``wanted``.
        """
        prompt = self._tokenizer.encode(page(turns)).tokens[-_READ:]
        found: dict[str, RecordLine] = {}
        with closing(self._written(prompt)) as written:
            for slot, line in lines(written):
                found[slot] = line
                if found.keys() >= set(wanted):
                    break
        return found

    def _written(self, prompt: Sequence[str]) -> Generator[tuple[str, float]]:
        """What is written behind ``prompt``: pieces of text, each with its log-probability."""
        tokens: list[int] = []
        told = ""
        steps = self._generator.generate_tokens(prompt, max_length=_WRITTEN, end_token=END, return_log_prob=True)
        with closing(steps):  # nothing is computed that nobody asks for
            for step in steps:
                tokens.append(step.token_id)
                text = self._tokenizer.decode(tokens)
                # a character may come in several pieces
                whole = told if text.endswith("\ufffd") else text
                yield whole[len(told) :], float(step.log_prob)
                told = whole
        if len(tokens) < _WRITTEN:  # else the last line is cut off
            yield "\n", 0.0


def load_scribe() -> Scribe | None:
    """The scribe of the project; None where its model is not on this machine: calls end without it."""
    decoder = call_decoder()
    return Scribe(decoder) if decoder else None
