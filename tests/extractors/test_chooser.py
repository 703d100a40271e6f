"""Of all that a call says, the chooser finds what the ticket should hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.catalogue.knowledge import Catalogue
from extractors.choosing.chooser import load_chooser
from extractors.choosing.own_words import in_callers_words, with_hour
from extractors.choosing.restated import told_once
from extractors.choosing.traits import NAMES
from extractors.conversation.dialogue import load_dialogue
from extractors.slots.candidates import Candidate, Sign, candidates
from extractors.slots.marked import SLOTS
from extractors.slots.mention import Mention
from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn
from extractors.understanding import Understanding
from tests.reference import CATALOG

NOW = datetime.fromisoformat("2026-11-28T10:00:00+08:00")


def sign(slot: str, turn: Turn, words: str, probability: float = 0.8) -> Sign:
    start = turn.text.index(words)
    mention = Mention(slot, words, probability, Evidence.of(turn, start, start + len(words)))
    return Sign(mention, True, (probability,) * len(SLOTS))


def equal(one: Mention, other: Mention) -> bool:
    return one.value == other.value


def test_a_name_that_was_marked_in_pieces_is_also_taken_whole() -> None:
    turn = Turn(1, Speaker.CITIZEN, "是那个铭澜花园的物业。")
    found = candidates("subject", [sign("subject", turn, "铭"), sign("subject", turn, "花园")], {1: turn}, equal)
    assert [one.value for one in found if len(one.said) == 2] == ["铭澜花园"]


def test_wishes_of_several_turns_are_also_taken_together() -> None:
    first, second = Turn(1, Speaker.CITIZEN, "要把桌子收进去。"), Turn(3, Speaker.CITIZEN, "还要罚他。")
    signs = [sign("demand", second, "罚他"), sign("demand", first, "把桌子收进去")]
    assert "把桌子收进去，罚他" in [one.value for one in candidates("demand", signs, {1: first, 3: second}, equal)]


def test_what_rules_hardly_take_for_a_wish_is_not_taken_together_with_others() -> None:
    turn = Turn(1, Speaker.CITIZEN, "把工资追回来，老板拖着工资不给。")
    unsure = replace(sign("demand", turn, "老板拖着工资不给", 0.4), marked=False)
    found = candidates("demand", [sign("demand", turn, "把工资追回来"), unsure], {1: turn}, equal)
    assert [one.value for one in found] == ["把工资追回来", "老板拖着工资不给"]


def together(turns: Sequence[Turn], *words: str) -> Candidate:
    signs = tuple(sign("demand", turn, one) for turn, one in zip(turns, words, strict=True))
    return Candidate("，".join(words), None, signs, signs)


@pytest.mark.parametrize(
    ("reply", "words", "shown"),
    [
        ("对，派人上门帮我妈办证。", "派人上门帮我妈办证", "派人上门帮我妈办证"),
        ("对，还有派车来接她。", "派车来接她", "民警上门拍照，派车来接她"),
        ("对，最好派车来接她。", "派车来接她", "民警上门拍照，派车来接她"),
    ],
)
def test_a_wish_said_again_in_reply_to_a_summary_takes_its_place(reply: str, words: str, shown: str) -> None:
    turns = [Turn(1, Speaker.AGENT, "您希望民警上门拍照，对吗？"), Turn(2, Speaker.CITIZEN, reply)]
    once = told_once(together(turns, "民警上门拍照", words), turns, load_dialogue(CATALOG), equal)
    assert once.value == shown and set(once.said) <= set(once.support)


def test_a_reply_that_has_nothing_in_common_with_a_summary_is_told_besides() -> None:
    turns = [Turn(1, Speaker.AGENT, "要求马上恢复供水，对吗？"), Turn(2, Speaker.CITIZEN, "对，把管子都换掉。")]
    once = told_once(together(turns, "马上恢复供水", "把管子都换掉"), turns, load_dialogue(CATALOG), equal)
    assert once.value == "马上恢复供水，把管子都换掉"


def test_what_sums_up_a_wish_is_not_told_besides() -> None:
    turns = [Turn(1, Speaker.CITIZEN, "马上把钱退回来。"), Turn(2, Speaker.AGENT, "好的，尽快退还团费。")]
    chosen = together(turns, "把钱退回来", "尽快退还团费")
    assert told_once(chosen, turns, load_dialogue(CATALOG), equal).value == "把钱退回来"


def test_wishes_of_one_party_are_all_told() -> None:
    turns = [Turn(1, Speaker.CITIZEN, "把钱退回来。"), Turn(3, Speaker.CITIZEN, "你们去查他。")]
    chosen = together(turns, "把钱退回来", "去查他")
    assert told_once(chosen, turns, load_dialogue(CATALOG), equal) == chosen


def test_a_day_and_an_hour_said_apart_are_also_taken_together() -> None:
    first, second = Turn(1, Speaker.CITIZEN, "八点五十就没号了。"), Turn(3, Speaker.CITIZEN, "今天早上的事。")
    signs = [sign("occurred_at", first, "八点五十"), sign("occurred_at", second, "今天早上")]
    assert "今天早上八点五十" in [one.value for one in candidates("occurred_at", signs, {1: first, 3: second}, equal)]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8), st.floats(0.1, 1)), max_size=20))
def test_every_candidate_is_told_once_and_rests_on_what_was_said(places: list[tuple[int, int, float]]) -> None:
    turn = Turn(0, Speaker.CITIZEN, "我要投诉楼下的烧烤店天天晚上把桌子摆到人行道上油烟熏死人，希望管管。")
    signs = [
        sign("demand", turn, turn.text[start : start + length], probability)
        for start, length, probability in places
        if turn.text.index(turn.text[start : start + length]) == start
    ]
    found = candidates("demand", signs, {0: turn}, equal)
    assert len({one.value for one in found}) == len(found)
    assert all(set(one.said) <= set(one.support) <= set(signs) for one in found)


def test_weights_learned_on_other_traits_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "weights.npz", traits=np.array(["colour"]), slots=np.array(["amount"]))
    with pytest.raises(ValueError, match="scripts/train chooser"):
        load_chooser(tmp_path)


def test_every_slot_that_is_learned_has_weights() -> None:
    rows = np.zeros((3, len(NAMES) + len(SLOTS)), np.float32)
    for slot in ("subject", "demand", "occurred_at", "duration", "callback_time", "amount", "people_count"):
        probabilities = load_chooser().probabilities(slot, rows)
        assert probabilities.shape == (3,) and ((probabilities > 0) & (probabilities < 1)).all()


def test_the_likeliest_candidate_is_shown_of_written_and_of_recognised_text(catalogue: Catalogue) -> None:
    text = "我要投诉楼下的烧烤店，希望城管把桌子收走。"
    written = Turn(0, Speaker.CITIZEN, text)
    heard = replace(written, times=tuple((0.2 * place, 0.2 * place + 0.2) for place in range(len(text))))
    for turn in (written, heard):
        found, rows = Understanding(catalogue, NOW).candidates([turn])["demand"]
        probabilities = load_chooser().probabilities("demand", rows)
        shown = Understanding(catalogue, NOW).ticket([turn]).slots["demand"]
        assert shown.value == found[int(probabilities.argmax())].value
        assert shown.confidence == pytest.approx(float(probabilities.max()), abs=1e-3)


@pytest.mark.parametrize(
    ("callers", "agents", "same_time", "probability", "shown"),
    [
        ("这个月八号", "本月八号", True, 0.1, "这个月八号"),
        ("晚上八点下班以后", "晚上八点以后", False, 0.9, "晚上八点下班以后"),
        ("晚上八点下班以后", "晚上八点以后", False, 0.3, "晚上八点以后"),
        ("上午别打，晚上八点以后", "晚上八点以后", False, 0.9, "晚上八点以后"),
        ("昨天", "上周三中午", False, 0.9, "上周三中午"),
    ],
)
def test_a_time_is_shown_in_the_callers_words_where_they_mean_the_same(
    callers: str, agents: str, same_time: bool, probability: float, shown: str
) -> None:
    turns = [Turn(1, Speaker.CITIZEN, f"{callers}吧。"), Turn(2, Speaker.AGENT, f"{agents}，好的。")]
    iso = "2026-11-08/2026-11-09" if same_time else None
    found = []
    for turn, words in zip(turns, (callers, agents), strict=True):
        said = (sign("occurred_at", turn, words),)
        found.append(Candidate(words, iso, said, said))
    place = in_callers_words(found, np.array([probability, 0.95], np.float32), 1, turns)
    assert found[place].value == shown


@pytest.mark.parametrize(("probability", "shown"), [(0.6, "前天早上九点钟"), (0.3, "前天早上")])
def test_a_day_is_shown_with_the_hour_told_apart_from_it_where_that_is_about_as_likely(probability: float, shown: str):
    turn = Turn(1, Speaker.CITIZEN, "前天早上，我喝完早茶，九点钟。")
    day, hour = sign("occurred_at", turn, "前天早上"), sign("occurred_at", turn, "九点钟")
    values = {"前天早上": (day,), "前天早上九点钟": (day, hour), "九点钟": (hour,)}
    found = [Candidate(value, None, said, said) for value, said in values.items()]
    assert found[with_hour(found, np.array([0.78, probability, 0.2], np.float32), 0)].value == shown


def test_what_is_alike_to_the_others_and_how_many_clauses_it_has_is_told_of_a_candidate(catalogue: Catalogue) -> None:
    turns = [
        Turn(0, Speaker.AGENT, "您希望怎么处理？"),
        Turn(1, Speaker.CITIZEN, "我要他们退还押金，还要跟我道歉。"),
        Turn(2, Speaker.AGENT, "您的诉求是退还押金并道歉，对吗？"),
        Turn(3, Speaker.CITIZEN, "对的。"),
    ]
    found, rows = Understanding(catalogue, NOW).candidates(turns)["demand"]
    alike, clauses = rows[:, NAMES.index("like_others")], rows[:, NAMES.index("clauses")]
    assert all(0 <= one <= 1 for one in alike)
    assert [round(6 * one) for one in clauses] == [str(each.value).count("，") + 1 for each in found]
    lonely = Turn(3, Speaker.CITIZEN, "对的，另外厕所漏水快点修好。")
    more, others = Understanding(catalogue, NOW).candidates([*turns[:3], lonely])["demand"]
    of = {str(each.value): row[NAMES.index("like_others")] for each, row in zip(more, others, strict=True)}
    alone = [one for value, one in of.items() if "押金" not in value and "道歉" not in value]
    assert alone and max(alone) < min(one for value, one in of.items() if value in {str(each.value) for each in found})
