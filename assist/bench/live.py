"""Recognition as a caller's words reach the agent's page: calls fed in real time over the audio websocket, text timed
where a desk receives it.

All latencies are from the moment a sample was spoken, taking the start of the feed for the first sample. Speech begins
and ends where voice activity says so (an utterance is padded before and after; the padding is not counted).

- *first partial*: from the start of speech to the first interim text of the utterance;
- *partial lag*: from the last sample an interim text covers to its arrival;
- *final*: from the last sample of speech to the arrival of the final text, the wait that proves the end included.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from asr.audio import load
from asr.utterance import UtteranceSettings
from assist.feed import FeedOptions, desk_url, feed
from extractors.turn import Speaker


@dataclass(slots=True)
class Live:
    """Latencies in seconds, one entry an utterance (``partial_lag``: one an interim text)."""

    first_partial: list[float] = field(default_factory=list)
    partial_lag: list[float] = field(default_factory=list)
    final: list[float] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)  # final text of each call, in order


async def measure(
    recordings: Sequence[Path], server: str, utterance: UtteranceSettings, done: Callable[[Path], None]
) -> Live:
    """Feed the 2-channel recordings one after the other into ``server`` and time what a desk receives.

    Raises `AudioError` for a file that cannot be read and `FeedError` when the server refuses.
    """
    result = Live()
    for number, path in enumerate(recordings):
        call = f"bench-{time.time_ns()}-{number}"
        async with connect(desk_url(server), ping_timeout=None, compression=None, max_size=None) as desk:
            started = asyncio.Event()
            watching = asyncio.create_task(_watch(desk, call, started, utterance, result))
            await feed(path, server, call, FeedOptions(roles=_roles(path)), on_start=started.set)
            await watching
        done(path)
    return result


def _roles(path: Path) -> tuple[Speaker, ...]:
    return (Speaker.AGENT, Speaker.CITIZEN) if load(path).channels == 2 else (Speaker.CITIZEN,)


async def _watch(
    desk: ClientConnection, call: str, started: asyncio.Event, utterance: UtteranceSettings, result: Live
) -> None:
    waiting: dict[str, list[tuple[float, float]]] = {}  # by speaker: (arrival, end) of interims not yet final
    await started.wait()
    origin = time.perf_counter()
    async for text in desk:
        arrived = time.perf_counter() - origin
        message: dict[str, Any] = json.loads(text)
        match message["type"]:
            case "call" if message["summary"]["call"] == call and message["summary"]["status"] == "live":
                await desk.send(json.dumps({"type": "subscribe", "call": call, "after": 0}))
            case "partial" if message["text"]:
                result.partial_lag.append(arrived - message["end"])
                waiting.setdefault(message["speaker"], []).append((arrived, message["end"]))
            case "event":
                event = message["logged"]["event"]
                if event["type"] == "call.ended":
                    return
                if event["type"] == "transcript.final":
                    result.final.append(arrived - (event["end"] - utterance.post_roll))
                    result.texts.setdefault(call, []).append(event["text"])
                    interims = waiting.pop(event["speaker"], [])
                    waiting[event["speaker"]] = [one for one in interims if one[1] > event["end"]]
                    result.first_partial += [
                        arrived - (event["start"] + utterance.pre_roll)
                        for arrived, end in interims
                        if event["start"] < end <= event["end"]
                    ][:1]
