"""A second opinion on a solution: every identity recomputed in plain NumPy, from levels.

Shares nothing with the equations that were solved but the definition of the model, so that a slip
in one shows up against the other.
"""

from dataclasses import dataclass

import numpy as np

from ..world import Economy, Shock
from ._solve import Equilibrium


@dataclass(frozen=True)
class Certificate:
    """Largest relative errors, each over all countries and sectors."""

    goods: float
    """Expenditure against final plus intermediate demand."""
    prices: float
    """Prices against the CES index of delivered costs."""
    shares: float
    """Expenditure shares against the gravity equation."""
    labour: float
    """Payments to labour against the wage bill."""
    walras: float
    """World income against world final expenditure, and the sum of the deficits."""

    @property
    def largest(self) -> float:
        return max(self.goods, self.prices, self.shares, self.labour, self.walras)


def certify(economy: Economy, shock: Shock, found: Equilibrium) -> Certificate:
    """Recompute the equilibrium conditions at `found`."""
    price, share = _gravity(economy, shock, found)
    output = np.asarray(found.trade).sum(axis=1)
    beta = np.asarray(economy.value_added_share)
    wage_bill = np.asarray(found.wage_hat) * np.asarray(economy.value_added)
    revenue = (np.asarray(shock.tariff) * np.asarray(found.trade)).sum(axis=(0, 2))
    income = wage_bill + revenue + np.asarray(economy.deficit)
    inputs = np.einsum("nks,ns->nk", economy.input_share, output)
    demand = np.asarray(economy.final_share) * income[:, None] + inputs
    external = np.asarray(found.trade).sum(axis=(0, 2)) - output.sum(axis=1)
    return Certificate(
        goods=_relative(np.asarray(found.expenditure), demand),
        prices=_relative(np.asarray(found.price_hat), price),
        shares=_relative(np.asarray(found.expenditure_share), share, floor=1.0),
        labour=_relative((beta * output).sum(axis=1), wage_bill),
        walras=_relative(external, np.asarray(economy.deficit), floor=float(wage_bill.sum())),
    )


def _gravity(
    economy: Economy, shock: Shock, found: Equilibrium
) -> tuple[np.ndarray, np.ndarray]:
    """Price changes and new shares that the found wages and prices imply."""
    theta = np.asarray(economy.trade_elasticity)
    log_price = np.log(np.asarray(found.price_hat))
    log_cost = np.asarray(economy.value_added_share) * np.log(np.asarray(found.wage_hat))[:, None]
    log_cost = log_cost + np.einsum("nks,nk->ns", economy.input_share, log_price)
    barrier = (1 + np.asarray(shock.tariff)) / (1 + np.asarray(economy.tariff))
    delivered = np.exp(log_cost)[:, None, :] * barrier * np.asarray(shock.trade_cost_hat)
    weight = np.asarray(economy.expenditure_share) * delivered ** (-theta)
    total = weight.sum(axis=0)
    bought = total > 0
    price = np.where(bought, np.where(bought, total, 1.0) ** (-1.0 / theta), 1.0)
    return price, weight / np.where(bought, total, 1.0)


def _relative(found: np.ndarray, expected: np.ndarray, floor: float = 0.0) -> float:
    size = np.maximum(np.abs(expected), floor)
    nonzero = size > 0
    error = np.where(nonzero, np.abs(found - expected) / np.where(nonzero, size, 1.0), np.abs(found))
    return float(error.max())
