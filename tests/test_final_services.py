"""Final use of services by pair and sector, from its sums and a seed."""

import os
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from detente._core import DataError
from detente.calibrate.final_services import split_final_services
from detente.calibrate.services_of_2022 import Services, two_splits
from detente.data import icio, table_2022
from detente.data.concordance import industries, SERVICES_TOTAL


CHOSEN = os.environ.get("DETENTE_RAW")
RAW = Path(CHOSEN) if CHOSEN else Path(__file__).parents[2] / "shared" / "data"
FOLDERS = ("oecd_icio2025_2022", "oecd_icio2023_2019_g20", "oecd_icio_flows_2011_2022")
CODES = [row.code for row in industries("icio_2025") if row.kind == "services"]
EXACT = 1e-8
"""Totals after balancing stops at 1e-10."""
STORED = 5e-5
"""Relative error abroad against flows that the source keeps in single precision, as its inputs."""

NEUTRAL = np.ones((3, 4, 2))
PAIRS = np.array([[60.0, 9.0, 6.0, 5.0], [2.0, 30.0, 4.0, 1.0], [3.0, 7.0, 50.0, 0.0]])
SECTORS = np.array([[50.0, 30.0], [27.0, 10.0], [45.0, 15.0]])


def test_without_a_seed_every_pair_buys_what_the_origin_sells() -> None:
    """The independent table, in closed form: a flat seed abroad leaves row times column."""
    seed = np.broadcast_to(SECTORS[:, None, :], (3, 4, 2))
    flows, residual = split_final_services(seed, PAIRS, SECTORS)
    expected = PAIRS[:, :, None] * (SECTORS / SECTORS.sum(1, keepdims=True))[:, None, :]
    np.testing.assert_allclose(flows, expected, rtol=EXACT)
    assert residual < EXACT


def test_both_margins_hold_and_odds_ratios_abroad_are_the_seed_s() -> None:
    """What minimum cross-entropy means: composition abroad changes by one factor of the sector."""
    seed = np.random.default_rng(7).uniform(1.0, 9.0, (3, 4, 2))
    flows, residual = split_final_services(seed, PAIRS, SECTORS)
    assert residual < EXACT
    np.testing.assert_allclose(flows.sum(2), PAIRS, rtol=EXACT)
    np.testing.assert_allclose(flows.sum(1), SECTORS, rtol=EXACT)
    odds = (flows[0, 1:3, 0] / flows[0, 1:3, 1]) / (seed[0, 1:3, 0] / seed[0, 1:3, 1])
    assert odds[0] == pytest.approx(odds[1], rel=1e-6)
    scaled, _ = split_final_services(seed * PAIRS[:, :, None], PAIRS, SECTORS)
    np.testing.assert_allclose(scaled, flows, rtol=1e-6)


def test_a_seed_with_the_true_composition_abroad_gives_the_truth() -> None:
    true = np.random.default_rng(3).uniform(1.0, 9.0, (2, 2, 3))
    true[0, 0] = true[0, 1] * 4  # at home the origin's sectors, which is what the method assumes
    true[1, 1] = true[1, 0] * 3
    flows, _ = split_final_services(true, true.sum(2), true.sum(1))
    np.testing.assert_allclose(flows, true, rtol=1e-6)


def test_an_empty_seed_and_one_of_what_is_not_sold_have_an_answer() -> None:
    seed = NEUTRAL.copy()
    seed[0, 1] = 0.0
    seed[1, 0] = [0.0, 1.0]
    sectors = SECTORS.copy()
    sectors[1] = [37.0, 0.0]
    flows, residual = split_final_services(seed, PAIRS, sectors)
    assert residual < EXACT
    np.testing.assert_allclose(flows[1, 0], [2.0, 0.0], rtol=EXACT)
    np.testing.assert_allclose(flows.sum(1), sectors, rtol=EXACT)


@pytest.mark.parametrize(
    ("pairs", "sectors", "said"),
    [
        (-PAIRS, SECTORS, "the total of a pair is -60"),
        (PAIRS, SECTORS - 20.0, "the total of a sector is -10"),
        (PAIRS, SECTORS * [[1.0], [1.1], [1.0]], "origin number 1 is 37 .* and 40.7 by sector"),
        (PAIRS * np.nan, SECTORS, "the total of a pair is nan"),
    ],
)
def test_totals_that_cannot_be_are_refused(
    pairs: np.ndarray, sectors: np.ndarray, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        split_final_services(NEUTRAL, pairs, sectors)


# --- the tables of 2022 ------------------------------------------------------------------------


@pytest.mark.shared
@pytest.mark.skipif(
    not all((RAW / name).is_dir() for name in FOLDERS), reason=f"no raw sources in {RAW}"
)
class TestOf2022:
    """The split that comes with the tables of 2022 is what this method gives from its two seeds."""

    def test_from_own_intermediates(self, services: Services, source: xr.Dataset) -> None:
        found = services.split(services.from_intermediates())
        assert error(found, source.final_alternative) < STORED

    def test_from_final_purchases_of_2019(self, services: Services, source: xr.Dataset) -> None:
        found = services.split(services.from_purchases_of_2019(RAW))
        assert error(found, source.final) < STORED

    def test_the_two_seeds_differ(self, services: Services, source: xr.Dataset) -> None:
        """28 % of services trade across borders, as the source says."""
        one, other = source.final.to_numpy(), source.final_alternative.to_numpy()
        abroad = ~np.eye(len(one), dtype=bool)
        apart = np.abs(one - other)[abroad].sum() / (one + services.intermediate)[abroad].sum()
        assert apart == pytest.approx(0.28, abs=0.005)

    def test_a_shut_border_keeps_every_total(self, services: Services) -> None:
        """Travel with China is that of the second split, to a tenth; other pairs move little."""
        first, second = two_splits(services, RAW)
        plain = services.split(services.from_purchases_of_2019(RAW))
        for axis, total in ((2, services.pair_totals), (1, services.sector_totals)):
            np.testing.assert_allclose(first.sum(axis), total, rtol=1e-3, atol=1.0)
        korea, china = (services.countries.index(code) for code in ("KOR", "CHN"))
        lodging = services.codes.index("I")
        assert plain[korea, china, lodging] > 1_500 > 20 > first[korea, china, lodging]
        assert first[korea, china, lodging] == pytest.approx(second[korea, china, lodging], rel=0.1)
        japan, usa = (services.countries.index(code) for code in ("JPN", "USA"))
        moved = np.abs(first - plain)[japan, usa].sum() / plain[japan, usa].sum()
        assert moved < 0.08


@pytest.fixture(scope="module")
def source() -> xr.Dataset:
    return table_2022.read_table(RAW).sel(sector=CODES)


@pytest.fixture(scope="module")
def services() -> Services:
    table = table_2022.read_table(RAW)
    places = [str(code) for code in table.origin.values]
    total = icio.read_flows(RAW, 2022).sel(sector=SERVICES_TOTAL, origin=places)
    return Services.of(table, total.sel(destination=[*places, "ROW"]).to_numpy(), CODES)


def error(found: np.ndarray, source: xr.DataArray) -> float:
    """How far a split is from that of the source across borders, of its value."""
    true = source.to_numpy()
    abroad = ~np.eye(len(true), dtype=bool)
    return float(np.abs(found[:, :-1] - true)[abroad].sum() / true[abroad].sum())
