"""Scenarios as a page with sliders."""

from collections.abc import Sequence
from pathlib import Path

from .._core import OutcomeError
from ..calibrate import baseline as baselines
from ..desk import desk_page
from ..desk.page import OnDesk
from ..scenario import load_scenario
from ._files import on_baseline, refuse_existing, write_text
from .runs import command_of_run


def write_desk(
    reference: str,
    overrides: Sequence[str],
    baseline: str | None,
    path: Path,
    others: Sequence[str] = (),
) -> Path:
    """Write the desk of a scenario, and of others, into a new file, and return where it is.

    The changes and the world are those of every scenario. Raises `OutcomeError` for a file that is
    there or is no page, `ScenarioError` for what a scenario or its world does not have, and
    `SolveError` where no wedge brings a quantity about.
    """
    if path.suffix.lower() != ".html":
        raise OutcomeError(f"a desk is a page; give {path} the suffix '.html'.")
    refuse_existing(path)
    first, *rest = (_on_desk(one, overrides, baseline) for one in (reference, *others))
    write_text(desk_page(*first, rest), path)
    return path


def _on_desk(reference: str, overrides: Sequence[str], baseline: str | None) -> OnDesk:
    scenario = load_scenario(reference, on_baseline(overrides, baseline))
    world = baselines.load_baseline(scenario.baseline)
    return OnDesk(scenario, world, command_of_run(reference, overrides, baseline))
