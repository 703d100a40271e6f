"""The beam search against one that keeps every sequence."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.beams import Beams, Reading

END = 0
WORDS = 4  # the end among them


def _scores(seed: int, before: tuple[int, ...]) -> np.ndarray:
    """Log-probabilities of the next word, made up but always the same."""
    odds = np.random.default_rng([seed, *before]).normal(0, 2, WORDS).astype(np.float32)
    return odds - np.log(np.exp(odds).sum())


def _search(seed: int, size: int, limit: int) -> list[Reading]:
    beams = Beams(size, limit, END)
    said: list[tuple[int, ...]] = [()]
    while not beams.done:
        scores = np.stack([_scores(seed, before) for before in said])
        ids = np.argsort(-scores, axis=1, kind="stable")[:, : beams.candidates]
        beams.advance(np.take_along_axis(scores, ids, axis=1), ids)
        said = [(*said[row], int(token)) for row, token in zip(beams.order, beams.tokens, strict=True)]
    return beams.readings


def _numbers(reading: Reading) -> tuple[int, ...]:
    return tuple(token.number for token in reading.tokens)


@given(seed=st.integers(0, 10_000), size=st.integers(1, 6), limit=st.integers(1, 6))
def test_a_reading_is_as_likely_as_its_words_make_it_and_none_comes_twice(seed: int, size: int, limit: int) -> None:
    readings = _search(seed, size, limit)
    assert 1 <= len(readings) <= size
    assert len({_numbers(reading) for reading in readings}) == len(readings)
    assert [one.rank for one in readings] == sorted((one.rank for one in readings), reverse=True)
    for reading in readings:
        words = _numbers(reading)
        assert END not in words
        whole = words if len(words) == limit else (*words, END)
        expected = sum(_scores(seed, whole[:n])[word] for n, word in enumerate(whole))
        alternatives = [expected]
        if len(words) == limit:  # cut off, or ended exactly there
            alternatives.append(expected + _scores(seed, words)[END])
        assert any(reading.log_probability == pytest.approx(one, abs=1e-3) for one in alternatives)


@given(seed=st.integers(0, 10_000), limit=st.integers(1, 6))
def test_one_beam_takes_the_likeliest_word_every_time(seed: int, limit: int) -> None:
    [reading] = _search(seed, 1, limit)
    words: tuple[int, ...] = ()
    while len(words) < limit:
        word = int(_scores(seed, words).argmax())
        if word == END:
            break
        words = (*words, word)
    assert _numbers(reading) == words


@given(seed=st.integers(0, 10_000))
def test_with_room_for_all_the_likeliest_sequence_of_three_words_is_found(seed: int) -> None:
    wide = 3**3
    found = _search(seed, wide, 3)
    cut = {
        words: sum(_scores(seed, words[:n])[word] for n, word in enumerate(words))
        for words in product(range(1, WORDS), repeat=3)
    }
    assert max(cut, key=lambda words: cut[words]) in {_numbers(reading) for reading in found}


def test_each_token_remembers_where_it_was_given_to_the_decoder() -> None:
    beams = Beams(2, 10, END)
    beams.advance(np.log(np.array([[0.5, 0.3, 0.1, 0.05]], np.float32)), np.array([[1, 2, 3, END]]))
    assert beams.tokens.tolist() == [1, 2]
    assert beams.order.tolist() == [0, 0]
    second = np.log(np.array([[0.1, 0.1, 0.1, 0.1], [0.9, 0.05, 0.03, 0.02]], np.float32))
    beams.advance(second, np.array([[1, 2, 3, END], [3, 1, 2, END]]))
    assert beams.tokens.tolist() == [3, 1]
    assert beams.order.tolist() == [1, 0]
    ending = np.log(np.array([[0.97, 0.01, 0.01, 0.01]] * 2, np.float32))
    beams.advance(ending, np.array([[END, 1, 2, 3]] * 2))
    first = beams.readings[0]
    assert [(token.number, token.step, token.row) for token in first.tokens] == [(2, 1, 1), (3, 2, 0)]
    assert beams.done
