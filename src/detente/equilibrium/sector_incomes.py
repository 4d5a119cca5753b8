"""What the people of each sector live on, and how a government that favours some of them adds up.

A sector's people have what it pays: its wages, with which go the returns of capital that is fixed,
and its profits. What the country has beside, tariff revenue, export taxes, rents and what is
borrowed or lent, goes to all of them in proportion to wages, as in Ossa (2014). So the sectors of a
country add up to its income.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from ..closure import Closure
from ..world import Economy, Shock
from ._equations import Accounts, Sales
from ._problem import Problem
from ._solve import Equilibrium
from .welfare import price_index_hat


def counted_income(
    sold: Sales, account: Accounts, problem: Problem, sector_weight: Float[Array, "n s"] | None
) -> Float[Array, " n"]:
    """Income as governments with these weights count it, million US$: without any, income."""
    if sector_weight is None:
        return account.income
    return (sector_weight * _by_sector(sold.output, account.income, problem)).sum(axis=1)


def counted_welfare_hat(
    economy: Economy,
    equilibrium: Equilibrium,
    closure: Closure,
    sector_weight: Float[Array, "n s"],
) -> Float[Array, " n"]:
    """Change of real income as governments with these weights count it; with equal ones, exactly
    that of welfare."""
    problem = Problem.of(economy, Shock.none(economy), closure)
    before, after = (
        (sector_weight * _by_sector(one.output, one.income, problem)).sum(axis=1)
        for one in (economy, equilibrium)
    )
    return after / before / price_index_hat(economy, equilibrium)


def real_sector_income_hat(
    economy: Economy, equilibrium: Equilibrium, closure: Closure
) -> Float[Array, "n s"]:
    """Change of what the people of each sector can buy; one where a sector pays nobody.

    Where labour is tied they are the same people, where it moves whoever works there.
    """
    problem = Problem.of(economy, Shock.none(economy), closure)
    before = _by_sector(economy.output, economy.income, problem)
    after = _by_sector(equilibrium.output, equilibrium.income, problem)
    ratio = jnp.where(before != 0, after / jnp.where(before != 0, before, 1.0), 1.0)
    return jnp.where(before != 0, ratio / price_index_hat(economy, equilibrium)[:, None], 1.0)


def _by_sector(
    output: Float[Array, "n s"], income: Float[Array, " n"], problem: Problem
) -> Float[Array, "n s"]:
    """Profits, and by wages all that is no profit; sums to income at any point of a search."""
    wages = problem.labour_share * output
    profit = problem.profit_share * output
    if problem.net_return is not None:
        profit = profit + problem.net_return * output
    rest = income - profit.sum(axis=1)
    return profit + wages / wages.sum(axis=1, keepdims=True) * rest[:, None]
