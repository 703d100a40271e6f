"""How likely somebody is to say each of several readings of a window, heard or not: n-best rescoring.

Two language models are asked: trigrams of calls, cheap and at home at the hotline, and a network that has read a great
deal and costs more than hearing does. A reading needs the consent of one of them only (their probabilities are added
up), so that a way to put things that is of the hotline alone stands beside a word that no caller has said before.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from asr.text import SpanText, simplified
from models.call_decoder import CallDecoder
from models.trigrams import Trigrams

# What a caller's words stand between where the network learned (`extractors.slots.page`).
_BEFORE, _AFTER = "市民：", "\n"


def likelihoods(readings: Sequence[str], trigrams: Trigrams, network: CallDecoder | None) -> list[float]:
    """The log-probability of each of ``readings``, up to a number that all of them share; without ``network`` the
    trigrams tell alone.
    """
    texts = [simplified(SpanText.timeless(reading)).text for reading in readings]
    by_trigrams = [trigrams.score(text) for text in texts]
    different = list(dict.fromkeys(texts))
    if network is None or len(different) < 2:
        return by_trigrams
    told = dict(zip(different, _by_network(different, network), strict=True))
    return [float(np.logaddexp(score, told[text])) for text, score in zip(texts, by_trigrams, strict=True)]


def _by_network(texts: Sequence[str], network: CallDecoder) -> list[float]:
    """How likely it is to the network that a caller says each text and no more."""
    before = network.tokenizer.encode(_BEFORE).tokens
    scored = network.generator.score_batch([before + network.tokenizer.encode(text + _AFTER).tokens for text in texts])
    return [sum(one.log_probs[len(before) - 1 :]) for one in scored]
