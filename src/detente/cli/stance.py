"""The stance game: why a principal may reward a stance, and where the answer turns."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from ._console import show, waiting
from ._options import app, BaselineName, Format, OutputFormat, Overrides, Table


@app.command()
def stance(
    game: Annotated[
        str, typer.Option("--game", metavar="GAME", help="A name, or a TOML file.")
    ] = "seoul",
    baseline: BaselineName = None,
    overrides: Overrides = None,
    draws: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=10_000,
            help="Draws behind the ranges; 0 is none. 12, and none on a large world.",
            show_default=False,
        ),
    ] = None,
    output: OutputFormat = Format.table,
    out: Table = None,
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A new picture: .svg, .png or .html.")
    ] = None,
    brief: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A new page of HTML, whole in itself.")
    ] = None,
) -> None:
    """Ask why a stance may be rewarded: what it is worth, what it costs, where it turns."""
    from .. import commands
    from ..report import format_of, stance_chart, stance_document, stance_table

    if chart is not None:
        format_of(chart)
    commands.refuse_existing(*(file for file in (out, chart, brief) if file is not None))
    with waiting("playing the game") as say:
        found = commands.argue_stance(
            game, overrides=overrides or (), baseline=baseline, draws=draws, progress=say
        )
    show(output, stance_table(found), stance_document(found), found.numbers, out)
    if chart is not None:
        commands.write_picture(stance_chart(found), chart)
    if brief is not None:
        again = _command(game, baseline, overrides or [], found.about["draws"])
        commands.write_stance_brief(found, again, brief)


def _command(game: str, baseline: str | None, overrides: list[str], draws: int) -> str:
    """The command that makes the same page again."""
    words = ["detente", "stance", "--game", game, "--draws", str(draws)]
    words += [] if baseline is None else ["--baseline", baseline]
    for override in overrides:
        words += ["--set", override]
    return shlex.join([*words, "--brief", "stance.html"])
