import struct
import tracemalloc
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from asr import AudioError, PcmStream, Recording, check_format, g711, load
from asr.audio import Resampler
from asr.containers import counts_frames


def tone(seconds: float, rate: int, channels: int = 1, hertz: float = 440) -> NDArray[np.float32]:
    wave = 0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave[:, None], channels, axis=1).astype(np.float32)


@pytest.mark.parametrize(
    ("suffix", "subtype", "rate", "channels", "tolerance"),
    [
        ("wav", "PCM_16", 8000, 2, 1e-4),
        ("wav", "PCM_24", 48000, 1, 1e-6),
        ("wav", "FLOAT", 16000, 1, 0),
        ("wav", "ALAW", 8000, 1, 0.02),
        ("wav", "ULAW", 8000, 2, 0.02),
        ("flac", "PCM_16", 44100, 2, 1e-4),
    ],
)
def test_recordings_are_read_in_every_format(
    suffix: str, subtype: str, rate: int, channels: int, tolerance: float, tmp_path: Path
) -> None:
    path = tmp_path / f"call.{suffix}"
    samples = tone(0.5, rate, channels)
    soundfile.write(path, samples, rate, subtype=subtype)
    recording = load(path)
    assert (recording.sample_rate, recording.channels, recording.seconds) == (rate, channels, 0.5)
    assert np.abs(recording.samples - samples).max() <= tolerance


def test_mp3_is_read(tmp_path: Path) -> None:
    path = tmp_path / "call.mp3"
    soundfile.write(path, tone(1.0, 16000), 16000)
    recording = load(path)
    assert recording.sample_rate == 16000
    assert recording.seconds == pytest.approx(1.0, abs=0.1)
    assert np.abs(recording.samples).max() == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize(("suffix", "law"), [("al", "alaw"), ("alaw", "alaw"), ("ul", "mulaw"), ("ULAW", "mulaw")])
def test_raw_g711_is_known_by_its_ending(suffix: str, law: g711.Law, tmp_path: Path) -> None:
    path = tmp_path / f"call.{suffix}"
    samples = tone(0.2, 8000)
    path.write_bytes(g711.encode(samples[:, 0], law))
    recording = load(path)
    assert (recording.sample_rate, recording.channels) == (8000, 1)
    assert np.abs(recording.samples - samples).max() < 0.02


def wav_header(rate: int, channels: int, data: bytes) -> bytes:
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * channels * 2, channels * 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


