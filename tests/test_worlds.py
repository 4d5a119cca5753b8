"""The worlds, built from the raw sources where these are at hand."""

import json
import os
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from detente._core import DataError
from detente.calibrate import worlds
from detente.calibrate.wedges import HIGHEST_ELASTICITY, membership, weighted_mean
from detente.calibrate.worlds import build_world, WORLDS
from detente.data import concordance, icio, table_2022, tables
from detente.schema import conform


IDENTITY = 1e-12
"""Accounting identities, relative to world output, in double precision."""
SINGLE = 1e-6
"""Sums of values stored in single precision."""
STORED = 5e-6
"""Sums of five scores stored with six decimals."""
CHOSEN = os.environ.get("DETENTE_RAW")
RAW = Path(CHOSEN) if CHOSEN else Path(__file__).parents[2] / "shared" / "data"

needs_raw = pytest.mark.skipif(not RAW.is_dir(), reason=f"no raw sources in {RAW}")
shared = [pytest.mark.shared, needs_raw]


def stored(dataset: xr.Dataset, path: Path) -> bytes:
    dataset.to_netcdf(path, engine="scipy", format="NETCDF3_64BIT")
    return path.read_bytes()


def accounts(world: xr.Dataset) -> dict[str, xr.DataArray]:
    """Output, absorption and use by country and product, in double precision."""
    world = world.astype("float64")
    output = world.trade.sum("destination").rename(origin="country")
    bought = (world.trade * (1 + world.tariff)).sum("origin").rename(destination="country")
    used = (world.input_share * output).sum("sector").rename(input="sector")
    return {
        "output": output,
        "bought": bought,
        "final": bought - used,
        "value added": world.value_added_share * output,
        "imports": world.trade.sum(("origin", "sector")).rename(destination="country"),
        "revenue": (world.tariff * world.trade)
        .sum(("origin", "sector"))
        .rename(destination="country"),
    }


# --- without raw sources -----------------------------------------------------------------------


def test_every_economy_and_industry_has_its_place() -> None:
    assert len(concordance.economies()) == 81
    names = ("icio", "icio_2025", "wiod")
    assert [len(concordance.industries(name)) for name in names] == [45, 50, 56]
    for year, regions, countries in (("2022", 20, 81), ("2014", 17, 44)):
        order = concordance.region_order(f"compact_{year}")
        assert len(order) == regions
        assert set(order) == set(concordance.regions(f"compact_{year}").values())
        assert len(set(concordance.regions(f"world_{year}").values())) == countries
    sectors = concordance.compact_sectors()
    assert len(sectors) == 29
    parents = concordance.compact_parents()
    assert parents == {"SHP": ("SHB", "OTE"), "TRN": ("LND", "WTR", "AIR")}
    for name in names:
        for row in concordance.industries(name):
            assert row.kind == sectors[row.compact][1], row.code
    assert len(icio.flow_sectors()) == 27


def test_a_mean_skips_what_is_missing_and_is_simple_without_weights() -> None:
    groups = (membership([["a", "b"], ["c"]], ["a", "b", "c"]),)
    mean = weighted_mean(np.array([1.0, 3.0, np.nan]), np.array([0.0, 0.0, 1.0]), groups)
    np.testing.assert_array_equal(mean, [2.0, np.nan])
    mean = weighted_mean(np.array([1.0, np.nan, 5.0]), np.array([2.0, 9.0, 1.0]), groups)
    np.testing.assert_array_equal(mean, [1.0, 5.0])


