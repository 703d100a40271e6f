"""How callers put things decides between readings that sound alike."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models
from asr.language_model import LanguageModel, learned, load_language_model

SAID = ["您好，请问有什么可以帮您？", "我要投诉楼下的烧烤档。", "烧烤档太吵了，3个月了。", "我姓陈。"] * 3
WORDS = st.text(alphabet="您好请问楼下烧烤档我姓陈程吵了啊3A，。 ", max_size=12)


@pytest.fixture(scope="module")
def own() -> LanguageModel:
    return load_language_model(models.LANGUAGE_MODEL / "weights.npz")


@pytest.mark.parametrize(
    ("said", "misheard"),
    [
        ("下班那阵最多，有七八辆三轮车", "下班那镇最多，有七八两三轮车"),
        ("物业一直不处理", "无业一直不处理"),
        ("我想反映一下噪音扰民的问题", "我想反应一下造音扰民的问题"),
        ("请问您贵姓，联系电话是多少", "请问您贵信，联系电话是多少"),
    ],
)
def test_what_people_say_is_likelier_than_what_sounds_like_it(own: LanguageModel, said: str, misheard: str) -> None:
    assert own.score(said) > own.score(misheard) + 1


def test_digits_letters_and_pauses_are_all_alike_to_it(own: LanguageModel) -> None:
    assert own.score("电话13812345678，B栋") == own.score("电话18987654321。C栋")
    assert own.score("，您好，。请讲？") == own.score("您好，请讲")


def test_traditional_characters_count_as_their_simplified_ones(own: LanguageModel) -> None:
    assert own.score("請問您貴姓") == own.score("请问您贵姓")


def test_what_is_kept_says_the_same_when_it_is_opened(tmp_path: Path) -> None:
    model = learned(SAID)
    path = tmp_path / "weights.npz"
    np.savez_compressed(path, **model.arrays())  # type: ignore[arg-type]
    again = load_language_model(path)
    for text in (*SAID, "从没说过的话"):
        assert again.score(text) == pytest.approx(model.score(text), rel=0.01)


def test_too_little_text_is_refused() -> None:
    with pytest.raises(ValueError, match="too little text"):
        learned(["好", "不"])


@given(text=WORDS)
@settings(deadline=None)
def test_anything_can_be_said_but_not_for_sure(text: str) -> None:
    assert -1000 < learned(SAID).score(text) < 0


def test_all_that_can_be_said_is_no_more_than_certain() -> None:
    model = learned(["您好您", "好您好", "您您"] * 2)
    texts, total = [""], 0.0
    for _ in range(6):
        total += sum(np.exp(model.score(text)) for text in texts)
        texts = [text + char for text in texts for char in ("您", "好")]
    assert 0.2 < total <= 1
