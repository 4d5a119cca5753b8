"""The verb: a scenario on a baseline gives an outcome."""

from typing import TYPE_CHECKING

from .equilibrium import solve
from .outcome import label
from .scenario import compile_shock, Scenario
from .world import Baseline


if TYPE_CHECKING:
    import xarray as xr


def simulate(baseline: Baseline, scenario: Scenario) -> "xr.Dataset":
    """Play a scenario on a baseline.

    The outcome says in `status` whether an equilibrium was found; where it was not, its numbers are
    missing. Raises `ScenarioError` for a name that the baseline does not have.
    """
    shock = compile_shock(scenario, baseline)
    return label(baseline, scenario, shock, solve(baseline.economy, shock))
