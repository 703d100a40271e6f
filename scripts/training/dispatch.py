"""Trains how sure dispatch may be of a unit (models/dispatch), on judged tickets.

Each ticket is understood as it stands and with misheard characters. What judges say of calls like it
(`extractors.matching.opinion`) is learned by kernel ridge regression of who named which unit on what was meant; how
much to trust a unit (`extractors.matching.dispatch_trust`) by logistic regression, with opinions of tickets by other
writers than the ticket's: a writer has ways of his own. What is printed was found likewise, with writers left out of
all.

A writer's tickets share what stands before the dash of their ids. The tickets that calibrate the certificate
(`assist dispatch certify`) must be others.

    scripts/train dispatch [TICKETS …] [--misheard 0 0.2] [--out models/dispatch]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.progress import track

import models
from assist.bench.gold import CALL_TIME
from assist.certify import mishearing, reached
from assist.judged_tickets import JudgedTicket, read_tickets
from extractors.catalogue.cache import opened
from extractors.catalogue.knowledge import DISTRICT, Catalogue
from extractors.matching.dispatch_trust import NAMES, WEIGHTS, Signals, Trust
from extractors.matching.opinion import Opinion, direction, learned, save_opinion
from extractors.text.encoder import Floats
from extractors.understanding import Understanding

ROOT = Path(__file__).resolve().parent.parent.parent
TICKETS = ROOT / "samples" / "dispatch" / "development"
CANDIDATES = 4  # units of a ticket from which trust is learned
NARROW, RIDGE = 3.0, 0.1  # of the opinion's kernel
PART = 560  # tickets that are understood at a time
FOLDS = 4  # groups of writers: what a group is judged by was learned from the others
PENALTY = 1.0  # of trust, on standardised inputs
ERRORS = (0.01, 0.0181, 0.05)


@dataclass(frozen=True)
class Example:
    """A ticket as it was understood: what was meant; the likeliest units, best first, with what speaks for them but
    opinions, and whether those who judged the ticket named them. ``named`` are units as the opinion has them.
    """

    writer: str
    meaning: Floats
    units: tuple[tuple[str, Signals, bool], ...]
    named: frozenset[str]
    misheard: float


def writer_of(ticket: JudgedTicket) -> str:
    """Who wrote it."""
    return ticket.id.partition("-")[0]


def examples(tickets: Sequence[JudgedTicket], catalogue: Path, misheard: float) -> list[Example]:
    """The ``tickets``, understood with this share of their characters misheard."""
    known = opened(catalogue)
    districts = {one.name for one in known.district_units.values()}
    heard = mishearing(known, misheard) if misheard else None
    whole = []
    for ticket in tickets:
        turns = heard(ticket) if heard else ticket.turns
        found, meaning = Understanding(known, CALL_TIME).units(turns, CANDIDATES)
        units = tuple((name, signals, name in ticket.units) for name, signals in found)
        named = frozenset(DISTRICT if name in districts else name for name in ticket.units)
        whole.append(Example(writer_of(ticket), meaning, units, named, misheard))
    return whole


def opinion_of(some: Sequence[Example]) -> Opinion:
    """What those who judged ``some`` tickets say of calls like them, as they were written."""
    some = [one for one in some if not one.misheard]
    units = tuple(sorted({name for one in some for name in one.named}))
    directions = np.array([direction(one.meaning) for one in some])
    named = np.array([[name in one.named for name in units] for one in some], np.float64)
    return learned(units, directions, named, NARROW, RIDGE)


def asked(some: Sequence[Example], opinion: Opinion) -> list[Example]:
    """``some`` tickets with ``opinion`` among what speaks for their units."""
    usual = dict(zip(opinion.answers, opinion.usual.tolist(), strict=True))
    whole = []
    for one in some:
        said = dict(zip(opinion.answers, opinion.of(one.meaning).tolist(), strict=True))
        best = max(said.values())
        units = []
        for name, signals, right in one.units:
            known = DISTRICT if signals.by_district else name
            own = {"opinion": said.get(known, 0.0), "usual": usual.get(known, 0.0)}
            units.append((name, replace(signals, best_opinion=best, **own), right))
        whole.append(replace(one, units=tuple(units)))
    return whole


def trust_of(some: Sequence[Example]) -> Trust:
    """How much to trust a unit, learned on ``some`` tickets with opinions of other writers' tickets."""
    pairs = [
        (signals.row(), right)
        for own, others in _folds(some)
        for one in asked(own, opinion_of(others))
        for _, signals, right in one.units
    ]
    return fitted(np.array([row for row, _ in pairs]), np.array([right for _, right in pairs]))


