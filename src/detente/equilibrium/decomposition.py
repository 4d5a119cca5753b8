"""Where exact welfare comes from: terms that add up to it, by partner and sector.

Along the path from no shock to the whole of it, real income changes at every point by what trade
earns and costs at the border, by volumes times the wedges on them, and by real resources. Each is
integrated over the path, so the terms add up to the change itself and not to a first-order guess.
"""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from ..closure import Closure
from ..world import Economy, Shock
from ._continuation import part_of
from ._problem import leaf_elasticity, Problem
from ._solve import Equilibrium, solve, TEXTBOOK
from ._uses import closure_in, in_markets, market_of, over_uses, shock_to
from .steady_state import capital_stock_hat
from .welfare import welfare_hat


# Gauss-Legendre points: the terms are smooth along the path, so the error falls geometrically.
POINTS = 10


class Decomposition(eqx.Module):
    """Shares of the change of welfare, in the units of `welfare_hat - 1`; they sum to it.

    The axes of bilateral terms are the country whose welfare it is, its partner and the sector;
    the country is its own partner where the term arises at home.
    """

    terms_of_trade: Float[Array, "n p s"]
    """Dearer exports and delivered imports, at the prices the origin receives."""
    tariffs: Float[Array, "n p s"]
    """More imports behind the country's own tariffs."""
    rents: Float[Array, "n p s"]
    """More trade behind the rationing and export taxes whose proceeds the country keeps."""
    trade_costs: Float[Array, "n p s"]
    """Real resources: icebergs on purchases, varieties prohibited or let in."""
    scale: Float[Array, "n p s"]
    """Variety of what is bought, from entry in the partner's sector."""
    productivity: Float[Array, "n s"]
    """Output from the same labour and inputs, more or less of it."""
    profits: Float[Array, "n s"]
    """More output where price exceeds cost, with a fixed number of firms."""
    capital: Float[Array, "n s"]
    """More capital, at its net return, where it is produced."""
    employment: Float[Array, "n s"]
    """More labour at work, at its wage: hours supplied, and hiring above a floor under wages."""
    taste: Float[Array, "n s"]
    """Spending that the tastes of the baseline would place elsewhere."""
    transfers: Float[Array, " n"]
    """Changes of the trade deficit."""
    unexplained: Float[Array, " n"]
    """The change of welfare less the sum: the error of the integral."""


class _Point(eqx.Module):
    """One point of the path, as what is differentiated along it."""

    log_cost: Float[Array, "o s"]
    variety: Float[Array, "o s"]
    """What entry takes off the log price to buyers."""
    quantity: Float[Array, "o d s"]
    output_quantity: Float[Array, "o s"]
    log_productivity: Float[Array, "o s"]
    log_price: Float[Array, "d m"]
    log_remitted: Float[Array, "o d s"]
    """Log price that the origin receives."""
    log_iceberg: Float[Array, "o d s"]
    availability: Float[Array, "o d m"]
    log_paid: Float[Array, "o d s"]
    """Log wedge between producer and purchaser, without the iceberg."""
    deficit: Float[Array, " n"]
    log_capital: Float[Array, " n"]
    log_labour: Float[Array, "n s"]
    """Labour at work over what fully employed workers of fixed hours would supply."""


@eqx.filter_jit
def decompose(
    economy: Economy, shock: Shock, closure: Closure = TEXTBOOK, *, points: int = POINTS
) -> Decomposition:
    """Split the exact change of welfare that `shock` brings into terms that sum to it."""
    place, weight = np.polynomial.legendre.leggauss(points)
    places, weights = jnp.asarray((place + 1) / 2), jnp.asarray(weight / 2)
    rates = lambda part: _rates(part, economy, shock, closure)

    def add(total: Decomposition, point: tuple[Array, Array]) -> tuple[Decomposition, None]:
        part, weight = point
        return jax.tree.map(lambda sum, rate: sum + weight * rate, total, rates(part)), None

    nothing = jax.tree.map(jnp.zeros_like, jax.eval_shape(rates, places[0]))
    total, _ = jax.lax.scan(add, nothing, (places, weights))
    exact = welfare_hat(economy, solve(economy, shock, closure))
    return _in_proportion(total, jnp.log(exact))


def _in_proportion(logs: Decomposition, exact: Float[Array, " n"]) -> Decomposition:
    """From log points to the units of the change itself, each term in the same proportion."""
    terms = (leaf.reshape(leaf.shape[0], -1).sum(axis=1) for leaf in jax.tree.leaves(logs))
    missing = exact - sum(terms, jnp.zeros_like(exact))
    small = jnp.abs(exact) < 1e-6
    factor = jnp.where(small, 1.0 + exact / 2, jnp.expm1(exact) / jnp.where(small, 1.0, exact))
    scaled = jax.tree.map(lambda leaf: leaf * factor.reshape((-1,) + (1,) * (leaf.ndim - 1)), logs)
    return eqx.tree_at(lambda d: d.unexplained, scaled, missing * factor)


def _rates(
    part: Float[Array, ""], economy: Economy, shock: Shock, closure: Closure
) -> Decomposition:
    """Every term per unit of the path, over income at this point of it."""

    def at(part: Float[Array, ""]) -> tuple[_Point, tuple[Equilibrium, Shock]]:
        so_far = part_of(shock, economy, part)
        equilibrium = solve(economy, so_far, closure)
        return _describe(economy, so_far, closure, equilibrium), (equilibrium, so_far)

    def described(part: Float[Array, ""]) -> _Point:
        return at(part)[0]

    point, slope = jax.jvp(described, (part,), (jnp.ones_like(part),))
    _, (equilibrium, so_far) = at(part)
    over = lambda term: term / equilibrium.income.reshape((-1,) + (1,) * (term.ndim - 1))
    return jax.tree.map(over, _terms(point, slope, equilibrium, so_far, economy, closure))


