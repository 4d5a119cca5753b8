"""A scenario as a page with sliders."""

from collections.abc import Sequence
from pathlib import Path

from .._core import OutcomeError
from ..calibrate import baseline as baselines
from ..desk import desk_page
from ..scenario import load_scenario
from ._files import on_baseline, refuse_existing, write_text
from .runs import command_of_run


def write_desk(reference: str, overrides: Sequence[str], baseline: str | None, path: Path) -> Path:
    """Write the desk of a scenario into a new file, and return where it is.

    Raises `OutcomeError` for a file that is there or is no page, `ScenarioError` for what the
    scenario or its world does not have, and `SolveError` where a world without deficits was not
    found.
    """
    if path.suffix.lower() != ".html":
        raise OutcomeError(f"a desk is a page; give {path} the suffix '.html'.")
    refuse_existing(path)
    scenario = load_scenario(reference, on_baseline(overrides, baseline))
    command = command_of_run(reference, overrides, baseline)
    page = desk_page(scenario, baselines.load_baseline(scenario.baseline), command)
    write_text(page, path)
    return path
