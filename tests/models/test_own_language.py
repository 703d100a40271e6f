"""What a hotline's own sentences add to a language model, and what of them is not kept."""

from pathlib import Path

import numpy as np
import pytest

from assist.bench.gold import read_calls
from models.own_language import Adapted, TooLittleTextError, adapted
from models.trigram_learning import characters, learned, likeliest_share, widened
from models.trigrams import Trigrams, bits_a_character, load_trigrams

CALLS = Path(__file__).resolve().parents[2] / "samples" / "calls"
FILMS = ["这部电影的导演是谁", "他还演过别的电影吗"]
TOLD_ONCE = "饕餮蹀躞"


@pytest.fixture(scope="module")
def known() -> Trigrams:
    return load_trigrams()


@pytest.fixture(scope="module")
def said() -> list[str]:
    return [turn.text for call in read_calls(CALLS / "alike")[:200] for turn in call.turns]


@pytest.fixture(scope="module")
def made(known: Trigrams, said: list[str]) -> Adapted:
    return adapted(known, [*said, TOLD_ONCE])


def test_calls_of_the_hotline_that_nobody_learned_from_surprise_it_less(known: Trigrams, made: Adapted) -> None:
    unread = [turn.text for call in read_calls(CALLS / "alike-held-out") for turn in call.turns]
    assert bits_a_character(made.model, unread) < bits_a_character(known, unread) - 0.01
    assert made.after < made.before
    assert 0 < made.share < 1


def test_what_was_known_about_anything_is_not_lost(known: Trigrams, made: Adapted) -> None:
    assert bits_a_character(made.model, FILMS) < bits_a_character(known, FILMS) + 1


def test_characters_that_one_caller_said_once_are_not_kept(made: Adapted) -> None:
    assert not set(TOLD_ONCE) & made.model.numbers.keys()


def test_a_model_that_knows_more_characters_says_the_same_of_those_it_knew(known: Trigrams, said: list[str]) -> None:
    wider = widened(known, TOLD_ONCE)
    for text in said[:50]:
        assert wider.scores(text) == pytest.approx(known.scores(text), rel=1e-5)
    singles = np.exp(wider.singles.astype(np.float64)).sum()
    assert singles == pytest.approx(np.exp(known.singles.astype(np.float64)).sum())
    assert wider.score(TOLD_ONCE[:1]) < known.score(TOLD_ONCE[:1])


def test_sentences_like_the_known_ones_give_the_own_model_no_say_and_others_much() -> None:
    one, other = ["您好您", "好您好"] * 3, ["好好", "您您"] * 3
    numbers = characters([*one, *other])
    known, own = (learned(texts, numbers=numbers) for texts in (one, other))
    assert likeliest_share(known, own, one) < 0.1
    assert likeliest_share(known, own, other) > 0.9


@pytest.mark.parametrize(("texts", "told"), [(["您好"] * 5, "5 sentences"), (["，。"] * 500, "0 sentences")])
def test_too_few_sentences_are_refused_with_their_number(known: Trigrams, texts: list[str], told: str) -> None:
    with pytest.raises(TooLittleTextError, match=told):
        adapted(known, texts)


def test_sentences_that_say_nothing_twice_are_refused(known: Trigrams) -> None:
    chars = "".join(known.numbers)
    texts = [chars[at : at + 3] for at in range(0, 600, 3)]
    with pytest.raises(TooLittleTextError, match="hardly anything is said 2 times"):
        adapted(known, texts)
