from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.warping import token_path, warped


def _cheapest(costs: np.ndarray) -> float:
    """The cost of the cheapest monotone path, cell by cell."""
    total = np.full(costs.shape, np.inf)
    for row, column in np.ndindex(costs.shape):
        before = [
            total[row - up, column - left] for up, left in ((0, 1), (1, 0), (1, 1)) if row >= up and column >= left
        ]
        total[row, column] = costs[row, column] + (min(before) if row or column else 0)
    return float(total[-1, -1])


@given(st.integers(1, 8), st.integers(1, 20), st.integers(0, 1000))
def test_the_path_is_monotone_whole_and_as_cheap_as_any(rows: int, columns: int, seed: int) -> None:
    costs = np.random.default_rng(seed).normal(size=(rows, columns)).astype(np.float32)
    path = warped(costs)
    assert path[0] == (0, 0)
    assert path[-1] == (rows - 1, columns - 1)
    steps = {(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(path)}
    assert steps <= {(0, 1), (1, 0), (1, 1)}
    assert sum(float(costs[cell]) for cell in path) == pytest.approx(_cheapest(costs), abs=1e-4)


@given(st.integers(1, 12), st.integers(0, 1000))
def test_a_token_begins_where_its_heads_look_and_never_behind_the_window(tokens: int, seed: int) -> None:
    frames, chance = 20 * (tokens + 1), np.random.default_rng(seed)
    scores = chance.normal(0, 0.1, (4, 3 + tokens, frames + 50)).astype(np.float32)
    scores[:, :3, :8] += 4  # what stands before the text
    for token in range(tokens):
        scores[:, 3 + token, 20 * token + 10 : 20 * token + 30] += 6
    path = token_path(scores, 3, frames)
    onsets = {token: min(frame for other, frame in path if other == token) for token in range(tokens)}
    assert all(abs(onset - (20 * token + 10)) <= 3 for token, onset in onsets.items() if token)
    assert max(frame for _, frame in path) == frames - 1


@pytest.mark.parametrize("frames", [0, 1, 2, 5])
def test_a_window_of_hardly_any_frames_has_a_path_too(frames: int) -> None:
    path = token_path(np.zeros((2, 5, 40), np.float32), 3, frames)
    assert {token for token, _ in path} == {0, 1}
