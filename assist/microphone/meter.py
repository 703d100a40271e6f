"""How loud a microphone is, and whether nothing but silence comes from it. No I/O; time is that of the audio."""

from __future__ import annotations

import numpy as np

FLOOR = -60.0  # dBFS: the lowest level told
_SILENT = 16  # of 32768: a muted or absent microphone stays below, the quietest room does not
# seconds of silence worth a warning: before anything was heard; after that (a headset may be silent while one listens)
_FIRST, _LATER = 5.0, 30.0


class Meter:
    """Of ``channels`` at ``sample_rate`` Hz. ``levels``: the peak of the latest piece of each, dBFS."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._rate = sample_rate
        self._silent = [0] * channels  # sample frames since the last sound
        self._patience = [_FIRST * sample_rate] * channels
        self.levels = [FLOOR] * channels

    def hear(self, data: bytes) -> list[int]:
        """Take interleaved 16-bit samples; the channels whose silence has just become worth a warning."""
        samples = np.frombuffer(data, "<i2").reshape(-1, len(self.levels))
        if not len(samples):
            return []
        warned = []
        for channel, peak in enumerate(np.abs(samples.astype(np.int32)).max(axis=0).tolist()):
            self.levels[channel] = max(FLOOR, 20 * float(np.log10(max(peak, 1) / 32768)))
            before = self._silent[channel]
            if peak > _SILENT:
                self._silent[channel], self._patience[channel] = 0, _LATER * self._rate
            else:
                self._silent[channel] = before + len(samples)
                if before < self._patience[channel] <= self._silent[channel]:
                    warned.append(channel)
        return warned

    def silent_seconds(self, channel: int) -> float:
        """How long nothing has come from ``channel``."""
        return self._silent[channel] / self._rate
