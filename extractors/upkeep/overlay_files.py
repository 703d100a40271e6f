"""The files of an overlay: which names there may be, and where in them a problem of the composed catalogue stands."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from extractors.catalogue.yaml_files import Problem, line_of, read_mapping, relative, validated
from extractors.places.gazetteer import LISTS
from extractors.text.usage import FILE as USAGE

_SINGLE = {
    *("catalogue.yaml", "slots.yaml", "units.yaml", "domains.yaml", "retired.yaml", "remove.yaml", "certificate.yaml"),
    *("lexicon.txt", USAGE, *(f"places/{name}.yaml" for name in LISTS)),
}
_FOLDERS = ("templates/", "guides/", "maps/")
_ENDINGS = {".yaml", ".yml", ".txt"}


def strangers(base: Path, overlay: Path) -> tuple[Problem, ...]:
    """Files of ``overlay`` under names that no catalogue knows: they would change nothing, and nobody would be told."""
    problems = []
    for path in sorted(path for path in overlay.rglob("*") if path.suffix.lower() in _ENDINGS):
        file = relative(overlay, path)
        listed = file.startswith(_FOLDERS) and path.suffix == ".yaml"
        of_base = file.startswith(("rules/", "places/")) and (base / file).is_file()
        if not (listed or of_base or file in _SINGLE):
            message = "no file of a catalogue has this name; docs/catalogue.md lists them, and they end in .yaml"
            problems.append(Problem(file, 0, "", "overlay", message))
    return tuple(problems)


class _Code(BaseModel):
    code: str


class _Template(_Code):
    confused_with: list[_Code] | None = None


class _Matter(_Code):
    defaults: dict[str, Any] | None = None
    types: dict[str, dict[str, Any] | None] | None = None
    templates: list[_Template] | None = None


class _Group(BaseModel):
    """A group file of an overlay, as far as it must be to be put over another; what it says is proved when it is."""

    matters: list[_Matter] | None = None


def read_group(overlay: Path, file: str) -> dict[str, Any]:
    """What a group file of ``overlay`` says. Raises ``CatalogueError`` where it is not of the form."""
    content = read_mapping(overlay, file)
    validated(overlay, file, content, _Group)
    return content


def in_overlay(overlay: Path, problem: Problem) -> Problem:
    """``problem`` with the place in ``overlay`` where its entry stands; without a line where that has none."""
    files = [relative(overlay, path) for path in sorted(overlay.rglob("*.yaml"))]
    for file in sorted(files, key=lambda file: file != problem.file):
        if line := line_of(overlay, file, problem.code):
            return replace(problem, file=file, line=line)
    return replace(problem, line=0)
