"""Fits what each cue says about the request type, on the training calls (samples/calls/training), and writes it down.

The cues, their words and the type each speaks for are the hotline's rules (``catalog/rules/request_types.yaml``).
Fitted are the weight of each, what it adds when the caller opens with it, and the prior: a logistic model of the type,
with a ridge. The share of the templates is given: fitted it would be 0.5, but texts of other writers (samples/dispatch/
development) are told better with more. What it is worth is told by calls of writers it has not seen, one writer
left out at a time. Every call is fitted on twice, whole and up to the caller's first words, for agents look at the
type from then on. Deterministic.

    python -m scripts.fit_request_types [--catalog catalog] [--calls samples/calls/training] [--write]
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from assist.bench.gold import Call, read_calls
from extractors.catalogue.cache import opened
from extractors.catalogue.files import REQUEST_TYPES
from extractors.catalogue.knowledge import Catalogue
from extractors.matching.request_type import RequestTypes
from extractors.turn import Speaker, Turn
from extractors.understanding import Understanding

ROOT = Path(__file__).resolve().parent.parent
RIDGE, PRIOR_RIDGE, TEMPLATES = 1.0, 0.1, 0.7
STEPS, RATE, SLOW = 400, 0.05, 250
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """``cues``: by call, whether each cue was said, then whether it opened; ``mass``: log of the templates' probability
    by type; ``types``: the right type.
    """

    cues: Floats
    mass: Floats
    types: NDArray[np.int64]
    writers: tuple[str, ...]

    def of(self, chosen: Sequence[bool]) -> Examples:
        """Some of the calls."""
        kept = np.array(chosen)
        return Examples(self.cues[kept], self.mass[kept], self.types[kept], ())

    def and_also(self, others: Examples) -> Examples:
        """These and others."""
        return Examples(
            np.concatenate([self.cues, others.cues]),
            np.concatenate([self.mass, others.mass]),
            np.concatenate([self.types, others.types]),
            self.writers + others.writers,
        )


@dataclass(frozen=True)
class Fit:
    """Weights of the cues and the prior by type; ``speaks``: the type of each cue."""

    weights: Floats
    prior: Floats
    speaks: Floats

    def logits(self, some: Examples) -> Floats:
        """Log-odds of the types of each call."""
        return np.asarray(some.cues * self.weights @ self.speaks + self.prior + TEMPLATES * some.mass)

    def right(self, some: Examples) -> int:
        """Of how many calls the likeliest type is the right one."""
        return int((self.logits(some).argmax(axis=1) == some.types).sum())


def examples(calls: Sequence[Call], catalogue: Catalogue, opening: bool = False) -> Examples:
    """What is known of the type in each of ``calls``; with ``opening`` after the caller's first words."""
    types = RequestTypes(catalogue.rules("request_types"))
    rows, masses = [], []
    for call in track(calls, "Reading"):
        turns = _opening(call.turns) if opening else call.turns
        readings = [types.read(turn) for turn in turns]
        rows.append(np.concatenate(types.found(turns, readings)))
        masses.append(types.witness(Understanding(catalogue, call.started_at).type_mass(turns)))
    right = np.array([REQUEST_TYPES.index(call.gold["request_type"]) for call in calls], np.int64)
    return Examples(np.array(rows), np.array(masses), right, tuple(call.id[0] for call in calls))


def _opening(turns: Sequence[Turn]) -> Sequence[Turn]:
    first = next((at for at, turn in enumerate(turns) if turn.speaker is Speaker.CITIZEN), len(turns) - 1)
    return turns[: first + 1]


def fit(some: Examples, speaks: Floats) -> Fit:
    """The most probable weights."""
    parameters = np.zeros(some.cues.shape[1] + len(REQUEST_TYPES))
    first, second = np.zeros_like(parameters), np.zeros_like(parameters)
    wanted = np.eye(len(REQUEST_TYPES))[some.types]
    for step in range(1, STEPS + 1):
        now = _fit(parameters, speaks)
        logits = now.logits(some)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        wrong = odds / odds.sum(axis=1, keepdims=True) - wanted
        gradient = np.concatenate(
            [
                (some.cues * (wrong @ speaks.T)).sum(axis=0) + RIDGE * now.weights,
                wrong.sum(axis=0) + PRIOR_RIDGE * now.prior,
            ]
        )
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        rate = RATE if step < SLOW else RATE / 5
        parameters -= rate * first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
    return _fit(parameters, speaks)


def _fit(parameters: Floats, speaks: Floats) -> Fit:
    return Fit(parameters[: len(speaks)], parameters[len(speaks) :], speaks)


def written(rules: str, groups: Sequence[Mapping[str, Any]], fitted: Fit) -> str:
    """The text of the rules with the weights of ``fitted`` in place of those that stood there."""
    for number, group in enumerate(groups):
        weight, opening = fitted.weights[number], fitted.weights[len(groups) + number]
        rules = re.sub(
            rf"(- name: {group['name']}\n(?:    \w+: .*\n)*?)    weight: .*\n    opening: .*\n",
            rf"\g<1>    weight: {weight:.2f}\n    opening: {opening:.2f}\n",
            rules,
        )
    prior = ", ".join(f"{name}: {odds:.2f}" for name, odds in zip(REQUEST_TYPES, fitted.prior, strict=True))
    rules = re.sub(r"(?m)^prior: .*$", f"prior: {{{prior}}}", rules)
    return re.sub(r"(?m)^templates_weight: .*$", f"templates_weight: {TEMPLATES:.2f}", rules)


def main() -> None:
    """Reads the arguments, fits, tells what it is worth, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalog", type=Path, default=ROOT / "catalog")
    parser.add_argument("--calls", type=Path, default=ROOT / "samples/calls/training")
    parser.add_argument("--write", action="store_true", help="write the weights into the rules of the catalogue")
    arguments = parser.parse_args()
    catalogue = opened(arguments.catalog)
    groups = catalogue.rules("request_types")["groups"]
    calls = read_calls(arguments.calls)
    whole, opened_only = examples(calls, catalogue), examples(calls, catalogue, opening=True)
    speaks = np.tile(np.eye(len(REQUEST_TYPES))[[REQUEST_TYPES.index(group["type"]) for group in groups]], (2, 1))
    both = whole.and_also(opened_only)
    right = [0, 0]
    for writer in sorted(set(whole.writers)):
        others = fit(both.of([one != writer for one in both.writers]), speaks)
        for number, some in enumerate((whole, opened_only)):
            right[number] += others.right(some.of([one == writer for one in some.writers]))
    fitted = fit(both, speaks)
    print(f"{len(calls)} calls: {right[0]} right by writers left out, {right[1]} after the caller's first words")
    if arguments.write:
        path = arguments.catalog / "rules/request_types.yaml"
        path.write_text(written(path.read_text(encoding="utf-8"), groups, fitted), encoding="utf-8")


if __name__ == "__main__":
    main()
