"""A hotline changes its catalogue while calls go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from assist.catalogues import open_catalogue
from assist.config import CatalogueSource, ConfigError
from extractors.repair.repairer import load_repairer
from tests.assist.running import Running, begin, clip, feed_all, receive, running, send_audio
from tests.assist.scripted import ScriptedEngine
from tests.extractors import small_catalogue as small


@pytest.fixture
def source(tmp_path: Path) -> CatalogueSource:
    folder = small.write(tmp_path / "catalogue")
    (folder / "catalogue.yaml").unlink()
    (folder / "catalogue.yaml").write_text("{name: 目录, version: 1.0.0, city: 广州市}\n", encoding="utf-8")
    return CatalogueSource(directory=str(folder), cache=str(tmp_path / "caches"))


@pytest.fixture
async def server(tmp_path: Path, source: CatalogueSource) -> AsyncIterator[Running]:
    engine, catalogue = ScriptedEngine(), open_catalogue(source)
    async with running(tmp_path / "calls", engine, catalogue, source=source) as server:
        yield server


def release(source: CatalogueSource, version: str, templates: str | None = None) -> None:
    """A new version of the catalogue; ``templates`` replaces its file of property management."""
    (source.path / "catalogue.yaml").write_text(f"{{name: 目录, version: {version}, city: 广州市}}\n", encoding="utf-8")
    if templates is not None:
        (source.path / "templates/WY/WYA.yaml").write_text(templates, encoding="utf-8")


async def reload(server: Running, **options: object) -> httpx.Response:
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
        return await client.post("/v1/catalogue/reload", **options)  # type: ignore[arg-type]


async def test_calls_go_on_while_the_catalogue_is_read_anew_and_new_calls_use_the_new_one(
    server: Running, source: CatalogueSource, samples: Path
) -> None:
    audio = clip(samples, 20.0)
    async with server.audio("old") as connection:
        await begin(connection)
        await send_audio(connection, audio[: len(audio) // 2])
        release(source, "1.1.0")
        answer, _ = await asyncio.gather(reload(server), send_audio(connection, audio[len(audio) // 2 :]))
        assert answer.json()["version"] == "1.1.0"
        await connection.send('{"type":"stop"}')
        await receive(connection, "stopped")
    await feed_all(server, "new", audio)
    old, new = await server.events("old"), await server.events("new")
    assert old[0]["event"]["catalogue"] == "1.0.0"
    assert new[0]["event"]["catalogue"] == "1.1.0"
    finals = [[one["event"]["text"] for one in log if one["event"]["type"] == "transcript.final"] for log in (old, new)]
    assert finals[0] == finals[1] != []
    assert (await server.get("/v1/health")).json()["catalogue"] == "1.1.0"


async def test_a_template_that_came_is_found_at_once(server: Running, source: CatalogueSource) -> None:
    text = (source.path / "templates/WY/WYA.yaml").read_text(encoding="utf-8")
    release(source, "1.1.0", text.replace("小区电梯故障停运多日", "商场自动扶梯急停摔伤"))
    assert await server.found("商场自动扶梯") == []
    assert (await reload(server)).status_code == 200
    [found, *_] = await server.found("商场自动扶梯")
    assert found["code"] == "WY01-001"


def test_words_and_weights_that_came_are_repaired_to_though_the_folder_is_the_same(source: CatalogueSource) -> None:
    heard = "他们在搞路外惊营"
    before = load_repairer(open_catalogue(source))
    (source.path / "lexicon.txt").unlink()
    (source.path / "lexicon.txt").write_text("路外经营 500\n", encoding="utf-8")
    after = load_repairer(open_catalogue(source))
    assert [one.text for one in before.repairs(heard)] == []
    assert [one.text for one in after.repairs(heard)] == ["路外经营"]


async def test_a_broken_catalogue_changes_nothing_and_is_told_with_its_place(
    server: Running, source: CatalogueSource
) -> None:
    release(source, "1.1.0", "code: WYA\nname: 分组\ndomain: WY\nmatters: 1\n")
    answer = await reload(server)
    assert answer.status_code == 422
    assert "templates/WY/WYA.yaml" in answer.json()["detail"]
    assert (await server.get("/v1/catalogue")).json()["version"] == "1.0.0"


async def test_another_web_page_cannot_have_the_catalogue_read_anew(server: Running) -> None:
    answer = await reload(server, headers={"Origin": "https://elsewhere.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_an_overlay_is_put_over_the_catalogue_once_and_follows_its_changes(
    source: CatalogueSource, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    layered = source.model_copy(update={"overlay": str(own)})
    for version in ("2.0.0", "2.0.1"):
        (own / "catalogue.yaml").write_text(f"version: {version}\n", encoding="utf-8")
        composed = open_catalogue(layered)
        made = composed.directory.stat().st_ino
        assert composed.version == version
        assert open_catalogue(layered).directory.stat().st_ino == made
    assert open_catalogue(source).version == "1.0.0"


def test_a_folder_that_is_not_there_is_named_with_its_key(source: CatalogueSource, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"catalogue\.overlay: .*nowhere is no folder"):
        open_catalogue(source.model_copy(update={"overlay": str(tmp_path / "nowhere")}))
