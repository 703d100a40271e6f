from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr import UtteranceSettings
from asr.utterance import Divided, Due, Ended, Paused, Started, UtteranceEvent, Utterances
from asr.vad import FRAME_SECONDS

Event = TypeVar("Event", Started, Due, Paused, Divided, Ended)
SETTINGS = UtteranceSettings()
# stretches of speech, silence and doubt, of any length up to what makes a cut necessary
STRETCHES = st.lists(
    st.tuples(st.floats(0, 1, width=16), st.integers(1, 40)) | st.tuples(st.just(0.9), st.integers(300, 1200)),
    max_size=12,
)
LEVELS = st.integers(0, 2**32 - 1).map(Random)


def probabilities(*stretches: tuple[float, float]) -> list[float]:
    """(probability, seconds) stretches as frames."""
    return [level for level, seconds in stretches for _ in range(round(seconds / FRAME_SECONDS))]


def run(
    frames: list[float], settings: UtteranceSettings = SETTINGS, levels: list[float] | None = None
) -> list[UtteranceEvent]:
    """``levels``: None for those of a telephone that is never quiet, which tell nothing."""
    machine = Utterances(settings)
    return machine.feed(frames, levels or [-20.0] * len(frames)) + machine.finish()


def of_kind(events: list[UtteranceEvent], kind: type[Event]) -> list[Event]:
    return [event for event in events if isinstance(event, kind)]


def test_silence_gives_nothing() -> None:
    assert run(probabilities((0.02, 60))) == []


def test_a_click_is_no_speech() -> None:
    assert run(probabilities((0.0, 1), (0.95, 0.064), (0.0, 2))) == []


def test_one_short_word_is_an_utterance() -> None:
    events = run(probabilities((0.0, 1), (0.9, 0.2), (0.0, 2)))
    [started, ended] = [of_kind(events, Started)[0], of_kind(events, Ended)[0]]
    assert started.start * FRAME_SECONDS < 1.0
    assert ended.end * FRAME_SECONDS > 1.2


def test_a_pause_for_breath_does_not_end_an_utterance_and_a_longer_one_does() -> None:
    breath = probabilities((0.9, 1), (0.05, SETTINGS.end_silence - 0.1), (0.9, 1), (0.0, 2))
    rest = probabilities((0.9, 1), (0.05, SETTINGS.end_silence + 0.1), (0.9, 1), (0.0, 2))
    assert len(of_kind(run(breath), Ended)) == 1
    assert len(of_kind(run(rest), Ended)) == 2


def test_a_weak_syllable_stays_inside() -> None:
    events = run(probabilities((0.9, 1), (0.4, 1), (0.9, 1), (0.0, 2)))
    assert len(of_kind(events, Ended)) == 1
    assert of_kind(events, Paused)[0].at * FRAME_SECONDS > 3


def test_the_end_announced_at_a_pause_is_the_end_if_nothing_more_is_said() -> None:
    events = run(probabilities((0.0, 1), (0.9, 2), (0.0, 2)))
    [paused], [ended] = of_kind(events, Paused), of_kind(events, Ended)
    assert (paused.start, paused.end) == (ended.start, ended.end)
    assert paused.at < ended.at


def test_interim_windows_come_regularly_while_someone_speaks_and_not_in_silence() -> None:
    due = of_kind(run(probabilities((0.0, 1), (0.9, 5), (0.0, 5))), Due)
    times = [event.at * FRAME_SECONDS for event in due]
    assert times[0] - 1 <= SETTINGS.first_interim + FRAME_SECONDS
    steps = [later.at - earlier.at for earlier, later in pairwise(due)]
    assert steps == sorted(steps)  # sooner at first
    assert steps[0] * FRAME_SECONDS < SETTINGS.interim_interval / 2
    assert steps[-1] * FRAME_SECONDS == pytest.approx(SETTINGS.interim_interval, abs=FRAME_SECONDS)
    assert times[-1] <= 6


