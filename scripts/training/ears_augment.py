"""What a call does to a voice, drawn anew each time a clip is trained on: another speaker's pitch, a room, a line.

``augment(samples, rng, others)`` takes a clip of float32 at 16 kHz and gives one; the same generator state gives the
same samples. In the order of the world: the voice, somebody else's words, the room, pauses, noise, the microphone's
level, then the line (telephone band, G.711 A-law or mu-law at 8 kHz, frames lost or coarsely coded as on mobiles).
`another_throat` changes what Whisper sees of a clip as a longer or shorter throat would.
NumPy and soxr only; a clip of 5 s takes a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from asr import g711

Samples = NDArray[np.float32]
RATE, LINE_RATE = 16_000, 8_000  # Hz
SPEED = (0.88, 1.12)  # of speech and, with it, of pitch
BEFORE, AFTER = (0.0, 0.5), (0.1, 0.8)  # seconds of pause around the words
CUT = 0.08  # seconds of the first syllable that may be missing
SNR = (5.0, 30.0)  # dB
LEVEL = (-25.0, 3.0)  # dB of the peak
THROATS = (0.88, 1.14)  # times the frequencies of the resonances
NOISES = ("white", "pink", "street", "babble", "hum")
_FRAME = LINE_RATE // 50  # a mobile's frame of 20 ms


def augment(samples: Samples, rng: np.random.Generator, others: Sequence[Samples] = ()) -> Samples:
    """``samples`` as they may come out of a call, in [-1, 1]; ``others`` are clips that may be heard behind them."""
    voice = at_speed(samples, rng.uniform(*SPEED)) if rng.random() < 0.8 else samples.astype(np.float32)
    if rng.random() < 0.3:
        voice = voice[int(rng.uniform(0, CUT) * RATE) :]
    if others and rng.random() < 0.12:
        voice = overlapped(voice, others[rng.integers(len(others))], rng)
    if rng.random() < 0.25:
        voice = reverberant(voice, rng.uniform(0.08, 0.35), rng)
    level = _loudness(voice)
    sound = np.concatenate((_pause(rng, *BEFORE), voice, _pause(rng, *AFTER)))
    if rng.random() < 0.65:
        kind = NOISES[rng.integers(len(NOISES))]
        behind = noise(kind if others or kind != "babble" else "pink", len(sound), rng, others)
        sound = sound + level * 10 ** (-rng.uniform(*SNR) / 20) * behind
    sound = at_level(sound, rng.uniform(*LEVEL))
    return line(sound, rng) if rng.random() < 0.85 else sound.astype(np.float32)


def at_speed(samples: Samples, factor: float) -> Samples:
    """Played ``factor`` times as quickly: shorter and higher."""
    played: Samples = soxr.resample(samples.astype(np.float32), RATE * factor, RATE, "LQ")
    return played


def overlapped(samples: Samples, other: Samples, rng: np.random.Generator) -> Samples:
    """With the end of ``other`` over the beginning, or its beginning over the end, 6 to 18 dB below."""
    length = min(len(samples) // 3, len(other), int(rng.uniform(0.15, 0.8) * RATE))
    mixed = samples.copy()
    if not length:
        return mixed
    gain = _loudness(samples) / _loudness(other) * 10 ** (-rng.uniform(6, 18) / 20)
    if rng.random() < 0.5:
        mixed[:length] += gain * other[-length:]
    else:
        mixed[-length:] += gain * other[:length]
    return mixed


def reverberant(samples: Samples, seconds: float, rng: np.random.Generator) -> Samples:
    """In a room whose sound falls by 60 dB in ``seconds``, as loud and as long as before."""
    clock = np.arange(int(seconds * RATE), dtype=np.float32) / RATE
    tail = rng.standard_normal(len(clock), dtype=np.float32) * np.exp(-6.9 / seconds * clock)
    tail *= rng.uniform(0.3, 0.8) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    size = _fft_size(len(samples) + len(tail))
    heard = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)[: len(samples)]
    return (heard * (_loudness(samples) / _loudness(heard))).astype(np.float32)


def noise(kind: str, count: int, rng: np.random.Generator, others: Sequence[Samples] = ()) -> Samples:
    """``count`` samples of background (one of `NOISES`) of deviation 1; babble needs ``others``."""
    if kind == "white":
        return rng.standard_normal(count, dtype=np.float32)
    if kind == "babble":
        behind = np.zeros(count, np.float32)
        for _ in range(rng.integers(2, 6)):
            other = others[rng.integers(len(others))]
            behind += np.resize(np.roll(other, rng.integers(len(other))), count) / _loudness(other)
    elif kind == "hum":
        cycle = RATE // 50
        tone = 2 * np.pi * np.arange(cycle, dtype=np.float32) * (50 / RATE)
        period = sum(rng.uniform(0.1, 1) / harmonic * np.sin(harmonic * tone) for harmonic in range(1, 8))
        behind = np.resize(np.asarray(period, np.float32), count) + 0.1 * rng.standard_normal(count, dtype=np.float32)
    else:
        behind = _shaped(rng.standard_normal(count, dtype=np.float32), 0.5 if kind == "pink" else rng.uniform(0.6, 1))
        if kind == "street":  # traffic swells about once in two seconds
            knots = np.abs(rng.standard_normal(count // RATE + 3))
            behind = behind * (0.3 + np.interp(np.arange(count) / RATE, np.arange(len(knots)), knots))
    return (behind / max(1e-9, float(np.std(behind)))).astype(np.float32)


def at_level(samples: Samples, decibels: float) -> Samples:
    """With the peak at ``decibels`` of full scale; what is above is clipped."""
    peak = max(1e-9, float(np.abs(samples).max(initial=0.0)))
    return np.clip(samples * (10 ** (decibels / 20) / peak), -1, 1).astype(np.float32)


def line(samples: Samples, rng: np.random.Generator) -> Samples:
    """Through a telephone line and back to 16 kHz."""
    narrow = soxr.resample(samples, RATE, LINE_RATE, "MQ")
    narrow = _banded(narrow, rng.uniform(150, 350), rng.uniform(3000, 3700), rng.uniform(2, 8))
    if rng.random() < 0.25:
        narrow = coarse(narrow, rng)
    if rng.random() < 0.15:
        narrow = lossy(narrow, rng)
    law = rng.random()
    if law < 0.85:
        name: g711.Law = "alaw" if law < 0.6 else "mulaw"
        narrow = g711.decode(g711.encode(narrow, name), name)
    heard: Samples = np.clip(soxr.resample(narrow, LINE_RATE, RATE, "MQ"), -1, 1)
    return heard


def coarse(narrow: Samples, rng: np.random.Generator) -> Samples:
    """As a mobile codec at a low rate sounds: above some 1 to 2 kHz, levels in steps and phases forgotten.

    ``narrow`` is at 8 kHz; frames of 20 ms, half overlapping, are changed in their spectra.
    """
    frames, window = _frames(narrow)
    spectra = np.fft.rfft(frames * window, axis=1)
    first = int(rng.uniform(1000, 2200) / LINE_RATE * 2 * _FRAME)
    high = spectra[:, first:]
    step = rng.uniform(0.3, 0.8)  # natural-log units: 3 to 7 dB
    loud = np.exp(np.round(np.log(np.abs(high) + 1e-6) / step) * step)
    phase = np.angle(high) + rng.uniform(0, 0.8) * rng.standard_normal(high.shape)
    spectra[:, first:] = loud * np.exp(1j * phase)
    whole = np.zeros((len(frames) + 1, _FRAME))
    parts = np.fft.irfft(spectra, axis=1) * window
    whole[:-1] += parts[:, :_FRAME]
    whole[1:] += parts[:, _FRAME:]
    return whole.ravel()[: len(narrow)].astype(np.float32)


def lossy(narrow: Samples, rng: np.random.Generator) -> Samples:
    """Some frames of 20 ms at 8 kHz lost: silent, or the one before again and softer."""
    heard = narrow.copy()
    repeats = rng.random() < 0.6
    for frame in np.flatnonzero(rng.random(len(narrow) // _FRAME) < rng.uniform(0.005, 0.03)):
        start, end = frame * _FRAME, (frame + 1) * _FRAME
        heard[start:end] = 0.7 * heard[start - _FRAME : start] if repeats and frame else 0.0
    return heard


def another_throat(mel: Samples, factor: float) -> Samples:
    """Log-mel features ``[mels, frames]`` with the frequencies ``factor`` times as high and pitch and pace as they are
    (vocal tract length perturbation, Jaitly and Hinton 2013), in Slaney's mels up to 8 kHz as Whisper has them.
    """
    count = len(mel)
    centres = _hertz(np.arange(1, count + 1) * (_mels(RATE / 2) / (count + 1)))
    source = np.clip(_mels(centres / factor) / (_mels(RATE / 2) / (count + 1)) - 1, 0, count - 1)
    below = np.minimum(source.astype(int), count - 2)
    share = (source - below)[:, None].astype(np.float32)
    warped: Samples = (1 - share) * mel[below] + share * mel[below + 1]
    return warped


def _mels(hertz: Any) -> Any:
    """Slaney's scale: linear up to 1 kHz, 15 mels, then 27 mels for each factor of 6.4."""
    return np.where(hertz < 1000, hertz * 0.015, 15 + 27 / np.log(6.4) * np.log(np.maximum(hertz, 1000) / 1000))


