"""Tariffs and export taxes that someone chooses: one country alone, a war, a common optimum.

Market equilibrium, what every price and income is worth to each decision maker, and the tariffs
themselves are one fixed point, found together: tariffs move until no decision maker gains from any
of them, and the first-order conditions that say so come with the result.
"""

import dataclasses
from functools import partial

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
    """Which tariffs and export taxes are chosen, by whom, and to what end."""

    chosen: Float[Array, "o d s"]
    """One where the tariff is chosen; the others stay as the shock has them."""
    decision_maker: Int[Array, " d"]
    """Who chooses the tariffs of each destination, and its taxes as an origin."""
    weight: Float[Array, "p n"]
    """What each decision maker maximises: the weighted sum of the countries' log welfare."""
    tied: tuple[int, ...] = eqx.field(static=True)
    """Axes along which a destination has one rate: (0, 2) for a rate for everyone and everything,
    (2,) for one by partner, (0,) for one by sector, () for one by partner and sector. Taxes on an
    origin's exports are tied likewise, over its destinations."""
    sector_weight: Float[Array, "n s"] | None = None
    """How much governments care for the real income of each sector's people; Ossa (2014). Only what
    they are to one another within a country matters; absent, all count alike."""
    least: Float[Array, "..."] | None = None
    """No chosen rate is below this, one for all or, of one instrument, by rate."""
    most: Float[Array, "..."] | None = None
    """None is above this."""
    taxed: Float[Array, "o d s"] | None = None
    """One where the origin chooses a tax on its exports, of the producer's price; a negative one is
    a subsidy. A country that taxes all its exports and imports can do either in the other's place
    (Lerner 1936): its export taxes then are zero on average, weighted by exports of the baseline,
    in logs and but for bounds. Absent, none is chosen."""


class TariffEquilibrium(eqx.Module):
    """Tariffs and taxes nobody wants to change, and the economy under them."""

    tariff: Float[Array, "o d s"]
    export_tax: Float[Array, "o d s"] | None
    """Absent where none is chosen and none is in force."""
    equilibrium: Equilibrium
    first_order: Float[Array, ""]
    """The largest distance of a chosen rate from where its first-order condition sends it."""
    gradient: Float[Array, "o d s"]
    """Derivative of the decision maker's objective with respect to each rate, tied rates summed."""
    tax_gradient: Float[Array, "o d s"] | None
    """The same of each export tax that is chosen."""
    steps: Int[Array, ""]


class _Rates(eqx.Module):
    """Something of each rate, tied ones once."""

    tariff: Float[Array, "a d b"]
    tax: Float[Array, "o e b"] | None


class _State(eqx.Module):
    unknowns: Unknowns
    worth: Unknowns
    """Of each unknown to each decision maker: the adjoint, with a leading axis."""
    log_rate: _Rates
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
    if choice.taxed is not None:
        shock = shock.filled({"export_tax": jnp.zeros_like(shock.tariff)})
    start = _start(economy, shock, choice, closure)
    setting = _Setting(economy, shock, closure, choice, jnp.array(1.0))
    solution = _found(setting, start, max_steps)
    changed = _shock(solution.value.log_rate, setting)
    _, errors, gradient = _look(solution.value, setting)
    taxed, of_taxes = choice.taxed, gradient.tax
    return TariffEquilibrium(
        tariff=changed.tariff,
        export_tax=changed.export_tax,
        equilibrium=solve(economy, changed, closure),
        first_order=errors[2],
        gradient=gradient.tariff * choice.chosen,
        tax_gradient=None if taxed is None or of_taxes is None else of_taxes * taxed,
        steps=solution.steps,
    )


def _start(economy: Economy, shock: Shock, choice: Choice, closure: Closure) -> _State:
    unknowns = Unknowns.unchanged(economy, closure)
    makers = choice.weight.shape[0]
    worth = jax.tree.map(lambda leaf: jnp.zeros((makers, *leaf.shape)), unknowns)
    tariff, tax = _small_country(economy, choice.chosen, choice.tied), None
    if choice.taxed is not None:
        # With both, tariffs begin with all of it.
        tax = _small_country(economy, choice.taxed, _taxes_tied(choice))
        tax = jnp.where(choice.chosen.any(), 0.0, tax)
    log_rate = _within(_Rates(tariff, tax), choice)
    return _State(unknowns=unknowns, worth=worth, log_rate=log_rate)


