"""Protection as it is levied: rules on made rates; published tables; what the raw lines say."""

import csv
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from detente._core import DataError
from detente.calibrate import levied as module
from detente.calibrate.levied import above_half, as_levied, describe_levied, require_reasons
from detente.calibrate.levied_measures import levied_measures
from detente.calibrate.levied_table import ITA, levied_table
from detente.calibrate.wedges import tariffs_by_industry
from detente.data import icio, tariff_lines, tariffs
from detente.data.concordance import country_groups, economies, industries


PRINTED = 0.006
"""Percent: the published tables have two decimals, and shares of a flow are of rounded flows."""
STORED = 1e-3
"""The table that ships has four significant digits."""
YEAR = 2022


def shipped(name: str) -> list[dict[str, str]]:
    place = resources.files("detente").joinpath("library", "tariffs", f"{name}.csv")
    return list(csv.DictReader(place.read_text(encoding="utf-8").splitlines()))


def made(**rates: dict[str, float]) -> xr.DataArray:
    """Means over lines of ten percent, but for `importer = {origin: rate}`, in all sectors."""
    codes = ["CHN", "KOR", "JPN", "USA", "DEU", "FRA", "BRA", "SAU"]
    sectors = ["A01", "C10T12", "C20", "C26", "C29"]
    mean = xr.DataArray(
        np.full((8, 8, 5), 0.1), {"origin": codes, "destination": codes, "sector": sectors}
    )
    for code in codes:
        mean.loc[{"origin": code, "destination": code}] = 0.0
    for importer, by_origin in rates.items():
        for origin, rate in by_origin.items():
            mean.loc[{"origin": origin, "destination": importer}] = rate
    return mean


# --- without raw sources -----------------------------------------------------------------------


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch):
    """The rules replaced by some of our own."""

    def put(*rows: tuple) -> None:
        names = ("importer", "origin", "sector", "year", "kind", "value", "basis")
        table = [dict(zip(names, map(str, row), strict=True)) for row in rows]
        monkeypatch.setattr(module, "_table", lambda name: table)
        module._rows.cache_clear()

    yield put
    monkeypatch.undo()
    module._rows.cache_clear()


def test_each_kind_does_what_it_says_and_the_special_goes_before_the_general(rules) -> None:
    rules(
        ("all", "all", "C20", 2021, "cap", 0.06, "highest of lines"),
        ("KOR SAU", "all", "C26", 2021, "factor", 0.5, "agreement on electronics"),
        ("KOR", "all", "C26", 2021, "factor", 0.2, "chapters of Korea"),
        ("KOR", "CHN", "C26", 2021, "rate", 0.3, "chips by pair"),
        ("USA", "CHN", "C29", 2018, "added", 0.0, "section 301"),
        ("USA", "CHN", "C29", 2020, "added", 0.2, "section 301"),
    )
    found = as_levied(made(BRA={"KOR": 0.02}, DEU={"KOR": 0.04}), 2019)
    rate = lambda o, d, s: float(found.rates.sel(origin=o, destination=d, sector=s))
    assert rate("JPN", "BRA", "C20") == pytest.approx(0.06)
    assert rate("KOR", "BRA", "C20") == pytest.approx(0.02 * 0.6)
    assert rate("CHN", "SAU", "C26") == pytest.approx(0.05)
    assert rate("USA", "KOR", "C26") == pytest.approx(0.02)
    assert rate("CHN", "KOR", "C26") == pytest.approx(0.3)
    assert rate("CHN", "BRA", "C26") == pytest.approx(0.1)
    assert rate("CHN", "USA", "C29") == pytest.approx(0.2)
    assert float(found.line_average.sel(origin="CHN", destination="USA", sector="C29")) == (
        pytest.approx(0.2)
    )


