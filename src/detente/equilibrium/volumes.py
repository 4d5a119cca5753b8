"""Real GDP: the volume that statisticians measure, which real income is not.

Real income buys more where imports become cheaper; GDP, at constant prices, does not rise by that.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from ..world import Economy
from ._solve import Equilibrium


def real_value_added_hat(economy: Economy, equilibrium: Equilibrium) -> Float[Array, "n s"]:
    """Change of value added at constant prices, double-deflated: output by its own price, inputs by
    theirs. One where a sector adds no value.

    Exact for the Cobb-Douglas technology of the model, of which value added is a separable part
    (Sims 1969): what is left is labour input, and capital where it is produced, times productivity
    where that changes. What replaces capital is investment, not an input.
    """
    before, after = economy.output, equilibrium.output
    share = economy.gross_value_added_share
    adds = (before > 0) & (share > 0)
    made = adds & (after > 0)
    value = jnp.log(jnp.where(made, after, 1.0) / jnp.where(made, before, 1.0))
    inputs = jnp.einsum("nks,nk->ns", economy.technology, jnp.log(equilibrium.input_price_hat))
    price = (jnp.log(equilibrium.unit_cost_hat) - inputs) / jnp.where(adds, share, 1.0)
    return jnp.where(made, jnp.exp(value - jnp.where(made, price, 0.0)), jnp.where(adds, 0.0, 1.0))


def real_gdp_hat(economy: Economy, equilibrium: Equilibrium) -> Float[Array, " n"]:
    """Change of GDP at market prices of the baseline: real value added, and tariffs at their old
    rates on the volume of imports as shipped (System of National Accounts 2008, chapter 15).

    Without a floor under wages, elastic labour, produced capital or tariffs it is one: a fixed
    quantity of labour is all at work.
    """
    added = economy.gross_value_added_share * economy.output
    made = (added * real_value_added_hat(economy, equilibrium)).sum(axis=1)
    tariff = economy.tariff * economy.trade
    shipped = equilibrium.trade / equilibrium.unit_cost_hat[:, None, :]
    taxed = (economy.tariff * shipped).sum(axis=(0, 2))
    return (made + taxed) / (added.sum(axis=1) + tariff.sum(axis=(0, 2)))