def _describe(economy: Economy, shock: Shock, closure: Closure, equilibrium: Equilibrium) -> _Point:
    log_cost = jnp.log(equilibrium.unit_cost_hat)
    cost = equilibrium.unit_cost_hat[:, None, :]
    market = market_of(economy)
    wedges = shock_to(market, shock)
    share = market.expenditure_share
    if wedges.opened is not None:
        share = share + wedges.opened * market.hidden_share
    productivity = _productivity(shock, equilibrium)
    return _Point(
        log_cost=log_cost,
        variety=_variety(economy, closure, equilibrium, productivity),
        log_productivity=jnp.log(productivity),
        quantity=equilibrium.trade / cost,
        output_quantity=equilibrium.output / equilibrium.unit_cost_hat,
        log_price=jnp.log(_prices(equilibrium)),
        log_remitted=jnp.log(shock.remitted) + log_cost[:, None, :],
        log_iceberg=jnp.log(shock.trade_cost_hat),
        availability=wedges.allowed * share,
        log_paid=jnp.log(shock.landed * (1.0 + shock.tariff)),
        deficit=equilibrium.deficit,
        log_capital=jnp.log(capital_stock_hat(economy, equilibrium)),
        log_labour=jnp.log(equilibrium.employment_rate * equilibrium.labour_supply_hat[:, None]),
    )


def _prices(equilibrium: Equilibrium) -> Float[Array, "d m"]:
    """By market; see `_uses.py`."""
    if equilibrium.input_trade is None:
        return equilibrium.price_hat
    return jnp.concatenate([equilibrium.price_hat, equilibrium.input_price_hat], axis=1)


def _purchases(equilibrium: Equilibrium) -> Float[Array, "o d m"]:
    if equilibrium.input_trade is None:
        return equilibrium.purchases
    part = _quotient(equilibrium.input_trade, equilibrium.trade)
    bought = equilibrium.purchases
    return jnp.concatenate([bought * (1.0 - part), bought * part], axis=2)


def _productivity(shock: Shock, equilibrium: Equilibrium) -> Float[Array, "o s"]:
    if shock.productivity_hat is None:
        return jnp.ones_like(equilibrium.unit_cost_hat)
    return shock.productivity_hat


def _variety(
    economy: Economy,
    closure: Closure,
    equilibrium: Equilibrium,
    productivity: Float[Array, "o s"],
) -> Float[Array, "o s"]:
    if closure.scale is None:
        return jnp.zeros_like(equilibrium.unit_cost_hat)
    made = (economy.output > 0) & (equilibrium.output > 0)
    growth = jnp.where(made, equilibrium.output, 1.0) / jnp.where(made, economy.output, 1.0)
    bundle = jnp.log(equilibrium.unit_cost_hat * productivity)
    entry = jnp.where(made, jnp.log(growth) - bundle, 0.0)
    return (closure.scale / economy.trade_elasticity)[None, :] * entry


def _terms(
    point: _Point,
    slope: _Point,
    equilibrium: Equilibrium,
    shock: Shock,
    economy: Economy,
    closure: Closure,
) -> Decomposition:
    """The differential of real income times income; derived in the page on the model."""
    abroad = (1.0 - jnp.eye(equilibrium.income.size))[:, :, None]
    cost = equilibrium.unit_cost_hat[:, None, :]
    volume = cost * slope.quantity
    received = equilibrium.trade * shock.remitted * abroad * slope.log_remitted
    delivered = slope.log_iceberg + slope.log_paid + (slope.log_cost - slope.variety)[:, None, :]
    market, sectors = market_of(economy), equilibrium.output.shape[1]
    bought, total = _purchases(equilibrium), lambda by_market: over_uses(by_market, sectors)
    theta = leaf_elasticity(market, closure_in(market, closure))
    access = _quotient(slope.availability, point.availability) / theta
    dearer = in_markets(delivered, bought.shape[2]) - access
    as_importer = lambda cells: jnp.transpose(cells, (1, 0, 2))
    baseline = Problem.of(economy, Shock.none(economy), closure)
    profit, returned = baseline.profit_share, baseline.net_return
    owned = jnp.zeros_like(profit) if returned is None else returned
    return Decomposition(
        terms_of_trade=received - as_importer(received),
        tariffs=as_importer(shock.landed * shock.tariff * volume),
        rents=as_importer((shock.landed - shock.remitted) * volume)
        + (shock.remitted - 1.0) * volume,
        trade_costs=as_importer(total(bought * access) - equilibrium.purchases * slope.log_iceberg),
        scale=as_importer(equilibrium.purchases * slope.variety[:, None, :]),
        productivity=(1.0 - profit) * equilibrium.output * slope.log_productivity,
        profits=profit * equilibrium.unit_cost_hat * slope.output_quantity,
        capital=owned * equilibrium.output * slope.log_capital[:, None],
        employment=baseline.labour_share * equilibrium.output * slope.log_labour,
        taste=total((bought * dearer).sum(axis=0) - bought.sum(axis=0) * slope.log_price),
        transfers=slope.deficit,
        unexplained=jnp.zeros_like(equilibrium.income),
    )


def _quotient(value: Array, by: Array) -> Array:
    return jnp.where(by > 0, value / jnp.where(by > 0, by, 1.0), 0.0)
