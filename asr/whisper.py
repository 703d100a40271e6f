"""Whisper, fast on a CPU: windows of speech in, text with character times out.

Whisper pads every window to 30 s and pays for it; here the encoder sees the window and a little silence only ("reduced
context"). What that costs in safety is bought back by a cap on the number of tokens and a ladder of retries with more
context. CTranslate2 encodes, on a processor window by window, which fits the caches best; what makes text of that is
behind `asr.whisper_text`. Decoding is stateless and deterministic: the padded length, the token cap and the settings of
a window follow from the window alone, whatever else is in the batch.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections import defaultdict
from collections.abc import Hashable, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import get_suppressed_tokens

from asr.alignment import HOP, character_probabilities, character_times
from asr.engine import SAMPLE_RATE, Hypothesis, Unfinished, Window
from asr.errors import ModelError
from asr.rescoring import likelihoods
from asr.spectrogram import spectrogram
from asr.transcript import Alternative, Times
from asr.whisper_ct2 import Ct2TextDecoder
from asr.whisper_onnx import OnnxTextDecoder, Steering
from asr.whisper_text import Decoded, Languages, Search, TextDecoder
from asr.whisper_vocabulary import TokenMap, reduced
from models.call_decoder import CallDecoder
from models.model_bin import UnknownLayoutError
from models.trigrams import Trigrams
from models.whisper_onnx import graphs

FULL_CONTEXT = 3000  # mel frames: the 30 s Whisper was trained on
MOST_TOKENS = 224  # of a text: half of what the decoder has places for, as OpenAI's decoding and CTranslate2 keep it
MODEL_FILES = ("model.bin", "config.json", "tokenizer.json")
_OTHERS = 4  # readings of a final that are handed on beside the one that is taken
_LIKELIEST = Search(beams=1, margin=0.0, readings=1)  # token after token


@dataclass(frozen=True, slots=True)
class WhisperSettings:
    """How windows are decoded. Times in seconds.

    ``paddings`` is the ladder of finals: silence added behind the window at each try. ``grid``: padded lengths are
    rounded up to multiples of it, so that windows of like length share a batch. A try fails when it runs into the token
    cap, when its text compresses better than ``max_compression`` (a loop), when it stammers (the same few characters
    six times running), or when its mean log-probability is under ``min_log_probability`` in a window of ``doubt_from``
    seconds or more (what is doubted in shorter ones, more context does not mend); where the model hears no speech
    (``max_no_speech``) it is not tried again. Interim windows are decoded once, greedily, with a padding and
    grid of their own; what language they are in is asked from ``language_from`` seconds on. Finals are searched for
    with ``beam_size`` beams, none of them ``beam_margin`` nats behind the best; of the ``readings`` likeliest the one
    is taken that is likeliest by what was heard and, ``language_weight`` times, by how it is put (``rescoring_weight``
    times where the network tells that as well). The numbers come from `assist bench sweep`.
    """

    language: str = "zh"
    paddings: tuple[float, ...] = (3.84, 30.0)
    grid: float = 2.56
    beam_size: int = 4
    beam_margin: float = 2.0
    readings: int = 10
    interim_padding: float = 1.92
    interim_grid: float = 1.28
    tokens_per_second: float = 8.0
    extra_tokens: int = 10
    max_compression: float = 2.4
    min_log_probability: float = -0.7
    doubt_from: float = 2.5
    max_no_speech: float = 0.6
    language_from: float = 2.5
    language_weight: float = 0.4
    rescoring_weight: float = 0.5


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a window: its place among those decoded, its tokens, those of each piece of text, and their
    log-probability as a whole.
    """

    number: int
    tokens: list[int]
    pieces: list[tuple[str, int]]
    log_probability: float

    @property
    def text(self) -> str:
        return "".join(piece for piece, _ in self.pieces)

    @property
    def mean(self) -> float:
        """Per token, the end token included."""
        return self.log_probability / (len(self.tokens) + 1)


@dataclass(frozen=True, slots=True)
class _Try:
    """One decode of one window."""

    text: str
    log_probability: float
    no_speech: float
    times: Times
    probabilities: tuple[float, ...]
    alternatives: tuple[Alternative, ...]
    looped: bool  # ran into the cap or compresses well: worthless as a whole
    stammers: bool  # says the same few characters again and again: doubtful at that place
    languages: Languages = ()
    seconds: float = 0.0  # of the window


