"""The small language model that has read calls, open: its word pieces and what computes with them.

`models.qwen_decoder` makes its files. It writes the lines of a ticket (`extractors.slots.scribe`) and tells which of
several readings somebody would say (`asr.rescoring`); both share one that is open.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ctranslate2
from tokenizers import Tokenizer

import models

ARTEFACT, PIECES = "call-scribe", "tokenizer.json"
_AT_ONCE = 2  # so that who weighs readings does not wait until a call is read; the weights are in memory once


@dataclass(frozen=True, slots=True, eq=False)
class CallDecoder:
    """Word pieces of texts, and the network that goes on with them; may be used from several threads at once."""

    tokenizer: Tokenizer
    generator: ctranslate2.Generator


@cache
def installed() -> bool:
    """Whether the model is on this machine and whole; looked at once, it is large."""
    return not models.problems(ARTEFACT)


@cache
def opened(folder: Path) -> CallDecoder:
    """The model in ``folder``, opened once."""
    generator = ctranslate2.Generator(str(folder), compute_type="int8", inter_threads=_AT_ONCE, intra_threads=1)
    return CallDecoder(Tokenizer.from_file(str(folder / PIECES)), generator)


def call_decoder() -> CallDecoder | None:
    """The project's own; None where it is not on this machine or damaged."""
    return opened(models.directory(ARTEFACT)) if installed() else None
