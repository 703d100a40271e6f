import threading
import time
from collections.abc import Hashable, Iterator, Sequence

import numpy as np
import pytest

from asr import Decoder, Hypothesis, Request, Window
from asr.engine import Unfinished


class GatedEngine:
    """Hears the length of a window, one batch each time the gate is opened; breaks on windows of silence."""

    name = "gated"

    def __init__(self) -> None:
        self.gate = threading.Semaphore(0)
        self.busy = threading.Semaphore(0)
        self.batches: list[list[float]] = []

    def batch_key(self, window: Window) -> Hashable:
        return round(window.seconds), window.final

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        self.busy.release()
        assert self.gate.acquire(timeout=10)
        if not all(window.audio.any() for window in windows):
            raise ValueError("silence")
        self.batches.append([window.seconds for window in windows])
        return [Hypothesis(str(window.seconds), ()) for window in windows]

    def open(self, batches: int = 1) -> None:
        self.gate.release(batches)


@pytest.fixture
def engine() -> GatedEngine:
    return GatedEngine()


@pytest.fixture
def decoder(engine: GatedEngine) -> Iterator[Decoder]:
    with Decoder(engine) as decoder:
        yield decoder
        engine.open(100)


def request(
    seconds: float,
    *,
    final: bool = False,
    part: bool = False,
    whole: bool = False,
    channel: int = 0,
    level: float = 0.1,
) -> Request:
    window = Window(np.full(round(seconds * 16000), level, np.float32), final or part or whole)
    return Request(channel, 0, final or part, window, 0.0, seconds, seconds, last=final)


def occupied(decoder: Decoder, engine: GatedEngine) -> None:
    """Returns when the one worker is inside the engine, so that what is submitted next has to wait."""
    decoder.submit("other", request(9.0))
    assert engine.busy.acquire(timeout=10)


def test_a_request_is_answered(decoder: Decoder, engine: GatedEngine) -> None:
    engine.open()
    hypothesis = decoder.submit("call", request(2.0)).result(10)
    assert hypothesis is not None
    assert hypothesis.text == "2.0"


def test_finals_go_first(decoder: Decoder, engine: GatedEngine) -> None:
    occupied(decoder, engine)
    interim = decoder.submit("a", request(1.0))
    final = decoder.submit("b", request(4.0, final=True))
    engine.open(3)
    assert final.result(10) and interim.result(10)
    assert engine.batches == [[9.0], [4.0], [1.0]]


def test_parts_of_a_final_wait_for_finals_until_it_is_due_itself(decoder: Decoder, engine: GatedEngine) -> None:
    occupied(decoder, engine)
    decoder.submit("a", request(1.0))
    first = decoder.submit("a", request(4.0, part=True))
    decoder.submit("b", request(5.0, part=True))
    decoder.submit("c", request(3.0, final=True))
    decoder.submit("a", request(2.0, final=True))
    engine.open(5)
    assert first.result(10) is not None
    decoder.close()
    assert engine.batches == [[9.0], [4.0], [3.0], [2.0], [5.0]]


def test_windows_of_like_length_from_many_calls_share_a_batch(decoder: Decoder, engine: GatedEngine) -> None:
    occupied(decoder, engine)
    futures = [decoder.submit(call, request(2.0 + call / 100)) for call in range(6)]
    long = decoder.submit("long", request(6.0))
    engine.open(3)
    texts = [hypothesis.text for future in futures if (hypothesis := future.result(10))]
    assert texts == ["2.0", "2.01", "2.02", "2.03", "2.04", "2.05"]
    assert long.result(10)
    assert [len(batch) for batch in engine.batches] == [1, 6, 1]


def test_an_interim_window_that_a_newer_one_replaces_is_not_decoded(decoder: Decoder, engine: GatedEngine) -> None:
    occupied(decoder, engine)
    old = decoder.submit("a", request(1.0))
    elsewhere = decoder.submit("a", request(1.0, channel=1))
    new = decoder.submit("a", request(2.0))
    assert old.result(10) is None
    engine.open(3)
    assert new.result(10) and elsewhere.result(10)
    assert [1.0] in engine.batches


def test_a_newer_interim_window_keeps_the_place_of_the_one_it_replaces(decoder: Decoder, engine: GatedEngine) -> None:
    occupied(decoder, engine)
    decoder.submit("a", request(1.0))
    other = decoder.submit("b", request(4.0))
    newer = decoder.submit("a", request(2.0))
    engine.open(3)
    assert newer.result(10) and other.result(10)
    assert engine.batches == [[9.0], [2.0], [4.0]]


def test_a_final_replaces_the_interim_windows_of_its_channel_and_is_itself_never_dropped(
    decoder: Decoder, engine: GatedEngine
) -> None:
    occupied(decoder, engine)
    interim = decoder.submit("a", request(1.0))
    final = decoder.submit("a", request(2.0, final=True))
    next_interim = decoder.submit("a", request(1.5))
    next_final = decoder.submit("a", request(3.0, final=True))
    engine.open(4)
    assert interim.result(10) is None
    assert next_interim.result(10) is None
    assert [hypothesis.text for f in (final, next_final) if (hypothesis := f.result(10))] == ["2.0", "3.0"]


