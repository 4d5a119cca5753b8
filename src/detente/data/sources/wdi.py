"""Indicators of countries by year: World Bank, World Development Indicators, CC BY 4.0.

The CSV of one indicator has four lines before its header and one column a year; the bulk file
starts with the header.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..tables import read_parquet
from .former import columns_of, is_parquet, read_csv, require_values, to_numbers
from .source import CC_BY, Frame, one_by_one, Parsed, Progress, Source


HEADER = ["Country Name", "Country Code", "Indicator Name", "Indicator Code"]
GDP, GDP_UNIT = "NY.GDP.MKTP.CD", "current US$"


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Files of one indicator each, or of many."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    if is_parquet(path):
        return _repackaged(path)
    skip, updated = _preamble(path)
    years = _years(path, skip)
    frame = read_csv(path, [*HEADER, *years], skip=skip)
    require_values(path, frame, ["Country Code", "Indicator Code"], skip)
    long = pd.concat(
        [
            pd.DataFrame(
                {
                    "country": frame["Country Code"],
                    "indicator": frame["Indicator Code"],
                    "year": int(year),
                    "value": to_numbers(path, frame[year], 2 + skip),
                    "unit": frame["Indicator Name"].map(_unit),
                }
            )
            for year in years
        ]
    ).dropna(subset="value")
    if long.empty:
        raise DataError(f"{path} has no values.")
    codes = sorted(set(long.indicator))
    part = codes[0] if len(codes) == 1 else f"{len(codes)} indicators"
    return Parsed(updated, {"indicators": long.sort_values(["country", "year"])}, part)


def _preamble(path: Path) -> tuple[int, str]:
    """Lines before the header, and the date of the update that they state."""
    updated = "bulk"
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in zip(range(8), file, strict=False):
            if line.replace('"', "").startswith("Country Name,"):
                return number, updated
            found = re.search(r"Last Updated Date\W+(\d{4}-\d\d-\d\d)", line)
            updated = found.group(1) if found else updated
    raise DataError(
        f"{path} has no header 'Country Name,Country Code,…' in its first lines; is it the CSV "
        "file of an indicator, unpacked?"
    )


def _years(path: Path, skip: int) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        header = [file.readline() for _ in range(skip + 1)][-1]
    names = [name.strip().strip('"') for name in header.strip().split(",")]
    years = [name for name in names if re.fullmatch(r"(19|20)\d\d", name)]
    if not years:
        raise DataError(f"{path} has no columns of years.")
    return years


def _unit(name: object) -> str:
    """What the name of an indicator says in its last brackets, such as current US$."""
    found = re.findall(r"\(([^()]*)\)", str(name))
    return found[-1] if found else "see the indicator"


def _repackaged(path: Path) -> Parsed:
    """GDP as repackaged: country, iso3, year, gdp_usd."""
    if not {"iso3", "year", "gdp_usd"} <= set(columns_of(path)):
        raise DataError(f"{path} should have the columns iso3, year, gdp_usd, and does not.")
    frame = read_parquet(path, ["iso3", "year", "gdp_usd"]).dropna()
    table: Frame = pd.DataFrame(
        {
            "country": frame.iso3,
            "indicator": GDP,
            "year": frame.year,
            "value": frame.gdp_usd,
            "unit": GDP_UNIT,
        }
    )
    return Parsed("repackaged", {"indicators": table}, GDP)


SOURCE = Source(
    title="World Bank, World Development Indicators",
    licence=CC_BY,
    attribution="World Bank, World Development Indicators, CC BY 4.0.",
    files="API_INDICATOR_….csv with its four lines of preamble, or the bulk WDICSV.csv",
    read=read,
    builds="GDP for detente data build world-2023-korean-books",
)
