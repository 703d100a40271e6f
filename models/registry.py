"""The lists of learned artefacts and where their files lie on this machine.

`artefacts.yaml` lists those that are put together on this machine, `shipped.yaml` the small trained ones that this
package holds.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PACKAGE = Path(__file__).parent
LISTING = PACKAGE / "artefacts.yaml"
SHIPPED = PACKAGE / "shipped.yaml"
REMEDY = "Install the project's package anew (in a checkout: `git checkout -- models`)."
"""What helps where a file that ships is missing or damaged."""
_CHUNK = 1 << 20  # bytes read at once when hashing


class ModelError(Exception):
    """A model is missing, damaged or unknown; the text says what to do about it."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of an artefact: its size, hash and the package parts it is joined from; none where it ships as it is.

    Where there is a ``recipe`` (`models.assemble.RECIPES`), the file is what it makes of the joined parts, ``using`` a
    file of this package.
    """

    name: str
    bytes: int
    sha256: str
    parts: tuple[str, ...] = ()
    recipe: str = ""
    using: str = ""


@dataclass(frozen=True, slots=True)
class Artefact:
    """One learned artefact; ``packages`` are requirement strings of the packages that carry its parts, none where it
    ships with the project. ``settings`` are those it is best used with, by names its user knows.
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
    """All artefacts that are put together on this machine, by name."""
    return _listed(LISTING)


@cache
def shipped() -> dict[str, Artefact]:
    """The trained artefacts that this package holds, by name; their files are named from the package's folder on."""
    return _listed(SHIPPED)


def _listed(listing: Path) -> dict[str, Artefact]:
    entries = yaml.safe_load(listing.read_text(encoding="utf-8"))
    return {
        entry["name"]: Artefact(
            **{
                **entry,
                "packages": tuple(entry.get("packages", ())),
                "files": tuple(ModelFile(**{**file, "parts": tuple(file.get("parts", ()))}) for file in entry["files"]),
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
    """Where assembled models lie: ``$ASSIST_MODELS``, else the user's cache directory.

    Raises `ModelError` for the home of a user who is not known.
    """
    if chosen := os.environ.get("ASSIST_MODELS"):
        try:
            return Path(chosen).expanduser()
        except RuntimeError:
            raise ModelError(f"ASSIST_MODELS is {chosen!r}: the home of that user is not known") from None
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "assist" / "models"


def directory(name: str) -> Path:
    """Where artefact ``name`` lies once assembled."""
    return home() / name


def problems(name: str, where: Path | None = None, progress: Callable[[int], None] | None = None) -> list[str]:
    """What is wrong with the files of ``name``: missing, of wrong size or hash. Empty when all is well.

    ``where`` is the folder to look at, its own directory by default. ``progress`` is called with the number of bytes
    read after each piece.
    """
    return _wrong(artefact(name), where or directory(name), progress)


def shipped_problems(name: str, progress: Callable[[int], None] | None = None) -> list[str]:
    """As `problems`, of an artefact that ships."""
    return _wrong(shipped()[name], PACKAGE, progress)


def _wrong(wanted: Artefact, where: Path, progress: Callable[[int], None] | None) -> list[str]:
    found = []
    for file in wanted.files:
        path = where / file.name
        try:
            if not path.is_file():
                found.append(f"{path} is missing")
            elif (size := path.stat().st_size) != file.bytes:
                found.append(f"{path} has {size} bytes, expected {file.bytes}")
            elif sha256(path, progress) != file.sha256:
                found.append(f"{path} is damaged: its SHA-256 is not {file.sha256}")
        except OSError as error:
            found.append(f"{path} cannot be read: {error.strerror or error}")
    return found


@contextmanager
def explained(*expected: type[Exception]) -> Iterator[None]:
    """Where something fails within and files that ship are missing or damaged, raises `ModelError` naming every such
    file and the remedy. Errors of the ``expected`` kinds pass as they are, and all do where the files are whole.
    """
    try:
        yield
    except expected:
        raise
    except Exception as error:
        if wrong := [one for name in shipped() for one in shipped_problems(name)]:
            raise ModelError(
                f"a file that ships with the project cannot be used: {'; '.join(wrong)}. {REMEDY}"
            ) from error
        raise


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
