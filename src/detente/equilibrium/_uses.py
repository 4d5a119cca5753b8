"""Final use and inputs apart: two markets of one sector, whose buyers choose origins on their own.

What is sold to both is made alike, at one cost. A market is a sector where all buy alike; where
they do not, the markets of all sectors for final use come first and those for inputs after them, on
the last axis, `m`.
"""

from dataclasses import replace
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from ..closure import Closure
from ..world import Economy, Shock


# Of the odds of final use, in logs: beyond it a flow is of one use to the last digit.
_SURE = 60.0
# Of a sum over suppliers, relative: one more of Newton's steps is taken from there.
_ROUNDING = 1e-13
# As many halvings of twice `_SURE` come down to rounding; Newton's steps are about ten.
_MAX_STEPS = 64
# A flow that is observed to be of one use alone may be a little of the other, or what technology
# needs might not be there to buy.
_LEAST_PART = 1e-6


class _Bracket(NamedTuple):
    """Where the search for a level is, and between which ends; one for every market."""

    level: Float[Array, "d s"]
    low: Float[Array, "d s"]
    high: Float[Array, "d s"]
    arrived: Bool[Array, ""]
    steps: Int[Array, ""]


def final_part(economy: Economy) -> Float[Array, "o d s"]:
    """The part of each flow that is for final use, 0 to 1.

    Nearest, by cross-entropy, to what `input_trade` leaves of `trade` under what is known of the
    destination: the odds of all its suppliers of a sector by one factor, at which what they sell
    for final use, at purchaser prices, is final demand. Where uses are not told apart, and where
    suppliers do not differ, it is the part of final demand in expenditure. Needs final demand of
    zero or more; the derivative is that of the root.
    """
    bought, final = economy.purchases, jnp.maximum(economy.final_demand, 0.0)
    if economy.input_trade is None:
        return jnp.broadcast_to(_over(final, economy.expenditure), bought.shape)
    as_inputs = jnp.where(economy.trade > 0, _over(economy.input_trade, economy.trade), 0.5)
    seen = jnp.clip(1.0 - as_inputs, _LEAST_PART, 1.0 - _LEAST_PART)
    odds = jnp.log(seen) - jnp.log1p(-seen)
    level = _level(*jax.lax.stop_gradient((bought, odds, final)))
    part = jax.nn.sigmoid(odds + level[None])
    slope = jax.lax.stop_gradient((bought * part * (1.0 - part)).sum(axis=0))
    # One Newton step from the root, which has the derivative that the search for it does not.
    moved = _over((bought * part).sum(axis=0) - final, slope)
    return jax.nn.sigmoid(odds + (level - jnp.clip(moved, -1.0, 1.0))[None])


def _level(
    bought: Float[Array, "o d s"], odds: Float[Array, "o d s"], final: Float[Array, "d s"]
) -> Float[Array, "d s"]:
    """What is added to the log odds of all suppliers: Newton's steps between two ends.

    They are taken in the log of the smaller of the two uses, which is nearly a line where hardly
    anything is for it; a step that would leave the ends is half of the way between them.
    """
    rest = bought.sum(axis=0) - final
    smaller = jnp.minimum(final, rest)
    sign = jnp.where(final <= rest, 1.0, -1.0)
    wanted = jnp.log(jnp.where(smaller > 0, smaller, 1.0))

    def move(state: _Bracket) -> _Bracket:
        part = jax.nn.sigmoid(sign[None] * (odds + state.level[None]))
        value = (bought * part).sum(axis=0)
        slope = (bought * part * (1.0 - part)).sum(axis=0)
        excess = sign * jnp.where(value > 0, jnp.log(value) - wanted, 0.0)
        low = jnp.where(excess > 0, state.low, state.level)
        high = jnp.where(excess > 0, state.level, state.high)
        ahead = state.level - excess * _over(value, slope)
        arrived = (jnp.abs(excess) <= _ROUNDING) | (smaller <= 0)
        inside = arrived | ((ahead > low) & (ahead < high))
        level = jnp.where(inside, ahead, (low + high) / 2.0)
        return _Bracket(level, low, high, jnp.all(arrived), state.steps + 1)

    def far(state: _Bracket) -> Array:
        return ~state.arrived & (state.steps < _MAX_STEPS)

    end = jnp.full_like(final, _SURE)
    begun = _Bracket(jnp.zeros_like(final), -end, end, jnp.array(False), jnp.array(0))
    level = jax.lax.while_loop(far, move, begun).level
    return jnp.where(smaller > 0, level, -sign * end)


