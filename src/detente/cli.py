"""The command line: read arguments, call one command, print. Heavy modules load inside commands."""

import enum
import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from . import __version__
from ._core import DetenteError


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


Table = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="A new CSV file.")]


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        typer.echo(f"detente {__version__}")
        raise typer.Exit


@app.command()
def run(
    scenario: Reference,
    overrides: Overrides = None,
    baseline: BaselineName = None,
    horizon: Annotated[Horizon | None, typer.Option(help="How long the economy has.")] = None,
    output: OutputFormat = Format.table,
    out: Directory = None,
) -> None:
    """Play a scenario and say who gains, how much, and what moves.

    A table is accompanied by a run directory with the scenario, the outcome, a record and a brief;
    json is written to the terminal alone unless --out names a directory.
    """
    from . import commands

    changes = [*(overrides or []), *([f"horizon={horizon.value}"] if horizon else [])]
    keep = output is Format.table
    with _waiting(f"playing {scenario}"):
        done = commands.run(scenario, overrides=changes, baseline=baseline, out=out, keep=keep)
    if output is Format.json:
        _print_json(done.outcome)
    else:
        from .report import render_terminal

        console = _console()
        console.print(render_terminal(done.outcome, min(console.width, 100)))
        typer.echo(f"Brief: {done.files['brief.html']}")
    if not done.outcome.attrs["solved"]:
        raise typer.Exit(1)


@app.command()
def scenarios(output: OutputFormat = Format.table) -> None:
    """List the scenarios of the library."""
    from . import commands

    found = commands.list_scenarios()
    if output is Format.json:
        typer.echo(json.dumps({one.name: one.model_dump(mode="json") for one in found}, indent=2))
        return
    rows = [(one.name, one.title, ", ".join(one.policies)) for one in found]
    _print_table(("name", "what happens", "policies"), rows)


@app.command()
def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A run directory or a scenario.")],
    second: Annotated[str, typer.Argument(metavar="B", help="A run directory or a scenario.")],
    output: OutputFormat = Format.table,
) -> None:
    """Set two outcomes side by side."""
    from . import commands
    from .report import comparison, comparison_frame

    with _waiting(f"comparing {first} and {second}"):
        a, b = commands.compare(first, second)
    if output is Format.json:
        typer.echo(comparison_frame(a, b).to_json(orient="index", indent=2))
    else:
        _console().print(comparison(a, b))


@app.command()
def sensitivity(
    scenario: Reference,
    of: Annotated[
        str, typer.Option("--of", metavar="VARIABLE.LABEL", help="A number, such as welfare.KOR.")
    ],
    overrides: Overrides = None,
    top: Annotated[int, typer.Option(min=1, help="How many rows to print.")] = 15,
    output: OutputFormat = Format.table,
    out: Table = None,
) -> None:
    """List what moves an answer most, of all barriers, elasticities and flows."""
    from . import commands
    from .report import sensitivity_table

    with _waiting(f"differentiating {of}"):
        rows = commands.what_moves(scenario, of, overrides or ())
    shown = rows.head(top).to_json(orient="records", indent=2)
    _show(output, sensitivity_table(rows, top), shown, rows, out)


@app.command()
def decompose(
    scenario: Reference,
    overrides: Overrides = None,
    output: OutputFormat = Format.table,
    out: Table = None,
) -> None:
    """Split exact welfare into terms that add up to it, by partner and sector."""
    from . import commands
    from .report import decomposition_frame, decomposition_table

    with _waiting(f"following {scenario} from nothing to whole"):
        terms, countries = commands.decompose(scenario, overrides or ())
    rows = decomposition_frame(terms)
    totals = rows.groupby(["country", "term"]).value.sum().unstack()
    shown = totals.to_json(orient="index", indent=2)
    _show(output, decomposition_table(terms, countries), shown, rows, out)


@app.command()
def path(
    scenario: Reference,
    overrides: Overrides = None,
    start: Annotated[int | None, typer.Option("--from", help="The first year.")] = None,
    end: Annotated[int, typer.Option("--to", help="The last year.")] = 2035,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A new SVG file with the picture.")
    ] = None,
) -> None:
    """Solve a dated scenario year by year: phase-ins and fading as they come."""
    from . import commands
    from .report import path_chart, path_frame, path_table

    commands.refuse_existing(*(file for file in (out, chart) if file is not None))
    with _waiting(f"playing {scenario}") as say:
        years, countries = commands.follow(
            scenario, overrides=overrides or (), start=start, end=end, progress=say
        )
    rows = path_frame(years)
    welfare = rows.pivot_table(index="year", columns="country", values="welfare")
    shown = welfare.to_json(orient="index", indent=2)
    _show(output, path_table(years, countries), shown, rows, out)
    if chart is not None:
        commands.write_text(path_chart(years, countries), chart)
    if not bool(years.solved.all()):
        raise typer.Exit(1)


