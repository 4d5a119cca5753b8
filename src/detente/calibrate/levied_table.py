"""What is levied against what a mean over tariff lines says: the table that ships, from raw files.

The mean over lines is Teti's, which has 17 groups of goods. A row says, for an importer, its
partner and a goods sector, by what factor that mean is multiplied (`factor`), which rate takes its
place (`rate`), what is the most that counts (`cap`), or what is levied on top (`added`).
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pandas as pd
import xarray as xr

from ..data import icio, tariff_lines, tariffs
from ..data.concordance import country_groups
from ..data.tables import Frame


Row: TypeAlias = tuple[str, str, str, int, str, float, str]
"""Importer, origin, sector, year, kind, value, basis."""

COLUMNS = ("importer", "origin", "sector", "year", "kind", "value", "basis")
ALL = "all"
DIGITS = 4
"""Significant digits stored; the sources print two to four."""
LATEST = 2021
"""The last year for which Teti has rates of its own; 2022 repeats it."""

CHIPS = "8542"
CHIPS_YEAR = 2022
CHIPS_PAIRS = (("KOR", "CHN"), ("TWN", "CHN"))
ELECTRONICS = "C26"

MFN_IN_JAPAN = ("ARE", "BRA", "CHN", "HKG", "ISR", "KOR", "NOR", "RUS", "SAU", "TWN")
"""Without an agreement with Japan before 2022 and no longer preferred as developing countries: the
source has rates near those of Japan's general preferences for them, which they do not get."""
BEFORE_RCEP, RCEP_YEAR = 2021, 2026
"""The last year before the first cut, and the year of the schedule, that of the fifth."""
RCEP_PARTNERS = ("CHN", "KOR")

PAY_MFN = ("EUR", "JPN", "TWN", "VNM")
"""Partners of the USA without an agreement, whose lines are in its table."""
EXTRA_SINCE = 2019
"""The first whole year of the American duties of section 301 on China."""
KOREA_US_SINCE = 2012
"""The agreement of Korea and the USA; its cuts are taken in equal steps from then to 2021."""
METALS, METALS_SINCE = ("C24A", "C24B"), 2018
"""What the American duties of section 232 are on, and since when: before, at most the mean."""

KOREAN_CHAPTERS: Mapping[str, tuple[str, ...]] = {
    "C13T15": ("61", "62"), "C20": ("28", "29", "38", "39"), "C21": ("30",), "C24A": ("72",),
    "C24B": ("74", "76"), "C25": ("73",), "C28": ("84",), "C29": ("87",),
}  # fmt: skip
"""The chapters that are goods of one sector, or nearly."""

FARM_AND_FOOD = ("A01", "A02", "A03", "C10T12")
ITA = tuple(
    "ARE AUS AUT BEL BGR CAN CHE COL CRI CYP CZE DEU DNK EGY ESP EST FIN FRA GBR GRC HKG HRV HUN "
    "IDN IND IRL ISL ISR ITA JOR KAZ KOR LTU LUX LVA MAR MLT MYS NLD NOR NZL PER PHL POL PRT ROU "
    "RUS SAU SGP SVK SVN SWE THA TUR TWN UKR VNM".split()
)
"""Participants in the Information Technology Agreement whose own lines are not at hand."""


def levied_table(raw_directory: Path) -> Frame:
    """Every row, importers with lines of their own first, in a fixed order."""
    mfn = {year: _highest(tariffs.read_tariffs(raw_directory, year)) for year in range(2018, 2022)}
    own = [
        *_china(raw_directory, mfn),
        *_japan(raw_directory, mfn[LATEST]),
        *_united_states(raw_directory),
        *_korea(raw_directory, mfn[LATEST]),
    ]
    rows = pd.DataFrame([*own, *_elsewhere(own, mfn)], columns=pd.Index(COLUMNS))
    return rows.assign(value=[float(f"{value:.{DIGITS}g}") for value in rows.value])


