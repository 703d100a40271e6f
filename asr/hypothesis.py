"""The interim text of an utterance: what of it can be relied on, and what need not be decoded again.

In: the hypotheses of successive windows of one utterance. Out: the text to show and how much of it is stable. Stable
is what two successive hypotheses agree on (LocalAgreement of two, Liu et al. 2020, https://arxiv.org/abs/2005.11185),
except what was said a moment ago and may still be cut off in the middle of a word. Stable text never changes while the
utterance lasts: a later hypothesis that disagrees adds only what follows it in time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from asr.numbers import NUMERALS
from asr.text import SpanText

_LEAST = 1.0  # seconds: a cut leaves windows no shorter, and removes no less
_TOO_LONG = 1.6  # times the wanted length: windows are cut here even without a pause


def stable_length(previous: str, current: SpanText, until: float) -> int:
    """How many characters of ``current`` are stable: they begin ``previous`` too and were over at ``until`` seconds."""
    count = 0
    for before, now, (_, end) in zip(previous, current.text, current.times, strict=False):
        if before != now or end > until:
            break
        count += 1
    return count


class InterimText:
    """The interim text of one utterance.

    ``window``: seconds after which stable text is kept and no longer decoded; ``hold_back``: seconds before the end of
    a window within which nothing counts as stable; ``normalise`` makes what is shown of what was heard.
    """

    def __init__(self, window: float, hold_back: float, normalise: Callable[[SpanText], SpanText]) -> None:
        self.cut = 0.0  # windows begin here; what was heard before is kept
        self.decided_to = 0.0  # the parts of the utterance before it are over
        self.heard_to = 0.0
        self._window = window
        self._hold_back = hold_back
        self._normalise = normalise
        self._decided = SpanText()  # as heard in those parts
        self._kept = SpanText()  # as heard since then, before the cut
        self._stable = SpanText()  # as shown
        self._shown = ""

    def update(self, heard: SpanText, end: float, *, whole: bool = False) -> tuple[SpanText, int]:
        """The text after a window up to ``end`` seconds in which ``heard`` was heard, and how much of it is stable.

        ``whole``: the window began with the part of the utterance in progress, not at ``cut``.
        """
        self.heard_to = end
        if whole:
            before = said_before(heard, self.cut)
            self._kept, heard = heard[:before], heard[before:]
        spans = self._after_stable(self._normalise(self._decided + self._kept + heard))
        count = max(len(self._stable.text), stable_length(self._shown, spans, end - self._hold_back))
        while count > len(self._stable.text) and spans.text[count - 1] in NUMERALS:
            count -= 1  # more digits may follow, and change how the number is written
        self._stable, self._shown = spans[:count], spans.text
        return spans, count

    def decide(self, heard: SpanText, end: float) -> None:
        """All that was ``heard`` up to ``end`` is sure now: what comes is decoded without it."""
        self._decided, self.decided_to = heard, end
        self._kept = self._kept[said_before(self._kept, end) :]
        self.cut = max(self.cut, end)

    def shorten(self, heard: SpanText, start: float, end: float, pauses: Sequence[float]) -> None:
        """Once the window ``start`` to ``end`` is long, keep its stable text up to a pause, to decode only the rest.

        ``heard`` as given to ``update``; ``pauses`` are the times of the pauses in the utterance so far.
        """
        if end - start <= self._window:
            return
        reliable = min(self._stable.times[-1][1] if self._stable.times else start, end - _LEAST)
        cut = max((pause for pause in pauses if pause <= reliable), default=start)
        if cut < start + _LEAST:
            if end - start < _TOO_LONG * self._window:
                return
            # nothing better: keep what is stable or, if hypotheses never agree, all but the last seconds
            latest = reliable if reliable >= start + _LEAST else end - self._window / 3
            cut = max((character_end for _, character_end in heard.times if character_end <= latest), default=latest)
            cut = max(cut, start + _LEAST)
        self._kept += heard[: said_before(heard, cut)]
        self.cut = cut

    def _after_stable(self, spans: SpanText) -> SpanText:
        stable = self._stable
        if spans.text.startswith(stable.text):
            rest = spans[len(stable.text) :]
        else:
            rest = spans[said_before(spans, stable.times[-1][1]) :]
        if not stable.times:
            return rest
        over = stable.times[-1][1]
        return stable + SpanText(rest.text, tuple((max(start, over), max(end, over)) for start, end in rest.times))


def said_before(heard: SpanText, time: float) -> int:
    """How many characters of ``heard`` lie before ``time``, by their middles."""
    return sum(start + end <= 2 * time for start, end in heard.times)
