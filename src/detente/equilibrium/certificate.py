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
    before, trade = _Accounts(economy), np.asarray(found.trade)
    price, share = _gravity(before, economy, shock, found)
    output, expenditure = trade.sum(axis=1), np.asarray(found.expenditure)
    wage_bill = np.asarray(found.wage_hat) * before.value_added
    taxed, rationed = 1 + np.asarray(shock.export_tax), np.asarray(shock.rationing)
    rent = trade * taxed * rationed
    to_importer = np.asarray(shock.rent_to_importer) * rent
    tariffs = np.asarray(shock.tariff) * trade * taxed * (1 + rationed)
    origin_gets = rent - to_importer + trade * (taxed - 1)
    revenue = (tariffs + to_importer).sum(axis=(0, 2)) + origin_gets.sum(axis=(1, 2))
    income = wage_bill + revenue + before.deficit
    demand = before.final_share * income[:, None] + before.inputs(output)
    purchases = trade * taxed * (1 + rationed) + tariffs
    remitted = trade + origin_gets
    external = remitted.sum(axis=(0, 2)) - remitted.sum(axis=(1, 2))
    return Certificate(
        goods=_relative(expenditure, demand),
        prices=_relative(np.asarray(found.price_hat), price),
        shares=_relative(purchases, share * expenditure, floor=_LEAST_FLOW * expenditure),
        labour=_relative((before.beta * output).sum(axis=1), wage_bill),
        walras=_relative(external, before.deficit, floor=wage_bill.sum()),
    )


# Flows below this share of a market are compared as a share of the market, not of themselves.
_LEAST_FLOW = 1e-6


class _Accounts:
    """The baseline's accounts in NumPy, from its four arrays."""

    def __init__(self, economy: Economy) -> None:
        trade, self.gamma = np.asarray(economy.trade), np.asarray(economy.input_share)
        self.purchases = trade * (1 + np.asarray(economy.tariff))
        self.beta = 1 - self.gamma.sum(axis=1)
        self.expenditure = self.purchases.sum(axis=0)
        output = trade.sum(axis=1)
        final = self.expenditure - self.inputs(output)
        self.final_share = final / final.sum(axis=1, keepdims=True)
        self.value_added = (self.beta * output).sum(axis=1)
        self.deficit = trade.sum(axis=(0, 2)) - output.sum(axis=1)

    def inputs(self, output: np.ndarray) -> np.ndarray:
        return (self.gamma @ output[:, :, None])[:, :, 0]


def _gravity(
    before: _Accounts, economy: Economy, shock: Shock, found: Equilibrium
) -> tuple[np.ndarray, np.ndarray]:
    """Price changes and new shares that the found wages and prices imply."""
    theta = np.asarray(economy.trade_elasticity)
    log_price, log_wage = np.log(np.asarray(found.price_hat)), np.log(np.asarray(found.wage_hat))
    log_cost = before.beta * log_wage[:, None] + (log_price[:, None, :] @ before.gamma)[:, 0]
    barrier = (1 + np.asarray(shock.tariff)) / (1 + np.asarray(economy.tariff))
    barrier = barrier * (1 + np.asarray(shock.export_tax)) * (1 + np.asarray(shock.rationing))
    delivered = np.exp(log_cost)[:, None, :] * barrier * np.asarray(shock.trade_cost_hat)
    bought = before.expenditure > 0
    allowed = before.purchases * np.asarray(shock.allowed)
    weight = allowed / np.where(bought, before.expenditure, 1.0) * delivered ** (-theta)
    total = weight.sum(axis=0)
    total = np.where(total > 0, total, 1.0)
    return total ** (-1.0 / theta), weight / total


def _relative(found: np.ndarray, expected: np.ndarray, floor: np.ndarray | float = 0.0) -> float:
    size = np.maximum(np.abs(expected), floor)
    error = np.abs(found - expected)
    return float(np.max(np.where(size > 0, error / np.where(size > 0, size, 1.0), error)))
