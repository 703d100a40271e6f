"""The certificates of dispatch as they are kept: ``certificate.yaml`` of a catalogue in, what may be claimed of it out.

A certificate is made for one catalogue, one way of ranking, one model of trust, and one kind of text. ``belongs_to``
tells that state by a hash of all that ranks and dispatches; of a certificate made for another state nothing is
claimed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

import models
from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.yaml_files import CatalogueError, Problem, read_file

FILE = "certificate.yaml"
_WRITTEN_BY = "`assist dispatch certify`"
_HEAD = f"""\
# How far dispatch may be trusted, as {_WRITTEN_BY} found it. Not to be edited: it holds for tickets like those it
# was calibrated on, and for the very catalogue, rules and models it was made with; for others it is not claimed.
"""

_CATALOGUE = ("units.yaml", "domains.yaml", "lexicon.txt", "templates/**/*.yaml")
_RULES = ("ranking", "dispatch", "request_types", "domains")
_CODE = (
    "text/cues.py",
    "matching/dense.py",
    "matching/dispatch.py",
    "matching/dispatch_trust.py",
    "matching/domain.py",
    "text/encoder.py",
    "matching/opinion.py",
    "matching/ranking.py",
    "matching/request_type.py",
    "text/segment.py",
    "text/terms.py",
)
_MODELS = ("dispatch/*.npz", "dispatch/*.yaml", "ranker/*.npz", "ranker/*.json")  # not their cards


Text = Literal["written", "heard"]
"""What is dispatched from: text as it was written, or what a recogniser made of speech (turns with times)."""


class Certificate(BaseModel):
    """What was certified: of tickets like those it was ``calibrated_on``, at most ``error`` of those that are told with
    ``threshold`` or more are dispatched wrongly, with ``confidence``.

    ``tickets`` were judged, ``selected`` of them dispatched, ``errors`` of these wrongly; ``bound`` is the exact upper
    bound of their error rate. ``belongs_to``: the state of catalogue and ranking (`state`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Text
    threshold: float = Field(ge=0, le=1)
    error: float = Field(gt=0, lt=1)
    confidence: float = Field(gt=0, lt=1)
    tickets: int = Field(ge=1)
    selected: int = Field(ge=1)
    errors: int = Field(ge=0)
    bound: float = Field(gt=0, le=1)
    date: str
    catalogue: str
    belongs_to: str
    calibrated_on: str
    tickets_hash: str


def read_certificates(catalogue: Catalogue) -> tuple[Certificate, ...]:
    """The certificates that lie in the catalogue's folder, whether or not they belong to it.

    Raises `CatalogueError` for a file that cannot be read.
    """
    if not (catalogue.directory / FILE).is_file():
        return ()
    try:
        return TypeAdapter(tuple[Certificate, ...]).validate_python(read_file(catalogue.directory, FILE))
    except ValidationError as error:
        problems = tuple(
            Problem(FILE, 0, ".".join(map(str, one["loc"])), "schema", f"{one['msg']}; {_WRITTEN_BY} writes it")
            for one in error.errors()
        )
        raise CatalogueError(catalogue.directory, problems) from None


def claimed(catalogue: Catalogue) -> dict[Text, Certificate]:
    """The certificates that may be claimed, by text: those that belong to this catalogue and way of ranking.

    Raises `CatalogueError` as `read_certificates` does.
    """
    certificates = read_certificates(catalogue)
    now = state(catalogue) if certificates else ""
    return {one.text: one for one in certificates if one.belongs_to == now}


def written(certificates: Iterable[Certificate]) -> str:
    """Certificates as their file."""
    data = [one.model_dump() for one in certificates]
    return _HEAD + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)


def state(catalogue: Catalogue) -> str:
    """A hash of all that decides which unit a call gets and how sure it is: templates, units, rules, code, models.

    Raises `FileNotFoundError` where rules or code that decide are not where they are looked for: a certificate that
    passed over them would hold whatever became of them.
    """
    digest = hashlib.sha256()
    directory, code = catalogue.directory, Path(__file__).parents[1]
    rules = [directory / "rules" / f"{name}.yaml" for name in _RULES]
    for root, paths in (
        (directory, [*_found(directory, _CATALOGUE), *rules]),
        (code, [code / name for name in _CODE]),
        (Path(models.__path__[0]), _found(Path(models.__path__[0]), _MODELS)),
    ):
        for path in paths:
            digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:24]


def _found(root: Path, patterns: Iterable[str]) -> list[Path]:
    return sorted({path for pattern in patterns for path in root.glob(pattern)})
