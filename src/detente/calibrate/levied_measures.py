"""Revenue that the rates imply, where a published figure says what it was."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import xarray as xr

from ..data import icio, tariffs
from ..data.tables import Frame
from .levied import as_levied


COLUMNS = ("quantity", "year", "unit", "levied", "line_average")
SAVED = ("KOR", "CHN", 2020)
APPLIED = ("CHN", "KOR", range(2016, icio.LAST + 1))
DIGITS = 4


def levied_measures(raw_directory: Path) -> Frame:
    """Duty saved on Korean goods in China, and Korea's mean rate on China, by either average."""
    rows = [*_saved(raw_directory, *SAVED), *_applied(raw_directory, *APPLIED)]
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))


def _saved(raw_directory: Path, origin: str, destination: str, year: int) -> Iterator[tuple]:
    """The duty that a partner's agreement saves it, at its own mix of goods."""
    mean = tariffs.read_tariffs(raw_directory, year)
    flow = _flow(raw_directory, origin, destination, year)
    without = xr.where(mean.origin == origin, mean.max("origin"), mean)
    pair = {"origin": origin, "destination": destination}
    paid = [
        [float((kind.sel(pair) * flow).sum()) for kind in (levied.rates, levied.line_average)]
        for levied in (as_levied(without, year), as_levied(mean, year))
    ]
    saved = [(free - now) / 1000.0 for free, now in zip(*paid, strict=True)]
    yield f"duty saved by {origin} in {destination}", year, "billion US$", *map(_rounded, saved)


def _applied(
    raw_directory: Path, origin: str, destination: str, years: Sequence[int]
) -> Iterator[tuple]:
    """The mean rate by import value, percent."""
    for year in years:
        levied = as_levied(tariffs.read_tariffs(raw_directory, year), year)
        flow = _flow(raw_directory, origin, destination, year)
        pair = {"origin": origin, "destination": destination}
        means = [
            100.0 * float((kind.sel(pair) * flow).sum() / flow.sum())
            for kind in (levied.rates, levied.line_average)
        ]
        yield f"rate of {destination} on {origin}", year, "%", *map(_rounded, means)


def _flow(raw_directory: Path, origin: str, destination: str, year: int) -> xr.DataArray:
    flows = icio.read_flows(raw_directory, year).sel(origin=origin, destination=destination)
    return flows.sel(sector=list(icio.flow_sectors()))


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
