"""`assist replay`: a recording through the same engine as a live call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from assist.cli.common import (
    CallerNumber,
    ConfigPath,
    Roles,
    StartedAt,
    call_start,
    catalogue,
    configuration,
    keep_to_oneself,
    output_file,
    save,
    speakers,
)
from assist.cli.errors import explained, stderr
from assist.messages.events import TranscriptFinal
from extractors.writing.record import text_of

if TYPE_CHECKING:
    from assist.log import Record
    from assist.ticket_view import TicketView
    from extractors.ticket import Dispatch, Question

_SPEAKERS = {"agent": "坐席", "citizen": "市民"}


def replay(
    file: Annotated[Path, typer.Argument(help="Recording: wav, flac, mp3, or raw G.711 (.al, .ul); 8 to 48 kHz.")],
    speed: Annotated[str, typer.Option(help="'max', or seconds of audio a second (1 is real time).")] = "max",
    as_json: Annotated[bool, typer.Option("--json", help="Print the final ticket as one JSON object.")] = False,
    events: Annotated[
        Path | None,
        typer.Option(
            help="Also write every event of the call to this file, one JSON object a line.",
            dir_okay=False,
            callback=output_file,
        ),
    ] = None,
    mask: Annotated[
        bool, typer.Option("--mask", help="Mask names, numbers and addresses in what is printed and written.")
    ] = False,
    roles: Roles = None,
    started_at: StartedAt = None,
    caller_number: CallerNumber = None,
    config: ConfigPath = None,
) -> None:
    """Play a recorded call through recognition and understanding and show the ticket.

    The same recording always gives the same events and the same ticket. Without --json the conversation is shown as it
    is understood, then the ticket. Times such as 昨晚 are resolved against --started-at, by default the time at which
    the file was last written.
    """
    pace = None if speed == "max" else _pace(speed)
    with explained():
        # Imported here: the recogniser takes a second to load, which --help does without.
        from asr.audio import load as load_audio  # noqa: PLC0415
        from assist.knowledge import recognition  # noqa: PLC0415
        from assist.masking import masking  # noqa: PLC0415
        from assist.masking_log import masked_log  # noqa: PLC0415
        from assist.replay import ReplayOptions  # noqa: PLC0415
        from assist.replay import replay as run  # noqa: PLC0415
        from assist.speech import engine  # noqa: PLC0415

        settings = configuration(config)
        keep_to_oneself()
        recording = load_audio(file)
        options = ReplayOptions(
            started_at=call_start(started_at, file, ZoneInfo(settings.server.timezone)),
            roles=speakers(roles, recording.channels),
            caller_number=caller_number,
            speed=pace,
            call=file.stem,
            scribe=settings.understanding.scribe,
        )
        knowledge = catalogue(settings)
        records: list[Record] = []
        with _progress(recording.seconds, shown=as_json or mask) as tell:

            def on_event(record: Record) -> None:
                records.append(record)
                tell(record)

            ticket = asyncio.run(
                run(
                    file,
                    engine(settings.asr),
                    knowledge,
                    options,
                    settings=recognition(settings.asr, knowledge),
                    on_event=on_event,
                )
            )
        if mask:
            ticket = masking(knowledge).masked(ticket)
            records = masked_log(masking(knowledge), records)
        if events is not None:
            save(events, "".join(f"{record.logged_json}\n" for record in records))
    if as_json:
        typer.echo(json.dumps(ticket.model_dump(mode="json"), ensure_ascii=False, indent=2))
    else:
        if mask:
            for turn in ticket.transcript:
                _say(turn.start, turn.speaker, turn.text)
        _show(ticket)


class _progress:  # noqa: N801 - a context manager used like a function
    """What is seen while the call plays: a bar on stderr, or the conversation line by line."""

    def __init__(self, seconds: float, *, shown: bool) -> None:
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=stderr, transient=True
        )
        self._task = self._bar.add_task("Listening", total=seconds)
        self._shown = shown

    def __enter__(self) -> Callable[[Record], None]:
        if self._shown:
            self._bar.start()
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def _tell(self, record: Record) -> None:
        self._bar.update(self._task, completed=record.at)
        event = record.event
        if not self._shown and isinstance(event, TranscriptFinal):
            _say(event.start, event.speaker, event.text)


def _say(start: float, speaker: str, text: str) -> None:
    line = f"{start:6.1f}  {_SPEAKERS[speaker]}  {text}"
    Console(highlight=False).print(line, markup=False, soft_wrap=True)


def _pace(speed: str) -> float:
    try:
        pace = float(speed)
    except ValueError:
        pace = 0.0
    if not 0 < pace <= 100:
        raise typer.BadParameter("use 'max' or a number over 0, such as 1", param_hint="--speed")
    return pace


def _show(ticket: TicketView) -> None:
    console = Console(highlight=False)
    table = Table("", "value", "sure", "words", title="Ticket", title_justify="left")
    for name in ("request_type", "domain", "department"):
        sure = ticket.confidence.get(name)
        table.add_row(name, getattr(ticket, name) or "–", f"{sure:.0%}" if sure is not None else "", "")
    for name, slot in ticket.slots.items():
        words = " … ".join(f"{proof.text} ({proof.from_s:.1f} s)" for proof in slot.evidence)
        table.add_row(name, str(slot.value), f"{slot.confidence:.0%}" if slot.confidence is not None else "", words)
    for found in ticket.templates[:3]:
        table.add_row("template", f"{found.code} {found.title}", f"{found.probability:.0%}", " ".join(found.matched))
    for name, written in (("record", ticket.record), ("summary", ticket.summary)):
        if written.text:
            table.add_row(name, written.text, "", "")
    if ticket.dispatch is not None:
        table.add_row("dispatch", *_dispatch(ticket.dispatch))
    for question in ticket.questions[:3]:
        table.add_row("ask", question.text, "", _why(question))
    for guide in ticket.guides:
        table.add_row("guide", f"{guide.question} {guide.answer}", "", f"{guide.source} · {guide.owner}")
    for other in ticket.others:
        best = other.templates[0].title if other.templates else ""
        table.add_row("another matter", best, "", f"{other.announced.text} ({other.announced.from_s:.1f} s)")
        table.add_row("", text_of(other.draft.record), "", "")
    for alert in ticket.alerts:
        table.add_row("alert", f"{alert.kind} {alert.text}", "", " … ".join(proof.text for proof in alert.evidence))
    console.print(table)


def _dispatch(dispatch: Dispatch) -> tuple[str, str, str]:
    """How far the unit can be relied on, in the words of the agent's page, how sure it is, and what would decide."""
    if dispatch.decision == "suggest":
        word = "suggested, not certified" if dispatch.certified is None else "certified"
    else:
        word = "ask first" if dispatch.decision == "ask" else "not by machine"
    proof = "" if dispatch.certified is None else f"at most {dispatch.certified:.1%} of such are wrong"
    return word, f"{dispatch.confidence:.0%}", dispatch.question or proof


def _why(question: Question) -> str:
    """Why a question is asked: what it would decide, or which required slot is empty."""
    between = " / ".join(option.label for option in question.options)
    return f"to tell apart {between}" if between else f"{question.slot} is still empty"
