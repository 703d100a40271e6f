"""What the language model learns of calls and of sentences about anything."""

from pathlib import Path

import pytest

from assist.bench.gold import read_calls
from models.trigrams import bits_a_character
from scripts.training.language_model import mixed

CALLS = Path(__file__).resolve().parents[2] / "samples" / "calls" / "plain"
FILMS = ["这部电影的导演是谁", "他还演过别的电影吗"]
ONCE = "昨夜星辰昨夜风"


@pytest.fixture(scope="module")
def said() -> list[str]:
    return [turn.text for call in read_calls(CALLS)[:60] for turn in call.turns]


def test_sentences_about_anything_count_and_take_little_from_calls(said: list[str]) -> None:
    learned, unread = said[::2], said[1::2]
    alone = mixed(learned, learned, [])
    beside = mixed(learned, learned, FILMS * 2)
    assert bits_a_character(beside, FILMS) < bits_a_character(alone, FILMS) - 1
    assert bits_a_character(beside, unread) < bits_a_character(alone, unread) + 0.1


def test_of_sentences_about_anything_only_what_is_said_twice_is_kept(said: list[str]) -> None:
    beside = mixed(said, said, [*FILMS * 2, ONCE])
    twice = mixed(said, said, [*FILMS * 2, ONCE, ONCE])
    assert bits_a_character(twice, [ONCE]) < bits_a_character(beside, [ONCE]) - 1
