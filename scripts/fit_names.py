"""Fits how what was heard of a name is weighed: weights in, names shown right, shown wrong and not shown out.

The names of calls that `scripts/train calls_heard` has spoken are read off what was heard of them and weighed by
``weights`` of ``catalog/rules/names.yaml``, then by each other value of one of them that ``--set`` names. ``--fit``
searches: of each weight in turn the best of the values around it is taken, until none gets better, on one half of the
calls (by a hash of their ids); the other half tells what that is worth. Better is what shows more names right less
those shown wrong, and of equals what was surer of the right ones. Such values belong into ``names.yaml`` if the other
half gains as well, by more than chance: of 30 names two more or less tell nothing, so fit to hundreds. Deterministic.

    python -m scripts.fit_names var/heard/choosing [FOLDER …] [--set written.sound=0.6,0.8] [--fit]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from math import log
from pathlib import Path
from typing import Any

from assist.bench.gold import read_calls
from assist.bench.matching import right
from extractors.catalogue.cache import opened
from extractors.catalogue.knowledge import Catalogue
from extractors.conversation.dialogue import load_dialogue
from extractors.conversation.plain import plain_turn
from extractors.names.caller_name import CallerName
from extractors.names.rules import NameRules
from extractors.names.surnames import NameClue
from extractors.names.weights import NameWeights, ToldWeights, name_weights
from extractors.slots.extractor import Context
from extractors.text.sound import load_sounds
from extractors.turn import Speaker, Turn
from scripts.training.calls_heard import heard

ROOT = Path(__file__).resolve().parent.parent
SLOT = "caller_name"
FACTORS = (0.5, 0.7, 1.4, 2.0)  # of a weight, that are tried
ROUNDS = 4  # at most
ANY_SIZE = frozenset(
    {"written.fall", "told.fall", "told.fall_again", "heard.unknown_fall", "heard.unknown_again", "heard.agents"}
)  # the others are below one
SUREST = 0.999  # no value is believed more than that


@dataclass(frozen=True, slots=True)
class Case:
    """A call as it was heard, and the name that its ticket has, if it has one."""

    call: str
    turns: tuple[Turn, ...]
    started_at: datetime
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Worth:
    """How good names are that were shown; the better is the greater.

    ``margin``: names right less names wrong; ``likelihood``: the logarithm of the probability, as it was told, that
    those right are right and those wrong are wrong, one half for a name that was not shown.
    """

    margin: int
    likelihood: float
    right: int
    wrong: int
    none: int

    def __str__(self) -> str:
        return f"{self.right:5} {self.wrong:5} {self.none:5} {self.likelihood:10.2f}"


class Names:
    """The names of ``cases``, read by the rules of ``catalogue`` and ready to be weighed."""

    def __init__(self, catalogue: Catalogue, cases: Sequence[Case]) -> None:
        self._rules = catalogue.rules("names")
        self._sounds = load_sounds(catalogue.directory)
        self._dialogue = load_dialogue(catalogue.directory)
        self._cases = cases
        self._read = lru_cache(maxsize=8)(self._reading)

    def worth(self, weights: NameWeights, calls: Iterable[str] | None = None) -> Worth:
        """What ``weights`` are worth on all cases or those of some ``calls``."""
        names, readings = self._read(weights.told)
        weighed = names.weighed(weights)
        chosen = None if calls is None else frozenset(calls)
        good, bad, none, likelihood = 0, 0, 0, 0.0
        for case, reading in zip(self._cases, readings, strict=True):
            if chosen is not None and case.call not in chosen:
                continue
            shown = weighed.fold(case.turns, reading, Context((), frozenset(), case.started_at)).get(SLOT)
            if shown is None:
                none += bool(case.name)
                likelihood += log(0.5) if case.name else 0.0
                continue
            fits = bool(case.name) and right(SLOT, case.name, shown.value)
            sure = min(shown.confidence, SUREST)
            good, bad = good + fits, bad + (not fits)
            likelihood += log(sure if fits else 1 - sure)
        return Worth(good - bad, likelihood, good, bad, none)

    def _reading(self, told: ToldWeights) -> tuple[CallerName, list[list[tuple[NameClue, ...]]]]:
        """What is read of each turn of each case, as explanations are understood by ``told``."""
        rules = {**self._rules, "weights": {**self._rules["weights"], "told": asdict(told)}}
        names = CallerName(NameRules(rules, self._sounds.distance), self._dialogue, self._sounds)
        return names, [[names.read(*scene) for scene in self._scenes(case)] for case in self._cases]

    def _scenes(self, case: Case) -> Iterator[tuple[Turn, Context]]:
        for number, turn in enumerate(case.turns):
            before = case.turns[:number]
            expected = self._dialogue.asked(before) if turn.speaker is Speaker.CITIZEN else frozenset()
            yield turn.as_heard, Context(before, expected, case.started_at)


def main() -> None:
    """Reads the arguments, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("heard", type=Path, nargs="+", help="folders that `scripts/train calls_heard` wrote")
    parser.add_argument("--set", action="append", default=[], metavar="WEIGHT=VALUE[,VALUE…]", help="values to try")
    parser.add_argument("--fit", action="store_true", help="search for better ones on half of the calls")
    args = parser.parse_args()
    catalogue = opened(ROOT / "catalog")
    weights = name_weights(catalogue.rules("names"))
    tries = list(variants(weights, args.set))
    cases = [case for folder in args.heard for case in cases_of(folder)]
    names = Names(catalogue, cases)
    print(f"{len(cases)} calls, {sum(bool(case.name) for case in cases)} with a name")
    print(f"{'':36} right wrong  none likelihood")
    print(f"{'as it is':36} {names.worth(weights)}", flush=True)
    for label, tried in tries:
        print(f"  {label:34} {names.worth(tried)}", flush=True)
    if args.fit:
        fit(names, weights, [case.call for case in cases])


