"""The verb: a scenario on a baseline gives an outcome."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from ._core import nearest, ScenarioError, SolveError, Status, with_minus
from .adjustment import closure_of, staggers, with_horizon
from .closure import Closure
from .coded import in_codes, names_of
from .equilibrium import (
    balanced,
    Equilibrium,
    in_first_year,
    in_next_year,
    measures,
    solve,
    solved,
    without_deficits,
)
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


def _with_wedges(outcome: "xr.Dataset", wedges: Found | None) -> "xr.Dataset":
    """The outcome with the sizes of the wedges that were found among its assumptions."""
    if wedges is None:
        return outcome
    said = [*json.loads(outcome.attrs["assumptions"]), *map(with_minus, wedges.in_words())]
    return outcome.assign_attrs(assumptions=json.dumps(said))


def simulate_years(
    baseline: Baseline, scenario: Scenario, years: Sequence[int]
) -> "Iterator[xr.Dataset]":
    """Play a scenario year after year: each year begins with the suppliers that the last one left.

    Buyers choose suppliers anew part by part, and labour loosens at their pace from the first year
    in which a policy is in effect, also where that is before the first of `years`, which ascend. In
    the short run, and where the scenario fixes the elasticities,
    nothing is left from one year to the next. Other elasticities have paths of their own.
    """
    scenario = in_codes(scenario, names_of(baseline))
    if not is_year_after_year(scenario):
        for year in years:
            yield simulate(baseline, scenario.model_copy(update={"year": year}))
        return
    begun: dict[str, Closure] = {}
    dates = [year for policy in scenario.in_force.values() for year in policy.dates]
    for year in range(min([years[0], *dates]), years[-1] + 1):
        dated = scenario.model_copy(update={"year": year})
        played, solution = _year_after(baseline, dated, begun)
        welfare = {
            publication: _welfare_after(baseline, dated, begun, publication)
            for publication in baseline.published_elasticities
        }
        if year in years:
            outcome = label(played.baseline, dated, played.shock, solution, welfare, played.closure)
            yield _with_wedges(outcome, played.found)


def is_year_after_year(scenario: Scenario) -> bool:
    """Whether the years of a path follow from one another; else each is on its own."""
    return scenario.horizon != "short" and staggers(scenario.adjustment, 1)


def _year_after(
    baseline: Baseline, dated: Scenario, begun: dict[str, Closure], publication: str | None = None
) -> "tuple[Play, Equilibrium]":
    """One year from where `begun` says the last ended, and then says this one does."""
    chosen = {} if publication is None else {"elasticities": publication}
    path = publication or ""
    played = prepare(baseline, dated.model_copy(update={"horizon": 1, **chosen}), begun.get(path))
    closure = begun.get(path) or in_first_year(played.closure, played.economy)
    solution = solve(played.economy, played.shock, closure)
    # Before anything happens no clock runs.
    if path in begun or any(policy.in_effect(dated.year) for policy in dated.in_force.values()):
        begun[path] = in_next_year(closure, solution)
    return replace(played, closure=closure), solution


def _welfare_after(
    baseline: Baseline, dated: Scenario, begun: dict[str, Closure], publication: str
) -> Float[np.ndarray, " n"]:
    """Welfare of one year with a publication's elasticities; missing where nothing is found."""
    try:
        return _welfare(*_year_after(baseline, dated, begun, publication))
    except SolveError:
        return np.full(len(baseline.countries), np.nan)


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

    @property
    def stated(self) -> list[str]:
        """The policies that state quantities; who plays the shock again holds their wedges."""
        return [] if self.found is None else list(dict.fromkeys(self.found.names))


def prepare(baseline: Baseline, scenario: Scenario, begun: Closure | None = None) -> Play:
    """The arrays that a scenario means on a baseline, or in a year that others have `begun`.

    Raises `ScenarioError` for a name the baseline does not have, and `SolveError` where deficits
    are to be removed and no world without them is found, or no wedge that brings about a quantity.
    """
    given = with_elasticities(baseline, scenario.elasticities)
    given = with_horizon(given, scenario.adjustment, scenario.horizon)
    closure = begun or closure_of(scenario.adjustment, scenario.horizon, given)
    chosen = given
    if scenario.adjustment.deficits == "removed":
        # Alternative flows have deficits; draws remove them from the flows of each draw.
        balanced_world = without_deficits(chosen.economy, closure)
        chosen = replace(chosen, economy=balanced_world, alternative_trade=None)
    chosen = with_potential(scenario, chosen)
    shock = compile_shock(scenario, chosen)
    wedges = find(scenario, chosen, shock, closure)
    in_force = shock if wedges is None else wedges.shock
    return Play(chosen, in_force, closure, given.economy, wedges)


def derive(scenario: Scenario, baseline: Baseline, economy: Economy) -> tuple[Economy, Closure]:
    """The economy and closure under the scenario's settings, differentiable in the given one."""
    given = replace(baseline, economy=economy)
    closure = closure_of(scenario.adjustment, scenario.horizon, given)
    if scenario.adjustment.deficits == "removed":
        given = replace(given, economy=balanced(economy, closure)[0])
    return with_potential(scenario, given).economy, closure


def refuse_years(scenario: Scenario, what: str) -> None:
    """Raise `ScenarioError` where a question has no answer after a number of years."""
    if not isinstance(scenario.horizon, str):
        raise ScenarioError(
            f"{what} in the long or the short run, not after a number of years: "
            f"'horizon' is {scenario.horizon}; ask for 'long' or 'short'."
        )


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
        by_publication[publication] = _welfare(played, solution)
    return by_publication


def _welfare(played: Play, solution: Equilibrium) -> Float[np.ndarray, " n"]:
    """Exact, in percent; missing where there is no solution."""
    welfare = np.asarray(measures(played.economy, solution)["welfare"])
    missing = int(solution.status) != Status.SOLVED.code
    return np.full_like(welfare, np.nan) if missing else welfare


def _replaced(economy: Economy, theta: Float[np.ndarray, " s"]) -> Economy:
    return eqx.tree_at(lambda world: world.trade_elasticity, economy, jnp.asarray(theta))
