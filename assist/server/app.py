"""The application: a configuration, a speech engine and a catalogue in, an ASGI app out. It works embedded in tests
too.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from asr.decoder import Decoder
from asr.engine import Engine
from asr.recognizer import RecognizerSettings
from assist.background import step_back
from assist.catalogues import open_catalogue
from assist.config import Config
from assist.describing import describe_calls
from assist.knowledge import recognition, understands, vocabulary
from assist.masking import masking
from assist.resources import installed_version
from assist.retention import Retention
from assist.schema import wire_schema
from assist.server.audio import audio_router
from assist.server.calls import router as calls_router
from assist.server.catalogue import Current, catalogue_router
from assist.server.desk import desk_router
from assist.server.errors import install_handlers
from assist.server.head import HeadAsGet
from assist.server.health import Facts, health_router
from assist.server.host import KnownHosts
from assist.server.page import mount_page
from assist.switchboard import Services, Switchboard
from assist.writer import Store
from extractors.catalogue.knowledge import Catalogue
from extractors.choosing.tagger import load_tagger
from extractors.compiled import compile_catalogue
from extractors.matching.search import SearchIndex
from models.call_decoder import installed

_SPEAKING_A_WORKER = 12  # channels that speak at once for each decoding worker, unless the configuration says
_CALL_THREADS = 4  # hear and understand; what they run mostly releases or shares one interpreter lock


def create_app(
    config: Config,
    engine: Engine,
    catalogue: Catalogue,
    page: Path,
    now: Callable[[], datetime] | None = None,
    store: Store | None = None,
) -> FastAPI:
    """The server. ``page`` is the folder of the built page (it may be missing). ``now`` is the clock, by default the
    machine's in the configured time zone. ``store`` is closed with the application; by default one is opened on
    start-up.

    Raises ``CatalogueError`` when the catalogue's rules cannot be used; starting raises ``StoreError`` when the store's
    directory cannot.
    """
    current = _current(catalogue)
    reading = asyncio.Lock()
    zone = ZoneInfo(config.server.timezone)
    scribe = config.understanding.scribe and installed()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        calls = store or Store(config.store.directory)
        executor = ThreadPoolExecutor(_CALL_THREADS, thread_name_prefix="call")
        # the thread that opens the scribe's model gives its rank to those that compute with it
        beside = ThreadPoolExecutor(1, thread_name_prefix="beside", initializer=step_back) if scribe else None
        decoder = Decoder(engine, config.asr.workers, config.asr.max_batch, config.asr.interim_share)
        switchboard = Switchboard(
            Services(
                store=calls,
                decoder=decoder,
                recognition=recognition(config.asr, catalogue),
                understand=understands(catalogue),
                vocabulary=vocabulary(catalogue),
                executor=executor,
                beside=beside,
                model=engine.name,
                catalogue=catalogue.version,
                now=now or (lambda: datetime.now(zone)),
                max_calls=config.server.max_calls,
                max_speaking=config.server.max_speaking or _SPEAKING_A_WORKER * config.asr.workers,
                resume_seconds=config.store.resume_seconds,
            )
        )
        app.state.switchboard = switchboard
        app.state.masking = lambda: masking(current.catalogue)
        app.state.catalogue = lambda: current.catalogue
        app.state.zone = zone
        app.state.decoder = decoder
        try:
            await switchboard.start()
            tasks = [
                asyncio.create_task(Retention(switchboard, config.store.keep_days).run()),
                asyncio.create_task(describe_calls(calls)),
            ]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
        finally:
            await switchboard.close()
            decoder.close()
            executor.shutdown()
            if beside is not None:
                beside.shutdown(cancel_futures=True)
            calls.close()

    # FastAPI's own pages of the description take their script and style from a host on the internet
    app = FastAPI(
        title="12345 hotline assist", version=installed_version(), lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.add_middleware(HeadAsGet)
    app.add_middleware(KnownHosts, host=config.server.host, origins=config.server.allowed_origins)
    install_handlers(app)
    app.include_router(audio_router(config.server.max_frame_bytes, config.server.allowed_origins))
    app.include_router(desk_router(config.server.desk_queue, config.server.allowed_origins))
    app.include_router(calls_router)
    facts = Facts(
        version=app.version,
        model=engine.name,
        tagger=load_tagger() is not None,
        scribe=scribe or not config.understanding.scribe,
        folder=store.folder.path if store is not None else config.store.directory,
        least_free=config.store.least_free_gib * (1 << 30),
    )
    app.include_router(health_router(facts, lambda: current.catalogue.version))

    async def reload() -> Current:
        """Take the catalogue as it now is into use for new calls. Raises `CatalogueError`, `ConfigError`."""
        nonlocal current
        async with reading:

            def read() -> tuple[Current, RecognizerSettings]:
                fresh = open_catalogue(config.catalogue)
                return _current(fresh), recognition(config.asr, fresh)

            fresh, heard = await asyncio.get_running_loop().run_in_executor(None, read)
            switchboard: Switchboard = app.state.switchboard
            switchboard.services = replace(
                switchboard.services,
                recognition=heard,
                understand=understands(fresh.catalogue),
                vocabulary=vocabulary(fresh.catalogue),
                catalogue=fresh.catalogue.version,
            )
            current = fresh
            return current

    app.state.reload = reload
    app.include_router(catalogue_router(lambda: current, reload, config.server.allowed_origins))

    @app.get("/v1/schema", tags=["server"])
    def schema() -> dict[str, Any]:
        """JSON Schema of all wire messages."""
        return wire_schema()

    mount_page(app, page)
    return app


def _current(catalogue: Catalogue) -> Current:
    return Current(catalogue, SearchIndex(catalogue, compile_catalogue(catalogue).ranker))
