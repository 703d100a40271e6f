"""Which name was meant: what was heard of it and how its characters were told, taken together."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.names.explained import UNTOLD, Explanations, Told
from extractors.names.heard_names import HeardName, HeardNames
from extractors.names.rules import NameRules
from extractors.text.cues import load_rules
from extractors.text.sound import load_sounds

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
SOUNDS = load_sounds(CATALOG)
RULES = NameRules(load_rules(CATALOG, "names"), SOUNDS.distance)
CHARS = {char for char in (*RULES.surnames.frequency, *RULES.given) if len(char) == 1}
WEIGHTS = RULES.weights
EXPLANATIONS = Explanations(RULES.explained, CHARS, SOUNDS, WEIGHTS.told)
NAMES = HeardNames(
    RULES.surnames.frequency, RULES.surname_readings, RULES.given, EXPLANATIONS, SOUNDS, WEIGHTS.heard, WEIGHTS.written
)


def best(told: Told) -> str:
    fits = EXPLANATIONS.fits(told)
    return max(fits, key=lambda char: fits[char])


@pytest.mark.parametrize(
    ("word", "heard", "meant"),
    [
        ("志气", "志", "志"),
        ("致其", "治", "志"),  # heard by sound alone
        ("光荣", "容", "荣"),
        ("我叫薇小宝", "薇", "韦"),  # words before the word that explains
        ("站江", "站", "湛"),  # a place of the general dictionary
        ("健康", "抗", "康"),  # the word decides, the character may be misheard
        ("七季光纳", "七", "戚"),  # a person of the general dictionary, and 那个 behind
        ("修七相关", "七", "戚"),  # a saying
    ],
)
def test_an_explanation_means_the_character_of_the_word(word: str, heard: str, meant: str) -> None:
    assert best(Told(word, heard)) == meant


def test_what_another_reading_has_of_an_explanation_counts() -> None:
    assert EXPLANATIONS.fits(Told("族业", "族")).get("卓", UNTOLD) < 0.1
    assert EXPLANATIONS.fits(Told("族业", "族", (("卓越", "卓"),)))["卓"] > 0.9


def test_the_agents_hearing_and_the_callers_are_weighed_together() -> None:
    told = ((Told("下学", "学"), Told("分方", "分")),)
    meant = NAMES.meant((HeardName("学"), HeardName("宁", "雪芬")), (told,))
    assert meant.surname + meant.given == "宁雪芬"


def test_a_surname_is_not_told_by_the_explanation_of_a_given_name() -> None:
    told = ((Told("软灵玉", "软"), Told("美丽", "力"), Told("珍珠", "珍")),)
    meant = NAMES.meant((HeardName("软", "力真"),), (told,))
    assert (meant.surname, meant.given) == ("阮", "丽珍")


def test_nothing_heard_is_no_name() -> None:
    assert NAMES.meant((), ()).surname == ""


def test_a_surname_said_otherwise_than_its_character_is_heard_as_it_is_said() -> None:
    assert NAMES.meant((HeardName("善"), HeardName("善")), (((Told("简单", "单"),),),)).surname == "单"


def test_what_each_party_explains_is_of_the_name_in_its_own_order() -> None:
    citizen, agent = ((Told("温度", "温"), Told("知小", "小")),), ((Told("红彤彤", "同"),),)
    meant = NAMES.meant((HeardName("温", "小同"), HeardName("关", "小童", agent=True)), (citizen, agent))
    assert (meant.surname, meant.given) == ("温", "晓彤")


def test_the_reading_counts_whose_explanations_fit() -> None:
    told = (Told("成续", "城"),), (Told("成续", "城"), Told("田野", "夜"))
    assert NAMES.meant((HeardName("成", "夜"),), (told,)).given == "野"


def test_one_error_in_the_word_and_behind_it_counts_once() -> None:
    fits = EXPLANATIONS.fits(Told("弟业", "地"))
    assert fits["毕"] > EXPLANATIONS.fits(Told("弟业", "绝")).get("毕", UNTOLD)


def test_a_character_heard_as_in_the_name_tells_no_more_of_its_sound() -> None:
    heard = HeardName("姐"), HeardName("解", others=("剪", "减"), agent=True)
    told = Told("简单", "姐")
    once, again = (NAMES.meant(heard, (((one,),),)) for one in (told, replace(told, again=True)))
    assert again.surname == once.surname == "简"
    assert again.sure > once.sure


def test_a_known_word_that_was_heard_is_likelier_than_others_of_its_sound() -> None:
    fits = EXPLANATIONS.fits(Told("梅花", "梅"))
    assert fits["梅"] > 10 * fits["美"]  # 美化


def test_a_word_that_people_use_is_known_whatever_was_heard_behind_it() -> None:
    assert EXPLANATIONS.known(Told("孩子", "笔"))
    assert not EXPLANATIONS.known(Told("晚着", "晚"))


def test_a_given_name_of_which_a_known_word_explains_nothing_is_less_sure() -> None:
    heard, health = HeardName("柯", "步健"), Told("健康", "健")
    doubtful, sure = (NAMES.meant((heard,), ((told,),)) for told in ((Told("孩子", "笔"), health), (health,)))
    assert doubtful.given_sure < 0.7 * sure.given_sure


def test_a_word_that_is_not_known_still_tells_how_the_character_sounds() -> None:
    told = (Told("色器", "休"),)
    heard = HeardName("廖", "修")
    assert NAMES.meant((heard,), ((told,),)).given in "修秀休"


def test_what_is_no_surname_is_not_taken_for_one_that_sounds_nearly_so() -> None:
    meant = NAMES.meant((HeardName("熬"), HeardName("熬", agent=True)), (((Told("熬包", "熬"),),),))
    assert meant.surname == "敖"


CHARACTER = st.sampled_from(sorted(CHARS)[::7])


@given(st.lists(CHARACTER, min_size=2, max_size=3, unique=True), st.lists(CHARACTER, max_size=2))
def test_probabilities_are_some_and_the_order_of_what_was_heard_does_not_matter(
    surnames: list[str], given_name: list[str]
) -> None:
    heard = [HeardName(one, "".join(given_name)) for one in surnames]
    first, *others = {NAMES.meant(tuple(some), ()) for some in permutations(heard)}
    assert 0 <= first.sure <= 1 + 1e-9
    assert 0 <= first.given_sure <= 1 + 1e-9
    assert len(first.given) == len(given_name)
    assert all(abs(one.sure - first.sure) < 1e-6 for one in others)
