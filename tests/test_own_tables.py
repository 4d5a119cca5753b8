"""Tables that do not agree yet: what balancing keeps, what it tells, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from detente._core import BaselineError
from detente.calibrate.baseline import baseline_from_dataset
from detente.calibrate.own_tables import balanced_dataset, HOME_FLOOR

from .worlds import dataset, economy


# The sweeps of balancing stop at 1e-10.
BALANCED = 1e-9
KOR, CHN = 0, 1
ELE = 1


@pytest.fixture
def raw() -> xr.Dataset:
    """Korea sells more electronics abroad than it makes; China buys too little of its cars."""
    made = dataset(economy()).copy(deep=True)
    made.trade[KOR, KOR, ELE] = -5.0
    made.trade[:, CHN, 0] *= 0.01
    return made


def output(tables: xr.Dataset) -> np.ndarray:
    return tables.trade.sum("destination").values


def test_what_is_refused_is_balanced(raw: xr.Dataset) -> None:
    with pytest.raises(BaselineError, match="negative flow"):
        baseline_from_dataset(raw)
    balanced = balanced_dataset(raw)
    world = baseline_from_dataset(balanced)
    assert (np.asarray(world.economy.final_demand) > 0).all()
    told = json.loads(balanced.attrs["adjustments"])
    assert [step["step"] for step in told] == ["sales at home", "inputs"]
    assert all(step["distance"] > 0 for step in told)
    assert told[0]["rule"].startswith("1 sectors")


def test_only_what_was_wrong_is_moved(raw: xr.Dataset) -> None:
    """Flows abroad stay, the value added of every sector, and the inputs of who had enough."""
    balanced = balanced_dataset(raw)
    moved = (balanced.trade - raw.trade).values
    assert np.argwhere(moved != 0).tolist() == [[KOR, KOR, ELE]]
    home = balanced.trade.values[KOR, KOR, ELE]
    assert home == pytest.approx(HOME_FLOOR * output(balanced)[KOR, ELE], rel=1e-12)
    np.testing.assert_allclose(balanced.value_added_share, raw.value_added_share, rtol=BALANCED)
    needy = np.abs(balanced.input_share - raw.input_share).max(["input", "sector"]) > BALANCED
    assert set(raw.country.values[needy.values]) == {"CHN"}


def test_tables_that_agree_are_left_alone() -> None:
    agreed = dataset(economy())
    balanced = balanced_dataset(agreed)
    for name in ("trade", "input_share", "value_added_share"):
        np.testing.assert_allclose(balanced[name], agreed[name], rtol=1e-12)
    assert [step["distance"] for step in json.loads(balanced.attrs["adjustments"])] == [
        0.0, pytest.approx(0.0, abs=1e-12),
    ]  # fmt: skip


def _negative_abroad(tables: xr.Dataset) -> None:
    tables.trade[CHN, KOR, ELE] = -1.0


def _shares(tables: xr.Dataset) -> None:
    tables.value_added_share[KOR, ELE] += 0.01


def _sign(tables: xr.Dataset) -> None:
    tables.input_share[KOR, ELE, 2] -= 1.0


def _nothing_sold(tables: xr.Dataset) -> None:
    tables.trade[KOR, :, ELE] = 0.0
    tables.trade[KOR, KOR, ELE] = -1.0


def _too_little(tables: xr.Dataset) -> None:
    tables.trade[CHN, KOR] += 500.0


WRONG = {
    "between countries": (_negative_abroad, "origin CHN, destination KOR, sector ELE"),
    "shares": (_shares, r"do not add up to 1 \(country KOR, sector ELE\)"),
    "sign": (_sign, "country KOR, input ELE, sector BUS"),
    "nothing sold": (_nothing_sold, r"output is negative \(country KOR, sector ELE\)"),
    "too little": (_too_little, "CHN uses inputs of .* and buys"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_only_its_author_can_mend_is_named(what: str) -> None:
    spoil, named = WRONG[what]
    tables = dataset(economy()).copy(deep=True)
    spoil(tables)
    with pytest.raises(BaselineError, match=named):
        balanced_dataset(tables)


def test_without_a_table_there_is_nothing_to_balance() -> None:
    with pytest.raises(BaselineError, match="without 'tariff'"):
        balanced_dataset(dataset(economy()).drop_vars("tariff"))


def test_a_balanced_file_is_read_back(raw: xr.Dataset, tmp_path: Path) -> None:
    path = tmp_path / "mine.nc"
    balanced_dataset(raw).to_netcdf(path, engine="scipy", format="NETCDF3_64BIT")
    read = baseline_from_dataset(xr.load_dataset(path, engine="scipy"))
    assert "sales at home" in str(read.about["adjustments"])
