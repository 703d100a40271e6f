"""How far two readers of the same calls agree: the second one's tickets held against the gold ones.

What two careful readers do not agree on cannot be asked of a program. Rules of comparison as for the program
(`assist.bench.matching`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from assist.bench.gold import Call
from assist.bench.tickets import Scored, Tally, verdicts


def run(calls: Iterable[Call]) -> Tally:
    """The second reader's figures over the calls that were read twice."""
    return Tally([_scored(call) for call in calls if call.second])


def _scored(call: Call) -> Scored:
    gold, second = call.gold, call.second
    result = Scored(call.id, call.turns)
    told = {slot: value for slot, value in second.get("slots", {}).items() if value is not False}
    for slot, verdict in verdicts(gold.get("slots", {}), told):
        result.slots.setdefault(slot, Counter())[verdict] += 1
    for what in ("request_type", "domain"):
        if what in gold and what in second:
            result.count(what, gold[what] == second[what])
    if gold.get("department") and second.get("departments"):
        units = {gold["department"], *(gold.get("department_alt") or ())}
        result.count("department", second["departments"][0] in units)
    return result
