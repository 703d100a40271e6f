"""A hotline's own changes on top of another catalogue: a base and an overlay directory in, a whole catalogue out.

An overlay holds only what differs, in the same files: entries of ``units.yaml``, ``slots.yaml``, ``domains.yaml``,
``guides/``, ``maps/`` and ``retired.yaml`` are put over those of the same code, value by value; a group file of
``templates/`` names its matters and templates by code and says what changes, or brings new ones whole; files of
``rules/`` and ``places/`` are put over those of the same name, key by key; ``lexicon.txt`` adds words; ``remove.yaml``
lists codes that go. The outcome is a catalogue like any other, so that nothing else has to know of overlays.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extractors.catalogue.entries import Entry, entries_of
from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.lexicon import read_lexicon
from extractors.catalogue.load import load
from extractors.catalogue.write import dump, write
from extractors.catalogue.yaml_files import CatalogueError, Problem, read_file, read_text
from extractors.upkeep.overlay_files import in_overlay, read_group, strangers

_LISTS = (("domains", "domains.yaml", "code"), ("units", "units.yaml", "code"), ("slots", "slots.yaml", "name"))
_FOLDERS = (("guides", "guides"), ("nodes", "maps"))
_REMOVED = "remove.yaml"


def compose(base: Path, overlay: Path, out: Path) -> Catalogue:
    """``base`` with ``overlay`` put over it, written to ``out`` and loaded from there.

    Raises `CatalogueError` for a base, an overlay or an outcome that cannot be read, naming the file.
    """
    if strange := strangers(base, overlay):
        raise CatalogueError(overlay, strange)
    entries = entries_of(load(base))
    for kind, file, key in _LISTS:
        _put(entries[kind], _listed(overlay, file, key), key)
    for kind, folder in _FOLDERS:
        for path in sorted((overlay / folder).rglob("*.yaml")):
            _put(entries[kind], _listed(overlay, path.relative_to(overlay).as_posix()), "code")
    _put(entries["retired"], _listed(overlay, "retired.yaml"), "code")
    for path in sorted((overlay / "templates").rglob("*.yaml")):
        _put_group(entries, read_group(overlay, path.relative_to(overlay).as_posix()))
    if (overlay / "catalogue.yaml").is_file():
        entries["head"][0].update(_mapping(overlay, "catalogue.yaml"))
    _remove(entries, overlay)
    write(entries, out, base)
    for folder in ("rules", "places"):
        for path in sorted((overlay / folder).glob("*.yaml")):
            name = path.relative_to(overlay).as_posix()
            below = _mapping(out, name) if (out / name).is_file() else {}
            dump(out / name, {**below, **_mapping(overlay, name)})
    if (overlay / "certificate.yaml").is_file():
        shutil.copy(overlay / "certificate.yaml", out / "certificate.yaml")
    if read_lexicon(overlay):
        with (out / "lexicon.txt").open("a", encoding="utf-8") as lexicon:
            lexicon.write("\n" + read_text(overlay, "lexicon.txt"))
    try:
        return load(out)
    except CatalogueError as error:
        # what was composed is not what anybody wrote, and does not stay
        raise CatalogueError(overlay, tuple(in_overlay(overlay, one) for one in error.problems)) from None


def replace_with(base: Path, overlay: Path, out: Path) -> Path:
    """As `compose`, into the folder ``out`` that is made anew, whole or not at all."""
    fresh = out.with_name(out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        compose(base, overlay, fresh)
        shutil.rmtree(out, ignore_errors=True)
        fresh.rename(out)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return out


def _put_group(entries: Mapping[str, list[Entry]], group: Mapping[str, Any]) -> None:
    for matter in group.get("matters") or ():
        told = {name: matter[name] for name in ("code", "name") if name in matter}
        for name, key in (("code", "group"), ("name", "group_name"), ("domain", "domain")):
            if name in group:
                told[key] = group[name]
        _put(entries["matters"], [told], "code")
        shared = matter.get("defaults") or {}
        types = matter.get("types") or {}
        _put(
            entries["templates"],
            [{**shared, **(types.get(one.get("request_type")) or {}), **one} for one in matter.get("templates") or ()],
            "code",
        )


def _put(below: list[Entry], above: Sequence[Entry], key: str) -> None:
    """Put the entries ``above`` over those of the same key; new ones come last."""
    places = {entry[key]: number for number, entry in enumerate(below)}
    for entry in above:
        if entry.get(key) in places:
            below[places[entry[key]]].update(entry)
        else:
            places[str(entry.get(key))] = len(below)
            below.append(dict(entry))


def _remove(entries: dict[str, list[Entry]], overlay: Path) -> None:
    gone = set(_listed_values(overlay, _REMOVED, str))
    known = {str(entry.get(key)) for kind in entries for key in ("code", "name") for entry in entries[kind]}
    if unknown := sorted(gone - known):
        message = f"there is no {', '.join(unknown[:5])} to remove"
        raise CatalogueError(overlay, (Problem(_REMOVED, 0, "", "overlay", message),))
    for kind, listed in entries.items():
        entries[kind] = [entry for entry in listed if not {entry.get("code"), str(entry.get("code"))[:4]} & gone]
    for template in entries["templates"]:
        confused = template.get("confused_with") or ()
        template["confused_with"] = [one for one in confused if one["code"] not in gone and one["code"][:4] not in gone]
    for guide in [
        one for one in entries["guides"] if one.get("templates") and isinstance(one["templates"], list | tuple)
    ]:
        guide["templates"] = [code for code in guide["templates"] if not {str(code), str(code)[:4]} & gone]
        if not guide["templates"]:  # it would be read as one of the whole matter
            entries["guides"].remove(guide)


def _listed(directory: Path, file: str, key: str = "code") -> list[Entry]:
    entries = list(_listed_values(directory, file, dict))
    if not all(isinstance(entry.get(key), str) for entry in entries):
        message = f"must be a list of entries, each with its `{key}`"
        raise CatalogueError(directory, (Problem(file, 1, "", "schema", message),))
    return entries


def _listed_values(directory: Path, file: str, kind: type) -> Iterator[Any]:
    if (directory / file).is_file():
        content = read_file(directory, file)
        if not isinstance(content, list) or not all(isinstance(one, kind) for one in content):
            message = f"must be a list of {'codes' if kind is str else 'entries'}"
            raise CatalogueError(directory, (Problem(file, 1, "", "schema", message),))
        yield from content


def _mapping(directory: Path, file: str) -> dict[str, Any]:
    content = read_file(directory, file)
    if not isinstance(content, dict):
        raise CatalogueError(directory, (Problem(file, 1, "", "schema", "must be a mapping"),))
    return content
