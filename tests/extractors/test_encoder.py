"""Texts that mean the same point the same way, in other words and misheard ones; where nothing is said, nowhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import Unigram

from extractors.text.encoder import Encoder, load_encoder, write


def cosine(one: str, other: str) -> float:
    first, second = load_encoder().directions([one, other])
    return float(first @ second)


@pytest.mark.parametrize(
    ("said", "alike", "apart"),
    [
        ("老板三个月没给我们发工钱", "企业拖欠劳动者工资", "企业拖延办理社保"),
        ("楼上冲凉房的水滴到我家天花板", "楼上住户卫生间渗漏到楼下", "小区自来水水压低"),
        ("娃娃上小学要准备什么材料", "咨询小学入学报名条件", "咨询驾驶证换证材料"),
        ("路边的灯一到晚上全黑的", "道路路灯不亮", "路面井盖破损"),
    ],
)
def test_other_words_of_one_meaning_are_nearer_than_like_words_of_another(said: str, alike: str, apart: str) -> None:
    assert cosine(said, alike) > cosine(said, apart)


@pytest.mark.parametrize(
    ("said", "misheard"),
    [("占道烧烤，油烟好大", "站到烧靠，有烟好大"), ("电梯坏了物业不修", "电提坏了物叶不休")],
)
def test_misheard_characters_of_like_sound_leave_the_direction_recognisable(said: str, misheard: str) -> None:
    others = ["医院挂号排不到", "公司不发工资", "路灯不亮", "咨询户口迁移"]
    assert cosine(said, misheard) > max(cosine(other, misheard) for other in others)


def test_what_says_little_is_short() -> None:
    encoder = load_encoder()
    assert np.linalg.norm(encoder.of("嗯，好的")) < np.linalg.norm(encoder.of("电梯坏了没人修")) / 2
    assert not encoder.of("，。？").any()


@given(st.text(max_size=60))
def test_any_text_has_a_finite_vector(text: str) -> None:
    vector = load_encoder().of(text)
    assert vector.shape == (load_encoder().size,)
    assert np.isfinite(vector).all()


def test_what_is_kept_in_eight_bits_is_what_was_learned(tmp_path: Path) -> None:
    tokenizer = Tokenizer(Unigram([("<unk>", 0.0), ("路", -1.0), ("灯", -1.0)], unk_id=0))
    learned = np.random.default_rng(1).normal(size=(3 + 2 * 8, 4)).astype(np.float32)
    write(tmp_path, tokenizer, 8, learned)
    vector = Encoder(tmp_path).of("灯")
    assert vector == pytest.approx(learned[2], abs=float(np.abs(learned[2]).max()) / 200)
