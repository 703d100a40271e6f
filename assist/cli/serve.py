"""`assist serve`: the server."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from assist.addresses import listen, shown_address
from assist.allocator import give_back, keep_little
from assist.cli.common import ConfigPath, catalogue, configuration, keep_to_oneself
from assist.cli.errors import ServerError, explained, stderr
from assist.logs import Reticent, handle_loop_fault

if TYPE_CHECKING:
    import uvicorn

    from assist.config import Config, Server

_log = logging.getLogger(__name__)

# Decoding asks for the interpreter at every token, and should not wait long while a turn is understood.
_SWITCH_SECONDS = 0.0005


def serve(
    demo: Annotated[bool, typer.Option("--demo", help="Play the sample calls into the server in real time.")] = False,
    port: Annotated[int | None, typer.Option(help="Listen on this port; 0 takes a free one.", min=0, max=65535)] = None,
    config: ConfigPath = None,
) -> None:
    """Start the server: audio in, the agents' page out.

    Audio comes in at ws://HOST:PORT/v1/calls/{id}/audio; the page is at http://HOST:PORT/, the REST interface is
    described at /openapi.json. Calls and recordings are kept in the folder store.directory. Stop it with Ctrl+C: live
    calls can be resumed after the next start.
    """
    with explained():
        import uvicorn  # noqa: PLC0415 - slow; not for --help

        from assist.resources import page_dir  # noqa: PLC0415
        from assist.server import create_app, uvicorn_config  # noqa: PLC0415
        from assist.speech import engine, named  # noqa: PLC0415
        from assist.writer import Store  # noqa: PLC0415
        from extractors.choosing.tagger import ARTEFACT as TAGGER  # noqa: PLC0415
        from extractors.choosing.tagger import load_tagger  # noqa: PLC0415
        from models.call_decoder import ARTEFACT as SCRIBE  # noqa: PLC0415
        from models.call_decoder import installed  # noqa: PLC0415

        settings = configuration(config)
        sys.setswitchinterval(_SWITCH_SECONDS)
        keep_little()
        _log_to_stderr(settings.log.level)
        keep_to_oneself(settings.store.directory)
        # What another program may hold comes before the slow part, so that it is told at once.
        with _listen(settings.server, port) as listener:
            store = Store(settings.store.directory)
            address = f"http://{shown_address(listener)}"
            stderr.print(f"Loading {named(settings.asr)} and the catalogue ...", soft_wrap=True)
            if load_tagger() is None:
                stderr.print(
                    f"{TAGGER} is not here or damaged; rules fill subject, demand, times, sums. "
                    "Run `assist models fetch`.",
                    soft_wrap=True,
                )
            if settings.understanding.scribe and not installed():
                stderr.print(
                    f"{SCRIBE} is not here or damaged; tickets stay as they are when a call ends. "
                    "Run `assist models fetch`, or set understanding.scribe to false.",
                    soft_wrap=True,
                )
            app = create_app(settings, engine(settings.asr), catalogue(settings), page_dir(), store=store)
            give_back()
            server = uvicorn.Server(uvicorn_config(app, settings.server))
            try:
                play = _demo(address, settings) if demo else None
                with asyncio.Runner(loop_factory=_loop_factory()) as runner:
                    runner.run(_run(server, listener, address, app.state.reload, play))
            except KeyboardInterrupt:
                pass
            except SystemExit:  # how uvicorn ends when the application does not start, after it has logged why
                raise ServerError("the server did not start; the lines above say why") from None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes the event loop: uvloop, which takes a fifth less of the processor for so many small messages, but is
    not to be had on Windows.
    """
    try:
        import uvloop  # noqa: PLC0415
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _log_to_stderr(level: str) -> None:
    """Log to stderr, the project's own loggers at ``level``.

    Libraries say no more than warnings: at "debug" those of the sockets would write down every message. Of exceptions
    kind and place are written (`assist.logs`).
    """
    logging.basicConfig()
    for handler in logging.getLogger().handlers:
        handler.setFormatter(Reticent())
    for room in ("assist", "asr", "extractors", "models"):
        logging.getLogger(room).setLevel(level.upper())


async def _run(
    server: uvicorn.Server,
    listener: socket.socket,
    address: str,
    reload: Callable[[], Awaitable[Any]],
    demo: Coroutine[Any, Any, None] | None,
) -> None:
    asyncio.get_running_loop().set_exception_handler(handle_loop_fault)
    serving = asyncio.create_task(server.serve([listener]))
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells by an attribute only
        await asyncio.sleep(0.02)
    if serving.done():
        if demo is not None:
            demo.close()
        return await serving
    _reload_on_hangup(reload)
    stderr.print(f"\n  坐席页面 Agent's page:  [bold]{address}[/bold]\n", soft_wrap=True)
    playing = asyncio.create_task(demo) if demo else None
    try:
        await serving
    finally:
        if playing is not None:
            playing.cancel()


def _reload_on_hangup(reload: Callable[[], Awaitable[Any]]) -> None:
    """Read the catalogue anew on SIGHUP, where there are signals."""
    loop, tasks = asyncio.get_running_loop(), set[asyncio.Task[None]]()

    async def run() -> None:
        try:
            await reload()
            _log.info("the catalogue was read anew")
        except Exception as error:
            _log.error("the catalogue stays as it was: %s", error)

    def hangup() -> None:
        task = loop.create_task(run())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    with suppress(NotImplementedError, AttributeError):
        loop.add_signal_handler(signal.SIGHUP, hangup)


async def _demo(address: str, settings: Config) -> None:
    from assist.demo import play  # noqa: PLC0415 - only for the demonstration
    from assist.feed import FeedError  # noqa: PLC0415
    from assist.resources import samples_dir  # noqa: PLC0415

    def say(line: str) -> None:
        stderr.print(f"demo: {line}", soft_wrap=True)

    recordings = sorted(samples_dir().glob("*.flac"))
    zone = ZoneInfo(settings.server.timezone)
    try:
        await play(recordings, address, lambda: datetime.now(zone), say)
    except FeedError as error:
        say(str(error))


def _listen(server: Server, port: int | None) -> socket.socket:
    """A listening socket."""
    wanted = server.port if port is None else port
    try:
        return listen(server.host, wanted)
    except OSError as error:
        raise ServerError(
            f"cannot listen on {server.host}:{wanted}: {error.strerror}. Choose another with --port or server.port."
        ) from None
