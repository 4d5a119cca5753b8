"""A world with fewer countries and sectors, whose totals are those of the world it comes from.

Trade, intermediate use, output, value added, tariff revenue, deficits and final demand are summed.
Rates are weighted so that the sums hold: tariffs by the flows they apply to, input shares by
output. A region keeps the tariffs that its members levy on each other as a rate on its domestic
flow, since their revenue is part of its income. Elasticities and restrictiveness have no sum to
keep: they are weighted by cross-border trade of the finer world. What the index of restrictiveness
does not cover is as open as the least restrictive country, by its part of the sector's imports.
"""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from jaxtyping import Float

from .._core import DataError
from .assemble import finish
from .wedges import group_sum, membership, weighted_mean


FLOW = ("origin", "destination", "sector")


def aggregate(
    baseline: xr.Dataset,
    countries: Mapping[str, str] | None = None,
    sectors: Mapping[str, str] | None = None,
    *,
    country_order: Sequence[str] | None = None,
    sector_order: Sequence[str] | None = None,
) -> xr.Dataset:
    """Sum countries and sectors into those that the mappings name; without a mapping they stay.

    The order is that of first appearance unless given. Attributes are kept, except groups, which
    keep those that can still be told apart; the caller names the new world.
    """
    place = _Grouping.of(baseline, "country", countries, country_order)
    field = _Grouping.of(baseline, "sector", sectors, sector_order)
    world = baseline.astype("float64")
    data = _flows(world, place, field) | _technology(world, place, field)
    data |= _elasticities(world, field) | _restrictiveness(world, place, field)
    coords = {name: place.codes for name in ("origin", "destination", "country")}
    coords |= {name: field.codes for name in ("sector", "input")}
    coarse = xr.Dataset(data, coords).assign_attrs(baseline.attrs)
    for name in ("policy_area", "publication"):
        if name in baseline.coords:
            coarse = coarse.assign_coords({name: baseline[name]})
    coarse.attrs["country_groups"] = _groups(baseline, "country_groups", place)
    coarse.attrs["sector_groups"] = _groups(baseline, "sector_groups", field)
    named = coarse.assign_coords(
        country_name=("country", place.names(baseline, "country")),
        sector_name=("sector", field.names(baseline, "sector")),
    )
    return finish(named)


class _Grouping:
    """Which member belongs to which group along one dimension."""

    def __init__(self, members: dict[str, list[str]], codes: Sequence[str]) -> None:
        self.members = members
        self.codes = list(members)
        self.matrix: Float[np.ndarray, "group member"] = membership(list(members.values()), codes)

    @classmethod
    def of(
        cls,
        baseline: xr.Dataset,
        dim: str,
        mapping: Mapping[str, str] | None,
        order: Sequence[str] | None,
    ) -> "_Grouping":
        codes = [str(code) for code in baseline[dim].values]
        target = {code: code for code in codes} if mapping is None else mapping
        lost = [code for code in codes if code not in target]
        if lost:
            raise DataError(f"no group is given for the {dim} {', '.join(lost[:5])}.")
        used = list(dict.fromkeys(target[code] for code in codes))
        order = used if order is None else list(order)
        if set(order) != set(used):
            odd = ", ".join(sorted(set(order) ^ set(used))[:5])
            raise DataError(f"the order of the {dim} groups and the groups used differ in {odd}.")
        return cls({group: [c for c in codes if target[c] == group] for group in order}, codes)

    def names(self, baseline: xr.Dataset, dim: str) -> list[str]:
        """Names of groups: that of the member where there is one, else the code."""
        known = dict(zip(baseline[dim].values, baseline[f"{dim}_name"].values, strict=True))
        return [str(known[m[0]]) if len(m) == 1 else group for group, m in self.members.items()]