def market_of(economy: Economy) -> Economy:
    """The economy with each use of a sector as a sector of its own, both made alike.

    Itself where uses are not told apart. Firms buy from the sectors that are for inputs alone.
    """
    if economy.input_trade is None:
        return economy
    part = final_part(economy)
    trade = jnp.concatenate([economy.trade * part, economy.trade * (1.0 - part)], axis=-1)
    inputs = jnp.concatenate([economy.input_share] * 2, axis=-1)
    market = Economy(
        trade=trade,
        tariff=_twice(economy.tariff),
        input_share=jnp.concatenate([jnp.zeros_like(inputs), inputs], axis=1),
        trade_elasticity=_twice(economy.trade_elasticity),
    )
    if economy.potential_trade is None:
        return market
    hidden = _twice(economy.hidden_share) * market.expenditure[None] / (1.0 + market.tariff)
    return replace(market, potential_trade=trade + hidden)


def shock_to(market: Economy, shock: Shock) -> Shock:
    """The wedges of a shock in every market; what it does to technology, final shares and deficits
    is of sectors and countries and stays."""
    if market.tariff.shape == shock.tariff.shape:
        return shock
    wedges = ("tariff", "trade_cost_hat", "allowed", "export_tax", "rationing",
              "rent_to_importer", "taste_hat", "opened")  # fmt: skip
    given = {name: getattr(shock, name) for name in wedges}
    return replace(shock, **{name: None if a is None else _twice(a) for name, a in given.items()})


def closure_in(market: Economy, closure: Closure) -> Closure:
    """The elasticities of a closure in every market; the rest is of sectors and stays."""
    nests, staggered, count = closure.nests, closure.staggered, market.trade_elasticity.size
    if nests is not None and nests.home_elasticity.size < count:
        nests = jax.tree.map(_twice, nests)
    if staggered is not None and staggered.locked_elasticity.size < count:
        staggered = replace(staggered, locked_elasticity=_twice(staggered.locked_elasticity))
    return replace(closure, nests=nests, staggered=staggered)


def for_final_use(values: Float[Array, "*a m"], sectors: int) -> Float[Array, "*a s"]:
    """What a sector's market for final use has; the sector's where uses are not told apart."""
    return values[..., :sectors]


def for_inputs(values: Float[Array, "*a m"], sectors: int) -> Float[Array, "*a s"]:
    """What a sector's market for inputs has; the sector's where uses are not told apart."""
    return values[..., values.shape[-1] - sectors :]


def in_markets(values: Float[Array, "*a s"], markets: int) -> Float[Array, "*a m"]:
    """What a sector has, in each of its markets."""
    return values if values.shape[-1] == markets else _twice(values)


def over_uses(values: Float[Array, "*a m"], sectors: int) -> Float[Array, "*a s"]:
    """The sum over the markets of a sector."""
    if values.shape[-1] == sectors:
        return values
    return for_final_use(values, sectors) + for_inputs(values, sectors)


def _twice(values: Float[Array, "*a s"]) -> Float[Array, "*a m"]:
    return jnp.concatenate([values, values], axis=-1)


def _over(part: Array, whole: Array) -> Array:
    return jnp.where(whole != 0, part / jnp.where(whole != 0, whole, 1.0), 0.0)
