from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from asr import (
    CallRecognizer,
    Final,
    Hypothesis,
    Partial,
    RecognizerSettings,
    Recording,
    Request,
    UtteranceSettings,
    as_heard,
)
from asr.repair import heard_in_place, repaired, repaired_final, repaired_partial
from asr.text import SpanText, spread


@dataclass(frozen=True)
class Replacement:
    start: int
    end: int
    text: str


class Lexicon:
    """Replaces what it is told to, wherever it stands; only once ``after`` was said, where that is given."""

    def __init__(self, heard: str, text: str, after: str = "") -> None:
        self.heard, self.text, self.after = heard, text, after

    def repairs(self, text: str, earlier: Sequence[str], readings: Sequence[str] = ()) -> list[Replacement]:
        at = text.find(self.heard)
        if at < 0 or (self.after and self.after not in earlier):
            return []
        return [Replacement(at, at + len(self.heard), self.text)]


@st.composite
def texts_to_repair(draw: st.DrawFn) -> tuple[SpanText, list[Replacement]]:
    text = draw(st.text(alphabet="在皇普七长周接到，住", min_size=1, max_size=30))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = [(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False) if start < end]
    replacements = [
        Replacement(*span, draw(st.text(alphabet="黄埔区洲街道", min_size=1, max_size=6))) for span in spans
    ]
    return SpanText(text, spread(text, 1.0, 5.0)), replacements


def final(text: str) -> Final:
    return Final(0, 0, 0.0, 4.0, text, spread(text, 0.0, 4.0), text)


@given(texts_to_repair())
def test_taking_repairs_back_gives_what_was_heard(case: tuple[SpanText, list[Replacement]]) -> None:
    spans, replacements = case
    result, repairs = repaired(spans, replacements)
    assert as_heard(result.text, repairs) == spans.text


@given(texts_to_repair())
def test_what_was_heard_in_place_keeps_every_place_and_gives_back_repairs_of_the_same_length(
    case: tuple[SpanText, list[Replacement]],
) -> None:
    result, repairs = repaired(*case)
    heard = heard_in_place(result.text, repairs) or result.text
    assert len(heard) == len(result.text)
    same_length = [one for one in repairs if len(one.heard) == one.end - one.start]
    back = {at: char for one in same_length for at, char in enumerate(one.heard, one.start)}
    assert heard == "".join(back.get(at, char) for at, char in enumerate(result.text))
    assert heard_in_place(result.text, ()) == ""


@given(texts_to_repair())
def test_every_character_of_a_repaired_text_has_a_time_and_times_do_not_run_back(
    case: tuple[SpanText, list[Replacement]],
) -> None:
    result, repairs = repaired(*case)
    assert len(result.times) == len(result.text)
    edges = [edge for span in result.times for edge in span]
    assert all(left <= right + 1e-9 for left, right in pairwise(edges))
    assert all(result.text[one.start : one.end] for one in repairs)


def test_a_repair_is_marked_where_it_stands_in_the_repaired_text() -> None:
    result = repaired_final(final("在皇普七那边"), Lexicon("皇普七", "黄埔区"), ())
    assert result.text == "在黄埔区那边"
    assert [(one.start, one.end, one.heard) for one in result.repairs] == [(1, 4, "皇普七")]
    assert result.raw == "在皇普七那边"


def test_a_final_without_repairs_is_left_alone() -> None:
    said = final("今天天气好")
    assert repaired_final(said, Lexicon("皇普七", "黄埔区"), ()) is said


def test_a_longer_name_shares_the_time_of_what_was_heard() -> None:
    result = repaired_final(final("在海竹住"), Lexicon("海竹", "海珠区"), ())
    assert result.times[1][0] == 1.0
    assert result.times[3][1] == 3.0


def partial(text: str, stable: int) -> Partial:
    return Partial(0, 0, 0.0, 4.0, text, spread(text, 0.0, 4.0), stable)


def test_a_repaired_word_of_interim_text_is_stable_once_all_of_it_was() -> None:
    lexicon = Lexicon("海竹", "海珠区")
    assert repaired_partial(partial("在海竹那边", 3), lexicon, ()).stable == 4
    assert repaired_partial(partial("在海竹那边", 2), lexicon, ()).stable == 1
    assert repaired_partial(partial("在海竹那边", 1), lexicon, ()).stable == 1