def test_a_window_decoded_at_a_pause_is_not_decoded_again_for_the_final(decoder: Decoder, engine: GatedEngine) -> None:
    likely = request(2.0, whole=True)
    final = Request(0, 0, True, likely.window, 0.0, 2.0, 2.4, last=True)
    engine.open()
    assert decoder.submit("a", likely).result(10)
    assert decoder.submit("a", final).result(10)
    assert engine.batches == [[2.0]]


def test_a_final_asked_for_while_its_window_waits_goes_first_and_answers_both(
    decoder: Decoder, engine: GatedEngine
) -> None:
    occupied(decoder, engine)
    likely = request(2.0, whole=True)
    waiting = decoder.submit("a", likely)
    other = decoder.submit("b", request(4.0, final=True))
    final = decoder.submit("a", Request(0, 0, True, likely.window, 0.0, 2.0, 2.4, last=True))
    engine.open(3)
    assert waiting.result(10) == final.result(10)
    assert other.result(10)
    assert engine.batches == [[9.0], [2.0], [4.0]]


def test_an_error_reaches_the_one_who_asked_and_nobody_else(decoder: Decoder, engine: GatedEngine) -> None:
    occupied(decoder, engine)
    bad = decoder.submit("a", request(2.0, level=0.0))
    good = decoder.submit("b", request(2.0))
    engine.open(4)
    with pytest.raises(ValueError, match="silence"):
        bad.result(10)
    assert good.result(10)


def test_a_cancelled_interim_does_not_take_the_final_with_it(decoder: Decoder, engine: GatedEngine) -> None:
    occupied(decoder, engine)
    likely = request(2.0, whole=True)
    waiting = decoder.submit("a", likely)
    final = decoder.submit("a", Request(0, 0, True, likely.window, 0.0, 2.0, 2.4, last=True))
    waiting.cancel()
    engine.open(2)
    assert final.result(10)


def test_depth_tells_what_waits_and_lag_how_long_finals_wait(decoder: Decoder, engine: GatedEngine) -> None:
    assert (decoder.depth, decoder.lag) == (0, 0.0)
    occupied(decoder, engine)
    futures = [decoder.submit(call, request(2.0)) for call in range(3)]
    assert decoder.depth == 3
    assert decoder.lag == 0
    futures.append(decoder.submit("late", request(2.0, final=True)))
    assert decoder.lag > 0
    engine.open(3)
    assert all(future.result(10) for future in futures)
    assert decoder.depth == 0
    assert decoder.lag == 0


def test_finals_that_wait_to_be_decoded_again_count_in_the_lag() -> None:
    class Doubtful(GatedEngine):
        def begin(self, windows: Sequence[Window]) -> list[Hypothesis | Unfinished]:
            return [Unfinished(()) for _ in windows]

        def finish(self, window: Window, unfinished: Unfinished) -> Hypothesis:
            return self.decode([window])[0]

    engine = Doubtful()
    with Decoder(engine) as decoder:
        first = decoder.submit("a", request(2.0, final=True))
        assert engine.busy.acquire(timeout=10)
        second = decoder.submit("b", request(3.0, final=True))
        until = time.monotonic() + 10
        while not decoder.lag and time.monotonic() < until:
            time.sleep(0.01)
        assert decoder.lag > 0
        engine.open(2)
        assert first.result(10) and second.result(10)
        assert decoder.lag == 0


def test_interim_windows_wait_while_the_workers_have_used_their_share_and_finals_do_not() -> None:
    class Slow(GatedEngine):
        def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
            time.sleep(0.05)
            return [Hypothesis(str(window.seconds), ()) for window in windows]

    # a share so small that what was used is owed for hours
    with Decoder(Slow(), interim_share=1e-5) as decoder:
        for budget in decoder._budgets.values():
            budget.spend(time.monotonic(), 1000.0)
        interim = decoder.submit("a", request(1.0))
        assert decoder.submit("b", request(2.0, final=True)).result(10)
        assert not interim.done()
        assert decoder.depth == 1
    assert interim.result(0) is None


def test_closing_decodes_the_finals_and_lets_the_rest_go(engine: GatedEngine) -> None:
    decoder = Decoder(engine)
    occupied(decoder, engine)
    interim = decoder.submit("a", request(1.0))
    final = decoder.submit("b", request(2.0, final=True))
    engine.open(2)
    decoder.close()
    decoder.close()
    assert interim.result(0) is None
    assert final.result(0)
    with pytest.raises(RuntimeError, match="closed"):
        decoder.submit("a", request(1.0))


def test_audio_is_let_go_once_it_is_decoded(decoder: Decoder, engine: GatedEngine) -> None:
    engine.open()
    asked = request(2.0, final=True)
    assert decoder.submit("a", asked).result(10)
    assert len(decoder._by_window) == 1
    del asked
    assert len(decoder._by_window) == 0
