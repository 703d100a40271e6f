"""`assist microphone` as a user runs it: PortAudio opens a device of ALSA that plays a sample call at four times its
speed, and the words come out of a server.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import SequenceMatcher
from importlib import import_module
from pathlib import Path

import pytest
import soundfile

from asr.engine import Engine
from assist.cli import errors
from extractors.catalogue.knowledge import Catalogue
from tests.assist.running import running

ROOT = Path(__file__).resolve().parent.parent.parent.parent
ALSA = Path("/usr/share/alsa/alsa.conf")
RATE = 8_000
SPEED = 4
BACKENDS = ("sounddevice", "pyaudio")

DEVICE = """
<{alsa}>
pcm.sample_call {{ type file  slave.pcm {{ type null }}  file /dev/null  infile "{pipe}"  format raw }}
pcm.!default {{
    type plug
    slave {{ pcm sample_call  rate {rate}  channels 1  format S16_LE }}
    hint {{ show on  description "plays a sample call" }}
}}
"""


def needs(backend: str) -> None:
    """Skip where ``backend`` cannot work."""
    try:
        import_module(backend)
    except (ImportError, OSError) as error:
        pytest.skip(f"needs {backend} (the extra mic) and PortAudio: {error}")
    if not ALSA.is_file():
        pytest.skip("needs ALSA's configuration (libasound2-data), of which a device is made")


class Speech(threading.Thread):
    """Speaks ``audio`` into a pipe, then silence, until it is closed."""

    def __init__(self, pipe: Path, audio: bytes) -> None:
        super().__init__(daemon=True)
        os.mkfifo(pipe)
        self._audio = audio
        self._open = True
        self._pipe = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
        self.spoken = threading.Event()

    def run(self) -> None:
        piece, place, due = RATE // 10 * 2, 0, time.monotonic()
        while self._open:
            try:
                os.write(self._pipe, self._audio[place : place + piece] or bytes(piece))
            except BlockingIOError:  # nobody listens yet
                time.sleep(0.01)
                continue
            place += piece
            if place > len(self._audio) + 5 * piece:
                self.spoken.set()
            due = max(due + piece / 2 / RATE / SPEED, time.monotonic() - 1)
            time.sleep(max(0.0, due - time.monotonic()))
        os.close(self._pipe)

    def close(self) -> None:
        self._open = False
        self.join()


@contextmanager
def microphone(folder: Path, audio: bytes) -> Iterator[tuple[Speech, dict[str, str]]]:
    """A default device that hears ``audio``, and the environment in which it is there."""
    pipe, settings = folder / "pipe", folder / "asoundrc"
    settings.write_text(DEVICE.format(alsa=ALSA, pipe=pipe, rate=RATE))
    speech = Speech(pipe, audio)
    try:
        yield speech, {"ALSA_CONFIG_PATH": str(settings)}
    finally:
        speech.close()


def without(package: str, folder: Path) -> dict[str, str]:
    """The environment in which ``package`` is not installed."""
    (folder / f"{package}.py").write_text(f"raise ModuleNotFoundError(name={package!r})")
    return {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))}


async def assist(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    """Start the command as a user would."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "assist", "microphone", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **environment},
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[str, str]:
    """What it printed."""
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return out.decode(), err.decode()


@pytest.mark.parametrize("backend", BACKENDS)
async def test_what_is_said_into_the_microphone_becomes_text_on_the_server(
    backend: str, samples: Path, whisper: Engine, catalogue: Catalogue, tmp_path: Path
) -> None:
    needs(backend)
    sound, _ = soundfile.read(samples / "dev-001.flac", start=5 * RATE, frames=10 * RATE, dtype="int16")
    turns = json.loads((samples / "dev-001.json").read_text(encoding="utf-8"))["turns"]
    said = next(turn["text"] for turn in turns if turn["speaker"] == "citizen")
    only = without("sounddevice", tmp_path) if backend == "pyaudio" else {}
    with microphone(tmp_path, sound[:, 1].tobytes()) as (speech, environment):
        async with running(tmp_path / "var", whisper, catalogue) as server:
            process = await assist(
                *("--url", server.url, "--call", "m", "--caller-number", "13800000000"),
                *("--rate", str(RATE)),  # the device's own: ALSA's conversion loses pieces of what comes by a pipe
                **environment,
                **only,
            )
            speech.start()
            await asyncio.to_thread(speech.spoken.wait, 30)
            process.send_signal(signal.SIGINT)
            _, told = await ended(process)
            assert process.returncode == 0, told
            events = [event["event"] for event in await server.events("m")]
            heard = (await server.get("/v1/calls/m/audio")).content[44:]
    assert heard.startswith(sound[:, 1].tobytes())
    assert "m: default, 8000 Hz" in told
    assert "m is stored" in told
    assert events[0]["caller_number"] == "13800000000"
    assert events[-1]["type"] == "call.ended"
    assert events[-1]["reason"] == "stopped"
    finals = [event for event in events if event["type"] == "transcript.final"]
    assert {final["speaker"] for final in finals} == {"citizen"}
    assert SequenceMatcher(None, "".join(final["text"] for final in finals), said).ratio() > 0.6


@pytest.mark.parametrize("backend", BACKENDS)
async def test_the_devices_are_listed_the_default_one_marked(backend: str, tmp_path: Path) -> None:
    needs(backend)
    only = without("sounddevice", tmp_path) if backend == "pyaudio" else {}
    with microphone(tmp_path, b"") as (speech, environment):
        speech.start()
        process = await assist("--list", **environment, **only)
        listed, told = await ended(process)
    assert process.returncode == 0, told
    assert any("default" in line and line.endswith("(default)") for line in listed.splitlines())


async def test_a_server_that_is_away_or_a_device_that_is_not_there_end_with_their_exit_codes(tmp_path: Path) -> None:
    needs("sounddevice")
    with microphone(tmp_path, b"") as (speech, environment):
        speech.start()
        away = await assist("--url", "ws://127.0.0.1:9", **environment)
        _, told = await ended(away)
        assert away.returncode == errors.SERVER
        assert "the server cannot be reached" in told
        unknown = await assist("--device", "no such device", **environment)
        _, told = await ended(unknown)
    assert unknown.returncode == errors.INPUT
    assert "is no input device; name one of" in told


async def test_without_the_packages_the_extra_is_named(tmp_path: Path) -> None:
    without("sounddevice", tmp_path)
    process = await assist("--list", **without("pyaudio", tmp_path))
    _, told = await ended(process)
    assert process.returncode == errors.INPUT
    assert "pip install '.[mic]'" in told
    assert "Traceback" not in told
