"""The names whose recognition is measured (districts, streets and towns, roads, stations, landmarks and units of a
catalogue, as they are said), and how many of them were heard right, before and after repair.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from asr.entities import EntityErrors, Names, entity_errors
from asr.repair import as_heard
from asr.transcript import Final
from assist.bench.manifest import Item
from extractors.catalogue import Catalogue
from extractors.gazetteer import load_gazetteer


def entity_names(catalogue: Catalogue) -> Names:
    """The names of ``catalogue``: places with the word that tells their kind (天河区, 石牌街, 车陂站), units and their
    aliases.
    """
    gazetteer = load_gazetteer(catalogue.directory)
    places = [form.text for form in gazetteer.forms if not form.bare]
    units = [name for unit in catalogue.units.values() for name in (unit.name, unit.full_name, *unit.aliases)]
    return Names([*places, *units, *(unit.removeprefix("市") for unit in units if len(unit) > 3)])


def names_heard(item: Item, finals: Iterable[Final], names: Names) -> tuple[EntityErrors, EntityErrors]:
    """Errors of ``names`` in the finals of ``item``: as they were heard, and as they were repaired.

    Each channel's reference text is held against all its finals, in order.
    """
    said: dict[int, str] = defaultdict(str)
    heard: dict[int, str] = defaultdict(str)
    written: dict[int, str] = defaultdict(str)
    for spoken in item.spoken:
        said[0 if item.channel is not None else spoken.channel] += spoken.text
    for final in finals:
        heard[final.channel] += as_heard(final.text, final.repairs)
        written[final.channel] += final.text
    return (
        sum((entity_errors(text, heard[channel], names) for channel, text in said.items()), EntityErrors()),
        sum((entity_errors(text, written[channel], names) for channel, text in said.items()), EntityErrors()),
    )
