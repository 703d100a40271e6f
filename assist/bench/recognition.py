"""`assist bench asr`: its modes, one method each, figures out."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from asr.engine import Engine
from asr.entities import Names
from asr.recognizer import RecognizerSettings
from asr.whisper import WhisperEngine
from assist.bench.capacity import Search
from assist.bench.clips import Clips
from assist.bench.figures import holds, live_figures, offline_figures, over_runs
from assist.bench.live import Clip, Live, Pace, play
from assist.bench.machine import Machine
from assist.bench.manifest import Item
from assist.bench.memory import WARM_UP, slope_mb_per_hour
from assist.bench.offline import Heard, Pass, Stability, speech_of
from assist.bench.own_server import OwnServer, own_server, without_limits
from assist.bench.score import Score, speech_seconds
from assist.bench.sound import Telephone, sound
from assist.bench.versus import FasterWhisper
from assist.config import Asr
from assist.speech import model_directory

Bar: TypeAlias = Callable[[str, int | None], AbstractContextManager[Callable[[], None]]]

FULL_CONTEXT = 30.0  # seconds: what Whisper was trained on
_PATIENCE = 3.0  # times its length after which a step of a capacity measurement is broken off
_RAMP = 5.0  # seconds over which the lines begin, where they play long enough
_AT_REAL_TIME = ("first_partial_s", "partial_lag_s", "final_s", "fill_s", "read_s", "distribution", "feeder_late_s")
_MEMORY_EVERY = 30.0  # seconds of audio between samples


@dataclass(slots=True)
class Bench:
    """What is measured with. ``chunk``: seconds of audio a frame; None: 20 ms for one call, 100 ms for more."""

    items: Sequence[Item]
    asr: Asr
    settings: RecognizerSettings
    names: Names
    model: Engine
    machine: Machine
    bar: Bar
    telephone: Telephone = "none"
    chunk: float | None = None
    config: Path | None = None
    _clips: Clips = field(init=False)

    def __post_init__(self) -> None:
        self._clips = Clips(self.items, self.model, self.settings, self.telephone)

    def offline(self, *, quick: bool, versus: bool) -> dict[str, Any]:
        """Every recording as fast as the machine can.

        Unless ``quick``, also in batches and, by Whisper, with full context and beam 5 over the same utterances. With
        ``versus`` also by the peer. Raises `AudioError` for a file that cannot be used.
        """
        heard = Heard(self.model)
        ours = Pass(heard, self.settings, self.names, Score(self.model.name))
        full, stability = None, None
        if not quick:
            if isinstance(self.model, WhisperEngine):
                decoding = replace(self.model.settings, paddings=(FULL_CONTEXT,), beam_size=5)
                whole = self.model.with_settings(decoding)
                full = Pass(whole, self.settings, self.names, Score("full 30 s context, beam 5"))
            stability = Stability(self.model)
        peer = FasterWhisper(model_directory(self.asr), self.asr) if versus else None
        with self.bar("Recognising", len(self.items)) as step:
            for item in self.items:
                recording = sound(item, self.telephone)
                finals = ours.recognise(item, recording)
                if stability is not None:
                    stability.add(heard.windows)
                heard.windows.clear()
                if full is not None:
                    full.recognise(item, recording)
                if peer is not None:
                    speech = speech_seconds(item, speech_of(finals, self.settings))
                    peer.recognise(item, recording, speech, self.names)
                step()
        if stability is not None:
            stability.finish()
        return offline_figures(ours, full, stability, list(peer.scores.values()) if peer else [])

    def live(self, calls: int, seconds: float, runs: int) -> dict[str, Any]:
        """``calls`` calls at once, ``runs`` times; medians over the runs, and each run."""
        with self.bar("Recognising what is to be played", None):
            lines = self._clips.lines(calls, seconds)
        figures = []
        with own_server(self.config) as server, self.bar("Playing in real time", runs * sum(map(len, lines))) as step:
            for _ in range(runs):
                live = self._play(lines, server, step, seconds)
                figures.append(live_figures(live, self.machine.cores, self._tick(calls), self.names))
        return {**over_runs(figures), "runs": figures} if runs > 1 else figures[0]

    def capacity(
        self, first: int, most: int, seconds: float, goal: float, tell: Callable[[dict[str, Any]], None]
    ) -> dict[str, Any]:
        """How many calls at once get their finals within ``goal`` seconds (p95) with none lost.

        The server refuses none of them. ``tell`` gets the figures of each step of ``seconds`` seconds.
        """
        search, clips = Search(first, most), self._clips
        steps = []
        with own_server(self.config, without_limits(most)) as server:
            while (calls := search.next) is not None:
                with self.bar(f"Recognising what {calls} calls play", None):
                    lines = clips.lines(calls, seconds)
                with self.bar(f"{calls} calls", sum(map(len, lines))) as step:
                    live = self._play(lines, server, step, seconds, limit=_PATIENCE * seconds + _RAMP)
                figures = live_figures(live, self.machine.cores, self._tick(calls), self.names)
                figures["held"] = holds(figures, goal)
                search.tried(calls, figures["held"])
                steps.append(figures)
                tell(figures)
        return {"calls_held": search.held, "goal_s": goal, "seconds": seconds, "steps": steps}

    def soak(self, calls: int, hours: float, speed: float) -> dict[str, Any]:
        """``calls`` calls without end for ``hours`` of audio, at ``speed`` seconds of audio a second: does memory grow?

        Latencies are told only at real time.
        """
        with self.bar("Recognising what is to be played", None):
            lines = self._clips.endless(calls, hours * 3600)
        samples: list[tuple[float, float]] = []
        with own_server(self.config, without_limits(calls)) as server, self.bar("Playing without end", None) as step:

            async def run() -> Live:
                sampling = asyncio.create_task(_sample(server, speed, samples))
                try:
                    pace = Pace(self._tick(calls), speed)
                    return await play(lines, server, self.settings.utterance, pace, step)
                finally:
                    sampling.cancel()

            live = asyncio.run(run())
        figures = live_figures(live, self.machine.cores, self._tick(calls), self.names)
        if speed != 1:
            for name in _AT_REAL_TIME:
                del figures[name]
        return {
            **figures,
            "hours": hours,
            "speed": speed,
            "warm_up": WARM_UP,
            "slope_mb_per_hour": round(slope_mb_per_hour(samples), 2),
            "first_mb": round(samples[0][1], 1),
            "last_mb": round(samples[-1][1], 1),
            "samples": [(round(seconds), round(megabytes, 1)) for seconds, megabytes in samples],
        }

    def _tick(self, calls: int) -> float:
        return self.chunk if self.chunk is not None else 0.02 if calls == 1 else 0.1

    def _play(
        self,
        lines: Sequence[Sequence[Clip]],
        server: OwnServer,
        step: Callable[[], None],
        seconds: float,
        limit: float | None = None,
    ) -> Live:
        gc.collect()
        gc.freeze()  # what this process holds already need not be looked through while calls are timed
        try:
            pace = Pace(self._tick(len(lines)), ramp=min(_RAMP, seconds / 10), limit=limit)
            return asyncio.run(play(lines, server, self.settings.utterance, pace, step))
        finally:
            gc.unfreeze()


async def _sample(server: OwnServer, speed: float, samples: list[tuple[float, float]]) -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    for number in count():
        await asyncio.sleep(max(0.0, start + number * _MEMORY_EVERY / speed - loop.time()))
        samples.append(((loop.time() - start) * speed, server.process.memory_mb()))
