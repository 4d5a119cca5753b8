"""Tariffs, elasticities and services restrictiveness, from the sectors of their sources to those
of a world."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from jaxtyping import Float

from ..data import elasticities, icio, stri, tariffs
from ..data.concordance import industries, Industry, regions, SERVICES_TOTAL


HIGHEST_ELASTICITY = 20.0
"""Cap on a published elasticity: one source has 64.85 for refined petroleum, estimated from few
and noisy observations; at such a value any wedge would move the whole flow."""
SERVICES_ELASTICITY = 4.0
"""Assumed: no set of the source estimates services by sector."""


def membership(members: Sequence[Sequence[str]], codes: Sequence[str]) -> Float[np.ndarray, "a b"]:
    """One where `codes[b]` is among `members[a]`, else zero."""
    return np.array([[float(code in group) for code in codes] for group in members])


def weighted_mean(
    values: np.ndarray, weights: np.ndarray, groups: Sequence[np.ndarray | None]
) -> np.ndarray:
    """Mean over groups along each axis, weighted; the simple mean where all weights are zero.

    `groups[axis]` is the membership matrix (group, member) of the axis, or None to keep the axis.
    Values that are not a number are skipped; where nothing else is left the mean is not a number.
    """
    known = ~np.isnan(values)
    value = np.where(known, values, 0.0)
    weight = np.where(known, weights, 0.0)
    total, sum_ = group_sum(weight, groups), group_sum(weight * value, groups)
    count, plain = group_sum(known.astype(float), groups), group_sum(value, groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, sum_ / total, np.where(count > 0, plain / count, np.nan))


def group_sum(values: np.ndarray, groups: Sequence[np.ndarray | None]) -> np.ndarray:
    """Sum over groups along each axis; `groups` as in `weighted_mean`."""
    for axis, group in enumerate(groups):
        if group is not None:
            values = np.moveaxis(np.tensordot(group, values, axes=(1, axis)), 0, axis)
    return values


def tariffs_by_industry(
    raw_directory: Path, year: int, world: str, countries: Sequence[str], rows: Sequence[Industry]
) -> Float[np.ndarray, "o d s"]:
    """Applied rates by pair and industry: means over what an industry or country is made of.

    Weighted by the flows of the same year, simple where there are none; zero on services and
    within a country.
    """
    rates = tariffs.read_tariffs(raw_directory, year)
    flows = icio.read_flows(raw_directory, year).sel(sector=rates.sector)
    member_of = regions(world)
    economies = [str(code) for code in rates.origin.values]
    place = membership([[e for e in economies if member_of[e] == c] for c in countries], economies)
    sector = membership([row.flow_sectors for row in rows], list(rates.sector.values))
    mean = weighted_mean(rates.to_numpy(), flows.to_numpy(), (place, place, sector))
    mean[np.arange(len(countries)), np.arange(len(countries))] = 0.0
    return np.nan_to_num(mean, nan=0.0)


def share_without_tariff_data(raw_directory: Path, year: int) -> float:
    """Share of cross-border goods trade from or to economies that the tariff source leaves out."""
    flows = icio.read_flows(raw_directory, year).sel(sector=list(icio.flow_sectors()))
    abroad = flows.where(flows.origin != flows.destination, 0.0)
    left_out = (abroad.origin == tariffs.WITHOUT_DATA) | (
        abroad.destination == tariffs.WITHOUT_DATA
    )
    return float(abroad.where(left_out, 0.0).sum() / abroad.sum())


def published_elasticities(raw_directory: Path, rows: Sequence[Industry]) -> xr.DataArray:
    """Elasticities (publication, sector), capped; means over the sectors an industry consists of.

    Service industries have the value that the publication's row of all services has.
    """
    source = elasticities.read_published_elasticities(raw_directory).clip(max=HIGHEST_ELASTICITY)
    by_code = {row.code: row for row in industries("icio")}
    members = [
        list(row.flow_sectors)
        or [flow for code in row.icio for flow in by_code[code].flow_sectors]
        or [SERVICES_TOTAL]
        for row in rows
    ]
    values = np.stack([source.sel(sector=names).mean("sector").to_numpy() for names in members], 1)
    coords = {"publication": source.publication.values, "sector": [row.code for row in rows]}
    return xr.DataArray(values, coords, ("publication", "sector"))


def trade_elasticity(published: xr.DataArray, rows: Sequence[Industry]) -> xr.DataArray:
    """The median of the estimated sets for goods, and the assumed value for services."""
    median = published.sel(publication=list(elasticities.ESTIMATED)).median("publication")
    goods = xr.DataArray([row.kind == "goods" for row in rows], {"sector": median.sector})
    return median.where(goods, SERVICES_ELASTICITY)


def restrictiveness(
    raw_directory: Path, year: int, countries: Sequence[str], rows: Sequence[Industry]
) -> tuple[xr.DataArray, xr.DataArray]:
    """Scores (policy_area, country, sector) and those of the least restrictive country.

    An industry has the simple mean over its sectors in the index, leaving out missing ones. The
    least restrictive country of an industry is the one with the lowest sum over policy areas, out
    of all countries of the index.
    """
    scores = stri.read_restrictiveness(raw_directory, year)
    sector = membership([row.stri_sectors for row in rows], list(scores.sector.values))
    values = weighted_mean(scores.to_numpy(), np.ones(scores.shape), (None, None, sector))
    codes = [row.code for row in rows]
    coords = {
        "policy_area": scores.policy_area.values,
        "country": scores.country.values,
        "sector": codes,
    }
    by_industry = xr.DataArray(values, coords, ("policy_area", "country", "sector"))
    best = by_industry.sum("policy_area", skipna=False).fillna(np.inf).argmin("country")
    benchmark = by_industry.isel(country=best).drop_vars("country")
    return by_industry.reindex(country=list(countries)), benchmark
