"""Whatever understanding tells, with its evidence told otherwise: a ticket or part of one in, the same out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from operator import is_
from typing import Any, TypeVar, cast

from extractors.ticket import Evidence

Told = TypeVar("Told")


def retold(told: Told, otherwise: Callable[[Evidence], Sequence[Evidence]]) -> Told:
    """``told`` with what ``otherwise`` makes of each piece of evidence in it, one or several; of several only the first
    stands where there is room for one. What holds no evidence that is told otherwise is handed on as it is.
    """
    return cast(Told, _retold(told, otherwise))


def _retold(told: object, otherwise: Callable[[Evidence], Sequence[Evidence]]) -> object:
    if told is None or isinstance(told, str | int | float):
        return told
    if isinstance(told, Evidence):
        return otherwise(told)[0]
    if isinstance(told, tuple | list):
        if told and isinstance(told[0], Evidence):
            made: tuple[object, ...] = tuple(dict.fromkeys(one for evidence in told for one in otherwise(evidence)))
        else:
            made = tuple(_retold(one, otherwise) for one in told)
        return told if isinstance(told, tuple) and len(made) == len(told) and all(map(is_, made, told)) else made
    if isinstance(told, Mapping):
        return {name: _retold(one, otherwise) for name, one in told.items()}
    if is_dataclass(told) and not isinstance(told, type):
        parts = {name: getattr(told, name) for name in _names(type(told))}
        changed = {name: new for name, part in parts.items() if (new := _retold(part, otherwise)) is not part}
        return replace(told, **changed) if changed else told
    return told


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """The names of the fields of a dataclass."""
    return tuple(field.name for field in fields(kind))