def _hertz(mels: Any) -> Any:
    return np.where(mels < 15, mels / 0.015, 1000 * 6.4 ** ((mels - 15) / 27))


def _frames(narrow: Samples) -> tuple[Samples, Samples]:
    count = -(-len(narrow) // _FRAME)
    padded = np.zeros((count + 1) * _FRAME, np.float32)
    padded[: len(narrow)] = narrow
    halves = padded.reshape(-1, _FRAME)
    window = np.sin(np.pi * (np.arange(2 * _FRAME) + 0.5) / (2 * _FRAME)).astype(np.float32)
    return np.hstack((halves[:-1], halves[1:])), window


def _pause(rng: np.random.Generator, shortest: float, longest: float) -> Samples:
    """A pause in which only the line is heard, 50 to 80 dB below full scale."""
    hiss = 10 ** (-rng.uniform(50, 80) / 20)
    return (hiss * rng.standard_normal(int(rng.uniform(shortest, longest) * RATE))).astype(np.float32)


def _loudness(samples: Samples) -> float:
    """Root mean square where there is speech (above a tenth of the whole's)."""
    power = samples.astype(np.float32) ** 2
    heard = power[power > 0.01 * power.mean()] if len(power) else power
    return max(1e-6, float(np.sqrt(heard.mean()))) if len(heard) else 1e-6


def _shaped(white: Samples, slope: float) -> Samples:
    """``white`` noise whose amplitude falls with frequency to the power of ``slope``."""
    size = _fft_size(len(white))
    frequency = np.maximum(40.0, np.fft.rfftfreq(size, 1 / RATE))
    shaped: Samples = np.fft.irfft(np.fft.rfft(white, size) * frequency**-slope, size)[: len(white)]
    return shaped


def _banded(narrow: Samples, low: float, high: float, order: float) -> Samples:
    """What lies between ``low`` and ``high`` Hz at 8 kHz, with edges as steep as ``order``."""
    size = _fft_size(len(narrow))
    frequency = np.maximum(1.0, np.fft.rfftfreq(size, 1 / LINE_RATE))
    gain = 1 / np.sqrt((1 + (low / frequency) ** order) * (1 + (frequency / high) ** (4 * order)))
    return np.fft.irfft(np.fft.rfft(narrow, size) * gain, size)[: len(narrow)].astype(np.float32)


def _fft_size(count: int) -> int:
    """A length of small factors that holds ``count`` samples."""
    return max(2048, -(-count // 2048) * 2048)
