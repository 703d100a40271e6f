"""What calls are asked for over REST: parameters of an address, which name nobody, and a body, which may hold words."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from assist.calls_query import (
    CURSOR,
    DAY_OR_TIME,
    AlertFilter,
    CallsQuery,
    Cursor,
    Order,
    Status,
    TicketUse,
    beginning,
    end,
)
from assist.server.errors import ApiError
from extractors.catalogue.knowledge import Catalogue

_Moment = Annotated[str, Field(pattern=DAY_OR_TIME)]
_Name = Annotated[str, Field(min_length=1, max_length=64)]
_Seconds = Annotated[float, Field(ge=0, le=1e6)]
_CODE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"  # an agent's number, a template's code: as a call's id


class CallsFilter(BaseModel):
    """What is left out does not count. Days and times are those of the hotline's time zone (`server.timezone`) and
    count whole. Lengths are in seconds and are those of calls that have ended.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    from_: Annotated[
        _Moment | None, Field(alias="from", description="The first day (2026-03-02) or time (2026-03-02T10:15).")
    ] = None
    to: Annotated[_Moment | None, Field(description="The last day or time.")] = None
    status: Status | None = None
    ticket: Annotated[TicketUse | None, Field(description="What the agent did with the ticket.")] = None
    agent: Annotated[str | None, Field(pattern=_CODE, description="The agent's number, as the switch sent it.")] = None
    template: Annotated[
        str | None, Field(pattern=_CODE, description="Code of the template that was chosen, else of the likeliest.")
    ] = None
    unit: Annotated[_Name | None, Field(description="Name of a handling unit of the catalogue.")] = None
    district: Annotated[_Name | None, Field(description="Name of a district of the catalogue.")] = None
    alert: Annotated[AlertFilter | None, Field(description="A kind of alert that was raised, any or none.")] = None
    min_seconds: _Seconds | None = None
    max_seconds: _Seconds | None = None
    order: Order = "newest"
    cursor: Annotated[str | None, Field(pattern=CURSOR, description="Where to read on: what the last page told.")] = (
        None
    )
    limit: Annotated[int, Field(ge=1, le=200)] = 100

    @field_validator("from_", "to")
    @classmethod
    def _a_day_of_the_calendar(cls, text: str | None) -> str | None:
        if text is not None:
            end(text, UTC)
        return text

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.from_ and self.to and beginning(self.from_, UTC) >= end(self.to, UTC):
            raise ValueError("from is after to")
        if self.min_seconds is not None and self.max_seconds is not None and self.min_seconds > self.max_seconds:
            raise ValueError("min_seconds is over max_seconds")
        if self.cursor is not None and Cursor.parse(self.cursor).order != self.order:
            raise ValueError("cursor is of a list in another order")
        return self

    def query(self, zone: tzinfo) -> CallsQuery:
        """The query; ``zone`` is the hotline's."""
        return CallsQuery(
            since=None if self.from_ is None else beginning(self.from_, zone),
            until=None if self.to is None else end(self.to, zone),
            after=None if self.cursor is None else Cursor.parse(self.cursor),
            **self.model_dump(exclude={"from_", "to", "cursor", "limit"}),
        )


class CallsSearch(CallsFilter):
    """The same in a body, where names and words may stand: of agents, of units and districts of any catalogue."""

    agent: Annotated[_Name | None, Field(description="The agent, as the switch sent it.")] = None
    unit: Annotated[_Name | None, Field(description="Name of a handling unit.")] = None
    district: Annotated[_Name | None, Field(description="Name of a district.")] = None
    title: Annotated[
        str | None, Field(min_length=1, max_length=200, description="Words of the template's title, all of them.")
    ] = None


def checked(wanted: CallsFilter, catalogue: Catalogue) -> None:
    """Only names of the catalogue stand in an address. Raises ``ApiError`` 422 for others, without repeating them."""
    if wanted.unit is not None and wanted.unit not in catalogue.units:
        raise _unknown("unit", "目录中没有这个承办单位。")
    if wanted.district is not None and wanted.district not in catalogue.district_units:
        raise _unknown("district", "目录中没有这个行政区。")


def _unknown(name: str, message: str) -> ApiError:
    detail = f"query.{name}: not in the catalogue; names of other catalogues: POST /v1/calls/search"
    return ApiError(422, "bad_request", message, detail)
