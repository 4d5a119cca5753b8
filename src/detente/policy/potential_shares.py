"""Potential trade such that, with all bans lifted, spending has the shares that a scenario assumes.

The one module of this package that loads JAX, so that a file of policies is read without it.
"""

from collections.abc import Callable
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jaxtyping import Array, Bool, Float, Int

from .._core import ScenarioError
from ..closure import Nests
from ..world import Economy


_State = tuple[Float[Array, "o d s"], Float[Array, ""], Int[Array, ""]]
"""Weights, their last relative change, and the steps so far."""

NEST_STEPS, NEST_CHANGE = 5_000, 1e-14
"""Of the fixed point of weights in nests: the most, and the relative change that ends it. Most
worlds take 30; thousands, where nearly all is wanted and home competes little with what is foreign.
"""
SETTLED = 1e-9
"""The relative change that may be left once the steps are used up: weights as near as the solver's
own tolerance. Where more is left there are no weights, and no world."""


def with_potential_shares(
    economy: Economy, wanted: Float[np.ndarray, "o d s"], nests: Nests | None = None
) -> Economy:
    """The economy with potential trade such that, with all bans lifted, spending has those shares.

    Shares are of the whole, so each origin's weight allows for all the others that are let in, and
    for the nests in which buyers choose: among close substitutes a newcomer wins less for all that
    it takes from its neighbours. Raises `ScenarioError` where the shares leave nothing to others,
    and where no weights were found.
    """
    if (wanted.sum(axis=0) >= 1).any():
        raise ScenarioError("'potential_share' of all origins together must be less than 1.")
    hidden = hide(economy, jnp.asarray(wanted), nests)
    # Inside a derivative the shares are those that were found before it.
    is_known = not isinstance(hidden.potential_trade, Tracer)
    if is_known and not np.isfinite(np.asarray(hidden.potential_trade)).all():
        raise ScenarioError(
            f"no trade was found that comes to 'potential_share' within {NEST_STEPS:,} steps: so "
            "much of a market beside its nests is too much; lower the share or a "
            "'relative_elasticity'."
        )
    return hidden


def hide(economy: Economy, wanted: Float[Array, "o d s"], nests: Nests | None = None) -> Economy:
    """As `with_potential_shares`, without its checks; usable inside compiled code. Potential trade
    that was not found is not a number, and then nothing is solved."""
    cells = wanted > 0
    share = economy.expenditure_share
    others = 1.0 - jnp.where(cells, share, 0.0).sum(axis=0)
    weight = wanted * (others / (1.0 - wanted.sum(axis=0)))[None]
    if nests is not None:
        weight = _weight_in_nests(share, wanted, weight, nests)
    spent = economy.expenditure[None] / (1.0 + economy.tariff)
    known = economy.trade if economy.potential_trade is None else economy.potential_trade
    trade = jnp.where(cells, weight * spent, known)
    return replace(economy, potential_trade=jnp.maximum(trade, economy.trade))


def _weight_in_nests(
    share: Float[Array, "o d s"],
    wanted: Float[Array, "o d s"],
    start: Float[Array, "o d s"],
    nests: Nests,
) -> Float[Array, "o d s"]:
    """The weights, in today's spending, that come to the wanted shares of it in nests.

    At today's prices an origin o of nest g that weighs x has the part x a^(h-1) b_g^(r_g-1) / t of
    spending, where b_g is the sum of weights in the nest over what it was, a the mean of b_g^r_g
    over nests, t spending at home plus that abroad times a^h, and r and h are the exponents by
    which a nest and all that is foreign answer. Solved for x by a damped fixed point.
    """
    abroad = 1.0 - jnp.eye(len(share))[:, :, None]
    by_group = lambda weight: jnp.einsum("ods,gos->gds", weight * abroad, nests.member)
    theta = nests.elasticity[0]
    r = theta[None, None, :] / nests.elasticity[:, None, :]
    h = (nests.home_elasticity / theta)[None, :]
    own = lambda value: jnp.einsum("gds,gos->ods", value, nests.member)
    damping = own(jnp.broadcast_to(1.0 / jnp.maximum(r, 1.0), by_group(share).shape))
    cells, seen = wanted > 0, by_group(share)

    def step(weight: Float[Array, "o d s"]) -> Float[Array, "o d s"]:
        whole = by_group(jnp.where(cells, weight, share))
        before = jnp.where(seen > 0, seen, whole)
        group = jnp.where(before > 0, whole / jnp.where(before > 0, before, 1.0), 1.0)
        foreign = before.sum(axis=0)
        mean = (before * group**r).sum(axis=0) / jnp.where(foreign > 0, foreign, 1.0)
        total = 1.0 - seen.sum(axis=0) + foreign * mean**h
        scale = (mean ** (h - 1.0) / total)[None] * group ** (r - 1.0)
        undamped = wanted / own(scale)
        old = jnp.where(cells, weight, 1.0)
        return old * (jnp.where(cells, undamped, 1.0) / old) ** damping

    return jnp.where(cells, _settled(step, start), 0.0)


def _settled(
    step: Callable[[Float[Array, "o d s"]], Float[Array, "o d s"]], start: Float[Array, "o d s"]
) -> Float[Array, "o d s"]:
    """Where the steps no longer change anything; not numbers where they are used up before."""

    def moves(state: _State) -> Bool[Array, ""]:
        _, change, steps = state
        return (change > NEST_CHANGE) & (steps < NEST_STEPS)

    def again(state: _State) -> _State:
        old, _, steps = state
        new = step(old)
        ratio = jnp.where(old > 0, new / jnp.where(old > 0, old, 1.0), 1.0)
        return new, jnp.max(jnp.abs(ratio - 1.0)), steps + 1

    begin = start, jnp.array(jnp.inf), jnp.array(0)
    last, change, _ = jax.lax.while_loop(moves, again, begin)
    return jnp.where(change <= SETTLED, last, jnp.nan)
