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
    DomainFile,
    HeadEntry,
    MatterEntry,
    RequestType,
    SlotEntry,
    SlotKind,
    TimeClass,
    UnitEntry,
    UnitKind,
    Urgency,
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
    "Matter",
    "Problem",
    "RequestType",
    "Slot",
    "Template",
    "Unit",
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
    """A slot a ticket can have. ``ask`` is the agent's question; ``personal`` values are masked outside the ticket."""

    name: str
    label: str
    label_en: str
    kind: SlotKind
    ask: str
    personal: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A handling unit. ``district`` names the district it governs, for kind ``district``."""

    code: str
    name: str
    full_name: str
    kind: UnitKind
    aliases: tuple[str, ...] = ()
    handles: str = ""
    district: str | None = None


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
    urgency: Urgency = "normal"
    divert: Divert | None = None
    time_class: TimeClass = "5d"
    confused_with: tuple[Confusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of matter within a domain, with its templates."""

    code: str
    name: str
    domain: str
    templates: tuple[Template, ...]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Everything of one catalogue directory, compared by identity; ``files`` tells which file (relative) each
    domain's templates stand in."""

    directory: Path
    name: str
    version: str
    city: str
    slots: Mapping[str, Slot]
    units: Mapping[str, Unit]
    domains: Mapping[str, Domain]
    matters: tuple[Matter, ...]
    note: str = ""
    name_en: str = ""
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def templates(self) -> tuple[Template, ...]:
        """All templates in the order of their codes."""
        return tuple(sorted((t for matter in self.matters for t in matter.templates), key=lambda t: t.code))

    @cached_property
    def by_code(self) -> Mapping[str, Template]:
        """Template by code."""
        return MappingProxyType({template.code: template for template in self.templates})

    @cached_property
    def district_units(self) -> Mapping[str, Unit]:
        """The unit that governs each district, by the district's name."""
        return MappingProxyType({unit.district: unit for unit in self.units.values() if unit.district})

    def rules(self, name: str) -> Mapping[str, Any]:
        """The rules of ``rules/<name>.yaml``; raises `CatalogueError` when they are missing or not a mapping."""
        return MappingProxyType(read_mapping(self.directory, f"rules/{name}.yaml"))


def read_mapping(directory: Path, file: str) -> dict[str, Any]:
    """What ``file`` of the catalogue in ``directory`` holds; raises `CatalogueError` when that is no mapping."""
    content = _read(directory, directory / file)
    if not isinstance(content, dict):
        message = f"must be a mapping of names at the top level, not {type(content).__name__}"
        raise CatalogueError(directory, (Problem(file, 1, "", "schema", message),))
    return content


def load(directory: Path) -> Catalogue:
    """The catalogue in ``directory``. Raises `CatalogueError` with every place that cannot be read."""
    problems: list[Problem] = []

    def read(name: str, kind: type[_Entry]) -> _Entry | None:
        path = directory / name
        try:
            return _validated(directory, path, _read(directory, path), kind)
        except CatalogueError as error:
            problems.extend(error.problems)
            return None

    head = read("catalogue.yaml", HeadEntry)
    slots = read("slots.yaml", tuple[SlotEntry, ...])
    units = read("units.yaml", tuple[UnitEntry, ...])
    domains = read("domains.yaml", tuple[DomainEntry, ...])
    parts = [
        (f"templates/{path.name}", read(f"templates/{path.name}", DomainFile))
        for path in sorted((directory / "templates").glob("*.yaml"))
    ]
    if not parts and not problems:
        problems.append(Problem("templates", 0, "", "schema", "holds no template file; add templates/<CODE>.yaml"))
    matters = [_matter(part.domain, matter) for _, part in parts if part is not None for matter in part.matters]
    files = {part.domain: name for name, part in parts if part is not None}
    problems += _misplaced(directory, [(name, part) for name, part in parts if part is not None])
    if problems or head is None or slots is None or units is None or domains is None:
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
        matters=tuple(matters),
        files=MappingProxyType(files),
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


def _matter(domain: str, entry: MatterEntry) -> Matter:
    templates = tuple(
        Template(
            **{
                **dict(template),
                "asks": MappingProxyType(dict(template.asks)),
                "confused_with": tuple(Confusion(one.code, one.apart) for one in template.confused_with),
            },
            domain=domain,
            matter=entry.code,
        )
        for template in entry.templates
    )
    return Matter(entry.code, entry.name, domain, templates)


def _misplaced(directory: Path, parts: list[tuple[str, DomainFile]]) -> list[Problem]:
    """Codes that stand twice or under a parent they do not belong to: nothing could be told apart by them."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}

    def add(file: str, code: str, message: str) -> None:
        problems.append(Problem(file, line_of(directory, file, code), code, "code", message))

    for file, part in parts:
        for matter in part.matters:
            if not matter.code.startswith(part.domain):
                add(file, matter.code, f"a matter of domain {part.domain} must have a code that begins with it")
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
