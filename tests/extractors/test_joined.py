"""Utterances of one party in a row are read as one turn; evidence is told of the utterances."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from extractors.catalogue.knowledge import Catalogue
from extractors.conversation.joined import LONGEST, joined
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn
from extractors.understanding import Understanding

STARTED = datetime(2026, 3, 2, 10, 0)
AGENT, CITIZEN = Speaker.AGENT, Speaker.CITIZEN
WORDS = st.text("我们小区停水了，。？ab1", max_size=30)


def said(*utterances: tuple[Speaker, str]) -> list[Turn]:
    """Utterances of a call, each character 0.2 s long, half a second apart."""
    turns, at = [], 0.0
    for number, (speaker, text) in enumerate(utterances):
        times = tuple((at + 0.2 * place, at + 0.2 * place + 0.2) for place in range(len(text)))
        turns.append(Turn(number, speaker, text, at, at + 0.2 * len(text), times))
        at += 0.2 * len(text) + 0.5
    return turns


def test_what_a_party_says_in_one_go_is_one_turn():
    turns = said((AGENT, "请讲。"), (CITIZEN, "我们小区"), (CITIZEN, "停水了。"), (CITIZEN, "快来修"), (AGENT, "好的"))
    read = joined(turns).turns
    assert [turn.text for turn in read] == ["请讲。", "我们小区，停水了。快来修", "好的"]
    assert all(len(turn.times) == len(turn.text) for turn in read)
    assert (read[1].start, read[1].end) == (turns[1].start, turns[3].end)


def test_interim_text_and_another_language_stay_by_themselves():
    one, other = said((CITIZEN, "我们小区"), (CITIZEN, "停水了"))
    assert len(joined([one, replace(other, final=False)]).turns) == 2
    assert len(joined([one, replace(other, language="en")]).turns) == 2


def test_other_readings_and_what_was_heard_are_those_of_the_whole():
    one, other = said((CITIZEN, "我姓陈"), (CITIZEN, "耳东陈"))
    turn = joined([replace(one, readings=("我信陈",)), replace(other, heard="耳冬陈", readings=("二东陈",))]).turns[0]
    assert turn.readings == ("我信陈，耳东陈", "我姓陈，二东陈")
    assert turn.heard == "我姓陈，耳冬陈"


def test_what_has_no_evidence_in_a_joined_turn_is_handed_on_as_it_is():
    turns = said((AGENT, "电话多少"), (CITIZEN, "电话138"), (CITIZEN, "00138000"), (AGENT, "好的"))
    read = joined(turns)
    asked, whole = (SlotValue("", 0.9, (Evidence.of(turn, 0, 2),)) for turn in read.turns[:2])
    told = read.apart({"asked": asked, "whole": whole, "more": (asked, 1, None)})
    assert told["asked"] is asked and told["whole"] is not whole and told["more"][0] is asked


def test_evidence_is_told_of_the_utterances_it_was_said_in():
    turns = said((CITIZEN, "电话138"), (CITIZEN, "00138000"))
    read = joined(turns)
    whole = read.turns[0]
    value = read.apart(SlotValue("13800138000", 0.9, (Evidence.of(whole, 2, len(whole.text)),)))
    assert [(one.turn, one.text) for one in value.evidence] == [(0, "138"), (1, "00138000")]
    assert value.evidence[1].from_s == turns[1].start


@given(st.lists(st.tuples(st.sampled_from(Speaker), WORDS), max_size=12), st.data())
def test_joined_turns_hold_every_character_and_evidence_finds_its_way_back(utterances, data):
    turns = said(*utterances)
    read = joined(turns)
    comma_free = str.maketrans("", "", "，")
    assert "".join(t.text for t in read.turns).translate(comma_free) == "".join(t.text for t in turns).translate(
        comma_free
    )
    assert all(len(t.text) <= max(LONGEST, *(len(one.text) for one in turns)) for t in read.turns)
    by_id = {turn.id: turn for turn in turns}
    for turn in read.turns:
        start = data.draw(st.integers(0, len(turn.text)))
        end = data.draw(st.integers(start, len(turn.text)))
        (*found,) = read.apart((Evidence.of(turn, start, end),))
        assert found
        for one in found:
            assert one.text == by_id[one.turn].text[one.start : one.end]
        assert "".join(one.text for one in found).translate(comma_free) == turn.text[start:end].translate(comma_free)


@given(st.lists(st.tuples(st.sampled_from(Speaker), WORDS), max_size=12), st.integers(0, 12))
def test_what_is_joined_stays_so_when_more_is_said(utterances, count):
    turns = said(*utterances)
    early, late = joined(turns[:count]).turns, joined(turns).turns
    assert list(late[: max(0, len(early) - 1)]) == list(early[:-1])


def test_a_value_told_over_a_pause_is_understood_and_proved(catalogue: Catalogue):
    turns = said(
        (AGENT, "您好，请讲。"), (CITIZEN, "我今年三月给小孩报了名"), (CITIZEN, "交了6800块"), (CITIZEN, "现在门都锁了")
    )
    ticket = Understanding(catalogue, STARTED).ticket(turns)
    assert ticket.slots["amount"].value == 6800
    assert [one.turn for one in ticket.slots["amount"].evidence] == [2]
