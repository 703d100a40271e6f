"""Fits when a character is replaced by another of a like sound: weights in, character errors out.

What the recogniser heard of calls that `scripts/train calls_heard` has spoken is compared with what was written: as it
was heard, with names repaired, and with characters put right as well, by the rules of
``catalog/rules/homophones.yaml`` and by each other value of one of them that ``--set`` names. The last column, harm, is
the share of characters of the written calls themselves that would be changed. The calls should be none that the
language model has learned from (``samples/calls/choosing``, ``held-out``).

    python -m scripts.fit_homophones var/heard/choosing [var/heard/plain …] [--every 4] [--set distance=5,6,8]
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from asr.metrics import ErrorRate, character_errors
from assist.bench.gold import read_calls
from extractors.catalogue.cache import opened
from extractors.catalogue.knowledge import Catalogue
from extractors.repair.hearing import Hearing
from extractors.repair.homophones import load_homophones
from extractors.repair.repairer import load_repairer
from extractors.turn import Speaker, Turn
from models.trigrams import OWN, load_trigrams
from scripts.training.calls_heard import heard

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Case:
    """A call as it was written and as it was heard, names not repaired."""

    written: Sequence[Turn]
    heard: Sequence[Turn]


def main() -> None:
    """Reads the arguments, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("heard", type=Path, nargs="+", help="folders that `scripts/train calls_heard` wrote")
    parser.add_argument("--every", type=int, default=1, help="of how many calls one is looked at")
    parser.add_argument("--set", action="append", default=[], metavar="RULE=VALUE[,VALUE…]", help="values to try")
    parser.add_argument("--model", type=Path, default=OWN)
    args = parser.parse_args()
    catalogue = opened(ROOT / "catalog")
    names, model = load_repairer(catalogue), load_trigrams(args.model)
    only_names = Hearing(names, None)
    cases = [case for folder in args.heard for case in _cases(folder)][:: args.every]
    turns = sum(len(case.heard) for case in cases)
    print(f"{len(cases)} calls, {turns} utterances")
    print(f"{'':24} errors   harm")
    print(f"{'as heard':24} {_errors(cases, None):.4f}")
    print(f"{'names repaired':24} {_errors(cases, only_names):.4f}   {_harm(cases, only_names):.4f}")
    for label, rules in _tries(catalogue, args.set):
        made = Hearing(names, load_homophones(catalogue, model, rules))
        print(f"{label:24} {_errors(cases, made):.4f}   {_harm(cases, made):.4f}", flush=True)


def _tries(catalogue: Catalogue, settings: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    rules = catalogue.rules("homophones")
    yield "characters put right", rules
    for setting in settings:
        rule, _, values = setting.partition("=")
        if rule not in rules:
            raise SystemExit(f"--set {setting}: no such rule; there are {', '.join(rules)}")
        for value in values.split(","):
            yield f"  {rule} {value}", {**rules, rule: yaml.safe_load(value)}


def _cases(folder: Path) -> Iterator[Case]:
    told = heard(folder, repair=False)
    for call in read_calls(folder):
        if call.id in told:
            yield Case(call.turns, told[call.id])


def _errors(cases: Iterable[Case], lexicon: Hearing | None) -> float:
    """Character errors of what was heard, repaired by ``lexicon``."""
    errors = ErrorRate()
    for case in cases:
        said = _repaired(case.heard, lexicon)
        for speaker in Speaker:
            errors += character_errors(_of(speaker, case.written), _of(speaker, said))
    return errors.rate


def _harm(cases: Iterable[Case], lexicon: Hearing) -> float:
    """Share of the characters of the written calls that ``lexicon`` would change."""
    changed = length = 0
    for case in cases:
        earlier: list[str] = []
        for turn in case.written:
            changed += sum(one.end - one.start for one in lexicon.repairs(turn.text, earlier))
            length += len(turn.text)
            earlier.append(turn.text)
    return changed / length


def _repaired(turns: Sequence[Turn], lexicon: Hearing | None) -> list[tuple[Speaker, str]]:
    said: list[tuple[Speaker, str]] = []
    for turn in turns:
        text = turn.text
        for one in reversed(lexicon.repairs(text, [earlier for _, earlier in said], turn.readings) if lexicon else ()):
            text = text[: one.start] + one.text + text[one.end :]
        said.append((turn.speaker, text))
    return said


def _of(speaker: Speaker, turns: Iterable[Turn | tuple[Speaker, str]]) -> str:
    said = ((turn.speaker, turn.text) if isinstance(turn, Turn) else turn for turn in turns)
    return "".join(text for who, text in said if who is speaker)


if __name__ == "__main__":
    main()
