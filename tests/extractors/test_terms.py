from __future__ import annotations

from extractors.text.segment import Segmenter
from extractors.text.terms import WORD, Terms

TERMS = Terms(Segmenter(["占道", "烧烤"]), ["我们"])


def test_misheard_characters_of_the_same_sound_share_their_sounds() -> None:
    said, heard = TERMS.of("占道烧烤"), TERMS.of("站到烧烤")
    assert {term for term in said if term[0] == "s"} == {term for term in heard if term[0] == "s"}
    assert {term for term in said if term[0] == "p"} != {term for term in heard if term[0] == "p"}


def test_southern_confusions_sound_the_same() -> None:
    assert {t for t in TERMS.of("商店") if t[0] == "s"} == {t for t in TERMS.of("山店") if t[0] == "s"}


def test_numbers_and_punctuation_part_phrases_and_count_for_nothing() -> None:
    assert set(TERMS.of("电话13602247815，3栋502")) <= {"w电话", "p电话", *TERMS.of("电话")}


def test_stopwords_are_no_terms() -> None:
    assert [term for term in TERMS.of("我们烧烤") if term[0] == WORD] == ["w烧烤"]


def test_latin_words_count_in_lower_case() -> None:
    assert "wpermit" in TERMS.of("My work Permit 到期了")
