"""Aggregation keeps every total of the world it sums."""

import json

import numpy as np
import pytest
import xarray as xr

from detente._core import DataError
from detente.calibrate.aggregate import aggregate
from detente.calibrate.assemble import finish
from detente.schema import conform


SINGLE = 2e-6
"""Aggregates are stored in single precision, 6e-8, and some totals are differences of larger ones."""
COUNTRIES, SECTORS = ["A", "B", "C", "D", "E"], ["r", "s", "t", "u", "v", "w", "x"]
REGIONS = {"A": "A", "B": "BD", "C": "CE", "D": "BD", "E": "CE"}
BROAD = {"r": "goods1", "s": "goods1", "t": "t", "u": "ux", "v": "goods1", "w": "w", "x": "ux"}


@pytest.fixture(scope="module")
def world() -> xr.Dataset:
    """Five countries and seven sectors: unbalanced, taxed, and with a sector that B does not make.

    Tariffs are zero on services (u to x) and at home, as in every baseline; a country that taxed
    itself would hide an aggregation that loses the tariffs inside a region.
    """
    random = np.random.default_rng(57)
    trade = random.lognormal(3.0, 1.5, (5, 5, 7))
    trade[1, :, 3] = 0.0
    trade[0, 2, :2] = 0.0
    tariff = random.random((5, 5, 7)) * 0.3
    tariff[:, :, 3:] = 0.0
    tariff[np.arange(5), np.arange(5)] = 0.0
    flow = ("origin", "destination", "sector")
    score = random.random((2, 5, 7))
    score[:, 3, 4] = np.nan
    score[:, :, :3] = np.nan
    data = {
        "trade": (flow, trade),
        "tariff": (flow, tariff),
        "input_share": (("country", "input", "sector"), random.random((5, 7, 7)) * 0.05),
        "trade_elasticity": ("sector", random.random(7) * 5 + 2),
        "trade_imputed_share": (flow, random.random((5, 5, 7))),
        "trade_alternative": (flow, trade * random.random((5, 5, 7))),
        "tariff_line_average": (flow, tariff * (1 + random.random((5, 5, 7)))),
        "services_restrictiveness": (("policy_area", "country", "sector"), score),
        "services_restrictiveness_benchmark": (("policy_area", "sector"), score.min(axis=1)),
        "trade_elasticity_published": (("publication", "sector"), random.random((3, 7))),
    }
    coords = {name: COUNTRIES for name in ("origin", "destination", "country")}
    coords |= {"sector": SECTORS, "input": SECTORS}
    dataset = xr.Dataset(data, coords).assign_coords(
        policy_area=["entry", "people"],
        publication=["one", "two", "three"],
        country_name=("country", [f"country {code}" for code in COUNTRIES]),
        sector_name=("sector", [f"sector {code}" for code in SECTORS]),
    )
    groups = {"union": ["B", "C", "D", "E"], "broken": ["A", "B"], "BD": ["B", "D"]}
    kinds = {"goods": ["r", "s", "t", "v"], "services": ["u", "w", "x"]}
    attributes = {"country_groups": json.dumps(groups), "sector_groups": json.dumps(kinds)}
    return finish(dataset.assign_attrs(attributes))


def totals(world: xr.Dataset) -> dict[str, xr.DataArray]:
    """What aggregation must keep, by country and sector where it has them."""
    world = world.astype("float64")
    output = world.trade.sum("destination").rename(origin="country")
    bought = (world.trade * (1 + world.tariff)).sum("origin").rename(destination="country")
    used = (world.input_share * output).sum("sector").rename(input="sector")
    imports = world.trade.sum(("origin", "sector")).rename(destination="country")
    revenue = (world.tariff * world.trade).sum(("origin", "sector"))
    return {
        "trade": world.trade,
        "output": output,
        "value added": world.value_added_share * output,
        "intermediate use": used,
        "final demand": bought - used,
        "tariff revenue": revenue.rename(destination="country"),
        "deficit": imports - output.sum("sector"),
        "imputed trade": world.trade * world.trade_imputed_share,
        "alternative trade": world.trade_alternative,
        "revenue at line averages": world.tariff_line_average * world.trade,
    }


def summed(values: xr.DataArray) -> xr.DataArray:
    """Sum by label, without the code under test."""
    for dim in set(values.dims):
        mapping = BROAD if dim == "sector" else REGIONS
        label = xr.DataArray([mapping[c] for c in values[dim].values], {dim: values[dim]}, name=dim)
        values = values.groupby(label.rename(f"to_{dim}")).sum().rename({f"to_{dim}": dim})
    return values