def _highest(rates: xr.DataArray) -> dict[tuple[str, str], float]:
    """The mean over lines that an importer has for partners without an agreement."""
    highest = rates.max("origin").to_series()
    return {(str(key[0]), str(key[1])): float(value) for key, value in highest.to_dict().items()}


def _china(
    raw_directory: Path, mfn: Mapping[int, Mapping[tuple[str, str], float]]
) -> Iterator[Row]:
    """China's lines, weighted by purchases from the USA; chips by what Korea and Taiwan sell."""
    lines = tariff_lines.read_china(raw_directory)
    for year, means in mfn.items():
        column = "rate_2018" if year == 2018 else "rate_2019"
        for sector, rate in _weighted(lines, column, lines.sector).items():
            yield _factor("CHN", ALL, sector, year, rate, means, "lines of China")
        chips = (lines.sector == ELECTRONICS) & lines.hs6.str.startswith(CHIPS)
        rest = (lines.sector == ELECTRONICS) & ~chips
        of_chips = _weighted(lines[chips], column, "all")["all"]
        of_rest = _weighted(lines[rest], column, "all")["all"]
        for (origin, importer), share in _chip_shares(raw_directory).items():
            rate = share * of_chips + (1.0 - share) * of_rest
            yield _factor(importer, origin, ELECTRONICS, year, rate, means, "chips by pair")


def _weighted(lines: Frame, column: str, by: Any) -> dict[str, float]:
    """Means weighted by what was bought, lines without a rate left out."""
    known = lines[lines[column].notna()]
    groups = known.assign(paid=known[column] * known.bought, by=by).groupby("by")
    sums = groups[["paid", "bought"]].sum()
    means: dict[str, float] = (sums.paid / sums.bought).dropna().to_dict()
    return means


def _chip_shares(raw_directory: Path) -> dict[tuple[str, str], float]:
    """Integrated circuits in a pair's electronics, in the year for which pairs are known."""
    chips = tariff_lines.read_chips(raw_directory, CHIPS_YEAR)
    flows = icio.read_flows(raw_directory, CHIPS_YEAR).sel(sector=ELECTRONICS)
    return {(o, d): chips[o, d] / float(flows.sel(origin=o, destination=d)) for o, d in CHIPS_PAIRS}


def _factor(
    importer: str, origin: str, sector: str, year: int, rate: float,
    means: Mapping[tuple[str, str], float], basis: str,
) -> Row:  # fmt: skip
    """The factor that turns the mean over lines for everyone into the rate levied on everyone."""
    return importer, origin, sector, year, "factor", rate / means[importer, sector], basis


def _japan(raw_directory: Path, means: Mapping[tuple[str, str], float]) -> Iterator[Row]:
    """Means over its own lines by sector; the path of RCEP for China and Korea."""
    lines = tariff_lines.read_japan(raw_directory).groupby("sector")[["mfn", *RCEP_PARTNERS]].mean()
    for sector, line in lines.iterrows():
        name = str(sector)
        if means["JPN", name] > 0:
            yield _factor("JPN", ALL, name, LATEST, line["mfn"], means, "lines of Japan")
        for origin in MFN_IN_JAPAN:
            yield "JPN", origin, name, BEFORE_RCEP, "rate", line["mfn"], "lines of Japan"
        for origin in RCEP_PARTNERS:
            yield "JPN", origin, name, RCEP_YEAR, "rate", line[origin], "RCEP schedule"


