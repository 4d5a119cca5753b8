"""A second opinion on a solution: every identity recomputed in plain NumPy, flow by flow.

Shares nothing with the equations that were solved but the definition of the model, so that a slip
in one shows up against the other. Prices in particular come from quantities and utility here, where
the solver has price indices.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Array

from ..closure import Closure, Staggered
from ..world import Economy, Shock
from ._solve import Equilibrium, TEXTBOOK
from ._uses import closure_in, market_of, shock_to


@dataclass(frozen=True)
class Certificate:
    """Largest relative errors, each over all countries and sectors."""

    goods: float
    """Expenditure against final plus intermediate demand."""
    prices: float
    """Prices against what the quantities bought are worth to the tastes of the baseline."""
    shares: float
    """Expenditure shares against the gravity equation."""
    labour: float
    """Payments to labour against the wage bill, and wages by sector against labour supply and the
    floor under them."""
    walras: float
    """What every country pays abroad against what it earns there and its deficit."""

    @property
    def largest(self) -> float:
        return max(self.goods, self.prices, self.shares, self.labour, self.walras)


def certify(
    economy: Economy, shock: Shock, equilibrium: Equilibrium, closure: Closure = TEXTBOOK
) -> Certificate:
    """Recompute the conditions at an equilibrium."""
    before, after = _Accounts(economy, closure), _Wedges(shock)
    before.follow(shock)
    trade = np.asarray(equilibrium.trade)
    output, expenditure = trade.sum(axis=1), np.asarray(equilibrium.expenditure)
    wage = np.asarray(equilibrium.labour_income_hat)
    by_sector = np.asarray(equilibrium.sector_wage_hat)
    offered = _offer_price(before, equilibrium, output)
    market = _Market(economy, shock, closure, equilibrium)
    share, price = market.sourcing(offered)
    purchases = trade * after.landed * (1 + after.tariff)
    to_importer = purchases - trade * after.remitted
    to_exporter = trade * (after.remitted - 1)
    revenue = to_importer.sum(axis=(0, 2)) + to_exporter.sum(axis=(1, 2))
    wage_bill = wage * before.labour_income
    owned = ((before.profit + before.net_return) * output).sum(axis=1)
    earned = wage_bill + owned + revenue
    deficit = _deficit(before, closure, earned)
    demand = market.demand(before.final_share * (earned + deficit)[:, None], before.inputs(output))
    remitted = trade * after.remitted
    external = remitted.sum(axis=(0, 2)) - remitted.sum(axis=(1, 2))
    consumer_price = np.asarray(equilibrium.price_hat) ** before.final_share
    supplied = _wages_supplied(before, closure, wage, output, consumer_price.prod(axis=1))
    return Certificate(
        goods=max(
            _relative(market.expenditure, demand, floor=market.least),
            _relative(expenditure, purchases.sum(axis=0)),
        ),
        prices=_relative(market.price, price),
        shares=_relative(
            market.purchases, share * market.expenditure, floor=_LEAST_FLOW * market.expenditure
        ),
        labour=max(
            _relative((before.labour * output).sum(axis=1), wage_bill),
            _relative(np.where(output > 0, by_sector, supplied), supplied),
        ),
        walras=_relative(external, deficit, floor=wage_bill.sum()),
    )


# Flows below this share of a market are compared as a share of the market, not of themselves.
_LEAST_FLOW = 1e-6


class _Accounts:
    """The baseline's accounts in NumPy, from its four arrays."""

    def __init__(self, economy: Economy, closure: Closure) -> None:
        trade, self.gamma = np.asarray(economy.trade), np.asarray(economy.input_share)
        theta = np.asarray(economy.trade_elasticity)
        value_added = 1 - self.gamma.sum(axis=1)
        profit = 0.0 if closure.profit_share is None else np.asarray(closure.profit_share)
        self._pay_for_capital(economy, value_added)
        self.profit = np.minimum(profit, value_added - self.net_return)
        self.labour = value_added - self.profit - self.net_return
        self.output = trade.sum(axis=1)
        self.labour_income = (self.labour * self.output).sum(axis=1)
        expenditure = (trade * (1 + np.asarray(economy.tariff))).sum(axis=0)
        final = expenditure - self.inputs(self.output)
        self.income = final.sum(axis=1)
        self.final_share = final / self.income[:, None]
        self.deficit = trade.sum(axis=(0, 2)) - trade.sum(axis=(1, 2))
        self.log_productivity = np.zeros_like(self.output)
        self.immobility = _immobility(closure)
        scale = np.zeros_like(theta) if closure.scale is None else np.asarray(closure.scale)
        self.variety = scale / theta

    def _pay_for_capital(self, economy: Economy, value_added: np.ndarray) -> None:
        """What capital earns net of what replaces it, and what it adds to cost: the steady state's
        user cost is goods, that of a given stock its income over its quantity."""
        self.net_return, self.rental = np.zeros_like(value_added), np.zeros_like(value_added)
        self.cost_share, self.log_stock = self.gamma, np.zeros(len(value_added))
        capital = economy.capital
        if capital is None:
            return
        share, replaced = np.asarray(capital.share)[:, None], np.asarray(capital.replaced)[:, None]
        paid = share * value_added / (1 - replaced * share)
        self.net_return = (1 - replaced) * paid
        made_of = np.asarray(capital.basket)[:, :, None]
        if capital.stock_hat is None:
            self.cost_share = self.gamma + made_of * self.net_return[:, None, :]
            return
        self.cost_share = self.gamma - made_of * (replaced * paid)[:, None, :]
        self.rental, self.log_stock = paid, np.log(np.asarray(capital.stock_hat))

    def follow(self, shock: Shock) -> None:
        """Final demand, transfers and productivity after the shock, where it changes them."""
        if shock.final_share is not None:
            self.final_share = np.asarray(shock.final_share)
        if shock.deficit is not None:
            self.deficit = np.asarray(shock.deficit)
        if shock.productivity_hat is not None:
            self.log_productivity = np.log(np.asarray(shock.productivity_hat))

    def inputs(self, output: np.ndarray) -> np.ndarray:
        return (self.gamma @ output[:, :, None])[:, :, 0]


