"""Whisper's decoder as CTranslate2 runs it: on every device, with every compute type."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ctranslate2

from asr.alignment import HOP
from asr.engine import SAMPLE_RATE
from asr.whisper_text import Alignment, Languages, Search, Written, likeliest


@dataclass(frozen=True, slots=True)
class Ct2Decoded:
    """As `asr.whisper_text.Decoded` says; ``encoded`` is the batch it was decoded in."""

    readings: list[Written]
    no_speech: float
    languages: Languages
    encoded: ctranslate2.StorageView


class Ct2TextDecoder:
    """``prompt``: the tokens before the text, the last of which says that no timestamps are wanted; ``suppressed``:
    those that are never written.

    As in ``generate``, an encoding as long as the number of mel bands would be taken for features and encoded again:
    `asr.whisper.WhisperEngine.padded_frames` avoids that length.
    """

    batches = True

    def __init__(self, model: ctranslate2.models.Whisper, prompt: Sequence[int], suppressed: Sequence[int]) -> None:
        self._model = model
        self._prompt = list(prompt)
        self._suppressed = list(suppressed)

    def decode(
        self, encoded: ctranslate2.StorageView, search: Search, *, limit: int, languages: bool
    ) -> list[Ct2Decoded]:
        """As `asr.whisper_text.TextDecoder` says."""
        count = encoded.shape[0]
        # CTranslate2 takes the smaller of half of this and of what the prompt leaves (``src/models/whisper.cc``)
        longest = max(2 * limit, limit + len(self._prompt) - 1)
        results = self._model.generate(
            encoded,
            [self._prompt] * count,
            beam_size=search.beams,
            num_hypotheses=search.beams,
            max_length=longest,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=self._suppressed,
        )
        spoken = self._languages(encoded) if languages else [()] * count
        return [
            Ct2Decoded(_readings(result), result.no_speech_prob, told, encoded)
            for result, told in zip(results, spoken, strict=True)
        ]

    def align(self, decoded: Sequence[Ct2Decoded], chosen: Sequence[int], seconds: Sequence[float]) -> list[Alignment]:
        """As `asr.whisper_text.TextDecoder` says."""
        tokens = [one.readings[number].tokens for one, number in zip(decoded, chosen, strict=True)]
        if not any(tokens):
            return [Alignment([], []) for _ in tokens]
        # a window without text still needs a row: the batch is aligned as one
        rows = [row or self._prompt[-1:] for row in tokens]
        frames = [max(2, int(length * SAMPLE_RATE / HOP)) for length in seconds]
        aligned = self._model.align(decoded[0].encoded, self._prompt[:-1], rows, frames)
        return [
            Alignment(list(one.alignments), list(one.text_token_probs)) if row else Alignment([], [])
            for one, row in zip(aligned, tokens, strict=True)
        ]

    def _languages(self, encoded: ctranslate2.StorageView) -> list[Languages]:
        """Nothing for models that know English only."""
        if not self._model.is_multilingual:
            return [()] * encoded.shape[0]
        return [likeliest(row) for row in self._model.detect_language(encoded)]


def _readings(result: Any) -> list[Written]:
    # scores are a mean over the tokens without the end token (length penalty 1)
    return [
        Written(list(tokens), score * len(tokens))
        for tokens, score in zip(result.sequences_ids, result.scores, strict=True)
    ]
