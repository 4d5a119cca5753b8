"""The record: balances by basis, where a year heads, dependence by concept, and what happened."""

from pathlib import Path
from typing import Annotated

import typer

from ._console import show, waiting
from ._options import app, BaselineName, Format, OutputFormat, Table


Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="Whose side: ISO 3166 alpha-3.")]
Partner = Annotated[str, typer.Argument(metavar="PARTNER", help="With whom.")]
Years = Annotated[
    str | None, typer.Option(metavar="FIRST:LAST", help="Years, both included, as in 1992:2025.")
]
Chart = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A new picture: .svg, .png or .html.")
]
Basis = Annotated[
    str | None, typer.Option(metavar="BASIS", help="A book, such as 'korean customs'.")
]


@app.command()
def balance(
    country: Country,
    partner: Partner,
    years: Years = None,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Chart = None,
) -> None:
    """Print the balance of two economies on every accounting basis, gaps shown."""
    from .. import commands
    from ..report import balance_chart, balance_table, document

    _refuse(out, chart)
    found = commands.balance(country, partner, years)
    shown = document(found.about, balances=found.rows, reported_balances=found.beside)
    picture = balance_chart(found.rows, found.beside, found.pair) if chart else None
    show(output, balance_table(found.rows, found.beside, found.pair), shown, found.rows, out)
    if chart is not None and picture is not None:
        commands.write_picture(picture, chart)


@app.command()
def track(
    country: Country,
    partner: Partner,
    through: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The last month known; the latest stored.")
    ] = None,
    so_far: Annotated[
        float | None,
        typer.Option("--balance", metavar="BILLION", help="Only the balance so far is known."),
    ] = None,
    judge: Annotated[
        bool, typer.Option("--evaluate", help="Judge the methods on past years instead.")
    ] = False,
    basis: Basis = None,
    output: OutputFormat = Format.table,
    out: Table = None,
) -> None:
    """Take a partial year to its full-year balance, with an interval and P(deficit)."""
    from .. import commands
    from ..report import document, evaluation_table, track_table

    _refuse(out)
    with waiting(f"tracking {country} and {partner}"):
        found = (
            commands.evaluate(country, partner, basis=basis)
            if judge
            else commands.track(country, partner, through=through, basis=basis, so_far=so_far)
        )
    shown = document(found.about | {"sentence": found.sentence}, rows=found.rows)
    make = evaluation_table if judge else track_table
    show(output, make(found.rows, found.sentence, found.pair), shown, found.rows, out)


@app.command()
def dependence(
    country: Country,
    on: Annotated[
        str | None, typer.Option("--on", metavar="PARTNER", help="On whom; else the first five.")
    ] = None,
    baseline: BaselineName = None,
    output: OutputFormat = Format.table,
    out: Table = None,
) -> None:
    """Measure dependence by concept, and say where the concepts disagree."""
    from .. import commands
    from ..report import dependence_about, dependence_table, document, raw_material_frames

    _refuse(out)
    with waiting(f"looking through the suppliers of {country}"):
        found = commands.dependence(country, on, baseline)
    shown = document(
        dependence_about(found),
        shares=found.shares,
        concentration=found.concentration,
        ranks=found.ranks,
        **raw_material_frames(found.raw),
    )
    show(output, dependence_table(found), shown, found.shares, out)


@app.command()
def timeline(
    country: Country,
    partner: Partner,
    years: Years = None,
    others: Annotated[
        bool, typer.Option("--others", help="Also events with only one of the two.")
    ] = False,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Chart = None,
) -> None:
    """Tell what happened between two economies, over their trade."""
    from .. import commands
    from ..report import document, event_frame, timeline_chart, timeline_table

    _refuse(out, chart)
    found = commands.timeline(country, partner, years, others=others)
    rows = event_frame(found.rows)
    basis = found.about["trade_basis"]
    picture = timeline_chart(found.rows, found.beside, found.pair, basis) if chart else None
    shown = document(found.about, events=rows, trade=found.beside)
    show(output, timeline_table(found.rows), shown, rows, out)
    if chart is not None and picture is not None:
        commands.write_picture(picture, chart)


@app.command()
def risk(
    country: Country,
    partner: Partner,
    index: Annotated[
        Path, typer.Option(metavar="FILE", help="A CSV by month, of geopolitical risk or another.")
    ],
    column: Annotated[
        str | None, typer.Option(metavar="NAME", help="The column; needed where there are several.")
    ] = None,
    basis: Basis = None,
    baseline: BaselineName = None,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Chart = None,
) -> None:
    """Measure what a month of more risk costs trade, as a wedge that a scenario can take."""
    from .. import commands
    from ..report import document, risk_chart, risk_frame, risk_table

    _refuse(out, chart)
    with waiting(f"projecting the trade of {country} and {partner}"):
        found = commands.risk(
            country, partner, index, column=column, basis=basis, baseline=baseline
        )
    rows = risk_frame(found)
    shown = document(found.about, responses=found.projection.responses, wedges=found.wedges)
    show(output, risk_table(found), shown, rows, out)
    if chart is not None:
        commands.write_picture(risk_chart(found), chart)


def _refuse(out: Path | None, chart: Path | None = None) -> None:
    """Refuse files that are there, or cannot be drawn, before anything is computed."""
    from .. import commands
    from ..report import format_of

    if chart is not None:
        format_of(chart)
    commands.refuse_existing(*(file for file in (out, chart) if file is not None))
