"""Which extractors fill the ticket: a catalogue directory in, all slot extractors out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from extractors.catalogue.knowledge import Catalogue
from extractors.choosing.chooser import load_chooser
from extractors.choosing.condensed import Condensing
from extractors.choosing.learned import Learned
from extractors.codes.bus_lines import BusLines
from extractors.codes.idcard import IdCardExtractor
from extractors.codes.order_no import CodesExtractor
from extractors.codes.plate import PlateExtractor
from extractors.conversation.dialogue import load_dialogue
from extractors.names.caller_name import load_caller_name
from extractors.numbers.digits import DigitReader
from extractors.numbers.spelled import Speller
from extractors.particulars.answers import make_answers
from extractors.particulars.confidential import load_confidential
from extractors.particulars.counts import load_people_count, stays_as_said
from extractors.particulars.demand import load_demand
from extractors.particulars.money import load_amount
from extractors.phones.phone import PhoneExtractor
from extractors.places.address import AddressExtractor
from extractors.places.address_parts import load_address_rules
from extractors.places.district_street import PlacesExtractor
from extractors.places.gazetteer import gazetteer_of
from extractors.repair.wording import load_wording
from extractors.slots.extractor import Extractor
from extractors.subjects.subject import load_subject
from extractors.text.cues import load_rules
from extractors.text.sound import load_sounds
from extractors.times.told_times import load_times

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
        *_number_extractors(directory),
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


def _number_extractors(
    catalog: Path,
) -> tuple[PhoneExtractor, IdCardExtractor, PlateExtractor, CodesExtractor, BusLines]:
    """The extractors of ``phone``, ``id_no``, ``plate_no``, ``order_no`` and ``route_no``."""
    sounds, rules, dialogue = load_sounds(catalog), load_rules(catalog, "numbers"), load_dialogue(catalog)
    reader = DigitReader(sounds)
    speller = Speller(sounds, reader)
    return (
        PhoneExtractor(reader, rules, dialogue),
        IdCardExtractor(reader, rules),
        PlateExtractor(sounds, reader, speller, rules, dialogue),
        CodesExtractor(reader, speller, rules, dialogue),
        BusLines(rules["route"], dialogue),
    )
