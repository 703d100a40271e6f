"""What is written about a call is proved by words of the call, or told to be unproved."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extractors.slots.grounding import grounds
from extractors.turn import Speaker, Turn

CALL = [
    Turn(0, Speaker.AGENT, "请问您有什么要求？"),
    Turn(1, Speaker.CITIZEN, "让他把多收的钱退回来，那个司机也要处罚一下。"),
    Turn(2, Speaker.AGENT, "退回多收的钱，处罚司机，对吗？"),
]


def test_words_are_quoted_where_the_caller_says_them() -> None:
    found = grounds("处罚司机", CALL[:2])
    assert {one.turn for one in found.evidence} == {1}
    assert "处罚" in "".join(one.text for one in found.evidence)
    assert found.share == 1


def test_what_nobody_said_is_not_proved() -> None:
    assert grounds("安装电梯", CALL).share == 0
    assert grounds("安装电梯", CALL).evidence == ()
    assert 0.3 < grounds("处罚司机，安装电梯", CALL).share < 0.8


def test_what_was_misheard_proves_what_sounds_like_it() -> None:
    heard = [Turn(0, Speaker.CITIZEN, "棠下接道那个烧靠店")]
    assert grounds("烧烤店", heard).share == 1
    assert [one.text for one in grounds("烧烤店", heard).evidence] == ["烧靠店"]


def test_numbers_and_what_is_not_to_be_are_told_only_where_they_were_said() -> None:
    said = [Turn(0, Speaker.CITIZEN, "收了我三千九百八十块，在体育西路103号，尽快修好路灯，不要再换了")]
    assert grounds("退款3980元", said).told
    assert not grounds("退款8930元", said).told
    assert grounds("体育西路103号", said).told
    assert not grounds("体育西路108号", said).told
    assert grounds("不要再换", said).told
    assert not grounds("修好路灯不收钱", said).told


@given(st.text("退回多收的钱处罚司机，安装abc1 ", max_size=20))
def test_evidence_is_what_the_turn_says_and_the_share_is_one(text: str) -> None:
    found = grounds(text, CALL)
    assert 0 <= found.share <= 1
    for one in found.evidence:
        assert CALL[one.turn].text[one.start : one.end] == one.text != ""