def _folds(some: Sequence[Example]) -> Iterator[tuple[list[Example], list[Example]]]:
    """The tickets of some writers, and those of the others, until everybody's turn was had."""
    writers = sorted({one.writer for one in some})
    for fold in range(FOLDS):
        out = set(writers[fold::FOLDS])
        yield [one for one in some if one.writer in out], [one for one in some if one.writer not in out]


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


def coverage(chance: NDArray[Any], right: NDArray[Any], error: float) -> float:
    """The largest share that can be dispatched, surest first, with at most ``error`` wrong among it."""
    order = np.argsort(-chance, kind="stable")
    wrong = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
    fine = np.flatnonzero(wrong <= error)
    return float((fine[-1] + 1) / len(order)) if len(fine) else 0.0


def scored(some: Sequence[Example], catalogue: Catalogue) -> dict[str, float]:
    """How well tickets are dispatched of writers from whom nothing was learned."""
    known = {one.name for one in catalogue.units.values()}
    rather = float(catalogue.rules("dispatch")["rather"])
    told = []
    for own, others in _folds(some):
        trust = trust_of(others)
        for one in asked(own, opinion_of(others)):
            place, sure = trust.chosen([signals for _, signals, _ in one.units], rather)
            name, _, right = one.units[place]
            told.append((one.misheard, sure if name in known else 0.0, right))
    scores: dict[str, float] = {}
    for share in sorted({one for one, _, _ in told}):
        chance, right = (
            np.array(column) for column in zip(*(rest for one, *rest in told if one == share), strict=True)
        )
        text = f"misheard_{share:g}" if share else "written"
        scores[f"{text}_unit_right"] = round(float(right.mean()), 4)
        for error in ERRORS:
            scores[f"{text}_coverage_at_{error:g}"] = round(coverage(chance, right, error), 4)
    return scores


def main(arguments: Sequence[str] | None = None) -> None:
    """Reads the arguments, trains, tells what was found, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tickets", type=Path, nargs="*", default=[TICKETS])
    parser.add_argument("--catalog", type=Path, default=ROOT / "catalog")
    parser.add_argument("--misheard", type=float, nargs="+", default=[0.0, 0.2])
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--out", type=Path, default=models.DISPATCH)
    options = parser.parse_args(arguments)
    if 0.0 not in options.misheard:
        parser.error("--misheard: 0 is needed too, since the opinion is learned from tickets as they were written")
    catalogue = opened(options.catalog)
    tickets = reached(read_tickets(options.tickets, {one.name for one in catalogue.units.values()}), catalogue)
    if (writers := len({writer_of(one) for one in tickets})) < FOLDS:
        parser.error(
            f"tickets of at least {FOLDS} writers are needed, and these are of {writers}; "
            "what stands before the dash of their ids tells writers apart"
        )
    parts = [(tickets[at : at + PART], share) for share in options.misheard for at in range(0, len(tickets), PART)]
    with ProcessPoolExecutor(options.jobs) as pool:
        done = pool.map(examples, *zip(*((part, options.catalog, share) for part, share in parts), strict=True))
        some = [one for part in track(done, "understanding", len(parts)) for one in part]
    scores = scored(some, catalogue)
    for name, value in scores.items():
        print(f"{name}: {value}")
    opinion, trust = opinion_of(some), trust_of(some)
    card = {
        "trained_on": f"{len(tickets)} judged tickets, misheard {options.misheard}, catalogue {catalogue.version}",
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "scores_of_writers_left_out": scores,
        "bias": round(trust.bias, 5),
        "weights": {name: round(weight, 5) for name, weight in zip(NAMES, trust.weights, strict=True)},
    }
    head = "# How sure dispatch may be of a unit: a logistic model. Made by scripts/train dispatch; do not edit.\n"
    options.out.mkdir(parents=True, exist_ok=True)
    text = head + yaml.safe_dump(card, allow_unicode=True, sort_keys=False, width=120)
    (options.out / WEIGHTS.name).write_text(text, encoding="utf-8")
    save_opinion(opinion, options.out)
    print(options.out)


if __name__ == "__main__":
    main()
