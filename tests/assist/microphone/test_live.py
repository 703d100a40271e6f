"""A call from a microphone into a server: heard, resumed after a break, ended properly."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from assist.feed import FeedError
from assist.microphone.devices import Device, MicrophoneError
from assist.microphone.live import MicrophoneCall, MicrophoneOptions
from extractors.catalogue.knowledge import Catalogue
from extractors.turn import Speaker
from tests.assist.microphone.scripted_microphone import ScriptedMicrophone
from tests.assist.running import Running, clip, running
from tests.assist.scripted import ScriptedEngine

DEVICE = Device(0, "Headset", 2, 8_000, default=True)
BOTH = MicrophoneOptions((Speaker.AGENT, Speaker.CITIZEN), 8_000, attempts=100)
PIECE = 1_600  # bytes: 50 ms of two channels at 8 kHz


class Shown:
    """What the person at the microphone saw."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.latest: list[float] = []

    def levels(self, levels: Sequence[float]) -> None:
        self.latest = list(levels)

    def tell(self, message: str) -> None:
        self.told.append(message)


@pytest.fixture
def microphone() -> ScriptedMicrophone:
    return ScriptedMicrophone(DEVICE, {8_000})


async def say(microphone: ScriptedMicrophone, audio: bytes) -> None:
    """Speak, ten times as fast as people do."""
    for start in range(0, len(audio), PIECE):
        microphone.says(audio[start : start + PIECE], False)
        await asyncio.sleep(0.005)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for is shown, not signalled
            await asyncio.sleep(0.01)


async def recorded(server: Running, call: str) -> bytes:
    return (await server.get(f"/v1/calls/{call}/audio")).content[44:]


async def test_what_is_said_is_a_live_call_until_it_is_hung_up(
    microphone: ScriptedMicrophone, samples: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    audio, shown = clip(samples, 16.0), Shown()
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        call = MicrophoneCall(microphone, DEVICE, BOTH, shown)
        feeding = asyncio.create_task(call.run(server.url, "c"))
        await say(microphone, audio)
        assert len(shown.latest) == 2
        call.hang_up()
        await asyncio.wait_for(feeding, 30)
        assert not microphone.active
        assert call.waiting == 0
        assert await recorded(server, "c") == audio
        events = [event["event"] for event in await server.events("c")]
    assert events[-1] == {"type": "call.ended", "seconds": 16.0, "reason": "stopped"}
    assert {event["speaker"] for event in events if event["type"] == "transcript.final"} == {"agent", "citizen"}
    assert shown.told == []


async def test_nothing_said_while_the_server_is_away_is_lost(
    microphone: ScriptedMicrophone, samples: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    audio, shown = clip(samples, 12.0), Shown()
    third = len(audio) // 3
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        call = MicrophoneCall(microphone, DEVICE, BOTH, shown)
        feeding = asyncio.create_task(call.run(server.url, "c"))
        await say(microphone, audio[:third])
        port = server.port
    await say(microphone, audio[third : 2 * third])
    async with running(tmp_path, ScriptedEngine(), catalogue, port=port) as server:
        await say(microphone, audio[2 * third :])
        call.hang_up()
        await asyncio.wait_for(feeding, 60)
        assert await recorded(server, "c") == audio
    assert [message.split(",")[0] for message in shown.told] == ["the server is away", "the server is back"]


async def test_more_than_is_kept_is_lost_and_told(
    microphone: ScriptedMicrophone, samples: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    audio, shown = clip(samples, 8.0), Shown()
    second = 8_000 * 4
    options = MicrophoneOptions(BOTH.roles, 8_000, attempts=100, kept=2.0)
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        call = MicrophoneCall(microphone, DEVICE, options, shown)
        feeding = asyncio.create_task(call.run(server.url, "c"))
        await say(microphone, audio[: 2 * second])
        while await recorded(server, "c") != audio[: 2 * second]:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.05)
        port = server.port
    await say(microphone, audio[2 * second :])
    await until(lambda: call.waiting == 2.0)
    async with running(tmp_path, ScriptedEngine(), catalogue, port=port) as server:
        call.hang_up()
        await asyncio.wait_for(feeding, 60)
        assert await recorded(server, "c") == audio[: 2 * second] + audio[6 * second :]
    assert "4.0 s are lost" in shown.told[-1]


async def test_a_server_that_is_not_there_at_the_beginning_is_told_at_once(
    microphone: ScriptedMicrophone, catalogue: Catalogue, tmp_path: Path
) -> None:
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        nobody = server.url
    call = MicrophoneCall(microphone, DEVICE, BOTH, Shown())
    with pytest.raises(FeedError, match="cannot be reached"):
        await asyncio.wait_for(call.run(nobody, "c"), 10)
    assert not microphone.active


async def test_a_microphone_that_goes_away_ends_the_call_and_what_it_brought_is_stored(
    microphone: ScriptedMicrophone, samples: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    audio = clip(samples, 3.0)
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        call = MicrophoneCall(microphone, DEVICE, BOTH, Shown())
        feeding = asyncio.create_task(call.run(server.url, "c"))
        await say(microphone, audio)
        microphone.active = False
        with pytest.raises(MicrophoneError, match="Headset is gone"):
            await asyncio.wait_for(feeding, 30)
        assert await recorded(server, "c") == audio


async def test_silence_and_lost_sound_are_told(
    microphone: ScriptedMicrophone, catalogue: Catalogue, tmp_path: Path
) -> None:
    shown = Shown()
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        call = MicrophoneCall(microphone, DEVICE, BOTH, shown)
        feeding = asyncio.create_task(call.run(server.url, "c"))
        await say(microphone, bytes(4 * 8_000 * 6))
        microphone.says(bytes(4), True)
        await until(lambda: len(shown.told) == 3)
        call.hang_up()
        await asyncio.wait_for(feeding, 30)
    assert "silence from agent for 5 s" in shown.told[0]
    assert "silence from citizen for 5 s" in shown.told[1]
    assert "too slow" in shown.told[2]


async def test_a_refused_call_closes_the_microphone(
    microphone: ScriptedMicrophone, catalogue: Catalogue, tmp_path: Path
) -> None:
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        call = MicrophoneCall(microphone, DEVICE, BOTH, Shown())
        with pytest.raises(FeedError, match=r"4400|bad_call_id"):
            await asyncio.wait_for(call.run(server.url, "-"), 30)
    assert not microphone.active


async def test_a_device_that_is_busy_is_told(microphone: ScriptedMicrophone) -> None:
    microphone.busy = True
    with pytest.raises(MicrophoneError, match="cannot be opened"):
        MicrophoneCall(microphone, DEVICE, BOTH, Shown())
