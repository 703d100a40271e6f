"""Reading a catalogue: a directory in, a `Catalogue` out.

``load`` refuses what cannot be read at all and names file, line and code of every such place at once; what can be read
but is not good (too few phrasings, unknown units, near-duplicates) is the matter of ``extractors.upkeep.check``.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from extractors.catalogue.files import (
    DomainEntry,
    GroupFile,
    GuideEntry,
    HeadEntry,
    MatterEntry,
    NodeEntry,
    RetiredEntry,
    SlotEntry,
    UnitEntry,
    expanded,
)
from extractors.catalogue.knowledge import (
    Catalogue,
    Confusion,
    Domain,
    Group,
    Guide,
    Matter,
    Node,
    Slot,
    Template,
    Unit,
    UnitException,
)
from extractors.catalogue.yaml_files import CatalogueError, Entry, Problem, line_of, read_file, relative, validated


def load(directory: Path) -> Catalogue:
    """The catalogue in ``directory``. Raises `CatalogueError` with every place that cannot be read."""
    problems: list[Problem] = []

    def read(name: str, kind: type[Entry]) -> Entry | None:
        try:
            data = read_file(directory, name)
            return validated(directory, name, expanded(data) if kind is GroupFile else data, kind)
        except CatalogueError as error:
            problems.extend(error.problems)
            return None

    head = read("catalogue.yaml", HeadEntry)
    slots = read("slots.yaml", tuple[SlotEntry, ...])
    units = read("units.yaml", tuple[UnitEntry, ...])
    domains = read("domains.yaml", tuple[DomainEntry, ...])
    groups = [
        (file, read(file, GroupFile))
        for file in sorted(relative(directory, path) for path in (directory / "templates").rglob("*.yaml"))
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


def _by_matter(directory: Path, folder: str, kind: type[Entry], problems: list[Problem]) -> list[Entry]:
    """The entries of all files of ``folder``, which need not be there."""
    entries: list[Entry] = []
    for path in sorted((directory / folder).rglob("*.yaml")):
        file = relative(directory, path)
        try:
            entries += validated(directory, file, read_file(directory, file), tuple[kind, ...])  # type: ignore[valid-type]
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
