"""Trains how sure dispatch may be of a unit (models/dispatch.yaml), on the catalogue's own phrasings.

Of every template the phrasing that is held out of the index (`assist bench catalogue`) is put into a made-up call,
small talk before and after, as written and as misheard (where the district is not known, nothing is dispatched). The
signals that speak for the unit found are the inputs of a logistic regression; right is a unit that the template
names. Tickets of a certificate are never seen. Deterministic.

    scripts/train dispatch [--misheard 0 0.2 0.4] [--out models/dispatch.yaml]
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.progress import track

from assist.bench.catalogue import held_out, without_held_out
from assist.bench.mishearing import homophones, mishear
from extractors.catalogue import DISTRICT, Catalogue, Template
from extractors.catalogue_cache import opened
from extractors.catalogue_files import REQUEST_TYPES
from extractors.dispatch import Dispatcher
from extractors.dispatch_trust import NAMES, WEIGHTS, Signals, Trust
from extractors.domain import Domains
from extractors.ranking import Ranker, make_ranker
from extractors.request_type import RequestTypes
from extractors.turn import Speaker, Turn
from scripts.fit_ranking import AFTER, ASIDE, BEFORE

ROOT = Path(__file__).resolve().parent.parent.parent
PENALTY = 1.0  # ridge, on standardised inputs
FOLDS = 5


@dataclass(frozen=True)
class Example:
    """One made-up call: the signals for the unit found, whether it is right, which template was meant."""

    signals: Signals
    right: bool
    template: str


class Calls:
    """Makes calls of held-out phrasings and dispatches them by a catalogue that does not hold these."""

    def __init__(self, catalogue: Catalogue, accepts_factor: float | None, seed: int) -> None:
        self.catalogue = catalogue
        known = without_held_out(catalogue)
        self.ranker: Ranker = make_ranker(known)
        self.types = RequestTypes(catalogue.rules("request_types"))
        self.type_of = np.array([REQUEST_TYPES.index(one.request_type) for one in known.templates])
        self.domains = Domains(known, catalogue.rules("domains"))
        rules = dict(catalogue.rules("dispatch"))
        if accepts_factor is not None:
            rules["accepts_factor"] = accepts_factor
        self.dispatcher = Dispatcher(known, rules, Trust(0.0, (0.0,) * len(NAMES)))
        self.oversight = rules["oversight"]
        self.sounds = homophones(text for one in catalogue.templates for text in (one.title, one.when, *one.phrasings))
        self.districts = sorted(catalogue.district_units)
        self.chance = random.Random(seed)

    def examples(self, shares: Sequence[float]) -> Iterator[Example]:
        """One call for every template and share of misheard characters."""
        for share in shares:
            for template in track(self.catalogue.templates, f"misheard {share:.0%}"):
                yield self._example(template, share)

    def _example(self, template: Template, share: float) -> Example:
        lines = self._lines(template.phrasings[held_out(template)])
        lines = [(speaker, mishear(text, share, self.sounds, self.chance)) for speaker, text in lines]
        turns = [Turn(number, speaker, text) for number, (speaker, text) in enumerate(lines)]
        cues = [self.types.read(turn) for turn in turns]
        odds = self.types.cue_odds(turns, cues)
        place = len(BEFORE) + 1  # of the turn that names the place
        readings = [self.ranker.read(turn, [(0, len(turn.text))] if turn.id == place else ()) for turn in turns]
        query = self.ranker.query(readings, self.ranker.emphasis(turns))
        scores = self.ranker.scores(query)
        probabilities = self.ranker.probabilities(scores, self.types.favour(odds)[self.type_of])
        mass = np.bincount(self.type_of, weights=probabilities, minlength=len(REQUEST_TYPES)).astype(np.float64)
        district = self.chance.choice(self.districts)
        unit, _, signals = self.dispatcher.weigh(
            probabilities,
            [self.dispatcher.read(turn) for turn in turns],
            district,
            self.domains.choose(probabilities, [self.domains.read(turn) for turn in turns]),
            self.types.choose(odds, mass, cues),
            sum(query.terms.values()),
            float(self.ranker.words(query).max(initial=0.0)),
        )
        units = {self.oversight.get(template.unit, template.unit), template.unit, *template.unit_alternatives}
        if DISTRICT in units:
            units.add(self.catalogue.district_units[district].name)
        return Example(signals, unit in units, template.code)

    def _lines(self, phrasing: str) -> list[tuple[Speaker, str]]:
        """A made-up call: the matter, where it is, what else is said."""
        place = self.chance.choice(ASIDE)
        after = self.chance.sample(AFTER, self.chance.randrange(1, 4))
        return [*BEFORE, (Speaker.CITIZEN, phrasing), (Speaker.CITIZEN, place), *after]


def fitted(rows: NDArray[Any], right: NDArray[Any], penalty: float = PENALTY, rounds: int = 30) -> Trust:
    """Logistic regression by Newton's method, ridge on standardised inputs."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    inputs = np.hstack([np.ones((len(rows), 1)), (rows - mean) / spread])
    ridge = np.diag([0.0] + [penalty] * rows.shape[1])
    weights = np.zeros(inputs.shape[1])
    for _ in range(rounds):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        gradient = inputs.T @ (chance - right) + ridge @ weights
        curvature = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + ridge
        weights -= np.linalg.solve(curvature, gradient)
    plain = weights[1:] / spread
    return Trust(float(weights[0] - plain @ mean), tuple(float(one) for one in plain))


