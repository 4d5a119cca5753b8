"""Size of economies by year, forecasts included: World Economic Outlook of the IMF.

One row per economy and year, one column per series under the name of the Fund in small letters:
country, iso, year, ngdpd, … Years after the last one that was observed are forecasts; the extract
does not say which.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..tables import Frame, read_parquet
from .former import columns_of, is_parquet, read_csv, require_values, to_numbers
from .source import one_by_one, Parsed, Progress, Source


UNITS: Mapping[str, str] = {
    "ngdpd": "billion US$", "ngdp": "billion national currency",
    "ngdp_r": "billion national currency, constant prices", "ngdp_rpch": "percent",
    "ngdp_d": "index", "ngdpdpc": "US$ per person", "pppgdp": "billion international dollars",
    "pcpi": "index", "pcpipch": "percent", "lur": "percent of the labour force",
    "le": "million persons", "lp": "million persons", "nid_ngdp": "percent of GDP",
    "ngsd_ngdp": "percent of GDP", "bca": "billion US$", "bca_ngdpd": "percent of GDP",
    "tx_rpch": "percent", "tm_rpch": "percent",
}  # fmt: skip
"""The series that are kept, and their units as the Fund states them."""
WORLD_GDP = (1e4, 1e6)
"""World GDP of a year in billion US$: 11,000 in 1980, 111,000 in 2024."""


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Extracts of the database."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    wide = _wide(path)
    series = [name for name in UNITS if name in wide]
    long = wide.melt(["iso", "year"], series, "indicator", "value").dropna(subset="value")
    _check(path, long)
    table = pd.DataFrame(
        {
            "country": long.iso,
            "indicator": "WEO." + long.indicator.str.upper(),
            "year": long.year.astype(int),
            "value": long["value"],
            "unit": long.indicator.map(UNITS),
        }
    )
    about = {"forecasts": "years after the last one observed are forecasts of the Fund"}
    return Parsed(f"to {table.year.max()}", {"indicators": table}, about=about)


def _wide(path: Path) -> Frame:
    if is_parquet(path):
        here = columns_of(path)
        lacking = [name for name in ("iso", "year", "ngdpd") if name not in here]
        if lacking:
            raise DataError(f"{path} should have the column '{lacking[0]}', and has none.")
        kept = ["iso", "year", *(name for name in UNITS if name in here)]
        where = "aggregate = 0" if "aggregate" in here else "true"
        return read_parquet(path, kept, where)
    optional = [name for name in UNITS if name != "ngdpd"]
    frame = read_csv(path, ["iso", "year", "ngdpd"], ["year", "ngdpd"], optional=optional)
    require_values(path, frame, ["iso", "year"])
    return frame.assign(
        **{name: to_numbers(path, frame[name]) for name in optional if name in frame}
    )


def _check(path: Path, long: Frame) -> None:
    twice = long.duplicated(["iso", "year", "indicator"])
    if twice.any():
        row = long[twice].iloc[0]
        raise DataError(f"{path} has {row.indicator} of {row.iso} in {int(row.year)} twice.")
    largest = float(long.loc[long.indicator == "ngdpd"].groupby("year")["value"].sum().max())
    if not WORLD_GDP[0] <= largest <= WORLD_GDP[1]:
        raise DataError(
            f"{path}: world GDP of {largest:.4g} billion US$ cannot be; the file is in another "
            "unit, or incomplete."
        )


SOURCE = Source(
    title="International Monetary Fund, World Economic Outlook",
    licence="terms of the IMF: free with attribution, substantial parts not to be passed on",
    attribution="International Monetary Fund, World Economic Outlook Database.",
    files="country, iso, year and series such as ngdpd, as CSV or Parquet",
    read=read,
)
