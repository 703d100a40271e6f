"""What a catalogue is compiled to, kept between starts: a catalogue directory in, the same `Catalogue` quickly out.

YAML is for people; reading five thousand templates of it, cutting their texts into words and indexing them takes many
seconds. A cache folder holds the outcome under the fingerprint of everything it was made from, so a changed file,
another format or another version of a library is never answered from an old cache. A cache that cannot be read or
written costs time, never correctness.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, fields, replace
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

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
from extractors.catalogue.load import load

_FORMAT = "3"  # of what is kept; change it with the shape of anything kept here
_LIBRARIES = ("jieba", "pypinyin", "numpy", "tokenizers")
_KEPT = 4  # folders; what was not opened for longest goes first
_CATALOGUE = "catalogue.json"


def fingerprint(directory: Path) -> str:
    """Tells catalogues apart: a hash of every file in ``directory``, and of what compiles them."""
    digest = hashlib.sha256("\0".join([_FORMAT, *(version(name) for name in _LIBRARIES)]).encode())
    for path in sorted(path for path in directory.rglob("*") if path.suffix in {".yaml", ".txt"} and path.is_file()):
        digest.update(f"\0{path.relative_to(directory).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:24]


def opened(directory: Path, caches: Path | None = None) -> Catalogue:
    """The catalogue in ``directory``, out of the folder ``caches`` where it was opened before.

    Raises `CatalogueError` as `load` does.
    """
    if caches is None or not directory.is_dir():
        return load(directory)
    cache = caches / fingerprint(directory)
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = _catalogue(json.loads((cache / _CATALOGUE).read_bytes()), directory, cache)
        with suppress(OSError):
            (cache / _CATALOGUE).touch()  # it is in use: others are forgotten sooner
        return known
    catalogue = replace(load(directory), cache=cache)
    kept(cache, _CATALOGUE, json.dumps(_plain(catalogue), ensure_ascii=False).encode())
    _forget(caches)
    return catalogue


def kept(cache: Path | None, name: str, data: bytes) -> None:
    """Keep ``data`` as ``name``, whole or not at all; nothing happens where nothing can be written."""
    if cache is None:
        return
    with suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=cache, delete=False) as file:
            file.write(data)
        Path(file.name).replace(cache / name)


def words(cache: Path | None, name: str, make: Callable[[], dict[str, int]]) -> dict[str, int]:
    """A dictionary of words with their frequencies, as it was ``made`` once."""
    if cache is not None:
        with suppress(OSError, ValueError, EOFError, TypeError):
            known: dict[str, int] = marshal.loads((cache / f"{name}.marshal").read_bytes())
            if isinstance(known, dict):
                return known
    made = make()
    kept(cache, f"{name}.marshal", marshal.dumps(made))
    return made


def arrays(cache: Path | None, name: str, make: Callable[[], Mapping[str, NDArray[Any]]]) -> Mapping[str, NDArray[Any]]:
    """Arrays by name, in any shapes, as ``make`` made them once; kept in the folder ``cache`` where one is given."""
    if cache is not None:
        path = cache / f"{name}.npz"
        with suppress(OSError, ValueError, KeyError, EOFError), np.load(path, allow_pickle=False) as file:
            return {key: file[key] for key in file.files}
    made = make()
    if cache is not None:
        with tempfile.TemporaryFile() as file:
            np.savez(file, allow_pickle=False, **made)
            file.seek(0)
            kept(cache, f"{name}.npz", file.read())
    return made


def _forget(caches: Path) -> None:
    with suppress(OSError):
        folders = sorted(caches.glob("*/" + _CATALOGUE), key=lambda file: file.stat().st_mtime)
        for folder in folders[:-_KEPT]:
            shutil.rmtree(folder.parent, ignore_errors=True)


def _plain(catalogue: Catalogue) -> dict[str, Any]:
    """A catalogue as JSON can hold it."""

    def shallow(one: Any) -> dict[str, Any]:
        return {field.name: getattr(one, field.name) for field in fields(one)}

    def matter(one: Matter) -> dict[str, Any]:
        templates = [
            {
                **shallow(template),
                "asks": dict(template.asks),
                "unit_exceptions": [asdict(exception) for exception in template.unit_exceptions],
                "confused_with": [asdict(confusion) for confusion in template.confused_with],
            }
            for template in one.templates
        ]
        return {**shallow(one), "templates": templates}

    return {
        "head": {name: getattr(catalogue, name) for name in ("name", "version", "city", "note", "name_en")},
        "slots": [shallow(slot) for slot in catalogue.slots.values()],
        "units": [shallow(unit) for unit in catalogue.units.values()],
        "domains": [shallow(domain) for domain in catalogue.domains.values()],
        "groups": [shallow(group) for group in catalogue.groups.values()],
        "matters": [matter(one) for one in catalogue.matters],
        "guides": [shallow(guide) for guide in catalogue.guides],
        "nodes": [shallow(node) for node in catalogue.nodes],
        "retired": dict(catalogue.retired),
    }


def _catalogue(data: dict[str, Any], directory: Path, cache: Path) -> Catalogue:
    def tuples(entry: dict[str, Any]) -> dict[str, Any]:
        return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}

    def template(entry: dict[str, Any]) -> Template:
        return Template(
            **{
                **tuples(entry),
                "asks": MappingProxyType(entry["asks"]),
                "unit_exceptions": tuple(UnitException(**one) for one in entry["unit_exceptions"]),
                "confused_with": tuple(Confusion(**one) for one in entry["confused_with"]),
            }
        )

    return Catalogue(
        directory=directory,
        cache=cache,
        **data["head"],
        slots=MappingProxyType({one["name"]: Slot(**one) for one in data["slots"]}),
        units=MappingProxyType({one["name"]: Unit(**tuples(one)) for one in data["units"]}),
        domains=MappingProxyType({one["code"]: Domain(**tuples(one)) for one in data["domains"]}),
        groups=MappingProxyType({one["code"]: Group(**one) for one in data["groups"]}),
        matters=tuple(
            Matter(**{**one, "templates": tuple(map(template, one["templates"]))}) for one in data["matters"]
        ),
        guides=tuple(Guide(**tuples(one)) for one in data["guides"]),
        nodes=tuple(Node(**tuples(one)) for one in data["nodes"]),
        retired=MappingProxyType({code: (since, tuple(by)) for code, (since, by) in data["retired"].items()}),
    )
