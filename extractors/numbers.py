"""All extractors of spoken numbers: a catalogue directory in, the extractors out."""

from __future__ import annotations

from pathlib import Path

from extractors.bus_lines import BusLines
from extractors.codes import CodesExtractor
from extractors.cues import load_rules
from extractors.dialogue import load_dialogue
from extractors.digits import DigitReader
from extractors.idcard import IdCardExtractor
from extractors.phone import PhoneExtractor
from extractors.plate import PlateExtractor
from extractors.sound import load_sounds
from extractors.spelled import Speller


def load_number_extractors(
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
