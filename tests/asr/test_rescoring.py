"""Of several readings the one is likelier that somebody would say."""

from __future__ import annotations

import pytest

from asr.rescoring import likelihoods
from models.call_decoder import CallDecoder, call_decoder
from models.trigrams import load_trigrams

READINGS = ["他们把桌子摆到了人行道上", "他们把卓子摆到了人型道上", "他们把桌子摆到了人行到上"]


@pytest.fixture(scope="module")
def network() -> CallDecoder:
    found = call_decoder()
    assert found is not None, "run `assist models fetch call-scribe`"
    return found


def test_what_nobody_would_say_is_less_likely_to_the_network(network: CallDecoder) -> None:
    right, *wrong = likelihoods(READINGS, load_trigrams(), network)
    assert all(right > other + 1 for other in wrong)


def test_a_reading_is_as_likely_as_the_kinder_of_the_two_finds_it(network: CallDecoder) -> None:
    alone = likelihoods(READINGS, load_trigrams(), None)
    both = likelihoods(READINGS, load_trigrams(), network)
    assert all(together >= single for together, single in zip(both, alone, strict=True))


def test_readings_that_differ_in_their_writing_alone_are_equally_likely(network: CallDecoder) -> None:
    traditional, simple, other = likelihoods(["這個問題", "这个问题", "这个文体"], load_trigrams(), network)
    assert traditional == simple != other


def test_the_likelihood_of_a_reading_does_not_depend_on_its_place(network: CallDecoder) -> None:
    forth = likelihoods(READINGS, load_trigrams(), network)
    assert likelihoods(READINGS[::-1], load_trigrams(), network)[::-1] == pytest.approx(forth, abs=0.05)
