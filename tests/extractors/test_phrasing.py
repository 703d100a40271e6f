"""A call is judged as calls that are worded so were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models
from extractors.matching.phrasing import FILE, Phrasing, load_phrasing, numbered, save_phrasing, terms
from extractors.turn import Speaker, Turn

ANSWERS = ("城市管理", "教育", "咨询", "投诉")
TERMS = numbered(["摊", "书", "问"], ["问", "投诉"])


@pytest.fixture(scope="module")
def phrasing() -> Phrasing:
    weights = np.array([[4, 0, 0, 0], [0, 4, 0, 0], [0, 0, 4, 0], [0, 0, 2, 0], [0, 0, 0, 4]], np.float32)
    usual = np.full(4, 0.5, np.float32)
    return Phrasing(ANSWERS, (2, 2), TERMS, np.ones(5, np.float32), weights, np.zeros(4, np.float32), usual)


def likely(phrasing: Phrasing, *said: tuple[Speaker, str]) -> dict[str, float]:
    turns = [Turn(number, speaker, text) for number, (speaker, text) in enumerate(said)]
    return dict(zip(ANSWERS, phrasing.of([phrasing.read(turn) for turn in turns]).tolist(), strict=True))


def test_characters_and_pairs_count_but_no_punctuation_and_not_which_figure() -> None:
    assert list(terms("有摊，3点")) == ["有", "摊", "有摊", "0", "点", "0点"]


def test_what_such_calls_were_filed_under_is_likely(phrasing: Phrasing) -> None:
    assert likely(phrasing, (Speaker.CITIZEN, "摆摊"))["城市管理"] > 0.9
    assert likely(phrasing, (Speaker.CITIZEN, "书"))["教育"] > 0.9


def test_each_question_is_answered_for_itself(phrasing: Phrasing) -> None:
    told = likely(phrasing, (Speaker.CITIZEN, "书"), (Speaker.AGENT, "投诉"))
    assert told["教育"] + told["城市管理"] == pytest.approx(1)
    assert told["咨询"] + told["投诉"] == pytest.approx(1)
    assert told["投诉"] > 0.9


def test_who_says_it_makes_a_difference(phrasing: Phrasing) -> None:
    caller, agent = (likely(phrasing, (speaker, "问"))["咨询"] for speaker in (Speaker.CITIZEN, Speaker.AGENT))
    assert caller > agent > 0.5


def test_of_a_call_that_says_nothing_known_nothing_is_likelier(phrasing: Phrasing) -> None:
    assert likely(phrasing, (Speaker.CITIZEN, "喂")) == pytest.approx(dict.fromkeys(ANSWERS, 0.5))
    assert likely(phrasing) == pytest.approx(dict.fromkeys(ANSWERS, 0.5))


@given(st.lists(st.tuples(st.sampled_from(Speaker), st.text(alphabet="摊书问投诉，喂", max_size=12)), max_size=6))
def test_it_is_all_the_same_how_words_are_divided_into_turns(said: list[tuple[Speaker, str]]) -> None:
    phrasing = load_phrasing(models.CLASSIFIER)
    joined = [(speaker, "，".join(text for one, text in said if one is speaker)) for speaker in Speaker]
    whole, parts = (
        phrasing.of([phrasing.read(Turn(0, speaker, text)) for speaker, text in some]) for some in (joined, said)
    )
    assert np.allclose(whole, parts, atol=1e-5)


def test_a_phrasing_is_kept_as_it_was(phrasing: Phrasing, tmp_path: Path) -> None:
    save_phrasing(phrasing, tmp_path)
    kept = load_phrasing(tmp_path)
    assert (kept.answers, kept.questions, kept.terms) == (phrasing.answers, phrasing.questions, phrasing.terms)
    assert np.allclose(kept.weights, phrasing.weights, atol=1e-3)


def test_a_broken_file_says_so(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes((models.CLASSIFIER / FILE).read_bytes()[:500])
    with pytest.raises(ValueError, match="no phrasing"):
        load_phrasing(tmp_path)
