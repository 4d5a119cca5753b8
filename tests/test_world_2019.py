"""The complete table of 2019 and the world made of it, against what the source states."""

import json
import os
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from detente._core import DataError
from detente.calibrate.baseline import baseline_from_dataset, load_baseline, write_dataset
from detente.calibrate.world_2019 import draft_world_2019
from detente.calibrate.worlds import build_world
from detente.data import concordance, icio, icio_g20


CHOSEN = os.environ.get("DETENTE_RAW")
RAW = Path(CHOSEN) if CHOSEN else Path(__file__).parents[2] / "shared" / "data"
FOLDER = RAW / "oecd_icio2023_2019_g20"
SHIPPED = Path(str(resources.files("detente"))) / "library" / "baselines" / "world-2019.nc"
LARGEST = 500_000
"""Bytes that a world may have to be shipped."""
PRINTED = 0.05
"""Half of the last digit of US$ 151.8 billion and the like, as the source states them."""
SINGLE = 1e-6
"""Sums of values stored in single precision."""
ADDING_UP = 1e-8
"""What the source says: inputs, taxes and value added are output to this."""

needs_raw = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no raw sources in {FOLDER}")
raw = [pytest.mark.shared, needs_raw]


@pytest.fixture(scope="module")
def world() -> xr.Dataset:
    return xr.load_dataset(SHIPPED, engine="scipy").astype("float64")


# --- the file that ships -----------------------------------------------------------------------


def test_it_is_small_and_says_that_travel_is_inside(world: xr.Dataset) -> None:
    assert SHIPPED.stat().st_size < LARGEST
    baseline = load_baseline("world-2019")
    assert baseline.about["travel"] == "inside"
    assert (len(baseline.countries), len(baseline.sectors)) == (20, 20)
    assert set(baseline.country_groups) == {"CJK", "G7", "USMCA"}
    assert "AUT" not in baseline.sector_groups
    assert baseline.sector_groups["TOU"] == ("I",)
    assert float(world.trade_imputed_share.max()) == 0.0


@pytest.mark.parametrize(
    ("origin", "destination", "goods", "services"),
    [("KOR", "CHN", 151.8, 36.0), ("CHN", "KOR", 96.8, 25.8)],
)
def test_totals_of_a_pair(
    world: xr.Dataset, origin: str, destination: str, goods: float, services: float
) -> None:
    groups = json.loads(world.attrs["sector_groups"])
    pair = world.trade.sel(origin=origin, destination=destination) / 1000
    assert float(pair.sel(sector=groups["goods"]).sum()) == pytest.approx(goods, abs=PRINTED)
    assert float(pair.sel(sector=groups["services"]).sum()) == pytest.approx(services, abs=PRINTED)


def test_output_and_value_added_of_the_world(world: xr.Dataset) -> None:
    """Trillion US$: 170.74 of output, 81.59 of value added and the taxes that are counted with it."""
    output = world.trade.sum("destination").rename(origin="country")
    assert float(output.sum()) / 1e6 == pytest.approx(170.74, abs=0.005)
    taxed = float((world.value_added_share * output).sum())
    steps = {step["step"]: step for step in json.loads(world.attrs["adjustments"])}
    taxes = steps["taxes on products"]["distance"]
    assert taxed / (1 + taxes) / 1e6 == pytest.approx(81.59, abs=0.01)


def test_inputs_and_final_demand_exhaust_what_is_bought(world: xr.Dataset) -> None:
    output = world.trade.sum("destination").rename(origin="country")
    paid = (world.trade * (1 + world.tariff)).sum("origin").rename(destination="country")
    used = (world.input_share * output).sum("sector").rename(input="sector")
    final = paid - used
    assert float(final.min()) >= 0
    income = (
        (world.value_added_share * output).sum("sector")
        + (world.trade * world.tariff).sum(("origin", "sector")).rename(destination="country")
        + world.trade.sum(("origin", "sector")).rename(destination="country")
        - output.sum("sector")
    )
    np.testing.assert_allclose(final.sum("sector"), income, rtol=SINGLE)