def test_tables_are_laid_out_by_label_and_refuse_what_they_would_lose(tmp_path: Path) -> None:
    frame = pd.DataFrame({"row": ["b", "a"], "column": ["y", "x"], "value": [2.0, 1.0]})
    coords = {"row": ["a", "b"], "column": ["x", "y", "z"]}
    array = tables.lay_out(frame, "value", coords)
    np.testing.assert_array_equal(array, [[1.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
    with pytest.raises(DataError, match="unknown row c"):
        tables.lay_out(frame.replace("b", "c"), "value", coords)
    with pytest.raises(DataError, match="repeats"):
        tables.lay_out(pd.concat([frame, frame]), "value", coords)
    with pytest.raises(DataError, match="was expected in"):
        tables.read_parquet(tmp_path / "flows.parquet", ["value"])


def test_unknown_worlds_and_directories_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="did you mean 'world-2022'"):
        build_world("wrld-2022", tmp_path)
    with pytest.raises(DataError, match="not a directory"):
        build_world("world-2022", tmp_path / "nothing")


# --- with raw sources --------------------------------------------------------------------------


@pytest.fixture(scope="session")
def built() -> dict[str, xr.Dataset]:
    """Every world; one that others come from is built once, which a rebuild is compared with."""
    made: dict[str, xr.Dataset] = {}

    def build(name: str, raw_directory: Path, *progress: worlds.Progress) -> xr.Dataset:
        if name not in made:
            made[name] = build_world(name, raw_directory, *progress)
        return made[name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worlds, "build_world", build)
        return {name: build(name, RAW) for name in WORLDS}


@pytest.fixture(scope="session")
def world(built: dict[str, xr.Dataset]) -> xr.Dataset:
    return built["world-2022"]


class TestBuilt:
    pytestmark = shared

    @pytest.mark.parametrize("name", WORLDS)
    def test_conforms_and_describes_an_economy(
        self, built: dict[str, xr.Dataset], name: str
    ) -> None:
        world, sums = built[name], accounts(built[name])
        assert conform(world, "baseline") == []
        assert world.attrs["name"] == name
        assert (world.trade >= 0).all()
        assert (world.input_share >= 0).all()
        assert (world.value_added_share > 0).all()
        assert (sums["final"] > 0).where(sums["bought"] > 0, True).all()
        assert (sums["final"] == 0).where(sums["bought"] == 0, True).all()
        shares = world.input_share.astype("float64").sum("input") + world.value_added_share
        assert float(np.abs(shares - 1).max()) <= IDENTITY
        services = json.loads(world.attrs["sector_groups"])["services"]
        assert float(world.tariff.sel(sector=services).max()) == 0.0

    @pytest.mark.parametrize("name", WORLDS)
    def test_identities_hold(self, built: dict[str, xr.Dataset], name: str) -> None:
        """Income is value added, tariff revenue and the deficit; deficits add to zero."""
        sums = accounts(built[name])
        world_output = float(sums["output"].sum())
        deficit = sums["imports"] - sums["output"].sum("sector")
        income = sums["value added"].sum("sector") + sums["revenue"] + deficit
        assert abs(float(deficit.sum())) <= IDENTITY * world_output
        error = np.abs(income - sums["final"].sum("sector")).max()
        assert float(error) <= IDENTITY * world_output

    @pytest.mark.parametrize("year", ["2022", "2014"])
    def test_compact_keeps_totals(self, built: dict[str, xr.Dataset], year: str) -> None:
        fine, coarse = accounts(built[f"world-{year}"]), accounts(built[f"compact-{year}"])
        for name, values in coarse.items():
            assert float(values.sum()) == pytest.approx(float(fine[name].sum()), rel=SINGLE)
        for code in ("KOR", "CHN", "USA"):
            assert float(coarse["value added"].sel(country=code).sum()) == pytest.approx(
                float(fine["value added"].sel(country=code).sum()), rel=SINGLE
            )

    def test_flows_are_those_of_the_source(self, world: xr.Dataset) -> None:
        flows = icio.read_flows(RAW, 2022)
        services = json.loads(world.attrs["sector_groups"])["services"]
        for origin, destination in (("KOR", "CHN"), ("CHN", "KOR"), ("KOR", "KOR")):
            pair = {"origin": origin, "destination": destination}
            for row in concordance.industries("icio_2025"):
                if row.flow_sectors:
                    source = flows.sel(**pair, sector=list(row.flow_sectors)).sum()
                    value = world.trade.sel(**pair, sector=row.code)
                    assert float(value) == pytest.approx(float(source), rel=SINGLE)
            total = world.trade.sel(**pair, sector=services).astype("float64").sum()
            source = flows.sel(**pair, sector=concordance.SERVICES_TOTAL)
            assert float(total) == pytest.approx(float(source), rel=SINGLE)
        total = float(world.trade.astype("float64").sum())
        assert total == pytest.approx(float(flows.sum()), rel=SINGLE)

    def test_output_and_inputs_are_those_of_the_table(self, world: xr.Dataset) -> None:
        """Inputs from the 80 are the table's; only those from the rest of the world come on top."""
        table = table_2022.read_table(RAW)
        output = accounts(world)["output"].sel(country=table.country)
        expected = table.output.transpose(*output.dims)
        np.testing.assert_allclose(output, expected, rtol=3e-5, atol=1)
        used = (world.input_share.astype("float64").sel(country=table.country) * output).sum(
            ("input", "sector")
        )
        inside = (table.domestic_use + table.imported_use).sum(("input", "sector"))
        ratio = used / inside
        assert float(ratio.min()) >= 1 - SINGLE
        assert float(used.sum() / inside.sum()) == pytest.approx(1.010, abs=0.002)

    def test_the_reader_has_the_named_facts_of_the_table(self) -> None:
        """Billion US$, of the table under its first seed."""
        table = table_2022.read_table(RAW)
        flows = (table.intermediate + table.final) / 1e3
        facts = {("KOR", "CHN", "H50"): 10.4, ("KOR", "CHN", "G"): 14.0,
                 ("KOR", "CHN", "J58T60"): 0.74, ("CHN", "KOR", "M"): 3.9}  # fmt: skip
        for (origin, destination, sector), value in facts.items():
            found = flows.sel(origin=origin, destination=destination, sector=sector)
            assert float(found) == pytest.approx(value, abs=0.051)

    def test_named_flows_of_the_world(self, world: xr.Dataset) -> None:
        """Billion US$. Travel with China is taken out of a year of a shut border, and what that
        frees makes the other services of the pair larger, by up to a tenth."""
        groups = json.loads(world.attrs["sector_groups"])
        trade = world.trade.astype("float64") / 1e3
        pair = lambda origin, destination: trade.sel(origin=origin, destination=destination)
        there, back = pair("KOR", "CHN"), pair("CHN", "KOR")
        for flow, goods, services in ((there, 154.4, 40.5), (back, 140.2, 31.0)):
            assert float(flow.sel(sector=groups["goods"]).sum()) == pytest.approx(goods, abs=0.05)
            assert float(flow.sel(sector=groups["services"]).sum()) == pytest.approx(
                services, abs=0.05
            )
        assert float(there.sel(sector="H50")) == pytest.approx(10.4, rel=0.03)
        assert float(there.sel(sector="G")) == pytest.approx(14.0, rel=0.11)
        assert float(there.sel(sector="J58T60")) == pytest.approx(0.74, rel=0.1)
        assert float(back.sel(sector="M")) == pytest.approx(3.9, rel=0.07)
        assert float(there.sel(sector="I")) < 0.02
        own = world.input_share.sel(country="JPN", input="C26", sector="C26")
        assert float(own) == pytest.approx(0.226, abs=5e-4)

    def test_the_second_seed_has_the_same_output_and_positive_demand(
        self, world: xr.Dataset
    ) -> None:
        first, second = (world[n].astype("float64") for n in ("trade", "trade_alternative"))
        output = first.sum("destination")
        np.testing.assert_allclose(second.sum("destination"), output, rtol=SINGLE, atol=1.0)
        used = (world.input_share * output.rename(origin="country")).sum("sector")
        bought = (second * (1 + world.tariff)).sum("origin").rename(destination="country")
        final = bought.rename(sector="input") - used
        assert float(final.min()) >= 0
        goods = json.loads(world.attrs["sector_groups"])["goods"]
        np.testing.assert_array_equal(first.sel(sector=goods), second.sel(sector=goods))
        abroad = first.origin != first.destination
        assert float(np.abs(second - first).where(abroad).sum()) > 0.05 * float(
            first.where(abroad).sum()
        )

    def test_what_is_estimated_is_marked(self, world: xr.Dataset) -> None:
        """Intermediates are observed: 0.766 of Korea's services to China, 0.684 the other way."""
        services = json.loads(world.attrs["sector_groups"])["services"]
        trade = world.trade.astype("float64").sel(sector=services)
        estimated = (trade * world.trade_imputed_share).sum("sector") / trade.sum("sector")
        for origin, destination, observed in (
            ("KOR", "CHN", 31.0 / 40.5),
            ("CHN", "KOR", 21.2 / 31.0),
        ):
            found = 1 - float(estimated.sel(origin=origin, destination=destination))
            assert found == pytest.approx(observed, abs=2e-3)
        goods = json.loads(world.attrs["sector_groups"])["goods"]
        assert float(world.trade_imputed_share.sel(sector=goods).max()) == 0.0

    def test_value_added_of_2014_is_that_of_the_source(self, built: dict[str, xr.Dataset]) -> None:
        """Million US$, from the accounts of the rebuilt table: without taxes shares rise, most in Brazil."""
        path = RAW / "wiod2014_rebuilt" / "icio17x27_accounts.csv"
        source = pd.read_csv(path).groupby("region").value_added.sum()
        found = accounts(built["compact-2014"])["value added"].sum("sector").to_series()
        np.testing.assert_allclose(found, source[found.index], rtol=0.05)

    def test_elasticities_are_capped_medians(self, world: xr.Dataset) -> None:
        assert float(world.trade_elasticity_published.max()) == HIGHEST_ELASTICITY
        assert float(world.trade_elasticity.sel(sector="C27")) == pytest.approx(4.11)
        assert float(world.trade_elasticity.sel(sector="I")) == 4.0

    def test_least_restrictive_country_is_the_benchmark(self, world: xr.Dataset) -> None:
        total = world.services_restrictiveness.sum("policy_area", skipna=False)
        best = world.services_restrictiveness_benchmark.sum("policy_area", skipna=False)
        np.testing.assert_allclose(total.min("country"), best, atol=STORED)

    @pytest.mark.parametrize("name", ["compact-2022", "compact-2014"])
    def test_a_rebuild_is_the_shipped_file(
        self, built: dict[str, xr.Dataset], name: str, tmp_path: Path
    ) -> None:
        again = stored(build_world(name, RAW), tmp_path / "again.nc")
        assert stored(built[name], tmp_path / "first.nc") == again
        shipped = resources.files("detente") / "library" / "baselines" / f"{name}.nc"
        assert shipped.read_bytes() == again

    @pytest.mark.parametrize(
        ("name", "korea", "china", "book"),
        [
            ("world-2023-korean-books", 124_800, 142_800, "korean customs"),
            ("world-2023-chinese-books", 162_500, 148_983, "chinese customs"),
            ("world-2024-korean-books", 133_026, 146_229 * 142.8 / 148.983, "korean customs"),
            ("world-2024-chinese-books", 133_026 * 162.5 / 124.8, 146_229, "chinese customs"),
        ],
    )
    def test_moved_worlds_say_whose_books_they_are(
        self, built: dict[str, xr.Dataset], name: str, korea: float, china: float, book: str
    ) -> None:
        world = built[name]
        goods = json.loads(world.attrs["sector_groups"])["goods"]
        flows = world.trade.astype(float).sel(sector=goods).sum("sector")
        assert float(flows.sel(origin="KOR", destination="CHN")) == pytest.approx(korea, rel=1e-3)
        assert float(flows.sel(origin="CHN", destination="KOR")) == pytest.approx(china, rel=1e-3)
        assert book in world.attrs["basis"]
        assert world.attrs["derived_from"] == "world-2022"
        assert "not observed" in world.attrs["derivative"]
        year = int(name.split("-")[1])
        assert world.attrs["year"] == year
        assert ("an estimate" in world.attrs["derivative"]) == (year == 2024)
        if year == 2024:
            # OECD, BTIGE, billion US$: a pair with neither of the two on it.
            taiwan = flows.sel(origin="TWN", destination="USA")
            assert float(taiwan) / 1e3 == pytest.approx(111.4, abs=0.1)
