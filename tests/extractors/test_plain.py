"""Typed text in other dress than rules and models know."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.conversation.plain import MOST, plain_text, plain_turn, quoting
from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("天河區石牌街道的路燈不亮", "天河区石牌街道的路灯不亮"),
        ("１２號大院，３８８８元", "12号大院，3888元"),
        ("粤Ａ１２３４５", "粤A12345"),
        ("０２０－３８８８００００", "020-38880000"),
        ("⽯牌", "石牌"),
        ("以後呢？於是…", "以后呢？于是…"),
        ("\ud83c半个字符", "�半个字符"),
    ],
)
def test_letters_digits_and_characters_are_put_as_rules_know_them(written: str, plain: str):
    assert plain_text(written) == plain


@pytest.mark.parametrize(
    "text", ["我姓李，李昇的昇，乾隆的乾，①第一个，嗰個㎡".replace("個", "个"), "你好，请讲：真的？"]
)
def test_names_marks_and_what_simplified_text_has_itself_stay(text: str):
    assert plain_text(text) == text


@given(st.text())
def test_plain_text_is_as_long_and_plain_already(text: str):
    assert len(plain_text(text)) == len(text)
    assert plain_text(plain_text(text)) == plain_text(text)


def test_evidence_quotes_what_was_written():
    turn = Turn(0, Speaker.CITIZEN, "天河區的路燈")
    read = plain_turn(turn)
    found = {"district": (Evidence.of(read, 0, 3),)}
    assert found["district"][0].text == "天河区"
    assert quoting(found, [turn])["district"][0].text == "天河區"


def test_of_a_text_longer_than_anybody_says_the_beginning_is_read():
    turn = Turn(0, Speaker.CITIZEN, "啊" * 5000, times=((0.0, 1.0),) * 5000)
    assert len(plain_turn(turn).text) == len(plain_turn(turn).times) == MOST
