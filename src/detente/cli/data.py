"""The worlds that scenarios are played on, and the store of public sources."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ._console import print_table, waiting
from ._options import data, Format, OutputFormat
from ._streams import say, say_json


StoredSource = Annotated[str, typer.Argument(metavar="SOURCE", help="The source, as in data list.")]
StoredEdition = Annotated[str | None, typer.Argument(metavar="EDITION", help="Its edition.")]
StoredPart = Annotated[str | None, typer.Argument(metavar="PART", help="Its part, such as a year.")]


@data.command("list")
def data_list(output: OutputFormat = Format.table) -> None:
    """List the worlds, which of them are here, and what is in the store."""
    from .. import commands

    rows, stored = commands.list_baselines(), commands.list_stored()
    if output is Format.json:
        say_json(json.dumps(rows, default=str, indent=2))
        return
    here = "ready", "to build"
    shown = [(row["name"], row["title"], here[row["path"] is None]) for row in rows]
    print_table(("name", "what it is", "state"), shown)
    say("What is to build: detente data build NAME")
    say("NAME-travel is any of these worlds with visitors' spending laid over it.\n")
    if stored:
        lines = [(row["summary"], row["licence"]) for row in stored]
        print_table(("in the store", "licence"), lines)


@data.command("sources")
def data_sources(output: OutputFormat = Format.table) -> None:
    """List the public sources that can be added, their files and terms, and what is stored."""
    from .. import commands

    known, stored = commands.list_sources(), commands.list_stored()
    if output is Format.json:
        document = {"sources": known, "stored": stored}
        say_json(json.dumps(document, indent=2, ensure_ascii=False))
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

    with waiting(f"adding {source}") as progress:
        added = commands.add_source(source, files, progress=progress)
    if output is Format.json:
        keys = [one.key for one in added.entries]
        rows = [row for row in commands.list_stored()
                if (row["source"], row["edition"], row["part"]) in keys]  # fmt: skip
        shown = {"added": rows, "builds": added.builds, "replaced": added.replaced}
        say_json(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    for row in commands.describe_entries(added.entries):
        say(f"added {row}")
    for row in added.replaced:
        say(f"replaced {row}")
    for step in added.builds:
        say(f"can be built now: {step}")


@data.command("show")
def data_show(
    source: StoredSource,
    edition: StoredEdition = None,
    part: StoredPart = None,
    output: OutputFormat = Format.table,
) -> None:
    """Show what was added: when, from which files, how it was read, and its first rows."""
    from .. import commands

    entries = commands.show_source(source, edition, part)
    if output is Format.json:
        say_json(json.dumps({"stored": entries}, indent=2, ensure_ascii=False))
        return
    for number, one in enumerate(entries):
        if number:
            say("")
        _show(one)


def _show(one: dict[str, Any]) -> None:
    """One addition: a heading, facts, and a table of first rows for each table."""
    say(one["summary"])
    lines = [("added", one["added"])]
    lines += [("file", f"{name} (SHA-256 {digest})") for name, digest in one["files"].items()]
    lines += [("licence", one["licence"]), ("attribution", one["attribution"])]
    lines += [(name.replace("_", " "), str(value)) for name, value in one["about"].items()]
    lines += [
        ("replaced", f"{rows} of {one['tables'][table]} rows of {table} no longer count")
        for table, rows in one["replaced"].items()
    ]
    lines += [("replaced by", name) for name in one["replaced_by"]]
    for name, value in lines:
        say(f"  {name}: {value}")
    for table, rows in one["first_rows"].items():
        say(f"  first rows of {table}:")
        headings = [name for name in rows[0] if any(row[name] is not None for row in rows)]
        # Not in a table, which would cut the figures to the width of the terminal.
        for cells in (headings, *([_cell(row[name]) for name in headings] for row in rows)):
            say(f"    {' | '.join(cells)}")


def _cell(value: object) -> str:
    """A value of a stored table in short: a date without its hour, a gap as nothing."""
    return "" if value is None else str(value).removesuffix("T00:00:00.000")


@data.command("remove")
def data_remove(
    source: StoredSource,
    edition: StoredEdition = None,
    part: StoredPart = None,
    several: Annotated[
        bool, typer.Option("--all", help="All that match, where that is more than one addition.")
    ] = False,
    output: OutputFormat = Format.table,
) -> None:
    """Take what was added out of the store; the files it was read from stay where they are."""
    from .. import commands

    gone = commands.remove_source(source, edition, part, several=several)
    if output is Format.json:
        rows = [{"source": one.source, "edition": one.edition, "part": one.part} for one in gone]
        say_json(json.dumps({"removed": rows}, indent=2, ensure_ascii=False))
        return
    for row in commands.describe_entries(gone):
        say(f"removed {row}")


@data.command("build")
def data_build(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The world to build.")],
    sources: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the raw sources are.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="A new file to write.")] = None,
) -> None:
    """Build a world from its raw sources, or icio-YEAR, wiod-YEAR, adb-mrio-YEAR from the store."""
    from .. import commands

    with waiting(f"building {name}") as progress:
        path = commands.build_baseline(name, sources=sources, out=out, progress=progress)
    say(f"{name} is in {path}")
