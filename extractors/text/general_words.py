"""Words by the general dictionary alone: one segmenter for all who cut so, since each holds half a million of them."""

from __future__ import annotations

from functools import lru_cache

from extractors.text.segment import Segmenter


@lru_cache(maxsize=1)
def general_segmenter() -> Segmenter:
    """The segmenter that knows no words of the hotline's own, made once (0.3 s, 30 MB)."""
    return Segmenter()
