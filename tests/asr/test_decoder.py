import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from asr import Decoder, EngineError, Hypothesis, Request, Window
from asr.engine import Unfinished
from asr.text import spread


def heard(text: str) -> Hypothesis:
    return Hypothesis(text, spread(text, 0.0, 1.0))


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
        return [heard(str(window.seconds)) for window in windows]

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
    certain: bool = False,
    channel: int = 0,
    level: float = 0.1,
) -> Request:
    window = Window(np.full(round(seconds * 16000), level, np.float32), final or part or whole or certain)
    return Request(channel, 0, final or part, window, 0.0, seconds, seconds, last=final, certain=certain)


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


def test_a_final_that_is_being_decoded_counts_in_the_lag_until_it_is_answered(
    decoder: Decoder, engine: GatedEngine
) -> None:
    final = decoder.submit("a", request(2.0, final=True))
    assert engine.busy.acquire(timeout=10)
    assert decoder.depth == 0
    assert decoder.lag > 0
    engine.open()
    assert final.result(10)
    assert decoder.lag == 0


class Doubtful(GatedEngine):
    """Is never content with a first decode; the gate is before the second."""

    def begin(self, windows: Sequence[Window]) -> list[Hypothesis | Unfinished]:
        return [Unfinished((window.seconds,)) for window in windows]

    def finish(self, window: Window, unfinished: Unfinished) -> Hypothesis:
        return self.decode([window])[0]


@pytest.fixture
def doubtful() -> Doubtful:
    return Doubtful()


@pytest.fixture
def twice(doubtful: Doubtful) -> Iterator[Decoder]:
    """A decoder whose second thread is inside the engine, so that what is left to be decoded again has to wait."""
    with Decoder(doubtful) as decoder:
        decoder.submit("other", request(9.0, final=True))
        assert doubtful.busy.acquire(timeout=10)
        yield decoder
        doubtful.open(100)


def eventually(holds: Callable[[], object]) -> bool:
    until = time.monotonic() + 10
    while not holds() and time.monotonic() < until:
        time.sleep(0.005)
    return bool(holds())


def left(decoder: Decoder, windows: int) -> bool:
    """Whether so many windows come to wait for their second decode."""
    return eventually(lambda: len(decoder._again) == windows)


def test_finals_that_wait_to_be_decoded_again_count_in_the_lag(twice: Decoder, doubtful: Doubtful) -> None:
    assert twice.lag == 0
    second = twice.submit("b", request(3.0, final=True))
    assert eventually(lambda: twice.lag > 0)
    doubtful.open(2)
    assert second.result(10)
    assert twice.lag == 0


def test_finals_are_decoded_again_before_parts_and_likely_finals(twice: Decoder, doubtful: Doubtful) -> None:
    likely = twice.submit("a", request(1.0, whole=True))
    part = twice.submit("b", request(2.0, part=True))
    final = twice.submit("c", request(3.0, final=True))
    assert left(twice, 3)
    doubtful.open(4)
    assert likely.result(10) and part.result(10) and final.result(10)
    assert doubtful.batches == [[9.0], [3.0], [2.0], [1.0]]


@pytest.mark.parametrize("newer", [{}, {"whole": True}, {"part": True}, {"final": True}])
def test_a_likely_final_is_not_decoded_again_once_its_speaker_went_on(
    newer: dict[str, bool], twice: Decoder, doubtful: Doubtful
) -> None:
    likely = twice.submit("a", request(1.0, whole=True))
    elsewhere = twice.submit("a", request(1.5, whole=True, channel=1))
    assert left(twice, 2)
    went_on = twice.submit("a", request(2.0, **newer))  # type: ignore[arg-type]
    assert likely.result(10) is None
    doubtful.open(3)
    assert went_on.result(10) and elsewhere.result(10)
    assert [1.0] not in doubtful.batches


def test_a_likely_final_that_becomes_one_goes_first_among_what_is_decoded_again(
    twice: Decoder, doubtful: Doubtful
) -> None:
    twice.submit("b", request(2.0, part=True))
    asked = request(1.0, whole=True)
    likely = twice.submit("a", asked)
    assert left(twice, 2)
    assert twice.lag == 0
    final = twice.submit("a", Request(0, 0, True, asked.window, 0.0, 1.0, 1.4, last=True))
    assert twice.lag > 0
    twice.submit("a", request(0.5))  # the next utterance takes nothing away from it
    doubtful.open(4)
    assert final.result(10) and likely.result(10) is final.result(10)
    assert doubtful.batches[:2] == [[9.0], [1.0]]


