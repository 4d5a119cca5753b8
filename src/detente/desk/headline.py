"""The sliders under the headline of a brief: the desk's model and its words, in another page."""

from pathlib import Path
from typing import Any

from .._core import ScenarioError, SolveError
from ..adjustment import Horizon
from ..ensemble.horizons import other_horizon
from ..report.section import Program
from .page import bundle, inert, OnDesk, policy_of
from .payload import payload


PAGE = ("pictures", "dom", "fields", "interval", "lead", "headline")
"""Modules behind those of the solver, in the order in which they stand in the page."""
MOST_FLOWS = 50_000
"""Of a world whose answer follows a slider, in a page that can be mailed."""
_HERE = Path(__file__).parent


def headline_of(asked: OnDesk) -> Program | None:
    """What moves the headline of the scenario's brief; None where nothing in it can be moved.

    That is where the policies have no sliders, where the desk refuses the scenario, and where the
    world has too many flows for a page. The sentences are those of a run at the positions, solved
    at its own horizon and at the one beside it; nothing is solved before a slider is touched.
    """
    if asked.baseline.economy.trade.size > MOST_FLOWS:
        return None
    try:
        carried = _carried(asked)
    except (ScenarioError, SolveError):
        return None
    if not carried["directions"]:
        return None
    script = bundle(PAGE)
    # The page it stands in has the style of every page already.
    style = "".join((_HERE / name).read_text("utf-8") for name in ("desk.css", "headline.css"))
    return Program(policy_of(script), style, inert(carried), script)


def _carried(asked: OnDesk) -> dict[str, Any]:
    scenario, there = asked.scenario, _beside(asked)
    made = payload(scenario, asked.baseline, asked.command, () if there is None else (there,))
    beside = str(there) if str(there) in made["horizons"] else None
    desk_command = asked.command.replace("detente run ", "detente desk ", 1)
    return {**made, "otherHorizon": beside, "deskCommand": desk_command}


def _beside(asked: OnDesk) -> Horizon | None:
    """The horizon that a run of the scenario answers beside its own; none of one without draws."""
    return other_horizon(asked.scenario) if asked.scenario.uncertainty.draws else None
