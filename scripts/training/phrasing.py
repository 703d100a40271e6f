"""Learns how calls are worded that were filed under an answer (`extractors.matching.phrasing`): calls in, the model
out.

Logistic regression with a ridge, by L-BFGS in torch. It learns from whole calls and, with less weight, from their
beginnings, so that it is not too sure before much was said. Nothing is drawn by chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from extractors.matching.phrasing import Numbers, Phrasing, numbered, terms
from extractors.turn import Speaker, Turn

Calls = Sequence[Sequence[Turn]]

LEAST = 20  # calls that have a term, of the largest collections
_SHARE = 150  # one call of so many is enough in smaller ones
RIDGE = 0.05
BEGINNINGS = {3: 0.1, 7: 0.1}  # turns after which a call is learned from as well, and the weight of that
_STEPS = 150


def learned(calls: Calls, answers: Mapping[str, Sequence[str]], right: NDArray[np.int64]) -> Phrasing:
    """What ``calls`` teach: of each the number of the right answer to each question, ``[calls, questions]``."""
    phrasing = _unweighted(calls, answers, right)
    said = [[phrasing.read(turn) for turn in call] for call in calls]
    rows, weights = [*said], [1.0] * len(said)
    for turns, weight in BEGINNINGS.items():
        rows += [one[:turns] for one in said]
        weights += [weight] * len(said)
    told = torch.from_numpy(np.tile(right, (1 + len(BEGINNINGS), 1)))
    values = torch.from_numpy(_table(phrasing, rows))
    layer, base = _fitted(values, told, torch.tensor(weights), phrasing.questions)
    return replace(phrasing, weights=layer, base=base)


def _unweighted(calls: Calls, answers: Mapping[str, Sequence[str]], right: NDArray[np.int64]) -> Phrasing:
    """The terms that enough of ``calls`` have, with nothing learned of them yet."""
    least = max(1, min(LEAST, len(calls) // _SHARE))
    chosen: list[list[str]] = []
    rarity: list[float] = []
    for speaker in (Speaker.CITIZEN, Speaker.AGENT):
        having = Counter(
            term
            for call in calls
            for term in {term for turn in call if turn.speaker is speaker for term in terms(turn.text)}
        )
        kept = sorted(term for term, count in having.items() if count >= least)
        chosen.append(kept)
        rarity += [1 + float(np.log((1 + len(calls)) / (1 + having[term]))) for term in kept]
    every = tuple(name for some in answers.values() for name in some)
    given = zip(answers.values(), right.T, strict=True)
    usual = [np.bincount(told, minlength=len(some)) / len(calls) for some, told in given]
    return Phrasing(
        every,
        tuple(map(len, answers.values())),
        numbered(*chosen),
        np.array(rarity, np.float32),
        np.zeros((len(rarity), len(every)), np.float32),
        np.zeros(len(every), np.float32),
        np.concatenate(usual).astype(np.float32),
    )


def _table(phrasing: Phrasing, rows: Sequence[Sequence[Numbers]]) -> NDArray[np.float32]:
    """How much each term counts in each of ``rows``."""
    table = np.zeros((len(rows), len(phrasing.rarity)), np.float32)
    for row, said in zip(table, rows, strict=True):
        numbers, values = phrasing.values(said)
        row[numbers] = values
    return table


def _fitted(
    values: torch.Tensor, told: torch.Tensor, weights: torch.Tensor, questions: Sequence[int]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights and base of the answers that fit best."""
    layer = torch.zeros((values.shape[1], sum(questions)), requires_grad=True)
    base = torch.zeros(sum(questions), requires_grad=True)
    optimizer = torch.optim.LBFGS([layer, base], max_iter=_STEPS, history_size=10, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        logits = torch.split(values @ layer + base, list(questions), dim=1)
        surprise = sum(
            (cross_entropy(some, right, reduction="none") * weights).sum()
            for some, right in zip(logits, told.T, strict=True)
        )
        total = surprise + RIDGE / 2 * layer.square().sum()
        total.backward()
        return total

    optimizer.step(loss)
    return layer.detach().numpy(), base.detach().numpy()
