"""Of all that a call says, the chooser finds what the ticket should hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.candidates import Sign, candidates
from extractors.catalogue import Catalogue
from extractors.chooser import Kind, load_chooser
from extractors.marked import SLOTS
from extractors.mention import Mention
from extractors.ticket import Evidence
from extractors.traits import NAMES
from extractors.turn import Speaker, Turn
from extractors.understanding import Understanding

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
    np.savez(tmp_path / "written.npz", traits=np.array(["colour"]), slots=np.array(["amount"]))
    with pytest.raises(ValueError, match="scripts/train chooser"):
        load_chooser("written", tmp_path)


@pytest.mark.parametrize("kind", ["written", "recognised"])
def test_every_slot_that_is_learned_has_weights(kind: Kind) -> None:
    rows = np.zeros((3, len(NAMES) + len(SLOTS)), np.float32)
    for slot in ("subject", "demand", "occurred_at", "duration", "callback_time", "amount", "people_count"):
        probabilities = load_chooser(kind).probabilities(slot, rows)
        assert probabilities.shape == (3,) and ((probabilities > 0) & (probabilities < 1)).all()


def test_recognised_text_is_weighed_by_what_was_learned_from_recognised_text(catalogue: Catalogue) -> None:
    text = "我要投诉楼下的烧烤店，希望城管把桌子收走。"
    written = Turn(0, Speaker.CITIZEN, text)
    heard = replace(written, times=tuple((0.2 * place, 0.2 * place + 0.2) for place in range(len(text))))
    for turn, kind in ((written, "written"), (heard, "recognised")):
        found, rows = Understanding(catalogue, NOW).candidates([turn])["demand"]
        probabilities = load_chooser(kind).probabilities("demand", rows)
        shown = Understanding(catalogue, NOW).ticket([turn]).slots["demand"]
        assert shown.value == found[int(probabilities.argmax())].value
        assert shown.confidence == pytest.approx(float(probabilities.max()), abs=1e-3)
