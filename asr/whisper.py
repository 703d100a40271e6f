"""Whisper on CTranslate2, fast on a CPU: windows of speech in, text with character times out.

Whisper pads every window to 30 s and pays for it; here the encoder sees the window and a little silence only ("reduced
context"). What that costs in safety is bought back by a cap on the number of tokens and a ladder of retries with more
context. Decoding is stateless and deterministic: the padded length, the token cap and the settings of a window follow
from the window alone, whatever else is in the batch.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens
from numpy.typing import NDArray

from asr.engine import SAMPLE_RATE, Hypothesis, Window
from asr.errors import ModelError
from asr.transcript import Times
from asr.whisper_language import Languages, languages_of

HOP = 160  # samples a mel frame
FULL_CONTEXT = 3000  # mel frames: the 30 s Whisper was trained on
TEXT_CONTEXT = 448  # tokens
MODEL_FILES = ("model.bin", "config.json", "tokenizer.json")


@dataclass(frozen=True, slots=True)
class WhisperSettings:
    """How windows are decoded. Times in seconds.

    ``paddings`` is the ladder: silence added behind the window at each try. ``grid``: padded lengths are rounded up to
    multiples of it, so that windows of like length share a batch. A try fails when it runs into the token cap, when its
    text compresses better than ``max_compression`` (a loop), when it stammers (the same few characters six times
    running), or when its mean log-probability is under ``min_log_probability``; where the model hears no speech
    (``max_no_speech``) it is not tried again.
    """

    language: str = "zh"
    paddings: tuple[float, ...] = (2.56, 7.68, 30.0)
    grid: float = 0.64
    beam_size: int = 1  # finals; interim windows are decoded greedily
    tokens_per_second: float = 10.0
    extra_tokens: int = 10
    max_compression: float = 2.4
    min_log_probability: float = -1.2
    max_no_speech: float = 0.6


@dataclass(frozen=True, slots=True)
class _Try:
    """One decode of one window."""

    text: str
    log_probability: float
    no_speech: float
    times: Times
    looped: bool  # ran into the cap or compresses well: worthless as a whole
    stammers: bool  # says the same few characters again and again: doubtful at that place
    languages: Languages = ()


class WhisperEngine:
    """Any faster-whisper model directory behind the ``Engine`` interface.

    ``threads`` are computing threads a worker, ``workers`` how many threads may call ``decode`` at once.
    Raises ``ModelError`` when the directory holds no usable model.
    """

    def __init__(
        self,
        model_dir: Path,
        device: str = "cpu",
        compute_type: str = "int8",
        *,
        threads: int = 1,
        workers: int = 1,
        settings: WhisperSettings | None = None,
    ) -> None:
        self.settings = settings or WhisperSettings()
        self.name = f"{model_dir.name} {compute_type}"
        whisper = _load(model_dir, device, compute_type, threads=threads, workers=workers)
        self._model: ctranslate2.models.Whisper = whisper.model
        self._features = whisper.feature_extractor
        self._tokenizer = Tokenizer(
            whisper.hf_tokenizer, whisper.model.is_multilingual, task="transcribe", language=self.settings.language
        )
        self._prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        self._suppressed = list(get_suppressed_tokens(self._tokenizer, [-1]) or ())
        self._n_mels: int = whisper.model.n_mels

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        """One hypothesis for each window, in order. Windows of one padded length are decoded as one batch.

        Raises ``ValueError`` for a window longer than 30 s.
        """
        tries: list[list[_Try]] = [[] for _ in windows]
        due = list(range(len(windows)))
        for padding in self.settings.paddings:
            batches: dict[tuple[int, int, bool], list[int]] = defaultdict(list)
            for index in due:
                window = windows[index]
                frames, cap = self.padded_frames(window.seconds, padding), self._token_cap(window.seconds)
                batches[frames, cap, window.final].append(index)
            for (frames, cap, final), indices in batches.items():
                batch = self._decode_batch([windows[index] for index in indices], frames, cap, final)
                for index, result in zip(indices, batch, strict=True):
                    tries[index].append(result)
            due = [index for index in due if windows[index].final and self._worth_another_try(tries[index][-1])]
            if not due:
                break
        return [self._choose(results) for results in tries]

    def padded_frames(self, seconds: float, padding: float) -> int:
        """Mel frames a window of ``seconds`` is padded to; always even, and never a length that CTranslate2 misreads.

        ``Whisper.generate`` takes an encoder output as long as the number of mel bands for raw features and encodes it
        a second time (``src/models/whisper.cc``), so that length is skipped.
        """
        if seconds * SAMPLE_RATE > FULL_CONTEXT * HOP:
            raise ValueError(f"A window of {seconds:.1f} s is too long: Whisper takes 30 s at most.")
        grid = max(2, round(self.settings.grid * SAMPLE_RATE / HOP) // 2 * 2)
        wanted = (seconds + padding) * SAMPLE_RATE / HOP
        frames = int(-(-wanted // grid) * grid)
        if frames == 2 * self._n_mels:
            frames += grid
        return min(frames, FULL_CONTEXT)

    def _token_cap(self, seconds: float) -> int:
        """The same for all windows of one padded length, whatever the padding."""
        steps = math.ceil(seconds / self.settings.grid)
        return int(steps * self.settings.grid * self.settings.tokens_per_second) + self.settings.extra_tokens

    def _decode_batch(self, windows: Sequence[Window], frames: int, cap: int, final: bool) -> list[_Try]:
        settings = self.settings
        encoded = self._model.encode(
            ctranslate2.StorageView.from_array(np.stack([self._mel(window.audio, frames) for window in windows]))
        )
        max_length = min(len(self._prompt) + cap, TEXT_CONTEXT)
        results = self._model.generate(
            encoded,
            [self._prompt] * len(windows),
            beam_size=settings.beam_size if final else 1,
            max_length=max_length,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=self._suppressed,
        )
        tokens = [[token for token in result.sequences_ids[0] if token < self._tokenizer.eot] for result in results]
        pieces = [self._pieces(sequence) for sequence in tokens]
        times = self._align(encoded, tokens, pieces, [window.seconds for window in windows])
        languages: list[Languages] = languages_of(self._model, encoded) if final else [()] * len(windows)
        tries = []
        for result, sequence, split, spans, spoken in zip(results, tokens, pieces, times, languages, strict=True):
            text = "".join(piece for piece, _ in split)
            looped = len(sequence) >= max_length - len(self._prompt) or compression(text) > settings.max_compression
            # scores are a mean over the tokens without the end token (length penalty 1)
            log_probability = result.scores[0] * len(sequence) / (len(sequence) + 1)
            tries.append(_Try(text, log_probability, result.no_speech_prob, spans, looped, stammers(text), spoken))
        return tries

    def _mel(self, audio: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
        padded = np.zeros(frames * HOP, np.float32)
        padded[: len(audio)] = audio
        mel: NDArray[np.float32] = self._features(padded, padding=0)
        return mel.astype(np.float32, copy=False)

    def _pieces(self, tokens: list[int]) -> list[tuple[str, int]]:
        """The text of whole tokens: ``(text, number of tokens)``; a token that ends inside a character is dropped."""
        texts, groups = self._tokenizer.split_tokens_on_unicode(tokens)
        return [(text if "�" not in text else "", len(group)) for text, group in zip(texts, groups, strict=True)]

    def _align(
        self,
        encoded: Any,
        tokens: list[list[int]],
        pieces: list[list[tuple[str, int]]],
        seconds: list[float],
    ) -> list[Times]:
        """Times of every character by the cross-attention of the alignment heads and dynamic time warping."""
        if not any(tokens):
            return [()] * len(tokens)
        # a window without text still needs a row: the batch is encoded as one
        rows = [sequence or [self._tokenizer.no_timestamps] for sequence in tokens]
        frames = [max(2, min(int(length * SAMPLE_RATE / HOP), FULL_CONTEXT)) for length in seconds]
        aligned = self._model.align(encoded, self._tokenizer.sot_sequence, rows, frames)
        return [
            character_times(result.alignments, split, length) if sequence else ()
            for result, sequence, split, length in zip(aligned, tokens, pieces, seconds, strict=True)
        ]

    def _failed(self, result: _Try) -> bool:
        unlikely = bool(result.text) and result.log_probability < self.settings.min_log_probability
        return result.looped or result.stammers or unlikely

    def _worth_another_try(self, result: _Try) -> bool:
        return self._failed(result) and result.no_speech <= self.settings.max_no_speech

    def _choose(self, tries: list[_Try]) -> Hypothesis:
        """The first try that did not fail; else the likeliest that is not a loop; else nothing."""
        sound = [result for result in tries if not result.looped]
        if not sound:
            last = tries[-1]
            return Hypothesis("", (), last.log_probability, last.no_speech, tries[0].languages, reliable=False)
        best = next((r for r in sound if not self._failed(r)), max(sound, key=lambda r: r.log_probability))
        return Hypothesis(
            best.text,
            best.times,
            best.log_probability,
            best.no_speech,
            tries[0].languages,
            reliable=not best.stammers,
        )


def _load(model_dir: Path, device: str, compute_type: str, *, threads: int, workers: int) -> WhisperModel:
    if not model_dir.is_dir():
        raise ModelError(
            "model_missing",
            f"There is no speech model at {model_dir}.",
            "Run `assist models fetch` or correct the path.",
        )
    # faster-whisper would look for a missing tokenizer on the internet
    missing = [name for name in MODEL_FILES if not (model_dir / name).is_file()]
    if missing:
        raise ModelError(
            "model_incomplete",
            f"The speech model at {model_dir} lacks {', '.join(missing)}.",
            "Run `assist models verify`, then `assist models fetch`.",
        )
    try:
        return WhisperModel(
            str(model_dir),
            device=device,
            compute_type=compute_type,
            cpu_threads=threads,
            num_workers=workers,
            local_files_only=True,
        )
    except Exception as error:  # CTranslate2 and tokenizers raise bare RuntimeError, ValueError and Exception
        raise ModelError(
            "model_corrupt",
            f"The speech model at {model_dir} cannot be loaded on {device} as {compute_type}: {error}.",
            "Run `assist models verify`; if the files are sound, check `device` and `compute_type`.",
        ) from error


def compression(text: str) -> float:
    """How many times smaller ``text`` gets when compressed; loops compress well (Radford et al. 2022, 4.5)."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


