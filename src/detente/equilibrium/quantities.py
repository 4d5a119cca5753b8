"""Quantities that are wanted of an equilibrium, and the shock under which they are what is wanted.

With `x` the wedge that is sought, a flow has the log mark-up `x` times its pattern, or, where the
pattern is of falls of quantities at given prices, as much over the elasticity of the quantity to
it: theta, and one more where the mark-up is paid to someone. Wanted is
`ln q(x) = ln q(0) + size * ln(factor + added / q(0))`, with q(0) what there is without any of the
wedges that are sought, in the same world and under the same other wedges. Solved by `seek`.
"""

from dataclasses import replace

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float

from .._core import KEEPERS, Status
from ..closure import Closure
from ..world import Economy, Shock
from ._solve import Equilibrium, solve
from .targets import Begun, FOUND, seek, where_solved, with_wedges


MEASURES = ("flow", "spending", "imports")
"""What a quantity is of: the flow at the prices of the baseline, or its share, at the prices that
are paid, in the spending or in the imports of its buyers on its sectors."""


class Quantities(eqx.Module):
    """What is wanted of flows, each with the wedge that is to bring it about."""

    cells: Bool[Array, "w o d s"]
    """On the flows that are counted; none of them where nothing is wanted."""
    pattern: Float[Array, "w o d s"]
    """The log wedge of each flow, or the fall of its log quantity, where what is sought is 1."""
    alike_in_quantity: Float[Array, " w"]
    """One where the pattern is of falls of log quantities at given prices."""
    keeper: Float[Array, "w keeper"]
    """One for who has the difference, in the order of `KEEPERS`."""
    measure: Float[Array, "w measure"]
    """One for what the quantity is of, in the order of `MEASURES`."""
    log_factor: Float[Array, " w"]
    """Log of the quantity over what it is without."""
    added: Float[Array, " w"]
    """Beyond that, million US$ at the prices of the baseline; of flows only."""
    is_limit: Float[Array, " w"]
    """One where the wedge cannot be negative."""

    @property
    def is_wanted(self) -> Array:
        """Whether anything is; what is not fills up a batch."""
        return self.cells.any(axis=(1, 2, 3))

    def wedges(
        self, sought: Float[Array, " w"], theta: Float[Array, " s"]
    ) -> Float[Array, "w o d s"]:
        """The log wedge of each, on every flow."""
        per = jnp.where(self.alike_in_quantity[:, None] > 0, 1.0 / self._response(theta), 1.0)
        return sought[:, None, None, None] * self.pattern * per[:, None, None, :]

    def shock_under(self, sought: Float[Array, " w"], economy: Economy, shock: Shock) -> Shock:
        """The shock with the wedges on top."""
        theta = economy.trade_elasticity
        by_keeper = lambda each: jnp.einsum("wk,wods->kods", self.keeper, each)
        on = by_keeper((self.pattern != 0).astype(float))
        return with_wedges(shock, theta, by_keeper(self.wedges(sought, theta)), on)

    def log_seen(self, equilibrium: Equilibrium) -> Float[Array, " w"]:
        """The log of each quantity; zero where nothing is wanted."""
        shipped = equilibrium.trade / equilibrium.unit_cost_hat[:, None, :]
        counted = self.cells.astype(float)
        there = jnp.einsum("wods,ods->w", counted, shipped)
        bought = jnp.einsum("wods,ods->w", counted, equilibrium.purchases)
        buyers = self.cells.any(axis=1).astype(float)
        spent = jnp.einsum("wds,ods->w", buyers, equilibrium.purchases)
        at_home = jnp.einsum("wds,dds->w", buyers, equilibrium.purchases)
        flow, spending, imports = self.measure.T
        above = flow * there + (1.0 - flow) * bought
        below = flow + spending * spent + imports * (spent - at_home)
        ratio = above / jnp.where(below > 0, below, 1.0)
        return jnp.log(jnp.where(self.is_wanted, ratio, 1.0))

    def slope_at_given_prices(self, economy: Economy) -> Float[Array, "w w"]:
        """Of log quantities to what is sought, where nothing else moves: a search begins there."""
        theta, one = economy.trade_elasticity, jnp.ones_like(self.log_factor)
        flow = jnp.where(self.cells, economy.trade[None], 0.0)
        falls = self.wedges(one, theta) * self._response(theta)[:, None, None, :]
        total = flow.sum(axis=(1, 2, 3))
        mean = (flow * falls).sum(axis=(1, 2, 3)) / jnp.where(total > 0, total, 1.0)
        return jnp.diag(jnp.where(mean > 0, -mean, 1.0))

    def _response(self, theta: Float[Array, " s"]) -> Float[Array, "w s"]:
        """The fall of a log quantity with the log wedge, at given prices and spending."""
        paid = jnp.array([float(one in ("importer", "exporter", "treasury")) for one in KEEPERS])
        return theta[None, :] + (self.keeper @ paid)[:, None]


