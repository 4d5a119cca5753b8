"""Welfare of a counterfactual: exact by default, the linear statistic under its own name."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from ..closure import Closure
from ..world import Economy, Shock
from ._solve import Equilibrium


# Deficits of this part of world income are what a solve to 1e-10 leaves of none.
_BALANCED = 1e-8


class LinearWelfare(eqx.Module):
    """The two terms of Caliendo and Parro (2015), eq. 16, as fractions of baseline income."""

    terms_of_trade: Float[Array, " n"]
    volume_of_trade: Float[Array, " n"]


def price_index_hat(economy: Economy, equilibrium: Equilibrium) -> Float[Array, " n"]:
    """Change of the exact consumption price index, Cobb-Douglas over sectors."""
    return jnp.exp((economy.final_share * jnp.log(equilibrium.price_hat)).sum(axis=1))


def welfare_hat(economy: Economy, equilibrium: Equilibrium) -> Float[Array, " n"]:
    """Change of real income, exact: income over the consumption price index. Where capital is
    produced it is what is consumed, after what replaces capital."""
    return equilibrium.income / economy.income / price_index_hat(economy, equilibrium)


def linear_welfare(economy: Economy, equilibrium: Equilibrium) -> LinearWelfare:
    """Terms of trade and volume of trade, to first order at baseline weights.

    New volumes are valued at the old tariff over the whole change, so a large tariff cut is
    credited with more revenue-bearing trade than it brings: compare with `welfare_hat` before use.
    Where anything but tariffs moves it is no approximation at all: ask `only_tariffs_move`. Tariffs
    between the members of a region, which stand at home, count as any other.
    """
    flow = economy.trade
    cost_change = equilibrium.unit_cost_hat - 1.0
    # What is sold at home is in both and takes itself out.
    exports = (flow.sum(axis=1) * cost_change).sum(axis=1)
    imports = jnp.einsum("ods,os->d", flow, cost_change)
    volume = jnp.where(flow > 0, equilibrium.trade / jnp.where(flow > 0, economy.trade, 1.0), 1.0)
    growth = volume - 1.0 - cost_change[:, None, :]
    gained = (economy.tariff * flow * growth).sum(axis=(0, 2))
    return LinearWelfare((exports - imports) / economy.income, gained / economy.income)


def only_tariffs_move(economy: Economy, shock: Shock, closure: Closure) -> bool:
    """Whether the linear statistic is the change of real income to first order.

    It has no term for real resources, for rents, tastes or varieties, for deficits that move, nor
    for the distortions of profits, of economies of scale and of labour that is idle or elastic; nor
    for capital that is produced.
    """
    neutral = (
        (shock.trade_cost_hat, 1.0), (shock.allowed, 1.0), (shock.taste_hat, 1.0),
        (shock.export_tax, 0.0), (shock.rationing, 0.0), (shock.opened, 0.0),
        (shock.productivity_hat, 1.0),
        (closure.scale, 0.0), (closure.profit_share, 0.0), (closure.labour_supply, 0.0),
    )  # fmt: skip
    rest = all(value is None or bool((value == unmoved).all()) for value, unmoved in neutral)
    as_observed = shock.final_share is None and shock.deficit is None
    given = closure.wage_floor is None and closure.pass_through is None and economy.capital is None
    deficits = jnp.abs(economy.deficit).sum() > _BALANCED * economy.income.sum()
    return rest and as_observed and given and (closure.deficits == "fixed" or not bool(deficits))
