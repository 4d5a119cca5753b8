"""The world of 2022 moved to a later year, with trade of Korea and China on the books of one.

A derivative, not an observation: technology, composition of demand and of trade, tariffs and
services are those of the world of 2022. GDP is that of the year, goods totals by pair are those of
the year's source, and the two totals of Korea and China are those of the chosen customs. Where
those customs' own figure of a total was not found, the partner's report stands in, at the ratio of
both books in the last year that has both.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from .._core import DataError
from ..data.bases import CERTAINTY, CHINESE, KOREAN
from ..data.concordance import regions
from ..data.sources import baci, btige, wdi, weo
from ..data.store import shipped_record
from ..data.tables import read_parquet
from .assemble import describe_final_demand, finish, rounded
from .balance import corners, keep_final_demand
from .update import Margins, TradeTable, update, UpdatedTable


BEFORE = 2022
GDP_WORLD_BANK = Path("wdi_gdp") / "wdi_gdp_current_usd_1960_2023.parquet"
GDP_IMF = Path("imf_weo_2026_04") / "weo.parquet"
BACI_2023 = Path("baci2023_totals") / "baci_hs22_2023_v202501_totals.parquet"
BTIGE = Path("oecd_btige_2021_2025") / "totals_top10_partners.csv"
REST = "ROW"
_WHOSE = {"korean": KOREAN, "chinese": CHINESE}
_OTHER_SIDE = {"exports": "imports", "imports": "exports"}


@dataclass(frozen=True, slots=True)
class Year:
    """Where the margins of a year come from."""

    gdp: str
    """Publisher of GDP, in words."""
    totals: str
    """Source of goods totals by pair, in words."""
    attributions: tuple[str, ...]
    read_gdp: Callable[[Path, int], pd.DataFrame]
    read_totals: Callable[[Path, Sequence[str]], np.ndarray]


def move(
    source: xr.Dataset, name: str, raw_directory: Path, progress: Callable[[str], None]
) -> xr.Dataset:
    """The world of 2022 at the margins of the year and on the books that `name` says.

    `name` is `world-YEAR-korean-books` or `world-YEAR-chinese-books`.
    """
    year, basis = int(name.split("-")[1]), _WHOSE[name.split("-")[2]]
    countries = [str(code) for code in source.country.values]
    progress(f"reading GDP and pair totals of {year}")
    growth, without = _growth(raw_directory, year, countries)
    pair = YEARS[year].read_totals(Path(raw_directory), countries)
    korea = _set_books(basis, year, pair, countries)
    # Alternative flows cannot be moved to the same outputs, and are left out.
    world = source.drop_vars("trade_alternative", errors="ignore").astype("float64")
    table = _economy(world)
    progress(f"moving flows to the margins of {year}")
    moved = update(table, Margins(growth, np.stack([pair, np.full_like(pair, np.nan)], axis=2)))
    flow = ("origin", "destination", "sector")
    line_average = world.get("tariff_line_average")
    rates = None if line_average is None else line_average.transpose(*flow).to_numpy()
    others = corners(moved.trade, table.tariff, None, rates)
    repaired = keep_final_demand(moved.trade, table.tariff, table.input_share, others=others)
    shares = (("country", "input", "sector"), repaired.input_share)
    dataset = world.assign(trade=(flow, moved.trade), input_share=shares)
    if "input_trade" in world:
        # Each flow keeps its part of inputs.
        dataset["input_trade"] = (
            world.input_trade / world.trade.where(world.trade > 0, 1.0) * dataset.trade
        )
    steps = [_describe(moved, countries, without, korea, year), describe_final_demand(repaired)]
    return finish(dataset.assign_attrs(_attributes(source, name, basis, korea, steps)))


def _economy(world: xr.Dataset) -> TradeTable:
    flow = ("origin", "destination", "sector")
    services = set(json.loads(world.attrs["sector_groups"])["services"])
    return TradeTable(
        world.trade.transpose(*flow).to_numpy(),
        world.input_share.transpose("country", "input", "sector").to_numpy(),
        world.tariff.transpose(*flow).to_numpy(),
        np.array([int(str(code) in services) for code in world.sector.values]),
    )


def _growth(
    raw_directory: Path, year: int, countries: Sequence[str], before: int = BEFORE
) -> tuple[np.ndarray, list[str]]:
    """GDP of the year over that of the one before in US$, and the economies without it.

    Those, and the rest of the world, move as all others together.
    """
    frame = YEARS[year].read_gdp(Path(raw_directory), before)
    wide = frame.pivot_table(index="iso3", columns="year", values="gdp").dropna()
    here = [code for code in countries if code in wide.index]
    total = wide.loc[here].sum()
    together = float(total[year] / total[before])
    ratio = {code: float(wide.loc[code, year] / wide.loc[code, before]) for code in here}
    without = [code for code in countries if code not in ratio]
    return np.array([ratio.get(code, together) for code in countries]), without


def _world_bank(raw_directory: Path, before: int) -> pd.DataFrame:
    columns = ["iso3", "year", "gdp_usd"]
    frame = read_parquet(raw_directory / GDP_WORLD_BANK, columns, f"year in ({before}, 2023)")
    return frame.rename(columns={"gdp_usd": "gdp"})


def _imf(raw_directory: Path, before: int) -> pd.DataFrame:
    where = f"aggregate = 0 and year in ({before}, 2024)"
    frame = read_parquet(raw_directory / GDP_IMF, ["iso", "year", "ngdpd"], where)
    return frame.rename(columns={"iso": "iso3", "ngdpd": "gdp"})


def _totals_2023(raw_directory: Path, countries: Sequence[str]) -> np.ndarray:
    """Goods totals by pair (o, d) of BACI, million US$; not a number where it has none."""
    (parsed,) = baci.read([raw_directory / BACI_2023], lambda step: None)
    return _laid_out(parsed.tables["trade"], countries)


def _totals_2024(raw_directory: Path, countries: Sequence[str]) -> np.ndarray:
    """What exporters report of their ten largest partners; other pairs are those of 2023, moved.

    They move with the geometric mean of both GDP, from 2023 to 2024.
    """
    (parsed,) = btige.read([raw_directory / BTIGE], lambda step: None)
    trade = parsed.tables["trade"]
    reported = _laid_out(trade.loc[trade.period == "2024-01-01"], countries)
    growth, _ = _growth(raw_directory, 2024, countries, before=2023)
    moved = _totals_2023(raw_directory, countries) * np.sqrt(np.outer(growth, growth))
    # A total of the rest of the world is not that of the one member that reports.
    reported[[place for place, code in enumerate(countries) if code == REST]] = np.nan
    reported[:, [place for place, code in enumerate(countries) if code == REST]] = np.nan
    return np.where(np.isfinite(reported), reported, moved)


YEARS: Mapping[int, Year] = {
    2023: Year(
        "World Bank",
        "BACI",
        (baci.SOURCE.attribution, wdi.SOURCE.attribution),
        _world_bank,
        _totals_2023,
    ),
    2024: Year(
        "International Monetary Fund",
        "exporters' reports to the OECD where it has the pair, else those of 2023, BACI, moved "
        "with the GDP of both sides",
        (btige.SOURCE.attribution, baci.SOURCE.attribution, weo.SOURCE.attribution),
        _imf,
        _totals_2024,
    ),
}
"""Every year that the world of 2022 can be moved to."""


def _laid_out(trade: Any, countries: Sequence[str]) -> np.ndarray:
    """Totals of a canonical table by pair (o, d); not a number where it has none."""
    home = regions("world_2022")
    place = {code: number for number, code in enumerate(countries)}
    ends = [
        trade[side].astype(str).map(lambda code: place[home.get(code, REST)])
        for side in ("reporter", "partner")
    ]
    pair = np.zeros((len(countries), len(countries)))
    np.add.at(pair, tuple(ends), trade["value"].to_numpy(float))
    return np.where(pair > 0, pair, np.nan)


def _set_books(basis: str, year: int, pair: np.ndarray, countries: Sequence[str]) -> dict[str, str]:
    """Set the two totals of Korea and China in `pair`; what each is and where it is from."""
    said: dict[str, str] = {}
    for exporter, importer in (("KOR", "CHN"), ("CHN", "KOR")):
        value, origin = book_total(exporter, importer, year, basis)
        pair[countries.index(exporter), countries.index(importer)] = value
        said[f"{exporter} to {importer}"] = f"{value:,.0f} million US$, {origin}"
    return said


def book_total(exporter: str, importer: str, year: int, basis: str) -> tuple[float, str]:
    """Exports of one to the other on a book, million US$, and where the figure is from.

    The book's own figure, the firmest one of the record; else the other book's of that year at the
    ratio of both in the last year before that has both.
    """
    own, other = (_book(exporter, importer, book) for book in _pair_of_books(basis))
    if year in own:
        return own[year]
    both = [known for known in own if known in other and known < year]
    if year not in other or not both:
        raise DataError(
            f"there is no total of {exporter} to {importer} in {year} on the basis '{basis}'."
        )
    (value, note), last = other[year], max(both)
    ratio = own[last][0] / other[last][0]
    return value * ratio, (
        f"an estimate: the record has no figure of {basis}, so that the other side's {value:,.0f} "
        f"({note}) stands in, at the ratio of both books in {last}, {ratio:.3f}"
    )


def _pair_of_books(basis: str) -> tuple[str, str]:
    (other,) = set(_WHOSE.values()) - {basis}
    return basis, other


def _book(exporter: str, importer: str, basis: str) -> dict[int, tuple[float, str]]:
    """One flow by year on one book, whichever side keeps it: its firmest figure and its note."""
    rows: Any = pd.concat([pd.read_csv(path) for path in shipped_record()])
    sides = {(exporter, importer, "exports"), (importer, exporter, "imports")}
    keys = zip(rows.reporter, rows.partner, rows.flow, strict=True)
    chosen = rows[[key in sides for key in keys]]
    chosen = chosen[chosen.basis == basis]
    # The firmest last, so that it is the one that stays.
    chosen = chosen.iloc[chosen.status.map(CERTAINTY.index).argsort(kind="stable")[::-1]]
    return {
        int(row["period"][:4]): (float(row["value"]), str(row["note"]))
        for row in chosen.to_dict("records")
    }


def _describe(
    moved: UpdatedTable,
    countries: Sequence[str],
    without: Sequence[str],
    korea: dict[str, str],
    year: int,
) -> dict[str, Any]:
    goods, from_ = moved.known[:, :, 0], YEARS[year]
    through = ", ".join(countries[place] for place in moved.through) or "none"
    return {
        "step": f"moved to {year}",
        "rule": f"GRAS to GDP of {year} ({from_.gdp}; {', '.join(without)} as all others "
        f"together) and to {int(goods.sum())} goods totals by pair ({from_.totals}); "
        f"{'; '.join(f'{pair}: {text}' for pair, text in korea.items())}; other pairs and all "
        f"services move with the GDP of both sides; totals not set, because more would be "
        f"imported than is absorbed: {through}; products within a pair's total in the pattern of "
        f"{BEFORE}, as absorption bends it; technology, tariffs and composition of final demand "
        f"as before; {moved.rounds} rounds; the distance is the largest error left",
        "distance": rounded(moved.residual, 1),
        "unit": "share of the largest total",
    }


def _attributes(
    source: xr.Dataset, name: str, basis: str, korea: dict[str, str], steps: list[dict[str, Any]]
) -> dict[str, Any]:
    year = int(name.split("-")[1])
    whose = name.split("-")[2].capitalize()
    return {
        "name": name,
        "title": f"World economy of {year} on {whose} books: a derivative of world-{BEFORE}",
        "year": year,
        "basis": f"harmonised, Korea-China goods on {basis}",
        "derived_from": str(source.attrs["name"]),
        "derivative": f"moved from the world of {BEFORE} to margins of {year}, not observed; goods "
        f"of Korea and China as in {basis}: "
        + "; ".join(f"{pair} {text}" for pair, text in korea.items()),
        "source": "\n".join([str(source.attrs["source"]), *YEARS[year].attributions]),
        "adjustments": json.dumps([*json.loads(source.attrs["adjustments"]), *steps]),
    }
