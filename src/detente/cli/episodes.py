"""Dated events, fitted and held against what was published about them."""

from pathlib import Path
from typing import Annotated

import typer

from ._console import print_table, show, waiting
from ._options import app, BaselineName, Format, OutputFormat, Overrides, Table


@app.command()
def episode(
    name: Annotated[
        str | None, typer.Argument(metavar="EPISODE", help="A name; without one, a list.")
    ] = None,
    overrides: Overrides = None,
    baseline: BaselineName = None,
    sources: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where the raw sources are.")
    ] = None,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A new file for the picture: SVG, PNG or HTML."),
    ] = None,
) -> None:
    """Fit a dated event, predict from it, and compare with the published values."""
    from .. import commands

    if name is None:
        rows = [(one.name, one.title, ", ".join(one.data)) for one in commands.list_episodes()]
        print_table(("name", "what happened", "raw data"), rows)
        return
    from ..report import (
        episode_chart,
        episode_document,
        episode_frame,
        episode_table,
        format_of,
    )

    if chart is not None:
        format_of(chart)
    commands.refuse_existing(*(file for file in (out, chart) if file is not None))
    with waiting(f"playing {name}") as say:
        found = commands.play_episode(
            name, overrides=overrides or (), baseline=baseline, sources=sources, progress=say
        )
    show(output, episode_table(found), episode_document(found), episode_frame(found), out)
    if chart is not None:
        commands.write_picture(episode_chart(found), chart)
