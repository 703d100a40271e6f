"""A call is judged as calls that mean about the same were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import models
from extractors.matching.opinion import FILE, Opinion, learned, load_opinion, save_opinion

MEANT = np.eye(3, dtype=np.float32)
GIVEN = np.array([[1, 0], [1, 0], [0, 1]], np.float64)


@pytest.fixture(scope="module")
def opinion() -> Opinion:
    return learned(("城市管理", "教育"), MEANT, GIVEN, narrow=3.0, ridge=0.1)


def test_what_calls_like_it_were_filed_under_is_likely(opinion: Opinion) -> None:
    filed, other = opinion.of(30 * MEANT[2])[[1, 0]]
    assert filed > 0.6
    assert other < 0.4


def test_of_a_call_unlike_all_others_the_usual_is_said(opinion: Opinion) -> None:
    assert np.allclose(opinion.of(-30 * MEANT.sum(axis=0)), opinion.usual, atol=0.1)


def test_answers_that_nobody_gave_have_no_place(opinion: Opinion) -> None:
    assert opinion.among(["教育", "太空"]).tolist() == [1, -1]


def test_an_opinion_is_kept_as_it_was(opinion: Opinion, tmp_path: Path) -> None:
    save_opinion(opinion, tmp_path)
    kept = load_opinion(tmp_path)
    assert kept.answers == opinion.answers
    assert np.allclose(kept.weights, opinion.weights, atol=1e-3)
    assert np.allclose(kept.usual, opinion.usual, atol=1e-3)


def test_a_broken_file_of_opinions_says_so(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes((models.DISPATCH / FILE).read_bytes()[:500])
    with pytest.raises(ValueError, match="no opinion"):
        load_opinion(tmp_path)
