"""The extractors that the program makes of the reference catalogue, by what they are."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from extractors.composition import load_extractors
from extractors.extractor import Extractor
from tests.reference import reference

T = TypeVar("T")


def composed(kind: type[T]) -> T:
    """The extractor that is a ``kind``."""
    return next(one for one in _every() if isinstance(one, kind))


@cache
def _every() -> tuple[Extractor[Any], ...]:
    return load_extractors(reference())
