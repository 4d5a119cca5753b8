"""Goods trade of the shipped worlds by pair: a book of its own, beside those of any customs."""

import json
from collections.abc import Mapping
from functools import cache

from .. import library
from .units import Amount


WORLDS = ("compact-2014", "world-2019", "compact-2022")
USUAL_GAP, WIDE_GAP = 0.22, 0.57
"""How far customs figures of a flow lie from the harmonised one: half of the flows for which both
are stored (46, of 2014, 2019 and 2022) by more than the first, one in ten by more than the second.
Goods by way of Hong Kong or Singapore are most of it."""


@cache
def harmonised_flows() -> Mapping[tuple[str, str, int], Amount]:
    """Goods from one economy to another in a year, million US$, as the OECD's tables have them."""
    flows: dict[tuple[str, str, int], Amount] = {}
    for name in WORLDS:
        flows |= _of_world(name)
    return flows


def _of_world(name: str) -> dict[tuple[str, str, int], Amount]:
    world = library.dataset(f"baselines/{name}.nc")
    goods = json.loads(world.attrs["sector_groups"])["goods"]
    trade = world.trade.sel(sector=goods).sum("sector").to_pandas()
    year = int(world.attrs["year"])
    return {
        (str(origin), str(destination), year): Amount(float(value), "million US$")
        for origin, row in trade.iterrows()
        for destination, value in row.items()
        if origin != destination
    }
