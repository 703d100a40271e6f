"""What can be measured on, and what is told about what cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile

from assist.bench.manifest import ManifestError, Spoken, read
from assist.bench.sound import cut, sound


@pytest.fixture
def clip(samples: Path, tmp_path: Path) -> Path:
    """Three seconds of a real call, both channels."""
    audio, rate = soundfile.read(samples / "dev-001.flac", frames=24_000, dtype="int16")
    soundfile.write(tmp_path / "clip.wav", audio, rate)
    return tmp_path / "clip.wav"


def manifest(folder: Path, *lines: object) -> Path:
    path = folder / "manifest.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def test_a_folder_of_calls_gives_every_turn_with_its_channel_and_times(samples: Path) -> None:
    first = read(samples)[0]
    assert first.name == "dev-001"
    assert first.call
    assert {spoken.channel for spoken in first.spoken} == {0, 1}
    assert all(spoken.start is not None and spoken.end is not None for spoken in first.spoken)
    assert sound(first).channels == 2


def test_a_clip_is_one_channel_of_its_file(clip: Path, tmp_path: Path) -> None:
    [item] = read(manifest(tmp_path, {"audio": "clip.wav", "text": "您好", "channel": 1, "speaker": "S01"}))
    assert item.spoken == (Spoken(0, "您好"),)
    assert sound(item).samples[:, 0].tolist() == soundfile.read(clip, dtype="float32")[0][:, 1].tolist()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"audio": "clip.wav"}, "no column `text`; its columns are: `audio`"),
        ({"path": "clip.wav", "txt": "你好"}, "no column `audio` and `text`; its columns are: `path`, `txt`"),
        ({"audio": "clip.wav", "text": "你好", "chanel": 1}, "unknown column `chanel`: did you mean `channel`?"),
        ({"audio": "clip.wav", "text": "你好", "channel": "left"}, "`channel` is 'left'; it must be 0 or 1"),
        ({"audio": "clip.wav", "text": "你好", "channel": True}, "`channel` is True"),
        ({"audio": "gone.wav", "text": "你好"}, "there is no audio file"),
        ({"audio": "clip.wav", "text": 7}, "must be strings"),
        (["clip.wav", "你好"], "is not a JSON object"),
    ],
)
@pytest.mark.usefixtures("clip")
def test_a_line_that_cannot_be_used_is_told_with_its_number(line: object, told: str, tmp_path: Path) -> None:
    path = manifest(tmp_path, {"audio": "clip.wav", "text": "你好", "channel": 0}, line)
    with pytest.raises(ManifestError) as error:
        read(path)
    assert f"{path}, line 2" in str(error.value)
    assert told in str(error.value)


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_a_manifest_without_recordings_is_told(content: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(ManifestError, match="holds no recording"):
        read(tmp_path / "manifest.jsonl")


def call(folder: Path, script: str, name: str = "c") -> None:
    """A call by what is beside it alone: nothing hears it here."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.flac").write_bytes(b"fLaC")
    (folder / f"{name}.json").write_text(script, encoding="utf-8")


SCRIPT = '{"turns": [{"speaker": "agent", "text": "您好", "start": 0, "end": 1.5}]}'


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ('{"turns": [{"speaker": "robot", "text": "你好"}]}', "robot"),
        ('{"turns": [{"speaker": "agent", "text": 5}]}', "`text` is 5"),
        ('{"turns": [{"speaker": "agent", "text": null}]}', "`text` is None"),
        ('{"turns": [{"speaker": "agent", "text": "你好", "start": "0"}]}', "`start` is '0'"),
        ('{"turns": [{"speaker": "agent", "text": "你好", "start": true}]}', "`start` is True"),
        ('{"turns": [{"speaker": "agent", "text": "你好", "start": -1}]}', "`start` is -1"),
        ('{"turns": [{"speaker": "agent", "text": "你好", "end": NaN}]}', "`end` is nan"),
        ('{"turns": [{"speaker": "agent", "text": "你好", "start": 3, "end": 2}]}', "ends at 2 s and begins at 3 s"),
        ('{"turns": {}}', "not a list"),
        ('{"turns": [7]}', "TypeError"),
        ("[" * 100_000, "not a call script"),
    ],
)
def test_a_script_that_is_no_call_is_told(script: str, told: str, tmp_path: Path) -> None:
    call(tmp_path, script)
    with pytest.raises(ManifestError, match=r"c\.json is not a call script") as error:
        read(tmp_path)
    assert told in str(error.value)


