"""The hotline's own knowledge as frozen tables: templates, slots, units and domains of one catalogue directory.

The format is described in ``docs/catalogue.md``; `extractors.catalogue.load` reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from extractors.catalogue.files import Divert, RequestType, SlotKind, TimeClass, UnitKind, Urgency
from extractors.catalogue.yaml_files import read_mapping

DISTRICT = "district"
"""As a template's unit: the government of the district the matter lies in."""

IMPLICIT_SLOTS = ("caller_name", "phone", "demand", "confidential")
"""Slots every template may carry without listing them."""

RECORD_SLOTS = frozenset({"caller_name", "phone", "district", "street", "address", "demand"})
"""Slots every record text may use without listing them."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot a ticket can have. ``ask`` is the agent's question; ``personal`` values are masked outside the ticket.

    One that is not ``common`` belongs to the tickets whose template lists it.
    """

    name: str
    label: str
    label_en: str
    kind: SlotKind
    ask: str
    personal: bool
    common: bool = True


@dataclass(frozen=True, slots=True)
class Unit:
    """A handling unit. ``district`` names the district it governs, for kind ``district``; ``parent`` the unit it
    belongs to or is overseen by.
    """

    code: str
    name: str
    full_name: str
    kind: UnitKind
    aliases: tuple[str, ...] = ()
    handles: str = ""
    district: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """One of the fields of government. ``keywords`` are words that speak for it beyond its templates'."""

    code: str
    name: str
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Confusion:
    """Another template this one is mistaken for, and what tells them ``apart``."""

    code: str
    apart: str


@dataclass(frozen=True, slots=True)
class UnitException:
    """In this ``case`` another ``unit`` handles the template."""

    case: str
    unit: str


@dataclass(frozen=True, slots=True)
class Template:
    """A record template (诉求记录模板). ``domain`` and ``matter`` are codes; ``unit`` a unit's name or ``district``."""

    code: str
    title: str
    domain: str
    matter: str
    request_type: RequestType
    when: str
    phrasings: tuple[str, ...]
    record: str
    unit: str
    keywords: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    asks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unit_alternatives: tuple[str, ...] = ()
    unit_exceptions: tuple[UnitException, ...] = ()
    urgency: Urgency = "normal"
    divert: Divert | None = None
    time_class: TimeClass = "5d"
    confused_with: tuple[Confusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Guide:
    """What to answer to a question that is often asked (标准问答). ``valid_until``: ISO date, the last day it holds.
    ``templates``: codes of those it answers, of whatever matter; without any, all of its own matter.
    """

    code: str
    matter: str
    question: str
    answer: str
    source: str
    owner: str
    valid_until: str
    steps: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """A node of a matter's mind map: what to ask or do, and the codes of what may follow."""

    code: str
    matter: str
    says: str
    kind: str
    next: tuple[str, ...] = ()
    template: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of matters within a domain; ``file``: where it stands, relative to the catalogue."""

    code: str
    name: str
    domain: str
    file: str


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of matter within a group of a domain, with its templates."""

    code: str
    name: str
    domain: str
    group: str
    templates: tuple[Template, ...]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything of one catalogue directory, compared by identity. ``retired``: codes used no more, with the version
    since which and what took their place. ``cache``: a folder for what is computed from it
    (`extractors.catalogue.cache`).
    """

    directory: Path
    name: str
    version: str
    city: str
    slots: Mapping[str, Slot]
    units: Mapping[str, Unit]
    domains: Mapping[str, Domain]
    groups: Mapping[str, Group]
    matters: tuple[Matter, ...]
    guides: tuple[Guide, ...] = ()
    nodes: tuple[Node, ...] = ()
    retired: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""
    name_en: str = ""
    cache: Path | None = None

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """All templates in the order of their codes."""
        return tuple(sorted((t for matter in self.matters for t in matter.templates), key=lambda t: t.code))

    @cached_property
    def by_code(self) -> Mapping[str, Template]:
        """Template by code."""
        return MappingProxyType({template.code: template for template in self.templates})

    @cached_property
    def by_matter(self) -> Mapping[str, Matter]:
        """Matter by code."""
        return MappingProxyType({matter.code: matter for matter in self.matters})

    @cached_property
    def categories(self) -> tuple[tuple[str, RequestType], ...]:
        """The two-dimensional categories: every pair of a matter's code and a request type that has a template."""
        return tuple(dict.fromkeys((template.matter, template.request_type) for template in self.templates))

    def file_of(self, code: str) -> str:
        """The file (relative) in which the template or matter ``code`` stands, or an empty text."""
        matter = self.by_matter.get(code.partition("-")[0])
        return self.groups[matter.group].file if matter else ""

    @cached_property
    def district_units(self) -> Mapping[str, Unit]:
        """The unit that governs each district, by the district's name."""
        return MappingProxyType({unit.district: unit for unit in self.units.values() if unit.district})

    def rules(self, name: str) -> Mapping[str, Any]:
        """The rules of ``rules/<name>.yaml``; raises `CatalogueError` when they are missing or not a mapping."""
        return MappingProxyType(read_mapping(self.directory, f"rules/{name}.yaml"))
