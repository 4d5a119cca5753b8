"""The same world year after year: goods and services flows of each year, one technology.

The flow tables hold goods by sector and services as one total, for every year; coefficients exist
for 2020 only. So each world has the technology of the baseline it is made from, services as one
sector, and the flows and tariffs of its year.
"""

from collections.abc import Sequence
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import xarray as xr
from jaxtyping import Float

from .._core import DataError
from ..data import icio, tariffs
from ..data.bases import HARMONISED
from ..data.concordance import economies, industries, regions, SERVICES_TOTAL
from ..world import Baseline, Economy
from .balance import keep_final_demand
from .levied import as_levied
from .wedges import group_sum, membership, weighted_mean, without_home


SERVICES = "SRV"
"""All services together."""
SMALLEST_FLOW = 1e-3
"""Million US$ put where a flow is zero in some years and not in others: a thousand dollars, below
what any table shows, so that a change from it is finite."""
MOST_ROUNDS = 50
"""Rounds of moving inputs until every year's final demand is positive; two or three are enough."""
FLOW = ("year", "origin", "destination", "sector")


def yearly_worlds(baseline: Baseline, raw_directory: Path, years: Sequence[int]) -> xr.Dataset:
    """Flows, tariffs and the common technology of several years, in a baseline's countries.

    Tariffs, as levied and as means over lines, are weighted by the flows of all years together, so
    that they move only where rates do. Million US$; rates as factors of one.
    """
    goods = list(baseline.sector_groups["goods"])
    flows = {year: icio.read_flows(raw_directory, year) for year in years}
    place = _places(baseline)
    sector = membership([*map(_flow_sectors, goods), (SERVICES_TOTAL,)], _source_sectors())
    groups = (place, place, sector)
    trade = _filled(np.stack([group_sum(flow.to_numpy(), groups) for flow in flows.values()]))
    weight = np.sum([flow.to_numpy() for flow in flows.values()], axis=0)[:, :, :-1]
    rates = [
        _rates(raw_directory, year, weight, (place, place, sector[:-1, :-1])) for year in years
    ]
    tariff, line_average = (np.stack(kind) for kind in zip(*rates, strict=True))
    share = _common_technology(_technology(baseline, goods), trade, tariff)
    theta = np.asarray(baseline.economy.trade_elasticity)
    by_good = theta[[baseline.sector_index[code] for code in goods]]
    services = theta[[baseline.sector_index[c] for c in baseline.sector_groups["services"]]].mean()
    codes = [*goods, SERVICES]
    names = [baseline.sector_names.get(code, code) for code in goods]
    return xr.Dataset(
        {
            "trade": (FLOW, trade.astype("float32"), {"units": "million US$"}),
            "tariff": (FLOW, tariff.astype("float32"), {"units": "1"}),
            "tariff_line_average": (FLOW, line_average.astype("float32"), {"units": "1"}),
            "input_share": (("country", "input", "sector"), share.astype("float32")),
            "trade_elasticity": ("sector", np.append(by_good, services)),
        },
        coords=_coords(baseline, codes)
        | {"year": list(years), "sector_name": ("sector", [*names, "Services"])},
        attrs={"basis": HARMONISED, "technology": baseline.name,
               "source": f"{icio.ATTRIBUTION}\n{tariffs.ATTRIBUTION}"},
    )  # fmt: skip


def goods_trade(
    baseline: Baseline, raw_directory: Path, years: Sequence[int], tariff_years: Sequence[int]
) -> xr.Dataset:
    """Goods flows of some years and tariffs of others, in a baseline's countries and sectors.

    Tariffs, as levied and as means over lines, are weighted by the flows of the first year, so
    that they move only where rates do. Million US$; rates as factors of one, 0 within a country.
    """
    goods = list(baseline.sector_groups["goods"])
    place = _places(baseline)
    sector = membership([*map(_flow_sectors, goods)], _source_sectors()[:-1])
    groups = (place, place, sector)
    flows = [icio.read_flows(raw_directory, year).to_numpy()[:, :, :-1] for year in years]
    trade = np.stack([group_sum(flow, groups) for flow in flows])
    rates = [_rates(raw_directory, year, flows[0], groups) for year in tariff_years]
    tariff, line_average = (np.stack(kind)[..., :-1] for kind in zip(*rates, strict=True))
    rate = ("tariff_year", *FLOW[1:])
    coords = {name: list(baseline.countries) for name in ("origin", "destination")}
    return xr.Dataset(
        {
            "trade": (FLOW, trade.astype("float32"), {"units": "million US$"}),
            "tariff": (rate, tariff.astype("float32"), {"units": "1"}),
            "tariff_line_average": (rate, line_average.astype("float32"), {"units": "1"}),
        },
        coords=coords | {"sector": goods, "year": list(years), "tariff_year": list(tariff_years)},
        attrs={"basis": HARMONISED, "source": f"{icio.ATTRIBUTION}\n{tariffs.ATTRIBUTION}"},
    )


