"""What a text counts for the search: as the language model has it, however its bytes are cut into tokens."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.fluency import Fluency
from models.trigrams import kind, load_trigrams, plain

MODEL = load_trigrams()
END = b""
TEXTS = st.text(st.sampled_from("我要反映天河区路灯坏了好多天，。？ 幺三八A9岑滘"), max_size=12)


def _counted(tokens: list[bytes], weight: float = 0.5, reward: float = 3.0) -> float:
    """What the tokens count one after the other, the end among them."""
    fluency = Fluency(MODEL, lambda number: tokens[number], str, weight=weight, reward=reward)
    place, total = fluency.begin, 0.0
    for number in range(len(tokens)):
        counts, led = fluency.onward([place], np.array([[number]]))
        total += float(counts[0, 0])
        place = led[0][0]
    assert place[2] == b""
    return total


@given(text=TEXTS, cuts=st.sets(st.integers(1, 40), max_size=12))
def test_a_text_counts_the_same_however_its_bytes_are_cut(text: str, cuts: set[int]) -> None:
    data = text.encode()
    places = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    tokens = [data[first:last] for first, last in pairwise(places) if first < last]
    characters = len(plain(text)) + 1  # and the pause behind it
    expected = 0.5 * (MODEL.score(text) + 3 * characters) if plain(text) else 0.0
    assert _counted([*tokens, END]) == pytest.approx(expected, abs=1e-3)


def test_what_callers_say_counts_more_than_what_only_sounds_like_it() -> None:
    said, misheard = (_counted([char.encode() for char in text] + [END]) for text in ("路灯坏了", "鹿登槐乐"))
    assert said > misheard


def test_places_are_judged_apart_and_together_alike() -> None:
    tokens = [b"\xe8\xb7\xaf", "灯".encode(), "，".encode(), b"\xe8\xb7"]
    fluency = Fluency(MODEL, lambda number: tokens[number], str, weight=1.0, reward=0.0)
    ids = np.array([[0, 1, 2, 3]])
    _, [[road, lamp, pause, part]] = fluency.onward([fluency.begin], ids)
    together, _ = fluency.onward([road, lamp, pause], np.repeat(ids, 3, axis=0))
    for row, place in zip(together, (road, lamp, pause), strict=True):
        np.testing.assert_array_equal(row, fluency.onward([place], ids)[0][0])
    assert together[0, 1] > together[1, 1]  # 路灯 is said, 灯灯 is not
    assert part[2] == b"\xe8\xb7"
    assert kind("，") == pause[1]


def test_bytes_that_no_character_begins_with_are_forgotten() -> None:
    assert _counted([b"\xff\xff\xff\xff", "好".encode(), END]) == pytest.approx(_counted(["好".encode(), END]))
