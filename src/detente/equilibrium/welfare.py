"""Welfare of a counterfactual: exact by default, the linear statistic under its own name."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from ..world import Economy
from ._solve import Equilibrium


class LinearWelfare(eqx.Module):
    """The two terms of Caliendo and Parro (2015), eq. 16, as fractions of baseline income."""

    terms_of_trade: Float[Array, " n"]
    volume_of_trade: Float[Array, " n"]


def price_index_hat(economy: Economy, equilibrium: Equilibrium) -> Float[Array, " n"]:
    """Change of the exact consumption price index, Cobb-Douglas over sectors."""
    return jnp.exp((economy.final_share * jnp.log(equilibrium.price_hat)).sum(axis=1))


def welfare_hat(economy: Economy, equilibrium: Equilibrium) -> Float[Array, " n"]:
    """Change of real income, exact: income over the consumption price index."""
    return equilibrium.income / economy.income / price_index_hat(economy, equilibrium)


def linear_welfare(economy: Economy, equilibrium: Equilibrium) -> LinearWelfare:
    """Terms of trade and volume of trade, to first order at baseline weights.

    New volumes are valued at the old tariff over the whole change, so a large tariff cut is
    credited with more revenue-bearing trade than it brings: compare with `welfare_hat` before use.
    """
    abroad = (1.0 - jnp.eye(economy.trade.shape[0]))[:, :, None]
    flow = economy.trade * abroad
    cost_change = equilibrium.unit_cost_hat - 1.0
    exports = (flow.sum(axis=1) * cost_change).sum(axis=1)
    imports = jnp.einsum("ods,os->d", flow, cost_change)
    volume = jnp.where(flow > 0, equilibrium.trade / jnp.where(flow > 0, economy.trade, 1.0), 1.0)
    growth = volume - 1.0 - cost_change[:, None, :]
    gained = (economy.tariff * flow * growth).sum(axis=(0, 2))
    return LinearWelfare((exports - imports) / economy.income, gained / economy.income)
