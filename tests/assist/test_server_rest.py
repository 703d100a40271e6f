"""The REST side: what it answers, and that every error has the same shape."""

from __future__ import annotations

import io
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile
from fastapi import FastAPI

from asr import g711
from assist.schema import wire_schema
from assist.server.health import Facts, health_router
from assist.server.recordings import WavFile
from assist.store import AudioFormat
from extractors.catalogue.knowledge import Catalogue
from extractors.turn import Speaker
from tests.assist.running import START, Running, begin, clip, feed_all, receive, running
from tests.assist.scripted import ScriptedEngine


@pytest.fixture
async def server(tmp_path: Path, catalogue: Catalogue, samples: Path) -> AsyncIterator[Running]:
    async with running(tmp_path, ScriptedEngine(), catalogue) as server:
        await feed_all(server, "c", clip(samples, 6.0))
        yield server


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/calls/nobody", 404, "unknown_call"),
        ("/v1/calls/nobody/ticket", 404, "unknown_call"),
        ("/v1/calls/nobody/events", 404, "unknown_call"),
        ("/v1/calls/nobody/audio", 404, "unknown_call"),
        ("/v1/calls/c/events?after=x", 422, "bad_request"),
        ("/v1/calls?limit=0", 422, "bad_request"),
        ("/v1/catalogue/templates/XX99-999", 404, "unknown_template"),
        ("/v1/catalogue/search?q=%E7%8E%8B", 405, "bad_request"),
        ("/v1/nothing", 404, "not_found"),
    ],
)
async def test_errors_say_what_was_wrong(server: Running, path: str, status: int, code: str) -> None:
    answer = await server.get(path)
    assert answer.status_code == status
    assert answer.json()["code"] == code
    assert answer.json()["message"]


@pytest.mark.parametrize(("path", "status"), [("/v1/health", 200), ("/v1/calls", 200), ("/v1/calls/none", 404)])
async def test_head_is_answered_as_get_is_without_a_body(server: Running, path: str, status: int) -> None:
    asked, got = await server.head(path), await server.get(path)
    assert asked.status_code == got.status_code == status
    assert asked.headers["content-type"] == got.headers["content-type"]
    assert asked.content == b""


async def test_health_names_model_and_catalogue(server: Running, catalogue: Catalogue) -> None:
    health = (await server.get("/v1/health")).json()
    assert (health["status"], health["model"], health["catalogue"]) == ("ok", "scripted", catalogue.version)
    assert health["calls_live"] == 0
    assert health["decoder"]["waiting"] == 0


async def test_health_tells_what_is_wrong(server: Running, tmp_path: Path, catalogue: Catalogue) -> None:
    assert (await server.get("/v1/health")).json()["reasons"] == []
    facts = Facts("0", "m", tagger=False, scribe=False, folder=tmp_path, least_free=float("inf"))
    app = FastAPI()
    app.state.switchboard, app.state.decoder = server.app.state.switchboard, server.app.state.decoder
    app.include_router(health_router(facts, lambda: "1"))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        health = (await client.get("/v1/health")).json()
        assert health["status"] == "degraded"
        assert [reason["code"] for reason in health["reasons"]] == ["no_tagger", "no_scribe", "disk_low"]
        assert "assist_degraded 1" in (await client.get("/v1/metrics")).text


