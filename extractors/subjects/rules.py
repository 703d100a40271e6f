"""What names of bodies and of things look like: the catalogue's rules of the subject in, patterns out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extractors.text.cues import alternatives, by_sound

PAUSE = "，,、。.！!？?；;：: "
"""Characters that end a name."""


@dataclass(frozen=True, slots=True)
class SubjectRules:
    """Patterns of names of bodies and of things; see ``catalog/rules/subject.yaml``."""

    body: re.Pattern[str]
    kind_only: re.Pattern[str]
    name_start: re.Pattern[str]
    marked_start: re.Pattern[str]
    marked_end: re.Pattern[str]
    whereabouts: re.Pattern[str]
    addressed: re.Pattern[str]
    generic: re.Pattern[str]
    no_name: re.Pattern[str]
    answer_lead: re.Pattern[str]
    no_answer: re.Pattern[str]
    bystanders_before: re.Pattern[str]
    bystanders_after: re.Pattern[str]
    address_head: re.Pattern[str]
    sites: re.Pattern[str]
    things: re.Pattern[str]
    thing_sounds: re.Pattern[str]
    thing_by_sound: Mapping[str, str]
    things_aside: re.Pattern[str]
    aside_sounds: re.Pattern[str]
    operations: re.Pattern[str]
    question: re.Pattern[str]
    unclear: float
    clear: float


def subject_rules(rules: Mapping[str, Any]) -> SubjectRules:
    """The patterns of ``rules`` (section ``subject``)."""
    bodies, things = alternatives(rules["bodies"]), str(rules["things"]).split()
    heard = [thing for thing in things if thing not in rules["things_as_written"]]
    return SubjectRules(
        body=re.compile(bodies),
        kind_only=re.compile(f"[\u4e00-\u9fff]{{0,2}}{bodies}(?=[{PAUSE}]|$)"),
        name_start=re.compile("|".join(rules["name_starts"])),
        marked_start=re.compile(f"^(?:{rules['marked_starts']})+(?=..)"),
        marked_end=re.compile(f"(?<=..)[{PAUSE}]*(?:{rules['marked_ends'].replace(' ', '')})$"),
        whereabouts=re.compile(f"(?:{rules['whereabouts']})$"),
        addressed=re.compile(rules["addressed"]),
        generic=re.compile("|".join(rules["generic"])),
        no_name=re.compile("|".join(rules["no_name"])),
        answer_lead=re.compile(f"(?:{'|'.join(rules['answer_lead'])}|[{PAUSE}])*"),
        no_answer=re.compile("|".join(rules["no_answer"])),
        bystanders_before=re.compile(f"(?:{'|'.join(rules['bystanders_before'])})[^{PAUSE}]{{0,4}}$"),
        bystanders_after=re.compile("|".join(rules["bystanders_after"])),
        address_head=re.compile("|".join(rules["address_head"])),
        sites=re.compile(f"{alternatives(rules['sites'])}$"),
        things=re.compile(alternatives(things)),
        thing_sounds=re.compile(alternatives([by_sound(thing) for thing in heard])),
        thing_by_sound={by_sound(thing): thing for thing in heard},
        things_aside=re.compile(f"(?:{'|'.join(rules['things_aside'])})$"),
        aside_sounds=re.compile(f"(?:{by_sound('|'.join(rules['things_aside_by_sound']))})$"),
        operations=re.compile(alternatives(rules["operations"])),
        question=re.compile("|".join(rules["questions"])),
        unclear=rules["unclear"],
        clear=rules["clear"],
    )
