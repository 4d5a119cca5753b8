"""The models of the replicated papers in plain NumPy, each solved in another way than the package.

Nothing here imports the package: an error would have to be made twice. Flows are laid out
[origin, destination, sector], input shares [country, input, sector], as everywhere in the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


# A root is found when no equation is off by more than this, relative to its own size.
CONVERGED = 1e-12
# Newton's step for a derivative by differences: about the square root of the rounding error.
STEP = 1e-7


def root(gap: Callable[[np.ndarray], np.ndarray], start: np.ndarray) -> np.ndarray:
    """Newton's method with a Jacobian by differences, kept for as long as it serves.

    There may be an equation more than unknowns, as where Walras' law makes one redundant.
    """
    point, value, jacobian = start, gap(start), None
    for _ in range(200):
        size = np.abs(value).max()
        if size < CONVERGED:
            return point
        fresh = jacobian is None
        if fresh:
            jacobian = _differences(gap, point, value)
        step = np.linalg.lstsq(jacobian, -value, rcond=None)[0]
        while True:
            new = gap(point + step)
            if np.abs(new).max() < size or np.abs(step).max() < CONVERGED:
                break
            step = step / 2
        served = np.abs(new).max() < 0.2 * size
        point, value = point + step, new
        jacobian = jacobian if served or (fresh and size < 1e-9) else None
    raise AssertionError(f"no root was found: the largest gap is {np.abs(value).max():.1e}")


def _differences(gap: Callable, point: np.ndarray, value: np.ndarray) -> np.ndarray:
    columns = [(gap(point + STEP * unit) - value) / STEP for unit in np.eye(len(point))]
    return np.stack(columns, axis=1)


# --- Caliendo and Parro (2015) -------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """What a counterfactual changes: new over old, and the level of new flows."""

    wage: np.ndarray
    price: np.ndarray
    real_wage: np.ndarray
    welfare: np.ndarray
    trade: np.ndarray


class CaliendoParro:
    """Their equations 10 to 14 for one world, with fixed deficits and free labour.

    Prices are iterated inside a guess of wages, expenditures inside both, and Newton's method
    clears the labour markets.
    """

    def __init__(
        self, trade: np.ndarray, tariff: np.ndarray, inputs: np.ndarray, theta: np.ndarray
    ) -> None:
        self.tariff, self.inputs, self.theta = tariff, inputs, theta
        bought = trade * (1 + tariff)
        self.spent = bought.sum(axis=0)
        self.share = bought / self.spent
        output = trade.sum(axis=1)
        self.beta = 1 - inputs.sum(axis=1)
        self.labour_income = (self.beta * output).sum(axis=1)
        final = self.spent - np.einsum("nks,ns->nk", inputs, output)
        self.income = final.sum(axis=1)
        self.alpha = final / self.income[:, None]
        self.deficit = trade.sum(axis=(0, 2)) - trade.sum(axis=(1, 2))

    def after(self, tariff: np.ndarray) -> Change:
        barrier = ((1 + tariff) / (1 + self.tariff)) ** -self.theta
        self._kernel, self._net = self.share * barrier, 1 / (1 + tariff)
        self._rate = tariff / (1 + tariff)
        self._log_price, self._bought = np.zeros_like(self.spent), self.spent
        log_wage = root(self._gap, np.zeros(len(self.income)))
        self._gap(log_wage)
        wage, price = np.exp(log_wage), np.exp(self._log_price)
        index = np.exp((self.alpha * self._log_price).sum(axis=1))
        sold = self._shares(log_wage) * self._bought
        revenue = (self._rate * sold).sum(axis=(0, 2))
        income = wage * self.labour_income + revenue + self.deficit
        return Change(wage, price, wage / index, income / self.income / index, sold * self._net)

    def _gap(self, log_wage: np.ndarray) -> np.ndarray:
        """Demand for labour over its supply in every country, and the numeraire."""
        share = self._shares(log_wage)
        labour = np.exp(log_wage) * self.labour_income
        output = self._output(share, labour + self.deficit)
        excess = (self.beta * output).sum(axis=1) / labour - 1
        return np.append(excess, labour.sum() / self.labour_income.sum() - 1)

    def _cost(self, log_wage: np.ndarray) -> np.ndarray:
        inputs = (self._log_price[:, None, :] @ self.inputs)[:, 0]
        return self.beta * log_wage[:, None] + inputs

    def _shares(self, log_wage: np.ndarray) -> np.ndarray:
        """Equations 10 to 12, the price of every sector iterated to rest."""
        for _ in range(1000):
            pull = self._kernel * np.exp(-self.theta * self._cost(log_wage))[:, None, :]
            total = pull.sum(axis=0)
            new = -np.log(total) / self.theta
            moved = np.abs(new - self._log_price).max()
            self._log_price = new
            if moved < CONVERGED / 100:
                break
        return pull / total

    def _output(self, share: np.ndarray, earned: np.ndarray) -> np.ndarray:
        """Equation 13, expenditure iterated to rest."""
        net, rate = share * self._net, (share * self._rate).sum(axis=0)
        by_sector = np.ascontiguousarray(np.transpose(net, (2, 0, 1)))
        for _ in range(1000):
            output = (by_sector @ self._bought.T[:, :, None])[:, :, 0].T
            income = earned + (rate * self._bought).sum(axis=1)
            new = self.alpha * income[:, None] + (self.inputs @ output[:, :, None])[:, :, 0]
            moved = np.abs(new - self._bought).max() / self.income.max()
            self._bought = new
            if moved < CONVERGED / 1000:
                break
        return output


# --- one sector of gravity -----------------------------------------------------------------------


@dataclass(frozen=True)
class Gravity:
    wage: np.ndarray
    price: np.ndarray

    @property
    def real_wage(self) -> np.ndarray:
        return self.wage / self.price


def ge_gravity(
    flows: np.ndarray, partial: np.ndarray, theta: float, *, multiplicative: bool
) -> Gravity:
    """The algorithm of Stata's `ge_gravity`; Baier, Yotov and Zylkin (2019), section 6.

    Wages, a price index and expenditures follow from each other in turn. `partial` is the change
    of the log of a flow that the cost alone would bring.
    """
    output, spent = flows.sum(axis=1), flows.sum(axis=0)
    deficit = spent - output
    kernel = flows / spent * np.exp(partial)
    wage, resistance, expenditure = np.ones_like(output), np.ones_like(output), spent
    for _ in range(100_000):
        before = wage
        wage = (kernel @ (expenditure / resistance) / output) ** (1 / (1 + theta))
        wage = wage * output.sum() / (output * wage).sum()
        resistance = wage**-theta @ kernel
        expenditure = spent * wage if multiplicative else output * wage + deficit
        if np.abs(wage / before - 1).max() < 1e-15:
            return Gravity(wage, resistance ** (-1 / theta))
    raise AssertionError("ge_gravity did not converge")


def structural_gravity(
    ease: np.ndarray, output: np.ndarray, spent: np.ndarray, reference: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Flows with these totals and this ease of trade, and each origin's outward resistance.

    Anderson and van Wincoop (2003), by scaling rows and columns in turn; what Poisson regression
    with effects of origin and destination fits. Resistance is to the power of one less sigma, with
    the price of the reference destination as the unit.
    """
    column = np.ones_like(spent)
    for _ in range(100_000):
        row = output / (ease @ column)
        new = spent / (row @ ease)
        moved = np.abs(new / column - 1).max()
        column = new
        if moved < CONVERGED / 100:
            unit = column[reference] / spent[reference]
            return row[:, None] * ease * column, output / (row * unit)
    raise AssertionError("rows and columns were not scaled to their totals")


