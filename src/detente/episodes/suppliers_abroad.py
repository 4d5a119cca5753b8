"""Parts drawn from home by factories abroad: a bound, for there are no data on affiliates.

What affiliates draw beyond prices, costs and demand shows up in the terms of their pair: its trade
cost and its taste for the supplier. So does everything else that is special to that pair, so that
the part of these terms bounds the part of affiliates.
"""

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
import xarray as xr

from .attribution import attribute, Blocks, Place, TwoYears
from .inversion import Fundamentals


NAMES = ("own terms of the pair", "everything else", "dollars")
_BILLION = 1e3


def pull_of_affiliates(
    window: TwoYears, worlds: xr.Dataset, choices: Mapping[str, Any]
) -> pd.DataFrame:
    """Home's goods exports to each host, their change, and the part of the pair's own terms.

    Billion US$. A host that the world does not have on its own is left out.
    """
    countries = [str(code) for code in worlds.country.values]
    hosts = [host for host in choices["hosts"] if host in countries and host != choices["home"]]
    rows = []
    for host in hosts:
        place = Place(window.place.home, countries.index(host), (), window.place.services)
        change = window.change()
        parts = attribute(window.before, change, _pair_blocks(change, place), place)
        own, rest, dollars = parts.exports.sum(axis=1) / _BILLION
        flow = np.asarray(window.before.trade)[place.home, place.partner]
        before = (flow.sum() - flow[place.services]) / _BILLION
        rows.append((host, before, before + own + rest + dollars, own, rest, dollars))
    return pd.DataFrame(rows, columns=["host", "before", "after", *NAMES])


def _pair_blocks(change: Fundamentals, place: Place) -> Blocks:
    """The terms of goods sold from home to the host, and everything else."""
    rest = jax.tree.map(lambda leaf: jnp.full(leaf.shape, 1), change)
    goods = np.arange(change.productivity.shape[1]) != place.services
    pair = np.full(change.trade_cost.shape, 1)
    pair[place.home, place.partner, goods] = 0
    return Blocks(
        NAMES,
        Fundamentals(
            productivity=rest.productivity,
            home_taste=rest.home_taste,
            trade_cost=jnp.asarray(pair),
            supplier_taste=jnp.asarray(pair),
            tariff=rest.tariff,
            size=rest.size,
            final_share=rest.final_share,
            deficit=rest.deficit,
            dollars=jnp.array(2),
        ),
    )
