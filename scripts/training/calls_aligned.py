"""Where the recogniser heard what was written: a written call with its spans and what was heard of it in, the same
spans on the heard words out.

Each party's words are aligned apart, as recordings have a channel for each, without punctuation.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from extractors.turn import Speaker, Turn
from scripts.training.tagger_calls import Said

_LEAST = 0.4  # share of a span's length that what was heard of it has at least; less of it was lost

Place = tuple[int, int]  # turn, character


def carried(call: Sequence[Said], turns: Sequence[Turn]) -> tuple[Said, ...]:
    """What was heard of ``call``, in the turns as they were heard, with the spans of ``call``."""
    spans: list[list[tuple[str, int, int]]] = [[] for _ in turns]
    for speaker in Speaker:
        written = [(place, said.text) for place, said in enumerate(call) if said.speaker is speaker]
        heard = [(place, turn.text) for place, turn in enumerate(turns) if turn.speaker is speaker]
        moved = _moved(written, heard)
        for place, _ in written:
            for slot, start, end in call[place].spans:
                found = [moved[place, char] for char in range(start, end) if (place, char) in moved]
                known = sorted({one for one in found if one is not None})
                if len(known) < _LEAST * len(found):
                    continue
                for turn in {turn for turn, _ in known}:
                    inside = [char for other, char in known if other == turn]
                    spans[turn].append((slot, inside[0], inside[-1] + 1))
    return tuple(
        Said(turn.speaker, turn.text, tuple(sorted(own, key=lambda one: one[1])))
        for turn, own in zip(turns, spans, strict=True)
    )


def _moved(written: Sequence[tuple[int, str]], heard: Sequence[tuple[int, str]]) -> dict[Place, Place | None]:
    """Where each letter and digit of ``written`` was heard; None where it was lost."""
    left, right = _letters(written), _letters(heard)
    moved: dict[Place, Place | None] = {}
    matcher = SequenceMatcher(None, [char for _, char in left], [char for _, char in right], autojunk=False)
    for what, start, end, other, last in matcher.get_opcodes():
        for number in range(start, end):
            if what == "delete" or other == last:
                moved[left[number][0]] = None
            else:
                at = other + (number - start) * (last - other) // (end - start)
                moved[left[number][0]] = right[at][0]
    return moved


def _letters(turns: Sequence[tuple[int, str]]) -> list[tuple[Place, str]]:
    return [((place, at), char) for place, text in turns for at, char in enumerate(text) if char.isalnum()]
