"""The speech engine that the configuration names, ready to decode."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import models
from asr.engine import Engine
from asr.whisper import WhisperEngine, WhisperSettings
from assist.config import Asr
from models.call_decoder import ARTEFACT, opened
from models.trigrams import OWN, Trigrams, load_trigrams

WHISPER = "whisper"
KNOWN_LANGUAGE = "zh"  # of the project's language model


def engine(settings: Asr) -> Engine:
    """The engine the configuration names: Whisper, or what ``module:function`` makes of the configuration's section
    ``asr`` (``docs/engines.md``). The module may lie in the working directory.

    Raises `models.ModelError` for one that is missing or damaged, `asr.errors.ModelError` for one that does not load.
    """
    if settings.engine == WHISPER:
        return whisper(settings)
    module, _, name = settings.engine.partition(":")
    if str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))  # a script's own folder is there, not the one it was started in
    try:
        make = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise models.ModelError(
            f"asr.engine is {settings.engine!r}, which cannot be imported: {error}. "
            f"It must be {WHISPER!r} or package.module:function."
        ) from error
    return _engine_of(settings.engine, make(settings))


def named(settings: Asr) -> str:
    """What `engine` loads, as the configuration names it: a model of Whisper, or ``module:function``."""
    return settings.model if settings.engine == WHISPER else settings.engine


def _engine_of(name: str, made: Any) -> Engine:
    """``made``, where it is an engine: what it lacks would else be told by the first call only."""
    lacks = [member for member in ("batch_key", "decode") if not callable(getattr(made, member, None))]
    if not isinstance(getattr(made, "name", None), str):
        lacks.insert(0, "name")
    if lacks:
        raise models.ModelError(
            f"asr.engine is {name!r}, which made a {type(made).__name__} without {', '.join(lacks)}: "
            "docs/engines.md says what an engine has."
        )
    engine: Engine = made
    return engine


def whisper(settings: Asr, decoding: WhisperSettings | None = None) -> WhisperEngine:
    """The Whisper model the configuration names; ``decoding`` is how it decodes where that is not as calls are.

    Raises as `engine` does.
    """
    directory, known = model_directory(settings), language_model(settings)
    network = opened(models.find(ARTEFACT)) if settings.rescoring and known else None
    try:
        return WhisperEngine(
            directory,
            settings.device,
            settings.compute_type,
            threads=settings.threads,
            workers=settings.workers,
            whole_vocabulary=settings.whole_vocabulary,
            settings=decoding or decoding_of(settings),
            language_model=known,
            network=network,
        )
    except ValueError as error:
        if "language code" not in str(error):
            raise
        raise models.ModelError(f"asr.language: {error}") from None


def decoding_of(settings: Asr) -> WhisperSettings:
    """How the configured model decodes: as it says itself where it is one of the project's."""
    known = models.artefacts().get(settings.model)
    own = dict(known.settings) if known else {}
    if "paddings" in own:
        own["paddings"] = tuple(own["paddings"])
    return WhisperSettings(
        language=settings.language, beam_size=settings.beam_size, language_weight=settings.language_weight, **own
    )


def language_model(settings: Asr) -> Trigrams | None:
    """What tells how callers put things; None where that does not count or the language is none it knows.

    Raises `models.ModelError` for a file that is missing or holds something else.
    """
    if not settings.language_weight or settings.language != KNOWN_LANGUAGE:
        return None
    path = Path(settings.language_model or OWN)
    try:
        with models.explained():
            return load_trigrams(path)
    except (OSError, ValueError) as error:
        raise models.ModelError(
            f"asr.language_model: {path} cannot be read ({error!r}). Make it with `assist models adapt-language`, "
            "leave asr.language_model empty for the project's own, or set asr.language_weight to 0 to do without."
        ) from error


def model_directory(settings: Asr) -> Path:
    """Where the model lies that the configuration names. Raises `models.ModelError` where it is not to be had."""
    if settings.model in models.artefacts():
        return models.find(settings.model)
    path = Path(settings.model)
    if path.is_dir():
        return path
    if not settings.allow_download:
        known = ", ".join(sorted(models.artefacts()))
        raise models.ModelError(
            f"asr.model is {settings.model!r}: neither a model of the project ({known}) nor a folder. "
            "A name that faster-whisper knows needs asr.allow_download: true and internet."
        )
    from faster_whisper import download_model  # noqa: PLC0415 - only where a download is allowed

    try:
        return Path(download_model(settings.model))
    except Exception as error:
        raise models.ModelError(f"faster-whisper cannot fetch {settings.model!r}: {error}") from error
