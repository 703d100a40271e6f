"""Which extractors fill the ticket: a catalogue directory in, all slot extractors out."""

from __future__ import annotations

from typing import Any

from extractors.address import AddressExtractor
from extractors.address_parts import load_address_rules
from extractors.answers import make_answers
from extractors.catalogue import Catalogue
from extractors.chooser import load_chooser
from extractors.condensed import Condensing
from extractors.confidential import load_confidential
from extractors.counts import load_people_count, stays_as_said
from extractors.demand import load_demand
from extractors.dialogue import load_dialogue
from extractors.extractor import Extractor
from extractors.gazetteer import gazetteer_of
from extractors.learned import Learned
from extractors.money import load_amount
from extractors.names import load_caller_name
from extractors.numbers import load_number_extractors
from extractors.places import PlacesExtractor
from extractors.subject import load_subject
from extractors.times import load_times
from extractors.wording import load_wording

SIDE_SLOTS = frozenset({"caller_name", "phone", "district", "street", "address", "plate_no", "id_no", "callback_time"})
"""Slots whose words say little about the matter itself."""

BY_SOUND = frozenset({"caller_name", "phone", "plate_no", "id_no", "order_no", "route_no"})
"""Slots that are read off what was heard, whatever characters of a like sound callers would rather say: people's names
and numbers have no usual wording, and their extractors weigh sounds themselves.
"""

WORDED = frozenset({"subject", "demand"})
"""Slots whose values are the caller's own words, which a ticket needs in Chinese."""


def by_sound(extractor: Extractor[Any]) -> bool:
    """Whether ``extractor`` reads what was heard, not what was probably said."""
    return not BY_SOUND.isdisjoint(extractor.slots)


def load_extractors(catalogue: Catalogue) -> tuple[Extractor[Any], ...]:
    """All slot extractors, with the rules and places of the catalogue."""
    directory = catalogue.directory
    gazetteer, dialogue = gazetteer_of(catalogue), load_dialogue(directory)
    places = PlacesExtractor(gazetteer, dialogue)
    wording, rules = load_wording(catalogue), catalogue.rules("learned")
    chooser, least, expected = load_chooser(), rules["least"], float(rules["expected"])
    people = load_people_count(directory)
    amount = load_amount(directory)
    demand = load_demand(catalogue)
    return (
        places,
        AddressExtractor(gazetteer, places, load_address_rules(directory), dialogue),
        *load_number_extractors(directory),
        load_caller_name(directory),
        *(
            Learned(reader, reader, chooser, least, dialogue, wording, expected=expected)
            for reader in (load_times(directory), load_subject(catalogue))
        ),
        Learned(demand, demand, chooser, least, dialogue, wording, told=Condensing(rules["kept"])),
        Learned(amount, amount, chooser, least, dialogue, wording, expected=expected),
        # the calls learned from have numbers of people alone
        Learned(people, people, chooser, least, dialogue, wording, unlearned=stays_as_said, expected=expected),
        load_confidential(directory),
        make_answers(catalogue),
    )
