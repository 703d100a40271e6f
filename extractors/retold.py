"""Whatever understanding tells, with its evidence told otherwise: a ticket or part of one in, the same out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from extractors.ticket import Evidence

Told = TypeVar("Told")


def retold(told: Told, otherwise: Callable[[Evidence], Sequence[Evidence]]) -> Told:
    """``told`` with what ``otherwise`` makes of each piece of evidence in it, one or several; of several only the first
    stands where there is room for one.
    """
    return cast(Told, _retold(told, otherwise))


def _retold(told: object, otherwise: Callable[[Evidence], Sequence[Evidence]]) -> object:
    if isinstance(told, Evidence):
        return otherwise(told)[0]
    if isinstance(told, tuple | list):
        if told and isinstance(told[0], Evidence):
            return tuple(dict.fromkeys(one for evidence in told for one in otherwise(evidence)))
        return tuple(_retold(one, otherwise) for one in told)
    if isinstance(told, Mapping):
        return {name: _retold(one, otherwise) for name, one in told.items()}
    if is_dataclass(told) and not isinstance(told, type):
        return replace(told, **{field.name: _retold(getattr(told, field.name), otherwise) for field in fields(told)})
    return told
