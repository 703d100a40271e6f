"""Whether the server is well, for people (``/v1/health``) and for Prometheus (``/v1/metrics``). Nothing personal."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from fastapi import APIRouter, Request, Response

from asr.decoder import Decoder
from assist.switchboard import Switchboard

_GIB = 1 << 30  # bytes
_TEXT = "text/plain; version=0.0.4; charset=utf-8"  # Prometheus' text format

Value: TypeAlias = float | dict[str, int]  # one number, or one for each code


@dataclass(frozen=True, slots=True)
class Facts:
    """What does not change while the server runs. ``tagger``, ``scribe``: whether what the configuration asks for is
    here; ``least_free``: bytes that should be free in ``folder``.
    """

    version: str
    model: str
    tagger: bool
    scribe: bool
    folder: Path
    least_free: float


def health_router(facts: Facts, catalogue: Callable[[], str]) -> APIRouter:
    """The routes ``/v1/health`` and ``/v1/metrics``; ``catalogue`` gives the version in use."""
    router = APIRouter(prefix="/v1", tags=["server"])

    @router.get("/health")
    def health(request: Request) -> dict[str, Any]:
        """Whether the server works as it should, with what, and how far behind it is."""
        decoder: Decoder = request.app.state.decoder
        reasons = _reasons(facts, _free(facts.folder))
        return {
            "status": "degraded" if reasons else "ok",
            "reasons": reasons,
            "version": facts.version,
            "model": facts.model,
            "catalogue": catalogue(),
            "calls_live": request.app.state.switchboard.live,
            "channels_speaking": request.app.state.switchboard.speaking,
            "decoder": {"waiting": decoder.depth, "lag_seconds": round(decoder.lag, 3)},
        }

    @router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    def metrics(request: Request) -> Response:
        """The same as numbers, in Prometheus' text format."""
        free = _free(facts.folder)
        lines = _lines(request.app.state.switchboard, request.app.state.decoder, free, bool(_reasons(facts, free)))
        return Response("".join(f"{line}\n" for line in lines), media_type=_TEXT)

    return router


def _free(folder: Path) -> int | None:
    """Bytes that are free on the disk of ``folder``; None where it cannot be asked."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _reasons(facts: Facts, free: int | None) -> list[dict[str, str]]:
    """What is not as it should be: ``code`` for programs, ``message`` for people."""
    found = {}
    if not facts.tagger:
        found["no_tagger"] = (
            "the tagger is not installed, rules alone fill subject, demand, times, sums and counts: run "
            "`assist models fetch` and restart"
        )
    if not facts.scribe:
        found["no_scribe"] = (
            "the scribe is not installed, tickets stay as they were when the call ended: run `assist models fetch` and "
            "restart, or set understanding.scribe to false"
        )
    if free is None:
        found["no_store"] = "store.directory cannot be read"
    elif free < facts.least_free:
        found["disk_low"] = (
            f"{free / _GIB:.2f} GiB are free under store.directory, less than store.least_free_gib "
            f"({facts.least_free / _GIB:g}): make room"
        )
    return [{"code": code, "message": message} for code, message in found.items()]


def _lines(switchboard: Switchboard, decoder: Decoder, free: int | None, degraded: bool) -> Iterator[str]:
    tally = switchboard.tally
    gauge: Literal["gauge"] = "gauge"
    yield from _metric("calls_live", gauge, "Calls being heard.", switchboard.live)
    yield from _metric("channels_speaking", gauge, "Channels on which someone speaks.", switchboard.speaking)
    yield from _metric("decoder_waiting", gauge, "Windows that wait for the decoder.", decoder.depth)
    yield from _metric("decoder_lag_seconds", gauge, "How long the oldest waiting final has waited.", decoder.lag)
    yield from _metric(
        "calls_being_read", gauge, "Calls that are over and are read as a whole, or wait.", switchboard.reading
    )
    yield from _metric("degraded", gauge, "1 while /v1/health says degraded.", int(degraded))
    if free is not None:
        yield from _metric("store_free_bytes", gauge, "Free bytes on the disk of the calls.", free)
    yield from _metric("calls_accepted_total", "counter", "New calls taken.", tally.accepted)
    yield from _metric("calls_refused_total", "counter", "Calls not taken, by code.", dict(tally.refused))
    yield from _metric("calls_lost_total", "counter", "Calls whose feeder did not come back.", tally.lost)
    yield from _metric("calls_interrupted_total", "counter", "Breaks by faults of server or disk.", tally.interrupted)
    yield from _metric("calls_not_read_total", "counter", "Calls not read as a whole.", tally.not_read)
    yield from _metric("finals_total", "counter", "Final texts stored.", switchboard.finals)


def _metric(name: str, kind: Literal["gauge", "counter"], text: str, value: Value) -> Iterator[str]:
    yield f"# HELP assist_{name} {text}"
    yield f"# TYPE assist_{name} {kind}"
    if isinstance(value, dict):
        for code, count in sorted(value.items()):
            yield f'assist_{name}{{code="{code}"}} {count}'
    else:
        yield f"assist_{name} {value}"
