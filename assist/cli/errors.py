"""What goes wrong on the command line: one message, one documented exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

# Exit codes; 0 is success, 1 a check that found problems, 2 a wrong option or argument (the parser's own).
INPUT = 3  # the audio, microphone, call, manifest or tickets given cannot be used
MODEL = 4  # a model is missing, damaged or unknown
CONFIG = 5  # the configuration, the catalogue or the folder of calls cannot be used
SERVER = 6  # the server cannot be reached, refused, or its address is taken

stderr = Console(stderr=True, highlight=False)


class InputError(Exception):
    """Something the user named cannot be used."""


class ServerError(Exception):
    """The server cannot be reached or refused the call."""


@contextmanager
def explained() -> Iterator[None]:
    """Turn an expected error into its message on stderr and its exit code. Anything else is told as what is wrong with
    the files that ship, where something is, or is a fault and shows whole.
    """
    # Imported here: these pull in the recogniser, which `assist --help` does without.
    from asr.errors import AudioError  # noqa: PLC0415
    from asr.errors import ModelError as EngineError  # noqa: PLC0415
    from assist.config import ConfigError  # noqa: PLC0415
    from assist.store import StoreError  # noqa: PLC0415
    from extractors.catalogue.yaml_files import CatalogueError  # noqa: PLC0415
    from models import ModelError  # noqa: PLC0415
    from models import explained as by_models  # noqa: PLC0415

    codes: dict[type[Exception], int] = {
        AudioError: INPUT,
        InputError: INPUT,
        ModelError: MODEL,
        EngineError: MODEL,
        ConfigError: CONFIG,
        CatalogueError: CONFIG,
        StoreError: CONFIG,
        ServerError: SERVER,
    }
    try:
        with by_models(*codes, typer.BadParameter, typer.Exit, typer.Abort):
            yield
    except tuple(codes) as error:
        stderr.print(f"assist: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(next(code for kind, code in codes.items() if isinstance(error, kind))) from None
