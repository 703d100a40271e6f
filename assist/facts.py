"""What a list of calls tells of a call, and what calls are looked for by: worked out from its state, kept beside it.

Nothing of it names a citizen: who took the call, the template's code and title, the unit, the district, alerts and how
the agent treated the ticket.
"""

from __future__ import annotations

from dataclasses import dataclass

from assist.call import CallState
from assist.calls_query import TicketUse
from extractors.ticket import Value

# Events of these types change facts; a log need not be read further than that.
TELLING = frozenset(
    {
        "call.started",
        "ticket.changed",
        "templates.ranked",
        "dispatch.suggested",
        "alert.raised",
        "agent.accepted",
        "agent.edited",
        "agent.rejected",
        "agent.chose_template",
        "agent.undone",
        "agent.submitted",
        "call.ended",
    }
)
_LONGEST_NAME = 30  # characters of a unit or district


@dataclass(frozen=True, slots=True)
class Facts:
    """Empty texts: not known. ``template`` and ``title`` are of the template the agent chose, else of the likeliest
    one; ``unit`` and ``district`` as the form shows them; ``alerts``: the kinds, each once, in the order of the call.
    """

    agent: str = ""
    template: str = ""
    title: str = ""
    unit: str = ""
    district: str = ""
    alerts: tuple[str, ...] = ()
    ticket: TicketUse = "untouched"


def facts(state: CallState) -> Facts:
    """The facts of a call in ``state``; of its ticket as filed once it is."""
    ticket = state if state.filed is None else state.filed
    template = ticket.chosen or next(iter(ticket.templates), None)
    return Facts(
        agent=(state.started.agent if state.started else None) or "",
        template=template.code if template else "",
        title=template.title if template else "",
        unit=_name(ticket.shown("department")),
        district=_name(ticket.shown("district")),
        alerts=tuple(dict.fromkeys(alert.kind for alert in state.alerts)),
        ticket=_use(ticket),
    )


def _use(ticket: CallState) -> TicketUse:
    if any(human.source != "accepted" for human in ticket.human.values()):
        return "edited"
    return "accepted" if ticket.human or ticket.chosen else "untouched"


def _name(value: Value | None) -> str:
    """The name of a unit or district; what an agent wrote there that can be neither is not told in lists."""
    known = isinstance(value, str) and len(value) <= _LONGEST_NAME and not any(sign.isdigit() for sign in value)
    return str(value) if known else ""
