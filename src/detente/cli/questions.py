"""Questions about an answer: what moves it, what it is made of, when, and what others would do."""

from typing import Annotated

import typer

from ._console import show, waiting
from ._options import (
    Aim,
    app,
    BaselineName,
    Format,
    OutputFormat,
    Overrides,
    Rates,
    Reference,
    Table,
)
from .record import Chart


@app.command()
def sensitivity(
    scenario: Reference,
    of: Annotated[
        str, typer.Option("--of", metavar="VARIABLE.LABEL", help="A number, such as welfare.KOR.")
    ],
    overrides: Overrides = None,
    baseline: BaselineName = None,
    top: Annotated[int, typer.Option(min=1, help="How many rows to print.")] = 15,
    output: OutputFormat = Format.table,
    out: Table = None,
) -> None:
    """List what moves an answer most, of all barriers, elasticities and flows."""
    from .. import commands
    from ..report import document, sensitivity_about, sensitivity_table

    with waiting(f"differentiating {of}"):
        rows = commands.what_moves(scenario, of, overrides or (), baseline)
    shown = document(sensitivity_about(rows), rows=rows.head(top))
    show(output, sensitivity_table(rows, top), shown, rows, out)


@app.command()
def decompose(
    scenario: Reference,
    overrides: Overrides = None,
    baseline: BaselineName = None,
    output: OutputFormat = Format.table,
    out: Table = None,
) -> None:
    """Split exact welfare into terms that add up to it, by partner and sector."""
    from .. import commands
    from ..report import decomposition_frame, decomposition_table, document

    with waiting(f"following {scenario} from nothing to whole"):
        terms, countries = commands.decompose(scenario, overrides or (), baseline)
    rows = decomposition_frame(terms)
    shown = document(terms.attrs, rows=rows)
    show(output, decomposition_table(terms, countries), shown, rows, out)


@app.command()
def path(
    scenario: Reference,
    overrides: Overrides = None,
    baseline: BaselineName = None,
    start: Annotated[int | None, typer.Option("--from", help="The first year.")] = None,
    end: Annotated[int, typer.Option("--to", help="The last year.")] = 2035,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Chart = None,
) -> None:
    """Solve a dated scenario year by year: phase-ins and fading as they come."""
    from .. import commands
    from ..report import document, format_of, path_about, path_chart, path_frame, path_table

    if chart is not None:
        format_of(chart)
    commands.refuse_existing(*(file for file in (out, chart) if file is not None))
    with waiting(f"playing {scenario}") as say:
        years, countries = commands.follow(
            scenario,
            overrides=overrides or (),
            baseline=baseline,
            start=start,
            end=end,
            progress=say,
        )
    rows = path_frame(years)
    shown = document(path_about(years), rows=rows)
    show(output, path_table(years, countries), shown, rows, out)
    if chart is not None:
        commands.write_picture(path_chart(years, countries), chart)
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
    from .. import commands
    from ..report import document, tariffs_frame, tariffs_table

    with waiting(f"tariffs of {', '.join(players)}"):
        setting = commands.setting(scenario, overrides or (), baseline)
        found = commands.choose_tariffs(
            players, aim=aim.value, rates=rates.value, sectors=sector or ("goods",),
            scenario=setting,
        )  # fmt: skip
    rows = tariffs_frame(found)
    shown = document(found.attrs, welfare=found.welfare.to_series(), rows=rows)
    show(output, tariffs_table(found), shown, rows, out)