def test_a_long_speech_is_cut_at_a_pause_once_it_is_long() -> None:
    sentences = [(0.9, 3.0), (0.1, 0.4)] * 6
    events = run(probabilities((0.0, 1), *sentences, (0.0, 2)))
    started, ended = of_kind(events, Started), of_kind(events, Ended)
    assert len(ended) == 2
    assert SETTINGS.soft_limit < (ended[0].end - started[0].start) * FRAME_SECONDS < SETTINGS.hard_limit


def test_a_short_pause_divides_an_utterance_that_is_long_enough() -> None:
    breath = (0.05, SETTINGS.part_pause + 0.03)
    short = run(probabilities((0.9, SETTINGS.part - 0.5), breath, (0.9, 1), (0.0, 2)))
    long = run(probabilities((0.9, SETTINGS.part + 0.5), breath, (0.9, 1), (0.0, 2)))
    assert not of_kind(short, Divided)
    [divided], [ended] = of_kind(long, Divided), of_kind(long, Ended)
    assert divided.end - 3 <= ended.start <= divided.end  # a soft onset is in both
    assert divided.end * FRAME_SECONDS == pytest.approx(
        SETTINGS.part + 0.5 + SETTINGS.part_pause, abs=2 * FRAME_SECONDS
    )


def test_a_pause_that_announces_the_end_divides_an_utterance_of_a_clause() -> None:
    hesitation = (0.05, SETTINGS.pause + 0.05)
    short = run(probabilities((0.9, SETTINGS.clause - 0.5), hesitation, (0.9, 1), (0.0, 2)))
    long = run(probabilities((0.9, SETTINGS.clause + 0.2), hesitation, (0.9, 1), (0.0, 2)))
    assert not of_kind(short, Divided)
    [divided] = of_kind(long, Divided)
    assert (divided.start, divided.end) in {
        (paused.start, paused.end) for paused in of_kind(long, Paused) if paused.divides
    }


def test_parts_share_silence_only_however_short_the_pause_that_divides() -> None:
    spoken = probabilities((0.9, SETTINGS.part + 0.5))
    short = replace(SETTINGS, part_pause=FRAME_SECONDS, post_roll=0.0)
    events = run([*spoken, 0.0, *spoken, *probabilities((0.0, 2))], short)
    [divided], [ended] = of_kind(events, Divided), of_kind(events, Ended)
    assert ended.start == len(spoken) < divided.end


def test_a_part_behind_which_nothing_more_is_said_is_the_last() -> None:
    events = run(probabilities((0.9, SETTINGS.part + 1), (0.0, 2)))
    [paused], [ended] = of_kind(events, Paused), of_kind(events, Ended)
    assert not of_kind(events, Divided)
    assert (paused.start, paused.end) == (ended.start, ended.end)
    assert (paused.at - paused.end) * FRAME_SECONDS < SETTINGS.pause


def test_speech_without_a_pause_is_cut_where_it_is_weakest() -> None:
    frames = probabilities((0.95, 12), (0.6, 0.2), (0.95, 10), (0.0, 2))
    ended = of_kind(run(frames), Ended)
    assert 12 <= ended[0].end * FRAME_SECONDS <= 12.2
    assert len(ended) == 2


def test_speech_that_has_faded_to_the_noise_is_over_though_the_detector_remembers_it() -> None:
    spoken = [(0.02, 2, -40), (0.95, 2, -20), (0.6, 0.1, -40), (0.4, 0.3, -40), (0.02, 2, -40)]
    frames, levels = probabilities(*((p, s) for p, s, _ in spoken)), probabilities(*((db, s) for _, s, db in spoken))
    [loud], [faded] = of_kind(run(frames), Ended), of_kind(run(frames, levels=levels), Ended)
    assert (loud.at - faded.at) * FRAME_SECONDS == pytest.approx(0.4, abs=FRAME_SECONDS)
    assert faded.start == loud.start


