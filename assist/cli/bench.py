"""`assist bench`: measurements an operator can repeat on the hotline's own machine and calls."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, help="Measure recognition and understanding on this machine.")
