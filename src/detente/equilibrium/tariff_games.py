"""Tariffs that someone chooses: the best of one country, a war of several, or a common optimum.

Market equilibrium, what every price and income is worth to each decision maker, and the tariffs
themselves are one fixed point, found together: tariffs move until no decision maker gains from any
of them, and the first-order conditions that say so come with the result.
"""

import dataclasses

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from ..closure import Closure
from ..world import Economy, Shock
from ._anderson import fixed_point, FixedPoint
from ._equations import accounts, consumer_price, Sales, sales, settle, trade_flows, Unknowns
from ._problem import Problem
from ._solve import Equilibrium, solve, TEXTBOOK
from .sector_incomes import counted_income


# Of a rate, in its own units: a hundredth of a basis point. Markets are solved again to ten digits
# at the tariffs that are found.
RATE_TOLERANCE = 1e-6
MAX_STEPS = 600
# Rates and worths go round in circles where the search remembers as little as markets need.
_MEMORY = 20
# Worths to two digits are enough to know which way tariffs should go.
_FIRST_LOOK = 1e-2
# Of the log of one plus a rate: where curvature says little, a step goes the right way, this far.
_STRIDE = 0.2


class Choice(eqx.Module):
    """Which tariffs are chosen, by whom, and to what end."""

    chosen: Float[Array, "o d s"]
    """One where the tariff is chosen; the others stay as the shock has them."""
    decision_maker: Int[Array, " d"]
    """Who chooses the tariffs of each destination."""
    weight: Float[Array, "p n"]
    """What each decision maker maximises: the weighted sum of the countries' log welfare."""
    tied: tuple[int, ...] = eqx.field(static=True)
    """Axes along which a destination has one rate: (0, 2) for a rate for everyone and everything,
    (2,) for one by partner, (0,) for one by sector, () for one by partner and sector."""
    sector_weight: Float[Array, "n s"] | None = None
    """How much governments care for the real income of each sector's people; Ossa (2014). Only what
    they are to one another within a country matters; absent, all count alike."""
    least: Float[Array, "..."] | None = None
    """No chosen rate is below this, one for all or by rate."""
    most: Float[Array, "..."] | None = None
    """None is above this."""


class TariffEquilibrium(eqx.Module):
    """Tariffs nobody wants to change, and the economy under them."""

    tariff: Float[Array, "o d s"]
    equilibrium: Equilibrium
    first_order: Float[Array, ""]
    """The largest distance of a chosen rate from where its first-order condition sends it."""
    gradient: Float[Array, "o d s"]
    """Derivative of the decision maker's objective with respect to each rate, tied rates summed."""
    steps: Int[Array, ""]


class _State(eqx.Module):
    unknowns: Unknowns
    worth: Unknowns
    """Of each unknown to each decision maker: the adjoint, with a leading axis."""
    log_rate: Float[Array, "a d b"]
    """Log of one plus each rate, so that no step can make a price negative."""


class _Setting(eqx.Module):
    economy: Economy
    shock: Shock
    closure: Closure
    choice: Choice
    gain: Float[Array, ""]
    """Zero while the worths are still being found, then one."""


@eqx.filter_jit
def choose_tariffs(
    economy: Economy,
    shock: Shock,
    choice: Choice,
    closure: Closure = TEXTBOOK,
    *,
    max_steps: int = MAX_STEPS,
) -> TariffEquilibrium:
    """The tariffs at which every decision maker's first-order conditions hold, given the others'.

    One decision maker with one country is the unilateral optimum; one for each of several
    countries is a Nash tariff war; one with weights on several is their cooperative tariff. A
    rate on what is not traded is zero. Where the search does not end, `first_order` says so.
    """
    start = _start(economy, shock, choice, closure)
    setting = _Setting(economy, shock, closure, choice, jnp.array(0.0))
    start = _iterate(setting, start, _FIRST_LOOK, max_steps).value
    setting = eqx.tree_at(lambda s: s.gain, setting, jnp.array(1.0))
    solution = _iterate(setting, start, RATE_TOLERANCE, max_steps)
    tariff = _tariff(solution.value.log_rate, shock, choice)
    _, errors, gradient = _look(solution.value, setting)
    equilibrium = solve(economy, dataclasses.replace(shock, tariff=tariff), closure)
    shown = gradient * choice.chosen
    return TariffEquilibrium(
        tariff=tariff,
        equilibrium=equilibrium,
        first_order=errors[2],
        gradient=shown,
        steps=solution.steps,
    )


def _start(economy: Economy, shock: Shock, choice: Choice, closure: Closure) -> _State:
    unknowns = Unknowns.unchanged(economy, closure)
    makers = choice.weight.shape[0]
    worth = jax.tree.map(lambda leaf: jnp.zeros((makers, *leaf.shape)), unknowns)
    # A small country's best tariff is the inverse of the trade elasticity: a place to start.
    imports = economy.trade * choice.chosen
    guess = _tied_sum(imports / economy.trade_elasticity[None, None, :], choice)
    bought = _tied_sum(imports, choice)
    rate = jnp.where(bought > 0, guess / jnp.where(bought > 0, bought, 1.0), 0.0)
    log_rate = _within(jnp.log1p(rate), choice)
    return _State(unknowns=unknowns, worth=worth, log_rate=log_rate)


