"""Leverage: what each side can threaten, at what cost, in which sectors, and when believed."""

import enum
from pathlib import Path
from typing import Annotated, Any

import typer

from .._core import ScenarioError
from ._console import show, waiting
from ._options import app, BaselineName, Format, OutputFormat, Overrides, Table


class Form(enum.StrEnum):
    """What is withdrawn."""

    buying = "buying"
    selling = "selling"
    both = "both"
    all = "all"


class Horizons(enum.StrEnum):
    """How long both sides have to adjust."""

    long = "long"
    short = "short"
    both = "both"


class Rents(enum.StrEnum):
    """Who keeps the rise of the price."""

    nobody = "nobody"
    importer = "importer"
    exporter = "exporter"
    all = "all"


Chart = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A new picture: .svg, .png or .html.")
]


@app.command()
def leverage(
    sender: Annotated[str, typer.Argument(metavar="SENDER", help="Who threatens.")],
    target: Annotated[str, typer.Argument(metavar="TARGET", help="Whom.")],
    joined: Annotated[
        list[str] | None, typer.Option("--with", metavar="COUNTRY", help="Who joins the threat.")
    ] = None,
    against: Annotated[
        str | None, typer.Option(metavar="COUNTRY", help="Another sender: prints the gap.")
    ] = None,
    form: Annotated[Form, typer.Option(help="What is withdrawn.")] = Form.all,
    horizon: Annotated[
        Horizons, typer.Option(help="How long both have; --cheapest takes long of both.")
    ] = Horizons.both,
    rents: Annotated[
        Rents, typer.Option(help="Who keeps the rise of the price of a cut.")
    ] = Rents.nobody,
    sector: Annotated[
        list[str] | None, typer.Option(help="Sectors or groups; all unless said.")
    ] = None,
    cut: Annotated[
        float | None, typer.Option(help="Part of the quantity cut, 0.5 is half; else all trade.")
    ] = None,
    markup: Annotated[
        float | None, typer.Option(help="A rise of the price instead, 0.2 is 20 %.")
    ] = None,
    cheapest: Annotated[
        bool, typer.Option("--cheapest", help="Which sectors would be chosen.")
    ] = False,
    budget: Annotated[
        float, typer.Option(help="Of the cheapest: self-cost allowed, % of real income.")
    ] = 0.01,
    ceiling: Annotated[
        float, typer.Option(help="Of the cheapest: the highest mark-up, 1 is 100 %.")
    ] = 1.0,
    frontier: Annotated[
        list[str] | None,
        typer.Option(metavar="SCENARIO", help="Gains of a scenario against the loss it adds."),
    ] = None,
    credible: Annotated[
        bool, typer.Option("--credible", help="When it would be believed and obeyed.")
    ] = False,
    years: Annotated[int, typer.Option(help="Of --credible: years it is kept up.")] = 5,
    discount: Annotated[float, typer.Option(help="Of --credible: both sides' factor.")] = 0.95,
    probability: Annotated[float, typer.Option(help="Of --credible: that it is carried out.")] = 1,
    after: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="What is in force before.")
    ] = None,
    overrides: Overrides = None,
    baseline: BaselineName = None,
    draws: Annotated[
        int | None, typer.Option(min=0, help="Draws for intervals; 0 is none.")
    ] = None,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Chart = None,
) -> None:
    """Find what a country can threaten another with, and at what cost to itself."""
    from .. import commands
    from ..report import format_of

    _one_question(cheapest, frontier, credible)
    if rents is not Rents.nobody and cut is None and markup is None and not cheapest:
        raise ScenarioError("a prohibition has no rent; say how large the threat is with --cut.")
    # These questions are about one threat; what is withdrawn is then everything unless said.
    if (cheapest or frontier or credible) and form is Form.all:
        form = Form.both
    if chart is not None:
        format_of(chart)
    commands.refuse_existing(*(file for file in (out, chart) if file is not None))
    choices: dict[str, Any] = {
        "forms": _several(form, ("buying", "selling", "both")),
        "horizons": _several(horizon, ("long", "short"), everything="both"),
        "rents": _several(rents, ("nobody", "importer", "exporter")),
        "cut": cut,
        "markup": markup,
    } | ({"sectors": tuple(sector)} if sector else {})
    ask = commands.Ask(
        (sender, *(joined or ())), target, choices, after, tuple(overrides or ()), baseline, draws
    )
    with waiting(f"{sender} over {target}") as say:
        if cheapest:
            made = _cheapest(commands.cheapest(ask, budget, ceiling, say))
        elif frontier:
            made = _frontier(commands.frontier(ask, frontier, say))
        elif credible:
            made = _credible(ask, years, discount, probability, say)
        else:
            made = _losses(commands.leverage(ask, against, say))
    table, text, rows, specification = made
    if chart is not None and specification is None:
        raise ScenarioError("thresholds have no picture; leave --chart out.")
    show(output, table, text, rows, out)
    if chart is not None and specification is not None:
        commands.write_picture(specification, chart)


Made = tuple[Any, str, Any, dict[str, Any] | None]
"""A table, a document, rows for a file, and a picture where there is one."""


def _losses(answer: Any) -> Made:
    from rich.console import Group

    from ..report import coalition_table, document, leverage_chart, leverage_table

    found, joint = answer.found, answer.joint
    parts = {"rows": found.rows, "drivers": found.drivers, "beside": answer.beside}
    if answer.gap is not None:
        parts["gap"] = answer.gap
    table: Any = leverage_table(found, answer.gap, answer.beside)
    if joint is not None:
        parts |= {"coalition": joint.rows, "burden": joint.burden}
        table = Group(table, coalition_table(joint))
    return table, document(found.about, **parts), found.rows, leverage_chart(found)


def _cheapest(found: Any) -> Made:
    from ..report import cheapest_chart, cheapest_table, document

    text = document(found.about, rows=found.rows)
    return cheapest_table(found), text, found.rows, cheapest_chart(found)


def _frontier(found: Any) -> Made:
    from ..report import document, frontier_chart, frontier_table

    text = document(found.about, rows=found.rows)
    return frontier_table(found), text, found.rows, frontier_chart(found)


def _credible(ask: Any, years: int, discount: float, probability: float, say: Any) -> Made:
    from .. import commands
    from ..geo.leverage import brackets
    from ..report import credibility_table, document

    found = commands.credible(
        ask,
        {"years": years, "target_discount": discount, "sender_discount": discount,
         "probability": probability},
        say,
    )  # fmt: skip
    about = found.about
    published = brackets((about["target"], *about["senders"]))
    text = document(about, path=found.path)
    return credibility_table(found, published), text, found.path, None


def _several(
    choice: enum.StrEnum, every: tuple[str, ...], everything: str = "all"
) -> tuple[str, ...]:
    return every if choice.value == everything else (choice.value,)


def _one_question(cheapest: bool, frontier: list[str] | None, credible: bool) -> None:
    if sum((cheapest, bool(frontier), credible)) > 1:
        raise ScenarioError("--cheapest, --frontier and --credible are questions of their own.")
