"""Playing scenarios, comparing what comes out, and checking that it comes out again."""

import json
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from ..uncertainty import MOST_DRAWS, MOST_SEED
from ._console import console, print_groups, print_json, waiting
from ._options import (
    app,
    BaselineName,
    Directory,
    Format,
    FORMS,
    horizon_read,
    OutputFormat,
    Overrides,
    Reference,
)
from ._streams import say, say_json
from .completion import completing


Played = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A run directory, its outcome.nc, or a scenario to play now.",
        **completing("scenario"),
    ),
]
NewFile = Annotated[Path, typer.Option("--out", metavar="FILE", help=f"A new file: {FORMS}.")]


@app.command()
def run(
    scenario: Reference,
    overrides: Overrides = None,
    baseline: BaselineName = None,
    horizon: Annotated[
        str | None, typer.Option(**horizon_read(), help="How long the economy has.")
    ] = None,
    draws: Annotated[
        int | None,
        typer.Option(
            min=0, max=MOST_DRAWS, help="Draws of what is uncertain, for the intervals; 0 for none."
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=MOST_SEED, help="Same seed, same draws.")
    ] = None,
    output: OutputFormat = Format.table,
    out: Directory = None,
) -> None:
    """Play a scenario and say who gains, how much, how sure, and what moves.

    A table is accompanied by a run directory with the scenario, the outcome, a record and a brief;
    json is written to the terminal alone unless --out names a directory.
    """
    from .. import commands

    settings = {"horizon": horizon, "uncertainty.draws": draws, "uncertainty.seed": seed}
    named = [f"{key}={value}" for key, value in settings.items() if value is not None]
    changes, keep = [*(overrides or []), *named], output is Format.table
    # Before the engine loads.
    scenario, changes, baseline = commands.understood_run(scenario, changes, baseline)
    if out is not None:
        commands.refuse_directory(out)
    with waiting(f"playing {scenario}") as progress:
        done = commands.run(
            scenario, overrides=changes, baseline=baseline, out=out, keep=keep, progress=progress
        )
    if output is Format.json:
        print_json(done.outcome)
    else:
        from ..report import summary, terminal

        screen = console()
        screen.print(terminal(summary(done.outcome), min(screen.width, 100)))
        say(f"Brief: {done.files['brief.html']}")
    if not done.outcome.attrs["solved"]:
        raise typer.Exit(1)


@app.command()
def export(
    run: Played,
    out: NewFile,
) -> None:
    """Hand a run on: a workbook, a document, slides, rows, a page or a picture.

    The suffix of the file says which. Tables are of countries, sectors and bilateral flows before
    and after, with the intervals where they were drawn.
    """
    from .. import commands

    with waiting(f"writing {out}") as progress:
        written = commands.export_run(run, out, progress)
    say("\n".join(map(str, written)))


@app.command()
def note(
    run: Played,
    out: NewFile,
) -> None:
    """Hand on the two pages of a run that are read: its brief without the annex.

    A page in .html prints on two sheets; .docx is the same for Word.
    """
    from .. import commands

    with waiting(f"writing {out}") as progress:
        written = commands.note_run(run, out, progress)
    say("\n".join(map(str, written)))


@app.command()
def desk(
    references: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO...", help="Names or TOML files.", **completing("scenario")
        ),
    ],
    overrides: Overrides = None,
    baseline: BaselineName = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE", help="A new page, in .html, or .json to drop into a page."
        ),
    ] = Path("desk.html"),
    opened: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Write scenarios as a page with sliders: the exact model in one file, without a server.

    Sliders for policies and for assumptions; the answer in words and pictures follows them. Of
    several scenarios one is shown, alone or beside another. A game such as 'seoul' has a page of
    its own.
    """
    from .. import commands

    asked = [commands.understood_desk(one, overrides or [], baseline) for one in references]
    names, (_, changes, world) = [name for name, _, _ in asked], asked[0]
    with waiting(f"writing {out}"):
        written = commands.write_desk(names[0], changes, world, out, names[1:])
    say(str(written))
    if opened:
        webbrowser.open(written.resolve().as_uri())


@app.command()
def scenarios(output: OutputFormat = Format.table) -> None:
    """List the scenarios of the library."""
    from .. import commands

    library = commands.list_scenarios()
    if output is Format.json:
        say_json(json.dumps({one.name: one.model_dump(mode="json") for one in library}, indent=2))
        return
    by_subject = commands.by_subject(library)
    print_groups(
        {
            heading: [(one.name, one.title) for one in listed]
            for heading, listed in by_subject.items()
        }
    )


@app.command()
def verify(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="A run directory.")],
) -> None:
    """Recompute a run from its own scenario and compare every number."""
    from .. import commands

    with waiting(f"recomputing {directory}") as progress:
        verdict = commands.verify(directory, progress)
    difference = f"largest difference {verdict.largest_difference:.1e}"
    changed = (
        f"changed files: {', '.join(verdict.changed_files)}; " if verdict.changed_files else ""
    )
    if verdict.reproduced:
        say(f"Reproduced: the files are unchanged and every number agrees ({difference}).")
    else:
        say(f"Not reproduced: {changed}{difference}.")
    if verdict.elsewhere:
        say(verdict.elsewhere)
    if not verdict.reproduced:
        raise typer.Exit(1)
