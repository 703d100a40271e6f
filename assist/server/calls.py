"""REST: calls, their tickets, logs and recordings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from assist.log import Record
from assist.masking_log import masked_log
from assist.messages.calls import FoundCalls, ListedCall
from assist.messages.events import LoggedEvent
from assist.room import Room
from assist.server.bodies import BoundedRoute
from assist.server.calls_search import CallsFilter, CallsSearch, checked
from assist.server.errors import ApiError, ErrorBody, unknown_call
from assist.server.recordings import wav_answer
from assist.switchboard import Switchboard
from assist.ticket_view import CallView, TicketView, view

Masked = Annotated[bool, Query(description="With names, numbers and addresses masked, for QA.")]
_NOT_FOUND: dict[int | str, dict[str, object]] = {404: {"model": ErrorBody}}
_NO_SEARCH: dict[int | str, dict[str, object]] = {422: {"model": ErrorBody}}


def _switchboard(request: Request) -> Switchboard:
    switchboard: Switchboard = request.app.state.switchboard
    return switchboard


async def _room(call: str, switchboard: Annotated[Switchboard, Depends(_switchboard)]) -> Room:
    room = await switchboard.room(call)
    if room is None:
        raise unknown_call(call)
    return room


def _no_store(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"


router = APIRouter(prefix="/v1/calls", tags=["calls"], dependencies=[Depends(_no_store)], route_class=BoundedRoute)


@router.get("", responses=_NO_SEARCH)
async def calls(request: Request, response: Response, wanted: Annotated[CallsFilter, Query()]) -> list[ListedCall]:
    """The calls that fit, newest first. With more of them, the header ``Link`` tells the next page (``rel="next"``)."""
    checked(wanted, request.app.state.catalogue())
    found = await _found(request, wanted)
    if found.next is not None:
        following = request.url.include_query_params(cursor=found.next).query
        response.headers["Link"] = f'<?{following}>; rel="next"'
    return found.calls


@router.post("/search", responses=_NO_SEARCH | {413: {"model": ErrorBody}})
async def search(request: Request, wanted: CallsSearch) -> FoundCalls:
    """The calls that fit what a person typed: it travels in the body, as addresses are logged."""
    return await _found(request, wanted)


async def _found(request: Request, wanted: CallsFilter) -> FoundCalls:
    query = wanted.query(request.app.state.zone)
    return await _switchboard(request).find(query, wanted.limit)


async def _ticket(
    request: Request,
    room: Annotated[Room, Depends(_room)],
    masked: Masked = False,
) -> TicketView:
    shown = view(room.state, room.summary.seconds)
    if not masked:
        return shown
    return await run_in_threadpool(lambda: request.app.state.masking().masked(shown))


@router.get("/{call}", responses=_NOT_FOUND)
async def call_view(room: Annotated[Room, Depends(_room)], shown: Annotated[TicketView, Depends(_ticket)]) -> CallView:
    """A call as it stands now."""
    return CallView(summary=room.summary, ticket=shown)


@router.get("/{call}/ticket", responses=_NOT_FOUND)
async def ticket(shown: Annotated[TicketView, Depends(_ticket)]) -> TicketView:
    """The ticket as it shows now."""
    return shown


@router.get("/{call}/events", responses=_NOT_FOUND, response_model=list[LoggedEvent])
async def events(
    request: Request,
    room: Annotated[Room, Depends(_room)],
    after: Annotated[int, Query(ge=0)] = 0,
    masked: Masked = False,
) -> Response:
    """The log after event number ``after``, as stored, or masked."""
    records: Sequence[Record] = room.records
    if masked:
        log = tuple(records)
        records = await run_in_threadpool(lambda: masked_log(request.app.state.masking(), log))
    body = ",".join(record.logged_json for record in records[after:])
    return Response(f"[{body}]", media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get("/{call}/audio", responses=_NOT_FOUND, response_class=Response)
async def audio(
    call: str,
    switchboard: Annotated[Switchboard, Depends(_switchboard)],
    range_header: Annotated[str | None, Header(alias="Range")] = None,
) -> Response:
    """The recording as WAV; byte ranges are served."""
    recording = await switchboard.recording(call)
    if recording is None:
        raise unknown_call(call)
    try:
        return wav_answer(*recording, range_header)
    except FileNotFoundError:
        raise ApiError(404, "no_recording", "此通话的录音已不在服务器上。", "the file was deleted") from None
