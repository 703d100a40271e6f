"""Entries of a catalogue as a catalogue directory: what tables or an overlay hold in, YAML files out."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from extractors.catalogue.entries import Entry

_KNOWLEDGE = ("places", "rules", "lexicon.txt")  # what entries do not hold
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def write(entries: Mapping[str, Sequence[Entry]], directory: Path, knowledge: Path) -> None:
    """Write ``entries`` (by kind, as `extractors.catalogue.entries` names them) to ``directory``, which must not hold a
    catalogue; ``knowledge`` is the catalogue that places, rules and lexicon are copied from.

    Raises ``FileExistsError``.
    """
    if (directory / "catalogue.yaml").exists():
        raise FileExistsError(f"{directory} holds a catalogue already; name an empty folder")
    directory.mkdir(parents=True, exist_ok=True)
    for name in _KNOWLEDGE:
        source = knowledge / name
        if source.is_dir():
            shutil.copytree(source, directory / name)
        elif source.is_file():
            shutil.copyfile(source, directory / name)
    head = {name: value for name, value in entries["head"][0].items() if value is not None}
    dump(directory / "catalogue.yaml", head)
    for kind in ("domains", "units", "slots"):
        dump(directory / f"{kind}.yaml", [_plain(entry) for entry in entries[kind]])
    if entries.get("retired"):
        dump(directory / "retired.yaml", [_plain(entry) for entry in entries["retired"]])
    for kind, folder in (("guides", "guides"), ("nodes", "maps")):
        for domain in dict.fromkeys(entry["code"][:2] for entry in entries.get(kind, ())):
            listed = [_plain(entry) for entry in entries[kind] if entry["code"].startswith(domain)]
            dump(directory / folder / f"{domain}.yaml", listed)
    for file, group in groups(entries).items():
        dump(directory / "templates" / file, group)


def groups(entries: Mapping[str, Sequence[Entry]]) -> dict[str, Entry]:
    """The group files (relative to ``templates/``) that matters and templates make."""
    by_matter: dict[str, list[Entry]] = {}
    for template in entries["templates"]:
        by_matter.setdefault(template["code"].partition("-")[0], []).append(_plain(template))
    files: dict[str, Entry] = {}
    for matter in entries["matters"]:
        file = f"{matter['domain']}/{matter['group']}.yaml"
        group = files.setdefault(
            file,
            {"code": matter["group"], "name": matter["group_name"], "domain": matter["domain"], "matters": []},
        )
        listed = by_matter.get(matter["code"], [])
        group["matters"].append({"code": matter["code"], "name": matter["name"], "templates": listed})
    return files


def _plain(entry: Entry) -> Entry:
    """Without what is empty, and as plain lists and mappings."""

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: plain(one) for key, one in value.items()}
        return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value

    return {name: plain(value) for name, value in entry.items() if value is not None and value not in ((), [], {}, "")}


def dump(path: Path, data: Any) -> None:
    """Write ``data`` to ``path`` as YAML, its folder made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
    path.write_text(text, encoding="utf-8")
