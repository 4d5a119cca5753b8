"""Produced capital: the economy whose capital is as large as its return makes it.

In the steady state of a growth model the return to capital, net of what wears out, is what its
owners ask for, so that its user cost moves with the price of investment goods: capital is an input
that is made of goods. That is a transformation of the economy, and the solver does not change.
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from ..closure import ProducedCapital
from ..world import Capital, Economy
from ._solve import Equilibrium


def in_steady_state(economy: Economy, produced: ProducedCapital) -> Economy:
    """The economy in which capital is produced, with the flows of the baseline to the last digit.

    Of what users pay for capital, the part delta / (rho + delta) replaces what wears out and is
    spent on the investment basket: it moves from final demand to inputs. The rest is income.
    Capital's share is lowered where the investment of the baseline would not replace that much.
    Ravikumar, Santacreu and Sposi (2019), the steady state of section 2.
    """
    technology, gross = economy.technology, economy.gross_value_added_share
    final = economy.expenditure - jnp.einsum("nks,ns->nk", technology, economy.output)
    invested = produced.investment * jnp.maximum(final, 0.0)
    total = invested.sum(axis=1)
    basket = invested / jnp.where(total > 0, total, 1.0)[:, None]
    replaced = produced.depreciation / (produced.discount_rate + produced.depreciation)
    share = jnp.minimum(produced.share, _largest_share(economy, produced))
    spent = (replaced * share)[:, None] * gross
    return replace(
        economy,
        input_share=technology + basket[:, :, None] * spent[:, None, :],
        capital=Capital(share, replaced, basket),
    )


def _largest_share(economy: Economy, produced: ProducedCapital) -> Float[Array, " n"]:
    """Capital's share of value added whose replacement is all the investment of the baseline."""
    technology = economy.technology
    final = economy.expenditure - jnp.einsum("nks,ns->nk", technology, economy.output)
    invested = (produced.investment * jnp.maximum(final, 0.0)).sum(axis=1)
    replaced = produced.depreciation / (produced.discount_rate + produced.depreciation)
    added = (economy.gross_value_added_share * economy.output).sum(axis=1)
    return invested / (replaced * added)


def investment_price_hat(economy: Economy, equilibrium: Equilibrium) -> Float[Array, " n"]:
    """Change of the price of the investment basket, Cobb-Douglas over products; one where capital
    is not produced."""
    if economy.capital is None:
        return jnp.ones(economy.trade.shape[0])
    return jnp.exp((economy.capital.basket * jnp.log(equilibrium.price_hat)).sum(axis=1))


def capital_stock_hat(economy: Economy, equilibrium: Equilibrium) -> Float[Array, " n"]:
    """Change of the stock of capital: what users pay for it over the price of what it is made of;
    as given where the stock is given, and one where capital is not produced."""
    capital = economy.capital
    if capital is None:
        return jnp.ones(economy.trade.shape[0])
    if capital.stock_hat is not None:
        return capital.stock_hat
    return paid_for_capital_hat(economy, equilibrium) / investment_price_hat(economy, equilibrium)


def paid_for_capital_hat(economy: Economy, equilibrium: Equilibrium) -> Float[Array, " n"]:
    """Change of what users pay for capital, in the numeraire."""
    paid = economy.gross_value_added_share
    before, after = ((paid * output).sum(axis=1) for output in (economy.output, equilibrium.output))
    return after / before
