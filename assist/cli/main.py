"""The `assist` command."""

from __future__ import annotations

from typing import Annotated

import typer

from assist.cli import bench, calls, catalog, dispatch, feed, microphone, models, replay, serve
from assist.resources import default_config, installed_version

app = typer.Typer(
    name="assist",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    help="""Real-time speech agent assist for the 12345 hotline.

    Start with `assist serve --demo`: it plays sample calls and prints the address of the agent's page.

    Exit codes: 0 success, 1 a check found problems, 2 wrong option, 3 unusable input or microphone, 4 model missing or
    damaged, 5 unusable configuration, catalogue or store, 6 server unreachable or refusing.
    """,
)
app.command("serve")(serve.serve)
app.command("replay")(replay.replay)
app.command("feed")(feed.feed)
app.command("microphone")(microphone.microphone)
app.add_typer(bench.app, name="bench")
app.add_typer(calls.app, name="calls")
app.add_typer(catalog.app, name="catalog")
app.add_typer(dispatch.app, name="dispatch")
app.add_typer(models.app, name="models")


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"assist {installed_version()}")
        raise typer.Exit


@app.callback()
def root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options of the command itself."""


@app.command()
def config() -> None:
    """Print the configuration file with every key, its meaning and its default: `assist config > config.yaml`."""
    typer.echo(default_config().read_text(encoding="utf-8"), nl=False)


def main() -> None:
    """Entry point of the `assist` command."""
    app()