async def test_metrics_count_calls_and_finals_and_name_nobody(
    tmp_path: Path, catalogue: Catalogue, samples: Path
) -> None:
    async with running(tmp_path, ScriptedEngine(), catalogue, max_calls=1) as server:
        await feed_all(server, "private-1", clip(samples, 6.0))
        async with server.audio("private-2") as feeder, server.audio("private-3") as refused:
            await begin(feeder)
            await refused.send(json.dumps(START))
            await receive(refused, "error")
            answer = await server.get("/v1/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    told = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert told["assist_calls_live"] == "1"
    assert told["assist_calls_accepted_total"] == "2"
    assert told['assist_calls_refused_total{code="too_many_calls"}'] == "1"
    assert (told["assist_calls_lost_total"], told["assist_degraded"]) == ("0", "0")
    assert int(told["assist_finals_total"]) > 0
    assert int(told["assist_store_free_bytes"]) > 0
    assert {line.split()[2] for line in lines if line.startswith("# TYPE")} == {name.split("{")[0] for name in told}
    assert "private" not in answer.text


async def test_a_call_is_answered_whole_and_its_log_from_any_number(server: Running) -> None:
    call = (await server.get("/v1/calls/c")).json()
    [listed] = (await server.get("/v1/calls")).json()
    assert call["summary"].items() <= listed.items()
    assert call["ticket"] == (await server.get("/v1/calls/c/ticket")).json()
    log = await server.events("c")
    assert (await server.get("/v1/calls/c/events?after=2")).json() == log[2:]


async def test_a_log_is_answered_masked_with_the_same_numbers(server: Running) -> None:
    log = await server.events("c")
    hidden = (await server.get("/v1/calls/c/events?masked=true")).json()
    assert [logged["seq"] for logged in hidden] == [logged["seq"] for logged in log]
    assert (await server.get("/v1/calls/c/events?masked=true&after=2")).json() == hidden[2:]


@pytest.mark.parametrize(
    "path", ["/v1/calls", "/v1/calls/c", "/v1/calls/c/ticket", "/v1/calls/c/events", "/v1/calls/c/audio"]
)
async def test_what_is_personal_is_not_to_be_stored_on_the_way(server: Running, path: str) -> None:
    assert (await server.get(path)).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("wanted", ["bytes=0-99", "bytes=40-50", "bytes=44-", "bytes=-7", "bytes=1001-2002"])
async def test_a_range_of_the_recording_is_that_part_of_the_whole(server: Running, wanted: str) -> None:
    whole = (await server.get("/v1/calls/c/audio")).content
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    part = await server.get("/v1/calls/c/audio", headers={"Range": wanted})
    expected = whole[int(first) : int(last) + 1 if last else None] if first else whole[-int(last) :]
    assert (part.status_code, part.content) == (206, expected)
    assert part.headers["content-range"].endswith(f"/{len(whole)}")


LONG_NUMBER = "9" * 5_000
UNSATISFIABLE = [
    "bytes=99999999-",
    "bytes=-",
    "bytes=-0",
    "bytes=-000",
    "bytes=9-3",
    "words=1-2",
    "bytes=1-2,5-6",
    f"bytes={LONG_NUMBER}-",
    f"bytes=0-{LONG_NUMBER}",
    f"bytes=-{LONG_NUMBER}",
]


@pytest.mark.parametrize("wanted", UNSATISFIABLE)
async def test_a_range_that_does_not_exist_is_refused(server: Running, wanted: str) -> None:
    answer = await server.get("/v1/calls/c/audio", headers={"Range": wanted})
    assert (answer.status_code, answer.json()["code"]) == (416, "bad_range")


@pytest.mark.parametrize("wanted", ["bytes=0-99999999999999", "bytes=-99999999999999"])
async def test_a_range_that_goes_beyond_the_end_is_the_rest(server: Running, wanted: str) -> None:
    whole = (await server.get("/v1/calls/c/audio")).content
    part = await server.get("/v1/calls/c/audio", headers={"Range": wanted})
    assert (part.status_code, part.content) == (206, whole)


@pytest.mark.parametrize("law", ["alaw", "mulaw"])
def test_a_g711_recording_plays_as_linear_samples_from_any_byte(tmp_path: Path, law: g711.Law) -> None:
    raw = np.random.default_rng(1).integers(0, 256, 400, dtype=np.uint8).tobytes()
    (tmp_path / "c.raw").write_bytes(raw)
    wav = WavFile(tmp_path / "c.raw", AudioFormat(law, 8_000, (Speaker.AGENT, Speaker.CITIZEN)))
    whole = wav.read(0, wav.size)
    samples, rate = soundfile.read(io.BytesIO(whole), dtype="int16", always_2d=True)
    assert (rate, samples.shape) == (8_000, (200, 2))
    assert np.array_equal(samples.ravel(), np.rint(g711.decode(raw, law) * 32768).astype(np.int16))
    assert all(wav.read(at, at + 5) == whole[at : at + 5] for at in range(0, wav.size - 5, 7))


async def test_the_catalogue_can_be_read_and_searched(server: Running, catalogue: Catalogue) -> None:
    head = (await server.get("/v1/catalogue")).json()
    assert (head["version"], head["templates"]) == (catalogue.version, len(catalogue.templates))
    template = catalogue.templates[0]
    [by_code] = await server.found(template.code)
    assert by_code["title"] == template.title
    found = await server.found(template.title, 5)
    assert template.code in [one["code"] for one in found]
    assert len(found) <= 5
    assert await server.found("qqqq") == []
    whole = (await server.get(f"/v1/catalogue/templates/{template.code}")).json()
    assert whole["phrasings"] == list(template.phrasings)
    assert whole["domain"] == catalogue.domains[template.domain].name
    assert [slot["name"] for slot in (await server.get("/v1/catalogue/slots")).json()] == list(catalogue.slots)
    assert len((await server.get("/v1/catalogue/units")).json()) == len(catalogue.units)


SECRET = "业主李小红13826450917"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"json": {}}, 422, "bad_request"),
        ({"json": {"text": ""}}, 422, "bad_request"),
        ({"json": {"text": SECRET * 20}}, 422, "bad_request"),
        ({"json": {"text": SECRET, "limit": 0}}, 422, "bad_request"),
        ({"json": {"text": [SECRET]}}, 422, "bad_request"),
        ({"json": SECRET}, 422, "bad_request"),
        ({"content": SECRET.encode()}, 422, "bad_request"),
        ({"content": b""}, 422, "bad_request"),
        ({"json": {"text": SECRET, "more": "x" * 5_000}}, 413, "too_large"),
    ],
)
async def test_a_search_that_cannot_be_made_is_refused_without_saying_its_words_again(
    server: Running, body: dict[str, Any], status: int, code: str
) -> None:
    answer = await server.post("/v1/catalogue/search", **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "李小红" not in answer.text
    assert "138" not in answer.text


async def test_a_body_of_unknown_length_is_not_read(server: Running) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        yield b"x" * 10_000

    answer = await server.post("/v1/catalogue/search", content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


async def test_what_a_search_finds_is_not_to_be_stored_on_the_way(server: Running) -> None:
    answer = await server.post("/v1/catalogue/search", json={"text": "电梯"})
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


async def test_no_address_takes_words_that_a_person_types(server: Running) -> None:
    described = (await server.get("/openapi.json")).json()["paths"]
    asked = [one for path in described.values() for how in path.values() for one in how.get("parameters", ())]
    free = {
        one["name"]
        for one in asked
        for kind in one["schema"].get("anyOf", [one["schema"]])
        if one["in"] in ("query", "path")
        and kind.get("type") == "string"
        and not {"enum", "const", "pattern"} & set(kind)
    }
    # the switch's id of a call, a template's code; of these two only names of the catalogue are taken
    assert free == {"call", "code"} | {"unit", "district"}


async def test_the_schema_and_the_api_description_are_served(server: Running) -> None:
    assert (await server.get("/v1/schema")).json() == wire_schema()
    assert "/v1/calls/{call}/ticket" in (await server.get("/openapi.json")).json()["paths"]


async def test_no_page_that_is_served_takes_anything_from_another_host(server: Running) -> None:
    described = (await server.get("/openapi.json")).json()["paths"]
    pages = {"/", "/docs", "/redoc", *(path for path, how in described.items() if "get" in how and "{" not in path)}
    for path in pages:
        answer = await server.get(path)
        if answer.headers["content-type"].startswith("text/html"):
            assert not re.findall(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//[^"'\s>]*""", answer.text), path


async def test_a_page_that_was_not_built_says_how_to_build_it(server: Running) -> None:
    answer = await server.get("/")
    assert answer.status_code == 503
    assert "scripts/serve" in answer.text
