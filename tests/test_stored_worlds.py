"""Every table that can be added can be built: WIOD of both releases and the Development Bank's."""

import json
from pathlib import Path

import duckdb
import pytest
import xarray as xr

import detente
from detente import DataError
from detente.calibrate.baseline import baseline_from_dataset
from detente.calibrate.from_store import build_from_store, is_of_the_store, recipes, TABLES
from detente.data.concordance import compact_sectors, industries
from detente.data.sources import add, SOURCES
from detente.data.store import Store
from detente.equilibrium import measures
from detente.world import Economy

from . import source_files as files


SINGLE = 1e-6
"""Relative: flows are stored in single precision."""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def quiet(step: str) -> None:
    pass


def holds(world: xr.Dataset, flows: float) -> Economy:
    """All flows are there, no country gains without a shock, and deficits add up to nothing."""
    economy = baseline_from_dataset(world).economy
    assert float(economy.trade.sum()) == pytest.approx(flows, rel=SINGLE)
    assert float(abs(economy.deficit.sum())) < SINGLE * float(economy.income.sum())
    nothing = detente.solve(economy, detente.Shock.none(economy))
    assert int(nothing.status) == 0
    assert float(abs(measures(economy, nothing)["welfare"]).max()) < 1e-8
    return economy


def test_every_source_of_tables_has_a_recipe() -> None:
    assert {name for name, one in SOURCES.items() if "data build" in one.builds} >= set(TABLES)
    assert is_of_the_store("wiod-2008") and is_of_the_store("adb-mrio-2022")
    assert not is_of_the_store("world-2022")


def test_the_table_of_the_development_bank_becomes_a_world(tmp_path: Path, store: Store) -> None:
    table = files.adb(tmp_path / "ADB-MRIO-2022.csv")
    add("adb-mrio", [tmp_path / "ADB-MRIO-2022.csv"], store)
    assert list(recipes(store)) == ["adb-mrio-2022"]
    world = build_from_store("adb-mrio-2022", store, quiet)
    assert list(world.country.values) == ["CHN", "KOR", "ROW", "TWN"]
    assert list(world.sector.values) == [f"c{number}" for number in range(1, 36)]
    holds(world, float(table.sum()))
    # What Korea's c1 sells to China, for input and for final use: China is second in the file.
    sold = table[0, 35:70].sum() + table[0, 4 * 35 + 5 : 4 * 35 + 10].sum()
    assert float(world.trade.sel(origin="KOR", destination="CHN", sector="c1")) == pytest.approx(
        sold, rel=SINGLE
    )
    bought = table[[35 * economy + 8 for economy in range(4)], 3].sum()
    inputs = world.input_share.sel(country="KOR", input="c9", sector="c4")
    assert float(inputs) == pytest.approx(bought / table[3].sum(), rel=1e-3)
    assert any("every rate is zero" in step["rule"] for step in json.loads(world.adjustments))


def test_a_table_with_other_industries_is_refused(tmp_path: Path, store: Store) -> None:
    files.wiod(tmp_path / "WIOT2014.csv")
    add("wiod", [tmp_path / "WIOT2014.csv"], store)
    with pytest.raises(DataError, match=r"'wiod-2014' cannot be built: the stored table .* 'A01'"):
        build_from_store("wiod-2014", store, quiet)
    with pytest.raises(DataError, match="no table of the Asian Development Bank is stored"):
        build_from_store("adb-mrio-2014", store, quiet)
    with pytest.raises(DataError, match="did you mean 'wiod-2014'"):
        build_from_store("wiod-2015", store, quiet)


def test_the_35_industries_lead_to_codes_that_exist() -> None:
    rows = industries("wiod35")
    icio = {row.code: row for row in industries("icio")}
    assert len(rows) == 35
    for row in rows:
        assert not row.compact or row.compact in compact_sectors()
        assert {icio[code].kind for code in row.icio} == {row.kind}
        assert bool(row.flow_sectors) == (row.kind == "goods")
        # Where it is one sector of the compact worlds, its divisions are too.
        assert row.compact in ("", "CUL", "BUS") or {icio[c].compact for c in row.icio} == {
            row.compact
        }
    reached = {code for row in rows for code in row.icio}
    assert reached == set(icio)
    theirs = {sector for row in industries("icio") for sector in row.flow_sectors}
    assert {sector for row in rows for sector in row.flow_sectors} == theirs


@pytest.mark.shared
def test_a_published_table_of_2008_becomes_a_world(raw_directory: Path, store: Store) -> None:
    path = raw_directory / "wiod2013_release" / "wiot_2008.parquet"
    if not path.is_file():
        pytest.skip("the release of 2013 is not here")
    add("wiod", [path], store)
    world = build_from_store("wiod-2008", store, quiet)
    assert len(world.country) == 41 and "ROU" in world.country.values
    total = store.query(
        "select sum(greatest(v, 0)) as v from (select sum(value) as v from io "
        "group by origin, destination, origin_sector)"
    ).v.iloc[0]
    economy = holds(world, float(total))
    # By another way: what Korea's columns of the file leave of its output.
    table = duckdb.sql(f"select * from '{path}'").df().set_index("row")
    mine = [name for name in table.columns if name.startswith("KOR_c")]
    added = table.loc[mine, "output"].sum() - table[mine].to_numpy().sum()
    korea = list(world.country.values).index("KOR")
    assert float(economy.value_added[korea]) == pytest.approx(added, rel=2e-3)
