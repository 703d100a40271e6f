"""Which record templates mean what was said: the dense half of the ranking, beside the words of
`extractors.matching.ranking`.

A template is the mean direction of its texts (title, when it applies, phrasings). With it are compared, by the cosine,
the turn that fits it best and the whole call, in which turns count more the more they say: callers tell their matter in
one breath or bit by bit. Both are damped when little was said: a greeting points somewhere too, but says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extractors.catalogue.cache import arrays
from extractors.catalogue.knowledge import Template
from extractors.text.encoder import Encoder, Floats, unit

_TINY = 1e-9
_KEPT = 1024  # turns: 20 MB


class Dense:
    """``directions`` are those of all templates, rows of length 1. ``least`` is the length of a turn's vector at
    which half of it counts.
    """

    def __init__(self, templates: Sequence[Template], encoder: Encoder, least: float, cache: Path | None) -> None:
        self.encoder = encoder
        self.least = least

        def make() -> Mapping[str, NDArray[Any]]:
            rows = directions(templates, encoder, cache)
            sums = [rows[texts].sum(axis=0) for texts in places(templates)]
            return {"directions": unit(np.array(sums, np.float32).reshape(len(templates), encoder.size))}

        self._along = lru_cache(maxsize=_KEPT)(lambda turn: self.directions @ np.frombuffer(turn, np.float32))
        self.directions = arrays(cache, f"dense-{encoder.fingerprint}", make)["directions"]

    def scores(self, said: Floats) -> Floats:
        """How much each template means what was ``said`` (vectors of turns as rows), -1 to 1."""
        if not len(said):
            return np.zeros(len(self.directions), np.float32)
        lengths = np.linalg.norm(said, axis=1)
        whole = (said * lengths[:, None]).sum(axis=0)
        damped = np.linalg.norm(whole) + self.least**2 + _TINY
        # a turn is compared once, however often the call goes on
        along = np.stack([self._along(turn.tobytes()) for turn in said])
        best = (along / (lengths + self.least + _TINY)[:, None]).max(axis=0)
        return np.asarray((best + lengths @ along / damped) / 2, np.float32)


def directions(templates: Sequence[Template], encoder: Encoder, cache: Path | None) -> Floats:
    """The directions of all `texts` of ``templates``, in order, as rows."""

    def make() -> Mapping[str, NDArray[Any]]:
        return {"directions": encoder.directions([text for template in templates for text in texts(template)])}

    return arrays(cache, f"texts-{encoder.fingerprint}", make)["directions"]


def places(templates: Sequence[Template]) -> Iterator[slice]:
    """Which rows of `directions` are those of each template."""
    at = 0
    for template in templates:
        yield slice(at, at := at + len(texts(template)))


def texts(template: Template) -> tuple[str, ...]:
    """All that tells what ``template`` is about."""
    return (template.title, template.when, *template.phrasings)