def _small_country(
    economy: Economy, chosen: Float[Array, "o d s"], tied: tuple[int, ...]
) -> Float[Array, "a b c"]:
    """Log of one plus the inverse of the trade elasticity: a small country's best rate."""
    flow = economy.trade * chosen
    guess = _tied_sum(flow / economy.trade_elasticity[None, None, :], tied)
    total = _tied_sum(flow, tied)
    return jnp.log1p(jnp.where(total > 0, guess / jnp.where(total > 0, total, 1.0), 0.0))


def _found(setting: _Setting, start: _State, max_steps: int) -> FixedPoint:
    """Worths first, then rates with them: one search, so that it is compiled once."""

    def search(state: _State, now: tuple[Array, Array]) -> tuple[_State, FixedPoint]:
        gain, tolerance = now
        current = eqx.tree_at(lambda setting: setting.gain, setting, gain)

        def improved(state: _State) -> tuple[_State, Float[Array, ""]]:
            moved, (market, worth, rate), _ = _look(state, current)
            return moved, jnp.maximum(jnp.maximum(market, worth), gain * rate)

        end = fixed_point(improved, state, tolerance=tolerance, max_steps=max_steps, memory=_MEMORY)
        return end.value, end

    phases = jnp.array([0.0, 1.0]), jnp.array([_FIRST_LOOK, RATE_TOLERANCE])
    _, ends = jax.lax.scan(search, start, phases)
    return jax.tree.map(lambda leaf: leaf[-1], ends)


def _look(state: _State, setting: _Setting) -> tuple[_State, tuple[Array, Array, Array], _Rates]:
    """One step of everything, the errors of markets, worths and rates, and the gradient."""
    choice = setting.choice
    changed = _shock(state.log_rate, setting)
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
    slope, flow = _own_rates(changed, state.unknowns, by_sale, setting)
    gradient, wished = _wished(slope, flow, changed, income, state.log_rate, setting)
    inside = _levelled(jax.tree.map(jnp.add, state.log_rate, wished), setting)
    wished = jax.tree.map(jnp.subtract, inside, state.log_rate)
    step = jax.tree.map(lambda one: setting.gain * jnp.clip(one, -_STRIDE, _STRIDE), wished)
    rates = _levelled(jax.tree.map(jnp.add, state.log_rate, step), setting)
    moved = _State(outcome[0], worth, rates)
    missed = jax.tree.map(lambda by, at: jnp.abs(by * jnp.exp(at)), wished, state.log_rate)
    distance = jax.tree.map(lambda new, old: jnp.abs(new - old), worth, state.worth)
    largest = lambda tree: jnp.stack([leaf.max() for leaf in jax.tree.leaves(tree)]).max()
    return moved, (residual, largest(distance), largest(missed)), gradient


def _own_rates(
    shock: Shock, unknowns: Unknowns, by_sale: Sales, setting: _Setting
) -> tuple[tuple[Float[Array, "o d s"], Float[Array, "o d s"] | None], Float[Array, "o d s"]]:
    """What each tariff and each export tax is worth to who sets it, and the flows.

    A rate touches its destination's price and purchases alone. So one reverse pass serves all who
    set tariffs: every destination's purchases are valued as its own decision maker does. Taxes on
    exports to one destination are of several, and take a pass for each.
    """

    def purchases(tariff: Array, tax: Array | None) -> tuple[Array, Array, Array]:
        changed = dataclasses.replace(setting.shock, tariff=tariff, export_tax=tax)
        problem = Problem.of(setting.economy, changed, setting.closure)
        produced = trade_flows(unknowns, problem)
        price = sales(unknowns, problem).price
        return price, produced, produced * changed.remitted

    maker = setting.choice.decision_maker
    (_, flow, _), pull = jax.vjp(purchases, shock.tariff, shock.export_tax)
    places = jnp.arange(maker.size)
    at_home = jnp.eye(maker.size)[:, :, None]
    own = lambda value: value[maker, places][None, :, :]
    other = lambda value: jnp.transpose(value[maker], (1, 0, 2))
    remitted = at_home * own(by_sale.at_home) + (1.0 - at_home) * (
        other(by_sale.exported) + own(by_sale.imported)
    )
    tariff, _ = pull((own(by_sale.price)[0], other(by_sale.output), remitted))
    if setting.choice.taxed is None:
        return (tariff, None), flow

    def valued(one: Sales) -> Array:
        """Of every tax, as one decision maker values all purchases."""
        abroad = (1.0 - at_home) * (one.exported[:, None, :] + one.imported[None, :, :])
        remitted = at_home * one.at_home[:, None, :] + abroad
        return pull((one.price, jnp.broadcast_to(one.output[:, None, :], flow.shape), remitted))[1]

    return (tariff, jax.vmap(valued)(by_sale)[maker, places]), flow