def test_a_folder_without_calls_stands_for_those_of_its_subfolders(tmp_path: Path) -> None:
    call(tmp_path / "b", SCRIPT)
    call(tmp_path / "a", SCRIPT)
    call(tmp_path / "a", SCRIPT, "d")
    (tmp_path / "notes.md").write_text("…", encoding="utf-8")
    items = read(tmp_path)
    assert [item.name for item in items] == ["a/c", "a/d", "b/c"]
    assert items[0].audio == tmp_path / "a" / "c.flac"
    call(tmp_path, SCRIPT, "own")
    assert [item.name for item in read(tmp_path)] == ["own"]


@pytest.mark.usefixtures("clip")
def test_a_folder_with_a_manifest_stands_for_it(tmp_path: Path) -> None:
    manifest(tmp_path, {"audio": "clip.wav", "text": "你好", "channel": 0})
    call(tmp_path, SCRIPT)
    [item] = read(tmp_path)
    assert not item.call


@pytest.mark.usefixtures("clip")
def test_a_manifest_may_begin_with_a_byte_order_mark_and_hold_any_end_of_line_within_a_text(tmp_path: Path) -> None:
    line = json.dumps({"audio": "clip.wav", "text": "你\u2028好\u0085啊", "channel": 0}, ensure_ascii=False)
    (tmp_path / "m.jsonl").write_bytes(f"\ufeff{line}\r\n\r\n{line}\r\n".encode())
    assert [item.spoken[0].text for item in read(tmp_path / "m.jsonl")] == ["你\u2028好\u0085啊"] * 2
    call(tmp_path / "calls", "\ufeff" + SCRIPT)
    assert read(tmp_path / "calls")[0].spoken == (Spoken(0, "您好", 0, 1.5),)


def test_a_manifest_nested_beyond_all_depth_is_told(tmp_path: Path) -> None:
    (tmp_path / "m.jsonl").write_text('{"audio":' + "[" * 100_000, encoding="utf-8")
    with pytest.raises(ManifestError, match="line 1 is not JSON"):
        read(tmp_path / "m.jsonl")


@pytest.mark.usefixtures("clip")
def test_two_channels_without_a_channel_named_are_told(tmp_path: Path) -> None:
    [item] = read(manifest(tmp_path, {"audio": "clip.wav", "text": "你好"}))
    with pytest.raises(ManifestError, match="name the one with the text as `channel`"):
        sound(item)


def test_a_channel_that_the_file_has_not_is_told(samples: Path, tmp_path: Path) -> None:
    audio, rate = soundfile.read(samples / "dev-001.flac", frames=24_000, dtype="int16")
    soundfile.write(tmp_path / "mono.wav", audio[:, 0], rate)
    [item] = read(manifest(tmp_path, {"audio": "mono.wav", "text": "你好", "channel": 1}))
    with pytest.raises(ManifestError, match="has no channel 1"):
        sound(item)


def test_a_wide_band_clip_is_brought_to_what_a_telephone_carries(samples: Path, tmp_path: Path) -> None:
    audio, _ = soundfile.read(samples / "dev-001.flac", frames=24_000, dtype="int16")
    soundfile.write(tmp_path / "wide.wav", audio[:, 0].repeat(2), 16_000)
    [item] = read(manifest(tmp_path, {"audio": "wide.wav", "text": "你好"}))
    assert sound(item).sample_rate == 16_000
    carried = sound(item, "alaw")
    assert carried.sample_rate == 8_000
    assert carried.seconds == pytest.approx(sound(item).seconds)
    assert len(set(carried.samples[:, 0].tolist())) <= 256


def test_a_call_that_was_coded_for_the_telephone_is_not_changed_by_coding_it_again(samples: Path) -> None:
    call = read(samples)[0]
    assert (sound(call, "alaw").samples == sound(call).samples).mean() > 0.99


def test_a_recording_is_cut_to_the_length_asked_for(samples: Path) -> None:
    assert cut(sound(read(samples)[0]), 2.5).seconds == 2.5