def economy_of(worlds: xr.Dataset, year: int) -> Economy:
    """The world of one of the years; `DataError` names the years there are."""
    years = [int(one) for one in worlds.year.values]
    if year not in years:
        raise DataError(f"there are no flows of {year} here; the years are {_words(years)}.")
    world = worlds.sel(year=year)
    array = lambda name: jnp.asarray(np.asarray(world[name], np.float64))
    return Economy(
        trade=array("trade"),
        tariff=array("tariff"),
        input_share=array("input_share"),
        trade_elasticity=array("trade_elasticity"),
    )


def _words(years: list[int]) -> str:
    if years == list(range(years[0], years[-1] + 1)):
        return f"{years[0]} to {years[-1]}"
    return ", ".join(map(str, years))


def _places(baseline: Baseline) -> Float[np.ndarray, "n economy"]:
    home = regions(_concordance(baseline))
    members = [[code for code in economies() if home[code] == n] for n in baseline.countries]
    return membership(members, list(economies()))


def _concordance(baseline: Baseline) -> str:
    names = ("compact_2022", "world_2022", "compact_2014", "world_2014")
    same = [name for name in names if set(regions(name).values()) == set(baseline.countries)]
    if not same:
        raise DataError(
            f"the flow tables can be put in the countries of a shipped or built world, and "
            f"'{baseline.name}' has others."
        )
    return same[0]


def _source_sectors() -> list[str]:
    return [*icio.flow_sectors(), SERVICES_TOTAL]


def _flow_sectors(code: str) -> list[str]:
    """The goods sectors of the flow tables that a sector of a world is made of."""
    by_row = [
        row.flow_sectors
        for classification in ("icio_2025", "icio", "wiod")
        for row in industries(classification)
        if code in (row.code, row.compact)
    ]
    return list(dict.fromkeys(flow for sectors in by_row for flow in sectors))


def _filled(trade: Float[np.ndarray, "t o d s"]) -> Float[np.ndarray, "t o d s"]:
    """Zeros become a tiny number where the same flow exists in another year."""
    somewhere = (trade > 0).any(axis=0, keepdims=True)
    return np.where(somewhere, np.maximum(trade, SMALLEST_FLOW), trade)


def _rates(
    raw_directory: Path, year: int, weight: np.ndarray, groups: tuple[np.ndarray, ...]
) -> list[Float[np.ndarray, "o d s"]]:
    """Levied, and means over lines; nothing on services, which come last."""
    levied = as_levied(tariffs.read_tariffs(raw_directory, year), year)
    means = [
        without_home(weighted_mean(rates.to_numpy(), weight, groups))
        for rates in (levied.rates, levied.line_average)
    ]
    return [np.concatenate([mean, np.zeros((*mean.shape[:2], 1))], axis=2) for mean in means]


def _technology(baseline: Baseline, goods: list[str]) -> Float[np.ndarray, "n k s"]:
    """The baseline's input shares with services as one sector."""
    services = list(baseline.sector_groups["services"])
    group = membership([*([code] for code in goods), services], list(baseline.sectors))
    share = group_sum(np.asarray(baseline.economy.input_share), (None, group, None))
    output = np.broadcast_to(np.asarray(baseline.economy.output)[:, None, :], share.shape)
    return weighted_mean(share, output, (None, None, group))


def _common_technology(
    share: np.ndarray, trade: np.ndarray, tariff: np.ndarray
) -> Float[np.ndarray, "n k s"]:
    """The inputs nearest to those given at which final demand is positive in every year."""
    for _ in range(MOST_ROUNDS):
        before = share
        for flows, rates in zip(trade, tariff, strict=True):
            share = keep_final_demand(flows, rates, share).input_share
        if np.abs(share - before).max() < 1e-9:
            return share
    raise DataError("no technology leaves something of every product for final demand each year.")


def _coords(baseline: Baseline, codes: list[str]) -> dict[str, list[str]]:
    places = list(baseline.countries)
    return {"origin": places, "destination": places, "country": places,
            "sector": codes, "input": codes}  # fmt: skip