BAD_FILES = {
    "empty": (b"", "empty"),
    "text": ("这不是录音".encode() * 50, "not_audio"),
    "no sound": (wav_header(8000, 1, b""), "empty"),
    "three channels": (wav_header(8000, 3, bytes(6 * 80)), "channels"),
    "rate too high": (wav_header(96000, 1, bytes(160)), "sample_rate"),
    "rate too low": (wav_header(4000, 1, bytes(160)), "sample_rate"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_used_is_refused_with_a_reason_and_a_remedy(name: str, tmp_path: Path) -> None:
    data, code = BAD_FILES[name]
    path = tmp_path / "call.wav"
    path.write_bytes(data)
    with pytest.raises(AudioError) as caught:
        load(path)
    assert caught.value.code == code
    assert caught.value.remedy
    assert caught.value.message in str(caught.value)


def test_sample_rate_zero_in_a_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(wav_header(0, 1, bytes(160)))
    with pytest.raises(AudioError) as caught:
        load(path)
    assert caught.value.code in {"sample_rate", "damaged"}


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="no file") as caught:
        load(tmp_path / "none.wav")
    assert caught.value.code == "missing"
    with pytest.raises(AudioError, match="not a file") as caught:
        load(tmp_path)
    assert caught.value.code == "unreadable"


def file_of(suffix: str, folder: Path, seconds: float = 3.0) -> bytes:
    path = folder / f"whole.{suffix}"
    noise = np.random.default_rng(3).normal(0, 0.1, (round(seconds * 16000), 1)).astype(np.float32)
    soundfile.write(path, noise, 16000)
    return path.read_bytes()


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "ogg"])
@pytest.mark.parametrize("share", [0.4, 0.7, 0.95])
def test_a_recording_that_breaks_off_is_named_as_damaged(suffix: str, share: float, tmp_path: Path) -> None:
    data = file_of(suffix, tmp_path)
    path = tmp_path / f"call.{suffix}"
    path.write_bytes(data[: round(len(data) * share)])
    with pytest.raises(AudioError) as caught:
        load(path)
    assert caught.value.code == "damaged"
    assert caught.value.remedy
    assert str(path) in caught.value.message


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "ogg"])
def test_a_whole_recording_is_read_whole(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"call.{suffix}"
    path.write_bytes(file_of(suffix, tmp_path))
    assert load(path).seconds == 3.0


def with_length(flac: bytes, frames: int) -> bytes:
    """A flac file whose header announces ``frames`` (36 bits of its first block)."""
    head = bytearray(flac)
    head[21] = head[21] & 0xF0 | frames >> 32
    head[22:26] = (frames & 0xFFFF_FFFF).to_bytes(4, "big")
    return bytes(head)


def test_a_flac_file_that_leaves_its_length_open_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "call.flac"
    path.write_bytes(with_length(file_of("flac", tmp_path), 0))
    assert load(path).seconds == 3.0


@pytest.mark.parametrize("frames", [48_001, 10**6, 2**36 - 1])
def test_a_flac_file_that_announces_more_than_it_holds_is_damaged(frames: int, tmp_path: Path) -> None:
    path = tmp_path / "call.flac"
    path.write_bytes(with_length(file_of("flac", tmp_path), frames))
    with pytest.raises(AudioError, match=f"of {frames} sample frames") as caught:
        load(path)
    assert caught.value.code == "damaged"


@pytest.mark.parametrize("size", [0xFFFF_FFFF, 0x7FFF_F000])
def test_a_wav_file_from_a_pipe_which_could_not_know_its_length_is_read_to_its_end(size: int, tmp_path: Path) -> None:
    data = wav_header(8000, 1, bytes(range(160)))
    path = tmp_path / "call.wav"
    path.write_bytes(data[:40] + size.to_bytes(4, "little") + data[44:])
    assert len(load(path).samples) == 80


def test_what_stands_around_the_sound_of_a_wav_file_does_not_matter(tmp_path: Path) -> None:
    data = wav_header(8000, 1, bytes(160))
    path = tmp_path / "call.wav"
    path.write_bytes(data[:12] + b"LIST" + struct.pack("<I", 3) + b"abc\0" + data[12:] + b"LIST\2\0\0\0ab")
    assert len(load(path).samples) == 80


def test_an_mp3_file_that_announces_no_length_is_not_refused(tmp_path: Path) -> None:
    data = file_of("mp3", tmp_path)
    path = tmp_path / "call.mp3"
    path.write_bytes(data[data.index(data[:2], 4) :])  # without the first frame, which holds the tag
    assert load(path).seconds > 0


def unannounced_mp3(path: Path, samples: NDArray[np.float32], rate: int, **encoder: int) -> None:
    """An mp3 file without the tag that counts its frames; ``encoder``: ``global_quality`` or ``bit_rate``."""
    with av.open(str(path), "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}) as file:
        stream = file.add_stream("libmp3lame", rate=rate, layout="mono")
        stream.codec_context.qscale = "global_quality" in encoder
        for name, value in encoder.items():
            setattr(stream.codec_context, name, value)
        frame = av.AudioFrame.from_ndarray((samples.T * 32767).astype(np.int16), format="s16", layout="mono")
        frame.sample_rate = rate
        for one in (frame, None):
            file.mux(stream.encode(one))
    assert not counts_frames(path)


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
@pytest.mark.parametrize("encoder", [{"global_quality": 0}, {"global_quality": 500}, {"bit_rate": 32000}])
@pytest.mark.parametrize("loud_first", [True, False])
def test_an_mp3_file_of_variable_bit_rate_that_announces_no_length_is_read_to_its_end(
    rate: int, encoder: dict[str, int], loud_first: bool, tmp_path: Path
) -> None:
    chance = np.random.default_rng(3)
    loud, quiet = (chance.normal(0, level, (4 * rate, 1)).astype(np.float32) for level in (0.2, 0.0003))
    beep = tone(0.5, rate)
    samples = np.concatenate([*((loud, quiet) if loud_first else (quiet, loud)), beep])
    unannounced_mp3(tmp_path / "call.mp3", samples.clip(-1, 1), rate, **encoder)
    recording = load(tmp_path / "call.mp3")
    assert recording.seconds == pytest.approx(8.5, abs=0.25)  # the encoder's delay is not announced either
    end = recording.samples[round(8.2 * rate) : round(8.4 * rate)]
    assert np.abs(end).max() == pytest.approx(0.3, abs=0.1)


def test_mp3_files_put_together_are_read_to_the_end_of_the_last(tmp_path: Path) -> None:
    first, path = file_of("mp3", tmp_path, 4.0), tmp_path / "call.mp3"
    soundfile.write(path, tone(6.0, 16000), 16000)
    path.write_bytes(first + path.read_bytes())
    recording = load(path)
    assert recording.seconds == pytest.approx(10.0, abs=0.5)
    assert np.abs(recording.samples[-16000:-8000]).max() == pytest.approx(0.3, abs=0.1)


def test_a_tag_that_counts_nothing_does_not_end_an_mp3_file(tmp_path: Path) -> None:
    data, path = file_of("mp3", tmp_path), tmp_path / "call.mp3"
    flags = max(data.find(b"Xing"), data.find(b"Info")) + 4
    path.write_bytes(data[:flags] + bytes(4) + data[flags + 4 :])
    assert load(path).seconds == pytest.approx(3.0, abs=0.25)


def test_what_follows_the_sound_of_an_mp3_file_is_none(tmp_path: Path) -> None:
    path = tmp_path / "call.mp3"
    unannounced_mp3(path, tone(1.0, 16000), 16000, global_quality=500)
    alone = load(path).seconds
    path.write_bytes(path.read_bytes() + b"TAG" + bytes(125))
    assert load(path).seconds == alone


@pytest.fixture(scope="module")
def whole_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    return {suffix: file_of(suffix, folder, 0.3) for suffix in ("wav", "flac", "mp3", "ogg")}


_Change = tuple[str, float, bytes]
_CHANGES = st.tuples(
    st.sampled_from(["flip", "header", "cut", "insert"]),
    st.floats(0, 1, exclude_max=True),
    st.one_of(st.binary(min_size=1, max_size=8), st.sampled_from([b"\0" * 4, b"\xff" * 4, b"\xff" * 8, b"\x7f" * 4])),
)


def changed(data: bytes, changes: list[_Change]) -> bytes:
    for kind, place, new in changes:
        at = int(place * (min(len(data), 64) if kind == "header" else len(data)))
        if kind == "cut":
            data = data[:at]
        elif kind == "insert":
            data = data[:at] + new + data[at:]
        else:
            data = data[:at] + new + data[at + len(new) :]
    return data


@settings(max_examples=400)
@given(suffix=st.sampled_from(["wav", "flac", "mp3", "ogg"]), changes=st.lists(_CHANGES, min_size=1, max_size=3))
def test_a_damaged_file_gives_audio_or_an_audio_error_in_little_memory(
    suffix: str, changes: list[_Change], whole_files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"damaged.{suffix}"
    path.write_bytes(changed(whole_files[suffix], changes))
    tracemalloc.start()
    try:
        assert np.isfinite(load(path).samples).all()
    except AudioError as error:
        assert error.remedy
        assert error.message.startswith(str(path)) or error.code in {"sample_rate", "channels"}
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 2**26


def test_samples_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    soundfile.write(path, np.full((100, 1), np.nan, np.float32), 8000, subtype="FLOAT")
    with pytest.raises(AudioError) as caught:
        load(path)
    assert caught.value.code == "damaged"


@settings(max_examples=60)
@given(
    data=st.binary(max_size=300),
    head=st.sampled_from(
        [b"", b"RIFF\x24\0\0\0WAVEfmt ", b"fLaC\0\0\0\x22", b"ID3\x04\0\0", b"\xff\xfb\x90\x44", b"OggS"]
    ),
    suffix=st.sampled_from([".wav", ".flac", ".mp3", ".al"]),
)
def test_garbage_gives_audio_or_an_audio_error_and_nothing_else(
    data: bytes, head: bytes, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("garbage") / f"call{suffix}"
    path.write_bytes(head + data)
    try:
        recording = load(path)
    except AudioError as error:
        assert error.code
    else:
        assert isinstance(recording, Recording)
        assert np.isfinite(recording.samples).all()


@pytest.mark.parametrize(
    ("rate", "channels", "code"), [(0, 1, "sample_rate"), (8000, 0, "channels"), (8000, 3, "channels")]
)
def test_a_stated_format_is_checked(rate: int, channels: int, code: str) -> None:
    with pytest.raises(AudioError) as caught:
        check_format(rate, channels)
    assert caught.value.code == code


def cut(data: bytes, sizes: list[int]) -> list[bytes]:
    pieces, position = [], 0
    for size in sizes:
        pieces.append(data[position : position + size])
        position += size
    return [*pieces, data[position:]]


@given(
    wire=st.sampled_from(["pcm_s16le", "alaw", "mulaw"]),
    channels=st.sampled_from([1, 2]),
    frames=st.integers(0, 50),
    sizes=st.lists(st.integers(0, 40), max_size=12),
    seed=st.integers(0, 99),
)
def test_wire_bytes_give_the_same_frames_however_they_are_cut(
    wire: str, channels: int, frames: int, sizes: list[int], seed: int
) -> None:
    stream = PcmStream(wire, channels)  # type: ignore[arg-type]
    data = np.random.default_rng(seed).bytes(frames * stream.frame_bytes)
    whole = PcmStream(wire, channels).feed(data)  # type: ignore[arg-type]
    pieces = [stream.feed(piece) for piece in cut(data, sizes)]
    assert whole.shape == (frames, channels)
    assert np.array_equal(np.concatenate(pieces), whole)


def test_channels_of_a_wire_are_interleaved() -> None:
    frames = PcmStream("pcm_s16le", 2).feed(struct.pack("<4h", 16384, -16384, 8192, 0))
    assert frames.tolist() == [[0.5, -0.5], [0.25, 0.0]]


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100, 48000])
@pytest.mark.parametrize("chunk", [1 / 50, 0.04, 0.1, 0.733])
def test_resampling_does_not_depend_on_how_the_audio_came(rate: int, chunk: float) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, rate * 2).astype(np.float32)
    whole, cut_up = Resampler(rate), Resampler(rate)
    size = round(chunk * rate)
    expected = np.concatenate([whole.feed(noise), whole.finish()])
    pieces = [cut_up.feed(noise[start : start + size]) for start in range(0, len(noise), size)]
    resampled = np.concatenate([*pieces, cut_up.finish()])
    assert np.array_equal(resampled, expected)
    assert len(resampled) == pytest.approx(2 * 16000, abs=2)


def test_resampled_telephone_audio_keeps_its_tone_and_its_time() -> None:
    resampler = Resampler(8000)
    resampled = np.concatenate([resampler.feed(tone(1.0, 8000)[:, 0]), resampler.finish()])
    assert np.abs(resampled[800:-800] - tone(1.0, 16000)[800:-800, 0]).max() < 0.01