class _Wedges:
    """Price wedges after the shock, with none where the shock leaves a kind out."""

    def __init__(self, shock: Shock) -> None:
        nothing = np.zeros(shock.tariff.shape)
        self.tariff = np.asarray(shock.tariff)
        tax = nothing if shock.export_tax is None else np.asarray(shock.export_tax)
        markup = nothing if shock.rationing is None else np.asarray(shock.rationing)
        kept = nothing if shock.rent_to_importer is None else np.asarray(shock.rent_to_importer)
        self.landed = (1 + tax) * (1 + markup)
        self.remitted = (1 + tax) * (1 + markup - kept * markup)


def _offer_price(before: _Accounts, equilibrium: Equilibrium, output: np.ndarray) -> np.ndarray:
    """Cost to buyers at the factory gate, less what variety is worth to them."""
    log_price, log_wage = (
        np.log(np.asarray(a)) for a in (equilibrium.input_price_hat, equilibrium.sector_wage_hat)
    )
    inputs = (log_price[:, None, :] @ before.cost_share)[:, 0]
    log_income = np.log(np.asarray(equilibrium.labour_income_hat))
    rental = before.rental * (log_income - before.log_stock)[:, None]
    log_bundle = (before.labour * log_wage + rental + inputs) / (1 - before.profit)
    both = (before.output > 0) & (output > 0)
    growth = np.log(np.where(both, output, 1.0) / np.where(both, before.output, 1.0))
    entry = np.where(both, growth - log_bundle, 0.0)
    return np.exp(log_bundle - before.log_productivity - before.variety * entry)


def _immobility(closure: Closure) -> float:
    """Of labour, in the last year where the years are solved one by one."""
    immobility, staggered = float(closure.labour_immobility or 0.0), closure.staggered
    if staggered is None or not staggered.moves_labour:
        return immobility
    return immobility * (1 - float(staggered.reset)) ** (staggered.years - 1)


def _wages_supplied(
    before: _Accounts,
    closure: Closure,
    income: np.ndarray,
    output: np.ndarray,
    consumer_price: np.ndarray,
) -> np.ndarray:
    """Wages by sector at which labour is supplied: the least where a floor keeps them above."""
    growth = np.where(before.output > 0, output / np.where(before.output > 0, before.output, 1), 1)
    growth = np.where(growth > 0, growth, income[:, None])
    elasticity = float(closure.labour_supply or 0.0)
    # Labour is (wage / price) ** elasticity, and times the wage it is labour income.
    average = (income * consumer_price**elasticity) ** (1 / (1 + elasticity))
    wage = average[:, None] * (growth / income[:, None]) ** before.immobility
    floor = closure.wage_floor
    if floor is None:
        return wage
    money = np.where(np.asarray(floor.pegged) == 1, 1.0, income)
    years = float(floor.years) + (0 if closure.staggered is None else closure.staggered.years - 1)
    return np.maximum(wage, (np.exp(years * np.asarray(floor.fall)) * money)[:, None])


