"""Welfare exposure: the derivatives of log real income to log productivity and log trade costs.

Kleinman, Liu and Redding (2024, AEJ: Macroeconomics) call the matrix to productivity U. In their
world of one sector it follows from shares by one inverse; here it is the Jacobian of the solved
model, by the implicit function theorem, with all that the closure holds.
"""

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from ..closure import Closure
from ..world import Economy, Shock
from ._solve import solve, TEXTBOOK
from .welfare import welfare_hat


_AT_ONCE = 2_000_000
"""Numbers of trade that the passes of one batch hold together."""


def _log_welfare(
    log_cost: Float[Array, "o d s"], economy: Economy, closure: Closure
) -> Float[Array, " n"]:
    equilibrium = solve(economy, Shock.of(economy.tariff, jnp.exp(log_cost)), closure)
    return jnp.log(welfare_hat(economy, equilibrium))


@eqx.filter_jit
def exposure_of(
    economy: Economy, country: Int[Array, ""] | int, closure: Closure = TEXTBOOK
) -> Float[Array, "o d s"]:
    """d ln u of one country to the log cost of every flow, sales at home included: one solve back.

    Less its sum over destinations and sectors is the exposure to the origin's productivity: a rise
    in all its sectors makes all that it delivers cheaper, at home too. Not a number where the
    linear system was not solved.
    """
    welfare = lambda log_cost: _log_welfare(log_cost, economy, closure)[country]
    return jax.grad(welfare)(jnp.zeros_like(economy.trade))


@eqx.filter_jit
def exposure_to(
    economy: Economy, log_cost: Float[Array, "o d s"], closure: Closure = TEXTBOOK
) -> Float[Array, " n"]:
    """d ln u of every country along one direction of log trade costs: one solve forward."""
    welfare = lambda moved: _log_welfare(moved, economy, closure)
    return jax.jvp(welfare, (jnp.zeros_like(economy.trade),), (log_cost,))[1]


def productivity_of(country: Int[Array, ""] | int, economy: Economy) -> Float[Array, "o d s"]:
    """The direction of log costs that a rise of one country's log productivity is."""
    return jnp.zeros_like(economy.trade).at[country].set(-1.0)


@eqx.filter_jit
def exposure_matrix(economy: Economy, closure: Closure = TEXTBOOK) -> Float[Array, "n i"]:
    """U: d ln u of every country `n` to the log productivity of every country `i`.

    As many solves of the linear system as there are countries, in batches.
    """
    countries = economy.trade.shape[0]
    column = lambda country: exposure_to(economy, productivity_of(country, economy), closure)
    size = max(1, min(countries, _AT_ONCE // economy.trade.size))
    return jax.lax.map(column, jnp.arange(countries), batch_size=size).T


@dataclass(frozen=True)
class OneSectorExposure:
    """The closed form of Kleinman, Liu and Redding: one sector, balanced trade, no tariffs.

    Their notation: S expenditure shares, T income shares, q shares of world income, M = T S - I,
    V = (T + theta T S) / (theta + 1) - 1 q'. In NumPy and apart from the engine, so that each
    checks the other.
    """

    flows: Float[np.ndarray, "o d"]
    """At producer prices, sales at home included."""
    theta: float

    @property
    def spending(self) -> Float[np.ndarray, "n i"]:
        """S: the share of each supplier in a buyer's expenditure, [buyer, supplier]."""
        return (self.flows / self.flows.sum(axis=0)).T

    @property
    def selling(self) -> Float[np.ndarray, "i n"]:
        """T: the share of each buyer in a supplier's income, [supplier, buyer]."""
        return self.flows / self.flows.sum(axis=1, keepdims=True)

    @property
    def to_productivity(self) -> tuple[Float[np.ndarray, "n i"], Float[np.ndarray, "n i"]]:
        """W and U: log incomes and log welfare by log productivity, [affected, shocked]."""
        identity = np.eye(len(self.flows))
        incomes = -self._incomes(self.selling @ self.spending - identity)
        return incomes, (identity - self.spending) @ incomes + self.spending

    def to_costs(
        self, costs: Float[np.ndarray, "o d"]
    ) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
        """Log incomes and log welfare for log trade costs [supplier, buyer]."""
        paid = (self.spending * costs.T).sum(axis=1)
        shift = (self.selling * (paid[None, :] - costs)).sum(axis=1)
        incomes = self._incomes(shift)
        return incomes, incomes - self.spending @ incomes - paid

    def _incomes(self, shift: np.ndarray) -> np.ndarray:
        """theta / (theta + 1) (I - V)^-1: log incomes that add to nothing over the world."""
        weight = self.flows.sum(axis=1) / self.flows.sum()
        mixed = (self.selling + self.theta * self.selling @ self.spending) / (self.theta + 1)
        moved = np.eye(len(weight)) - mixed + np.outer(np.ones_like(weight), weight)
        return self.theta / (self.theta + 1) * np.linalg.solve(moved, shift)
