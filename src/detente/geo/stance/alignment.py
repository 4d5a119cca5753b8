"""A sender's tariff on a target that may align: the tariff that trade alone would set, and more.

After the question of Becko, Grossman and Helpman (NBER 34108), whose paper was read in abstract
only: the functional form here is ours, and nothing is claimed to replicate theirs.

A sender posts a tariff t on the target for as long as it does not align. The target aligns with
probability P(t) = Logistic((bias - 100 [ln W_K(t) - ln W_K(0)]) / spread), which rises with what
the tariff takes from it. The sender maximises 100 ln W_j(t) + lambda P(t), so that at its best

    100 d ln W_j / dt + lambda dP/dt = 0,

above the tariff that it would set for trade alone where the tariff hurts the target.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int
from scipy.optimize import root_scalar

from ..._core import ScenarioError, SolveError
from ..._ratios import SureRatio
from ...closure import Closure
from ...equilibrium import solve, welfare_hat
from ...scenario import Scenario, with_policies
from ...selection import Everyone, flows, Names, positions
from ...simulation import Play, prepare
from ...world import Baseline, Economy, Shock


# Of a rate.
TOLERANCE = 1e-8
HIGHEST = 3.0
"""Tariffs are looked for from zero up to this: 3 is 300 %."""
_STEPS = 13
# A step of the other sender's rate that is small, and large beside the tolerance of a rate.
_NUDGE = 1e-3


@dataclass(frozen=True)
class Alignment:
    """What the sender is after. All in percent of GDP of whom it is about."""

    weight: float = 0.0
    """lambda: what the target's alignment is worth to the sender."""
    bias: float = 0.0
    """What speaks for aligning beside the tariff, to the target."""
    spread: float = 1.0
    """sigma: how much of the target's choice is not known."""


@dataclass(frozen=True)
class AlignmentTariff:
    """The sender's best tariff and what it does; rates as fractions."""

    rate: float
    probability: float
    """Of alignment at that rate."""
    sender: float
    """100 times the log welfare of the sender where the tariff is levied."""
    target: float
    first_order: float
    """The derivative of the objective at the rate, which is zero there but for rounding."""


def alignment_tariff(
    baseline: Baseline,
    scenario: Scenario,
    sender: str,
    target: str,
    aim: Alignment,
    *,
    sectors: Names = ("goods",),
    exporters: Names | Everyone | None = None,
) -> AlignmentTariff:
    """The tariff that a sender posts for a target that does not align, in a scenario.

    Levied on the target's goods alone unless `exporters` names others. The first maximum from zero
    upwards is given: an optimum of one rate, which `equilibrium.targets` does not look for. Raises
    `SolveError` where the objective still rises at 300 %, and `ScenarioError` for names and for a
    spread that is not positive.
    """
    if not aim.spread > 0:
        raise ScenarioError(f"the spread must be more than zero, not {aim.spread:g}.")
    played = prepare(baseline, scenario)
    places = positions((sender, target), baseline.countries, f"country of {baseline.name}")
    cells = flows(
        played.baseline, (target,) if exporters is None else exporters, (sender,), sectors
    )
    curve = _curve(played, cells, places)
    slope = lambda rate: _objective_slope(curve, rate, aim)
    rates = np.linspace(0.0, HIGHEST, _STEPS)
    if slope(0.0) <= 0:
        best = 0.0
    else:
        falls = next((rate for rate in rates[1:] if slope(float(rate)) < 0), None)
        if falls is None:
            raise SolveError(f"the best tariff of {sender} is more than {100 * HIGHEST:.0f} %.")
        best = root_scalar(slope, bracket=(0.0, float(falls)), xtol=TOLERANCE).root
    worth, _ = curve(best)
    chance, _ = _probability(curve, best, aim)
    return AlignmentTariff(best, chance, float(worth[0]), float(worth[1]), slope(best))


def strategic_response(
    baseline: Baseline,
    scenario: Scenario,
    senders: tuple[str, str],
    target: str,
    aim: Alignment,
    *,
    rival_rate: float,
    sectors: Names = ("goods",),
) -> tuple[float, Literal["complements", "substitutes", "neither"]]:
    """How the first sender's best tariff answers the second's, by central differences.

    The second's tariff on the target stands before; the derivative is per unit of its rate. Above
    zero the two are strategic complements.
    """
    from ...policy import Tariff

    def best(rate: float) -> float:
        rival = Tariff(
            importers=(senders[1],), exporters=(target,), sectors=sectors, rate=SureRatio(rate)
        )
        changed = with_policies(scenario, {"rival": rival})
        return alignment_tariff(baseline, changed, senders[0], target, aim, sectors=sectors).rate

    slope = (best(rival_rate + _NUDGE) - best(rival_rate - _NUDGE)) / (2 * _NUDGE)
    if abs(slope) <= TOLERANCE / _NUDGE:
        return slope, "neither"
    return slope, "complements" if slope > 0 else "substitutes"


class _World(eqx.Module):
    economy: Economy
    shock: Shock
    closure: Closure


Curve = Callable[[float], tuple[np.ndarray, np.ndarray]]


def _curve(played: Play, cells: Bool[np.ndarray, "o d s"], places: list[int]) -> Curve:
    """100 log welfare of sender and target by the rate, and its derivative, each solved once."""
    chosen, pair = jnp.asarray(cells), jnp.asarray(places)
    world = _World(played.economy, played.shock, played.closure)

    @cache
    def at(rate: float) -> tuple[np.ndarray, np.ndarray]:
        value, slope = _welfare_and_slope(world, chosen, pair, jnp.asarray(rate))
        if not np.isfinite(np.asarray(value)).all():
            raise SolveError(f"no equilibrium was found at a tariff of {100 * rate:.4g} %.")
        return np.asarray(value), np.asarray(slope)

    return at


@eqx.filter_jit
def _welfare_and_slope(
    world: _World, cells: Bool[Array, "o d s"], pair: Int[Array, "2"], rate: Float[Array, ""]
) -> tuple[Float[Array, "2"], Float[Array, "2"]]:
    """By the implicit function theorem, forward: one more linear solve."""

    def welfare(rate: Float[Array, ""]) -> Float[Array, "2"]:
        shock = replace(world.shock, tariff=jnp.where(cells, rate, world.shock.tariff))
        equilibrium = solve(world.economy, shock, world.closure)
        return 100.0 * jnp.log(welfare_hat(world.economy, equilibrium))[pair]

    return jax.jvp(welfare, (rate,), (jnp.ones_like(rate),))


def _probability(curve: Curve, rate: float, aim: Alignment) -> tuple[float, float]:
    """P at a rate, and its derivative."""
    free, _ = curve(0.0)
    worth, slope = curve(rate)
    chance = 1.0 / (1.0 + np.exp(-(aim.bias - (worth[1] - free[1])) / aim.spread))
    return float(chance), float(chance * (1.0 - chance) * -slope[1] / aim.spread)


def _objective_slope(curve: Curve, rate: float, aim: Alignment) -> float:
    _, slope = curve(rate)
    _, rises = _probability(curve, rate, aim)
    return float(slope[0]) + aim.weight * rises