class WhisperEngine:
    """Any faster-whisper model directory behind the ``Engine`` interface.

    ``threads`` are computing threads a worker, ``workers`` how many threads may call ``decode`` at once. Unless
    ``whole_vocabulary``, the model writes Chinese and Latin letters only, which is quicker (`asr.whisper_vocabulary`).
    ``language_model`` tells how likely somebody is to say a reading of a final, and ``network`` beside it where that is
    given; without ``language_model`` what was heard alone decides.
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
        whole_vocabulary: bool = False,
        settings: WhisperSettings | None = None,
        language_model: Trigrams | None = None,
        network: CallDecoder | None = None,
    ) -> None:
        self.settings = settings or WhisperSettings()
        self._language_model, self._network = language_model, network
        self.name = f"{model_dir.name} {compute_type}"
        loaded = _load(
            model_dir, device, compute_type, threads=threads, workers=workers, whole_vocabulary=whole_vocabulary
        )
        whisper, self._tokens = loaded.whisper, loaded.tokens
        self._model: ctranslate2.models.Whisper = whisper.model
        self._features = whisper.feature_extractor
        self._tokenizer = Tokenizer(
            whisper.hf_tokenizer, whisper.model.is_multilingual, task="transcribe", language=self.settings.language
        )
        self._text = _text_decoder(loaded, self._tokenizer, threads)
        self._n_mels: int = whisper.model.n_mels

    def with_settings(self, settings: WhisperSettings) -> WhisperEngine:
        """The same model decoding otherwise, without loading it again; the language stays as it is."""
        other = copy(self)
        other.settings = replace(settings, language=self.settings.language)
        return other

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        """One hypothesis for each window, in order. Windows of one padded length are decoded as one batch.

        Raises ``ValueError`` for a window longer than 30 s.
        """
        return [
            self.finish(window, begun) if isinstance(begun, Unfinished) else begun
            for window, begun in zip(windows, self.begin(windows), strict=True)
        ]

    def begin(self, windows: Sequence[Window]) -> list[Hypothesis | Unfinished]:
        """As ``decode``, each window once: what should be tried again is `Unfinished`."""
        batches: dict[tuple[int, int, bool], list[int]] = defaultdict(list)
        for index, window in enumerate(windows):
            batches[self._shape(window, 0)].append(index)
        begun: dict[int, Hypothesis | Unfinished] = {}
        for (frames, cap, final), indices in batches.items():
            batch = self._decode_batch([windows[index] for index in indices], frames, cap, final)
            for index, result in zip(indices, batch, strict=True):
                again = final and len(self.settings.paddings) > 1 and self._worth_another_try(result)
                begun[index] = Unfinished((result,)) if again else self._choose([result])
        return [begun[index] for index in range(len(windows))]

    def finish(self, window: Window, unfinished: Unfinished) -> Hypothesis:
        """Decode ``window`` with more and more context until nothing speaks against what was heard."""
        tries: list[_Try] = list(unfinished.tries)
        for rung in range(len(tries), len(self.settings.paddings)):
            tries += self._decode_batch([window], *self._shape(window, rung))
            if not self._worth_another_try(tries[-1]):
                break
        return self._choose(tries)

    def padded_frames(self, seconds: float, padding: float, grid: float) -> int:
        """Mel frames a window of ``seconds`` is padded to; always even, and never a length that CTranslate2 misreads.

        ``Whisper.generate`` takes an encoder output as long as the number of mel bands for raw features and encodes it
        a second time (``src/models/whisper.cc``), so that length is skipped.
        """
        if seconds * SAMPLE_RATE > FULL_CONTEXT * HOP:
            raise ValueError(f"A window of {seconds:.1f} s is too long: Whisper takes 30 s at most.")
        step = max(2, round(grid * SAMPLE_RATE / HOP) // 2 * 2)
        wanted = (seconds + padding) * SAMPLE_RATE / HOP
        frames = int(-(-wanted // step) * step)
        if frames == 2 * self._n_mels:
            frames += step
        return min(frames, FULL_CONTEXT)

    def batch_key(self, window: Window) -> Hashable:
        """What windows must have in common to be decoded as one batch; nobody waits for others where that is no use."""
        return self._shape(window, 0) if self._text.batches else id(window)

    def _shape(self, window: Window, rung: int) -> tuple[int, int, bool]:
        """Mel frames, token cap and whether it is a final."""
        settings = self.settings
        grid = settings.grid if window.final else settings.interim_grid
        padding = settings.paddings[rung] if window.final else settings.interim_padding
        frames = self.padded_frames(window.seconds, padding, grid)
        # for the longest window of this padded length, so that all of them share a batch
        longest = max(frames * HOP / SAMPLE_RATE - padding, window.seconds)
        cap = min(math.ceil(longest * settings.tokens_per_second) + settings.extra_tokens, MOST_TOKENS)
        return frames, cap, window.final

    def _decode_batch(self, windows: Sequence[Window], frames: int, cap: int, final: bool) -> list[_Try]:
        settings = self.settings
        search = Search(settings.beam_size, settings.beam_margin, settings.readings) if final else _LIKELIEST
        asked = final or any(window.seconds >= settings.language_from for window in windows)
        decoded = self._text.decode(self._encode(windows, frames), search, limit=cap, languages=asked)
        readings = [self._readings(found, final=final) for found in decoded]
        chosen = [best.number for best, *_ in readings]
        aligned = self._text.align(decoded, chosen, [window.seconds for window in windows])
        tries = []
        for window, found, (best, *others), said in zip(windows, decoded, readings, aligned, strict=True):
            tries.append(
                _Try(
                    best.text,
                    best.mean,
                    found.no_speech,
                    character_times(said.path, best.pieces, window.seconds) if best.tokens else (),
                    character_probabilities(said.probabilities, best.pieces),
                    tuple(Alternative(other.text, other.mean) for other in others[:_OTHERS]),
                    len(best.tokens) >= cap or compression(best.text) > settings.max_compression,
                    stammers(best.text),
                    found.languages,
                    window.seconds,
                )
            )
        return tries

    def _readings(self, found: Decoded, *, final: bool) -> list[_Reading]:
        """What a window may say, likeliest first."""
        readings = []
        for number, written in enumerate(found.readings):
            tokens = self._tokens.to_text(written.tokens)
            readings.append(_Reading(number, tokens, self._pieces(tokens), written.log_probability))
        model = self._language_model
        if not final or model is None or not self.settings.language_weight or len(readings) == 1:
            return readings
        weight = self.settings.rescoring_weight if self._network else self.settings.language_weight
        said = likelihoods([one.text for one in readings], model, self._network)
        return sorted(readings, key=lambda one: one.log_probability + weight * said[one.number], reverse=True)

    def _encode(self, windows: Sequence[Window], frames: int) -> ctranslate2.StorageView:
        mels = [spectrogram(self._features, window.audio, frames)[np.newaxis] for window in windows]
        if self._model.device != "cpu":
            return self._model.encode(ctranslate2.StorageView.from_array(np.concatenate(mels)))
        encoded = [np.asarray(self._model.encode(ctranslate2.StorageView.from_array(mel))) for mel in mels]
        return ctranslate2.StorageView.from_array(np.concatenate(encoded))

    def _pieces(self, tokens: list[int]) -> list[tuple[str, int]]:
        """The text of whole tokens: ``(text, number of tokens)``; a token that ends inside a character is dropped."""
        texts, groups = self._tokenizer.split_tokens_on_unicode(tokens)
        return [(text if "�" not in text else "", len(group)) for text, group in zip(texts, groups, strict=True)]

    def _failed(self, result: _Try) -> bool:
        settings = self.settings
        doubted = result.text and result.seconds >= settings.doubt_from
        unlikely = bool(doubted) and result.log_probability < settings.min_log_probability
        return result.looped or result.stammers or unlikely

    def _worth_another_try(self, result: _Try) -> bool:
        return self._failed(result) and result.no_speech <= self.settings.max_no_speech

    def _choose(self, tries: list[_Try]) -> Hypothesis:
        """The first try that did not fail; else the likeliest that is not a loop; else nothing."""
        sound = [result for result in tries if not result.looped]
        if not sound:
            last = tries[-1]
            return Hypothesis(
                "",
                (),
                last.log_probability,
                last.no_speech,
                reliable=False,
                languages=tries[0].languages,
                tries=len(tries),
            )
        best = next((r for r in sound if not self._failed(r)), max(sound, key=lambda r: r.log_probability))
        return Hypothesis(
            best.text,
            best.times,
            best.log_probability,
            best.no_speech,
            reliable=not best.stammers,
            languages=tries[0].languages,
            probabilities=best.probabilities,
            alternatives=best.alternatives,
            tries=len(tries),
        )


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model in memory; ``files`` are those of its smaller vocabulary, None where it has all of it."""

    whisper: WhisperModel
    tokens: TokenMap
    directory: Path
    files: dict[str, bytes] | None
    on_processor: bool  # with 8-bit weights

    def file(self, name: str) -> bytes:
        """A file of the model as it was loaded."""
        return self.files[name] if self.files is not None else (self.directory / name).read_bytes()


