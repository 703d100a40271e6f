"""An understanding that understands nothing, for calls of which other things are looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extractors.slots.page import RecordLine
from extractors.ticket import Ticket
from extractors.turn import Turn


class Listener:
    """Understands nothing."""

    def lines(self, turns: Sequence[Turn]) -> Mapping[str, RecordLine]:
        return {}

    def ticket(
        self,
        turns: Sequence[Turn],
        chosen_template: str | None = None,
        held: str | None = None,
        lines: Mapping[str, RecordLine] | None = None,
    ) -> Ticket:
        return Ticket()
