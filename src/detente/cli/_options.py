"""The program, and the options that its commands share."""

import enum
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from .. import __version__
from ..commands.asks import flag as flag
from ..names import choice
from ._streams import say
from .completion import completing


app = typer.Typer(
    name="detente",
    help="What a thaw or a freeze between two economies does: to whom, how much, how sure.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data = typer.Typer(help="The worlds that scenarios are played on.", no_args_is_help=True)
app.add_typer(data, name="data")


class Format(enum.StrEnum):
    """How an answer is printed."""

    table = "table"
    json = "json"


class Face(enum.StrEnum):
    """How an answer to a question is printed."""

    table = "table"
    json = "json"
    markdown = "markdown"


def chosen(valid: Sequence[str]) -> dict[str, Any]:
    """How an option reads a choice: in any case, with "run" after a horizon."""

    def read(written: str) -> str:
        meant = choice(written, valid)
        if meant is None:
            listed = ", ".join(map(repr, valid))
            raise typer.BadParameter(f"{written!r} is not one of {listed}.")
        return meant

    return {"parser": read, "metavar": f"[{'|'.join(valid)}]"}


def horizon_read() -> dict[str, Any]:
    """How an option reads a horizon: long, short, or a number of years."""

    def read(written: str) -> str:
        years = written.strip()
        meant = years if years.isascii() and years.isdigit() else choice(written, ("long", "short"))
        if meant is None:
            raise typer.BadParameter(
                f"{written!r} is neither 'long' nor 'short' nor a number of years."
            )
        return meant

    return {"parser": read, "metavar": "[long|short|YEARS]"}


Reference = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A name or a TOML file.", **completing("scenario"))
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Change one value, such as services.stri_cut=0.3."
    ),
]
BaselineName = Annotated[
    str | None, typer.Option("--baseline", help="A world: a name or a file.", **completing("world"))
]
OutputFormat = Annotated[
    Format,
    typer.Option("--format", case_sensitive=False, help="table for people, json for pipes."),
]
OutputFace = Annotated[
    Face,
    typer.Option(
        "--format",
        case_sensitive=False,
        help="table for people, json for pipes, markdown for documents.",
    ),
]
Directory = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="A new run directory.")
]


FORMS = ".csv, .zip, .xlsx, .docx, .pptx, .md, .html, .json, .png, .svg or .pdf"
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help=f"A new file of the answer: {FORMS}."),
]


def in_words_of_options(sentence: str, named: Mapping[str, str]) -> str:
    """A sentence about fields, which stand in backticks, as one about options; others stay.

    >>> in_words_of_options("leave `of_scenario` and `x` out", {"of_scenario": "--of-scenario"})
    'leave --of-scenario and `x` out'
    """
    return re.sub(r"`(\w+)`", lambda field: named.get(field[1], field[0]), sentence)


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[
        bool, typer.Option("--version", "-V", help="Print the version and stop.")
    ] = False,
) -> None:
    if version:
        say(f"detente {__version__}")
        raise typer.Exit
