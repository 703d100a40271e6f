"""`assist microphone`: this computer's microphone into a running server, as if it were a telephone line."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from datetime import datetime
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from assist.cli.common import CallerNumber, CallId, speakers
from assist.cli.errors import InputError, ServerError, explained, stderr

if TYPE_CHECKING:
    from assist.microphone.devices import Backend, Device
    from assist.microphone.live import MicrophoneOptions
    from extractors.turn import Speaker


def microphone(
    url: Annotated[str, typer.Option(help="Address of the server.")] = "ws://127.0.0.1:8012",
    list_: Annotated[bool, typer.Option("--list", help="Name the input devices and end.")] = False,
    device: Annotated[
        str | None,
        typer.Option(help="Number of the device, or words of its name; else the default one.", show_default=False),
    ] = None,
    roles: Annotated[
        str,
        typer.Option(
            "--roles", "--role", help="Who speaks: 'citizen' or 'agent'; 'agent,citizen' on the left and right channel."
        ),
    ] = "citizen",
    rate: Annotated[
        int | None,
        typer.Option(help="Sample rate in Hz; 16000, else the device's own.", min=8000, max=48000, show_default=False),
    ] = None,
    call: CallId = None,
    attempts: Annotated[int, typer.Option(help="How often in a row to try to connect again.", min=1)] = 60,
    caller_number: CallerNumber = None,
    agent: Annotated[str | None, typer.Option(help="The agent's extension.", show_default=False)] = None,
) -> None:
    """Speak a call into a running server.

    The agent's page shows it at once. Ctrl+C hangs up; what was said is then delivered and stored. While the server is
    away five minutes are kept. Needs the extra `mic`: `pip install '.[mic]'`.
    """
    with explained():
        from assist.feed import FeedError  # noqa: PLC0415 - slow; not for --help
        from assist.microphone.devices import MicrophoneError, backend, choose  # noqa: PLC0415
        from assist.microphone.live import MicrophoneOptions  # noqa: PLC0415

        speaking = _speaking(roles)
        options = MicrophoneOptions(speaking, rate, caller_number, agent, attempts)
        try:
            microphones = backend()
            devices = microphones.devices()
            if list_:
                _list(devices)
                return
            name = call or f"microphone-{datetime.now():%Y%m%d-%H%M%S}"
            asyncio.run(_run(microphones, choose(devices, device), options, url, name))
        except MicrophoneError as error:
            raise InputError(str(error)) from None
        except FeedError as error:
            raise ServerError(str(error)) from None
        stderr.print(f"{name} is stored")


def _speaking(roles: str) -> tuple[Speaker, ...]:
    speaking = speakers(roles, 0)
    if len(set(speaking)) < len(speaking):
        raise typer.BadParameter("each speaker has one channel", param_hint="--roles")
    return speaking


def _list(devices: Sequence[Device]) -> None:
    for device in devices:
        default = "  (default)" if device.default else ""
        typer.echo(f"{device.number:3}  {device.name}  {device.channels} channels, {device.sample_rate} Hz{default}")
    if not devices:
        stderr.print("no input device is found")


async def _run(microphones: Backend, device: Device, options: MicrophoneOptions, url: str, name: str) -> None:
    from assist.feed import FeedError  # noqa: PLC0415
    from assist.microphone.live import MicrophoneCall  # noqa: PLC0415

    with _Levels(options.roles) as display:
        call = MicrophoneCall(microphones, device, options, display)
        display.tell(f"{name}: {device.name}, {call.audio.sample_rate} Hz, into {url}; Ctrl+C hangs up")
        running = asyncio.ensure_future(call.run(url, name))
        loop = asyncio.get_running_loop()
        signals = 0

        def on_signal(number: int, frame: FrameType | None) -> None:
            nonlocal signals
            signals += 1
            loop.call_soon_threadsafe(call.hang_up if signals == 1 else running.cancel)
            loop.call_soon_threadsafe(display.tell, "hung up; storing (Ctrl+C again gives up)")

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, on_signal)
        try:
            await running
        except asyncio.CancelledError:
            raise FeedError(f"given up: {call.waiting:.1f} s of {name} may not be stored") from None
        except FeedError as error:
            raise FeedError(f"{error}; {call.waiting:.1f} s of {name} may not be stored") from None


class _Levels:
    """The level of each channel as a bar on stderr, messages above."""

    def __init__(self, roles: Sequence[Speaker]) -> None:
        from assist.microphone.meter import FLOOR  # noqa: PLC0415

        self._floor = FLOOR
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[level]:4.0f} dB"),
            TimeElapsedColumn(),
            console=stderr,
            transient=True,
        )
        self._tasks = [self._bars.add_task(role, total=-FLOOR, level=FLOOR) for role in roles]

    def __enter__(self) -> _Levels:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def levels(self, levels: Sequence[float]) -> None:
        for task, level in zip(self._tasks, levels, strict=True):
            self._bars.update(task, completed=min(level - self._floor, -self._floor - 0.1), level=level)

    def tell(self, message: str) -> None:
        self._bars.console.print(message, markup=False, soft_wrap=True)
