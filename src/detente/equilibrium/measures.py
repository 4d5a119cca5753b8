"""Every number that is reported about an equilibrium, keyed as in `variables.csv`."""

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from ..world import Economy
from ._solve import Equilibrium
from .steady_state import capital_stock_hat
from .volumes import real_gdp_hat
from .welfare import linear_welfare, price_index_hat, welfare_hat


@eqx.filter_jit
def measures(economy: Economy, equilibrium: Equilibrium) -> dict[str, Array]:
    """The arrays of every outcome variable, in the dims and units of the table."""
    return (
        _welfare(economy, equilibrium)
        | _prices(equilibrium)
        | _sectors(economy, equilibrium)
        | _trade(economy, equilibrium)
    )


def _welfare(economy: Economy, equilibrium: Equilibrium) -> dict[str, Array]:
    gain = welfare_hat(economy, equilibrium) - 1.0
    linear = linear_welfare(economy, equilibrium)
    index = price_index_hat(economy, equilibrium)
    return {
        "welfare": 100 * gain,
        "equivalent_variation": gain * economy.income,
        "welfare_linear": 100 * (linear.terms_of_trade + linear.volume_of_trade),
        "terms_of_trade_linear": 100 * linear.terms_of_trade,
        "volume_of_trade_linear": 100 * linear.volume_of_trade,
        "real_gdp": 100 * (real_gdp_hat(economy, equilibrium) - 1),
        "total_employment": 100 * (equilibrium.employment_hat - 1),
        "capital_stock": 100 * (capital_stock_hat(economy, equilibrium) - 1),
        "real_wage": 100 * (_average_wage(equilibrium) / index - 1),
        "price_index": 100 * (index - 1),
        "income_before": economy.income,
        "income_after": equilibrium.income,
        "tariff_revenue_before": economy.tariff_revenue,
        "tariff_revenue_after": equilibrium.tariff_revenue,
        "rents": equilibrium.rents,
        "profits": equilibrium.profit,
        "deficit_before": economy.deficit,
        "deficit_after": equilibrium.deficit,
    }


def _average_wage(equilibrium: Equilibrium) -> Float[Array, " n"]:
    """Change of what a unit of labour at work earns, over all sectors."""
    return equilibrium.labour_income_hat / equilibrium.employment_hat


def _prices(equilibrium: Equilibrium) -> dict[str, Array]:
    return {
        "wage": 100 * (_average_wage(equilibrium) - 1),
        "sector_wage": 100 * (equilibrium.sector_wage_hat - 1),
        "price": 100 * (equilibrium.price_hat - 1),
        "unit_cost": 100 * (equilibrium.unit_cost_hat - 1),
    }


def _sectors(economy: Economy, equilibrium: Equilibrium) -> dict[str, Array]:
    before, after = economy.output, equilibrium.output
    produced = before > 0
    ratio = after / jnp.where(produced, before, 1.0)
    share = economy.gross_value_added_share
    return {
        "output": 100 * jnp.where(produced, ratio / equilibrium.unit_cost_hat - 1, 0.0),
        "employment": 100 * jnp.where(produced, ratio / equilibrium.sector_wage_hat - 1, 0.0),
        "output_before": before,
        "output_after": after,
        "value_added_before": share * before,
        "value_added_after": share * after,
    }


def _trade(economy: Economy, equilibrium: Equilibrium) -> dict[str, Array]:
    return {
        "trade_before": economy.trade,
        "trade_after": equilibrium.trade,
        "expenditure_share_before": economy.expenditure_share,
        "expenditure_share_after": equilibrium.expenditure_share,
        "balance_before": _balance(economy.trade),
        "balance_after": _balance(equilibrium.trade),
    }


def _balance(trade: Float[Array, "o d s"]) -> Float[Array, "n m"]:
    exports = trade.sum(axis=2)
    return exports - exports.T
