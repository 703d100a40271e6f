"""Streaming speech recognition: call audio in, utterances with the time of every character out.

The pieces, in the order of the road: ``audio`` (files, wire bytes, resampling) → ``vad`` and ``utterance`` (where
speech begins and ends) → ``recognizer`` and ``session`` (what to decode; what was heard as text), ``repair`` (names by
their sound) → ``decoder`` (batches of all calls) → an ``Engine``, here ``WhisperEngine``. ``transcribe`` runs a
recording down that road.

``WhisperEngine`` is not imported here, so that a program that decodes elsewhere need not load its libraries:
``from asr.whisper import WhisperEngine``.
"""

from asr.audio import PcmStream, Recording, check_format, load
from asr.decoder import Decoder
from asr.engine import SAMPLE_RATE, Engine, Hypothesis, Window
from asr.errors import AsrError, AudioError, EngineError, ModelError
from asr.recognizer import Recognizer, RecognizerSettings, Request
from asr.repair import Lexicon, as_heard
from asr.session import CallRecognizer
from asr.stream import transcribe, transcribe_chunks
from asr.text import Phantoms
from asr.transcript import Final, Partial, Repair, SpeechStarted, Times
from asr.utterance import UtteranceSettings

__all__ = [
    "SAMPLE_RATE",
    "AsrError",
    "AudioError",
    "CallRecognizer",
    "Decoder",
    "Engine",
    "EngineError",
    "Final",
    "Hypothesis",
    "Lexicon",
    "ModelError",
    "Partial",
    "PcmStream",
    "Phantoms",
    "Recognizer",
    "RecognizerSettings",
    "Recording",
    "Repair",
    "Request",
    "SpeechStarted",
    "Times",
    "UtteranceSettings",
    "Window",
    "as_heard",
    "check_format",
    "load",
    "transcribe",
    "transcribe_chunks",
]
