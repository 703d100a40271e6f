"""What the server has counted since it started. Numbers only: nothing that was said, no ids."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

_REFUSALS = ("too_many_calls", "too_much_speech", "falling_behind")  # told from the start, as 0


@dataclass(slots=True)
class Tally:
    """``accepted``: new calls taken. ``refused``: calls not taken, by the code of the answer. ``lost``: calls that
    ended because no feeder came back. ``interrupted``: breaks of a call, at its beginning too, by a fault of the server
    or its disk. ``not_read``: calls that were not read as a whole, because too many waited. ``finals``: final texts
    stored.
    """

    accepted: int = 0
    refused: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(_REFUSALS, 0)))
    lost: int = 0
    interrupted: int = 0
    not_read: int = 0
    finals: int = 0