def _iterate(setting: _Setting, start: _State, tolerance: float, max_steps: int) -> FixedPoint:
    def improved(state: _State) -> tuple[_State, Float[Array, ""]]:
        moved, errors, _ = _look(state, setting)
        market, worth, rate = errors
        return moved, jnp.maximum(jnp.maximum(market, worth), setting.gain * rate)

    return fixed_point(improved, start, tolerance=tolerance, max_steps=max_steps, memory=_MEMORY)


def _look(
    state: _State, setting: _Setting
) -> tuple[_State, tuple[Array, Array, Array], Float[Array, "a d b"]]:
    """One step of everything, the errors of markets, worths and rates, and the gradient."""
    choice, shock = setting.choice, setting.shock
    tariff = _tariff(state.log_rate, shock, choice)
    changed = dataclasses.replace(shock, tariff=tariff)
    problem = Problem.of(setting.economy, changed, setting.closure)
    sold, from_sales = jax.vjp(lambda unknowns: sales(unknowns, problem), state.unknowns)

    def settled(unknowns: Unknowns, sold: Sales) -> tuple:
        account = accounts(unknowns, sold, problem)
        moved, residual = settle(unknowns, sold, account, problem)
        index = consumer_price(unknowns, problem)
        counted = counted_income(sold, account, problem, choice.sector_weight)
        return (moved, jnp.log(counted) - index), (residual, account.income)

    outcome, pull, (residual, income) = jax.vjp(settled, state.unknowns, sold, has_aux=True)
    direct, by_sale = jax.vmap(pull)((state.worth, choice.weight))
    through = jax.vmap(lambda worth: from_sales(worth)[0])(by_sale)
    worth = jax.tree.map(jnp.add, direct, through)
    slope, flow = _own_tariffs(tariff, state.unknowns, by_sale, setting)
    gradient = _tied_sum(slope * choice.chosen, choice)
    curvature = _tied_sum(_curvature(flow, tariff, income, setting) * choice.chosen, choice)
    # What is not a number must not pass for a rate that nobody wants to change.
    some = (curvature > 0) | jnp.isnan(curvature)
    wished = jnp.where(some, gradient / jnp.where(some, curvature, 1.0), 0.0)
    wished = _within(state.log_rate + wished / jnp.exp(state.log_rate), choice) - state.log_rate
    step = jnp.clip(wished, -_STRIDE, _STRIDE)
    moved = _State(outcome[0], worth, state.log_rate + setting.gain * step)
    missed = jnp.abs(wished * jnp.exp(state.log_rate)).max()
    distance = jax.tree.map(lambda new, old: jnp.abs(new - old).max(), worth, state.worth)
    unsettled = jnp.stack(jax.tree.leaves(distance)).max()
    return moved, (residual, unsettled, missed), gradient


def _own_tariffs(
    tariff: Float[Array, "o d s"], unknowns: Unknowns, by_sale: Sales, setting: _Setting
) -> tuple[Float[Array, "o d s"], Float[Array, "o d s"]]:
    """What each tariff is worth to who sets it, and the flows.

    A tariff touches its own destination's price and purchases alone. So one reverse pass serves
    all decision makers: every destination's purchases are valued as its own decision maker does.
    """

    def purchases(tariff: Float[Array, "o d s"]) -> tuple[Array, Array, Array]:
        changed = dataclasses.replace(setting.shock, tariff=tariff)
        problem = Problem.of(setting.economy, changed, setting.closure)
        produced = trade_flows(unknowns, problem)
        price = sales(unknowns, problem).price
        return price, produced, produced * changed.remitted

    maker = setting.choice.decision_maker
    (_, flow, _), pull = jax.vjp(purchases, tariff)
    places = jnp.arange(maker.size)
    at_home = jnp.eye(maker.size)[:, :, None]
    own = lambda value: value[maker, places][None, :, :]
    other = lambda value: jnp.transpose(value[maker], (1, 0, 2))
    remitted = at_home * own(by_sale.at_home) + (1.0 - at_home) * (
        other(by_sale.exported) + own(by_sale.imported)
    )
    (slope,) = pull((own(by_sale.price)[0], other(by_sale.output), remitted))
    return slope, flow


def _curvature(
    flow: Float[Array, "o d s"],
    tariff: Float[Array, "o d s"],
    income: Float[Array, " n"],
    setting: _Setting,
) -> Float[Array, "o d s"]:
    """About how fast the gain from a rate falls as it rises: the triangle of lost trade."""
    theta = setting.economy.trade_elasticity[None, None, :]
    places = jnp.arange(income.size)
    weight = setting.choice.weight[setting.choice.decision_maker, places]
    return theta * flow / (1.0 + tariff) * (weight / income)[None, :, None]


def _within(log_rate: Float[Array, "a d b"], choice: Choice) -> Float[Array, "a d b"]:
    """The nearest rates that are allowed, in logs."""
    for bound, nearest in ((choice.least, jnp.maximum), (choice.most, jnp.minimum)):
        log_rate = log_rate if bound is None else nearest(log_rate, jnp.log1p(bound))
    return log_rate


def _tariff(log_rate: Float[Array, "a d b"], shock: Shock, choice: Choice) -> Float[Array, "o d s"]:
    spread = jnp.broadcast_to(jnp.expm1(log_rate), shock.tariff.shape)
    return jnp.where(choice.chosen > 0, spread, shock.tariff)


def _tied_sum(cells: Float[Array, "o d s"], choice: Choice) -> Float[Array, "a d b"]:
    return cells.sum(axis=choice.tied, keepdims=True) if choice.tied else cells