def test_a_weak_syllable_well_above_the_noise_stays_inside() -> None:
    spoken = [(0.02, 2, -50), (0.95, 2, -20), (0.3, 1, -32), (0.9, 1, -20), (0.02, 2, -50)]
    frames, levels = probabilities(*((p, s) for p, s, _ in spoken)), probabilities(*((db, s) for _, s, db in spoken))
    assert run(frames, levels=levels) == run(frames)


def test_speech_hardly_above_the_noise_lasts_as_long_as_the_detector_says() -> None:
    spoken = [(0.02, 2, -22), (0.95, 2, -20), (0.3, 1, -22), (0.02, 2, -22)]
    frames, levels = probabilities(*((p, s) for p, s, _ in spoken)), probabilities(*((db, s) for _, s, db in spoken))
    assert run(frames, levels=levels) == run(frames)


@given(STRETCHES, st.lists(st.integers(0, 200), max_size=10), LEVELS)
def test_events_do_not_depend_on_how_the_frames_came(
    stretches: list[tuple[float, int]], sizes: list[int], chance: Random
) -> None:
    frames = [level for level, count in stretches for _ in range(count)]
    levels = [chance.uniform(-50, -10) for _ in frames]
    machine, events, position = Utterances(SETTINGS), [], 0
    for size in sizes:
        events += machine.feed(frames[position : position + size], levels[position : position + size])
        position += size
    events += machine.feed(frames[position:], levels[position:]) + machine.finish()
    assert events == run(frames, levels=levels)


@given(STRETCHES, LEVELS)
def test_utterances_lie_in_order_inside_the_audio_and_never_grow_too_long(
    stretches: list[tuple[float, int]], chance: Random
) -> None:
    frames = [level for level, count in stretches for _ in range(count)]
    events = run(frames, levels=[chance.uniform(-50, -10) for _ in frames])
    started, ended = of_kind(events, Started), of_kind(events, Ended)
    assert [e.utterance for e in started] == list(range(len(started))) == [e.utterance for e in ended]
    spans = [(begin.start, end.end) for begin, end in zip(started, ended, strict=True)]
    assert all(0 <= start < end <= len(frames) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all((end - start) * FRAME_SECONDS <= SETTINGS.hard_limit + SETTINGS.end_silence for start, end in spans)


@given(STRETCHES, LEVELS)
def test_every_window_lies_in_its_utterance_and_events_come_in_order_of_time(
    stretches: list[tuple[float, int]], chance: Random
) -> None:
    frames = [level for level, count in stretches for _ in range(count)]
    events = run(frames, levels=[chance.uniform(-50, -10) for _ in frames])
    assert [event.at for event in events] == sorted(event.at for event in events)
    current, part = None, 0
    for event in events:
        if isinstance(event, Started):
            assert current is None
            current, part = event, event.start
        else:
            assert current is not None
            assert event.utterance == current.utterance
            assert (event.start == current.start) if isinstance(event, Due) else (part - 3 <= event.start <= part)
            assert event.start < event.end <= event.at
            if isinstance(event, Divided):
                part = event.end
            if isinstance(event, Ended):
                current = None
    assert current is None


@given(STRETCHES)
def test_a_pause_that_divides_is_the_end_of_a_part_or_of_the_utterance_whatever_follows(
    stretches: list[tuple[float, int]],
) -> None:
    events = run([level for level, count in stretches for _ in range(count)])
    ends = {(end.utterance, end.start, end.end) for kind in (Divided, Ended) for end in of_kind(events, kind)}
    assert {(one.utterance, one.start, one.end) for one in of_kind(events, Paused) if one.divides} <= ends


@given(STRETCHES)
def test_audio_that_may_still_be_needed_is_never_given_up(stretches: list[tuple[float, int]]) -> None:
    machine = Utterances(SETTINGS)
    needed = 0
    for level, count in stretches:
        for _ in range(count):
            events = machine.feed([level], [-20.0])
            assert all(event.start >= needed for event in events)
            assert machine.needed_from >= needed
            needed = machine.needed_from
