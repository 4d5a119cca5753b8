"""What the library and this installation hold: shown, copied, opened, and looked over."""

import json
import sys
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from ._console import console
from ._options import app, Format, OutputFormat
from ._streams import say, say_json
from .completion import scenarios, worlds


def _names(incomplete: str) -> list[tuple[str, str]]:
    return [*scenarios(incomplete), *worlds(incomplete)]


@app.command()
def show(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A scenario, a world or a source.", autocompletion=_names
        ),
    ],
    output: OutputFormat = Format.table,
) -> None:
    """Show a scenario with its assumptions and its file, the names of a world, or a source."""
    from .. import commands, report

    if output is Format.json:
        say_json(json.dumps(commands.as_document(name), indent=2, ensure_ascii=False))
        return
    console().print(report.terminal(commands.show(name)))


@app.command()
def new(
    path: Annotated[Path, typer.Argument(metavar="NAME.toml", help="The new file.")],
    like: Annotated[
        str | None,
        typer.Option(
            metavar="SCENARIO",
            help="A scenario to start from; else a template with comments.",
            autocompletion=scenarios,
        ),
    ] = None,
) -> None:
    """Write a scenario to start from, which runs as it is."""
    from .. import commands

    written = commands.new_scenario(path, like)
    say(f"{written} is written; play it with: detente run {written}")


@app.command("open")
def open_(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A run directory.")],
) -> None:
    """Open the brief of a run in a browser; print where it is in any case."""
    from .. import commands

    page = commands.brief_of(directory).resolve()
    say(str(page))
    sys.stdout.flush()
    webbrowser.open(page.as_uri())


@app.command()
def doctor(output: OutputFormat = Format.table) -> None:
    """Say what this installation is and has: versions, places, worlds, sources, devices."""
    from .. import commands, report

    facts = commands.doctor()
    if output is Format.json:
        say_json(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    console().print(report.terminal(commands.report_of(facts)))


@app.command("help")
def help_(
    command: Annotated[list[str] | None, typer.Argument(metavar="COMMAND", help="Of what.")] = None,
) -> None:
    """Show the help of the program, or of a command."""
    app([*(command or []), "--help"], standalone_mode=False)
