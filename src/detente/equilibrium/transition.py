"""The way to the steady state: the stock of capital year by year, and what it is worth."""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from .._core import Status
from ..closure import Closure
from ..world import Economy, Shock
from ._solve import Equilibrium, MAX_STEPS, solve
from .steady_state import investment_price_hat, paid_for_capital_hat
from .welfare import welfare_hat


YEARS = 100
"""How many years are followed: at 4 % the years after them weigh a fiftieth, and a tenth or two of
the way is left."""


class Transition(eqx.Module):
    """What a lasting shock brings while capital grows or wears out; changes over the baseline."""

    consumption_hat: Float[Array, "t n"]
    """Real consumption in each year; the first has the stock of the baseline."""
    stock_hat: Float[Array, "t n"]
    """Of capital at the beginning of the year."""
    welfare_hat: Float[Array, " n"]
    """The lasting rise of consumption that is as good as the whole path, logs discounted at rho."""
    status: Int[Array, ""]
    """A code of `Status`: that of the first year without a solution, or solved."""


@eqx.filter_jit
def follow_capital(
    economy: Economy,
    shock: Shock,
    closure: Closure,
    *,
    depreciation: Float[Array, " n"],
    discount_rate: Float[Array, ""],
    years: int = YEARS,
) -> Transition:
    """Years one after the other from the stock of the baseline, the shock in force in all of them.

    In every year owners invest the part of capital's income that replaced it in the baseline, as in
    Solow (1956): nobody looks ahead. Stock after, over before: (1 - delta) of it, and delta times
    investment over that of the baseline. It ends in the steady state that `economy` stands for (see
    `in_steady_state`). Nothing is raised for a year that was not solved: `status` says so.
    """
    capital = economy.capital
    assert capital is not None

    def year(stock: Float[Array, " n"], _: None) -> tuple[Array, tuple[Array, Array, Array]]:
        given = replace(economy, capital=replace(capital, stock_hat=stock))
        equilibrium = solve(given, shock, closure, max_steps=MAX_STEPS)
        invested = _invested_hat(given, equilibrium)
        kept = (1.0 - depreciation) * stock + depreciation * invested
        return kept, (welfare_hat(given, equilibrium), stock, equilibrium.status)

    begun = jnp.ones(economy.trade.shape[0])
    _, (consumed, stock, status) = jax.lax.scan(year, begun, length=years)
    missing = status != Status.SOLVED.code
    return Transition(
        consumption_hat=consumed,
        stock_hat=stock,
        welfare_hat=_worth(consumed, discount_rate),
        status=status[jnp.argmax(missing)],
    )


def _invested_hat(economy: Economy, equilibrium: Equilibrium) -> Float[Array, " n"]:
    """Change of the volume of investment, a fixed part of what users pay for capital."""
    return paid_for_capital_hat(economy, equilibrium) / investment_price_hat(economy, equilibrium)


def _worth(consumed: Float[Array, "t n"], rate: Float[Array, ""]) -> Float[Array, " n"]:
    """Exp of the discounted mean of logs; what comes after the last year is as it is."""
    weight = (1.0 + rate) ** -jnp.arange(float(len(consumed)))
    whole = (1.0 + rate) / rate
    weight = weight.at[-1].add(whole - weight.sum())
    return jnp.exp((weight[:, None] * jnp.log(consumed)).sum(axis=0) / whole)