def _deficit(before: _Accounts, closure: Closure, earned: np.ndarray) -> np.ndarray:
    if closure.deficits == "fixed":
        return before.deficit
    if closure.deficits == "removed":
        return np.zeros_like(before.deficit)
    if closure.deficits == "saving":
        surplus = before.deficit < 0
        saved = np.where(surplus, -before.deficit / (before.income - before.deficit) * earned, 0.0)
        owed = np.where(surplus, 0.0, before.deficit)
        return saved.sum() * owed / max(owed.sum(), np.finfo(float).tiny) - saved
    wished = before.income / (before.income - before.deficit) * earned
    return wished * earned.sum() / wished.sum() - earned


class _Market:
    """Where buyers choose: sectors, or each use of a sector where uses are told apart."""

    def __init__(
        self, economy: Economy, shock: Shock, closure: Closure, equilibrium: Equilibrium
    ) -> None:
        self.economy = market_of(economy)
        self.shock = shock_to(self.economy, shock)
        self.closure = closure_in(self.economy, closure)
        self.began = equilibrium.began
        self.wage = np.asarray(equilibrium.labour_income_hat / equilibrium.labour_supply_hat)
        trade, price = equilibrium.trade, equilibrium.price_hat
        self.apart = equilibrium.input_trade is not None
        if equilibrium.input_trade is not None:
            inputs = equilibrium.input_trade
            trade = np.concatenate([trade - inputs, inputs], axis=-1)
            price = np.concatenate([price, equilibrium.input_price_hat], axis=-1)
        wedges = _Wedges(self.shock)
        self.price = np.asarray(price)
        self.purchases = np.asarray(trade) * wedges.landed * (1 + wedges.tariff)
        self.expenditure = self.purchases.sum(axis=0)
        # Of a use that there is hardly any of, what is left of it is rounding.
        whole = np.asarray(equilibrium.expenditure)
        self.least = _LEAST_FLOW * np.concatenate([whole, whole], axis=-1) if self.apart else 0.0

    def demand(self, final: np.ndarray, inputs: np.ndarray) -> np.ndarray:
        return np.concatenate([final, inputs], axis=-1) if self.apart else final + inputs

    def sourcing(self, offer: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Shares and prices that follow from what producers offer."""
        offered = np.concatenate([offer, offer], axis=-1) if self.apart else offer
        share, price = _sourcing(self.economy, self.shock, self.closure, offered, self.began)
        before = np.asarray(self.economy.expenditure)
        growth = np.where(before > 0, self.expenditure / np.where(before > 0, before, 1.0), 1.0)
        growth = np.where(before > 0, growth / self.wage[:, None], 1.0)
        return share, price * growth ** (1 - _pass_through(self.closure))


def _pass_through(closure: Closure) -> float:
    return 1.0 if closure.pass_through is None else float(closure.pass_through)


def _sourcing(
    economy: Economy, shock: Shock, closure: Closure, offer: np.ndarray, began: Array | None
) -> tuple[np.ndarray, np.ndarray]:
    """Shares from prices and tastes, and the price of a unit of old utility from quantities."""
    wedge = _Wedges(shock)
    dearer = (1 + wedge.tariff) / (1 + np.asarray(economy.tariff))
    barrier = dearer ** _pass_through(closure) * wedge.landed
    price = offer[:, None, :] * barrier * np.asarray(shock.trade_cost_hat)
    weight = np.asarray(economy.expenditure_share)
    if shock.opened is not None:
        weight = weight + np.asarray(shock.opened) * np.asarray(economy.hidden_share)
    weight = weight * np.asarray(shock.allowed)
    taste = np.ones_like(weight) if shock.taste_hat is None else np.asarray(shock.taste_hat)
    theta = np.asarray(economy.trade_elasticity)
    if closure.nests is None:
        share, _ = _choice(weight, taste, price, theta)
        utility = _utility(weight, share / price, theta)
    else:
        share, utility = _nested(economy, closure, weight, taste, price)
    if closure.staggered is not None:
        kept = np.asarray(began) * np.asarray(shock.allowed)
        anew = _Anew(share, utility)
        share, utility = _staggered(closure.staggered, kept, taste, price, anew)
    return share, _share_of_one(1.0, utility)


@dataclass(frozen=True)
class _Anew:
    """What buyers who choose anew do with one unit of money."""

    share: np.ndarray
    utility: np.ndarray


def _staggered(
    staggered: Staggered, kept: np.ndarray, taste: np.ndarray, price: np.ndarray, anew: _Anew
) -> tuple[np.ndarray, np.ndarray]:
    """Shares and utility of two bundles: goods of last year's suppliers, and those bought anew."""
    reset, elasticity = float(staggered.reset), np.asarray(staggered.locked_elasticity)
    weight = (1 - reset) * kept
    share, _ = _choice(weight, taste, price, elasticity)
    worth = np.stack([_utility(weight, share / price, elasticity), anew.utility])
    there = np.stack([np.ones_like(anew.utility), np.full_like(anew.utility, reset)]) * (worth > 0)
    dear = _share_of_one(1.0, worth)
    spent, _ = _choice(there, 1.0, dear, elasticity)
    utility = _utility(there, spent * worth, elasticity)
    return spent[0] * share + spent[1] * anew.share, utility


def _nested(
    economy: Economy, closure: Closure, weight: np.ndarray, taste: np.ndarray, price: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    nests = closure.nests
    assert nests is not None
    theta, among = np.asarray(economy.trade_elasticity), np.asarray(nests.elasticity)
    member, top = np.asarray(nests.member), np.asarray(nests.home_elasticity)
    foreign = 1 - np.eye(len(weight))[:, :, None]
    baseline = np.asarray(economy.expenditure_share)
    shares, indices, utilities, sizes, seen = [], [], [], [], []
    for inside, elasticity in zip(member, among, strict=True):
        mask = foreign * inside[:, None, :]
        size = (mask * baseline).sum(axis=0)
        seen.append(size)
        size = np.where(size > 0, size, (mask * np.asarray(economy.hidden_share)).sum(axis=0))
        relative = mask * weight / np.where(size > 0, size, 1.0)
        share, index = _choice(relative, taste, price, elasticity)
        shares.append(share)
        indices.append(index)
        utilities.append(_utility(relative, share / price, elasticity))
        sizes.append(size)
    abroad = np.where(np.sum(seen, axis=0) > 0, np.sum(seen, axis=0), np.sum(sizes, axis=0))
    relative = np.array(sizes) / np.where(abroad > 0, abroad, 1.0)
    to_group, foreign_index = _choice(relative, 1.0, np.array(indices), theta)
    foreign_utility = _utility(relative, to_group * np.array(utilities), theta)
    at_home, home_price = (np.einsum("nns->ns", cells) for cells in (weight, price))
    pair = np.stack([at_home, abroad])
    drawn = np.stack([np.einsum("nns->ns", taste), np.ones_like(at_home)])
    split, _ = _choice(pair, drawn, np.stack([home_price, foreign_index]), top)
    utility = _utility(pair, split * np.stack([1 / home_price, foreign_utility]), top)
    share = split[1] * np.einsum("gds,gods->ods", to_group, np.array(shares))
    diagonal = np.arange(len(weight))
    share[diagonal, diagonal] = split[0]
    return share, utility


def _choice(
    weight: np.ndarray, taste: np.ndarray | float, price: np.ndarray, elasticity: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Expenditure shares over the first axis, and the price index that the choice is made at."""
    pull = weight * taste * price**-elasticity
    total = pull.sum(axis=0)
    index = np.where(total > 0, np.where(total > 0, total, 1.0) ** (-1 / elasticity), np.inf)
    return _share_of_one(pull, total), index


def _utility(weight: np.ndarray, quantity: np.ndarray, elasticity: np.ndarray) -> np.ndarray:
    """The CES aggregate of quantities over the first axis, as the baseline's tastes weigh them."""
    rho = elasticity / (1 + elasticity)
    return (weight ** (1 - rho) * quantity**rho).sum(axis=0) ** (1 / rho)


def _share_of_one(part: np.ndarray | float, whole: np.ndarray) -> np.ndarray:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 1.0 * (np.ndim(part) == 0))


def _relative(actual: np.ndarray, expected: np.ndarray, floor: np.ndarray | float = 0.0) -> float:
    size = np.maximum(np.abs(expected), floor)
    error = np.abs(actual - expected)
    return float(np.max(np.where(size > 0, error / np.where(size > 0, size, 1.0), error)))
