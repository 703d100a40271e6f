"""Recognition as a caller's words reach the agent's page: calls fed in real time over the audio websocket, text timed
where a desk receives it.

All latencies are from the moment a sample was spoken, taking the start of the feed for the first sample. Speech begins
and ends where voice activity says so (an utterance is padded before and after; the padding is not counted).

- *first partial*: from the start of speech to the first interim text of the utterance;
- *partial lag*: from the last sample an interim text covers to its arrival;
- *final*: from the last sample of speech to the arrival of the final text, the wait that proves the end included;
- *fill*: from the last word that carries a value to the value's first appearance (provisional or not), for the values
  the ticket ends with; for the best template, from the end of what was recognised last.
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
    fill: dict[str, list[float]] = field(default_factory=dict)  # by slot, one entry a call


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
    shown: dict[str, dict[Any, float]] = {}  # by slot: delay of the first appearance of each value
    last: dict[str, Any] = {}  # by slot: the value it ends with
    heard_to = 0.0  # audio time up to which text has come
    await started.wait()
    origin = time.perf_counter()
    async for text in desk:
        arrived = time.perf_counter() - origin
        message: dict[str, Any] = json.loads(text)
        match message["type"]:
            case "call" if message["summary"]["call"] == call and message["summary"]["status"] == "live":
                await desk.send(json.dumps({"type": "subscribe", "call": call, "after": 0}))
            case "partial" if message["text"]:
                heard_to = message["end"]
                result.partial_lag.append(arrived - message["end"])
                waiting.setdefault(message["speaker"], []).append((arrived, message["end"]))
            case "provisional":
                _note({**message["slots"], "request_type": message["request_type"]}, arrived, shown)
                _note_template(message["templates"], arrived - heard_to, shown)
            case "event":
                event = message["logged"]["event"]
                if event["type"] == "call.ended":
                    for slot, value in last.items():
                        if value in shown.get(slot, {}):
                            result.fill.setdefault(slot, []).append(shown[slot][value])
                    return
                if event["type"] == "templates.ranked":
                    _note_template(event["templates"], arrived - heard_to, shown)
                    last["template"] = event["templates"][0]["code"] if event["templates"] else None
                if event["type"] == "ticket.changed":
                    filled_slots = {**event["slots"], "request_type": event["request_type"]}
                    _note(filled_slots, arrived, shown)
                    for slot, filled in filled_slots.items():
                        if filled is None:
                            last.pop(slot, None)
                        else:
                            last[slot] = filled["value"]
                if event["type"] == "transcript.final":
                    heard_to = event["end"] - utterance.post_roll
                    result.final.append(arrived - (event["end"] - utterance.post_roll))
                    interims = waiting.pop(event["speaker"], [])
                    waiting[event["speaker"]] = [one for one in interims if one[1] > event["end"]]
                    result.first_partial += [
                        arrived - (event["start"] + utterance.pre_roll)
                        for arrived, end in interims
                        if event["start"] < end <= event["end"]
                    ][:1]


def _note(slots: dict[str, Any], arrived: float, shown: dict[str, dict[Any, float]]) -> None:
    for slot, filled in slots.items():
        if filled is not None and filled["evidence"]:
            said = max(proof["to_s"] for proof in filled["evidence"])
            shown.setdefault(slot, {}).setdefault(filled["value"], arrived - said)


def _note_template(templates: list[dict[str, Any]] | None, delay: float, shown: dict[str, dict[Any, float]]) -> None:
    if templates:
        shown.setdefault("template", {}).setdefault(templates[0]["code"], delay)
