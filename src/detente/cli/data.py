"""The worlds that scenarios are played on."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ._console import print_table, waiting
from ._options import data, Format, OutputFormat


@data.command("list")
def data_list(output: OutputFormat = Format.table) -> None:
    """List the worlds, which of them are here, and what is in the store."""
    from .. import commands

    rows, stored = commands.list_baselines(), commands.list_stored()
    if output is Format.json:
        typer.echo(json.dumps(rows, default=str, indent=2))
        return
    here = "ready", "to build"
    shown = [(row["name"], row["title"], here[row["path"] is None]) for row in rows]
    print_table(("name", "what it is", "state"), shown)
    typer.echo("What is to build: detente data build NAME")
    typer.echo("NAME-travel is any of these worlds with visitors' spending laid over it.\n")
    if stored:
        lines = [(row["summary"], row["licence"]) for row in stored]
        print_table(("in the store", "licence"), lines)


@data.command("sources")
def data_sources(output: OutputFormat = Format.table) -> None:
    """List the public sources that can be added, their files and terms, and what is stored."""
    from .. import commands

    known, stored = commands.list_sources(), commands.list_stored()
    if output is Format.json:
        found = {"sources": known, "stored": stored}
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    rows = [(name, one["title"], one["files"]) for name, one in known.items()]
    print_table(("name", "what it is", "files"), rows)


@data.command("add")
def data_add(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="The source, such as icio.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Its files.")],
    output: OutputFormat = Format.table,
) -> None:
    """Check files of a public source and keep them in the store."""
    from .. import commands

    with waiting(f"adding {source}") as say:
        entries, next_steps = commands.add_source(source, files, progress=say)
    if output is Format.json:
        added = [(one.source, one.edition, one.part) for one in entries]
        rows = [row for row in commands.list_stored()
                if (row["source"], row["edition"], row["part"]) in added]  # fmt: skip
        typer.echo(json.dumps({"added": rows, "builds": next_steps}, indent=2, ensure_ascii=False))
        return
    for row in commands.describe_entries(entries):
        typer.echo(f"added {row}")
    for step in next_steps:
        typer.echo(f"can be built now: {step}")


@data.command("build")
def data_build(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The world to build.")],
    sources: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the raw sources are.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="A new file to write.")] = None,
) -> None:
    """Build a world from its raw sources, or icio-YEAR from the store."""
    from .. import commands

    with waiting(f"building {name}") as say:
        path = commands.build_baseline(name, sources=sources, out=out, progress=say)
    typer.echo(f"{name} is in {path}")
