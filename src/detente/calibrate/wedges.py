"""Tariffs, elasticities and services restrictiveness, from the sectors of their sources to those
of a world."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from jaxtyping import Float

from ..data import elasticities, icio, stri, tariffs
from ..data.concordance import industries, Industry, regions, SERVICES_TOTAL
from .levied import as_levied, describe_levied, require_reasons


HIGHEST_ELASTICITY = 20.0
"""Cap on a published elasticity: one source has 64.85 for refined petroleum, estimated from few
and noisy observations; at such a value any wedge would move the whole flow."""
CLOSED = 0.99
"""A score from which a field of the index counts as closed to foreign suppliers."""
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


@dataclass(frozen=True)
class TariffRates:
    """Rates on flows of a world, factors of one; zero on services and within a country."""

    levied: Float[np.ndarray, "o d s"]
    line_average: Float[np.ndarray, "o d s"]
    steps: list[dict[str, Any]]
    """What was done to the one to get the other, and how much each rule moves."""


def tariffs_by_industry(
    raw_directory: Path, year: int, world: str, countries: Sequence[str], rows: Sequence[Industry]
) -> TariffRates:
    """Rates by pair and industry: means over what an industry or country is made of.

    Weighted by the flows of the same year, simple where there are none.
    """
    duties = as_levied(tariffs.read_tariffs(raw_directory, year), year)
    require_reasons(duties.rates)
    flows = icio.read_flows(raw_directory, year).sel(sector=duties.rates.sector)
    member_of = regions(world)
    economies = [str(code) for code in flows.origin.values]
    place = membership([[e for e in economies if member_of[e] == c] for c in countries], economies)
    sector = membership([row.flow_sectors for row in rows], list(flows.sector.values))
    groups = (place, place, sector)
    levied, line_average = (
        without_home(weighted_mean(rates.to_numpy(), flows.to_numpy(), groups))
        for rates in (duties.rates, duties.line_average)
    )
    return TariffRates(levied, line_average, describe_levied(duties, flows.to_numpy()))


def without_home(rates: Float[np.ndarray, "o d s"]) -> Float[np.ndarray, "o d s"]:
    """The rates with zero within a country and where no rate is known."""
    home = np.eye(len(rates), dtype=bool)[:, :, None]
    return np.where(home, 0.0, np.nan_to_num(rates, nan=0.0))


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
    """Scores (policy_area, country, sector) and those of the least restrictive country."""
    return restrictiveness_of(stri.read_restrictiveness(raw_directory, year), countries, rows)


def restrictiveness_of(
    scores: xr.DataArray, countries: Sequence[str], rows: Sequence[Industry]
) -> tuple[xr.DataArray, xr.DataArray]:
    """The same from scores (policy_area, country, sector) by field of the index.

    An industry has the mean over its fields, weighted as the OECD weights them in its own average
    over all fields (`stri.field_weights`), leaving out those without a score. A field that is
    closed has no trade, so no weight: its score of one stands for every restriction that no longer
    matters (Geloso Grosso and others, 2015), and is no degree. Where no field has a weight the mean
    is a simple one. The least restrictive country of an industry is the one with the lowest sum
    over policy areas, out of all countries of the index.
    """
    order = ("policy_area", "country", "sector")
    scores = scores.transpose(*order)
    fields = [str(code) for code in scores.sector.values]
    known = stri.field_weights()
    weight = np.array([known.get(code, 0.0) for code in fields])
    closed = scores.sum("policy_area", skipna=False).to_numpy() >= CLOSED
    weights = np.broadcast_to(np.where(closed, 0.0, weight), scores.shape)
    field = membership([row.stri_sectors for row in rows], fields)
    values = weighted_mean(scores.to_numpy(), weights, (None, None, field))
    coords = {name: scores[name].values for name in order[:2]}
    by_industry = xr.DataArray(values, {**coords, "sector": [row.code for row in rows]}, order)
    best = by_industry.sum("policy_area", skipna=False).fillna(np.inf).argmin("country")
    benchmark = by_industry.isel(country=best).drop_vars("country")
    return by_industry.reindex(country=list(countries)), benchmark