def told(trust: Trust, examples: Sequence[Example]) -> NDArray[Any]:
    """How sure ``trust`` is of each example."""
    return np.array([trust.probability(one.signals) for one in examples])


def coverage(chance: NDArray[Any], right: NDArray[Any], error: float) -> float:
    """The largest share that can be dispatched, surest first, with at most ``error`` wrong among it."""
    order = np.argsort(-chance, kind="stable")
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    fine = np.flatnonzero(wrong <= error)
    return float((fine[-1] + 1) / len(order)) if len(fine) else 0.0


def main() -> None:
    """Reads the arguments, trains, tells what was found, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalog", type=Path, default=ROOT / "catalog")
    parser.add_argument("--misheard", type=float, nargs="+", default=[0.0, 0.2])
    parser.add_argument("--accepts-factor", type=float, help="try another value of the rule")
    parser.add_argument("--seed", type=int, default=20251125)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args()
    catalogue = opened(options.catalog)
    examples = list(Calls(catalogue, options.accepts_factor, options.seed).examples(options.misheard))
    rows = np.array([one.signals.row() for one in examples])
    right = np.array([one.right for one in examples])
    fold = np.array([sum(one.template.encode()) % FOLDS for one in examples])
    chance = np.zeros(len(examples))
    for number in range(FOLDS):
        trust = fitted(rows[fold != number], right[fold != number])
        chance[fold == number] = told(trust, [one for one, out in zip(examples, fold == number, strict=True) if out])
    scores: dict[str, float] = {"unit_right": round(float(right.mean()), 4)}
    for error in (0.01, 0.0181, 0.05):
        scores[f"coverage_at_{error:g}"] = round(coverage(chance, right, error), 4)
        scores[f"coverage_at_{error:g}_by_probability_alone"] = round(coverage(rows[:, 0], right, error), 4)
    loss = -np.where(right, np.log(chance), np.log(1 - chance)).mean()
    scores["log_loss"] = round(float(loss), 4)
    for name, value in scores.items():
        print(f"{name}: {value}")
    trust = fitted(rows, right)
    card = {
        "trained_on": f"{len(examples)} made-up calls of held-out phrasings, catalogue {catalogue.version}, "
        f"misheard {options.misheard}, seed {options.seed}",
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "scores": {f"cross_validated_{name}": value for name, value in scores.items()},
        "bias": round(trust.bias, 5),
        "weights": {name: round(weight, 5) for name, weight in zip(NAMES, trust.weights, strict=True)},
    }
    head = "# How sure dispatch may be of a unit: a logistic model. Made by scripts/train dispatch; do not edit.\n"
    options.out.write_text(
        head + yaml.safe_dump(card, allow_unicode=True, sort_keys=False, width=120), encoding="utf-8"
    )
    print(options.out)


if __name__ == "__main__":
    main()
