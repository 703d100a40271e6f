"""What tells who somebody is is found, what does not is left, and masking moves nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.catalogue.knowledge import Catalogue
from extractors.compiled import compile_catalogue
from extractors.safety.privacy import PersonalSpan, Privacy, luhn, make_privacy, mask
from extractors.turn import Speaker, Turn

SENTENCES = yaml.safe_load(Path(__file__).with_name("privacy_sentences.yaml").read_text("utf-8"))
SPOKEN = yaml.safe_load(Path(__file__).with_name("privacy_spoken.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def privacy(catalogue: Catalogue) -> Privacy:
    return make_privacy(catalogue, compile_catalogue(catalogue).extractors)


def turn(line: str) -> Turn:
    agent = (line.startswith("A") and not line[1].isascii()) or line.startswith("A[") or line.startswith("A1")
    return Turn(0, Speaker.AGENT if agent else Speaker.CITIZEN, line[1:] if agent else line)


def plain(line: str) -> tuple[Turn, set[int]]:
    """The turn of a sentence without brackets, and the places of the characters that stood in them."""
    text, inside, hidden = "", False, set()
    said = turn(line)
    for char in said.text:
        if char in "[]":
            inside = char == "["
        else:
            if inside:
                hidden.add(len(text))
            text += char
    return Turn(0, said.speaker, text), hidden


def seen(privacy: Privacy, line: str) -> str:
    """What is left of that which stands in brackets."""
    said, hidden = plain(line)
    masked = privacy.masked(said)
    return "".join(said.text[place] for place in sorted(hidden) if masked[place] != "*").strip(" -，,+")


@pytest.mark.parametrize("line", [*SENTENCES["personal"], *SPOKEN["personal"]])
def test_what_is_personal_is_masked_whole(privacy: Privacy, line: str) -> None:
    assert not seen(privacy, line)


def test_of_sentences_that_were_kept_back_nearly_all_are_masked_whole_and_no_innocent_one(privacy: Privacy) -> None:
    kept = SPOKEN["kept_back"]
    assert sum(bool(seen(privacy, line)) for line in kept["personal"]) <= 2
    assert [line for line in kept["innocent"] if privacy.masked(plain(line)[0]) != plain(line)[0].text] == []


@pytest.mark.parametrize(
    "text", ["我的手机号是13724481096", "手机号码幺三七二四四八幺零九六", "电话：１３７２４４８１０９６"]
)
def test_a_number_that_is_still_being_said_is_masked_from_its_third_digit_on(privacy: Privacy, text: str) -> None:
    start = next(place for place, char in enumerate(text) if char in "1幺１")
    for end in range(start + 3, len(text) + 1):
        assert privacy.masked(Turn(0, Speaker.CITIZEN, text[:end]))[start:] == "*" * (end - start)


@pytest.mark.parametrize(
    "text",
    [
        "手机1372块",
        "电话打了137次",
        "尾号限行",
        "他们热线4008001234",
        "电话1998年装的",
        "号码13号",
        "三百五，然后四百八",
    ],
)
def test_what_is_counted_and_what_everybody_may_call_is_no_private_number(privacy: Privacy, text: str) -> None:
    assert privacy.masked(Turn(0, Speaker.CITIZEN, text)) == text


def test_little_else_is_masked(privacy: Privacy) -> None:
    right = wrong = 0
    for line in [*SENTENCES["personal"], *SPOKEN["personal"]]:
        said, hidden = plain(line)
        for place, (was, now) in enumerate(zip(said.text, privacy.masked(said), strict=True)):
            right += was != now and place in hidden
            wrong += was != now and place not in hidden
    assert wrong <= 0.12 * right, (right, wrong)


@pytest.mark.parametrize("line", [*SENTENCES["public"], *SPOKEN["innocent"]])
def test_what_is_not_personal_stays(privacy: Privacy, line: str) -> None:
    said, _ = plain(line)
    assert privacy.masked(said) == said.text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("电话13826450917", "phone"),
        ("我的号码是440106199003071231", "id"),
        ("卡号6222020111122220002", "bank_card"),
        ("我打了6217003320001234569", "bank_card"),
    ],
)
def test_the_kind_is_told(privacy: Privacy, text: str, kind: str) -> None:
    assert kind in {span.kind for span in privacy.find(Turn(0, Speaker.CITIZEN, text))}


def test_a_short_group_is_a_phone_number_only_when_one_was_asked_for(privacy: Privacy) -> None:
    said = Turn(1, Speaker.CITIZEN, "那个是0917")
    assert privacy.masked(said) == said.text
    assert privacy.masked(said, {"phone"}) == "那个是****"


def test_the_check_digit_of_a_card_is_checked() -> None:
    assert luhn("6217003320001234569")
    assert not luhn("6217003320001234564")


PIECES = [
    "我姓范",
    "13826450917",
    "幺三八二六四五零九幺七",
    "东晓南路128号",
    "李医生",
    "我叫何志强",
    "，",
    "好",
    "*",
    "88",
    "440106199003071231",
    "的",
]
texts = st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=25)


@settings(max_examples=80, deadline=None)
@given(texts, st.sampled_from(Speaker))
def test_masking_keeps_the_length_and_every_other_character_and_done_twice_is_done_once(
    privacy: Privacy, text: str, speaker: Speaker
) -> None:
    once = privacy.masked(Turn(0, speaker, text))
    assert len(once) == len(text)
    assert all(now in (was, "*") for was, now in zip(text, once, strict=True))
    assert privacy.masked(Turn(0, speaker, once)) == once
    assert not re.search(r"1[3-9]\d{9}", once)


@given(st.text(max_size=20), st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), max_size=4))
def test_a_mask_covers_its_spans_and_nothing_else(text: str, places: list[tuple[int, int]]) -> None:
    spans = [PersonalSpan(min(pair), min(max(pair), len(text)), "name") for pair in places if min(pair) <= len(text)]
    masked = mask(text, spans)
    covered = {place for span in spans for place in range(span.start, span.end)}
    assert len(masked) == len(text)
    assert all(masked[place] == ("*" if place in covered else char) for place, char in enumerate(text))