# --- Ossa (2014) ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class OssaChange:
    wage: np.ndarray
    profit: np.ndarray
    """Of each region and industry, new over old."""
    welfare: np.ndarray
    by_industry: np.ndarray
    """Real income of each region and industry: sales, and of tariff revenue a part by wages."""


class Ossa:
    """The equilibrium conditions in changes of Ossa (2014).

    Firms are given in number, so that profits are a part one over sigma of sales. Unknowns are
    the wage and the expenditure of each region; his four conditions follow from them.
    """

    def __init__(self, trade: np.ndarray, tariff: np.ndarray, sigma: np.ndarray) -> None:
        self.trade, self.tariff, self.sigma = trade, tariff, sigma
        bought = trade * (1 + tariff)
        self.spent = bought.sum(axis=(0, 2))
        self.budget_share = bought.sum(axis=0) / self.spent[:, None]
        self.share = bought / bought.sum(axis=0)
        sales = trade.sum(axis=1)
        self.sales, self.profit = sales, sales / sigma
        self.wage_bill = sales - self.profit
        self.sales_share = trade / sales[:, None, :]

    def after(self, tariff: np.ndarray) -> OssaChange:
        regions = len(self.spent)
        factor = (1 + tariff) / (1 + self.tariff)
        world = self.wage_bill.sum() + self.profit.sum()

        def changes(unknown: np.ndarray) -> tuple[np.ndarray, ...]:
            wage, spent = np.exp(unknown[:regions]), np.exp(unknown[regions:])
            landed = (wage[:, None, None] * factor) ** (1 - self.sigma)
            index = (self.share * landed).sum(axis=0) ** (1 / (1 - self.sigma))
            demand = index ** (self.sigma - 1) * spent[:, None]
            sold = landed / factor * demand
            profit = (self.sales_share * sold).sum(axis=1)
            return wage, spent, index, sold, profit

        def gap(unknown: np.ndarray) -> np.ndarray:
            wage, spent, _, sold, profit = changes(unknown)
            hired = (self.wage_bill * profit).sum(axis=1) / self.wage_bill.sum(axis=1)
            wages, profits = wage * self.wage_bill.sum(axis=1), self.profit * profit
            revenue = (tariff * self.trade * sold).sum(axis=(0, 2))
            budget = (wages + profits.sum(axis=1) + revenue) / (spent * self.spent)
            numeraire = (wages.sum() + profits.sum()) / world
            return np.concatenate([hired / wage - 1, budget - 1, [numeraire - 1]])

        wage, spent, index, sold, profit = changes(root(gap, np.zeros(2 * regions)))
        cost_of_living = np.exp((self.budget_share * np.log(index)).sum(axis=1))
        revenue = (tariff * self.trade * sold).sum(axis=(0, 2))
        wages = self.wage_bill * profit
        by_wages = wages / wages.sum(axis=1, keepdims=True)
        income = self.sales * profit + by_wages * revenue[:, None]
        by_industry = income / cost_of_living[:, None]
        return OssaChange(wage, profit, spent / cost_of_living, by_industry)
