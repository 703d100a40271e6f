"""The list of learned artefacts (`artefacts.yaml`) and where their files lie on this machine."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LISTING = Path(__file__).parent / "artefacts.yaml"
_CHUNK = 1 << 20  # bytes read at once when hashing


class ModelError(Exception):
    """A model is missing, damaged or unknown; the text says what to do about it."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of an artefact: its size, hash and the package parts it is joined from.

    Where there is a ``recipe`` (`models.assemble.RECIPES`), the file is what it makes of the joined parts, ``using`` a
    file of this package.
    """

    name: str
    bytes: int
    sha256: str
    parts: tuple[str, ...]
    recipe: str = ""
    using: str = ""


@dataclass(frozen=True, slots=True)
class Artefact:
    """One learned artefact; ``packages`` are requirement strings of the packages that carry its parts.

    ``settings`` are those it is best used with, by names its user knows.
    """

    name: str
    title: str
    kind: str
    license: str
    origin: str
    packages: tuple[str, ...]
    files: tuple[ModelFile, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """Size of all files together."""
        return sum(file.bytes for file in self.files)


@cache
def artefacts() -> dict[str, Artefact]:
    """All artefacts by name."""
    entries = yaml.safe_load(LISTING.read_text(encoding="utf-8"))
    return {
        entry["name"]: Artefact(
            **{
                **entry,
                "packages": tuple(entry["packages"]),
                "files": tuple(ModelFile(**{**file, "parts": tuple(file["parts"])}) for file in entry["files"]),
            }
        )
        for entry in entries
    }


def artefact(name: str) -> Artefact:
    """The artefact ``name``; raises `ModelError` for an unknown one."""
    try:
        return artefacts()[name]
    except KeyError:
        known = ", ".join(sorted(artefacts()))
        raise ModelError(f"unknown model {name!r}: choose one of {known} (see `assist models list`)") from None


def home() -> Path:
    """Where assembled models lie: ``$ASSIST_MODELS``, else the user's cache directory."""
    if chosen := os.environ.get("ASSIST_MODELS"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "assist" / "models"


def directory(name: str) -> Path:
    """Where artefact ``name`` lies once assembled."""
    return home() / name


def problems(name: str, where: Path | None = None, progress: Callable[[int], None] | None = None) -> list[str]:
    """What is wrong with the files of ``name``: missing, of wrong size or hash. Empty when all is well.

    ``where`` is the folder to look at, its own directory by default. ``progress`` is called with the number of bytes
    read after each piece.
    """
    found = []
    for file in artefact(name).files:
        path = (where or directory(name)) / file.name
        if not path.is_file():
            found.append(f"{path} is missing")
        elif (size := path.stat().st_size) != file.bytes:
            found.append(f"{path} has {size} bytes, expected {file.bytes}")
        elif sha256(path, progress) != file.sha256:
            found.append(f"{path} is damaged: its SHA-256 is not {file.sha256}")
    return found


def find(name: str) -> Path:
    """The directory of ``name``, every file checked against its hash (0.1 s for 150 MB).

    Raises `ModelError` saying what is wrong and how to mend it.
    """
    if wrong := problems(name):
        raise ModelError(f"model {name!r} cannot be used: {'; '.join(wrong)}. Run `assist models fetch {name}`.")
    return directory(name)


def sha256(path: Path, progress: Callable[[int], None] | None = None) -> str:
    """SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
            if progress:
                progress(len(piece))
    return digest.hexdigest()