def test_a_part_is_decoded_again_as_a_final_once_its_final_is_due(twice: Decoder, doubtful: Doubtful) -> None:
    twice.submit("b", request(1.0, part=True))
    part = twice.submit("a", request(2.0, part=True))
    assert left(twice, 2)
    final = twice.submit("a", request(3.0, final=True))
    assert left(twice, 3)
    doubtful.open(4)
    assert part.result(10) and final.result(10)
    twice.close()
    assert doubtful.batches == [[9.0], [2.0], [3.0], [1.0]]


class DoubtfulAtOnce(GatedEngine):
    """The gate is before the first decode, with which it is never content."""

    def begin(self, windows: Sequence[Window]) -> list[Hypothesis | Unfinished]:
        self.decode(windows)
        return [Unfinished(()) for _ in windows]

    def finish(self, window: Window, unfinished: Unfinished) -> Hypothesis:
        return heard(f"{window.seconds} again")


def test_a_likely_final_whose_speaker_went_on_during_its_first_decode_is_not_decoded_again() -> None:
    engine = DoubtfulAtOnce()
    with Decoder(engine) as decoder:
        likely = decoder.submit("a", request(1.0, whole=True))
        assert engine.busy.acquire(timeout=10)
        went_on = decoder.submit("a", request(2.0, final=True))
        engine.open(2)
        assert likely.result(10) is None
        assert went_on.result(10) == heard("2.0 again")


def test_a_likely_final_that_became_one_during_its_first_decode_is_decoded_again() -> None:
    engine = DoubtfulAtOnce()
    with Decoder(engine) as decoder:
        asked = request(1.0, whole=True)
        likely = decoder.submit("a", asked)
        assert engine.busy.acquire(timeout=10)
        final = decoder.submit("a", Request(0, 0, True, asked.window, 0.0, 1.0, 1.4, last=True))
        decoder.submit("a", request(0.5))
        engine.open(2)
        assert likely.result(10) == final.result(10) == heard("1.0 again")


def test_closing_decodes_finals_again_and_lets_likely_ones_go(doubtful: Doubtful) -> None:
    decoder = Decoder(doubtful)
    first = decoder.submit("a", request(1.0, final=True))
    assert doubtful.busy.acquire(timeout=10)
    final = decoder.submit("b", request(2.0, final=True))
    likely = decoder.submit("c", request(3.0, whole=True))
    assert left(decoder, 2)
    doubtful.open(2)
    decoder.close()
    assert first.result(0) and final.result(0)
    assert likely.result(0) is None


def test_a_window_that_waits_for_its_budget_is_decoded_at_once_when_its_final_is_due() -> None:
    engine = GatedEngine()
    engine.open(100)
    with Decoder(engine, interim_share=1e-5) as decoder:
        for budget in decoder._budgets.values():
            budget.spend(time.monotonic(), 1e6)
        asked = request(1.0, whole=True)
        likely = decoder.submit("a", asked)
        time.sleep(0.05)
        assert not likely.done()
        assert decoder.submit("a", Request(0, 0, True, asked.window, 0.0, 1.0, 1.4, last=True)).result(10)


def test_a_window_that_a_final_is_made_of_in_any_case_never_waits_for_a_budget_nor_gives_way() -> None:
    engine = GatedEngine()
    with Decoder(engine, interim_share=1e-5) as decoder:
        for budget in decoder._budgets.values():
            budget.spend(time.monotonic(), 1e6)
        occupied_by = decoder.submit("other", request(9.0, final=True))
        certain = decoder.submit("a", request(4.0, certain=True))
        decoder.submit("a", request(1.0))
        engine.open(2)
        assert occupied_by.result(10) and certain.result(10)
        engine.open(100)


def test_a_final_has_not_waited_as_long_as_the_interim_text_before_it(decoder: Decoder, engine: GatedEngine) -> None:
    occupied(decoder, engine)
    decoder.submit("a", request(1.0))
    time.sleep(0.3)
    decoder.submit("a", request(2.0, final=True))
    assert decoder.lag < 0.3


