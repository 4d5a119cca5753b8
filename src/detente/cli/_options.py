"""The program, and the options that its commands share."""

import enum
from pathlib import Path
from typing import Annotated, Any

import typer

from .. import __version__
from .._core import OutcomeError
from .._ratios import Range
from ._streams import say


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


class Horizon(enum.StrEnum):
    """How long the economy has to adjust."""

    long = "long"
    short = "short"


class Aim(enum.StrEnum):
    """What countries that set tariffs are after."""

    alone = "alone"
    war = "war"
    together = "together"


class Rates(enum.StrEnum):
    """How many rates a country that sets tariffs has."""

    one = "one"
    partner = "partner"
    sector = "sector"
    partner_sector = "partner-sector"


Reference = Annotated[str, typer.Argument(metavar="SCENARIO", help="A name or a TOML file.")]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Change one value, such as services.stri_cut=0.3."
    ),
]
BaselineName = Annotated[str | None, typer.Option("--baseline", help="A world: a name or a file.")]
OutputFormat = Annotated[Format, typer.Option("--format", help="table for people, json for pipes.")]
Directory = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="A new run directory.")
]


def _csv(path: Path | None) -> Path | None:
    """Rows are written as CSV, which no other suffix may promise."""
    if path is not None and path.suffix.lower() not in ("", ".csv", ".txt"):
        raise OutcomeError(f"a table is written as CSV; give {path} a name that ends in '.csv'.")
    return path


Table = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="A new CSV file.", callback=_csv)
]
Draws = Annotated[int | None, typer.Option(min=0, help="Draws for intervals; 0 is none.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Same seed, same draws.")]


def ratio(name: str, bounds: Range, help: str) -> Any:
    """An option that is a ratio: a number such as 0.2, or "20%"."""
    return typer.Option(name, parser=bounds.option(name), metavar="FLOAT", help=help)


def with_draws(overrides: list[str] | None, draws: int | None, seed: int | None) -> list[str]:
    """The overrides, with those of the draws that were asked for."""
    named = {"uncertainty.draws": draws, "uncertainty.seed": seed}
    asked = [f"{key}={value}" for key, value in named.items() if value is not None]
    return [*(overrides or ()), *asked]


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        say(f"detente {__version__}")
        raise typer.Exit