def test_values_are_interpolated_between_years_and_constant_outside(rules) -> None:
    rules(
        ("JPN", "CHN", "C20", 2021, "rate", 0.05, "lines of Japan"),
        ("JPN", "CHN", "C20", 2026, "rate", 0.00, "RCEP schedule"),
    )
    path = [
        float(as_levied(made(), year).rates.sel(origin="CHN", destination="JPN", sector="C20"))
        for year in (2014, 2021, 2022, 2026, 2030)
    ]
    np.testing.assert_allclose(path, [0.05, 0.05, 0.04, 0.0, 0.0])


def test_what_a_rule_moves_is_said_and_adds_up(rules) -> None:
    rules(
        ("KOR", "all", "C26", 2021, "factor", 0.5, "chapters of Korea"),
        ("CHN", "all", "C26", 2021, "factor", 2.0, "lines of China"),
    )
    mean = made()
    flows = np.random.default_rng(1).uniform(size=mean.shape)
    found = as_levied(mean, YEAR)
    steps = {step["step"]: step["distance"] for step in describe_levied(found, flows)}
    moved = np.abs(found.rates - mean).to_numpy() * flows
    assert sum(steps.values()) == pytest.approx(
        float(moved.sum() / (mean * flows).sum()), rel=STORED
    )
    assert steps["tariffs as levied: section 301"] == 0.0


def test_nothing_is_levied_within_a_country_and_no_rate_is_impossible() -> None:
    for year in (2014, 2019, YEAR):
        found = as_levied(made(USA={"CHN": 0.02}), year)
        home = [float(found.rates.sel(origin=c, destination=c).max()) for c in ("CHN", "USA")]
        assert home == [0.0, 0.0]
        assert float(found.rates.min()) >= 0.0


def test_a_rate_above_one_half_needs_a_reason() -> None:
    require_reasons(made(SAU={"CHN": 0.4}))
    with pytest.raises(DataError, match="BRA levies 60% on A01, and no reason"):
        require_reasons(made(BRA={"CHN": 0.6}))
    assert all(reason for reason in above_half().values())


def test_the_table_names_what_there_is() -> None:
    known, bases = set(economies()), set(module.EXPLAINED)
    seen = set()
    for row in shipped("levied"):
        assert row["importer"] == "all" or set(row["importer"].split()) <= known
        assert row["origin"] == "all" or set(row["origin"].split()) <= known
        assert row["sector"] in icio.flow_sectors() and row["basis"] in bases
        assert float(row["value"]) >= 0.0
        key = tuple(row[name] for name in ("importer", "origin", "sector", "year", "kind"))
        assert key not in seen
        seen.add(key)
    assert set(ITA) <= known and not set(ITA) & {"BRA", "CHN", "JPN", "MEX", "USA", "ZAF"}


# --- with raw sources --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def year_2022(raw_directory: Path) -> module.LeviedRates:
    return as_levied(tariffs.read_tariffs(raw_directory, YEAR), YEAR)


@pytest.fixture(scope="module")
def flows(raw_directory: Path) -> xr.DataArray:
    return icio.read_flows(raw_directory, YEAR).sel(sector=list(icio.flow_sectors()))


def percent(rates: xr.DataArray, origin: str, destination: str) -> xr.DataArray:
    return 100.0 * rates.sel(origin=origin, destination=destination)


def mean(rates: xr.DataArray, flows: xr.DataArray, origin: str, destination: str) -> float:
    flow = flows.sel(origin=origin, destination=destination)
    return float((percent(rates, origin, destination) * flow).sum() / flow.sum())


