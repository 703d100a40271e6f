"""What Whisper takes a window's language for: one decoder step on an encoding that is there anyway."""

from __future__ import annotations

from typing import Any, TypeAlias

import ctranslate2

Languages: TypeAlias = tuple[tuple[str, float], ...]  # (Whisper's code of a language, probability)
KEPT = 8  # likeliest languages of a window that are handed on; the rest share what is left


def languages_of(model: ctranslate2.models.Whisper, encoded: Any) -> list[Languages]:
    """The likeliest languages of each row of ``encoded`` (an output of ``model.encode``), likeliest first.

    Nothing for models that know English only. As in ``generate``, an encoding as long as the number of mel bands would
    be taken for features and encoded again: `asr.whisper.WhisperEngine.padded_frames` avoids that length.
    """
    if not model.is_multilingual:
        return [()] * encoded.shape[0]
    rows = model.detect_language(encoded)
    return [
        tuple((token.strip("<|>"), probability) for token, probability in sorted(row, key=lambda one: -one[1])[:KEPT])
        for row in rows
    ]
