"""Why two governments would, and for how long: bargaining, patience, and the risk of conflict."""

from pathlib import Path
from typing import Annotated, Any

import typer

from .._ratios import PARTS, RISES
from ._console import show, waiting
from ._options import (
    app,
    BaselineName,
    Draws,
    Format,
    OutputFormat,
    Overrides,
    ratio,
    Seed,
    Table,
    with_draws,
)


Country = Annotated[str, typer.Argument(metavar="COUNTRY", help="The first side.")]
Partner = Annotated[str, typer.Argument(metavar="PARTNER", help="The second side.")]
Sectors = Annotated[
    list[str] | None, typer.Option("--sector", help="Sectors or groups; services unless said.")
]
Chart = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A new picture: .svg, .png or .html.")
]
People = Annotated[
    list[str] | None,
    typer.Option(metavar="KOR=MILLIONS", help="Your figure of a side's people: US$ a head."),
]
Setting = Annotated[
    str | None, typer.Option("--scenario", metavar="SCENARIO", help="What is in force either way.")
]


@app.command()
def bargain(
    country: Country = "KOR",
    partner: Partner = "CHN",
    sector: Sectors = None,
    mfn: Annotated[bool, typer.Option("--mfn", help="What is opened is open to everyone.")] = False,
    outside: Annotated[
        str, typer.Option(help="Without an agreement: status quo, boycott, or a scenario.")
    ] = "status quo",
    power: Annotated[float, ratio("--power", PARTS, "Bargaining power of COUNTRY, 0 to 1.")] = 0.5,
    flight: Annotated[
        float, typer.Option(help="What PARTNER loses without an agreement, % of GDP.")
    ] = 0.0,
    friction: Annotated[
        float, typer.Option(help="What every whole opening costs its opener, % of GDP.")
    ] = 0.0,
    cost: Annotated[
        list[str] | None,
        typer.Option(metavar="KOR.FIN=PERCENT", help="Political cost of one opening, % of GDP."),
    ] = None,
    ask: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME:KOR=PERCENT,...", help="What a linked ask is worth to each."),
    ] = None,
    beside: Annotated[
        str | None, typer.Option("--with", metavar="COUNTRY", help="A deal at the same time.")
    ] = None,
    people: People = None,
    scenario: Setting = None,
    overrides: Overrides = None,
    baseline: BaselineName = None,
    draws: Draws = None,
    seed: Seed = None,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Chart = None,
) -> None:
    """Find what two sides would agree to open, who gains what, and what would change it."""
    from .. import commands
    from ..report import bargain_chart, bargain_table, document

    _refuse(out, chart)
    settings: dict[str, Any] = {
        "sectors": sector, "mfn": mfn, "outside": outside, "power": power, "flight": flight,
        "friction": friction, "beside": beside,
    }  # fmt: skip
    terms = commands.terms_of(settings, cost or (), ask or ())
    setting = commands.setting(scenario, with_draws(overrides, draws, seed), baseline)
    with waiting(f"{country} and {partner} at the table") as say:
        found = commands.bargain(country, partner, setting, terms, say, people or ())
    shown = document(
        found.about, sides=found.sides, drivers=found.drivers, openings=found.openings,
        asks=found.asks, power=found.power, flight=found.flight, frontier=found.frontier,
        compared=found.compared,
    )  # fmt: skip
    show(output, bargain_table(found), shown, found.openings, out)
    if chart is not None:
        commands.write_picture(bargain_chart(found), chart)


@app.command()
def patience(
    country: Country = "KOR",
    partner: Partner = "CHN",
    sector: Sectors = None,
    depth: Annotated[
        float, ratio("--depth", PARTS, "The part of each opening that is made.")
    ] = 0.5,
    discount: Annotated[
        float, ratio("--discount", PARTS, "Yearly discount factor of the values.")
    ] = 0.95,
    scenario: Setting = None,
    overrides: Overrides = None,
    baseline: BaselineName = None,
    output: OutputFormat = Format.table,
    out: Table = None,
) -> None:
    """Find how patient two sides must be for cooperation to last, and how freezes ended."""
    from .. import commands
    from ..report import document, patience_table

    _refuse(out)
    setting = commands.setting(scenario, overrides or (), baseline)
    with waiting(f"cooperation of {country} and {partner}"):
        found = commands.patience(
            country, partner, setting, sector or ("services",), depth=depth, discount=discount
        )
    shown = document(
        found.about, cells=found.cells, critical=found.critical, temptation=found.temptation,
        hazards=found.hazards, thaw=found.thaw, value=found.value,
    )  # fmt: skip
    show(output, patience_table(found), shown, found.critical, out)


@app.command()
def conflict(
    country: Country,
    partner: Partner,
    bilateral: Annotated[
        float | None,
        ratio("--bilateral", RISES, "Rise of the cost of their trade; else it stops."),
    ] = None,
    multilateral: Annotated[
        float,
        ratio("--multilateral", RISES, "Rise of the cost of their trade with others; 0.1 is 10 %."),
    ] = 0.1,
    after: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="A world to compare with.")
    ] = None,
    decouple: Annotated[
        float | None,
        ratio("--decouple", RISES, "Compare with trade between them this much dearer."),
    ] = None,
    scenario: Setting = None,
    overrides: Overrides = None,
    baseline: BaselineName = None,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Chart = None,
) -> None:
    """Compute what a war would destroy, and the chance of settling by what is unknown."""
    from .. import commands
    from ..report import conflict_chart, conflict_table, document

    _refuse(out, chart)
    setting = commands.setting(scenario, overrides or (), baseline)
    with waiting(f"{country} and {partner} at war and at peace"):
        found = commands.conflict(
            country, partner, setting, after=after, decoupling=decouple,
            war={"bilateral": bilateral, "multilateral": multilateral},
        )  # fmt: skip
    shown = document(found.about, sides=found.sides, thresholds=found.thresholds, curve=found.curve)
    show(output, conflict_table(found), shown, found.curve, out)
    if chart is not None:
        commands.write_picture(conflict_chart(found), chart)


def _refuse(out: Path | None, chart: Path | None = None) -> None:
    """Refuse files that are there, or cannot be drawn, before anything is computed."""
    from .. import commands
    from ..report import format_of

    if chart is not None:
        format_of(chart)
    commands.refuse_existing(*(file for file in (out, chart) if file is not None))
