"""The lines of a ticket as a small language model writes them that has read the whole call.

A decoder (Qwen2.5 of half a billion parameters with an adapter, `models.qwen_decoder`) goes on where the turns end
(`extractors.page`). That takes seconds, so it is done once, when the call is over. What a line is worth, and which
words of the call prove it, is weighed by `extractors.settling`. What the model learned from stands in
``models/scribe/card.md``; `scripts/train scribe` makes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import ctranslate2
from tokenizers import Tokenizer

import models
from extractors.page import RecordLine, lines, page
from extractors.turn import Turn
from models.qwen_pieces import END

ARTEFACT, PIECES = "call-scribe", "tokenizer.json"
_READ = 1536  # word pieces of a call that are read: of a longer one the end, where agents sum up
_WRITTEN = 160  # word pieces that are written at most


class Scribe:
    """Writes the lines of one call at a time; ``folder`` holds what `models.qwen_decoder` makes. What it writes depends
    on the texts alone.
    """

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / PIECES))
        self._generator = ctranslate2.Generator(str(folder), compute_type="int8", intra_threads=1)

    def lines(self, turns: Sequence[Turn]) -> dict[str, RecordLine]:
        """The lines of a ticket on ``turns``, by slot; those that it did not come to are left out."""
        prompt = self._tokenizer.encode(page(turns)).tokens[-_READ:]
        return dict(lines(self._written(prompt)))

    def _written(self, prompt: Sequence[str]) -> Iterator[tuple[str, float]]:
        """What is written behind ``prompt``: pieces of text, each with its log-probability."""
        tokens: list[int] = []
        told = ""
        for step in self._generator.generate_tokens(prompt, max_length=_WRITTEN, end_token=END, return_log_prob=True):
            tokens.append(step.token_id)
            text = self._tokenizer.decode(tokens)
            # a character may come in several pieces
            whole = told if text.endswith("\ufffd") else text
            yield whole[len(told) :], float(step.log_prob)
            told = whole
        if len(tokens) < _WRITTEN:  # else the last line is cut off
            yield "\n", 0.0


@cache
def installed() -> bool:
    """Whether the scribe's model is on this machine and whole; looked at once, it is large."""
    return not models.problems(ARTEFACT)


@cache
def load_scribe() -> Scribe | None:
    """The scribe of the project, opened once; None where its model is not on this machine: calls end without it."""
    if not installed():
        return None
    return Scribe(models.directory(ARTEFACT))
