"""Monte Carlo draws, as arrays, of the ten assumptions that may be uncertain in a scenario."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from .._core import ScenarioError
from ..adjustment import Adjustment, binds_wages, DISCOUNT_RATE, staggers
from ..given_elasticities import GivenElasticities
from ..pace import MIDDLE
from ..policy import PARAMETERS
from ..scenario import Scenario
from ..selection import industries
from ..simulation import with_elasticities
from ..uncertainty import Assumption, Holder, Uncertainty
from ..world import Baseline


OWN_HOLDER = 0
"""The code of the rents' holders that the scenario names."""
MANY_FLOWS = 100_000
"""Flows of a world in which draws take minutes."""
HOLDERS: dict[Holder, int] = {"importer": 1, "exporter": 2, "nobody": 3}


class Draws(eqx.Module):
    """Values of the assumptions, one for each draw. What is not drawn is the scenario's own."""

    elasticity: Float[Array, "d s"]
    """Factor on the trade elasticities of the scenario, before the horizon's; 1 is its own."""
    nearly_long_run: Float[Array, " d"]
    """The year of a policy by which trade elasticities are nearly those of the long run."""
    rent_holder: Int[Array, " d"]
    """A code of `HOLDERS` for every mark-up, or `OWN_HOLDER`."""
    home_elasticity: Float[Array, " d"]
    """Between home and foreign goods, over the sector's trade elasticity."""
    nest_elasticity: Float[Array, " d"]
    """Factor on the relative elasticity of the scenario's nests; 1 is its own."""
    size: Float[Array, " d"]
    """Multiple of every policy; 1 is its own."""
    line_average: Float[Array, " d"]
    """0 is the tariffs of the baseline and 1 their line averages."""
    alternative: Float[Array, " d"]
    """0 is the flows of the baseline and 1 its alternative ones."""
    lowest_wage: Float[Array, " d"]
    """The least that a wage may be over what it was, where there is a floor."""
    bottleneck: dict[str, Float[Array, " d"]]
    """Where in its range each parameter of every bottleneck is, 0 to 1; a half is its own."""
    discount_rate: Float[Array, " d"]
    """Net return that owners of produced capital ask for."""
    capital_share: Float[Array, " d"]
    """Multiple of capital's share of value added; 1 is its own."""
    assumptions: tuple[Assumption, ...] = eqx.field(static=True)
    """Those that are drawn; the others are the same in all draws."""
    level: float = eqx.field(static=True, default=0.9)
    """The part of the draws that an interval holds."""
    whole: tuple[str, ...] = eqx.field(static=True, default=())
    """Wedges of the shock that have one size in every draw, such as a tariff that is law."""

    def __len__(self) -> int:
        return len(self.size)

    def at(self, chosen: Int[np.ndarray, " e"]) -> "Draws":
        """The draws at those positions."""
        return jax.tree.map(lambda leaf: leaf[chosen], self)

    def alone(self, assumption: Assumption, central: "Draws") -> "Draws":
        """That assumption as drawn, and all others as in the one draw of `central`."""
        drawn = _FIELDS[assumption]
        repeated = central.at(np.zeros(len(self), int))
        return replace(repeated, **{name: getattr(self, name) for name in drawn})

    def ranked(self, assumption: Assumption) -> Int[np.ndarray, " d"]:
        """The positions of the draws in ascending order of that assumption.

        One that has several numbers is ordered by the first, and by its mean over sectors.
        """
        first = getattr(self, _FIELDS[assumption][0])
        first = np.asarray(first[PARAMETERS[0]] if isinstance(first, dict) else first)
        size = np.log(first).mean(axis=1) if first.ndim == 2 else first
        return np.argsort(size, kind="stable")


_FIELDS: dict[Assumption, tuple[str, ...]] = {
    "elasticities": ("elasticity",),
    "pace": ("nearly_long_run",),
    "rents": ("rent_holder",),
    "nests": ("home_elasticity", "nest_elasticity"),
    "size": ("size",),
    "tariffs": ("line_average",),
    "services_split": ("alternative",),
    "wage_floor": ("lowest_wage",),
    "bottlenecks": ("bottleneck",),
    "capital": ("capital_share", "discount_rate"),
}


def sample(
    scenario: Scenario | Sequence[Scenario],
    baseline: Baseline,
    uncertainty: Uncertainty | None = None,
) -> Draws:
    """The draws that a scenario declares, or those of `uncertainty` around it.

    Several scenarios share their draws; they must share their settings too, and the first one's
    uncertainty is used. Same seed, same draws, whatever the world's countries; more draws begin
    with the same ones. Raises `ScenarioError` where no draws are asked for.
    """
    scenarios = [scenario] if isinstance(scenario, Scenario) else list(scenario)
    first = scenarios[0]
    asked = first.uncertainty if uncertainty is None else uncertainty
    if asked.draws < 2:
        raise ScenarioError("'uncertainty.draws' is 0: an interval needs 2 draws or more.")
    drawn = assumptions_of(scenarios, asked, baseline)
    own = central(first, baseline, asked)
    repeated = own.at(np.zeros(asked.draws, int))
    samples: dict[str, Any] = {}
    for assumption in drawn:
        samples |= _SAMPLED[assumption](first, baseline, asked)
    values = jax.tree.map(jnp.asarray, samples)
    return replace(repeated, **values, assumptions=drawn)


