"""American duties by sector: the mean is the country's, what is exempt stays so, codes resolve."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from detente.data.us_tariffs import added_by_region, read_tracker
from tools.us_tariffs_by_sector import (
    by_sector,
    BySector,
    sector_of_products,
    sector_schedule,
)


pytestmark = pytest.mark.shared
TRACKER = Path("tariffs") / "us_tariff_by_country_by_time_2025_2026.csv"
CHAPTERS = Path("us_tariffs_by_product") / "us_tariff_by_country_and_hs2.parquet"
IMPORTS = Path("us_tariffs_by_product") / "us_imports_2024_hs10.parquet"
LATEST = "2026-08-19"
# Goods of no sector (chapters 98 and 99, antiques, scrap) are 1 to 5 % of a partner's imports.
SECTORLESS = 0.06


@pytest.fixture(scope="module")
def table(raw_directory: Path) -> pd.DataFrame:
    return read_tracker(raw_directory / TRACKER)


@pytest.fixture(scope="module")
def found(raw_directory: Path, table: pd.DataFrame) -> BySector:
    return by_sector(raw_directory, table, LATEST, added_by_region(table, LATEST))


def test_the_mean_over_sectors_is_the_rate_of_the_country(
    found: BySector, table: pd.DataFrame
) -> None:
    level = added_by_region(table, LATEST)
    rows = found.rates.assign(paid=found.rates.imports * found.rates.added)
    paid, bought = (rows.groupby("exporter")[name].sum().to_dict() for name in ("paid", "imports"))
    mean = {code: paid[code] / bought[code] for code in bought}
    assert set(mean) == set(level) - set(found.one_rate)
    for code, value in mean.items():
        assert value == pytest.approx(level[code], rel=1e-12), code


def test_the_imports_are_those_of_the_customs(found: BySector, raw_directory: Path) -> None:
    query = f"select partner, sum(imports_usd) as usd from '{raw_directory / IMPORTS}' group by 1"
    of = duckdb.connect().execute(query).df().set_index("partner").usd.to_dict()
    bought = found.rates.groupby("exporter")["imports"].sum().to_dict()
    for code in ("KOR", "CHN", "JPN", "TWN", "VNM"):
        assert (1 - SECTORLESS) * of[code] < bought[code] <= of[code], code


def test_a_sector_of_one_chapter_has_its_rate(found: BySector, raw_directory: Path) -> None:
    """Ships are chapter 89 and pharmaceuticals nearly 30: ratio of the two is that of chapters."""
    query = f"select hs2, increase_since_2025_pct as rate from '{raw_directory / CHAPTERS}' " \
        "where country = 'TAIWAN'"  # fmt: skip
    chapter = duckdb.connect().execute(query).df().set_index("hs2").rate.to_dict()
    rate = found.rates.set_index(["exporter", "sector"]).added.to_dict()
    ships, general = rate["TWN", "SHB"], rate["TWN", "FOD"]
    assert ships / general == pytest.approx(chapter["89"] / chapter["16"], rel=0.01)
    # Computers of chapter 84 are exempt, metals pay more, both against the mean of 5.9 points.
    assert rate["TWN", "ELE"] < 4 < 15 < rate["TWN", "MET"]


def test_where_the_chapters_contradict_the_series_one_rate_stays(
    found: BySector, table: pd.DataFrame
) -> None:
    assert {"CAN", "MEX"} <= set(found.one_rate) and "KOR" not in found.one_rate
    level = added_by_region(table, LATEST)
    lines = sector_schedule(found, level).to_dict("records")
    of = lambda code: {one["sector"]: one["change"] for one in lines if one["exporter"] == code}
    assert of("MEX") == {"goods": pytest.approx(level["MEX"] / 100, abs=1e-6)}
    assert list(of("KOR")) == list(of("all"))
    assert {"SHB", "OTE", "ELE"} <= set(of("KOR"))
    assert [one["exporter"] for one in lines][: len(of("all"))] == ["all"] * len(of("all"))


@pytest.mark.parametrize(
    ("product", "sector"),
    [("854231", "ELE"), ("870323", "AUT"), ("890520", "SHB"), ("880240", "OTE"), ("850760", "ELQ"),
     ("300490", "PHA"), ("720839", "MET"), ("847130", "ELE"), ("270900", "MIN"), ("851713", "ELE")],
)  # fmt: skip
def test_products_have_the_sectors_that_a_reader_expects(
    product: str, sector: str, raw_directory: Path
) -> None:
    assert sector_of_products(raw_directory)[product] == sector


def test_nearly_all_trade_has_a_sector(raw_directory: Path) -> None:
    sector = sector_of_products(raw_directory)
    query = f"select partner, hs10, imports_usd from '{raw_directory / IMPORTS}' " \
        "where left(hs10, 2) not in ('98', '99')"  # fmt: skip
    rows = duckdb.connect().execute(query).df()
    known = rows.hs10.str[:6].isin(set(sector))
    assert rows.imports_usd[known].sum() / rows.imports_usd.sum() > 0.99
