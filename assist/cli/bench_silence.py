"""`assist bench silence`: text out of sounds in which nobody speaks."""

from __future__ import annotations

from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.common import ConfigPath, JsonFile, bar, catalogue, configuration, write_json
from assist.cli.errors import explained


def silence(
    audio: Annotated[
        list[Path] | None,
        typer.Argument(help="Recordings in which nobody speaks, heard after the sounds made for this."),
    ] = None,
    minutes: Annotated[float, typer.Option(help="How much sound to make, all kinds together.", min=0)] = 30,
    json_file: JsonFile = None,
    config: ConfigPath = None,
) -> None:
    """Measure text out of nothing: silence, noise, tones, keys, fax, hold music, office and street sounds.

    Prints characters of finals and of interim texts, utterances begun and processor time for each kind. Every character
    is one too many. The sounds are the same in every run.
    """
    with explained():
        from asr.audio import load  # noqa: PLC0415 - slow; not for --help
        from assist.bench.machine import machine  # noqa: PLC0415
        from assist.bench.silence import listen  # noqa: PLC0415
        from assist.bench.sounds import SOUNDS, recording  # noqa: PLC0415
        from assist.knowledge import recognition  # noqa: PLC0415
        from assist.speech import engine  # noqa: PLC0415

        settings = configuration(config)
        here, model = machine(), engine(settings.asr)
        kinds = list(SOUNDS) if minutes else []
        files = audio or []
        each = minutes * 60 / max(1, len(kinds))
        sounds = ((kind, recording(kind, each)) for kind in kinds)
        recordings = ((path.name, load(path)) for path in files)
        with bar("Listening", len(kinds) + len(files)) as step:
            heard = listen(chain(sounds, recordings), model, recognition(settings.asr, catalogue(settings)), step)
        total = {
            "audio_s": round(sum(one.seconds for one in heard), 1),
            "utterances": sum(one.utterances for one in heard),
            "characters": sum(one.characters for one in heard),
            "interim_characters": sum(one.interim for one in heard),
            "cpu_s": round(sum(one.cpu_seconds for one in heard), 2),
        }
    figures = {"model": model.name, "machine": str(here), **total}
    write_json(json_file, {**figures, "kinds": [asdict(one) for one in heard]})
    table = Table("sound", "s", "utterances", "characters", "interim", "CPU s", "text", title=f"{model.name} — {here}")
    for one in heard:
        numbers = (f"{one.seconds:.0f}", str(one.utterances), str(one.characters), str(one.interim))
        table.add_row(one.kind, *numbers, f"{one.cpu_seconds:.2f}", " / ".join(one.texts)[:40])
    sums = (str(total[name]) for name in ("audio_s", "utterances", "characters", "interim_characters", "cpu_s"))
    table.add_row("all", *sums, "")
    Console(highlight=False).print(table)