def central(
    scenario: Scenario, baseline: Baseline, uncertainty: Uncertainty | None = None
) -> Draws:
    """One draw in which every assumption is the scenario's own."""
    asked = scenario.uncertainty if uncertainty is None else uncertainty
    one, floor = jnp.ones(1), scenario.adjustment.wage_floor
    return Draws(
        elasticity=jnp.ones((1, len(baseline.sectors))),
        nearly_long_run=MIDDLE * one,
        rent_holder=jnp.full(1, OWN_HOLDER),
        home_elasticity=jnp.full(1, float(scenario.adjustment.home_relative_elasticity)),
        nest_elasticity=one,
        size=one,
        line_average=jnp.zeros(1),
        alternative=jnp.zeros(1),
        lowest_wage=one if floor is None else floor.lowest * one,
        bottleneck={name: jnp.full(1, 0.5) for name in PARAMETERS},
        discount_rate=(scenario.adjustment.discount_rate or DISCOUNT_RATE) * one,
        capital_share=one,
        assumptions=(),
        level=asked.level,
    )


def assumptions_of(
    scenarios: Sequence[Scenario], asked: Uncertainty, baseline: Baseline
) -> tuple[Assumption, ...]:
    """The assumptions that these scenarios make and that may be drawn."""
    first = scenarios[0]
    adjustment = first.adjustment
    policies = [policy for one in scenarios for policy in one.in_force.values()]
    made: dict[Assumption, bool] = {
        "elasticities": _are_uncertain(first, baseline, asked),
        "pace": staggers(adjustment, first.horizon)
        and asked.nearly_long_run[0] < asked.nearly_long_run[1],
        "rents": any(policy.kind == "rationing" for policy in policies),
        "nests": draws_home(adjustment, asked)
        or bool(adjustment.nests and asked.nest_deviation > 0),
        "size": any(policy.kind != "bottleneck" for policy in policies)
        and asked.size != (1.0, 1.0),
        "tariffs": _differs(baseline.line_average_tariff, baseline.economy.tariff),
        "services_split": _differs(baseline.alternative_trade, baseline.economy.trade),
        "wage_floor": binds_wages(adjustment, first.horizon)
        and asked.wage_floor[0] < asked.wage_floor[1],
        "bottlenecks": any(policy.kind == "bottleneck" for policy in policies),
        "capital": adjustment.capital == "produced"
        and any(getattr(adjustment, name) is None for name in _OF_CAPITAL),
    }
    return tuple(name for name, is_made in made.items() if is_made and name not in asked.hold)


def _are_uncertain(scenario: Scenario, baseline: Baseline, asked: Uncertainty) -> bool:
    """Whether the trade elasticities are: those of a file as far as it says so itself."""
    if isinstance(scenario.elasticities, GivenElasticities):
        return scenario.elasticities.uncertain
    several = asked.published_elasticities and len(elasticity_sets(scenario, baseline)) > 1
    return asked.elasticity_deviation > 0 or several


def elasticity_sets(scenario: Scenario, baseline: Baseline) -> dict[str, Float[np.ndarray, " s"]]:
    """The scenario's long-run trade elasticities, and the other sets that may be right instead."""
    own = with_elasticities(baseline, scenario.elasticities)
    every = {
        str(scenario.elasticities): np.asarray(own.economy.trade_elasticity),
        "baseline": np.asarray(baseline.economy.trade_elasticity),
        **{name: np.asarray(values) for name, values in baseline.published_elasticities.items()},
    }
    kept: dict[str, Float[np.ndarray, " s"]] = {}
    for name, values in every.items():
        if not any(np.array_equal(values, other) for other in kept.values()):
            kept[name] = values
    return kept


def affordable(scenario: Scenario, baseline: Baseline) -> Uncertainty:
    """The scenario's uncertainty; no draws on a large world, unless the scenario asks for them."""
    asked = scenario.uncertainty
    if baseline.economy.trade.size <= MANY_FLOWS or "draws" in asked.model_fields_set:
        return asked
    return asked.model_copy(update={"draws": 0})


def draws_home(adjustment: Adjustment, asked: Uncertainty) -> bool:
    return adjustment.home_relative_elasticity == 1.0 and asked.home_relative_elasticity != (1, 1)


def _differs(other: Float[np.ndarray, "o d s"] | None, own: Float[Array, "o d s"]) -> bool:
    return other is not None and not np.array_equal(other, own)


