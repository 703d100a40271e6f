"""Which device is used, at which rate, and what is told where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from assist.microphone.devices import Device, MicrophoneError, backend, choose, open_device
from tests.assist.microphone.scripted_microphone import ScriptedMicrophone

HEADSET = Device(3, "USB Headset: Audio (hw:1,0)", 1, 44_100, default=False)
ARRAY = Device(5, "Built-in Audio (hw:0,0)", 2, 48_000, default=True)


@pytest.mark.parametrize(
    ("wanted", "found"), [(None, ARRAY), ("3", HEADSET), ("headset", HEADSET), ("Built-in Audio (hw:0,0)", ARRAY)]
)
def test_a_device_is_found_by_number_or_words_of_its_name(wanted: str | None, found: Device) -> None:
    assert choose([HEADSET, ARRAY], wanted) is found


def test_the_first_stands_in_where_no_device_is_the_default() -> None:
    assert choose([HEADSET], None) is HEADSET


@pytest.mark.parametrize(
    ("devices", "wanted", "told"),
    [
        ([], None, "no input device"),
        ([HEADSET, ARRAY], "7", "no input device; name one of: 3 USB Headset"),
        ([HEADSET, ARRAY], "audio", "several input devices"),
    ],
)
def test_what_cannot_be_chosen_is_told(devices: list[Device], wanted: str | None, told: str) -> None:
    with pytest.raises(MicrophoneError, match=told):
        choose(devices, wanted)


@pytest.mark.parametrize(
    ("rates", "asked", "used"), [({16_000}, None, 16_000), ({44_100}, None, 44_100), ({8_000, 16_000}, 8_000, 8_000)]
)
def test_recognitions_own_rate_is_asked_for_before_the_devices(rates: set[int], asked: int | None, used: int) -> None:
    microphones = ScriptedMicrophone(HEADSET, rates=rates)
    assert open_device(microphones, HEADSET, asked, 1, lambda data, overflowed: None)[1] == used


def test_a_rate_or_channels_that_the_device_does_not_have_are_told() -> None:
    microphones = ScriptedMicrophone(HEADSET, rates={44_100})
    with pytest.raises(MicrophoneError, match=r"does not work at 8000 Hz; its own rate is 44100 Hz"):
        open_device(microphones, HEADSET, 8_000, 1, lambda data, overflowed: None)
    with pytest.raises(MicrophoneError, match=r"has 1 input channel"):
        open_device(microphones, HEADSET, None, 2, lambda data, overflowed: None)


def test_what_is_to_be_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "without_library.py").write_text("raise OSError('PortAudio library not found')")
    (tmp_path / "fit.py").write_text("class Microphones: pass")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(MicrophoneError, match=r"pip install '\.\[mic\]'.*portaudio19-dev"):
        backend(["no_such_package", "no_such_package_either"])
    with pytest.raises(MicrophoneError, match="apt-get install libportaudio2"):
        backend(["without_library", "no_such_package"])
    assert type(backend(["no_such_package", "fit"])).__module__ == "fit"
