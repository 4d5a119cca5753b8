"""Whose growth helps whom, who pays for a scenario, and what it takes to depend less."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TYPE_CHECKING

import typer

from .._core import nearest, ScenarioError
from .._ratios import PARTS, RISES
from ._console import show, waiting
from ._options import app, BaselineName, Format, OutputFormat, Overrides, ratio, Table
from .record import Chart, Country


if TYPE_CHECKING:
    from ..closure import Deficits


Rule = Annotated[
    str | None,
    typer.Option(
        metavar="RULE", help="Trade deficits: fixed, proportional or removed (as by year)."
    ),
]
To = Annotated[
    list[str] | None, typer.Option("--to", metavar="PARTNER", help="A partner to look into.")
]


@dataclass(frozen=True)
class Shown:
    """How an answer leaves: printed in a format, as a file, as a picture."""

    output: Format
    out: Path | None
    chart: Path | None


@app.command()
def exposure(
    country: Country,
    to: To = None,
    of_scenario: Annotated[
        str | None,
        typer.Option(metavar="SCENARIO", help="Instead: who gains from it and who pays."),
    ] = None,
    by_year: Annotated[
        bool, typer.Option("--by-year", help="Instead: how exposure moved, 2011 to 2022.")
    ] = False,
    overrides: Overrides = None,
    deficits: Rule = None,
    sources: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Build the years from raw sources.")
    ] = None,
    baseline: BaselineName = None,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Chart = None,
) -> None:
    """Rank whose growth and trade help or hurt a country, at both horizons."""
    from .. import commands
    from ..report import format_of

    asked = {
        "--of-scenario": of_scenario, "--by-year": by_year, "--to": to, "--set": overrides,
        "--deficits": deficits, "--sources": sources, "--baseline": baseline,
    }  # fmt: skip
    _refuse_contradictions({option for option, value in asked.items() if value})
    if country in (to or ()):
        raise ScenarioError(f"--to is for partners, and {country} is the country itself.")
    if chart is not None:
        format_of(chart)
    commands.refuse_existing(*(file for file in (out, chart) if file is not None))
    shown_in = Shown(output, out, chart)
    if of_scenario is not None:
        _third_parties(country, of_scenario, overrides or (), baseline, shown_in)
    elif by_year:
        _by_year(country, to or ["CHN", "USA"], deficits, sources, shown_in)
    else:
        _exposure(country, to or (), baseline, deficits, shown_in)


def _refuse_contradictions(given: set[str]) -> None:
    """Say which options belong to another question, rather than leave them unread."""
    if {"--of-scenario", "--by-year"} <= given:
        raise ScenarioError("--of-scenario and --by-year ask different questions; choose one.")
    if "--of-scenario" in given:
        unread, question = {"--to", "--deficits", "--sources"}, "with --of-scenario"
    elif "--by-year" in given:
        unread, question = {"--set", "--baseline"}, "with --by-year"
    else:
        unread, question = {"--set", "--sources"}, "here"
    for option in sorted(given & unread):
        raise ScenarioError(f"{option} changes nothing {question}; leave it out.")


def _exposure(
    country: str, to: Sequence[str], baseline: str | None, deficits: str | None, shown_in: Shown
) -> None:
    from .. import commands
    from ..report import document, exposure_chart, exposure_frame, exposure_table

    with waiting(f"differentiating the real income of {country}"):
        found = commands.exposure(
            country, to, baseline=baseline, deficits=_rule(deficits or "fixed")
        )
    shown = document(found.about, partners=found.partners, cuts=found.cuts, sectors=found.sectors)
    show(shown_in.output, exposure_table(found), shown, exposure_frame(found), shown_in.out)
    if shown_in.chart is not None:
        commands.write_picture(exposure_chart(found), shown_in.chart)


def _by_year(
    country: str, to: Sequence[str], deficits: str | None, sources: Path | None, shown_in: Shown
) -> None:
    from .. import commands
    from ..report import by_year_chart, by_year_table, document

    with waiting("differentiating every year" if sources else "reading the years"):
        rows = commands.exposure_by_year(country, to, _rule(deficits or "removed"), sources)
    shown = document({str(key): value for key, value in rows.attrs.items()}, rows=rows)
    show(shown_in.output, by_year_table(rows), shown, rows, shown_in.out)
    if shown_in.chart is not None:
        commands.write_picture(by_year_chart(rows), shown_in.chart)


def _third_parties(
    country: str, scenario: str, overrides: Sequence[str], baseline: str | None, shown_in: Shown
) -> None:
    from .. import commands
    from ..report import document, third_parties_chart, third_parties_table

    with waiting(f"playing {scenario} at both horizons"):
        found = commands.third_parties(scenario, overrides, baseline, lead=country)
    shown = document(found.about, sums=found.sums, countries=found.countries)
    show(shown_in.output, third_parties_table(found), shown, found.countries, shown_in.out)
    if shown_in.chart is not None:
        commands.write_picture(third_parties_chart(found), shown_in.chart)


def _rule(deficits: str) -> "Deficits":
    valid = ("fixed", "proportional", "removed")
    if deficits == "fixed" or deficits == "proportional" or deficits == "removed":
        return deficits
    raise ScenarioError(f"'{deficits}' is no rule for deficits; {nearest(deficits, valid)}")


@app.command()
def diversify(
    country: Country,
    supplier: Annotated[
        str, typer.Option("--from", metavar="SUPPLIER", help="Away from whom.")
    ] = "CHN",
    below: Annotated[float, ratio("--below", PARTS, "The share to come below, 0 to 1.")] = 0.5,
    by: Annotated[int, typer.Option(help="The year to be there.")] = 2030,
    sectors: Annotated[
        list[str] | None,
        typer.Option("--sectors", metavar="SECTOR", help="Goods sectors; those above the target."),
    ] = None,
    as_one: Annotated[
        bool, typer.Option("--as-one", help="The sectors as one class with one wedge.")
    ] = False,
    cost: Annotated[
        float | None,
        ratio(
            "--cost", RISES, "The threat as a real cost, 0.5 for half; a prohibition without it."
        ),
    ] = None,
    baseline: BaselineName = None,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Chart = None,
) -> None:
    """Find the wedge, the pace and the premium of depending less, and when they pay."""
    from .. import commands
    from ..geo import Question
    from ..report import (
        diversification_document,
        diversification_table,
        document,
        format_of,
        paths_chart,
    )

    if chart is not None:
        format_of(chart)
    commands.refuse_existing(*(file for file in (out, chart) if file is not None))
    question = Question(country, supplier, below, tuple(sectors or ()), as_one, cost)
    with waiting(f"diversifying {country} from {supplier}") as say:
        found = commands.diversify(question, by, baseline=baseline, progress=say)
    frames = diversification_document(found)
    shown = document(found.about, **frames)
    show(output, diversification_table(found), shown, frames["cover"], out)
    if chart is not None:
        title = f"Shares in imports of {country} at published paces"
        commands.write_picture(paths_chart(found.paths, title), chart)
