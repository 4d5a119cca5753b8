"""The verb: a scenario on a baseline gives an outcome."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ._core import nearest, ScenarioError, SolveError, Status, with_minus
from .adjustment import closure_of, staggers, with_horizon
from .capital import ATTRIBUTION as CAPITAL_SOURCES, produced_capital
from .closure import Closure, ProducedCapital
from .coded import in_codes, names_of
from .equilibrium import (
    balanced,
    Equilibrium,
    follow_capital,
    in_first_year,
    in_next_year,
    in_steady_state,
    measures,
    solve,
    solved,
    Transition,
    without_deficits,
)
from .given_elasticities import GivenElasticities
from .outcome import label, with_optional
from .quantities import find, Found
from .scenario import compile_shock, OF_THE_BASELINE, OWN_ESTIMATES, Scenario, with_potential
from .selection import industries
from .sourcing import with_sourcing
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
    return _with_wedges(_with_transition(outcome, played), played.found)


def _with_transition(outcome: "xr.Dataset", played: "Play") -> "xr.Dataset":
    """The outcome with what the way to the steady state is worth, where capital is produced."""
    way = transition(played)
    if way is None:
        return outcome
    missing = int(way.status) != Status.SOLVED.code
    percent = lambda hat: np.full(len(hat), np.nan) if missing else 100 * (np.asarray(hat) - 1)
    values = {
        "welfare_with_transition": percent(way.welfare_hat),
        "welfare_at_first": percent(way.consumption_hat[0]),
    }
    return with_optional(outcome, played.baseline, values)


def transition(played: "Play") -> Transition | None:
    """The years on the way to the steady state; None where capital is fixed."""
    produced = played.produced
    if produced is None:
        return None
    return follow_capital(
        played.economy, played.shock, played.closure,
        depreciation=produced.depreciation, discount_rate=produced.discount_rate,
    )  # fmt: skip


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
    span = range(min([years[0], *dates]), years[-1] + 1)
    wedges = _wedges_of(baseline, scenario, span)
    for year in span:
        dated = scenario.model_copy(update={"year": year})
        played, solution = _year_after(baseline, dated, begun, wedges)
        welfare = {
            publication: _welfare_after(baseline, dated, begun, wedges, publication)
            for publication in baseline.published_elasticities
        }
        if year in years:
            outcome = label(played.baseline, dated, played.shock, solution, welfare, played.closure)
            yield _with_wedges(outcome, played.found)


def _wedges_of(baseline: Baseline, scenario: Scenario, span: Sequence[int]) -> dict[str, Array]:
    """Every kind of wedge that the policies have in any year: one program then solves all years."""
    bare = scenario.model_copy(update={"policies": {}, "horizon": 1})
    world = with_potential(scenario, prepare(baseline, bare).baseline)
    wedges: dict[str, Array] = {}
    for year in span:
        wedges |= compile_shock(scenario.model_copy(update={"year": year}), world).neutral()
    return wedges


def solve_years(
    baseline: Baseline, scenario: Scenario, years: int
) -> "Iterator[tuple[Play, Equilibrium]]":
    """The first `years` of a scenario's policies, one after the other, each whole in every year.

    The last of them is the answer at that horizon (`Staggered.years`); one program solves all.
    """
    begun: dict[str, Closure] = {}
    for year in range(1, years + 1):
        if staggers(scenario.adjustment, year):
            yield _year_after(baseline, scenario, begun, {})
        else:
            played = prepare(baseline, scenario.model_copy(update={"horizon": year}))
            yield played, solve(played.economy, played.shock, played.closure)


def is_year_after_year(scenario: Scenario) -> bool:
    """Whether the years of a path follow from one another; else each is on its own."""
    return scenario.horizon != "short" and staggers(scenario.adjustment, 1)


def _year_after(
    baseline: Baseline,
    dated: Scenario,
    begun: dict[str, Closure],
    wedges: dict[str, Array],
    publication: str | None = None,
) -> "tuple[Play, Equilibrium]":
    """One year from where `begun` says the last ended, and then says this one does."""
    chosen = {} if publication is None else {"elasticities": publication}
    path = publication or ""
    played = prepare(baseline, dated.model_copy(update={"horizon": 1, **chosen}), begun.get(path))
    closure = begun.get(path) or in_first_year(played.closure, played.economy)
    shock = played.shock.filled(wedges)
    solution = solve(played.economy, shock, closure)
    # Before anything happens no clock runs.
    if path in begun or any(policy.in_effect(dated.year) for policy in dated.in_force.values()):
        begun[path] = in_next_year(closure, solution)
    return replace(played, closure=closure), solution


def _welfare_after(
    baseline: Baseline,
    dated: Scenario,
    begun: dict[str, Closure],
    wedges: dict[str, Array],
    publication: str,
) -> Float[np.ndarray, " n"]:
    """Welfare of one year with a publication's elasticities; missing where nothing is found."""
    try:
        return _welfare(*_year_after(baseline, dated, begun, wedges, publication))
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
    """Before capital is produced, deficits are removed and potential trade is added."""
    found: Found | None = None
    """The wedges of policies that state quantities, which are in the shock; None without any."""
    produced: ProducedCapital | None = None
    """What capital costs and is made of; None where it is fixed."""

    @property
    def economy(self) -> Economy:
        return self.baseline.economy

    @property
    def stated(self) -> list[str]:
        """The policies that state quantities; who plays the shock again holds their wedges."""
        return [] if self.found is None else list(dict.fromkeys(self.found.names))