MALFORMED: dict[str, Any] = {
    "nothing": None,
    "no list": heard("好"),
    "an empty list": [],
    "one answer too many": [heard("好"), heard("好")],
    "None for a window": [None],
    "text for a window": ["好"],
    "too few times": [Hypothesis("好的", ((0.0, 0.1),))],
    "times for nothing": [Hypothesis("", ((0.0, 0.1),))],
    "no times": [Hypothesis("好", None)],  # type: ignore[arg-type]
    "times that are no pairs": [Hypothesis("好", (0.1,))],  # type: ignore[arg-type]
    "times that are no numbers": [Hypothesis("好", (("0", "1"),))],  # type: ignore[arg-type]
    "times without end": [Hypothesis("好", ((0.0, float("inf")),))],
    "no text": [Hypothesis(None, ())],  # type: ignore[arg-type]
    "no likelihood": [Hypothesis("好", ((0.0, 0.1),), log_probability=None)],  # type: ignore[arg-type]
    "a likelihood that is no number": [Hypothesis("好", ((0.0, 0.1),), no_speech=float("nan"))],
    "languages without shares": [Hypothesis("好", ((0.0, 0.1),), languages=("zh",))],  # type: ignore[arg-type]
    "bare alternatives": [Hypothesis("好", ((0.0, 0.1),), alternatives=("号",))],  # type: ignore[arg-type]
    "something left over": [Unfinished(())],
}


class Malformed:
    """Gives a malformed answer for windows of two seconds and hears the others."""

    name = "malformed"

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def batch_key(self, window: Window) -> Hashable:
        return None

    def decode(self, windows: Sequence[Window]) -> Any:
        if any(window.seconds == 2.0 for window in windows):
            return self.answer
        return [heard(str(window.seconds)) for window in windows]


class MalformedLadder(Malformed):
    """Gives it when it decodes again."""

    def begin(self, windows: Sequence[Window]) -> list[Hypothesis | Unfinished]:
        return [Unfinished(()) for _ in windows]

    def finish(self, window: Window, unfinished: Unfinished) -> Any:
        [answer] = self.decode([window])
        return answer


@pytest.mark.parametrize("kind", [Malformed, MalformedLadder])
@pytest.mark.parametrize("answer", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_answer_fails_its_own_window_and_those_after_it_are_decoded(
    answer: Any, kind: type[Malformed]
) -> None:
    with Decoder(kind(answer)) as decoder:
        bad = decoder.submit("a", request(2.0, final=True))
        assert isinstance(bad.exception(10), EngineError | ValueError | TypeError)
        good = decoder.submit("a", request(3.0, final=True))
        assert good.result(10) == heard("3.0")


def test_one_malformed_hypothesis_of_a_batch_leaves_the_others(engine: GatedEngine) -> None:
    class OneBad(GatedEngine):
        def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
            return [Hypothesis("坏", ()) if at == 1 else one for at, one in enumerate(super().decode(windows))]

    engine = OneBad()
    with Decoder(engine) as decoder:
        occupied(decoder, engine)
        first, bad, last = (decoder.submit(call, request(2.0, final=True)) for call in "abc")
        engine.open(2)
        assert first.result(10) and last.result(10)
        with pytest.raises(EngineError, match="1 characters but 0 times"):
            bad.result(10)
    assert [len(batch) for batch in engine.batches] == [1, 3]


@pytest.mark.parametrize("key", [[], np.zeros(2)])
def test_a_window_without_a_usable_batch_key_fails_alone(key: Any) -> None:
    class Keyless(Malformed):
        def batch_key(self, window: Window) -> Any:
            return key if window.seconds == 2.0 else 0

    with Decoder(Keyless(None)) as decoder:
        assert isinstance(decoder.submit("a", request(2.0, final=True)).exception(10), TypeError)
        assert decoder.submit("a", request(3.0, final=True)).result(10)


def test_interim_windows_wait_while_the_workers_have_used_their_share_and_finals_do_not() -> None:
    class Slow(GatedEngine):
        def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
            time.sleep(0.05)
            return [heard(str(window.seconds)) for window in windows]

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
