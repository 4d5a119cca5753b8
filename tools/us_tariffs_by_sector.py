"""American duties since 2025 by partner and sector: the pattern of chapters, at a later level.

The trade war tracker of M. Waugh (MIT) has the duties added since January 2025 by country and HS
chapter, of 22 September 2025, and by country alone for later dates. Chapters become sectors by what
the USA bought in 2024 (Census Bureau, HS10); the pattern is then scaled to the level of the date.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from detente._core import DataError
from detente.data.concordance import industries
from detente.data.tables import Frame, read_parquet, require
from detente.data.us_tariffs import ADDED, EVERYONE_ELSE, REGIONS


PRODUCTS, CODES = Path("us_tariffs_by_product"), Path("hs_concordance")
VINTAGE = "2025-08-07"
"""The last date of the series by country before the chapters' own, 22 September 2025."""
SAME_BOOK = 0.05
"""How far a country's mean over chapters may lie from that series, in proportion to it."""
OWN_WEIGHTS = {"KOR": "KOR", "CHN": "CHN", "JPN": "JPN", "TWN": "TWN", "VNM": "VNM", "EUR": "EU27"}
"""Partners of the HS10 table and their regions; others take the weights of these together."""


@dataclass(frozen=True)
class BySector:
    """Duties added by region and sector."""

    rates: pd.DataFrame
    """exporter, sector, imports (US$ of 2024), added (percent)."""
    one_rate: tuple[str, ...]
    """Regions whose chapters contradict the series by country: one rate for all their goods."""


def by_sector(raw: Path, table: pd.DataFrame, date: str, level: dict[str, float]) -> BySector:
    """Rates by region and sector whose mean, weighted by imports, is the level of the date.

    `table` is the tracker's by country, `level` percent by region on the date, as
    `added_by_region` gives it. What is exempt stays so and what pays more does: the pattern is
    multiplied. A region for which the chapters have another mean than the series had then is left
    out, as is what goes by no sector (chapters 98 and 99, waste).
    """
    chapters = _chapters(raw, table, date)
    then = _then(table, chapters)
    rows = _sectors(chapters, _weights(raw))
    rows["added"] = rows.paid / rows.imports
    mean = rows.groupby("exporter").paid.sum() / rows.groupby("exporter").imports.sum()
    apart = tuple(code for code in level if then.get(code, 0.0) > SAME_BOOK)
    rows = rows.loc[~rows.exporter.isin(apart)]
    rows["added"] *= rows.exporter.map(pd.Series(level) / mean)
    return BySector(rows[["exporter", "sector", "imports", "added"]], apart)


def sector_schedule(
    duties: BySector, level: dict[str, float], only: tuple[str, ...] | None = None
) -> pd.DataFrame:
    """The lines: everyone else first, so that later lines win; a line a sector, or one for goods.

    A sector of which nothing was bought pays the mean of its region.
    """
    added = duties.rates.set_index(["exporter", "sector"]).added.to_dict()
    sectors = dict.fromkeys(one.compact for one in industries("icio_2025") if one.kind == "goods")
    lines = [
        {"importer": "USA", "exporter": code, "sector": sector,
         "change": round(added.get((code, sector), mean) / 100, 6)}
        for code, mean in level.items()
        if only is None or code in only
        for sector in (["goods"] if code in duties.one_rate else sectors)
    ]  # fmt: skip
    return pd.DataFrame(lines)


def _chapters(raw: Path, table: pd.DataFrame, date: str) -> Frame:
    """exporter, country, chapter, imports, paid: of the partners that the series has too."""
    columns = ["country", "hs2", "imports_2024_usd", "increase_since_2025_pct"]
    rows = read_parquet(raw / PRODUCTS / "us_tariff_by_country_and_hs2.parquet", columns)
    rows = rows.loc[rows.country.isin(set(table.loc[table["date"] == date, "country_name"]))]
    rows = rows.dropna(subset=["increase_since_2025_pct"])
    return rows.assign(
        exporter=rows.country.map(lambda name: REGIONS.get(name, EVERYONE_ELSE)),
        chapter=rows.hs2,
        imports=rows.imports_2024_usd,
        paid=rows.increase_since_2025_pct * rows.imports_2024_usd,
    )


def _then(table: pd.DataFrame, chapters: Frame) -> dict[str, float]:
    """How far each region's mean over chapters lies from the series, in proportion to it."""
    series = table.loc[table["date"] == VINTAGE].set_index("country_name")
    rows = chapters.loc[chapters.country.isin(series.index)]
    whole = rows.groupby("exporter")[["paid", "imports"]].sum()
    bought = rows.groupby(["exporter", "country"]).imports.sum().reset_index()
    bought["paid"] = bought.imports * bought.country.map(series[ADDED])
    known = bought.groupby("exporter")[["paid", "imports"]].sum()
    mean, was = whole.paid / whole.imports, known.paid / known.imports
    return {code: abs(mean[code] - was[code]) / max(was[code], mean[code]) for code in mean.index}


def _sectors(chapters: Frame, weights: Frame) -> Frame:
    """exporter, sector, imports, paid: each chapter's trade over its sectors."""
    own = set(OWN_WEIGHTS.values())
    trade = chapters.groupby(["exporter", "chapter"])[["imports", "paid"]].sum().reset_index()
    trade["of"] = [code if code in own else EVERYONE_ELSE for code in trade.exporter]
    rows = trade.merge(weights, on=["of", "chapter"])
    for name in ("imports", "paid"):
        rows[name] *= rows.share
    return rows.groupby(["exporter", "sector"])[["imports", "paid"]].sum().reset_index()


def _weights(raw: Path) -> Frame:
    """of, chapter, sector, share: over the sectors of a chapter, by what was bought in 2024."""
    bought = read_parquet(
        raw / PRODUCTS / "us_imports_2024_hs10.parquet", ["partner", "hs10", "imports_usd"]
    )
    bought = bought.assign(hs6=bought.hs10.str[:6], of=bought.partner.map(OWN_WEIGHTS))
    bought["sector"] = bought.hs6.map(sector_of_products(raw))
    known = bought.dropna(subset=["sector"]).assign(chapter=bought.hs10.str[:2])
    both = pd.concat([known, known.assign(of=EVERYONE_ELSE)])
    share = both.groupby(["of", "chapter", "sector"]).imports_usd.sum().astype(float)
    total = share.groupby(["of", "chapter"]).transform("sum")
    return (share / total).rename("share").reset_index()


def sector_of_products(raw: Path) -> dict[str, str]:
    """The sector of the compact worlds of every product of HS 2022, through HS 2017."""
    compact = {code: one.compact for one in industries("icio_2025") for code in one.flow_sectors}
    place = require(raw / CODES / "hs2017_to_icio_goods_sector_derived.csv")
    old = pd.read_csv(place, dtype=str).dropna(subset=["sector"])
    missing = set(old.sector) - set(compact)
    if missing:
        raise DataError(f"{place.name} has the sectors {', '.join(sorted(missing))} of no world.")
    sector = {code: compact[icio] for code, icio in zip(old.hs6, old.sector, strict=True)}
    newer = read_parquet(raw / CODES / "hs6_hs5.parquet", ["HS6_6d", "HS5_6d"])
    pairs = zip(newer.HS6_6d, newer.HS5_6d, strict=True)
    moved = {now: sector[before] for now, before in pairs if before in sector}
    return moved | sector
