"""`assist bench`: measurements an operator can repeat on the hotline's own machine and calls."""

from __future__ import annotations

import typer

from assist.cli import (
    bench_asr,
    bench_catalogue,
    bench_domains,
    bench_entities,
    bench_readers,
    bench_silence,
    bench_sweep,
    bench_understanding,
    bench_wording,
)

app = typer.Typer(no_args_is_help=True, help="Measure recognition and understanding on this machine.")

app.command("asr")(bench_asr.asr)
app.command("silence")(bench_silence.silence)
app.command("catalogue")(bench_catalogue.catalogue_bench)
app.command("domains")(bench_domains.domains)
app.command("entities")(bench_entities.entities)
app.command("readers")(bench_readers.readers)
app.command("sweep")(bench_sweep.sweep)
app.command("understanding")(bench_understanding.understanding)
app.command("wording")(bench_wording.wording)
