"""The names whose recognition is measured: districts, streets and towns, roads, stations, landmarks and units of a
catalogue, as they are said.
"""

from __future__ import annotations

from asr.entities import Names
from extractors.catalogue.knowledge import Catalogue
from extractors.places.gazetteer import load_gazetteer


def entity_names(catalogue: Catalogue) -> Names:
    """The names of ``catalogue``: places with the word that tells their kind (天河区, 石牌街, 车陂站), units and their
    aliases.
    """
    gazetteer = load_gazetteer(catalogue.directory)
    places = [form.text for form in gazetteer.forms if not form.bare]
    units = [name for unit in catalogue.units.values() for name in (unit.name, unit.full_name, *unit.aliases)]
    return Names([*places, *units, *(unit.removeprefix("市") for unit in units if len(unit) > 3)])
