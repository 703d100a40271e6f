"""How callers put things decides between readings that sound alike."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.trigram_learning import blended, characters
from models.trigram_learning import learned as learned_of
from models.trigrams import PAUSE, Trigrams, load_trigrams

SAID = ["您好，请问有什么可以帮您？", "我要投诉楼下的烧烤档。", "烧烤档太吵了，3个月了。", "我姓陈。"] * 3
WORDS = st.text(alphabet="您好请问楼下烧烤档我姓陈程吵了啊3A，。 ", max_size=12)


def learned(texts: Sequence[str], private: Sequence[str] = ()) -> Trigrams:
    return learned_of(texts, private, numbers=characters([*texts, *private]))


@pytest.fixture(scope="module")
def own() -> Trigrams:
    return load_trigrams()


@pytest.mark.parametrize(
    ("said", "misheard"),
    [
        ("下班那阵最多，有七八辆三轮车", "下班那镇最多，有七八两三轮车"),
        ("物业一直不处理", "无业一直不处理"),
        ("我想反映一下噪音扰民的问题", "我想反应一下造音扰民的问题"),
        ("请问您贵姓，联系电话是多少", "请问您贵信，联系电话是多少"),
        ("这部电影的导演是谁", "这不电影的道演是谁"),
    ],
)
def test_what_people_say_is_likelier_than_what_sounds_like_it(own: Trigrams, said: str, misheard: str) -> None:
    assert own.score(said) > own.score(misheard) + 1


def test_digits_letters_and_pauses_are_all_alike_to_it(own: Trigrams) -> None:
    assert own.score("电话13812345678，B栋") == own.score("电话18987654321。C栋")
    assert own.score("，您好，。请讲？") == own.score("您好，请讲")


def test_what_is_kept_says_the_same_when_it_is_opened(tmp_path: Path) -> None:
    model = learned(SAID)
    path = tmp_path / "weights.npz"
    model.save(path)
    again = load_trigrams(path)
    for text in (*SAID, "从没说过的话"):
        assert again.score(text) == pytest.approx(model.score(text), rel=0.01)


def test_too_little_text_is_refused() -> None:
    with pytest.raises(ValueError, match="too little text"):
        learned(["", "，。"])


def test_of_private_texts_only_what_several_say_is_kept() -> None:
    private = ["我叫钱多多，住三楼。", "我叫孙小小，住三楼。"]
    alone, with_private = learned(SAID), learned(SAID, private)

    def triples(model: Trigrams) -> set[str]:
        chars = {number: char for char, number in model.numbers.items()}
        digits = (triple // model.size**power % model.size for triple in model.triples for power in (2, 1, 0))
        told = "".join(chars.get(int(one), " ") for one in digits)
        return {told[at : at + 3] for at in range(0, len(told), 3)}

    assert triples(with_private) - triples(alone) == {" 我叫", " 住三", "住三楼", "三楼 "}


@given(text=st.from_regex("[您好请问楼下烧烤档]{1,3}( [您好请问楼下烧烤档]{1,3}){0,2}", fullmatch=True))
@settings(deadline=None, max_examples=30)
def test_what_follows_a_text_is_as_likely_as_the_text_with_it(text: str) -> None:
    model = learned(SAID)
    this = np.arange(model.size)
    context, last, total = np.array([-1]), np.array([PAUSE]), 0.0
    for number in (*map(model.number, text), PAUSE):
        scores, contexts = model.following(context, last, this)
        total += scores[0, number]
        context, last = contexts[0, [number]], np.array([number])
    assert total == pytest.approx(model.score(text), rel=1e-4)


@given(text=WORDS)
@settings(deadline=None)
def test_anything_can_be_said_but_not_for_sure(text: str) -> None:
    assert -1000 < learned(SAID).score(text) < 0


def sure(model: Trigrams) -> float:
    """How likely texts of up to five of two characters are together."""
    texts, total = [""], 0.0
    for _ in range(6):
        total += sum(np.exp(model.score(text)) for text in texts)
        texts = [text + char for text in texts for char in ("您", "好")]
    return total


SHORT, OTHER = ["您好您", "好您好", "您您"] * 2, ["好好", "好您"]


def test_all_that_can_be_said_is_no_more_than_certain() -> None:
    assert 0.2 < sure(learned(SHORT)) <= 1


def test_a_blend_gives_what_any_of_its_models_has_seen_the_mean_probability() -> None:
    numbers = characters([*SHORT, *OTHER])
    one, other = (learned_of(texts, numbers=numbers) for texts in (SHORT, OTHER))
    both = blended([one, other], [0.7, 0.3])
    for text in (*SHORT, *OTHER):
        told = 0.7 * np.exp(one.scores(text)) + 0.3 * np.exp(other.scores(text))
        assert np.exp(both.scores(text)) == pytest.approx(told, rel=1e-3)
    assert 0.2 < sure(both) <= 1


def test_a_character_seen_in_many_places_is_likelier_in_a_new_one_than_one_often_seen_in_one_place() -> None:
    model = learned(["番禺区"] * 9 + ["楼下的", "路口的", "门前的", "我家的", "下水道"])
    assert model.scores("道的")[1] > model.scores("道禺")[1]
