"""The verb: a scenario on a baseline gives an outcome."""

from dataclasses import replace
from typing import TYPE_CHECKING

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from ._core import nearest, ScenarioError, Status
from .equilibrium import measures, solve
from .outcome import label
from .scenario import compile_shock, OF_THE_BASELINE, Scenario
from .world import Baseline, Economy, Shock


if TYPE_CHECKING:
    import xarray as xr


def simulate(baseline: Baseline, scenario: Scenario) -> "xr.Dataset":
    """Play a scenario on a baseline.

    The outcome says in `status` whether an equilibrium was found; where it was not, its numbers are
    missing. Beside the welfare of the elasticities in use stands that of every other set the
    baseline carries. Raises `ScenarioError` for a name that the baseline does not have.
    """
    chosen = with_elasticities(baseline, scenario.elasticities)
    shock = compile_shock(scenario, chosen)
    welfare = _welfare_by_publication(chosen, shock)
    return label(chosen, scenario, shock, solve(chosen.economy, shock), welfare)


def with_elasticities(baseline: Baseline, publication: str) -> Baseline:
    """The baseline with the trade elasticities of a publication in place of its own."""
    if publication == OF_THE_BASELINE:
        return baseline
    published = baseline.published_elasticities
    if publication not in published:
        valid = nearest(publication, [OF_THE_BASELINE, *published])
        raise ScenarioError(f"'{publication}' is not a set of elasticities here; {valid}")
    about = {**baseline.about, "elasticities": f"{publication}, as published"}
    economy = _replaced(baseline.economy, published[publication])
    return replace(baseline, economy=economy, about=about)


def _welfare_by_publication(baseline: Baseline, shock: Shock) -> dict[str, Float[np.ndarray, " n"]]:
    """Percent, exact; one solve each, all through the same compiled code."""
    found = {}
    for publication, theta in baseline.published_elasticities.items():
        economy = _replaced(baseline.economy, theta)
        solution = solve(economy, shock)
        solved = Status.of(int(solution.status)) is Status.SOLVED
        welfare = np.asarray(measures(economy, solution)["welfare"])
        found[publication] = welfare if solved else np.full_like(welfare, np.nan)
    return found


def _replaced(economy: Economy, theta: Float[np.ndarray, " s"]) -> Economy:
    return eqx.tree_at(lambda world: world.trade_elasticity, economy, jnp.asarray(theta))
