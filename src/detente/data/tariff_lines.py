"""Tariffs line by line, with what was bought of each: raw files of four importers.

Lines of China (HS8, of January 2018 and 2019, with its imports from the USA in 2017), of Japan
(HS9, 2026), duties that the USA collected on each HS10 line of 2024, and Korea's rates by chapter.
Sectors are the 27 goods sectors of the flow tables. Rates here are factors of one.
"""

from pathlib import Path

import duckdb
import pandas as pd

from . import tables
from .tables import Frame


CHINA = (
    "China's rates by line: Bown, Jung and Zhang (2019), Trump Has Gotten China to Lower its "
    "Tariffs. Just Toward Everyone Else, PIIE; ITC; aggregates by sector."
)
JAPAN = "Japan's rates by line: Japan Customs, tariff schedule of 2026, through qlitre (MIT)."
UNITED_STATES = "Duties collected by the USA in 2024: US Census Bureau, through M. Waugh (MIT)."
KOREA = "Korea's rates by chapter, 2025: Korea Customs Service, through KoreaTariffAtlas (KOGL 1)."
CHIPS = "Integrated circuits by pair, 2022: CEPII BACI, through TradeNetworkAtlas (Etalab 2.0)."

ATTRIBUTIONS = (CHINA, JAPAN, UNITED_STATES, KOREA, CHIPS)

EUROPE = "EUR"
"""The European Union, as one partner of the American table."""


def read_china(raw_directory: Path) -> Frame:
    """Lines of China: hs6, sector, rate_2018, rate_2019, bought (from the USA, million US$)."""
    path = _at(raw_directory, "china_tariff_2018_2019",
               "china_hs8_mfn_and_imports_from_usa_2017.parquet")  # fmt: skip
    names = ["hs6", "sector", "mfn_2018_01", "mfn_2019_01", "imports_from_usa_2017_kusd"]
    frame = tables.read_parquet(path, names, "sector is not null")
    return pd.DataFrame(
        {
            "hs6": frame.hs6,
            "sector": frame.sector,
            "rate_2018": frame.mfn_2018_01 / 100.0,
            "rate_2019": frame.mfn_2019_01 / 100.0,
            "bought": frame.imports_from_usa_2017_kusd.fillna(0.0) / 1000.0,
        }
    )


def read_japan(raw_directory: Path) -> Frame:
    """Lines of Japan: sector, and what is due on everyone (mfn), on China and on Korea in 2026."""
    path = _at(raw_directory, "japan_tariff_2026", "japan_hs9.parquet")
    names = ["sector", "mfn_pct", "on_china_pct", "on_korea_pct"]
    frame = tables.read_parquet(path, names, "sector is not null")
    rates = frame[names[1:]].astype(float) / 100.0
    rates.columns = pd.Index(["mfn", "CHN", "KOR"])
    return rates.assign(sector=frame.sector)


def read_united_states(raw_directory: Path) -> Frame:
    """Lines of the USA: partner, hs10, sector, bought and paid in 2024, million US$.

    Lines of HS2022 go to the sector of the HS2017 codes that they had before; special provisions
    and returned goods, which belong to no sector, are left out.
    """
    path = _at(raw_directory, "us_tariffs_by_product", "us_imports_2024_hs10.parquet")
    columns = ["partner", "hs10", "imports_usd", "duty_usd"]
    frame = tables.read_parquet(path, columns)
    sector = frame.hs10.str[:6].map(_sector_of_hs2022(raw_directory))
    lines = pd.DataFrame({
        "partner": frame.partner, "hs10": frame.hs10, "sector": sector,
        "bought": frame.imports_usd / 1e6, "paid": frame.duty_usd / 1e6,
    })  # fmt: skip
    return lines[lines.sector.notna() & (lines.bought > 0)]


def _sector_of_hs2022(raw_directory: Path) -> dict[str, str]:
    folder = Path(raw_directory) / "hs_concordance"
    older = tables.require(folder / "hs6_hs5.parquet")
    sectors = tables.require(folder / "hs2017_to_icio_goods_sector_derived.csv")
    query = (
        "select HS6_6d, sector from read_parquet(?) join read_csv(?, all_varchar=true) "
        "on HS5_6d = hs6 group by all order by HS6_6d, count(*), sector"
    )
    with duckdb.connect() as connection:
        rows = connection.execute(query, [str(older), str(sectors)]).fetchall()
    return dict(rows)


def read_korea(raw_directory: Path) -> Frame:
    """Chapters of Korea in 2025: hs2, bought (billion US$), applied and mfn, by import value."""
    path = _facts(raw_directory, "korea_applied_and_mfn_by_hs2_2025.csv")
    frame = pd.read_csv(path, dtype={"hs2": str})
    return pd.DataFrame({
        "hs2": frame.hs2, "bought": frame.imports_2025_bn_usd,
        "applied": frame.applied_pct / 100.0, "mfn": frame.mfn_pct / 100.0,
    })  # fmt: skip


def read_chips(raw_directory: Path, year: int) -> dict[tuple[str, str], float]:
    """Integrated circuits (HS 8542) by exporter and importer, million US$; largest pairs only."""
    frame = pd.read_csv(_facts(raw_directory, "integrated_circuits_8542_by_pair.csv"))
    rows = frame[frame.year == year]
    pairs = zip(rows.exporter, rows.importer, strict=True)
    return dict(zip(pairs, rows.value_bn_usd * 1000.0, strict=True))


def _facts(raw_directory: Path, name: str) -> Path:
    return _at(raw_directory, "levied_protection_facts", name)


def _at(raw_directory: Path, folder: str, name: str) -> Path:
    return tables.require(Path(raw_directory) / folder / name)
