"""Misheard words are repaired by sound, true text stays, and noise is told from sense."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.repair.wording import Wording, load_wording
from extractors.text.sound import load_sounds
from extractors.text.sound_trie import SoundTrie
from tests.extractors.mishearing import mishear
from tests.reference import CATALOG, reference


@cache
def wording() -> Wording:
    return load_wording(reference())


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("路边有人战道烧烤", "路边有人占道烧烤"),
        ("小区的宵防通道被堵了", "小区的消防通道被堵了"),
        ("老板脱欠工资", "老板拖欠工资"),
    ],
)
def test_words_of_the_hotline_are_heard_in_other_characters(heard: str, said: str):
    assert wording().repair(heard).text == said


@pytest.mark.parametrize(
    ("heard", "said"), [("赶紧把垃圾请理掉", "赶紧把垃圾清理掉"), ("要求退一陪时", "要求退一赔十")]
)
def test_in_a_wish_what_callers_ask_for_is_heard_sooner(heard: str, said: str):
    assert wording().repair(heard, True).text == said


def test_true_text_stays_as_it_is():
    said = [phrase for template in reference().templates[::20] for phrase in template.phrasings]
    changed = sum(wording().repair(text).text != text for text in said)
    assert changed <= len(said) * 0.02


def test_misheard_text_is_less_clear_than_true_text():
    said = [phrase for template in reference().templates[::40] for phrase in template.phrasings]
    less = sum(wording().repair(mishear(text, 0.4, 7)).clarity() < wording().repair(text).clarity() for text in said)
    assert less >= len(said) * 0.95


@given(st.text(alphabet="我要投诉占道烧烤站到稍靠，。12ab", max_size=24))
def test_a_repair_keeps_places(text: str):
    repaired = wording().repair(text)
    assert len(repaired.text) == len(repaired.doubt) == len(text)
    for old, new, doubt in zip(text, repaired.text, repaired.doubt, strict=True):
        assert doubt is not None or old == new
        assert doubt is None or 0 <= doubt <= 1


def test_terms_are_found_within_their_distance_and_no_farther():
    trie = SoundTrie([("zhan", "dao"), ("zhan", "dao", "shao", "kao")], load_sounds(CATALOG), 0.3)
    heard = [("zan",), ("dao",), ("shao",), ("kao",)]
    assert {(term, end) for term, end, _ in trie.at(heard, 0)} == {(0, 2), (1, 4)}
    assert trie.at(heard, 1) == []