CHINA_ON_KOREA = {
    "C26": 0.29, "C20": 2.37, "C28": 2.24, "C19": 0.33, "C24B": 2.50, "C27": 1.30, "C24A": 2.71,
    "C23": 4.60, "C22": 3.45, "C29": 8.65, "C13T15": 3.46, "C10T12": 6.71,
}  # fmt: skip
CHINA_ON_JAPAN = {
    "C26": 0.97, "C28": 4.77, "C24B": 5.07, "C29": 13.47, "C27": 2.54, "C20": 5.87, "C24A": 5.52,
    "C22": 7.99, "C23": 10.64, "C25": 7.73, "C13T15": 6.13,
}  # fmt: skip
JAPAN_ON_CHINA = {
    "C26": (0.0, 0.0), "C13T15": (7.67, 3.74), "C27": (0.19, 0.05), "C31T33": (1.71, 0.63),
    "C10T12": (13.93, 11.88), "C20": (2.71, 0.70), "C22": (2.21, 0.97), "C25": (1.65, 0.30),
    "C23": (1.19, 0.32),
}  # fmt: skip


@pytest.mark.shared
class TestMeasured:
    @pytest.mark.parametrize(
        ("origin", "published", "total", "line"),
        [("KOR", CHINA_ON_KOREA, 1.31, 3.76), ("JPN", CHINA_ON_JAPAN, 5.20, 7.19)],
    )
    def test_china_levies_what_its_lines_say(
        self, year_2022, flows, origin, published, total, line
    ) -> None:
        rates = percent(year_2022.rates, origin, "CHN")
        for sector, rate in published.items():
            assert float(rates.sel(sector=sector)) == pytest.approx(rate, abs=PRINTED), sector
        assert mean(year_2022.rates, flows, origin, "CHN") == pytest.approx(total, abs=PRINTED)
        assert mean(year_2022.line_average, flows, origin, "CHN") == (
            pytest.approx(line, abs=PRINTED)
        )

    def test_the_chips_of_korea_are_hardly_taxed(self, year_2022) -> None:
        levied = percent(year_2022.rates, "KOR", "CHN").sel(sector="C26")
        line = percent(year_2022.line_average, "KOR", "CHN").sel(sector="C26")
        assert (round(float(levied), 2), round(float(line), 2)) == (0.29, 4.03)

    def test_japan_on_china_is_its_own_schedule_and_then_the_path(
        self, raw_directory, flows
    ) -> None:
        source = tariffs.read_tariffs(raw_directory, 2021)
        before, after = (as_levied(source, year).rates for year in (2021, 2026))
        for sector, ends in JAPAN_ON_CHINA.items():
            found = [float(percent(r, "CHN", "JPN").sel(sector=sector)) for r in (before, after)]
            assert found == pytest.approx(list(ends), abs=PRINTED), sector
        # The published totals are of the sectors that the table prints and a few more.
        assert mean(before, flows, "CHN", "JPN") == pytest.approx(2.57, abs=0.02)
        assert mean(after, flows, "CHN", "JPN") == pytest.approx(1.48, abs=0.02)

    def test_electronics_is_nearly_free_wherever_the_agreement_holds(self, year_2022) -> None:
        rate = year_2022.rates.sel(sector="C26")
        for importer in ("KOR", "VNM", "DEU", "TWN", "USA", "JPN"):
            others = rate.sel(destination=importer).drop_sel(origin="CHN")
            assert float(others.max()) < 0.015, importer
        brazil = year_2022.line_average.sel(sector="C26", destination="BRA")
        xr.testing.assert_equal(rate.sel(destination="BRA"), brazil)

    def test_american_revenue_is_what_was_collected(self, raw_directory, year_2022) -> None:
        """Sector by sector, on what each partner sold in 2024, for partners of no agreement."""
        lines = tariff_lines.read_united_states(raw_directory)
        for partner, code in (("JPN", "JPN"), ("KOR", "KOR"), ("EUR", "DEU")):
            sums = lines[lines.partner == partner].groupby("sector")[["paid", "bought"]].sum()
            ours = year_2022.rates.sel(origin=code, destination="USA", sector=list(sums.index))
            assert float((ours.to_numpy() * sums.bought).sum()) == (
                pytest.approx(sums.paid.sum(), rel=STORED)
            )
        sums = lines[lines.partner == "CHN"].groupby("sector")[["paid", "bought"]].sum()
        ours = year_2022.rates.sel(origin="CHN", destination="USA", sector=list(sums.index))
        # Lines that no other partner sold have no usual rate and are left out: 1 % of the duty.
        paid = float((ours.to_numpy() * sums.bought).sum())
        assert paid == pytest.approx(sums.paid.sum(), rel=0.03)

    @pytest.mark.parametrize("year", range(2011, 2023))
    def test_above_one_half_stands_a_reason(self, raw_directory, year) -> None:
        found = as_levied(tariffs.read_tariffs(raw_directory, year), year)
        require_reasons(found.rates)
        require_reasons(found.line_average)
        assert float(found.rates.max()) <= 0.5

    def test_no_row_of_the_reasons_is_idle(self, raw_directory) -> None:
        seen: set[tuple[str, str]] = set()
        for year in range(2011, 2023):
            rates = tariffs.read_tariffs(raw_directory, year).max("origin").to_series()
            seen |= {(str(d), str(s)) for d, s in rates[rates > 0.5].index}
        assert set(above_half()) == seen

    def test_a_region_pays_what_its_members_pay(self, raw_directory, flows, year_2022) -> None:
        rows = industries("icio")
        world = tariffs_by_industry(raw_directory, YEAR, "compact_2022", REGIONS, rows)
        members = list(country_groups()["EU27"])
        by_member = flows.sel(origin=members, destination="CHN")
        paid = (year_2022.rates.sel(origin=members, destination="CHN") * by_member).sum()
        sector = {code: n for n, row in enumerate(rows) for code in row.flow_sectors}
        sold = np.zeros(len(rows))
        for code, value in zip(flows.sector.values, by_member.sum("origin").values, strict=True):
            sold[sector[str(code)]] += value
        ours = world.levied[REGIONS.index("EU27"), REGIONS.index("CHN")]
        assert float(ours @ sold) == pytest.approx(float(paid), rel=1e-12)
        assert world.levied[:, :, 22:].max() == 0.0

    def test_the_shipped_tables_are_what_the_sources_give(self, raw_directory) -> None:
        for name, built in (("levied", levied_table), ("measures", levied_measures)):
            text = built(raw_directory).to_csv(index=False, lineterminator="\n")
            place = resources.files("detente").joinpath("library", "tariffs", f"{name}.csv")
            assert text == place.read_text(encoding="utf-8"), name

    def test_duty_saved_on_korean_goods_is_what_customs_counted(self) -> None:
        row = next(row for row in shipped("measures") if row["quantity"].startswith("duty saved"))
        published = 1.84
        assert abs(float(row["levied"]) / published - 1) < 0.05
        assert float(row["line_average"]) / published > 1.8

    def test_korea_on_china_falls_as_published_below_its_level(self, raw_directory) -> None:
        """Published rates count farm goods beyond quotas: ours lie below, and fall with them."""
        path = (
            raw_directory / "levied_protection_facts" / "korea_applied_rates_by_origin_and_year.csv"
        )
        rows = pd.read_csv(path).query("series == 'korea_applied_on_china'")
        published = dict(zip(rows.year.astype(int), rows.value / 100.0, strict=True))
        ours = {
            int(row["year"]): float(row["levied"])
            for row in shipped("measures") if row["quantity"] == "rate of KOR on CHN"
        }  # fmt: skip
        both = pd.DataFrame({"ours": ours, "published": published}).dropna()
        assert (both.ours < 100 * both.published).all()
        assert np.corrcoef(both.ours, both.published)[0, 1] > 0.95


REGIONS = [
    "KOR", "CHN", "JPN", "TWN", "HKG", "VNM", "SGP", "ASE", "IND", "USA", "CAN", "MEX", "EU27",
    "GBR", "ANZ", "BRA", "RUS", "TUR", "SAU", "ROW",
]  # fmt: skip