def _load(
    model_dir: Path, device: str, compute_type: str, *, threads: int, workers: int, whole_vocabulary: bool
) -> _Loaded:
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
    files: dict[str, bytes] | None = None
    tokens: TokenMap | None = None
    try:
        if not whole_vocabulary:
            with suppress(UnknownLayoutError):  # such a model works as well, only slower
                files, tokens = reduced(model_dir)
        whisper = WhisperModel(
            str(model_dir),
            device=device,
            compute_type=compute_type,
            cpu_threads=threads,
            num_workers=workers + 1,  # one more for windows that are decoded again meanwhile
            local_files_only=True,
            files=files,
        )
        tokens = tokens or TokenMap(range(whisper.hf_tokenizer.get_vocab_size()))
        on_processor = whisper.model.device == "cpu" and compute_type == "int8"
        return _Loaded(whisper, tokens, model_dir, files, on_processor)
    except Exception as error:  # CTranslate2 and tokenizers raise bare RuntimeError, ValueError and Exception
        raise ModelError(
            "model_corrupt",
            f"The speech model at {model_dir} cannot be loaded on {device} as {compute_type}: {error}.",
            "Run `assist models verify`; if the files are sound, check `device` and `compute_type`.",
        ) from error


def _text_decoder(loaded: _Loaded, tokenizer: Tokenizer, threads: int) -> TextDecoder:
    """What writes the text: ONNX Runtime where it is quicker and knows the model's layout, else CTranslate2."""
    prompt = loaded.tokens.to_model([*tokenizer.sot_sequence, tokenizer.no_timestamps])
    steers = range(tokenizer.eot + 1, loaded.whisper.hf_tokenizer.get_vocab_size())
    never = loaded.tokens.to_model(sorted({*(get_suppressed_tokens(tokenizer, [-1]) or ()), *steers}))
    if loaded.on_processor:
        with suppress(UnknownLayoutError):
            config = json.loads(loaded.file("config.json"))
            if "alignment_heads" not in config:
                raise UnknownLayoutError("config.json names no alignment_heads")
            [end, no_speech] = loaded.tokens.to_model([tokenizer.eot, tokenizer.no_speech])
            languages = [
                (number, loaded.whisper.hf_tokenizer.id_to_token(loaded.tokens.to_text([number])[0]))
                for number in config.get("lang_ids", ())
            ]
            steering = Steering(prompt, never, config.get("suppress_ids_begin", ()), end, no_speech, languages)
            scored = 1 + max(end, no_speech, *(number for number, _ in languages))  # behind them stand Whisper's times
            made = graphs(loaded.file("model.bin"), config["alignment_heads"], never, scored)
            return OnnxTextDecoder(made, steering, threads)
    return Ct2TextDecoder(loaded.whisper.model, prompt, never)


def compression(text: str) -> float:
    """How many times smaller ``text`` gets when compressed; loops compress well (Radford et al. 2022, 4.5)."""
    data = text.encode()
    return len(data) / len(zlib.compress(data)) if data else 0.0


_STAMMER = re.compile(r"([^\d\s]{1,6}?)\1{5}")


def stammers(text: str) -> bool:
    """Whether ``text`` says up to six characters six times running; digits may well repeat."""
    return _STAMMER.search(text) is not None