def test_every_industry_and_economy_has_one_place() -> None:
    rows = concordance.industries("sections")
    goods = [code for row in rows for code in row.flow_sectors]
    assert sorted(goods) == sorted(icio.flow_sectors())
    finer = [code for row in rows for code in row.icio]
    assert sorted(finer) == sorted(row.code for row in concordance.industries("icio"))
    place = concordance.regions("world_2019")
    assert set(place) == set(concordance.economies())
    assert set(place.values()) == set(icio_g20.countries())
    assert [place[code] for code in ("KOR", "TWN", "VNM", "IDN")] == ["KOR", "ROW", "ROW", "IDN"]


# --- with raw sources --------------------------------------------------------------------------


class TestSource:
    pytestmark = raw

    def test_costs_and_sales_are_output(self) -> None:
        use, accounts = icio_g20.read_intermediate(RAW), icio_g20.read_accounts(RAW)
        inputs = use.sum(("origin", "input")).to_numpy()
        paid = inputs + (accounts.net_taxes + accounts.value_added).to_numpy()
        np.testing.assert_allclose(paid.sum(), accounts.output.sum(), rtol=ADDING_UP)
        sold = use.sum(("destination", "user")).to_numpy()
        sold = sold + icio_g20.read_final(RAW).sum(("destination", "final_use")).to_numpy()
        np.testing.assert_allclose(sold.sum(), accounts.output.sum(), rtol=ADDING_UP)

    @pytest.mark.parametrize(
        ("seller", "buyer", "sector", "billion"),
        [
            ("KOR", "CHN", None, 6.4),
            ("KOR", "CHN", "I", 2.6),
            ("KOR", "CHN", "H", 1.0),
            ("KOR", "CHN", "C", 0.9),
            ("KOR", "CHN", "P", 0.3),
            ("KOR", "CHN", "R", 0.25),
            ("KOR", "JPN", None, 0.8),
            ("CHN", "KOR", None, 1.9),
            ("CHN", "JPN", None, 0.7),
            ("JPN", "CHN", None, 12.4),
            ("JPN", "KOR", None, 3.2),
            ("USA", "CHN", None, 44.0),
        ],
    )
    def test_travel(self, seller: str, buyer: str, sector: str | None, billion: float) -> None:
        """What residents of the buyer bought while they were in the seller."""
        bought = icio_g20.read_final(RAW).sel(
            origin=seller, destination=buyer, final_use="purchases_abroad"
        )
        found = float(bought.sum() if sector is None else bought.sel(sector=sector)) / 1000
        assert found == pytest.approx(billion, abs=PRINTED)

    def test_travel_is_in_the_flows_and_inputs_are_the_source_s(self, world: xr.Dataset) -> None:
        use, final = icio_g20.read_intermediate(RAW), icio_g20.read_final(RAW)
        flows = use.sum("user").rename(input="sector") + final.sum("final_use")
        np.testing.assert_allclose(world.trade, flows.transpose(*world.trade.dims), rtol=SINGLE)
        output = world.trade.sum("destination").rename(origin="country")
        inputs = use.sum("origin").rename(destination="country", user="sector")
        found = (world.input_share * output).transpose("country", "input", "sector")
        np.testing.assert_allclose(found, inputs, rtol=SINGLE, atol=SINGLE)

    def test_a_rebuild_is_the_shipped_file(self, tmp_path: Path) -> None:
        again = build_world("world-2019", RAW)
        baseline_from_dataset(again)
        write_dataset(again, tmp_path / "again.nc")
        assert (tmp_path / "again.nc").read_bytes() == SHIPPED.read_bytes()

    def test_a_table_that_does_not_add_up_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        final = icio_g20.read_final(RAW)
        final[0, 0, 0] += 1.0
        monkeypatch.setattr(icio_g20, "read_final", lambda directory: final)
        with pytest.raises(DataError, match="sales in the table of 2019 should add up to output"):
            draft_world_2019(RAW, lambda step: None)