def shown_in_turn(hypotheses: list[tuple[str, int]], found: list[list[Replacement]]) -> list[tuple[Partial, Partial]]:
    """What was heard of an utterance and what is shown of it, whatever the lexicon finds each time."""

    class Fickle:
        def repairs(self, text: str, earlier: Sequence[str], readings: Sequence[str] = ()) -> list[Replacement]:
            return [one for one in found[len(shown)] if one.end <= len(text)]

    shown = list[tuple[Partial, Partial]]()
    for text, stable in hypotheses:
        heard = partial(text, stable)
        shown.append((heard, repaired_partial(heard, Fickle(), (), shown[-1][1] if shown else None)))
    return shown


def test_a_stable_repair_stays_when_it_would_not_be_made_any_more() -> None:
    made = Replacement(1, 3, "海珠区")
    first, second = (now for _, now in shown_in_turn([("在海竹那边", 3), ("在海竹那边有", 5)], [[made], []]))
    assert (first.text, first.stable) == ("在海珠区那边", 4)
    assert (second.text, second.stable) == ("在海珠区那边有", 6)
    assert as_heard(second.text, second.repairs) == "在海竹那边有"


def test_nothing_is_repaired_in_what_was_stable_and_what_follows_is() -> None:
    late = [Replacement(1, 3, "海珠区"), Replacement(5, 7, "南洲街")]
    _, second = (now for _, now in shown_in_turn([("在海竹那边", 3), ("在海竹那边南州", 3)], [[], late]))
    assert second.text == "在海竹那边南洲街"


@st.composite
def growing_texts(draw: st.DrawFn) -> tuple[list[tuple[str, int]], list[list[Replacement]]]:
    """Hypotheses of an utterance whose stable beginning only grows, and what a lexicon finds in each."""
    alphabet, stable = "在皇普七长周", ""
    hypotheses, found = [], []
    for _ in range(draw(st.integers(1, 6))):
        text = stable + draw(st.text(alphabet, min_size=1, max_size=6))
        stable = text[: draw(st.integers(len(stable), len(text)))]
        hypotheses.append((text, len(stable)))
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
        spans = zip(cuts[::2], cuts[1::2], strict=False)
        found.append([Replacement(*span, draw(st.text("黄埔区洲街", min_size=1, max_size=4))) for span in spans])
    return hypotheses, found


@given(growing_texts())
def test_stable_text_only_grows_whatever_is_repaired_in_it(
    case: tuple[list[tuple[str, int]], list[list[Replacement]]],
) -> None:
    stable = ""
    for heard, now in shown_in_turn(*case):
        assert now.text.startswith(stable)
        assert len(stable) <= now.stable <= len(now.text) == len(now.times)
        assert as_heard(now.text, now.repairs) == heard.text
        assert (
            len(as_heard(now.text[: now.stable], [one for one in now.repairs if one.end <= now.stable])) <= heard.stable
        )
        stable = now.text[: now.stable]


def texts_of(call: Recording, known: dict[tuple[int, int], str] | None = None, backwards: bool = False) -> list[str]:
    """The finals of ``call`` when its utterances are heard as below; ``known`` ones are not heard again."""
    undivided = UtteranceSettings(clause=15.0, part=15.0)
    settings = RecognizerSettings(undivided, lexicon=Lexicon("皇普七", "黄埔区", after="请问是哪个区"))
    recognizer = CallRecognizer(call.channels, call.sample_rate, settings, known)
    events = recognizer.feed(call.samples) + recognizer.finish()
    finals = [event for event in events if isinstance(event, Request) and event.final][:3]
    assert len(finals) == 3
    heard = {}
    for request, text in zip(finals, ("请问是哪个区", "皇普七", "皇普七"), strict=True):
        again = (request.channel, request.utterance) not in (known or {})
        heard[id(request)] = Hypothesis(text, spread(text, 0.0, 1.0)) if again else Hypothesis("", ())
    released: list[Partial | Final] = []
    for request in finals[::-1] if backwards else finals:
        released += recognizer.resolve(request, heard[id(request)])
    return [event.text for event in released]


def test_a_word_is_repaired_in_the_light_of_what_was_said_before(call: Recording) -> None:
    assert texts_of(call) == ["请问是哪个区", "黄埔区", "黄埔区"]


def test_repairs_do_not_depend_on_the_order_in_which_utterances_are_decoded(call: Recording) -> None:
    assert texts_of(call, backwards=True) == texts_of(call)


def test_what_a_former_run_gave_still_counts_as_said(call: Recording) -> None:
    assert texts_of(call, known={(0, 0): "请问是哪个区"}) == ["", "黄埔区", "黄埔区"]
