"""The caller's own words for what an agent puts in others: likely candidates in, the one to show out.

An agent reads a time back as "本月八号" where the caller said "这个月八号", or leaves out what the caller told
("晚上八点下班以后"). Which candidate is right is decided by `extractors.choosing.chooser`; whose words are shown, here,
and whether a day is shown with the hour that was told apart from it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from extractors.slots.candidates import Candidate
from extractors.text.numerals import in_figures
from extractors.turn import Speaker, Turn

_SAME, _FULLER = 0.02, 0.5  # least probability of words of the same time; of those that tell it more fully
_NEVER = 2.0
_ABOUT = 0.7  # share of the probability of a day that the same with its hour must have
_WITH_DAYS = 0.5  # share of the probability of an hour that the same with the days on which it recurs must have
_RECURRING = re.compile("^(?:每|逢|天天|日日|一到)")
_STOPS = frozenset("，。、；？！")


def in_callers_words(
    found: Sequence[Candidate], probabilities: NDArray[np.float32], best: int, turns: Sequence[Turn]
) -> int:
    """The place in ``found`` of the caller's candidate that means what the ``best`` one does, where only the agent puts
    it so; else ``best``. ``probabilities``: that each is right.
    """
    agents = {turn.id for turn in turns if turn.speaker is Speaker.AGENT}
    if any(sign.place[0] not in agents for sign in found[best].said):
        return best
    own = [
        place
        for place, one in enumerate(found)
        if all(sign.place[0] not in agents for sign in one.said) and probabilities[place] >= _least(found[best], one)
    ]
    return max(own, key=lambda place: probabilities[place], default=best)


def with_hour(found: Sequence[Candidate], probabilities: NDArray[np.float32], best: int) -> int:
    """The place in ``found`` of the likeliest candidate that tells the hour of the day that is the ``best`` one, where
    it is about as likely; else ``best``.
    """
    value, day = str(found[best].value), found[best].said
    pairs = [place for place, one in enumerate(found) if len(day) == 1 and len(one.said) == 2]
    recurring = [
        place
        for place in pairs
        if found[place].said[1] is day[0]
        and _RECURRING.search(str(found[place].value))
        and str(found[place].value).endswith(value)
        and probabilities[place] >= _WITH_DAYS * probabilities[best]
    ]
    hourly = [
        place
        for place in pairs
        if found[place].said[0] is day[0]
        and str(found[place].value).startswith(value)
        and probabilities[place] >= _ABOUT * probabilities[best]
    ]
    return max(recurring or hourly, key=lambda place: probabilities[place], default=best)


def _least(agents: Candidate, own: Candidate) -> float:
    """How likely ``own`` words must be to take the place of the agent's."""
    if agents.normalized is not None and agents.normalized == own.normalized:
        return _SAME
    characters = iter(in_figures(str(own.value)))
    fuller = _STOPS.isdisjoint(str(own.value)) and all(char in characters for char in in_figures(str(agents.value)))
    return _FULLER if fuller else _NEVER
