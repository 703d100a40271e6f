"""Whisper's decoder as ONNX Runtime runs it: with 8-bit weights on a processor, quicker than CTranslate2.

One window after the other, so that what is heard of one follows from it alone. What the times of characters and the
caller's language need falls off on the way: the prompt's first row tells languages and silence, every step what it
looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


class OnnxTextDecoder:
    """``threads`` compute a step."""

    batches = False

    def __init__(self, graphs: Graphs, steering: Steering, threads: int = 1) -> None:
        self._steering = steering
        self._heads, self._size = graphs.heads, graphs.width // graphs.heads
        self._step_session, self._memory_session = (_session(one, threads) for one in (graphs.step, graphs.memory))
        pairs = [f"{kind}{layer}" for layer in range(graphs.layers) for kind in "kv"]
        self._memory, self._past, self._next = ([f"{of}{pair}" for pair in pairs] for of in "cpn")
        self._first_mask = np.zeros(graphs.scored, np.float32)
        unsaid = [token for token in (*steering.never, *steering.not_first) if token < graphs.scored]
        self._first_mask[unsaid] = NEVER

    def decode(self, encoded: Any, search: Search, *, limit: int, languages: bool) -> list[OnnxDecoded]:
        """As `asr.whisper_text.TextDecoder` says."""
        return [self._decoded(window, search, limit, languages) for window in np.asarray(encoded)]

    def align(self, decoded: Sequence[OnnxDecoded], chosen: Sequence[int], seconds: Sequence[float]) -> list[Alignment]:
        """As `asr.whisper_text.TextDecoder` says."""
        return [one.aligned(number, length) for one, number, length in zip(decoded, chosen, seconds, strict=True)]

    def _decoded(self, encoded: Floats, search: Search, limit: int, languages: bool) -> OnnxDecoded:
        beams = Beams(search.beams, limit, self._steering.end, search.margin)
        prompt = np.array(self._steering.prompt, np.int64)
        state = self._begun(encoded)
        logits, attention = self._step(
            state, prompt, np.arange(len(prompt)), np.tri(len(prompt), dtype=bool), 1, "logits", "attention"
        )
        beams.advance(*_top(logits[-1] + self._first_mask, beams.candidates))
        looked_at = [attention]
        sees = np.ones((1, len(prompt)), bool)  # of the tokens so far, what each reading is made of
        position = len(prompt)
        while not beams.done:
            tokens = beams.tokens
            sees = np.concatenate([sees[beams.order], np.eye(len(tokens), dtype=bool)], axis=1)
            values, ids, attention = self._step(
                state,
                tokens,
                np.full(len(tokens), position),
                sees,
                beams.candidates,
                "top_values",
                "top_ids",
                "attention",
            )
            looked_at.append(attention)
            position += 1
            beams.advance(values, ids)
        heard = _softmax(logits[0])
        spoken = self._languages(logits[0]) if languages and self._steering.languages else ()
        readings = beams.readings(search.readings)
        return OnnxDecoded(readings, looked_at, float(heard[self._steering.no_speech]), spoken)

    def _begun(self, encoded: Floats) -> _State:
        """The values of a window with nothing written yet."""
        memory = self._memory_session.run_with_ort_values(self._memory, {"encoded": _value(encoded)})
        nothing = _value(np.zeros((self._heads, 0, self._size), np.float32))
        return dict(zip(self._memory, memory, strict=True)) | dict.fromkeys(self._past, nothing)

    def _step(
        self, state: _State, tokens: Ints, positions: Ints, sees: NDArray[np.bool_], top: int, *wanted: str
    ) -> list[Any]:
        """Write ``tokens [new]`` at ``positions [new]``; ``sees [new, tokens]``: which of all tokens each goes on from,
        itself among them. ``state`` goes on.
        """
        given = {
            "tokens": tokens,
            "positions": positions,
            "mask": np.where(sees, np.float32(0), np.float32(NEVER)),
            "top": np.array([top]),
        }
        feed = state | {name: _value(array) for name, array in given.items()}
        results = self._step_session.run_with_ort_values([*wanted, *self._next], feed)
        state |= zip(self._past, results[len(wanted) :], strict=True)
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
