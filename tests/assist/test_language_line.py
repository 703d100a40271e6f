"""A caller who does not speak Mandarin: the agent is told, and the ticket is not filled with what was made of it."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import soundfile
from websockets.asyncio.client import ClientConnection

from asr.engine import Engine, Hypothesis, Window
from assist.log import Record
from assist.messages.events import AlertRaised, TicketChanged, TranscriptFinal
from assist.replay import ReplayOptions, replay
from extractors.catalogue.knowledge import Catalogue
from tests.assist.running import STARTED_AT, begin, receive, running, subscribed

AT = datetime.fromisoformat(STARTED_AT)
ENGLISH = Path(__file__).parents[1] / "fixtures" / "arctic_a0009.flac"


def recording(folder: Path, *, channel: int) -> Path:
    """The English sentence on one channel, silence on the other."""
    said, rate = soundfile.read(ENGLISH, dtype="float32")
    audio = np.zeros((len(said) + 2 * rate, 2), np.float32)
    audio[rate : rate + len(said), channel] = said
    soundfile.write(folder / "call.wav", audio, rate, subtype="PCM_16")
    return folder / "call.wav"


async def events(path: Path, engine: Engine, catalogue: Catalogue) -> list[object]:
    log: list[Record] = []
    await replay(path, engine, catalogue, ReplayOptions(AT, scribe=False), on_event=log.append)
    return [record.event for record in log]


async def test_an_english_caller_raises_the_language_line_and_fills_nothing(
    tmp_path: Path, whisper: Engine, catalogue: Catalogue
) -> None:
    log = await events(recording(tmp_path, channel=1), whisper, catalogue)
    [turn] = [event for event in log if isinstance(event, TranscriptFinal)]
    [raised] = [event for event in log if isinstance(event, AlertRaised)]
    assert turn.language == "en"
    assert (raised.alert.kind, "英语" in raised.alert.text) == ("language", True)
    assert raised.alert.evidence[0].turn == turn.turn
    assert not any(event.slots for event in log if isinstance(event, TicketChanged))


async def test_an_agent_may_speak_english(tmp_path: Path, whisper: Engine, catalogue: Catalogue) -> None:
    log = await events(recording(tmp_path, channel=0), whisper, catalogue)
    assert not any(isinstance(event, AlertRaised) for event in log)
    finals = [event for event in log if isinstance(event, TranscriptFinal)]
    assert finals and all(event.language is None for event in finals)


class Interpreter:
    """Hears Korean and can write none of it."""

    name = "interpreter"

    def batch_key(self, window: Window) -> Hashable:
        return window.final

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        return [Hypothesis("", (), -0.9, 0.1, languages=(("ko", 0.97), ("zh", 0.0))) for _ in windows]


async def test_speech_that_cannot_be_written_is_still_a_turn_to_play(tmp_path: Path, catalogue: Catalogue) -> None:
    log = await events(recording(tmp_path, channel=1), Interpreter(), catalogue)
    [turn] = [event for event in log if isinstance(event, TranscriptFinal)]
    assert (turn.text, turn.language) == ("…", "ko")
    assert turn.times == [(turn.start, turn.end)]
    assert any(isinstance(event, AlertRaised) and "韩语" in event.alert.text for event in log)


async def test_the_log_of_a_foreign_call_is_the_same_in_every_run(tmp_path: Path, catalogue: Catalogue) -> None:
    path = recording(tmp_path, channel=1)
    assert await events(path, Interpreter(), catalogue) == await events(path, Interpreter(), catalogue)


class Bystander:
    """Hears the same English words in every window."""

    name = "bystander"

    def batch_key(self, window: Window) -> Hashable:
        return window.final

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        heard = "hello I need help"
        return [
            Hypothesis(
                heard,
                tuple((0.1 * place, 0.1 * place + 0.1) for place in range(len(heard))),
                -0.3,
                languages=(("en", 0.97), ("zh", 0.0)),
            )
            for _ in windows
        ]


async def test_the_language_line_is_named_while_the_caller_still_speaks(tmp_path: Path, catalogue: Catalogue) -> None:
    said, rate = soundfile.read(ENGLISH, dtype="int16")
    both = np.stack([np.zeros_like(said), said], axis=1)
    async with running(tmp_path, Bystander(), catalogue) as server, server.desk() as desk, server.audio("c") as audio:
        await begin(audio, sample_rate=rate)
        await subscribed(desk, "c")
        feeding = asyncio.create_task(paced(audio, both, rate // 10))
        while (message := await receive(desk, "event", "provisional"))["type"] == "event" or not message["alerts"]:
            assert message.get("logged", {}).get("event", {}).get("type") != "transcript.final"
        assert [alert["kind"] for alert in message["alerts"]] == ["language"]
        await feeding


async def paced(audio: ClientConnection, frames: np.ndarray, step: int) -> None:
    for start in range(0, len(frames), step):
        await audio.send(frames[start : start + step].tobytes())
        await asyncio.sleep(0.05)
