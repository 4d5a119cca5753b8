"""The verb: a scenario on a baseline gives an outcome."""

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from ._core import nearest, ScenarioError, SolveError, Status, with_minus
from .adjustment import closure_of, with_horizon
from .closure import Closure
from .coded import in_codes, names_of
from .equilibrium import balanced, measures, solve, solved, without_deficits
from .given_elasticities import GivenElasticities
from .outcome import label
from .quantities import find, Found
from .scenario import compile_shock, OF_THE_BASELINE, OWN_ESTIMATES, Scenario, with_potential
from .selection import industries
from .world import Baseline, Economy, Shock


if TYPE_CHECKING:
    import xarray as xr


def simulate(baseline: Baseline, scenario: Scenario) -> "xr.Dataset":
    """Play a scenario on a baseline.

    The outcome says in `status` whether an equilibrium was found; where it was not, its numbers are
    missing. Beside the welfare of the elasticities in use stands that of every other set the
    baseline carries. Raises `ScenarioError` for a name that the baseline does not have.
    """
    scenario = in_codes(scenario, names_of(baseline))
    played = prepare(baseline, scenario)
    solution = solve(played.economy, played.shock, played.closure)
    outcome = label(
        played.baseline, scenario, played.shock, solution, _by_publication(baseline, scenario),
        played.closure,
    )  # fmt: skip
    return _with_wedges(outcome, played.found)


def _with_wedges(outcome: "xr.Dataset", found: Found | None) -> "xr.Dataset":
    """The outcome with the sizes of the wedges that were found among its assumptions."""
    if found is None:
        return outcome
    said = [*json.loads(outcome.attrs["assumptions"]), *map(with_minus, found.in_words())]
    return outcome.assign_attrs(assumptions=json.dumps(said))


@dataclass(frozen=True)
class Play:
    """A scenario on its baseline as the engine takes it."""

    baseline: Baseline
    """With the elasticities and the horizon of the scenario, its deficits and potential trade."""
    shock: Shock
    closure: Closure
    given: Economy
    """Before deficits are removed and potential trade is added."""
    found: Found | None = None
    """The wedges of policies that state quantities, which are in the shock; None without any."""

    @property
    def economy(self) -> Economy:
        return self.baseline.economy


def prepare(baseline: Baseline, scenario: Scenario) -> Play:
    """The arrays that a scenario means on a baseline.

    Raises `ScenarioError` for a name the baseline does not have, and `SolveError` where deficits
    are to be removed and no world without them is found, or no wedge that brings about a quantity.
    """
    given = with_elasticities(baseline, scenario.elasticities)
    given = with_horizon(given, scenario.adjustment, scenario.horizon)
    closure, chosen = closure_of(scenario.adjustment, scenario.horizon, given), given
    if scenario.adjustment.deficits == "removed":
        # Alternative flows have deficits; draws remove them from the flows of each draw.
        balanced_world = without_deficits(chosen.economy, closure)
        chosen = replace(chosen, economy=balanced_world, alternative_trade=None)
    chosen = with_potential(scenario, chosen)
    shock = compile_shock(scenario, chosen)
    found = find(scenario, chosen, shock, closure)
    return Play(chosen, shock if found is None else found.shock, closure, given.economy, found)


def derive(scenario: Scenario, baseline: Baseline, economy: Economy) -> tuple[Economy, Closure]:
    """The economy and closure under the scenario's settings, differentiable in the given one."""
    given = replace(baseline, economy=economy)
    closure = closure_of(scenario.adjustment, scenario.horizon, given)
    if scenario.adjustment.deficits == "removed":
        given = replace(given, economy=balanced(economy, closure)[0])
    return with_potential(scenario, given).economy, closure


def require_solution(played: Play) -> None:
    """Raise `SolveError` where there is no equilibrium to ask questions about."""
    solved(played.economy, played.shock, played.closure)


def with_elasticities(baseline: Baseline, publication: str | GivenElasticities) -> Baseline:
    """The baseline with the trade elasticities of a publication, or given, in place of its own."""
    if isinstance(publication, GivenElasticities):
        lines = publication.in_order(industries(baseline))
        economy = _replaced(baseline.economy, np.array([line.elasticity for line in lines]))
        about = {**baseline.about, "elasticities": str(publication)}
        return replace(baseline, economy=economy, about=about)
    if publication == OF_THE_BASELINE:
        return baseline
    published = baseline.published_elasticities
    if publication == OWN_ESTIMATES and publication not in published:
        return _with_own_estimates(baseline)
    if publication not in published:
        valid = nearest(publication, [OF_THE_BASELINE, OWN_ESTIMATES, *published])
        raise ScenarioError(f"'{publication}' is not a set of elasticities here; {valid}")
    about = {**baseline.about, "elasticities": f"{publication}, as published"}
    economy = _replaced(baseline.economy, published[publication])
    return replace(baseline, economy=economy, about=about)


def _with_own_estimates(baseline: Baseline) -> Baseline:
    # Loaded here: reading tables takes a second that other scenarios need not wait for.
    from .calibrate.own_elasticities import about_own, own_elasticities

    economy = _replaced(baseline.economy, own_elasticities(baseline))
    return replace(baseline, economy=economy, about={**baseline.about, "elasticities": about_own()})


def _by_publication(baseline: Baseline, scenario: Scenario) -> dict[str, Float[np.ndarray, " n"]]:
    """Welfare in percent, exact, of a run with each publication's elasticities in turn."""
    by_publication = {}
    for publication in baseline.published_elasticities:
        try:
            played = prepare(baseline, scenario.model_copy(update={"elasticities": publication}))
        except SolveError:
            by_publication[publication] = np.full(len(baseline.countries), np.nan)
            continue
        solution = solve(played.economy, played.shock, played.closure)
        welfare = np.asarray(measures(played.economy, solution)["welfare"])
        missing = int(solution.status) != Status.SOLVED.code
        by_publication[publication] = np.full_like(welfare, np.nan) if missing else welfare
    return by_publication


def _replaced(economy: Economy, theta: Float[np.ndarray, " s"]) -> Economy:
    return eqx.tree_at(lambda world: world.trade_elasticity, economy, jnp.asarray(theta))
