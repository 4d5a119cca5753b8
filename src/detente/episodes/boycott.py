"""A boycott in general equilibrium: from the fall that was seen to the wedge that explains it.

The wedge on each sector's flow is solved for so that the model's quantity falls by what was seen:
the exact inverse, where the partial one, 1 + ave = f^(-1/theta), leaves out prices and incomes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optimistix as optx
from jaxtyping import Array, Float

from .._core import SolveError
from ..closure import Closure
from ..equilibrium import Equilibrium, require_solved, solve, welfare_hat
from ..scenario import parse_scenario
from ..simulation import prepare
from ..world import Baseline, Economy, Shock


Holder = Literal["nobody", "importer", "exporter", "taste"]
HOLDERS: tuple[Holder, ...] = ("nobody", "importer", "exporter", "taste")
"""Who keeps the difference between the buyer's price and the seller's; with `taste` none arises."""

INVERTED = 1e-8
"""Largest relative error of a flow that counts as found: far above what Newton's method leaves."""


class Boycott(eqx.Module):
    """A world in which purchases are held back, as arrays."""

    economy: Economy
    closure: Closure
    cells: Float[Array, "w o d s"]
    """One on the flows that each wedge is put on."""
    kind: Float[Array, " holder"]
    """One for the holder of the rent, in the order of `HOLDERS`."""

    def under(self, log_factor: Float[Array, " w"]) -> Equilibrium:
        """The equilibrium under mark-ups; for tastes, under so much less wanted at any price."""
        wedge = jnp.einsum("w,wods->ods", log_factor, self.cells)
        nobody, importer, exporter, taste = self.kind
        none = Shock.none(self.economy)
        shock = Shock(
            tariff=none.tariff,
            trade_cost_hat=jnp.exp(nobody * wedge),
            allowed=none.allowed,
            rationing=(importer + exporter) * jnp.expm1(wedge),
            rent_to_importer=importer * jnp.ones_like(wedge),
            taste_hat=jnp.exp(-taste * self.economy.trade_elasticity[None, None, :] * wedge),
        )
        return solve(self.economy, shock, self.closure)

    def quantity_hat(self, found: Equilibrium) -> Float[Array, "o d s"]:
        """Quantity shipped, after over before; what an iceberg melts counts as shipped."""
        before = jnp.where(self.economy.trade > 0, self.economy.trade, 1.0)
        return found.trade / found.unit_cost_hat[:, None, :] / before

    def kept(self, found: Equilibrium) -> Float[Array, " w"]:
        """The quantity of each wedge's flows, after over before."""
        weight = self.cells * self.economy.trade[None]
        moved = (weight * self.quantity_hat(found)[None]).sum((1, 2, 3))
        return moved / weight.sum((1, 2, 3))


@dataclass(frozen=True)
class Held:
    """What a boycott comes to."""

    holder: Holder
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


def boycott(
    baseline: Baseline, closure: Closure, holder: Holder, flows: Sequence[Flow]
) -> Boycott:  # fmt: skip
    """The arrays of a boycott, one wedge for each of the flows."""
    cells = np.zeros((len(flows), *baseline.economy.trade.shape))
    for wedge, flow in enumerate(flows):
        o, d = baseline.country_index[flow.exporter], baseline.country_index[flow.importer]
        cells[wedge, o, d, baseline.sector_index[flow.sector]] = 1.0
    kind = jnp.array([float(holder == one) for one in HOLDERS])
    return Boycott(baseline.economy, closure, jnp.asarray(cells), kind)


def invert(world: Boycott, flows: Sequence[Flow], horizon: str) -> Held:
    """The wedges under which every flow keeps what it kept; raises `SolveError` without any."""
    wanted = jnp.array([flow.kept for flow in flows])
    return apply(world, _root(world, jnp.log(wanted)), horizon, wanted)


def apply(
    world: Boycott, log_factor: Float[Array, " w"], horizon: str,
    wanted: Float[Array, " w"] | None = None,
) -> Held:  # fmt: skip
    """What given wedges, in logs, come to; `wanted` is what they were to leave of each flow."""
    found, kept, welfare, quantity = _evaluate(world, log_factor)
    require_solved(found.status)
    error = 0.0 if wanted is None else float(jnp.abs(kept / wanted - 1.0).max())
    if not error <= INVERTED:
        raise SolveError(
            f"no wedge was found that brings the flows to what was seen; the nearest misses "
            f"them by {error:.1e}."
        )
    holder = HOLDERS[int(jnp.argmax(world.kind))]
    theta = world.economy.trade_elasticity
    sectors = jnp.argmax(world.cells.sum((1, 2)), axis=1)
    size = -jnp.expm1(-theta[sectors] * log_factor) if holder == "taste" else jnp.expm1(log_factor)
    return Held(
        holder, horizon, 100 * np.asarray(size), np.asarray(kept), error,
        100 * (np.asarray(welfare) - 1), np.asarray(quantity), np.asarray(found.trade),
    )  # fmt: skip


def log_factors(held: Held) -> Float[np.ndarray, " w"]:
    """The wedges of a mark-up, in logs."""
    return np.log1p(held.markup / 100)


@eqx.filter_jit
def _root(world: Boycott, log_wanted: Float[Array, " w"]) -> Float[Array, " w"]:
    """Newton's method with the implicit derivative of the engine at the guess, kept from there on:
    there are as many columns as sectors in which visitors buy."""

    def missed(log_factor: Float[Array, " w"], world: Boycott) -> Float[Array, " w"]:
        return jnp.log(world.kept(world.under(log_factor))) - log_wanted

    theta = world.economy.trade_elasticity.mean()
    guess = -log_wanted / (theta + 1.0)
    chord = optx.Chord(rtol=1e-11, atol=1e-11)
    return optx.root_find(missed, chord, guess, args=world, max_steps=100, throw=False).value


@eqx.filter_jit
def _evaluate(
    world: Boycott, log_factor: Float[Array, " w"]
) -> tuple[Equilibrium, jax.Array, jax.Array, jax.Array]:
    found = world.under(log_factor)
    return found, world.kept(found), welfare_hat(world.economy, found), world.quantity_hat(found)
