"""What must have changed between two observed worlds for the model to go from one to the other.

The inversion is exact and in closed form: every share, income and deficit of the later world is
met. What the data alone cannot tell apart is told apart by four conventions, which the page on the
flip states: an origin's competitiveness is what its foreign sales have in common; taste for home
goods is what sales at home show beyond it; what remains of a pair is a trade cost where it is the
same in both directions (Head and Ries 2001, American Economic Review 91(4), eq. 7), and a taste for
the supplier where it is opposite; and the part of productivity that all sectors of a country share
in proportion to their labour is the size of its labour force in efficiency units.
"""

from typing import Literal

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Num

from .._core import BaselineError
from ..world import Economy, Shock


# What a country's trade with all partners together shows beyond what it offers.
Openness = Literal["taste", "border"]


class Fundamentals(eqx.Module):
    """Changes of what the model takes as given, in logs of hats unless said otherwise.

    The same structure with whole numbers says which block each change belongs to.
    """

    productivity: Num[Array, "o s"]
    """Beyond `size`, and up to one number for each sector of the world that no flow depends on."""
    home_taste: Num[Array, "n s"]
    """Of spending at home over that abroad, at the same prices."""
    trade_cost: Num[Array, "o d s"]
    """Iceberg, the same in both directions."""
    supplier_taste: Num[Array, "o d s"]
    """Of spending on the origin, at the same prices; opposite in the other direction."""
    tariff: Num[Array, "o d s"]
    """Of one plus the rate."""
    size: Num[Array, " n"]
    """Of the labour force in efficiency units."""
    final_share: Num[Array, "n s"]
    """Of final spending on a product over that on others; their weighted mean is zero."""
    deficit: Num[Array, " n"]
    """Change of the level, in the numeraire."""
    dollars: Num[Array, ""]
    """Of the world's value added in current US$: what the numeraire leaves out."""


# Technology and elasticities come from one source, so that they differ by rounding at most.
_SAME = 1e-12


def invert(before: Economy, after: Economy, openness: Openness = "taste") -> Fundamentals:
    """The changes of fundamentals that lead from one observed world to another.

    Buying more at home is a taste for it, or with `openness="border"` a cost of crossing the
    country's border that is the same in both directions, with home trade free. Both worlds must
    have the same technology and elasticities, and trade where the other does; `BaselineError` says
    where they do not.
    """
    _require_comparable(before, after)
    theta = np.asarray(before.trade_elasticity)
    tariff = np.log1p(np.asarray(after.tariff)) - np.log1p(np.asarray(before.tariff))
    growth, weight = _share_growth(before, after)
    fitted = [
        _two_ways(growth[:, :, s] + theta[s] * tariff[:, :, s], weight[:, :, s])
        for s in range(theta.size)
    ]
    offer, index, rest = (np.stack(part, axis=-1) for part in zip(*fitted, strict=True))
    home = np.einsum("nns->ns", growth) - offer - index
    back = rest.swapaxes(0, 1)
    # Where goods go one way only there is nothing to compare with: all of it is a cost.
    returned = (weight > 0) & (weight.swapaxes(0, 1) > 0)
    cost = -np.where(returned, (rest + back) / 2, rest) / theta
    if openness == "border":
        abroad = (1.0 - np.eye(len(home)))[:, :, None]
        cost = cost + abroad * (home[:, None, :] + home[None, :, :]) / (2 * theta)
        offer, index, home = offer + home / 2, index + home / 2, np.zeros_like(home)
    supplier = np.where(returned, (rest - back) / 2, 0.0)
    used = np.asarray(before.expenditure) > 0
    price = _true_price(before, (offer, index, home, cost, supplier, tariff)) * used
    inputs = np.einsum("nks,nk->ns", np.asarray(before.input_share), price)
    dollars, income = _growth(before, after)
    labour = np.asarray(before.value_added_share)
    productivity = offer / theta + labour * income[:, None] + inputs
    size, sector = _common_part(before, productivity)
    return Fundamentals(
        productivity=jnp.asarray(sector),
        home_taste=jnp.asarray(home),
        trade_cost=jnp.asarray(cost),
        supplier_taste=jnp.asarray(supplier),
        tariff=jnp.asarray(tariff),
        size=jnp.asarray(size),
        final_share=jnp.asarray(_final_demand(before, after)),
        deficit=after.deficit / jnp.exp(dollars) - before.deficit,
        dollars=jnp.asarray(dollars),
    )


def shock_of(economy: Economy, change: Fundamentals) -> Shock:
    """The shock that these changes of fundamentals are.

    More labour in efficiency units is the same to every flow as less labour per unit made.
    """
    labour = economy.value_added_share * change.size[:, None]
    home = jnp.eye(economy.trade.shape[0])[:, :, None]
    saved = (change.productivity + labour)[:, None, :]
    taste = change.supplier_taste + home * change.home_taste[None, :, :]
    final = economy.final_share * jnp.exp(change.final_share)
    return Shock(
        tariff=(1.0 + economy.tariff) * jnp.exp(change.tariff) - 1.0,
        trade_cost_hat=jnp.exp(change.trade_cost - saved),
        allowed=jnp.ones_like(economy.trade),
        taste_hat=jnp.exp(taste),
        final_share=final / final.sum(axis=1, keepdims=True),
        deficit=economy.deficit + change.deficit,
    )


