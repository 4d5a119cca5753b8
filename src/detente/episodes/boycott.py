"""A boycott in general equilibrium: from the fall that was seen to the wedge that explains it.

The wedge on each sector's flow is solved for so that the model's quantity falls by what was seen:
the exact inverse, where the partial one, 1 + ave = f^(-1/theta), leaves out prices and incomes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from .._core import SolveError
from ..closure import Closure
from ..equilibrium import Equilibrium, Keeper, require_solved, seek, Wedged, welfare_hat
from ..scenario import parse_scenario
from ..simulation import prepare
from ..world import Baseline, Shock


HOLDERS: tuple[Keeper, ...] = ("nobody", "importer", "exporter", "taste")
"""Who keeps the difference between the buyer's price and the seller's; with `taste` none arises."""


@dataclass(frozen=True)
class BoycottOutcome:
    """What a boycott comes to."""

    holder: Keeper
    horizon: str
    markup: Float[np.ndarray, " w"]
    """Percent over the price before it; for tastes, percent less wanted at the same prices."""
    kept: Float[np.ndarray, " w"]
    """Quantity after over before."""
    error: float
    """Largest relative error of `kept` against what was asked for."""
    welfare: Float[np.ndarray, " n"]
    """Exact welfare, percent."""
    quantity: Float[np.ndarray, "o d s"]
    """After over before."""
    trade: Float[np.ndarray, "o d s"]
    """Million US$ after, at producer prices."""


@dataclass(frozen=True)
class Flow:
    """One flow that is held back, and the part of its quantity that is left."""

    exporter: str
    importer: str
    sector: str
    kept: float


def play(
    baseline: Baseline, horizon: str, nest: float, group: Sequence[str], sectors: Sequence[str]
) -> tuple[Baseline, Closure]:
    """The baseline and closure of a horizon, with a nest of close substitutes where it is not 1."""
    document = {
        "title": "held back",
        "horizon": horizon,
        "policies": {},
        "adjustment": {"nests": {"near": {
            "countries": list(group), "sectors": list(sectors), "relative_elasticity": nest,
        }}},
    }  # fmt: skip
    played = prepare(baseline, parse_scenario(document, "held back"))
    return played.baseline, one_program(played.closure)


def one_program(closure: Closure) -> Closure:
    """The same closure with labour that moves freely as a number, not as an absence.

    Both horizons are then arrays of one structure, and one compiled program serves them.
    """
    if closure.labour_immobility is not None:
        return closure
    return eqx.tree_at(
        lambda c: c.labour_immobility, closure, jnp.array(0.0), is_leaf=lambda leaf: leaf is None
    )


def boycott(baseline: Baseline, closure: Closure, holder: Keeper, flows: Sequence[Flow]) -> Wedged:
    """The arrays of a boycott, one wedge for each of the flows."""
    cells = np.zeros((len(flows), *baseline.economy.trade.shape))
    for wedge, flow in enumerate(flows):
        o, d = baseline.country_index[flow.exporter], baseline.country_index[flow.importer]
        cells[wedge, o, d, baseline.sector_index[flow.sector]] = 1.0
    economy = baseline.economy
    return Wedged.of(economy, Shock.none(economy), closure, cells, holder)


def invert(world: Wedged, flows: Sequence[Flow], horizon: str) -> BoycottOutcome:
    """The wedges under which every flow keeps what it kept; raises `SolveError` without any."""
    kept = jnp.array([flow.kept for flow in flows])
    wanted = jnp.log(kept * _before(world))
    sought = seek(world.log_shipped, wanted, world.at_given_prices(jnp.log(kept)))
    if not sought.found:
        raise SolveError(
            f"no wedge was found that brings the flows to what was seen; {sought.nearest}."
        )
    return apply(world, sought.log_wedge, horizon, kept)


def apply(
    world: Wedged, log_factor: Float[Array, " w"], horizon: str,
    wanted: Float[Array, " w"] | None = None,
) -> BoycottOutcome:  # fmt: skip
    """What given wedges, in logs, come to; `wanted` is what they were to leave of each flow."""
    equilibrium, kept, welfare, quantity = _evaluate(world, log_factor)
    require_solved(equilibrium.status)
    error = 0.0 if wanted is None else float(jnp.abs(kept / wanted - 1.0).max())
    holder = world.kept_by
    theta = world.economy.trade_elasticity
    sectors = jnp.argmax(world.cells.sum((1, 2)), axis=1)
    size = -jnp.expm1(-theta[sectors] * log_factor) if holder == "taste" else jnp.expm1(log_factor)
    return BoycottOutcome(
        holder, horizon, 100 * np.asarray(size), np.asarray(kept), error,
        100 * (np.asarray(welfare) - 1), np.asarray(quantity), np.asarray(equilibrium.trade),
    )  # fmt: skip


def log_factors(held: BoycottOutcome) -> Float[np.ndarray, " w"]:
    """The wedges of a mark-up, in logs."""
    return np.log1p(held.markup / 100)


def _before(world: Wedged) -> Float[Array, " w"]:
    """The quantity of each wedge's flows in the baseline."""
    return jnp.einsum("wods,ods->w", world.cells, world.economy.trade)


@eqx.filter_jit
def _evaluate(
    world: Wedged, log_factor: Float[Array, " w"]
) -> tuple[Equilibrium, jax.Array, jax.Array, jax.Array]:
    equilibrium = world.under(log_factor)
    before = jnp.where(world.economy.trade > 0, world.economy.trade, 1.0)
    quantity_hat = equilibrium.trade / equilibrium.unit_cost_hat[:, None, :] / before
    kept = world.shipped(equilibrium) / _before(world)
    return equilibrium, kept, welfare_hat(world.economy, equilibrium), quantity_hat
