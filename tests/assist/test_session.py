"""How a call goes on whatever its decoder answers, and what is shown of it meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from asr import Decoder, Hypothesis, RecognizerSettings, Recording, Request, Window, load
from asr.repair import Lexicon, Replacement
from asr.text import spread
from assist.decide import Vocabulary
from assist.messages.desk import DeskPartial
from assist.messages.events import CallEnded, CallStarted, TranscriptFinal
from assist.mind import Mind, Understands
from assist.replay import MemoryLog, MemorySource, wire_audio
from assist.room import Room
from assist.session import Decodes, Session
from extractors.ticket import Ticket
from extractors.turn import Speaker, Turn
from tests.assist.listener import Listener

AT = datetime.fromisoformat("2026-03-02T10:15:00+08:00")


@pytest.fixture
def source(samples: Path) -> MemorySource:
    """The agent's greeting: one utterance."""
    call = load(samples / "dev-001.flac")
    opening = Recording(call.samples[: 6 * call.sample_rate, :1], call.sample_rate)
    return MemorySource(*wire_audio(opening, [Speaker.AGENT]))


class Noting:
    """Repairs nothing and notes what it was asked about."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def repairs(self, text: str, earlier: Sequence[str], readings: Sequence[str] = ()) -> Sequence[Replacement]:
        self.texts.append(text)
        return ()


@asynccontextmanager
async def heard(
    source: MemorySource,
    decoder: Decodes,
    lexicon: Lexicon | None = None,
    understanding: Understands | None = None,
) -> AsyncIterator[tuple[Room, Session]]:
    """A session of ``source`` with ``decoder``, running."""
    room = Room("call", MemoryLog(lambda record: None), (), lambda: source.frames / source.audio.sample_rate)
    await room.commit([(0.0, CallStarted(started_at=AT))])
    nothing = Vocabulary(frozenset(), frozenset(), frozenset(), lambda code: None)
    with ThreadPoolExecutor(1) as executor:
        session = Session(
            room,
            source=source,
            mind=Mind(room, understanding or Listener(), executor, nothing),
            decoder=decoder,
            settings=RecognizerSettings(lexicon=lexicon),
            executor=executor,
        )
        running = asyncio.create_task(session.run())
        yield room, session
        async with asyncio.timeout(30):
            await running


async def feed(source: MemorySource, session: Session) -> None:
    """The audio a fifth of a second at a time, so that interim windows are asked for."""
    while source.frames < source.total:
        source.frames = min(source.total, source.frames + source.audio.sample_rate // 5)
        session.audio_arrived()
        await session.keep_up(0.2)
        await asyncio.sleep(0.03)  # for what is shown meanwhile
    session.finish("stopped")


class Late:
    """Answers nothing by itself."""

    lag = 0.0

    def __init__(self) -> None:
        self.asked: list[tuple[Request, Future[Hypothesis | None]]] = []
        self.ended = asyncio.Event()  # an utterance did

    def submit(self, call: Hashable, request: Request) -> Future[Hypothesis | None]:
        future: Future[Hypothesis | None] = Future()
        self.asked.append((request, future))
        if request.last:
            self.ended.set()
        return future


def said(request: Request, text: str = "您好请讲") -> Hypothesis:
    return Hypothesis(text, spread(text, 0.0, request.window.seconds))


async def test_a_likely_final_whose_final_is_due_is_not_made_into_interim_text(source: MemorySource) -> None:
    decoder, lexicon = Late(), Noting()
    shown: list[DeskPartial] = []
    async with heard(source, decoder, lexicon) as (room, session):
        room.watchers.add(lambda: shown.extend(room.interim.values()))
        feeding = asyncio.create_task(feed(source, session))
        async with asyncio.timeout(30):
            await decoder.ended.wait()
        [final, waiting] = next(one for one in decoder.asked if one[0].last)
        likely = [one for one in decoder.asked if one[0].window is final.window and not one[0].final]
        assert len(likely) == 1
        likely[0][1].set_result(said(final))
        await asyncio.sleep(0.2)
        assert not any(partial.text for partial in shown)
        assert not lexicon.texts  # the final would wait behind its repair
        waiting.set_result(said(final))
        while not feeding.done():
            for request, future in decoder.asked:
                if not future.done():
                    future.set_result(said(request))
            await asyncio.sleep(0.01)
    turns = [record.event for record in room.records if isinstance(record.event, TranscriptFinal)]
    assert turns[0].text == "您好请讲"


async def test_a_likely_final_is_shown_while_its_end_is_still_awaited(source: MemorySource) -> None:
    class AtOnce(Late):
        def submit(self, call: Hashable, request: Request) -> Future[Hypothesis | None]:
            future = super().submit(call, request)
            future.set_result(said(request) if request.whole else None)
            return future

    shown: list[DeskPartial] = []
    async with heard(source, AtOnce()) as (room, session):
        room.watchers.add(lambda: shown.extend(room.interim.values()))
        await feed(source, session)
    assert any(partial.text == "您好请讲" for partial in shown)


class Unsure:
    """Hears the same in every window and doubts two characters of it."""

    name = "unsure"

    def batch_key(self, window: Window) -> Hashable:
        return window.final

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        sure = (0.9, 0.9, 0.2, 0.4)
        return [Hypothesis("您好情将", spread("您好情将", 0.0, one.seconds), probabilities=sure) for one in windows]


async def test_what_the_recogniser_doubted_is_in_the_log(source: MemorySource) -> None:
    with Decoder(Unsure()) as decoder:
        async with heard(source, decoder) as (room, session):
            await feed(source, session)
    [final] = [record.event for record in room.records if isinstance(record.event, TranscriptFinal)]
    assert [final.text[start:end] for start, end in final.doubts] == ["情将"]
    again = TranscriptFinal.model_validate_json(final.model_dump_json())
    assert again == final
    older = final.model_dump(mode="json")
    del older["doubts"]
    assert TranscriptFinal.model_validate(older).doubts == []


class Malformed:
    """An engine that gives every final something else than a hypothesis that can be used."""

    name = "malformed"

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def batch_key(self, window: Window) -> Hashable:
        return window.final

    def decode(self, windows: Sequence[Window]) -> Any:
        return self.answer


@pytest.mark.parametrize("answer", [None, [], [None], [Hypothesis("好的", ((0.0, 0.1),))]])
async def test_a_call_goes_on_to_its_end_whatever_its_engine_answers(answer: Any, source: MemorySource) -> None:
    with Decoder(Malformed(answer)) as decoder:
        async with heard(source, decoder) as (room, session):
            await feed(source, session)
    assert isinstance(room.records[-1].event, CallEnded)
    assert not any(isinstance(record.event, TranscriptFinal) for record in room.records)


@pytest.mark.parametrize(("lag", "waiting"), [(0.0, 0.0), (2.0, 0.1)])
async def test_audio_is_heard_at_once_and_in_larger_pieces_while_finals_wait(
    source: MemorySource, lag: float, waiting: float
) -> None:
    decoder = Late()
    decoder.lag = lag
    async with heard(source, decoder) as (_, session):
        for seconds, left in ((0.1, waiting), (0.2, 0.0)):
            source.frames = round(seconds * source.audio.sample_rate)
            session.audio_arrived()
            await asyncio.sleep(0.3)
            assert session.behind == pytest.approx(left, abs=0.01)
        session.finish("stopped")


async def test_a_call_that_takes_long_to_understand_has_interim_text_understood_seldom(source: MemorySource) -> None:
    class AtOnce(Late):
        """Hears one character more in each window."""

        def submit(self, call: Hashable, request: Request) -> Future[Hypothesis | None]:
            future = super().submit(call, request)
            future.set_result(said(request, "您好请讲有什么事要反映的吗"[: len(self.asked)]))
            return future

    class Slow(Listener):
        """Takes a while over every text."""

        def __init__(self) -> None:
            self.begun: list[float] = []

        def ticket(self, turns: Sequence[Turn], *others: Any, **more: Any) -> Ticket:
            if not turns[-1].final:
                self.begun.append(time.monotonic())
                time.sleep(0.1)
            return Ticket()

    slow = Slow()
    async with heard(source, AtOnce(), understanding=slow) as (_, session):
        await feed(source, session)
    assert len(slow.begun) > 1
    assert all(later - earlier >= 0.4 for earlier, later in pairwise(slow.begun))
