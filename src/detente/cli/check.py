"""Claims against stored data: the ledger, and quantities read from a document."""

from pathlib import Path
from typing import Annotated

import typer

from ._console import show, waiting
from ._options import app, Format, OutputFormat, Table


@app.command()
def check(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="A text to read (- for standard input), or a ledger in TOML."
        ),
    ] = None,
    ledger: Annotated[bool, typer.Option("--ledger", help="The ledger that ships.")] = False,
    claim: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="Only this claim of the ledger.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Solve again what the model computed for the ledger.")
    ] = False,
    year: Annotated[
        int | None,
        typer.Option(min=1900, max=2200, help="The year in which the text was written."),
    ] = None,
    output: OutputFormat = Format.table,
    out: Table = None,
) -> None:
    """Hold claims, or the quantities of a text, against stored data, each with a verdict."""
    if (file is None) == (not ledger):
        raise typer.BadParameter("name a FILE, or say --ledger for the ledger that ships.")
    if file is None or file.suffix == ".toml":
        _ledger(file, claim or [], again, output, out)
    elif claim:
        raise typer.BadParameter("--claim chooses from a ledger, and FILE is a text.")
    else:
        _text(file, year, output, out)


def _ledger(
    file: Path | None, only: list[str], again: bool, output: Format, out: Path | None
) -> None:
    from .. import commands
    from ..claims import ledger_frame
    from ..report import ledger_document, ledger_table

    with waiting("holding every claim against the record and the model") as say:
        found = commands.check_ledger(file, only, again=again, progress=say)
    shown = ledger_document(*found)
    show(output, ledger_table(*found), shown, ledger_frame(found.judged), out)


def _text(file: Path, year: int | None, output: Format, out: Path | None) -> None:
    from .. import commands
    from ..report import document, reading_frame, reading_table

    with waiting(f"reading {file}"):
        readings = commands.check_document(file, year)
    rows = reading_frame(readings)
    shown = document({"document": str(file), "year": year}, rows=rows)
    show(output, reading_table(readings), shown, rows, out)
