"""Leverage: what each side can threaten, at what cost, in which sectors, and when believed."""

import enum
from pathlib import Path
from typing import Annotated, Any

import typer

from .._core import ScenarioError
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
Sender = Annotated[str, typer.Argument(metavar="SENDER", help="Who threatens.")]
Target = Annotated[str, typer.Argument(metavar="TARGET", help="Whom.")]
Joined = Annotated[
    list[str] | None, typer.Option("--with", metavar="COUNTRY", help="Who joins the threat.")
]
Against = Annotated[
    str | None, typer.Option(metavar="COUNTRY", help="Another sender: prints the gap.")
]
FormChoice = Annotated[Form, typer.Option(help="What is withdrawn.")]
HorizonChoice = Annotated[
    Horizons, typer.Option(help="How long both have; --cheapest takes long of both.")
]
RentsChoice = Annotated[Rents, typer.Option(help="Who keeps the rise of the price of a cut.")]
Sectors = Annotated[list[str] | None, typer.Option(help="Sectors or groups; all unless said.")]
Cut = Annotated[
    float | None, ratio("--cut", PARTS, "Part of the quantity cut, 0.5 is half; else all trade.")
]
Markup = Annotated[
    float | None, ratio("--markup", RISES, "A rise of the price instead, 0.2 is 20 %.")
]
Cheapest = Annotated[bool, typer.Option("--cheapest", help="Which sectors would be chosen.")]
Budget = Annotated[
    float, typer.Option(help="Of the cheapest: self-cost allowed, % of real income.")
]
Ceiling = Annotated[
    float, ratio("--ceiling", RISES, "Of the cheapest: the highest mark-up, 1 is 100 %.")
]
Frontier = Annotated[
    list[str] | None,
    typer.Option(metavar="SCENARIO", help="Gains of a scenario against the loss it adds."),
]
Credible = Annotated[bool, typer.Option("--credible", help="When it would be believed and obeyed.")]
Years = Annotated[int, typer.Option(help="Of --credible: years it is kept up.")]
Discount = Annotated[float, ratio("--discount", PARTS, "Of --credible: both sides' factor.")]
Probability = Annotated[
    float, ratio("--probability", PARTS, "Of --credible: that it is carried out.")
]
After = Annotated[str | None, typer.Option(metavar="SCENARIO", help="What is in force before.")]


@app.command()
def leverage(
    sender: Sender,
    target: Target,
    joined: Joined = None,
    against: Against = None,
    form: FormChoice = Form.all,
    horizon: HorizonChoice = Horizons.both,
    rents: RentsChoice = Rents.nobody,
    sector: Sectors = None,
    cut: Cut = None,
    markup: Markup = None,
    cheapest: Cheapest = False,
    budget: Budget = 0.01,
    ceiling: Ceiling = 1.0,
    frontier: Frontier = None,
    credible: Credible = False,
    years: Years = 5,
    discount: Discount = 0.95,
    probability: Probability = 1,
    after: After = None,
    overrides: Overrides = None,
    baseline: BaselineName = None,
    draws: Draws = None,
    seed: Seed = None,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Chart = None,
) -> None:
    """Find what a country can threaten another with, and at what cost to itself."""
    from .. import commands
    from ..report import format_of

    single = _one_question(cheapest, frontier, credible)
    if rents is not Rents.nobody and cut is None and markup is None and not cheapest:
        raise ScenarioError("a prohibition has no rent; say how large the threat is with --cut.")
    if chart is not None:
        _refuse_picture(credible)
        format_of(chart)
    commands.refuse_existing(*(file for file in (out, chart) if file is not None))
    # A question about one threat is about all that can be withdrawn unless said.
    form = Form.both if single and form is Form.all else form
    choices = _choices(form, horizon, rents, sector) | {"cut": cut, "markup": markup}
    changes = with_draws(overrides, draws, seed)
    ask = commands.Ask((sender, *(joined or ())), target, choices, after, tuple(changes), baseline)
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
        parts |= {
            "coalition": joint.rows, "burden": joint.burden, "coalition_drivers": joint.drivers,
        }  # fmt: skip
        table = Group(table, coalition_table(joint))
    return table, document(found.about, **parts), found.rows, leverage_chart(found)


def _cheapest(found: Any) -> Made:
    from ..report import cheapest_chart, cheapest_table, document

    text = document(found.about, rows=found.rows, drivers=found.drivers)
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


def _refuse_picture(credible: bool) -> None:
    if credible:
        raise ScenarioError("thresholds have no picture; leave --chart out.")


def _choices(
    form: Form, horizon: Horizons, rents: Rents, sector: list[str] | None
) -> dict[str, Any]:
    return {
        "forms": _several(form, ("buying", "selling", "both")),
        "horizons": _several(horizon, ("long", "short"), everything="both"),
        "rents": _several(rents, ("nobody", "importer", "exporter")),
    } | ({"sectors": tuple(sector)} if sector else {})


def _one_question(cheapest: bool, frontier: list[str] | None, credible: bool) -> bool:
    """Whether a question about one threat is asked; two of them cannot be."""
    asked = sum((cheapest, bool(frontier), credible))
    if asked > 1:
        raise ScenarioError("--cheapest, --frontier and --credible are questions of their own.")
    return asked == 1