def _united_states(raw_directory: Path) -> Iterator[Row]:
    """Duties collected over imports, by partner; what China pays on top of others apart."""
    lines = tariff_lines.read_united_states(raw_directory)
    paying = lines[lines.partner.isin(PAY_MFN)]
    usual = _paid(paying, "hs10")
    china = lines[lines.partner == "CHN"].assign(usual=lambda row: row.hs10.map(usual))
    known = china[china.usual.notna()]
    as_others = _weighted(known, "usual", known.sector)
    rates = tariffs.read_tariffs(raw_directory, LATEST).sel(destination="USA")
    yield from _collected(ALL, _paid(paying, "sector"), rates.max("origin"))
    yield from _collected("CHN", as_others, rates.sel(origin="CHN"))
    for sector, rate in _paid(known, "sector").items():
        extra = max(rate - as_others[sector], 0.0)
        yield "USA", "CHN", sector, EXTRA_SINCE - 1, "added", 0.0, "section 301"
        yield "USA", "CHN", sector, EXTRA_SINCE, "added", extra, "section 301"
    for partner in PAY_MFN:
        paid = _paid(lines[lines.partner == partner], "sector")
        members = country_groups()["EU27"] if partner == tariff_lines.EUROPE else (partner,)
        yield from _collected(" ".join(members), paid, rates.sel(origin=members[0]))
    everyone, korea = _paid(paying, "sector"), _paid(lines[lines.partner == "KOR"], "sector")
    for sector, rate in korea.items():
        before = everyone[sector] if sector not in METALS else float(rates.sel(sector=sector).max())
        yield "USA", "KOR", sector, KOREA_US_SINCE, "rate", before, "duties of the USA"
        yield "USA", "KOR", sector, LATEST, "rate", rate, "duties of the USA"


def _paid(lines: Frame, by: str) -> dict[str, float]:
    sums = lines.groupby(by)[["paid", "bought"]].sum()
    rates: dict[str, float] = (sums.paid / sums.bought).to_dict()
    return rates


def _collected(origin: str, paid: Mapping[str, float], mean: xr.DataArray) -> Iterator[Row]:
    for sector, rate in paid.items():
        line = float(mean.sel(sector=sector))
        if line > 0 and sector in METALS:
            before = min(rate / line, 1.0)
            yield "USA", origin, sector, METALS_SINCE - 1, "factor", before, "duties of the USA"
            yield "USA", origin, sector, METALS_SINCE, "factor", rate / line, "duties of the USA"
        elif line > 0:
            yield "USA", origin, sector, LATEST, "factor", rate / line, "duties of the USA"
        elif rate > 0:
            yield "USA", origin, sector, LATEST, "rate", rate, "duties of the USA"


def _korea(raw_directory: Path, means: Mapping[tuple[str, str], float]) -> Iterator[Row]:
    """Its rates on everyone by chapter and import value, where chapters are one sector."""
    chapters = tariff_lines.read_korea(raw_directory)
    for sector, codes in KOREAN_CHAPTERS.items():
        chosen = chapters[chapters.hs2.isin(codes)]
        rate = _weighted(chosen, "mfn", "all")["all"]
        yield _factor("KOR", ALL, sector, LATEST, rate, means, "chapters of Korea")


def _elsewhere(own: list[Row], mfn: Mapping[int, Mapping[tuple[str, str], float]]) -> Iterator[Row]:
    """For importers without lines: electronics under the ITA, and a cap on farm and food.

    The cap is the highest rate where lines are known.
    """
    measured: dict[tuple[str, str], float] = {}
    for importer, origin, sector, year, kind, value, _ in own:
        if origin == ALL and kind == "factor" and importer != "KOR" and year in (2019, LATEST):
            measured.setdefault((importer, sector), value * mfn[year][importer, sector])
    both = [
        measured["CHN", ELECTRONICS] / mfn[2019]["CHN", ELECTRONICS],
        measured["USA", ELECTRONICS] / mfn[LATEST]["USA", ELECTRONICS],
    ]
    free = " ".join(ITA)
    yield free, ALL, ELECTRONICS, LATEST, "factor", sum(both) / 2, "agreement on electronics"
    for sector in FARM_AND_FOOD:
        highest = max(rate for (_, name), rate in measured.items() if name == sector)
        yield ALL, ALL, sector, LATEST, "cap", highest, "highest of lines"
