"""A landline that was said plainly, so that it is none of the digits a mobile number is made of: what was heard in,
the number out.

It counts where the agent reads back what the caller said, or where the caller answers with it and nobody says another.
Digits that some hearing has as the end of a longer number, or beside other digits, are a part of one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.ticket import Evidence
from extractors.turn import Speaker, Turn

_AGREED, _ANSWERED = 0.97, 0.75  # certainty of a number read back, and of one that the caller alone said
_BESIDE = 2  # turns before and after that may hold the rest of a number
_DIGIT = r"\d零〇一二三四五六七八九幺"
_BEGUN = re.compile(rf"[1一幺][3-9三四五六七八九][{_DIGIT}]{{0,2}}[^{_DIGIT}号]{{0,7}}$")
_GOES_ON = re.compile(rf"[，。、,. ]*[{_DIGIT}]{{1,3}}(?=[，。、,. ]|$)")


@dataclass(frozen=True, slots=True)
class Plain:
    """A number as it was heard: ``digits`` of each reading, the likeliest first, empty where one was not surely heard.
    ``asked``: for a phone number; ``named``: as one; ``own``: it may be the caller's; ``part``: digits of a mobile
    number stand beside it.
    """

    speaker: Speaker
    digits: tuple[str, ...]
    asked: bool
    named: bool
    own: bool
    part: bool


class Landlines:
    """Tells landlines from parts of mobile numbers."""

    def __init__(self, area: str, first: str, mobile: re.Pattern[str]) -> None:
        """``area``: the code that may be said before; ``first``: the digits a landline begins with; ``mobile``: the
        form of a whole mobile number.
        """
        self._area = area
        self._form = re.compile(rf"(?:{area})?(?P<local>[{first}]\d{{7}})")
        self._mobile = mobile

    def find(self, heard: Sequence[Plain]) -> tuple[str, float] | None:
        """The landline that was said, as ``020-83517762`` where its area code was, and how sure that is."""
        agents = [at for at, one in enumerate(heard) if one.speaker is Speaker.AGENT]
        local = self._local(heard[agents[-1] if agents else -1]) if heard else None
        if local is None or any(not one.own or self._is_more(one, local) for one in heard):
            return None
        same = [one for one in heard if self._local(one) == local]
        read_back = {one.speaker for one in same} == set(Speaker) and any(one.asked or one.named for one in same)
        if same[0].speaker is not Speaker.CITIZEN or not (read_back if agents else same[-1].asked):
            return None
        whole = any(self._area + local in one.digits for one in same)
        return f"{self._area}-{local}" if whole else local, _AGREED if agents else _ANSWERED

    def _local(self, heard: Plain) -> str | None:
        found = self._form.fullmatch(heard.digits[0])
        return found["local"] if found else None

    def _is_more(self, heard: Plain, local: str) -> bool:
        """Whether ``local`` may be a part of a longer number: it was heard as one, or a mobile number was."""
        longer = (digits for digits in heard.digits if digits not in {local, self._area + local})
        return any(self._mobile.fullmatch(digits) or digits.endswith(local) for digits in longer) or (
            heard.part and self._local(heard) == local
        )


def is_part(turns: Sequence[Turn], first: Evidence, last: Evidence) -> bool:
    """Whether a number, said from ``first`` to ``last``, is a part of one by what else its speaker said in ``turns``:
    the first digits of a mobile number stand before it, with few words between, or a few more digits right after it.
    """
    near = [turn for turn in turns if first.turn - _BESIDE <= turn.id <= last.turn + _BESIDE]
    before = [
        turn.text[: first.start] if turn.id == first.turn else turn.text for turn in near if turn.id <= first.turn
    ]
    after = [turn.text[last.end :] if turn.id == last.turn else turn.text for turn in near if turn.id >= last.turn]
    return _BEGUN.search("，".join(before)) is not None or _GOES_ON.match("，".join(after)) is not None
