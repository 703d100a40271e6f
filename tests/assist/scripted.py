"""A speech engine for where words do not matter: as many characters as the window is long, always the same ones."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from asr.engine import Hypothesis, Window

_TEXT = "您好我要投诉楼下烧烤档油烟扰民就在海珠区南洲街道每天晚上都摆到两三点希望尽快派人处理谢谢"
_RATE = 4  # characters a second


class ScriptedEngine:
    """Counts the windows it decoded. ``text``: what is said in every one of them."""

    name = "scripted"

    def __init__(self, text: str = _TEXT) -> None:
        self.finals = 0
        self._text = text

    def batch_key(self, window: Window) -> Hashable:
        return window.final

    def decode(self, windows: Sequence[Window]) -> list[Hypothesis]:
        self.finals += sum(window.final for window in windows)
        return [self._heard(window.seconds) for window in windows]

    def _heard(self, seconds: float) -> Hypothesis:
        text = self._text[: max(1, min(len(self._text), round(seconds * _RATE)))]
        step = seconds / len(text)
        return Hypothesis(text, tuple((n * step, (n + 1) * step) for n in range(len(text))))