@app.command()
def tariffs(
    players: Annotated[list[str], typer.Argument(metavar="COUNTRY...", help="Who sets tariffs.")],
    aim: Annotated[Aim, typer.Option(help="What they are after.")] = Aim.war,
    rates: Annotated[Rates, typer.Option(help="How many rates each has.")] = Rates.one,
    sector: Annotated[
        list[str] | None, typer.Option(help="Sectors or groups; goods unless said.")
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="What else is in force.")
    ] = None,
    overrides: Overrides = None,
    baseline: BaselineName = None,
    output: OutputFormat = Format.table,
    out: Table = None,
) -> None:
    """Find the tariffs that countries would set: alone, at war, or together."""
    from . import commands
    from .report import tariffs_frame, tariffs_table

    with _waiting(f"tariffs of {', '.join(players)}"):
        setting = commands.setting(scenario, overrides or (), baseline)
        found = commands.choose_tariffs(
            players, aim=aim.value, rates=rates.value, sectors=sector or ("goods",),
            scenario=setting,
        )  # fmt: skip
    rows = tariffs_frame(found)
    shown = found.welfare.to_series().to_json(indent=2)
    _show(output, tariffs_table(found), shown, rows, out)


@app.command()
def verify(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A run directory.")],
) -> None:
    """Recompute a run from its own scenario and compare every number."""
    from . import commands

    with _waiting(f"recomputing {directory}"):
        found = commands.verify(directory)
    difference = f"largest difference {found.largest_difference:.1e}"
    if found.reproduced:
        typer.echo(f"Reproduced: the files are unchanged and every number agrees ({difference}).")
        return
    changed = f"changed files: {', '.join(found.changed_files)}; " if found.changed_files else ""
    typer.echo(f"Not reproduced: {changed}{difference}.")
    raise typer.Exit(1)


@data.command("list")
def data_list(output: OutputFormat = Format.table) -> None:
    """List the worlds, and which of them are here."""
    from . import commands

    rows = commands.list_baselines()
    if output is Format.json:
        typer.echo(json.dumps(rows, default=str, indent=2))
        return
    here = "ready", "to build: detente data build {}"
    shown = [
        (row["name"], row["title"], here[row["path"] is None].format(row["name"])) for row in rows
    ]
    _print_table(("name", "what it is", "state"), shown)


@data.command("build")
def data_build(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The world to build.")],
    sources: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the raw sources are.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="A new file to write.")] = None,
) -> None:
    """Build a world from its raw sources."""
    from . import commands

    with _waiting(f"building {name}") as say:
        path = commands.build_baseline(name, sources=sources, out=out, progress=say)
    typer.echo(f"{name} is in {path}")


def main() -> None:
    """Run the command line: exit status 2 and one sentence for anything the user can mend."""
    try:
        # Outside standalone mode an early exit is returned rather than raised.
        sys.exit(app(standalone_mode=False) or 0)
    except DetenteError as error:
        _fail(str(error))
    except BrokenPipeError:
        # A pipe that is closed early, as by head, is not an error; keep Python from flushing to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        sys.exit(130)
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        _exit_for(error)


def _exit_for(error: Exception) -> None:
    """What click raises outside its standalone mode: usage errors have a sentence of their own."""
    if hasattr(error, "format_message"):
        sentence = error.format_message()  # pyright: ignore[reportAttributeAccessIssue]
        if not sentence:
            # No command was given, and the help has been printed.
            sys.exit(2)
        _fail(sentence.replace("Value error, ", ""))
    raise error


def _fail(sentence: str) -> None:
    typer.echo(f"detente: {sentence}", err=True)
    sys.exit(2)


def _show(output: Format, table: Any, text: str | None, rows: Any, out: Path | None) -> None:
    """Print an answer, and write its rows where a file is named."""
    from . import commands

    if out is not None:
        commands.write_text(rows.to_csv(index=False), out)
    if output is Format.json:
        typer.echo(text)
    else:
        _console().print(table)


def _console() -> Any:
    from rich.console import Console

    return Console()


def _print_table(headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(*headings, box=SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    _console().print(table)


def _print_json(outcome: Any) -> None:
    from .outcome import to_nested

    sys.stdout.write(json.dumps(to_nested(outcome), allow_nan=False) + "\n")


class _waiting:
    """A line on the error stream that says what is being done, if a person is looking."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> Any:
        from rich.console import Console

        console = Console(stderr=True)
        self.status = console.status(f"{self.what} …") if console.is_terminal else None
        if self.status is not None:
            self.status.start()
        return self._say

    def __exit__(self, *error: object) -> None:
        if self.status is not None:
            self.status.stop()

    def _say(self, step: str) -> None:
        if self.status is not None:
            self.status.update(f"{self.what}: {step} …")
