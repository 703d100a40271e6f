"""What a telephone line carries when nobody speaks, made from seeds: a kind of sound in, a recording out.

Tones follow the Chinese signalling plan (YD/T 1070, GF 002: 450 Hz; ringing 1 s on, 4 s off; busy 0.35 s on and off;
congestion 0.7 s), keys ITU-T Q.23, fax tones ITU-T T.30. Every sound passes 8 kHz G.711 A-law, as on the line.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from asr import g711
from asr.audio import Recording
from assist.bench.music import TUNES, Samples, hold_music, resonated

RATE = 8_000  # Hz
Sound: TypeAlias = Callable[[np.random.Generator, int], Samples]

_KEYS = {
    key: (low, high)
    for low, row in zip((697, 770, 852, 941), ("123", "456", "789", "*0#"), strict=True)
    for high, key in zip((1209, 1336, 1477), row, strict=True)
}


def recording(kind: str, seconds: float, seed: int = 0) -> Recording:
    """``seconds`` of the sound ``kind`` (a key of `SOUNDS`) as one channel of telephone audio."""
    rng = np.random.default_rng([seed, *kind.encode()])
    samples = np.clip(SOUNDS[kind](rng, round(seconds * RATE)), -1, 1)
    return Recording(telephone(samples.astype(np.float32))[:, None], RATE)


def telephone(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """8 kHz samples as they come out of a G.711 A-law line."""
    return g711.decode(g711.encode(samples, "alaw"), "alaw")


def _clock(count: int) -> Samples:
    return np.arange(count) / RATE


def _noise(rng: np.random.Generator, count: int, slope: float) -> Samples:
    """Noise whose power falls by ``slope`` × 10 dB a decade (0 white, 1 pink, 2 brown), of deviation 1."""
    spectrum = rng.normal(size=count // 2 + 1) + 1j * rng.normal(size=count // 2 + 1)
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[frequency < 20] = 0
    spectrum[frequency >= 20] *= frequency[frequency >= 20] ** (-slope / 2)
    noise = np.fft.irfft(spectrum, count)
    scaled: Samples = noise / noise.std()
    return scaled


def _band(samples: Samples, low: float, high: float) -> Samples:
    """What lies between ``low`` and ``high`` Hz, with soft edges."""
    frequency = np.maximum(1.0, np.fft.rfftfreq(len(samples), 1 / RATE))
    passed: Samples = np.fft.irfft(
        np.fft.rfft(samples) / np.sqrt((1 + (low / frequency) ** 4) * (1 + (frequency / high) ** 4)), len(samples)
    )
    return passed


def _steps(levels: tuple[float, ...], count: int) -> Samples:
    """One level after the other, each for an equal share of the time."""
    return np.repeat(levels, -(-count // len(levels)))[:count]


def _coloured(slope: float) -> Sound:
    return lambda rng, count: _noise(rng, count, slope) * _steps((0.003, 0.02, 0.08, 0.2), count)


def _silence(_: np.random.Generator, count: int) -> Samples:
    return np.zeros(count)


def _idle_line(rng: np.random.Generator, count: int) -> Samples:
    return 0.0004 * rng.normal(size=count)


def _tone(on: float, off: float, level: float = 0.2) -> Sound:
    def sound(_: np.random.Generator, count: int) -> Samples:
        clock = _clock(count)
        return level * np.sin(2 * np.pi * 450 * clock) * (clock % (on + off) < on)

    return sound


def _hum(rng: np.random.Generator, count: int) -> Samples:
    clock = _clock(count)
    tones = sum((np.sin(2 * np.pi * 50 * h * clock + rng.uniform(0, 6)) / h for h in range(1, 12)), 0 * clock)
    return tones * _steps((0.01, 0.05, 0.15), count) + 0.002 * rng.normal(size=count)


def _keys(rng: np.random.Generator, count: int) -> Samples:
    """Keys pressed as people dial: bursts of digits of uneven length, then a wait."""
    sound, at = np.zeros(count), 0
    while at < count:
        for key in rng.choice(list(_KEYS), rng.integers(3, 12)):
            length, gap = round(rng.uniform(0.06, 0.3) * RATE), round(rng.uniform(0.05, 0.35) * RATE)
            part = _clock(min(length, max(0, count - at)))
            low, high = _KEYS[key]
            level = rng.uniform(0.05, 0.25)
            sound[at : at + len(part)] = level * (np.sin(2 * np.pi * low * part) + np.sin(2 * np.pi * high * part))
            at += length + gap
        at += round(rng.uniform(1, 4) * RATE)
    return sound


def _fax(rng: np.random.Generator, count: int) -> Samples:
    """Calling tone (1100 Hz), answer tone (2100 Hz), 300 bit/s signalling, then the hiss of a page."""
    clock = _clock(count)
    calling = np.sin(2 * np.pi * 1100 * clock) * (clock % 3.5 < 0.5)
    answer = np.sin(2 * np.pi * 2100 * clock)
    bits = np.repeat(rng.integers(0, 2, count // 27 + 1), 27)[:count]
    signalling = np.sin(2 * np.pi * np.cumsum(np.where(bits, 1650, 1850)) / RATE)
    carrier = np.cos(2 * np.pi * 1700 * clock + np.pi / 2 * np.repeat(rng.integers(0, 4, count // 3 + 1), 3)[:count])
    phase = clock % 20
    return 0.2 * np.select([phase < 8, phase < 11, phase < 14], [calling, answer, signalling], carrier)


def _clicks(rng: np.random.Generator, count: int) -> Samples:
    """Crackle of a bad line: impulses, a few at a time."""
    impulses = np.where(rng.random(count) < 0.0008, rng.normal(0, 0.6, count), 0.0)
    crackle = np.convolve(impulses, 0.7 ** np.arange(24))[:count]
    return crackle + 0.003 * rng.normal(size=count)


def _dropouts(rng: np.random.Generator, count: int) -> Samples:
    """A mobile line that stutters: packets of noise, buzz and nothing."""
    block = RATE // 50
    kinds = rng.integers(0, 3, count // block + 1)
    loud = np.repeat(np.where(kinds == 0, 0.0, rng.uniform(0.01, 0.2, len(kinds))), block)[:count]
    buzz = np.sign(np.sin(2 * np.pi * 217 * _clock(count)))
    return loud * np.where(np.repeat(kinds == 1, block)[:count], buzz, rng.normal(size=count))


def _wind(rng: np.random.Generator, count: int) -> Samples:
    gusts = np.abs(_slow(rng, count, 0.7))
    return 0.25 * gusts * _noise(rng, count, 1.6)


def _breath(rng: np.random.Generator, count: int) -> Samples:
    """Breathing into the receiver, in and out, about every 4 s."""
    clock = _clock(count)
    envelope = np.maximum(0, np.sin(2 * np.pi * clock / 2.1)) ** 2 * (0.6 + 0.4 * np.sin(2 * np.pi * clock / 4.2))
    return 0.12 * envelope * _band(rng.normal(size=count), 350, 2600)


def _keyboard(rng: np.random.Generator, count: int) -> Samples:
    """Typing: two short knocks a key, each key of its own pitch."""
    sound, at = 0.001 * rng.normal(size=count), 0.0
    length = round(0.03 * RATE)
    decay = np.exp(-np.arange(length) / RATE / 0.006)
    while True:
        at += rng.exponential(0.16) + (rng.uniform(1, 3) if rng.random() < 0.05 else 0.04)
        for late, level in ((0.0, 0.2), (0.07, 0.12)):
            start = round((at + late) * RATE)
            if start + length >= count:
                return sound
            ring = np.sin(2 * np.pi * rng.uniform(900, 3000) * np.arange(length) / RATE)
            sound[start : start + length] += level * decay * (ring + rng.normal(size=length)) * rng.uniform(0.3, 1)


def _office(rng: np.random.Generator, count: int) -> Samples:
    """A room of people far away: murmur whose loudness moves like speech, ventilation, a telephone now and then."""
    clock = _clock(count)
    murmur = np.zeros(count)
    for centre in (300, 500, 700, 1200, 1800):
        murmur += np.abs(_slow(rng, count, 4.0)) * _band(rng.normal(size=count), centre * 0.8, centre * 1.25)
    ringing = np.sin(2 * np.pi * 1400 * clock) * (np.sin(2 * np.pi * 22 * clock) > 0) * (clock % 17 < 1.2)
    return 0.06 * murmur + 0.01 * _noise(rng, count, 1) + 0.02 * ringing + 0.3 * _keyboard(rng, count)


def _cough(rng: np.random.Generator, count: int) -> Samples:
    """Coughs and cleared throats: bursts of noise through the resonances of a mouth, no voice."""
    sound, at = 0.002 * rng.normal(size=count), 1.0
    while True:
        for _ in range(rng.integers(1, 4)):
            length = round(rng.uniform(0.15, 0.4) * RATE)
            start = round(at * RATE)
            if start + length >= count:
                return sound
            burst = rng.normal(size=length) * np.exp(-np.arange(length) / RATE / rng.uniform(0.05, 0.12))
            for centre in (rng.uniform(500, 900), rng.uniform(1300, 1800)):
                burst = 0.4 * burst + resonated(burst, centre, 220, RATE)
            sound[start : start + length] += rng.uniform(0.2, 0.6) * burst / np.abs(burst).max()
            at += length / RATE + rng.uniform(0.05, 0.3)
        at += rng.uniform(2, 6)


def _traffic(rng: np.random.Generator, count: int) -> Samples:
    """A street: rumble that swells, and horns of two tones."""
    clock = _clock(count)
    rumble = 0.1 * (0.3 + np.abs(_slow(rng, count, 0.2))) * _noise(rng, count, 2)
    sound = rumble + 0.02 * rng.normal(size=count)
    for start in np.arange(2, count / RATE, 7.0):
        low = rng.uniform(350, 500)
        horn = np.sign(np.sin(2 * np.pi * low * clock)) + np.sign(np.sin(2 * np.pi * low * 1.25 * clock))
        sound += 0.07 * horn * ((clock >= start) & (clock < start + rng.uniform(0.2, 0.9)))
    return sound


def _alarm(rng: np.random.Generator, count: int) -> Samples:
    """Sirens that glide and reversing lorries that beep, one after the other."""
    clock = _clock(count)
    glide = 2 * np.pi * np.cumsum(900 + 400 * np.sin(2 * np.pi * clock / 3)) / RATE
    beep = np.sin(2 * np.pi * 1250 * clock) * (clock % 1 < 0.5)
    siren = np.sin(glide) + 0.3 * np.sin(2 * glide)
    return np.where(clock % 24 < 12, 0.15 * siren, 0.15 * beep) + 0.005 * rng.normal(size=count)


def _slow(rng: np.random.Generator, count: int, hertz: float) -> Samples:
    """A curve that wanders about ``hertz`` times a second, with a standard deviation of 1."""
    knots = rng.normal(size=int(count / RATE * hertz * 2) + 3)
    return np.interp(np.arange(count) / RATE * hertz * 2, np.arange(len(knots)), knots)


def _music(name: str) -> Sound:
    return lambda rng, count: rng.uniform(0.1, 0.4) * hold_music(name, RATE, count / RATE)


SOUNDS: dict[str, Sound] = {
    "silence": _silence,
    "idle line": _idle_line,
    "white noise": _coloured(0),
    "pink noise": _coloured(1),
    "brown noise": _coloured(2),
    "hum": _hum,
    "clicks": _clicks,
    "dropouts": _dropouts,
    "ringing": _tone(1.0, 4.0),
    "busy": _tone(0.35, 0.35),
    "congestion": _tone(0.7, 0.7),
    "keys": _keys,
    "fax": _fax,
    "wind": _wind,
    "breath": _breath,
    "cough": _cough,
    "keyboard": _keyboard,
    "office": _office,
    "traffic": _traffic,
    "alarm": _alarm,
    **{f"music {name}": _music(name) for name in TUNES},
}