class Met(eqx.Module):
    """The end of the search for a shock under which quantities are what is wanted."""

    shock: Shock
    sought: Float[Array, " w"]
    missed: Float[Array, ""]
    """The largest miss of a log quantity; not a number where no equilibrium was found."""
    is_contrary: Array
    """Whether a limit would have to be the opposite of one."""
    is_idle: Bool[Array, " w"]
    """Where nothing is left to trade under the other wedges, and so nothing to change."""

    @property
    def is_found(self) -> Array:
        return (self.missed <= FOUND) & ~self.is_contrary


class _World(eqx.Module):
    economy: Economy
    shock: Shock
    closure: Closure
    quantities: Quantities

    def seen(self, sought: Float[Array, " w"]) -> Float[Array, " w"]:
        """The log quantities under wedges; the wedge itself where nothing is wanted."""
        shock = self.quantities.shock_under(sought, self.economy, self.shock)
        equilibrium = solve(self.economy, shock, self.closure)
        seen = jnp.where(self.quantities.is_wanted, self.quantities.log_seen(equilibrium), sought)
        return where_solved(equilibrium, seen)


@eqx.filter_jit
def meet(
    economy: Economy,
    shock: Shock,
    closure: Closure,
    quantities: Quantities,
    size: Float[Array, ""] | float = 1.0,
) -> Met:
    """The shock with the wedges on top under which all quantities are what is wanted.

    `size` multiplies what is wanted, in logs. A flow that the other wedges stop is left alone.
    Never raises: `is_found` says whether all others are. With the derivatives of `seek`, to the
    world, to the other wedges and to what is wanted.
    """
    nothing = jnp.zeros_like(quantities.log_factor)
    there = _World(economy, shock, closure, quantities).seen(nothing)
    idle = jnp.isneginf(there)
    quantities = replace(quantities, cells=quantities.cells & ~idle[:, None, None, None])
    world, before = _World(economy, shock, closure, quantities), jnp.where(idle, 0.0, there)
    added = jnp.where(quantities.added > 0, quantities.added * jnp.exp(-before), 0.0)
    change = size * jnp.log(jnp.exp(quantities.log_factor) + added)
    wanted = jnp.where(quantities.is_wanted, before + change, 0.0)
    begun = Begun(before, quantities.slope_at_given_prices(economy))
    sought = seek(world.seen, wanted, nothing, begun=begun)
    return Met(
        shock=quantities.shock_under(sought.log_wedge, economy, shock),
        sought=sought.log_wedge,
        missed=sought.missed,
        is_contrary=((quantities.is_limit > 0) & (sought.log_wedge < -FOUND)).any(),
        is_idle=idle,
    )


def solve_for(
    economy: Economy,
    shock: Shock,
    closure: Closure,
    quantities: Quantities | None,
    size: Float[Array, ""] | float = 1.0,
) -> Equilibrium:
    """The equilibrium in which quantities are what is wanted; not solved where there is none."""
    if quantities is None:
        return solve(economy, shock, closure)
    met = meet(economy, shock, closure, quantities, size)
    equilibrium = solve(economy, met.shock, closure)
    unmet = jnp.where(
        equilibrium.status == Status.SOLVED.code, Status.STEPS.code, equilibrium.status
    )
    return replace(equilibrium, status=jnp.where(met.is_found, equilibrium.status, unmet))