def _stream(asked: Uncertainty, position: int) -> np.random.Generator:
    """A random stream for each assumption, so that fixing one leaves the draws of the others."""
    return np.random.default_rng([asked.seed, position])


def _elasticities(
    scenario: Scenario, baseline: Baseline, asked: Uncertainty
) -> dict[str, np.ndarray]:
    if isinstance(scenario.elasticities, GivenElasticities):
        return _given(scenario.elasticities, baseline, asked)
    sets = list(elasticity_sets(scenario, baseline).values())
    among = len(sets) if asked.published_elasticities else 1
    chosen = (_stream(asked, 0).random(asked.draws) * among).astype(int)
    common = np.exp(asked.elasticity_deviation * _stream(asked, 1).standard_normal(asked.draws))
    return {"elasticity": (np.stack(sets) / sets[0])[chosen] * common[:, None]}


def _given(
    given: GivenElasticities, baseline: Baseline, asked: Uncertainty
) -> dict[str, np.ndarray]:
    """Factors whose product with theta is log-normal, with theta as its mean and the standard error
    as its standard deviation; sectors apart."""
    lines = given.in_order(industries(baseline))
    ratio = np.array([(line.standard_error or 0.0) / line.elasticity for line in lines])
    variance = np.log1p(ratio**2)
    drawn = _stream(asked, 1).standard_normal((asked.draws, len(lines)))
    return {"elasticity": np.exp(np.sqrt(variance) * drawn - variance / 2)}


def _pace(scenario: Scenario, baseline: Baseline, asked: Uncertainty) -> dict[str, np.ndarray]:
    low, high = asked.nearly_long_run
    return {"nearly_long_run": low + (high - low) * _stream(asked, 2).random(asked.draws)}


def _rents(scenario: Scenario, baseline: Baseline, asked: Uncertainty) -> dict[str, np.ndarray]:
    codes = np.array([HOLDERS[holder] for holder in asked.rents])
    chosen = (_stream(asked, 3).random(asked.draws) * len(codes)).astype(int)
    return {"rent_holder": codes[chosen]}


def _nests(scenario: Scenario, baseline: Baseline, asked: Uncertainty) -> dict[str, np.ndarray]:
    samples: dict[str, np.ndarray] = {}
    if draws_home(scenario.adjustment, asked):
        low, high = asked.home_relative_elasticity
        samples["home_elasticity"] = low + (high - low) * _stream(asked, 4).random(asked.draws)
    if scenario.adjustment.nests:
        factor = asked.nest_deviation * _stream(asked, 5).standard_normal(asked.draws)
        samples["nest_elasticity"] = np.exp(factor)
    return samples


def _size(scenario: Scenario, baseline: Baseline, asked: Uncertainty) -> dict[str, np.ndarray]:
    low, high = asked.size
    return {"size": low + (high - low) * _stream(asked, 6).random(asked.draws)}


def _tariffs(scenario: Scenario, baseline: Baseline, asked: Uncertainty) -> dict[str, np.ndarray]:
    """Half of the draws take the levied rates, the better estimate; the others lie in between."""
    drawn = _stream(asked, 7).random(asked.draws)
    return {"line_average": np.maximum(2.0 * drawn - 1.0, 0.0)}


def _services_split(
    scenario: Scenario, baseline: Baseline, asked: Uncertainty
) -> dict[str, np.ndarray]:
    return {"alternative": _stream(asked, 8).random(asked.draws)}


def _wage_floor(
    scenario: Scenario, baseline: Baseline, asked: Uncertainty
) -> dict[str, np.ndarray]:
    low, high = asked.wage_floor
    return {"lowest_wage": low + (high - low) * _stream(asked, 10).random(asked.draws)}


def _bottlenecks(
    scenario: Scenario, baseline: Baseline, asked: Uncertainty
) -> dict[str, dict[str, np.ndarray]]:
    """One place for each parameter, the same for all items: where one is slow, all are."""
    places = _stream(asked, 9).random((asked.draws, len(PARAMETERS)))
    return {"bottleneck": dict(zip(PARAMETERS, places.T, strict=True))}


_OF_CAPITAL = ("discount_rate", "capital_share")


def _capital(scenario: Scenario, baseline: Baseline, asked: Uncertainty) -> dict[str, np.ndarray]:
    """What the scenario sets itself is not drawn."""
    samples: dict[str, np.ndarray] = {}
    for position, name in enumerate(_OF_CAPITAL, start=11):
        if getattr(scenario.adjustment, name) is None:
            low, high = getattr(asked, name)
            drawn = _stream(asked, position).random(asked.draws)
            samples[name] = low + (high - low) * drawn
    return samples


_SAMPLED = {
    "elasticities": _elasticities,
    "pace": _pace,
    "rents": _rents,
    "nests": _nests,
    "size": _size,
    "tariffs": _tariffs,
    "services_split": _services_split,
    "wage_floor": _wage_floor,
    "bottlenecks": _bottlenecks,
    "capital": _capital,
}