def _require_comparable(before: Economy, after: Economy) -> None:
    for name in ("input_share", "trade_elasticity"):
        one, other = np.asarray(getattr(before, name)), np.asarray(getattr(after, name))
        if one.shape != other.shape or np.abs(one - other).max() > _SAME:
            raise BaselineError(
                f"two worlds can be compared only with the same '{name}', and these differ in it."
            )
    _require_positive_demand(before, after)
    flips = (np.asarray(before.trade) > 0) != (np.asarray(after.trade) > 0)
    if flips.any():
        raise BaselineError(
            f"{int(flips.sum())} flows are zero in one world and positive in the other; no change "
            "of prices or tastes leads from nothing to something, so fill them or leave them out."
        )


def _require_positive_demand(before: Economy, after: Economy) -> None:
    old, new = np.asarray(before.final_share), np.asarray(after.final_share)
    odd = ((old > 0) != (new > 0)) | (new < 0)
    if odd.any():
        raise BaselineError(
            f"{int(odd.sum())} products of a country have final demand in one world and none in "
            "the other, which no change of spending shares explains."
        )


def _share_growth(before: Economy, after: Economy) -> tuple[np.ndarray, np.ndarray]:
    """Log change of expenditure shares, and the weight of each cell: zero where nothing is sold.

    The weight is the geometric mean of the flows: a cell counts as it would in a chained index.
    """
    old, new = np.asarray(before.expenditure_share), np.asarray(after.expenditure_share)
    sold = old > 0
    growth = np.log(np.where(sold, new, 1.0)) - np.log(np.where(sold, old, 1.0))
    weight = np.sqrt(np.asarray(before.trade) * np.asarray(after.trade))
    return growth, weight


def _two_ways(
    growth: Float[np.ndarray, "o d"], weight: Float[np.ndarray, "o d"]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Origin and destination effects of one sector's foreign sales, and what they leave.

    Weighted least squares; the effects of origins have a weighted mean of zero.
    """
    countries = len(growth)
    origin, destination = np.nonzero((weight > 0) & ~np.eye(countries, dtype=bool))
    scale = np.sqrt(weight[origin, destination] / max(weight.max(), np.finfo(float).tiny))
    design = np.zeros((origin.size, 2 * countries))
    row = np.arange(origin.size)
    design[row, origin] = scale
    design[row, countries + destination] = scale
    effects = np.linalg.lstsq(design, scale * growth[origin, destination])[0]
    offer, index = effects[:countries].copy(), effects[countries:].copy()
    exports = np.bincount(origin, weights=scale**2, minlength=countries)
    mean = (exports * offer).sum() / exports.sum() if origin.size else 0.0
    offer, index = offer - mean, index + mean
    rest = np.zeros_like(growth)
    fitted = offer[origin] + index[destination]
    rest[origin, destination] = growth[origin, destination] - fitted
    return offer, index, rest


def _true_price(before: Economy, parts: tuple[np.ndarray, ...]) -> Float[np.ndarray, "d s"]:
    """Log change of prices as the tastes of the first world value goods.

    New tastes choose and old tastes value, as everywhere in the engine: a taste that changes does
    not make anything cheaper.
    """
    offer, index, home, cost, supplier, tariff = parts
    theta = np.asarray(before.trade_elasticity)
    at_home = np.eye(len(offer))[:, :, None]
    taste = supplier + at_home * home[None, :, :]
    offered = offer[:, None, :] - theta * (tariff + cost)
    pull = np.asarray(before.expenditure_share) * np.exp(offered + theta / (1 + theta) * taste)
    valued = pull.sum(axis=0)
    return -index - (1 + 1 / theta) * np.log(np.where(valued > 0, valued, 1.0))


def _final_demand(before: Economy, after: Economy) -> Float[np.ndarray, "n s"]:
    old, new = np.asarray(before.final_share), np.asarray(after.final_share)
    bought = (old > 0) & (new > 0)
    growth = np.log(np.where(bought, new, 1.0)) - np.log(np.where(bought, old, 1.0))
    return growth - (old * growth).sum(axis=1, keepdims=True)


def _common_part(
    before: Economy, productivity: Float[np.ndarray, "o s"]
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, "o s"]]:
    """The growth of labour that fits a country's sectors best, and what is left of each.

    Least squares weighted by output, together with one number for each sector of the world: if a
    product becomes cheaper by the same factor everywhere, with all that it goes into, no flow
    changes, so that such a change is left out.
    """
    share, output = np.asarray(before.input_share), np.asarray(before.output)
    countries, sectors = productivity.shape
    labour = np.asarray(before.value_added_share)[:, :, None] * np.eye(countries)[:, None, :]
    worldwide = np.eye(sectors)[None] - share.swapaxes(1, 2)
    design = np.concatenate([labour, worldwide], axis=2).reshape(-1, countries + sectors)
    weight = np.sqrt(output / output.sum()).reshape(-1)
    scaled = weight * productivity.reshape(-1)
    fit = np.linalg.lstsq(weight[:, None] * design, scaled)[0]
    left = productivity - (design @ fit).reshape(productivity.shape)
    # Growth of everyone alike changes no flow either.
    income = np.asarray(before.value_added)
    return fit[:countries] - (income * fit[:countries]).sum() / income.sum(), left


def _growth(before: Economy, after: Economy) -> tuple[float, np.ndarray]:
    old, new = np.asarray(before.value_added), np.asarray(after.value_added)
    dollars = float(np.log(new.sum() / old.sum()))
    return dollars, np.log(new / old) - dollars
