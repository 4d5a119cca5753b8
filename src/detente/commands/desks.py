"""Scenarios as a page with sliders."""

from collections.abc import Sequence
from pathlib import Path

from .._core import OutcomeError
from .._document import find, read
from ..calibrate import baseline as baselines
from ..desk import desk_page
from ..desk.page import carried_by, inert, OnDesk
from ..scenario import LIBRARY, load_scenario
from ._files import on_baseline, refuse_existing, write_text
from ._understood import understood, understood_run
from .asks import Stance
from .runs import command_of_run
from .tables import is_game, write_table


def write_desk(
    reference: str,
    overrides: Sequence[str],
    baseline: str | None,
    path: Path,
    others: Sequence[str] = (),
) -> Path:
    """Write the desk of a scenario, and of others, into a new file, and return where it is.

    The suffix is that of a page, or `.json` for the scenarios alone, to be dropped into a page. A
    game of the library, or a file of one, has a page of its own.

    The changes and the world are those of every scenario. Raises `OutcomeError` for a file that is
    there or is no page, `ScenarioError` for what a scenario or its world does not have, and
    `SolveError` where a world without deficits was not found.
    """
    games = [one for one in (reference, *others) if is_game(one)]
    if games and others:
        raise OutcomeError(f"the game '{games[0]}' has a page of its own; name it alone.")
    if games:
        return write_table(_asked(reference, overrides, baseline), path)
    form = path.suffix.lower()
    if form not in (".html", ".json"):
        raise OutcomeError(
            f"a desk is a page; give {path} the suffix '.html', or '.json' for a file to drop into "
            "a page."
        )
    refuse_existing(path)
    asked = [_on_desk(one, overrides, baseline) for one in (reference, *others)]
    write_text(inert(carried_by(asked)) if form == ".json" else desk_page(*asked), path)
    return path


def understood_desk(
    reference: str, overrides: Sequence[str], baseline: str | None
) -> tuple[str, Sequence[str], str | None]:
    """What a desk is asked of, in codes; raises a sentence for what has none."""
    if not is_game(reference):
        return understood_run(reference, overrides, baseline)
    meant = understood(_asked(reference, overrides, baseline))
    assert isinstance(meant, Stance)
    return meant.game, meant.overrides, meant.baseline


def _asked(reference: str, overrides: Sequence[str], baseline: str | None) -> Stance:
    return Stance(game=reference, overrides=tuple(overrides), baseline=baseline)


def _on_desk(reference: str, overrides: Sequence[str], baseline: str | None) -> OnDesk:
    settings = tuple(on_baseline(overrides, baseline))
    scenario = load_scenario(reference, settings)
    world = baselines.load_baseline(scenario.baseline)
    command = command_of_run(reference, overrides, baseline)
    written = None if settings else read(find(reference, LIBRARY, "scenario")[0])
    return OnDesk(scenario, world, command, settings, reference, written)
