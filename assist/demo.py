"""The demonstration: sample calls fed into the running server, one after the other, in real time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from assist.feed import FeedOptions, feed

_BETWEEN = 8.0  # seconds from one call to the next


async def play(
    recordings: Sequence[Path], server: str, now: Callable[[], datetime], tell: Callable[[str], None]
) -> None:
    """Feed the recordings into ``server`` one by one as if they came in now; returns after the last one."""
    for number, recording in enumerate(recordings):
        if number:
            await asyncio.sleep(_BETWEEN)
        start = now()
        call = f"demo-{start:%Y%m%d-%H%M%S}-{recording.stem}"
        tell(f"playing {recording.name} as call {call}")
        await feed(recording, server, call, FeedOptions(started_at=start))
    tell("the sample calls are over; `assist feed FILE` plays others")