def _wished(
    slope: tuple[Float[Array, "o d s"], Float[Array, "o d s"] | None],
    flow: Float[Array, "o d s"],
    shock: Shock,
    income: Float[Array, " n"],
    log_rate: _Rates,
    setting: _Setting,
) -> tuple[_Rates, _Rates]:
    """The gradient of each rate, and where it sends the log of one plus the rate."""
    choice, places = setting.choice, jnp.arange(income.size)
    worth = choice.weight[choice.decision_maker, places] / income
    theta = setting.economy.trade_elasticity[None, None, :]

    def newton(slope: Array, rate: Array, worth: Array, chosen: Array, tied: tuple[int, ...]):
        # About how fast the gain from a rate falls as it rises: the triangle of lost trade.
        curvature = _tied_sum(theta * flow / (1.0 + rate) * worth * chosen, tied)
        gradient = _tied_sum(slope * chosen, tied)
        # What is not a number must not pass for a rate that nobody wants to change.
        some = (curvature > 0) | jnp.isnan(curvature)
        return gradient, jnp.where(some, gradient / jnp.where(some, curvature, 1.0), 0.0)

    of_tariffs = newton(slope[0], shock.tariff, worth[None, :, None], choice.chosen, choice.tied)
    wished = of_tariffs[1] / jnp.exp(log_rate.tariff)
    if choice.taxed is None or slope[1] is None or log_rate.tax is None:
        return _Rates(of_tariffs[0], None), _Rates(wished, None)
    assert shock.export_tax is not None
    of_taxes = newton(
        slope[1], shock.export_tax, worth[:, None, None], choice.taxed, _taxes_tied(choice)
    )
    taxes = of_taxes[1] / jnp.exp(log_rate.tax)
    return _Rates(of_tariffs[0], of_taxes[0]), _Rates(wished, taxes)


def _levelled(log_rate: _Rates, setting: _Setting) -> _Rates:
    """The nearest rates that are allowed; taxes are zero on average where Lerner's symmetry leaves
    that open, which is where a country taxes all that it trades."""
    choice = setting.choice
    if choice.taxed is None or log_rate.tax is None:
        return _within(log_rate, choice)
    abroad = setting.economy.trade * (1.0 - jnp.eye(choice.decision_maker.size)[:, :, None])
    imports = (abroad * (1.0 - choice.chosen)).sum(axis=(0, 2))
    exports = (abroad * (1.0 - choice.taxed)).sum(axis=(1, 2))
    is_open = ((imports == 0) & (exports == 0))[:, None, None]
    weight = _tied_sum(abroad * choice.taxed, _taxes_tied(choice))
    total = weight.sum(axis=(1, 2), keepdims=True)
    level = (weight * log_rate.tax).sum(axis=(1, 2), keepdims=True)
    level = jnp.where(is_open & (weight > 0), level / jnp.where(total > 0, total, 1.0), 0.0)
    return _within(_Rates(log_rate.tariff, log_rate.tax - level), choice)


def _taxes_tied(choice: Choice) -> tuple[int, ...]:
    return tuple(1 if axis == 0 else axis for axis in choice.tied)


def _within(log_rate: _Rates, choice: Choice) -> _Rates:
    """The nearest rates that are allowed, in logs."""
    for bound, nearest in ((choice.least, jnp.maximum), (choice.most, jnp.minimum)):
        if bound is not None:
            limit = jnp.log1p(bound)
            log_rate = jax.tree.map(partial(nearest, limit), log_rate)
    return log_rate


def _shock(log_rate: _Rates, setting: _Setting) -> Shock:
    """The shock with the chosen rates in place of its own."""
    shock, choice = setting.shock, setting.choice

    def spread(one: Array, chosen: Array, given: Array) -> Array:
        return jnp.where(chosen > 0, jnp.broadcast_to(jnp.expm1(one), given.shape), given)

    tariff = spread(log_rate.tariff, choice.chosen, shock.tariff)
    if choice.taxed is None or log_rate.tax is None or shock.export_tax is None:
        return dataclasses.replace(shock, tariff=tariff)
    tax = spread(log_rate.tax, choice.taxed, shock.export_tax)
    return dataclasses.replace(shock, tariff=tariff, export_tax=tax)


def _tied_sum(cells: Float[Array, "o d s"], tied: tuple[int, ...]) -> Float[Array, "a b c"]:
    return cells.sum(axis=tied, keepdims=True) if tied else cells
