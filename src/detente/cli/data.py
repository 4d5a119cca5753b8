"""The worlds that scenarios are played on."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ._console import print_table, waiting
from ._options import data, Format, OutputFormat


@data.command("list")
def data_list(output: OutputFormat = Format.table) -> None:
    """List the worlds, and which of them are here."""
    from .. import commands

    rows = commands.list_baselines()
    if output is Format.json:
        typer.echo(json.dumps(rows, default=str, indent=2))
        return
    here = "ready", "to build: detente data build {}"
    shown = [
        (row["name"], row["title"], here[row["path"] is None].format(row["name"])) for row in rows
    ]
    print_table(("name", "what it is", "state"), shown)


@data.command("build")
def data_build(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The world to build.")],
    sources: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the raw sources are.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="A new file to write.")] = None,
) -> None:
    """Build a world from its raw sources."""
    from .. import commands

    with waiting(f"building {name}") as say:
        path = commands.build_baseline(name, sources=sources, out=out, progress=say)
    typer.echo(f"{name} is in {path}")
