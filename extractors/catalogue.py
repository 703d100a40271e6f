"""The hotline's own knowledge: a catalogue directory in, frozen tables of templates, slots, units and domains out.

The format is described in ``docs/catalogue.md``. ``load`` refuses what cannot be read at all and names file, line and
code of every such place at once; what can be read but is not good (too few phrasings, unknown units, near-duplicates)
is the matter of ``extractors.catalogue_check``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from extractors.catalogue_files import (
    REQUEST_TYPES,
    Divert,
    DomainEntry,
    GroupFile,
    GuideEntry,
    HeadEntry,
    MatterEntry,
    NodeEntry,
    RequestType,
    RetiredEntry,
    SlotEntry,
    SlotKind,
    TimeClass,
    UnitEntry,
    UnitKind,
    Urgency,
    expanded,
)

__all__ = [
    "DISTRICT",
    "IMPLICIT_SLOTS",
    "RECORD_SLOTS",
    "REQUEST_TYPES",
    "Catalogue",
    "CatalogueError",
    "Confusion",
    "Domain",
    "Group",
    "Guide",
    "Matter",
    "Node",
    "Problem",
    "RequestType",
    "Slot",
    "Template",
    "Unit",
    "UnitException",
    "line_of",
    "load",
    "read_mapping",
]

DISTRICT = "district"
"""As a template's unit: the government of the district the matter lies in."""

IMPLICIT_SLOTS = ("caller_name", "phone", "demand", "confidential")
"""Slots every template may carry without listing them."""

RECORD_SLOTS = frozenset({"caller_name", "phone", "district", "street", "address", "demand"})
"""Slots every record text may use without listing them."""

