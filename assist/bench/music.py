"""Hold music, made from notes: melody, harmony, bass and drums in several timbres, each tune the same in every run.

Tunes are old enough to belong to nobody. A note is a name with its octave and its length in beats: ``E4:1`` is one
beat of E4, ``-:1`` a rest. The leads that bow and hum glide, vibrate and have the resonances of a voice: they are what
a detector of speech most easily takes for one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float64]

_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
# of a voice that hums "ah": centre and width in Hz
_RESONANCES = ((730.0, 90.0), (1090.0, 110.0), (2440.0, 160.0), (3200.0, 220.0))


@dataclass(frozen=True, slots=True)
class Tune:
    """``lead`` plays ``melody``; ``chords`` (roots with ``m`` for minor) last ``bar`` beats each."""

    melody: str
    chords: str
    beats_a_minute: float
    lead: str
    bar: int = 4
    drums: bool = True


TUNES = {
    "茉莉花": Tune(
        "E4:.5 E4:.5 G4:.5 A4:.5 C5:.5 C5:.5 A4:.5 G4:.5 G4:.5 A4:.5 G4:1 -:1 E4:.5 E4:.5 G4:.5 A4:.5 C5:.5 C5:.5 A4:.5"
        " G4:.5 G4:.5 A4:.5 G4:1 -:1 G4:1 G4:1 G4:.5 E4:.5 G4:1 A4:1 A4:1 G4:2 E4:1 D4:.5 E4:.5 G4:1 E4:.5 D4:.5 C4:1"
        " C4:.5 D4:.5 C4:2",
        "C F C Am F G C C G C",
        84,
        "bowed",
        drums=False,
    ),
    "致爱丽丝": Tune(
        "E5:.5 D#5:.5 E5:.5 D#5:.5 E5:.5 B4:.5 D5:.5 C5:.5 A4:1.5 C4:.5 E4:.5 A4:.5 B4:1.5 E4:.5 G#4:.5 B4:.5 C5:1.5"
        " E4:.5 E5:.5 D#5:.5 E5:.5 D#5:.5 E5:.5 B4:.5 D5:.5 C5:.5 A4:1.5 C4:.5 E4:.5 A4:.5 B4:1.5 E4:.5 C5:.5 B4:.5"
        " A4:2",
        "Am Am Am E Am Am Am E Am",
        140,
        "plucked",
        bar=3,
        drums=False,
    ),
    "欢乐颂": Tune(
        "E4:1 E4:1 F4:1 G4:1 G4:1 F4:1 E4:1 D4:1 C4:1 C4:1 D4:1 E4:1 E4:1.5 D4:.5 D4:2 E4:1 E4:1 F4:1 G4:1 G4:1 F4:1 "
        "E4:1 D4:1 C4:1 C4:1 D4:1 E4:1 D4:1.5 C4:.5 C4:2",
        "C G Am G C G Am C",
        116,
        "blown",
    ),
    "绿袖子": Tune(
        "A4:1 C5:2 D5:1 E5:1.5 F5:.5 E5:1 D5:2 B4:1 G4:1.5 A4:.5 B4:1 C5:2 A4:1 A4:1.5 G#4:.5 A4:1 B4:2 G#4:1 E4:2 A4:1"
        " C5:2 D5:1 E5:1.5 F5:.5 E5:1 D5:2 B4:1 G4:1.5 A4:.5 B4:1 C5:1.5 B4:.5 A4:1 G#4:1.5 F#4:.5 G#4:1 A4:3",
        "Am Am G G Am Am E E Am Am G G Am E Am",
        108,
        "hummed",
        bar=3,
        drums=False,
    ),
    "卡农": Tune(
        "F#4:2 E4:2 D4:2 C#4:2 B3:2 A3:2 B3:2 C#4:2 D4:1 F#4:1 A4:1 G4:1 F#4:1 D4:1 F#4:1 E4:1 D4:1 B3:1 D4:1 A4:1 "
        "G4:1 B4:1 A4:1 G4:1",
        "D A Bm F#m G D G A",
        96,
        "bowed",
        bar=2,
    ),
    "节拍": Tune(
        "C4:.25 -:.25 E4:.25 G4:.5 A4:.25 G4:.5 E4:.25 -:.25 D4:.25 E4:.5 C4:.25 A3:.5 C4:.25 -:.25 F4:.25 A4:.5 "
        "C5:.25 A4:.5 G4:.25 -:.25 F4:.25 E4:.5 D4:.25 C4:.5",
        "C Am F G",
        118,
        "blown",
    ),
    "哼唱": Tune(
        "G3:2 A3:1 G3:1 E3:3 -:1 G3:2 A3:1 G3:1 E3:3 -:1 D4:3 D4:1 B3:3 -:1 C4:3 C4:1 G3:3 -:1",
        "C C C C G G C C",
        88,
        "hummed",
    ),
}


def hold_music(name: str, rate: int, seconds: float) -> Samples:
    """The tune ``name`` of `TUNES`, over and over, ``seconds`` long at ``rate`` Hz; peak 1."""
    tune = TUNES[name]
    beat = 60 / tune.beats_a_minute
    once = 0.55 * _played(_notes(tune.melody), _LEADS[tune.lead], rate, beat)
    chords = _harmony(tune, rate, beat)
    length = max(len(once), len(chords))
    once = np.pad(once, (0, length - len(once))) + np.pad(chords, (0, length - len(chords)))
    if tune.drums:
        once += _drums(rate, beat, length)
    whole = np.tile(once, int(np.ceil(seconds * rate / length)))[: round(seconds * rate)]
    loudest: Samples = whole / np.abs(whole).max()
    return loudest


def resonated(samples: Samples, centre: float, width: float, rate: int) -> Samples:
    """``samples`` through a resonance of two poles at ``centre`` Hz, ``width`` Hz wide."""
    radius = np.exp(-np.pi * width / rate)
    delay = np.exp(-2j * np.pi * np.fft.rfftfreq(2 * len(samples)))
    response = (1 - radius) / (1 - 2 * radius * np.cos(2 * np.pi * centre / rate) * delay + (radius * delay) ** 2)
    passed: Samples = np.fft.irfft(np.fft.rfft(samples, 2 * len(samples)) * response)[: len(samples)]
    return passed


def _notes(text: str) -> list[tuple[float, float]]:
    """``(Hz, beats)`` of each note; 0 Hz for a rest."""
    notes = []
    for word in text.split():
        name, _, beats = word.partition(":")
        notes.append((0.0 if name == "-" else _pitch(name[:-1], int(name[-1])), float(beats)))
    return notes


def _pitch(name: str, octave: int) -> float:
    return float(440 * 2 ** ((_STEPS[name[0]] + name.count("#") - 9) / 12 + octave - 4))


def _played(
    notes: list[tuple[float, float]], instrument: Callable[[float, int, int], Samples], rate: int, beat: float
) -> Samples:
    parts = []
    for pitch, beats in notes:
        count = round(beats * beat * rate)
        parts.append(instrument(pitch, count, rate) if pitch else np.zeros(count))
    return np.concatenate(parts)


def _harmony(tune: Tune, rate: int, beat: float) -> Samples:
    """A soft chord a bar, broken on a plucked instrument, over its root in the bass."""
    bars = []
    for chord in tune.chords.split():
        minor = chord.endswith("m")
        root = _pitch(chord.removesuffix("m"), 3)
        count = round(tune.bar * beat * rate)
        bar = 0.25 * _plucked(root / 2, count, rate)
        for index, step in enumerate((0, 3 if minor else 4, 7)):
            late = round(index * beat / 2 * rate)
            note = root * 2 ** (step / 12)
            bar[late:] += 0.16 * _plucked(note, count - late, rate) + 0.05 * _pad(note, count, rate)[late:]
        bars.append(bar)
    return np.concatenate(bars)


def _drums(rate: int, beat: float, length: int) -> Samples:
    rng = np.random.default_rng(7)
    drums = np.zeros(length)
    kick_clock = np.arange(round(0.18 * rate)) / rate
    kick = np.sin(2 * np.pi * (50 * kick_clock + 12 * (1 - np.exp(-kick_clock / 0.03)))) * np.exp(-kick_clock / 0.06)
    hat = rng.normal(0, 0.25, round(0.06 * rate)) * np.exp(-np.arange(round(0.06 * rate)) / rate / 0.015)
    snare = rng.normal(0, 0.35, round(0.15 * rate)) * np.exp(-np.arange(round(0.15 * rate)) / rate / 0.05)
    for number in range(int(length / (beat / 2 * rate)) + 1):
        hit = (kick, hat, snare, hat)[number % 4]
        at = round(number * beat / 2 * rate)
        end = min(length, at + len(hit))
        drums[at:end] += 0.35 * hit[: max(0, end - at)]
    return drums


def _swell(count: int, rate: int, rise: float = 0.03, fall: float = 0.05) -> Samples:
    edge = np.arange(count) / rate
    return np.minimum(1.0, np.minimum(edge / rise, edge[::-1] / fall))


def _plucked(pitch: float, count: int, rate: int) -> Samples:
    """Harmonics that die away, the high ones sooner, as of a piano or a zither."""
    clock = np.arange(count) / rate
    harmonics = range(1, max(2, min(12, int(rate / 2 / pitch))))
    tone = sum(
        (np.sin(2 * np.pi * h * pitch * clock) * np.exp(-clock * (1.5 + 0.9 * h)) / h for h in harmonics), 0 * clock
    )
    return tone * _swell(count, rate, 0.003)


def _pad(pitch: float, count: int, rate: int) -> Samples:
    clock = np.arange(count) / rate
    harmonics = range(1, max(2, min(10, int(rate / 2 / pitch))))
    tone = sum((np.sin(2 * np.pi * h * pitch * clock + h) / h for h in harmonics), 0 * clock)
    return tone * _swell(count, rate, 0.2, 0.2)


def _sung_phase(pitch: float, count: int, rate: int, depth: float) -> Samples:
    """A phase that slides up to the note and then vibrates about five times a second."""
    clock = np.arange(count) / rate
    cents = 60 * depth * np.sin(2 * np.pi * 5.3 * clock) * np.minimum(1, clock / 0.3) - 150 * np.exp(-clock / 0.04)
    phase: Samples = 2 * np.pi * np.cumsum(pitch * 2 ** (cents / 1200)) / rate
    return phase


def _blown(pitch: float, count: int, rate: int) -> Samples:
    phase = _sung_phase(pitch, count, rate, 0.4)
    return (np.sin(phase) + 0.3 * np.sin(2 * phase) + 0.1 * np.sin(3 * phase)) * _swell(count, rate, 0.06)


def _bowed(pitch: float, count: int, rate: int) -> Samples:
    phase = _sung_phase(pitch, count, rate, 0.7)
    harmonics = range(1, max(2, min(16, int(rate / 2 / pitch / 1.05))))
    tone = sum((np.sin(h * phase) / h * (1.4 if h in (2, 3, 5) else 1) for h in harmonics), 0 * phase)
    return 0.6 * tone * _swell(count, rate, 0.08, 0.08)


def _hummed(pitch: float, count: int, rate: int) -> Samples:
    phase = _sung_phase(pitch, count, rate, 0.8)
    harmonics = range(1, max(2, int(rate / 2 / pitch / 1.05)))
    tone = sum((np.sin(h * phase) / h for h in harmonics), 0 * phase)
    voiced = np.zeros(count)
    for share, (centre, width) in zip((1.0, 0.6, 0.25, 0.1), _RESONANCES, strict=True):
        sounding = resonated(tone, centre, width, rate)
        voiced += share * sounding / (np.abs(sounding).max() or 1)
    return voiced * _swell(count, rate, 0.1, 0.1)


_LEADS: dict[str, Callable[[float, int, int], Samples]] = {
    "plucked": _plucked,
    "blown": _blown,
    "bowed": _bowed,
    "hummed": _hummed,
}
