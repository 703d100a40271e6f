"""The YAML files of a catalogue directory: a file in, what it holds out, checked.

`CatalogueError` names every place that cannot be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from extractors.catalogue.strict_yaml import YamlError, read_yaml

_SHOWN = 20
Entry = TypeVar("Entry")


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


def read_mapping(directory: Path, file: str) -> dict[str, Any]:
    """What ``file`` of the catalogue in ``directory`` holds; raises `CatalogueError` when that is no mapping."""
    content = read_file(directory, file)
    if not isinstance(content, dict):
        message = f"must be a mapping of names at the top level, not {type(content).__name__}"
        raise CatalogueError(directory, (Problem(file, 1, "", "schema", message),))
    return content


def read_file(directory: Path, file: str) -> Any:
    """What a YAML file of the catalogue in ``directory`` holds. Raises `CatalogueError` when it cannot be read."""
    text = read_text(directory, file)
    try:
        return read_yaml(text)
    except YamlError as error:
        hint = "; check indentation, colons and quotes there" if error.problem.startswith("is not valid") else ""
        message = f"{error.problem}{hint}"
        raise CatalogueError(directory, (Problem(file, error.line, "", "yaml", message),)) from None


def read_text(directory: Path, file: str) -> str:
    """The text of a file of the catalogue in ``directory``, without the mark that editors on Windows put before it.

    Raises `CatalogueError` when it cannot be read.
    """
    try:
        return (directory / file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        message = "is missing; docs/catalogue.md says what belongs there"
    except OSError as error:
        message = f"cannot be read: {error.strerror}; check what it is and its rights"
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 (byte {error.start}); save it as UTF-8"
    raise CatalogueError(directory, (Problem(file, 0, "", "yaml", message),))


def line_of(directory: Path, file: str, code: str) -> int:
    """The line of ``file`` (relative to ``directory``) where the entry ``code`` stands, or 0."""
    path = directory / file
    if not code or not path.is_file():
        return 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if "code:" in line and line.split("code:", 1)[1].strip(" \"'").split(",")[0].split(" ")[0] == code:
            return number
    return 0


def relative(directory: Path, path: Path) -> str:
    """The name of ``path`` in the catalogue, as problems name it."""
    return path.relative_to(directory).as_posix()


def validated(directory: Path, file: str, data: Any, kind: type[Entry]) -> Entry:
    """``data``, what ``file`` holds, as ``kind``. Raises `CatalogueError` with every place that does not fit."""
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
