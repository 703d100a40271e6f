"""The entries of a catalogue by kind, as its files hold them: a `Catalogue` in, plain values out."""

from __future__ import annotations

from typing import Any, TypeAlias

from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.sheets import BY_KIND

Entry: TypeAlias = dict[str, Any]


def entries_of(catalogue: Catalogue) -> dict[str, list[Entry]]:
    """A catalogue's entries by kind, as its files would hold them, nothing shared."""

    def plain(kind: str, one: Any) -> Entry:
        return {column.key: getattr(one, column.key, None) for column in BY_KIND[kind].columns}

    matters = [
        {
            "code": matter.code,
            "name": matter.name,
            "group": matter.group,
            "group_name": catalogue.groups[matter.group].name,
            "domain": matter.domain,
        }
        for matter in catalogue.matters
    ]
    templates = []
    for matter in catalogue.matters:
        for template in matter.templates:
            entry = plain("templates", template)
            entry["unit_exceptions"] = [{"case": one.case, "unit": one.unit} for one in template.unit_exceptions]
            entry["confused_with"] = [{"code": one.code, "apart": one.apart} for one in template.confused_with]
            templates.append(entry)
    return {
        "head": [plain("head", catalogue)],
        "domains": [plain("domains", one) for one in catalogue.domains.values()],
        "matters": matters,
        "templates": templates,
        "units": [plain("units", one) for one in catalogue.units.values()],
        "slots": [plain("slots", one) for one in catalogue.slots.values()],
        "guides": [plain("guides", one) for one in catalogue.guides],
        "nodes": [plain("nodes", one) for one in catalogue.nodes],
        "retired": [{"code": code, "since": since, "by": by} for code, (since, by) in catalogue.retired.items()],
    }