def _flows(world: xr.Dataset, place: _Grouping, field: _Grouping) -> dict[str, tuple]:
    trade = world.trade.transpose(*FLOW).to_numpy()
    groups = (place.matrix, place.matrix, field.matrix)
    rates = {
        name: (FLOW, weighted_mean(world[name].transpose(*FLOW).to_numpy(), trade, groups))
        for name in ("tariff", "tariff_line_average", "trade_imputed_share")
        if name in world
    }
    sums = {
        name: (FLOW, group_sum(world[name].transpose(*FLOW).to_numpy(), groups))
        for name in ("trade", "trade_alternative", "input_trade")
        if name in world
    }
    return sums | rates


def _technology(world: xr.Dataset, place: _Grouping, field: _Grouping) -> dict[str, tuple]:
    """Intermediate use summed, over output summed: shares weighted by output."""
    dims = ("country", "input", "sector")
    shares = world.input_share.transpose(*dims).to_numpy()
    output = world.trade.sum("destination").transpose("origin", "sector").to_numpy()
    inputs = group_sum(shares, (None, field.matrix, None))
    weights = np.broadcast_to(output[:, None, :], inputs.shape)
    mean = weighted_mean(inputs, weights, (place.matrix, None, field.matrix))
    return {"input_share": (dims, mean)}


def _cross_border(world: xr.Dataset) -> xr.DataArray:
    return world.trade.where(world.origin != world.destination, 0.0)


def _elasticities(world: xr.Dataset, field: _Grouping) -> dict[str, tuple]:
    """Means over sectors, weighted by world cross-border trade."""
    weight = _cross_border(world).sum(("origin", "destination")).to_numpy()
    theta = weighted_mean(world.trade_elasticity.to_numpy(), weight, (field.matrix,))
    result: dict[str, tuple] = {"trade_elasticity": ("sector", theta)}
    if "trade_elasticity_published" in world:
        dims = ("publication", "sector")
        sets = world.trade_elasticity_published.transpose(*dims).to_numpy()
        weights = np.broadcast_to(weight, sets.shape)
        mean = weighted_mean(sets, weights, (None, field.matrix))
        result["trade_elasticity_published"] = (dims, mean)
    return result


def _restrictiveness(world: xr.Dataset, place: _Grouping, field: _Grouping) -> dict[str, tuple]:
    """Means weighted by the cross-border imports of a destination, or of the world.

    A sector of which the index covers a part is above the least restrictive country in that part
    alone: opening construction does not open the electricity that is counted with it.
    """
    if "services_restrictiveness" not in world:
        return {}
    imports = _cross_border(world).sum("origin").transpose("destination", "sector").to_numpy()
    dims = ("policy_area", "country", "sector")
    score = world.services_restrictiveness.transpose(*dims).to_numpy()
    best = world.services_restrictiveness_benchmark.transpose("policy_area", "sector").to_numpy()
    weights = np.broadcast_to(imports, score.shape)
    world_weights = np.broadcast_to(imports.sum(axis=0), best.shape)
    mean = weighted_mean(score, weights, (None, place.matrix, field.matrix))
    benchmark = weighted_mean(best, world_weights, (None, field.matrix))
    known = np.broadcast_to(~np.isnan(score).all(axis=(0, 1)), imports.shape).astype(float)
    covered = weighted_mean(known, imports, (place.matrix, field.matrix))
    above = np.nan_to_num(mean - benchmark[:, None, :])
    return {
        "services_restrictiveness": (dims, mean - (1.0 - covered) * above),
        "services_restrictiveness_benchmark": (("policy_area", "sector"), benchmark),
    }


def _groups(baseline: xr.Dataset, attribute: str, grouping: _Grouping) -> str:
    """Groups that are unions of the new codes, and are not just one of them, as JSON."""
    kept: dict[str, list[str]] = {}
    for name, members in json.loads(baseline.attrs.get(attribute, "{}")).items():
        inside = [g for g, m in grouping.members.items() if set(m) <= set(members)]
        covered = {code for group in inside for code in grouping.members[group]}
        if covered == set(members) and name not in grouping.codes:
            kept[name] = inside
    return json.dumps(kept)
