"""How mentions become values: read-backs, corrections, answers, repetition."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from extractors.conversation.dialogue import load_dialogue
from extractors.slots.folding import fold_mentions
from extractors.slots.mention import Mention
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn

DIALOGUE = load_dialogue(Path(__file__).resolve().parents[2] / "catalog")


def said(turn: int, value: str, confidence: float = 0.6, *, corrects: bool = False, answers: bool = False) -> Mention:
    evidence = Evidence(turn, 0, len(value), value, 0.0, 0.0)
    return Mention("address", value, confidence, evidence, corrects=corrects, answers=answers)


def fold(script: list[tuple[str, str]], mentions: list[Mention]) -> SlotValue | None:
    speakers = {"A": Speaker.AGENT, "C": Speaker.CITIZEN}
    turns = [Turn(number, speakers[who], text) for number, (who, text) in enumerate(script)]
    return fold_mentions(mentions, turns, DIALOGUE).get("address")


def test_a_read_back_agreed_to_confirms_and_raises_confidence():
    alone = fold([("C", "16号")], [said(0, "16号")])
    both = fold([("C", "16号"), ("A", "16号，对吗？"), ("C", "对的")], [said(0, "16号"), said(1, "16号")])
    assert alone is not None and both is not None
    assert both.confirmed and not alone.confirmed
    assert both.confidence > alone.confidence


def test_a_read_back_that_differs_replaces_once_agreed_to():
    script = [("C", "60号"), ("A", "16号，对吗？"), ("C", "对的")]
    value = fold(script, [said(0, "60号", 0.7), said(1, "16号", 0.6)])
    assert value is not None and value.value == "16号" and value.confirmed


def test_a_read_back_that_is_refused_is_dropped():
    script = [("C", "60号"), ("A", "16号，对吗？"), ("C", "不对，60号")]
    value = fold(script, [said(0, "60号", 0.5), said(1, "16号", 0.9)])
    assert value is not None and value.value == "60号"


def test_what_the_agent_only_asked_counts_once_the_citizen_says_so_too():
    asked = [("A", "是16号发生的吗"), ("C", "不记得了")]
    assert fold(asked, [said(0, "16号", 0.9)]) is None
    told = fold([*asked, ("C", "哦就是16号")], [said(0, "16号", 0.9), said(2, "16号")])
    assert told is not None and told.value == "16号"


def test_what_the_agent_tells_and_the_citizen_lets_stand_counts():
    value = fold([("A", "好的，16号"), ("C", "你们快点来")], [said(0, "16号", 0.9)])
    assert value is not None and value.value == "16号"


def test_a_read_back_that_the_citizen_knows_nothing_of_does_not_count():
    assert fold([("A", "16号，对吗"), ("C", "我不清楚")], [said(0, "16号", 0.9)]) is None


def test_what_the_office_promises_is_no_value():
    assert fold([("A", "好的，最晚16号前答复您"), ("C", "好的")], [said(0, "16号", 0.9)]) is None


def test_what_is_said_not_to_be_so_is_no_value():
    evidence = Evidence(0, 2, 5, "15号", 0.0, 0.0)
    assert fold([("C", "不是15号")], [Mention("address", "15号", 0.9, evidence)]) is None


def test_a_refused_read_back_drops_what_it_repeated_once_the_citizen_says_something_else():
    script = [("C", "60号"), ("C", "60号"), ("A", "60号，对吗？"), ("C", "不是"), ("A", "那是几号"), ("C", "16号")]
    mentions = [said(0, "60号", 0.9), said(1, "60号", 0.9), said(2, "60号", 0.9), said(5, "16号", 0.5)]
    value = fold(script, mentions)
    assert value is not None and value.value == "16号"
    before = fold(script[:4], mentions[:3])
    assert before is not None and before.value == "60号"


def test_an_answer_to_the_question_behind_a_read_back_does_not_refuse_it():
    script = [("A", "好的，16号。您是业主吗？"), ("C", "不是")]
    value = fold(script, [Mention("address", "16号", 0.9, Evidence(0, 3, 6, "16号", 0.0, 0.0))])
    assert value is not None


def test_an_unanswered_read_back_does_not_replace():
    value = fold([("C", "60号"), ("A", "16号，对吗？")], [said(0, "60号"), said(1, "16号", 0.7)])
    assert value is not None and value.value == "60号"


def test_a_correction_replaces_however_often_the_wrong_value_was_said():
    script = [("C", "18号"), ("C", "18号"), ("C", "不对，16号")]
    value = fold(script, [said(0, "18号", 0.9), said(1, "18号", 0.9), said(2, "16号", 0.5, corrects=True)])
    assert value is not None and value.value == "16号"


def test_an_answer_counts_more_than_an_early_aside():
    value = fold([("C", "18号"), ("C", "16号")], [said(0, "18号", 0.65), said(1, "16号", 0.6, answers=True)])
    assert value is not None and value.value == "16号"


SPEECH = st.lists(
    st.tuples(
        st.sampled_from("AC"),
        st.sampled_from(["16号", "18号", "60号"]),
        st.floats(0.05, 0.95),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["", "对", "不对"]),
    ),
    min_size=1,
    max_size=8,
)


@given(SPEECH)
def test_a_value_was_said_its_evidence_supports_it_and_its_confidence_is_a_probability(
    speech: list[tuple[str, str, float, bool, bool, str]],
):
    script = [(who, f"{reply}{value}") for who, value, _, _, _, reply in speech]
    mentions = [
        said(turn, value, confidence, corrects=corrects, answers=answers)
        for turn, (_, value, confidence, corrects, answers, _) in enumerate(speech)
    ]
    result = fold(script, mentions)
    if result is not None:
        assert 0 < result.confidence < 1
        assert {one.text for one in result.evidence} == {result.value}
    assert result == fold(script, mentions)


@given(SPEECH)
def test_the_citizens_last_correction_always_stands(speech: list[tuple[str, str, float, bool, bool, str]]):
    script = [(who, f"{reply}{value}") for who, value, _, _, _, reply in speech]
    mentions = [said(turn, one[1], one[2]) for turn, one in enumerate(speech)]
    script.append(("C", "不对，是99号"))
    mentions.append(said(len(speech), "99号", 0.1, corrects=True))
    result = fold(script, mentions)
    assert result is not None and result.value == "99号"


@given(st.lists(st.floats(0.05, 0.9), min_size=1, max_size=5), st.floats(0.05, 0.9))
def test_saying_it_again_never_lowers_the_confidence(first: list[float], again: float):
    script = [("C", "16号")] * (len(first) + 1)
    once = fold(script[:-1], [said(turn, "16号", one) for turn, one in enumerate(first)])
    twice = fold(script, [said(turn, "16号", one) for turn, one in enumerate([*first, again])])
    assert once is not None and twice is not None
    assert twice.confidence >= once.confidence
