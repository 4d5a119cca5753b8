"""Where the agreement changes: political costs, friction, and the price of what is asked for."""

from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Float

from .agreement import Agreement, Negotiation, NOTHING
from .talks import Opening, require_finite, slopes_of_each, welfare_of_each


def openings_frame(
    negotiation: Negotiation, agreed: Agreement, openings: Sequence[Opening], sides: Sequence[str]
) -> pd.DataFrame:
    """Every opening: its depth, what it is worth alone and in the agreement, and who blocks it.

    `alone` is the payoff of the whole opening where nothing else is opened; `last` that of its
    agreed depth (of the whole, where it is not agreed) on top of the rest. Both are exact, in
    percent of real income, political costs taken off. `drops_at` is the political cost of the whole
    opening to its opener at which its agreed depth falls to zero.
    """
    own = negotiation.own
    table = [openings[j] for j in own]
    alone, last = _alone(negotiation), _last(negotiation, agreed)
    frame = pd.DataFrame(
        {
            "opener": [one.opener for one in table],
            "sector": [one.sector for one in table],
            "means": [one.means for one in table],
            "depth": agreed.depth[own],
        }
    )
    for c, side in enumerate(sides):
        frame[f"alone_{side}"], frame[f"last_{side}"] = alone[:, c], last[:, c]
    losers = alone < -NOTHING
    frame["blocked_by"] = [
        " and ".join(side for side, loses in zip(sides, row, strict=True) if loses)
        for row in losers
    ]
    opener = np.array([sides.index(one.opener) for one in table])
    frame["drops_at"] = drops_at(negotiation, agreed, opener)
    return frame


def drops_at(
    negotiation: Negotiation, agreed: Agreement, payer: np.ndarray
) -> Float[np.ndarray, " m"]:
    """The cost of each whole opening to its payer at which it leaves the agreement.

    Where the derivative of the log Nash product at a depth of zero, the other depths as agreed, is
    zero: `sum_c w_c du_c/dx_j = w_p k` with `w_c = eta_c / surplus_c`. A cost already in force is
    part of the answer. Not a number where nothing is agreed.
    """
    own = negotiation.own
    if not agreed.reached:
        return np.full(own.size, np.nan)
    depths = np.repeat(agreed.depth[None], own.size, axis=0)
    depths[np.arange(own.size), own] = 0.0
    value, slope = slopes_of_each(
        negotiation.talks, jnp.asarray(depths), jnp.asarray(negotiation.players)
    )
    surplus = _surplus(negotiation, np.asarray(value), depths)
    # Without the opening, its cost is not paid: what it brings is set against the cost alone.
    marginal = np.asarray(slope)[np.arange(own.size), :, own]
    others = negotiation.cost[:, own].T.copy()
    others[np.arange(own.size), payer] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = negotiation.power / surplus
        cost = (weight * (marginal - others)).sum(axis=1) / weight[np.arange(own.size), payer]
    # Where somebody would gain nothing without it, the opening carries the agreement.
    return np.where((surplus > 0).all(axis=1), cost, np.nan)


def linkage(negotiation: Negotiation, agreed: Agreement, sides: Sequence[str]) -> pd.DataFrame:
    """What each side would pay for what it asks, in percent of its real income.

    `falls_at`: the price at which it prefers none to the agreed depths. `changes_at`: the lowest
    price that moves the agreed depth of an opening, and which: with `p` paid the side's weight is
    `eta/(s - p)`. `per_unit`: what the other side must have of an ask, for each percent that it
    costs this one, for the ask to raise the Nash product.
    """
    rows = []
    for c, side in enumerate(sides):
        other = 1 - c
        if not agreed.reached:
            rows.append({"side": side, "falls_at": 0.0, "changes_at": np.nan, "opening": ""})
            continue
        weight = negotiation.power / agreed.surplus
        prices = _moving_prices(negotiation, agreed, c)
        first = int(np.argmin(prices))
        moves = bool(np.isfinite(prices[first]))
        rows.append(
            {
                "side": side,
                "falls_at": float(agreed.surplus[c]),
                "changes_at": float(prices[first]) if moves else np.nan,
                "opening": str(first) if moves else "",
                "per_unit": float(weight[c] / weight[other]),
            }
        )
    return pd.DataFrame(rows, columns=["side", "falls_at", "changes_at", "opening", "per_unit"])


def _moving_prices(
    negotiation: Negotiation, agreed: Agreement, payer: int
) -> Float[np.ndarray, " m"]:
    """The price to the payer at which each depth begins to move; infinite where none does."""
    depth, surplus = agreed.depth[negotiation.own], agreed.surplus
    mine, theirs = agreed.slope[payer], agreed.slope[1 - payer]
    power = negotiation.power
    opposed = mine * theirs < 0
    ratio = np.where(opposed, mine / np.where(theirs == 0, 1.0, theirs), 0.0)
    price = surplus[payer] + power[payer] * ratio * surplus[1 - payer] / power[1 - payer]
    inside = (depth > 0) & (depth < 1)
    price = np.where(inside & (mine != 0), 0.0, price)
    # A price raises the payer's weight: whole openings it dislikes go, shut ones it likes come.
    goes = ((depth >= 1) & (mine < 0)) | ((depth <= 0) & (mine > 0)) | inside
    return np.where(opposed & goes & (price < surplus[payer]), np.maximum(price, 0.0), np.inf)


def _alone(negotiation: Negotiation) -> Float[np.ndarray, "m c"]:
    own = negotiation.own
    depths = np.repeat(negotiation.others[None], own.size + 1, axis=0)
    depths[np.arange(own.size), own] = 1.0
    payoff = _payoffs(negotiation, depths)
    return payoff[:-1] - payoff[-1]


def _last(negotiation: Negotiation, agreed: Agreement) -> Float[np.ndarray, "m c"]:
    own = negotiation.own
    without = np.repeat(agreed.depth[None], own.size, axis=0)
    place = (np.arange(own.size), own)
    within = without.copy()
    within[place] = np.where(agreed.depth[own] > 0, agreed.depth[own], 1.0)
    without[place] = 0.0
    payoff = _payoffs(negotiation, np.concatenate([within, without]))
    return payoff[: own.size] - payoff[own.size :]


def _payoffs(
    negotiation: Negotiation, depths: Float[np.ndarray, "p j"]
) -> Float[np.ndarray, "p c"]:
    value = np.asarray(welfare_of_each(negotiation.talks, jnp.asarray(depths)))
    return require_finite(value)[:, negotiation.players] - depths @ negotiation.cost.T


def _surplus(
    negotiation: Negotiation, value: Float[np.ndarray, "p n"], depths: Float[np.ndarray, "p j"]
) -> Float[np.ndarray, "p c"]:
    gained = require_finite(value)[:, negotiation.players] - depths @ negotiation.cost.T
    return gained + negotiation.bonus - negotiation.outside
