"""What was probably said where a recogniser wrote something else: names first, then the characters between them.

In: the text of an utterance and those before it in the call. Out: the stretches to replace. A name of a place or unit
(`extractors.repair.repairer`), repaired or as it was heard, stays; the rest is put right character by character
(`extractors.repair.homophones`) once the call is known to be put as a hotline's calls are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.yaml_files import CatalogueError, Problem
from extractors.repair.homophones import Homophones, load_homophones
from extractors.repair.repairer import Repair, Repairer, load_repairer
from models.trigrams import Trigrams


class Hearing:
    """Finds what is to be repaired in a text."""

    def __init__(self, names: Repairer, homophones: Homophones | None) -> None:
        self._names = names
        self._homophones = homophones

    def repairs(self, text: str, earlier: Sequence[str] = (), readings: Sequence[str] = ()) -> list[Repair]:
        """What to repair in ``text``, in order; ``earlier``: the texts before it in the call, the last one last;
        ``readings``: what else may have been heard.
        """
        named = self._names.names(text, earlier)
        repairs = [one for one in named if text[one.start : one.end] != one.text]
        if self._homophones is not None and self._homophones.familiar((*earlier, text)):
            repairs += _between(text, named, readings, self._homophones)
        return sorted(repairs, key=lambda one: one.start)


def _between(text: str, named: Sequence[Repair], readings: Sequence[str], homophones: Homophones) -> Iterator[Repair]:
    """The characters of ``text`` to put right between the names in it."""
    whole, fixed, stretches, done = "", set[int](), list[tuple[int, int, int]](), 0
    for name in (*named, Repair(len(text), len(text), "")):  # behind the last one as behind the others
        stretches.append((done, name.start, len(whole)))
        whole += text[done : name.start]
        fixed.update(range(len(whole), len(whole) + len(name.text)))
        whole, done = whole + name.text, name.end
    said = homophones.put_right(whole, frozenset(fixed), tuple(readings))
    for start, end, at in stretches:  # ``start:end`` of the text stands from ``at`` on in the whole
        yield from _changes(text[start:end], said[at : at + end - start], start)


def _changes(heard: str, said: str, start: int) -> Iterator[Repair]:
    """The runs in which ``said`` differs from what was ``heard``, both from character ``start`` on."""
    pairs = enumerate(zip(heard, said, strict=True))
    for differs, run in groupby(pairs, key=lambda pair: pair[1][0] != pair[1][1]):
        if differs:
            changed = list(run)
            first = start + changed[0][0]
            yield Repair(first, first + len(changed), "".join(char for _, (_, char) in changed))


@lru_cache(maxsize=2)
def load_hearing(catalogue: Catalogue, model: Trigrams | None) -> Hearing:
    """What repairs the text of calls with the names and rules of ``catalogue``, by what ``model`` says of texts (None:
    names only); compiled once, about two seconds. Raises `CatalogueError` for rules that cannot be used.
    """
    try:
        homophones = load_homophones(catalogue, model) if model is not None else None
        return Hearing(load_repairer(catalogue), homophones)
    except (KeyError, TypeError, ValueError) as error:
        message = f"a rule is missing or malformed ({error!r}); compare with the reference catalogue"
        problem = Problem("rules/repair.yaml, rules/homophones.yaml", 0, "", "schema", message)
        raise CatalogueError(catalogue.directory, (problem,)) from error