def test_every_total_is_kept(world: xr.Dataset) -> None:
    coarse = aggregate(world, REGIONS, BROAD)
    assert conform(coarse, "baseline") == []
    fine = totals(world)
    for name, values in totals(coarse).items():
        expected = summed(fine[name]).transpose(*values.dims).reindex_like(values)
        scale = float(np.abs(expected).max()) * SINGLE
        np.testing.assert_allclose(values, expected, rtol=SINGLE, atol=scale, err_msg=name)
    assert (totals(coarse)["final demand"] > 0).all() == (totals(world)["final demand"] > 0).all()


def test_a_region_keeps_the_tariffs_inside_it(world: xr.Dataset) -> None:
    inside = aggregate(world, REGIONS, BROAD).sel(origin="CE", destination="CE", sector="goods1")
    members = world.sel(origin=["C", "E"], destination=["C", "E"], sector=["r", "s", "v"])
    rate = (members.tariff * members.trade).sum() / members.trade.sum()
    assert float(inside.tariff) == pytest.approx(float(rate), rel=SINGLE)
    assert rate > 0


def test_two_steps_are_one(world: xr.Dataset) -> None:
    """Sectors first: elasticities are weighted by trade across the borders that still exist."""
    once = aggregate(world, REGIONS, BROAD)
    twice = aggregate(aggregate(world, None, BROAD), REGIONS, None)
    for name in ("trade", "tariff", "input_share", "trade_elasticity", "trade_imputed_share"):
        np.testing.assert_allclose(once[name], twice[name], rtol=SINGLE, atol=1e-7, err_msg=name)


def test_no_grouping_is_no_change(world: xr.Dataset) -> None:
    same = aggregate(world)
    for name in world.data_vars:
        np.testing.assert_allclose(same[name], world[name], rtol=SINGLE, err_msg=str(name))
    assert list(same.country_name.values) == list(world.country_name.values)


def test_means_are_weighted_by_cross_border_trade_and_skip_what_is_missing(
    world: xr.Dataset,
) -> None:
    coarse = aggregate(world, REGIONS, BROAD)
    abroad = world.trade.astype("float64").where(world.origin != world.destination, 0.0)
    weight = abroad.sum(("origin", "destination")).sel(sector=["u", "x"])
    theta = (world.trade_elasticity.sel(sector=["u", "x"]) * weight).sum() / weight.sum()
    assert float(coarse.trade_elasticity.sel(sector="ux")) == pytest.approx(float(theta))
    assert np.isnan(coarse.services_restrictiveness.sel(sector="t")).all()


def test_what_the_index_does_not_cover_is_not_opened(world: xr.Dataset) -> None:
    """Of r, s and v the index covers v alone, and of D's v nothing is known: the distance of BD to
    the best is B's in v, by the part that v is of what BD imports."""
    coarse = aggregate(world, REGIONS, BROAD)
    gap = lambda data, place: (
        data.services_restrictiveness.sel(place) - data.services_restrictiveness_benchmark
    )
    found = gap(coarse, {"country": "BD"}).sel(sector="goods1")
    abroad = world.trade.astype("float64").where(world.origin != world.destination, 0.0)
    imports = abroad.sel(destination=["B", "D"], sector=["r", "s", "v"]).sum("origin")
    part = imports.sel(sector="v").sum() / imports.sum()
    assert 0.0 < float(part) < 1.0
    expected = float(part) * gap(world, {"country": "B"}).sel(sector="v")
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_groups_that_no_longer_exist_are_dropped(world: xr.Dataset) -> None:
    coarse = aggregate(world, REGIONS, BROAD)
    assert json.loads(coarse.attrs["country_groups"]) == {"union": ["BD", "CE"]}
    assert json.loads(coarse.attrs["sector_groups"])["services"] == ["ux", "w"]
    assert str(coarse.country_name.sel(country="A").item()) == "country A"


@pytest.mark.parametrize(
    ("mapping", "order", "message"),
    [({"A": "A"}, None, "no group is given"), (REGIONS, ["A", "BD"], "differ in CE")],
)
def test_incomplete_groupings_are_refused(
    world: xr.Dataset, mapping: dict[str, str], order: list[str] | None, message: str
) -> None:
    with pytest.raises(DataError, match=message):
        aggregate(world, mapping, country_order=order)
