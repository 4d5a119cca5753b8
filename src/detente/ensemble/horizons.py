"""The other horizon beside an answer's own: the first year beside the long run, or that beside it.

A horizon is a question and no guess, so it is in no interval; both are answered instead.
"""

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from .._core import SolveError, Status
from ..adjustment import Horizon
from ..equilibrium import measures, solve
from ..outcome import with_optional
from ..scenario import Scenario
from ..simulation import passing, prepare
from ..world import Baseline


if TYPE_CHECKING:
    import xarray as xr


FIRST_YEAR = 1


def other_horizon(scenario: Scenario) -> Horizon | None:
    """The first year for the long run, and the long run for any other horizon.

    None where the settings make both the same or have no years, and where a policy passes within a
    year: it has no long run.
    """
    adjustment = scenario.adjustment
    if adjustment.capital != "fixed" or adjustment.pass_through != 1:
        return None
    fixed = adjustment.kappa is not None and adjustment.relative_elasticity is not None
    if fixed and adjustment.wage_floor is None:
        return None
    if scenario.horizon == "long":
        return FIRST_YEAR
    return None if passing(scenario) else "long"


def with_other_horizon(
    outcome: "xr.Dataset", baseline: Baseline, scenario: Scenario
) -> "xr.Dataset":
    """The outcome with each country's welfare at the other horizon, percent, exact.

    Every assumption is the scenario's own. The numbers are missing where nothing is solved there.
    """
    horizon = other_horizon(scenario)
    if horizon is None or not outcome.attrs["solved"]:
        return outcome
    welfare = _welfare(baseline, scenario.model_copy(update={"horizon": horizon}))
    whole = with_optional(outcome, baseline, {"welfare_other_horizon": welfare})
    return whole.assign_attrs(other_horizon=str(horizon))


def _welfare(baseline: Baseline, scenario: Scenario) -> Float[np.ndarray, " n"]:
    try:
        played = prepare(baseline, scenario)
    except SolveError:
        return np.full(len(baseline.countries), np.nan)
    solution = solve(played.economy, played.shock, played.closure)
    welfare = np.asarray(measures(played.economy, solution)["welfare"])
    return welfare if int(solution.status) == Status.SOLVED.code else np.full_like(welfare, np.nan)