_SHOWN = 20
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a catalogue: ``file`` (relative), ``line`` (0 when unknown), ``code`` of the entry, what is
    wrong and what to do about it. ``kind`` groups problems of one sort.
    """

    file: str
    line: int
    code: str
    kind: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.code + ': ' if self.code else ''}{self.message}"


class CatalogueError(Exception):
    """A catalogue cannot be read; ``problems`` holds every place found."""

    def __init__(self, directory: Path, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        more = f"\n  … and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        listed = "".join(f"\n  {problem}" for problem in problems[:_SHOWN])
        super().__init__(f"the catalogue in {directory} cannot be read:{listed}{more}")


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
    """What to answer to a question that is often asked (标准问答). ``valid_until``: ISO date, the last day it holds."""

    code: str
    matter: str
    question: str
    answer: str
    source: str
    owner: str
    valid_until: str
    steps: tuple[str, ...] = ()


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
    (`extractors.catalogue_cache`).
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


def read_mapping(directory: Path, file: str) -> dict[str, Any]:
    """What ``file`` of the catalogue in ``directory`` holds; raises `CatalogueError` when that is no mapping."""
    content = read_file(directory, file)
    if not isinstance(content, dict):
        message = f"must be a mapping of names at the top level, not {type(content).__name__}"
        raise CatalogueError(directory, (Problem(file, 1, "", "schema", message),))
    return content


def read_file(directory: Path, file: str) -> Any:
    """What a YAML file of the catalogue in ``directory`` holds. Raises `CatalogueError` when it cannot be read."""
    return _read(directory, directory / file)


def load(directory: Path) -> Catalogue:
    """The catalogue in ``directory``. Raises `CatalogueError` with every place that cannot be read."""
    problems: list[Problem] = []

    def read(name: str, kind: type[_Entry]) -> _Entry | None:
        path = directory / name
        try:
            data = _read(directory, path)
            return _validated(directory, path, expanded(data) if kind is GroupFile else data, kind)
        except CatalogueError as error:
            problems.extend(error.problems)
            return None

    head = read("catalogue.yaml", HeadEntry)
    slots = read("slots.yaml", tuple[SlotEntry, ...])
    units = read("units.yaml", tuple[UnitEntry, ...])
    domains = read("domains.yaml", tuple[DomainEntry, ...])
    groups = [
        (file, read(file, GroupFile))
        for file in sorted(_relative(directory, path) for path in (directory / "templates").rglob("*.yaml"))
    ]
    if not groups and not problems:
        problems.append(Problem("templates", 0, "", "schema", "holds no template file; docs/catalogue.md shows one"))
    guides = _by_matter(directory, "guides", GuideEntry, problems)
    nodes = _by_matter(directory, "maps", NodeEntry, problems)
    retired = read("retired.yaml", tuple[RetiredEntry, ...]) if (directory / "retired.yaml").is_file() else ()
    whole = [(file, group) for file, group in groups if group is not None]
    problems += _misplaced(directory, whole)
    if problems or head is None or slots is None or units is None or domains is None or retired is None:
        raise CatalogueError(directory, tuple(problems))
    return Catalogue(
        directory=directory,
        name=head.name,
        name_en=head.name_en,
        version=head.version,
        city=head.city,
        note=head.note,
        slots=MappingProxyType({entry.name: Slot(**dict(entry)) for entry in slots}),
        units=MappingProxyType({entry.name: Unit(**dict(entry)) for entry in units}),
        domains=MappingProxyType({entry.code: Domain(**dict(entry)) for entry in domains}),
        groups=MappingProxyType({one.code: Group(one.code, one.name, one.domain, file) for file, one in whole}),
        matters=tuple(_matter(group, matter) for _, group in whole for matter in group.matters),
        guides=tuple(
            Guide(**{**dict(one), "valid_until": one.valid_until.isoformat()}, matter=one.code[:4]) for one in guides
        ),
        nodes=tuple(Node(**dict(one), matter=one.code[:4]) for one in nodes),
        retired=MappingProxyType({one.code: (one.since, one.by) for one in retired}),
    )


def line_of(directory: Path, file: str, code: str) -> int:
    """The line of ``file`` (relative to ``directory``) where the entry ``code`` stands, or 0."""
    path = directory / file
    if not code or not path.is_file():
        return 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if "code:" in line and line.split("code:", 1)[1].strip(" \"'").split(",")[0].split(" ")[0] == code:
            return number
    return 0


def _by_matter(directory: Path, folder: str, kind: type[_Entry], problems: list[Problem]) -> list[_Entry]:
    """The entries of all files of ``folder``, which need not be there."""
    entries: list[_Entry] = []
    for path in sorted((directory / folder).rglob("*.yaml")):
        try:
            entries += _validated(directory, path, _read(directory, path), tuple[kind, ...])  # type: ignore[valid-type]
        except CatalogueError as error:
            problems.extend(error.problems)
    return entries


def _matter(group: GroupFile, entry: MatterEntry) -> Matter:
    templates = tuple(
        Template(
            **{
                **dict(template),
                "asks": MappingProxyType(dict(template.asks)),
                "confused_with": tuple(Confusion(one.code, one.apart) for one in template.confused_with),
                "unit_exceptions": tuple(UnitException(one.case, one.unit) for one in template.unit_exceptions),
            },
            domain=group.domain,
            matter=entry.code,
        )
        for template in entry.templates
    )
    return Matter(entry.code, entry.name, group.domain, group.code, templates)


def _misplaced(directory: Path, groups: list[tuple[str, GroupFile]]) -> list[Problem]:
    """Codes that stand twice or under a parent they do not belong to: nothing could be told apart by them."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}

    def add(file: str, code: str, message: str) -> None:
        problems.append(Problem(file, line_of(directory, file, code), code, "code", message))

    for file, group in groups:
        if not group.code.startswith(group.domain):
            add(file, group.code, f"a group of domain {group.domain} must have a code that begins with it")
        if group.code in seen:
            add(file, group.code, f"the code is used twice, also in {seen[group.code]}; give one of them a new code")
        seen[group.code] = file
        for matter in group.matters:
            if not matter.code.startswith(group.domain):
                add(file, matter.code, f"a matter of domain {group.domain} must have a code that begins with it")
            for code in (matter.code, *(template.code for template in matter.templates)):
                if code in seen:
                    add(file, code, f"the code is used twice, also in {seen[code]}; give one of them a new code")
                seen[code] = file
                if not code.startswith(matter.code):
                    add(file, code, f"a template of matter {matter.code} must have a code that begins with it")
    return problems


def _relative(directory: Path, path: Path) -> str:
    return path.relative_to(directory).as_posix()


def _read(directory: Path, path: Path) -> Any:
    file = _relative(directory, path)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        message, line = "is missing; docs/catalogue.md says what belongs there", 0
    except UnicodeDecodeError as error:
        message, line = f"is not UTF-8 (byte {error.start}); save it as UTF-8", 0
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        message = f"is not valid YAML: {error.problem}; check indentation, colons and quotes there"
    raise CatalogueError(directory, (Problem(file, line, "", "yaml", message),))


def _validated(directory: Path, path: Path, data: Any, kind: type[_Entry]) -> _Entry:
    file = _relative(directory, path)
    try:
        return TypeAdapter(kind).validate_python(data)
    except ValidationError as error:
        problems = []
        for detail in error.errors():
            code = _code_at(data, detail["loc"])
            where = ".".join(str(part) for part in detail["loc"])
            message = f"{where}: {detail['msg'][:1].lower()}{detail['msg'][1:]}; see docs/catalogue.md"
            problems.append(Problem(file, line_of(directory, file, code), code, "schema", message))
        raise CatalogueError(directory, tuple(problems)) from None


def _code_at(data: Any, location: tuple[int | str, ...]) -> str:
    """The code of the innermost entry on the way to ``location``."""
    code = ""
    for part in location:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(data, dict):
            code = str(data.get("code", data.get("name", code)))
    return code