def prepare(baseline: Baseline, scenario: Scenario, begun: Closure | None = None) -> Play:
    """The arrays that a scenario means on a baseline, or in a year that others have `begun`.

    Raises `ScenarioError` for a name the baseline does not have and for what passes within a year
    in the long run, and `SolveError` where deficits
    are to be removed and no world without them is found, or no wedge that brings about a quantity.
    """
    refuse_passing(scenario)
    given = with_elasticities(baseline, scenario.elasticities)
    given = with_horizon(given, scenario.adjustment, scenario.horizon)
    given = with_sourcing(given, scenario.adjustment.sourcing)
    closure = begun or closure_of(scenario.adjustment, scenario.horizon, given)
    produced = produced_capital(scenario.adjustment, scenario.horizon, given)
    chosen = given
    if produced is not None:
        sources = f"{chosen.about.get('source', '')}\n{CAPITAL_SOURCES}"
        chosen = replace(
            chosen,
            economy=in_steady_state(chosen.economy, produced),
            about={**chosen.about, "source": sources.strip()},
        )
    if scenario.adjustment.deficits == "removed":
        # Alternative flows have deficits; draws remove them from the flows of each draw.
        balanced_world = without_deficits(chosen.economy, closure)
        chosen = replace(chosen, economy=balanced_world, alternative_trade=None)
    chosen = with_potential(scenario, chosen)
    shock = compile_shock(scenario, chosen)
    wedges = find(scenario, chosen, shock, closure)
    in_force = shock if wedges is None else wedges.shock
    return Play(chosen, in_force, closure, given.economy, wedges, produced)


def derive(scenario: Scenario, baseline: Baseline, economy: Economy) -> tuple[Economy, Closure]:
    """The economy and closure under the scenario's settings, differentiable in the given one."""
    given = replace(baseline, economy=economy)
    closure = closure_of(scenario.adjustment, scenario.horizon, given)
    produced = produced_capital(scenario.adjustment, scenario.horizon, given)
    if produced is not None:
        given = replace(given, economy=in_steady_state(economy, produced))
        economy = given.economy
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


def passing(scenario: Scenario) -> str:
    """The first policy in force that is there for a year and then fades within one; else ""."""
    return next((name for name, one in scenario.in_force.items() if one.passes), "")


def refuse_passing(scenario: Scenario) -> None:
    """Raise `ScenarioError` where what passes within a year is to be played in the long run."""
    name = passing(scenario) if scenario.horizon == "long" else ""
    if name:
        raise ScenarioError(
            f"policy '{name}' is there for a year and half gone within another, so it has no long "
            "run: set `horizon` to 1, its first year, or to 'short'."
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