def fit(names: Names, weights: NameWeights, calls: Sequence[str]) -> None:
    """Searches on half of the ``calls`` from ``weights`` on; prints what it finds and how either half takes it."""
    half = [call for call in calls if first_half(call)]
    others = [call for call in calls if not first_half(call)]
    found = searched(weights, lambda tried: names.worth(tried, half))
    better = values(found)
    for label, some in ((f"{len(half)} calls fitted on", half), (f"{len(others)} other calls", others)):
        print(f"{f'{label}, as it is':36} {names.worth(weights, some)}")
        print(f"{f'{label}, fitted':36} {names.worth(found, some)}")
    for name, value in values(weights).items():
        if better[name] != value:
            print(f"  {name}: {value:g} → {better[name]:g}")


def first_half(call: str) -> bool:
    """Whether ``call`` is of the half that is fitted on."""
    return sha256(call.encode()).digest()[0] % 2 == 0


def searched(weights: NameWeights, worth: Callable[[NameWeights], Any]) -> NameWeights:
    """Coordinate search from ``weights`` on for those of the greatest ``worth``."""
    best = worth(weights)
    for _ in range(ROUNDS):
        before = weights
        for name in values(weights):
            for tried in around(weights, name):
                if (found := worth(tried)) > best:
                    best, weights = found, tried
        if weights == before:
            break
    return weights


def around(weights: NameWeights, name: str) -> list[NameWeights]:
    """``weights`` with other values of the one called ``name``."""
    tried = (float(f"{values(weights)[name] * factor:.2g}") for factor in FACTORS)
    return [changed(weights, name, value) for value in tried if value < 1 or name in ANY_SIZE]


def variants(weights: NameWeights, settings: Iterable[str]) -> Iterator[tuple[str, NameWeights]]:
    """``weights`` with each value of each of the ``settings`` (``written.sound=0.6,0.8``), and what was set."""
    for setting in settings:
        name, _, told = setting.partition("=")
        if name not in values(weights):
            raise SystemExit(f"--set {setting}: no such weight; there are {', '.join(values(weights))}")
        for value in told.split(","):
            yield f"{name} {value}", changed(weights, name, float(value))


def values(weights: NameWeights) -> dict[str, float]:
    """Each weight by its name, ``part.weight``."""
    return {f"{part}.{name}": value for part, some in asdict(weights).items() for name, value in some.items()}


def changed(weights: NameWeights, name: str, value: float) -> NameWeights:
    """``weights`` with another ``value`` of the one called ``name``."""
    part, _, one = name.partition(".")
    return replace(weights, **{part: replace(getattr(weights, part), **{one: value})})


def cases_of(folder: Path) -> Iterator[Case]:
    """The calls of ``folder`` as they were heard, put right as in a call."""
    told = heard(folder)
    for call in read_calls(folder):
        if call.id in told:
            yield Case(
                call.id,
                tuple(map(plain_turn, told[call.id])),
                call.started_at,
                str(call.gold.get("slots", {}).get(SLOT, "")),
            )


if __name__ == "__main__":
    main()
