"""What was probably said where a recogniser wrote something else: names first, then the characters between them.

In: the text of an utterance and those before it in the call. Out: the stretches to replace. A name of a place or unit
(`extractors.repair`), repaired or as it was heard, stays; the rest is put right character by character
(`extractors.homophones`) once the call is known to be put as a hotline's calls are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from extractors.catalogue import Catalogue
from extractors.catalogue_yaml import CatalogueError, Problem
from extractors.homophones import Homophones, load_homophones
from extractors.repair import Repair, Repairer, load_repairer
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
            repairs += self._between(text, named, readings, self._homophones)
        return sorted(repairs, key=lambda one: one.start)

    @staticmethod
    def _between(
        text: str, named: Sequence[Repair], readings: Sequence[str], homophones: Homophones
    ) -> Iterator[Repair]:
        """The characters of ``text`` to put right between the names in it."""
        whole, fixed, done, shift = "", set[int](), 0, list[tuple[int, int, int]]()
        for one in (*named, Repair(len(text), len(text), "")):
            shift.append((done, one.start, len(whole) - done))
            whole += text[done : one.start]
            fixed.update(range(len(whole), len(whole) + len(one.text)))
            whole, done = whole + one.text, one.end
        said = homophones.put_right(whole, frozenset(fixed), tuple(readings))
        for start, end, by in shift:
            yield from _changes(text, said[start + by : end + by], start)


def _changes(heard: str, said: str, start: int) -> Iterator[Repair]:
    """The runs of characters from ``start`` on in which ``said`` differs from what was ``heard``."""
    places = [start + at for at, char in enumerate(said) if heard[start + at] != char]
    runs: list[list[int]] = []
    for place in places:
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    for run in runs:
        yield Repair(run[0], run[-1] + 1, said[run[0] - start : run[-1] + 1 - start])


@lru_cache(maxsize=2)
def load_hearing(catalogue: Catalogue, model: Trigrams | None) -> Hearing:
    """What repairs the text of calls with the names and rules of ``catalogue``, by what ``model`` says of texts (None:
    names only); compiled once, about two seconds.
    """
    try:
        return Hearing(load_repairer(catalogue), load_homophones(catalogue, model) if model is not None else None)
    except (KeyError, TypeError, ValueError) as error:
        message = f"a rule is missing or malformed ({error!r}); compare with the reference catalogue"
        problem = Problem("rules/repair.yaml, rules/homophones.yaml", 0, "", "schema", message)
        raise CatalogueError(catalogue.directory, (problem,)) from error
