"""What is spoken for training is written as a ticket has it, said once, and apart from what is measured."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.training import ears_numbers, ears_text
from scripts.training.ears_text import CATALOG, HERE, Line, held_out, script, written

SHARED_CALLS = Path(__file__).parents[3] / "shared/calls/dev"


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return script(train=1500, heldout=300)


def bare(text: str) -> str:
    return re.sub(r"[，。？！、·：\-\s]", "", text)


# Names that hold a numeral: the recogniser's rules for numbers would rewrite them, the catalogue has them so.
NAMES_WITH_NUMERALS = re.compile(r"第四二一|五号停机坪|[十百]+[一二三四五六七八九]?路")


def test_the_rules_for_numbers_make_the_written_form_of_what_is_said(lines: list[Line]) -> None:
    spelled = [line for line in lines if not re.search("[A-Za-z]", line.text)]
    assert len(spelled) > 1400
    wrong = [
        (line.text, line.spoken)
        for line in spelled
        if not NAMES_WITH_NUMERALS.search(line.text) and bare(written(line.spoken)) != bare(line.text)
    ]
    assert wrong == []


def test_numbers_of_every_kind_are_among_the_texts(lines: list[Line]) -> None:
    for pattern, least in ((r"(?<!\d)1[3-9]\d{9}(?!\d)", 100), (r"\d{17}[\dX]", 5), (r"粤[A-Z]·", 10), (r"\d+号", 60)):
        assert sum(bool(re.search(pattern, line.text)) for line in lines) >= least, pattern
    assert not any(re.search("[0-9A-Za-z]", line.spoken) for line in lines)


def test_no_text_stands_twice_and_all_are_a_breath_long(lines: list[Line]) -> None:
    assert max(Counter(bare(line.text) for line in lines).values()) == 1
    assert max(len(bare(line.spoken)) for line in lines) <= ears_text.MAX_SPOKEN


def test_every_prefix_is_a_balanced_sample_of_kinds(lines: list[Line]) -> None:
    trained = [line.kind for line in lines if line.split == "train"]
    whole = sum(ears_text.SHARES.values())
    for length in (200, 700):
        counted = Counter(trained[:length])
        for kind, share in ears_text.SHARES.items():
            assert counted[kind] == pytest.approx(length * share / whole, abs=3), (length, kind)


def test_held_out_texts_come_from_other_templates_and_frames(lines: list[Line]) -> None:
    words = ears_text.Script(CATALOG, HERE / "ears_phrases.yaml", heldout=True)
    apart = ears_text.Script(CATALOG, HERE / "ears_phrases.yaml", heldout=False)
    assert not set(words._phrasings) & set(apart._phrasings)
    for key, frames in words._frames.items():
        assert frames, key
        assert not set(frames) & set(apart._frames[key])
    measured = {line.text for line in lines if line.split == "heldout"}
    assert len(measured) > 250
    assert not measured & {line.text for line in lines if line.split == "train"}


def test_a_kind_with_few_frames_still_has_one_held_out() -> None:
    frames = ["甲{no}", "乙{no}", "丙{no}"]
    assert any(held_out(frame, frames) for frame in frames)


def test_no_sentence_of_the_development_calls_is_spoken(lines: list[Line]) -> None:
    calls = sorted(SHARED_CALLS.glob("*.json"))
    if not calls:
        pytest.skip("the development calls are not here")
    turns = {bare(turn["text"]) for call in calls for turn in json.loads(call.read_text("utf-8"))["turns"]}
    sentences = {bare(line.text) for line in lines}
    # the greeting is the same in every call
    assert [said for said in sentences & turns if len(said) > 8 and "12345热线请问" not in said] == []


@given(st.integers(min_value=1, max_value=9_999_999))
def test_a_cardinal_means_its_number(number: int) -> None:
    from asr.numbers import cardinal

    assert cardinal(ears_numbers.cardinal(number)) == number


def test_identity_numbers_have_their_check_digit() -> None:
    from random import Random

    from extractors.codes.idcard import is_valid

    rng = Random(1)
    assert all(is_valid(ears_numbers.id_number(rng)[0]) for _ in range(200))