_STAMMER = re.compile(r"([^\d\s]{1,6}?)\1{5}")


def stammers(text: str) -> bool:
    """Whether ``text`` says up to six characters six times running; digits may well repeat."""
    return _STAMMER.search(text) is not None


def character_times(path: Sequence[tuple[int, int]], pieces: Sequence[tuple[str, int]], seconds: float) -> Times:
    """Start and end of each character of the pieces' text, from a warping path of ``(token, encoder frame)``.

    A piece that spans several tokens starts with its first; several characters in a piece share its time evenly. Times
    never decrease and stay within ``[0, seconds]``.
    """
    onset: dict[int, float] = {}
    for token, frame in path:
        onset.setdefault(token, min(frame * 2 * HOP / SAMPLE_RATE, seconds))
    starts: list[float] = []
    token = 0
    for _, count in pieces:
        starts.append(max(onset.get(token, 0.0), starts[-1] if starts else 0.0))
        token += count
    starts.append(max(onset.get(token, seconds), starts[-1] if starts else 0.0))
    times: list[tuple[float, float]] = []
    for (text, _), (start, end) in zip(pieces, pairwise(starts), strict=True):
        step = (end - start) / max(1, len(text))
        times.extend((start + step * i, start + step * (i + 1)) for i in range(len(text)))
    return tuple(times)
