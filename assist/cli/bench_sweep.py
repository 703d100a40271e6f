"""`assist bench sweep`: which settings of recognition are best on these recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from assist.cli.bench_asr import Manifests, Telephone
from assist.cli.common import ConfigPath, JsonFile, bar, catalogue, configuration, write_json
from assist.cli.errors import InputError, explained


def sweep(
    manifests: Manifests,
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="NAME=VALUE,VALUE…",
            help="A setting and its values; several are crossed. A ladder is written 3.84/10.24/30.",
        ),
    ],
    telephone: Annotated[
        Telephone, typer.Option(help="Bring the recordings to 8 kHz and through G.711 first.")
    ] = Telephone.NONE,
    every: Annotated[int, typer.Option(help="Take every n-th recording only.", min=1)] = 1,
    interims: Annotated[bool, typer.Option("--interims", help="Also judge interim text (takes long).")] = False,
    against: Annotated[
        Path | None,
        typer.Option(
            help="Compare with a sweep that wrote its --json here, of one combination on the same recordings, by "
            "another model or version: the share of its errors that is left.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    json_file: JsonFile = None,
    config: ConfigPath = None,
) -> None:
    """Compare settings: character error rate, retries and processor time of finals; delay and truth of interim text.

    Settings are those of decoding (paddings, grid, beam_size, interim_padding, min_log_probability …), of utterances
    (start_threshold, end_threshold, end_silence, pause …) and of interim text (hold_back, interim_window).
    """
    with explained():
        from assist.bench.machine import machine  # noqa: PLC0415 - slow; not for --help
        from assist.bench.manifest import ManifestError, read  # noqa: PLC0415
        from assist.bench.sound import sound  # noqa: PLC0415
        from assist.bench.sweep import Outcome, SweepError, axis, earlier, sweep  # noqa: PLC0415
        from assist.knowledge import recognition  # noqa: PLC0415
        from assist.speech import whisper  # noqa: PLC0415

        configured = configuration(config)
        here = machine()
        try:
            axes = [axis(one) for one in settings]
        except SweepError as error:
            raise typer.BadParameter(str(error), param_hint="--set") from None
        try:
            items = [item for manifest in manifests for item in read(manifest)][::every]
        except ManifestError as error:
            raise InputError(str(error)) from None
        try:
            before = earlier(against, items) if against is not None else None
        except SweepError as error:
            raise typer.BadParameter(str(error), param_hint="--against") from None
        recordings = [(item, sound(item, telephone.value)) for item in items]
        model = whisper(configured.asr)
        combinations = 1
        for one in axes:
            combinations *= len(one.values)
        outcomes: list[Outcome] = []
        with bar("Recognising", combinations * len(items)) as step:
            try:
                for outcome in sweep(
                    recordings,
                    axes,
                    model.settings,
                    recognition(configured.asr, catalogue(configured)),
                    model.with_settings,
                    interims=interims,
                    done=step,
                ):
                    outcomes.append(outcome)
            except SweepError as error:
                raise typer.BadParameter(str(error), param_hint="--set") from None
    figures = [outcome.figures(before) for outcome in outcomes]
    shown = [outcome.to_json(before) for outcome in outcomes]
    write_json(json_file, {"model": model.name, "machine": str(here), "outcomes": shown})
    table = Table(*figures[0], title=f"{model.name} — {here}; {len(items)} recordings", title_justify="left")
    for row in figures:
        table.add_row(*map(_written, row.values()))
    Console(highlight=False).print(table)


def _written(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, tuple) else str(value)
