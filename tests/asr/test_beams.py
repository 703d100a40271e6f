"""The beam search against one that keeps every sequence."""

from collections.abc import Iterator
from itertools import pairwise, product
from math import inf

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


def _search(
    seed: int, size: int, limit: int, *, most: int = 0, margin: float = inf, alike: int = 99, seen: int = 99
) -> list[Reading]:
    """``seen``: how many of the words before the next one depends on."""
    beams = Beams(size, limit, END, margin, alike)
    said: list[tuple[int, ...]] = [()]
    while not beams.done:
        scores = np.stack([_scores(seed, before[-seen:]) for before in said])
        ids = np.argsort(-scores, axis=1, kind="stable")[:, : beams.candidates]
        beams.advance(np.take_along_axis(scores, ids, axis=1), ids)
        said = [(*said[row], int(token)) for row, token in zip(beams.order, beams.tokens, strict=True)]
    return beams.readings(most or size)


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


@given(seed=st.integers(0, 10_000), limit=st.integers(1, WORDS))
def test_readings_that_go_on_alike_cost_one_beam_and_are_told_all_the_same(seed: int, limit: int) -> None:
    every = [words for length in range(limit + 1) for words in product(range(1, WORDS), repeat=length)]
    likelihoods = sorted((_by_last_word(seed, words, limit) for words in every), reverse=True)
    found = _search(seed, WORDS, limit, most=99, alike=1, seen=1)
    assert len({_numbers(reading) for reading in found}) == len(found)
    told = sorted((reading.log_probability for reading in found), reverse=True)
    assert told == pytest.approx(likelihoods[: len(told)], abs=1e-3)
    assert len(told) == min(99, len(every))


def _by_last_word(seed: int, words: tuple[int, ...], limit: int) -> float:
    """The log-probability of a reading where each word depends on the one before, its end included unless cut off."""
    whole = (*words, END)[:limit]
    behind: Iterator[tuple[int, int]] = pairwise(whole)
    return float(_scores(seed, ())[whole[0]] + sum(_scores(seed, (before,))[word] for before, word in behind))


@given(seed=st.integers(0, 10_000), size=st.integers(2, 6), limit=st.integers(1, 6))
def test_nothing_far_behind_the_best_is_followed(seed: int, size: int, limit: int) -> None:
    [only] = _search(seed, size, limit, margin=0.0)
    [likeliest] = _search(seed, 1, limit)
    assert _numbers(only) == _numbers(likeliest)
    least, *others = sorted(one.log_probability for one in _search(seed, size, limit, most=99, margin=1.0, alike=1))
    assert all(one < least + 1.0 * limit for one in others)


def test_a_rival_tells_what_the_decoder_looked_at_in_its_own_words_and_then_in_those_of_what_beat_it() -> None:
    beams = Beams(2, 10, END, inf, alike=1)
    beams.advance(np.log(np.array([[0.5, 0.3, 0.1, 0.05]], np.float32)), np.array([[1, 2, 3, END]]))
    both = np.log(np.array([[0.9, 0.05, 0.03, 0.02]] * 2, np.float32))
    beams.advance(both, np.array([[3, 1, 2, END]] * 2))  # 1 3 and 2 3 go on as one
    assert beams.tokens.tolist() == [3, 1]
    beams.advance(np.log(np.array([[0.97, 0.01, 0.01, 0.01]] * 2, np.float32)), np.array([[END, 1, 2, 3]] * 2))
    first, second, *_ = beams.readings(2)
    assert [(token.number, token.step, token.row) for token in first.tokens] == [(1, 1, 0), (3, 2, 0)]
    assert [(token.number, token.step, token.row) for token in second.tokens] == [(2, 1, 1), (3, 2, 0)]
    assert first.log_probability - second.log_probability == pytest.approx(np.log(0.5 / 0.3), abs=1e-4)


def test_each_token_remembers_where_it_was_given_to_the_decoder() -> None:
    beams = Beams(2, 10, END, inf)
    beams.advance(np.log(np.array([[0.5, 0.3, 0.1, 0.05]], np.float32)), np.array([[1, 2, 3, END]]))
    assert beams.tokens.tolist() == [1, 2]
    assert beams.order.tolist() == [0, 0]
    second = np.log(np.array([[0.1, 0.1, 0.1, 0.1], [0.9, 0.05, 0.03, 0.02]], np.float32))
    beams.advance(second, np.array([[1, 2, 3, END], [3, 1, 2, END]]))
    assert beams.tokens.tolist() == [3, 1]
    assert beams.order.tolist() == [1, 0]
    ending = np.log(np.array([[0.97, 0.01, 0.01, 0.01]] * 2, np.float32))
    beams.advance(ending, np.array([[END, 1, 2, 3]] * 2))
    first, *_ = beams.readings(1)
    assert [(token.number, token.step, token.row) for token in first.tokens] == [(2, 1, 1), (3, 2, 0)]
    assert beams.done
