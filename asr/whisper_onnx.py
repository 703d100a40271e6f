"""Whisper's decoder as ONNX Runtime runs it: with 8-bit weights on a processor, quicker than CTranslate2.

Several windows are written side by side, a token of each reading a step; a row gives the same beside whatever others,
so what is heard of a window follows from it alone. What the times of characters and the caller's language need falls
off on the way: the prompt's first row tells languages and silence, every step what it looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from asr.alignment import HOP
from asr.beams import Beams, Reading
from asr.engine import SAMPLE_RATE
from asr.warping import token_path
from asr.whisper_text import Alignment, Languages, Search, Written, likeliest
from models.whisper_onnx import NEVER, Graphs

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_State = dict[str, Any]  # ONNX Runtime's values by name


@dataclass(frozen=True, slots=True)
class Steering:
    """Tokens with a meaning, by the model's numbers.

    ``prompt`` stands before the text; ``not_first`` are never written at its beginning, beside what is never written at
    all; ``languages`` are numbers and names of the languages' tokens.
    """

    prompt: Sequence[int]
    never: Sequence[int]
    not_first: Sequence[int]
    end: int
    no_speech: int
    languages: Sequence[tuple[int, str]]  # none where the model knows English only


@dataclass(slots=True, eq=False)
class _Writing:
    """A window whose text is being written."""

    memory: _State
    beams: Beams
    row: int = 0  # of the last step, at which its own begin
    heard: Floats = field(default_factory=lambda: np.zeros(0, np.float32))  # log odds of the prompt's first row
    looked_at: list[Floats] = field(default_factory=list)  # in the prompt, then in every step


class OnnxTextDecoder:
    """``threads`` compute a step."""

    one_length = False

    def __init__(self, graphs: Graphs, steering: Steering, threads: int = 1) -> None:
        self._together = graphs.windows
        self._steering = steering
        self._heads, self._size = graphs.heads, graphs.width // graphs.heads
        self._step_session, self._memory_session = (_session(one, threads) for one in (graphs.step, graphs.memory))
        pairs = [f"{kind}{layer}" for layer in range(graphs.layers) for kind in "kv"]
        self._memory, self._past, self._next = ([f"{of}{pair}" for pair in pairs] for of in "cpn")
        self._nothing = _value(np.zeros((1, self._heads, 0, self._size), np.float32))  # is written yet
        self._no_window = self._remembered(np.zeros((1, graphs.width), np.float32))
        self._first_mask = np.zeros(graphs.tokens, np.float32)
        self._first_mask[[*steering.never, *steering.not_first]] = NEVER

    def decode(
        self, encoded: Sequence[Floats], search: Search, *, limits: Sequence[int], languages: bool
    ) -> list[OnnxDecoded]:
        """As `asr.whisper_text.TextDecoder` says."""
        writings = [
            _Writing(self._remembered(window), Beams(search.beams, limit, self._steering.end, search.margin))
            for window, limit in zip(encoded, limits, strict=True)
        ]
        for first in range(0, len(writings), self._together):
            self._write(writings[first : first + self._together])
        return [self._decoded(one, search.readings, languages) for one in writings]

    def align(self, decoded: Sequence[OnnxDecoded], chosen: Sequence[int], seconds: Sequence[float]) -> list[Alignment]:
        """As `asr.whisper_text.TextDecoder` says."""
        return [one.aligned(number, length) for one, number, length in zip(decoded, chosen, seconds, strict=True)]

    def _write(self, writings: Sequence[_Writing]) -> None:
        """Write the text of ``writings``, `graphs.windows` at most, until all are done."""
        prompt = np.array([self._steering.prompt] * len(writings), np.int64)
        past = dict.fromkeys(self._past, self._nothing)
        rows = [prompt.shape[1]] * len(writings)
        [logits] = self._step(past, writings, rows, prompt, 0, np.zeros(len(writings), np.int64), 1, "logits")
        for number, (one, own) in enumerate(zip(writings, np.split(logits, len(writings)), strict=True)):
            one.heard, one.row = own[0], number
            one.beams.advance(*_top(own[-1] + self._first_mask, one.beams.candidates))
        start = prompt.shape[1]
        while any(not one.beams.done for one in writings):
            rows = [0 if one.beams.done else len(one.beams.tokens) for one in writings]
            going = [one for one in writings if not one.beams.done]
            tokens = np.concatenate([one.beams.tokens for one in going])[:, None]
            order = np.concatenate([one.row + one.beams.order for one in going])
            values, ids = self._step(
                past, writings, rows, tokens, start, order, going[0].beams.candidates, "top_values", "top_ids"
            )
            start += 1
            row = 0
            for one in going:
                one.row, row = row, row + len(one.beams.tokens)
                one.beams.advance(values[one.row : row], ids[one.row : row])

    def _decoded(self, written: _Writing, most: int, languages: bool) -> OnnxDecoded:
        heard = _softmax(written.heard)
        spoken = self._languages(written.heard) if languages and self._steering.languages else ()
        no_speech = float(heard[self._steering.no_speech])
        return OnnxDecoded(written.beams.readings(most), written.looked_at, no_speech, spoken)

    def _remembered(self, encoded: Floats) -> _State:
        """What is looked at in a window."""
        values = self._memory_session.run_with_ort_values(self._memory, {"encoded": _value(encoded)})
        return dict(zip(self._memory, values, strict=True))

    def _step(
        self,
        past: _State,
        writings: Sequence[_Writing],
        rows: Sequence[int],
        tokens: Ints,
        start: int,
        order: Ints,
        top: int,
        *wanted: str,
    ) -> list[NDArray[Any]]:
        """Write ``tokens [readings, new]`` from position ``start`` on, so many ``rows`` of them for each of
        ``writings``; ``past`` goes on, and what was looked at is noted.
        """
        readings, new = tokens.shape
        rows = [*rows, *[0] * (self._together - len(rows))]
        memories = [one.memory for one in writings]
        memories = [memory if row else self._no_window for row, memory in zip_longest(rows, memories)]
        given = {
            "tokens": tokens,
            "positions": np.arange(start, start + new),
            "mask": np.triu(np.full((new, start + new), NEVER, np.float32), start + 1),
            "order": order,
            "shape": np.array([readings, new, self._heads, self._size]),
            "top": np.array([top]),
            "rows": np.array(rows),
        }
        feed = past | {name: _value(array) for name, array in given.items()}
        for number, memory in enumerate(memories):
            feed |= {f"{number}.{name}": value for name, value in memory.items()}
        seen = [number for number, row in enumerate(rows) if row]
        names = [*wanted, *(f"{number}.attention" for number in seen)]
        results = self._step_session.run_with_ort_values([*names, *self._next], feed)
        past |= zip(self._past, results[len(names) :], strict=True)
        for number, looked_at in zip(seen, results[len(wanted) : len(names)], strict=True):
            writings[number].looked_at.append(looked_at.numpy())
        return [result.numpy() for result in results[: len(wanted)]]

    def _languages(self, logits: Floats) -> Languages:
        numbers, names = zip(*self._steering.languages, strict=True)
        return likeliest(zip(names, _softmax(logits[list(numbers)]).tolist(), strict=True))


class OnnxDecoded:
    """As `asr.whisper_text.Decoded` says, with what the decoder looked at."""

    def __init__(
        self, readings: Sequence[Reading], looked_at: Sequence[Floats], no_speech: float, languages: Languages
    ) -> None:
        self.readings = [Written([token.number for token in one.tokens], one.log_probability) for one in readings]
        self.no_speech = no_speech
        self.languages = languages
        self._tokens = [one.tokens for one in readings]
        self._looked_at = looked_at  # of the prompt, then of every step: [heads, rows, 1, frames]

    def aligned(self, reading: int, seconds: float) -> Alignment:
        """When a reading was said in a window of ``seconds``."""
        tokens = self._tokens[reading]
        prompt = self._looked_at[0][:, :, 0]
        own = [self._looked_at[token.step][:, token.row] for token in tokens if token.row >= 0]
        scores = np.concatenate([prompt, *own], axis=1) if own else prompt
        frames = int(seconds * SAMPLE_RATE / HOP) // 2
        path = token_path(scores, prompt.shape[1] - 1, frames)
        return Alignment(path, [float(np.exp(token.log_probability)) for token in tokens])


def _session(graph: bytes, threads: int) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _value(array: NDArray[Any]) -> Any:
    return onnxruntime.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array))


def _top(logits: Floats, count: int) -> tuple[Floats, Ints]:
    """The ``count`` likeliest tokens, ``[1, count]``: log-probabilities and numbers."""
    values = np.log(_softmax(logits) + np.finfo(np.float32).tiny)
    ids = np.argsort(-values, kind="stable")[:count]
    return values[None, ids], ids[None]


def _softmax(logits: Floats) -> Floats:
    powers = np.exp(logits - logits.max())
    return np.asarray(powers / powers.sum(), np.float32)
