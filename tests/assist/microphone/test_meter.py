"""How loud it is, and when silence is worth a warning."""

from __future__ import annotations

import numpy as np
import pytest

from assist.microphone.meter import FLOOR, Meter

RATE = 8_000


def sound(peak: int, seconds: float) -> bytes:
    samples = np.zeros(round(seconds * RATE), "<i2")
    samples[::7] = peak
    return samples.tobytes()


def both(left: bytes, right: bytes) -> bytes:
    return np.stack([np.frombuffer(left, "<i2"), np.frombuffer(right, "<i2")], axis=1).tobytes()


@pytest.mark.parametrize(("peak", "level"), [(-32768, 0.0), (16384, -6.02), (328, -39.99), (1, FLOOR), (0, FLOOR)])
def test_the_level_is_that_of_the_loudest_sample(peak: int, level: float) -> None:
    meter = Meter(RATE, 1)
    meter.hear(sound(peak, 0.05))
    assert meter.levels[0] == pytest.approx(level, abs=0.01)


def test_silence_from_the_beginning_is_told_once_after_five_seconds() -> None:
    meter = Meter(RATE, 1)
    warned = [bool(meter.hear(sound(2, 0.5))) for _ in range(40)]
    assert warned.index(True) == 9
    assert sum(warned) == 1
    assert meter.silent_seconds(0) == 20.0


def test_who_only_listens_for_a_while_is_not_told() -> None:
    meter = Meter(RATE, 1)
    meter.hear(sound(3_000, 1.0))
    assert not any(meter.hear(sound(0, 1.0)) for _ in range(29))
    assert meter.hear(sound(0, 1.0)) == [0]
    meter.hear(sound(3_000, 1.0))
    assert meter.silent_seconds(0) == 0.0


def test_the_noise_of_a_quiet_room_is_no_silence() -> None:
    meter = Meter(RATE, 1)
    assert not any(meter.hear(sound(25, 1.0)) for _ in range(60))


def test_each_channel_is_heard_for_itself() -> None:
    meter = Meter(RATE, 2)
    assert meter.hear(both(sound(9_000, 6.0), sound(0, 6.0))) == [1]
    assert meter.levels[0] > meter.levels[1] == FLOOR


def test_nothing_is_not_silence() -> None:
    meter = Meter(RATE, 2)
    assert meter.hear(b"") == []
