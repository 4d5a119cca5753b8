"""What borders, agreements and tariffs do to flows, estimated."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ._console import print_table, show, waiting
from ._options import app, Format, OutputFormat, Table
from ._streams import say_json


Sources = Annotated[Path | None, typer.Option(metavar="DIR", help="Where the raw sources are.")]


@app.command()
def gravity(
    specifications: Annotated[
        list[str] | None, typer.Argument(metavar="SPEC...", help="Names, or all; none lists them.")
    ] = None,
    years: Annotated[
        str | None,
        typer.Option(metavar="YEARS", help="1986-2006:4 (every fourth), 1986-2006, or 1990,1994."),
    ] = None,
    theta: Annotated[
        float | None, typer.Option(help="A trade elasticity, for the tariff equivalent of rta.")
    ] = None,
    sources: Sources = None,
    output: OutputFormat = Format.table,
    out: Table = None,
) -> None:
    """Estimate gravity equations: distance, agreements and borders on the WTO guide's panel."""
    from .. import commands

    if not specifications:
        _list(output)
        return
    if out is not None:
        commands.refuse_existing(out)
    with waiting("estimating") as say:
        found = commands.estimate_gravity(
            specifications, sources=sources, years=years, progress=say
        )
    from ..report import gravity_facts, gravity_frame, gravity_table

    facts = {one.specification.name: gravity_facts(one, theta) for one in found}
    text = json.dumps(facts, indent=2)
    show(output, gravity_table(found, theta), text, gravity_frame(found), out)


def _list(output: Format) -> None:
    from .. import commands

    rows = [(one.name, one.title, one.source) for one in commands.list_specifications()]
    if output is Format.json:
        keys = ("name", "title", "source")
        say_json(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=2))
    else:
        print_table(("name", "what it explains flows by", "source"), rows)


@app.command()
def elasticities(
    sectors: Annotated[
        list[str] | None, typer.Argument(metavar="SECTOR...", help="ICIO goods sectors, or all.")
    ] = None,
    sources: Sources = None,
    output: OutputFormat = Format.table,
    out: Table = None,
) -> None:
    """Estimate trade elasticities from tariffs on ICIO flows, 2011-2022; minutes for all sectors.

    The file that --out writes is what the package ships as the set own-2011-2022.
    """
    from .. import commands

    if out is not None:
        commands.refuse_existing(out)
    with waiting("estimating") as say:
        rows = commands.estimate_elasticities(sectors or (), sources=sources, progress=say)
    from ..calibrate.own_elasticities import as_text
    from ..report import elasticities_table

    if out is not None:
        commands.write_text(as_text(rows), out)
    published = dict(zip(rows["sector"], rows["published_median"], strict=True))
    text = rows.to_json(orient="records", indent=2)
    show(output, elasticities_table(rows, published), text, rows, None)
