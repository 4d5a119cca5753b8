"""Protection as it is levied, from the mean over tariff lines: the table that ships, applied.

`library/tariffs/levied.csv` says, by importer, partner and goods sector, what is levied where a
mean over lines says something else; `levied_table.py` makes it. Between the years of a row's kind
its value is interpolated, outside them it is that of the nearest. A row for a partner goes before
one for all, one for an importer before one for several, one for all importers last. What no row
concerns stays the mean over lines.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import xarray as xr

from .. import library
from .._core import DataError
from .levied_table import ALL


LIBRARY = "library/tariffs"
HALF = 0.5
ADDED = "section 301"
EXPLAINED = {
    "lines of China": "China: rates of its lines, weighted by what it bought from the USA in 2017, "
    "times the preference that the mean over lines has",
    "chips by pair": "China on electronics of Korea and Taiwan: integrated circuits as sold in "
    "2022 at the rate of their lines, the rest at that of other electronics",
    "lines of Japan": "Japan: means over its own lines by sector; partners without an agreement "
    "pay the rate for everyone",
    "RCEP schedule": "Japan on China and Korea: from the rate for everyone in 2021 in equal steps "
    "to the schedule of 2026",
    "duties of the USA": "United States: duties collected over imports of 2024 by line",
    "section 301": "United States on China: duties on top of what others pay on the same lines, "
    "since 2019; they stand in the mean over lines too, since they are none of its lines",
    "chapters of Korea": "Korea: rates for everyone by chapter weighted by imports of 2025, times "
    "the preference that the mean over lines has",
    "agreement on electronics": "participants in the Information Technology Agreement: levied over "
    "mean as in China and the United States",
    "highest of lines": "farm and food elsewhere: at most the highest rate of the importers whose "
    "lines are known; the mean over lines counts duties on tobacco and alcohol, and rates beyond "
    "quotas, that little trade pays",
}


@dataclass(frozen=True)
class LeviedRates:
    """Rates (origin, destination, sector), factors of one."""

    rates: xr.DataArray
    line_average: xr.DataArray
    """Means over tariff lines, with duties on top of the schedule."""
    added: np.ndarray
    """Those duties alone."""
    basis: np.ndarray
    """Why a cell is what it is: the position in `EXPLAINED`, -1 where it is the mean over lines."""


def as_levied(line_average: xr.DataArray, year: int) -> LeviedRates:
    """What is levied in a year, from means over lines (origin, destination, sector) by economy."""
    mean = line_average.transpose("origin", "destination", "sector")
    axes = {name: {str(c): i for i, c in enumerate(mean[name].values)} for name in mean.dims}
    before = mean.to_numpy().astype(float)
    rates, added = before.copy(), np.zeros_like(before)
    basis = np.full(before.shape, -1)
    for row in _rows():
        where = row.cells(axes)
        if where is None:
            continue
        if row.kind == "added":
            added[where] = row.at(year)
            continue
        rates[where] = _changed(row.kind, row.at(year), before[where])
        basis[where] = list(EXPLAINED).index(row.basis)
    return LeviedRates(mean.copy(data=rates + added), mean.copy(data=before + added), added, basis)


def _changed(kind: str, value: float, mean: np.ndarray) -> np.ndarray | float:
    """The rates of all origins (or one) on all destinations (or one); a cap keeps preferences."""
    if kind == "rate":
        return value
    if kind == "factor":
        return mean * value
    highest = mean.max(axis=0, keepdims=True)
    return mean * np.minimum(value / np.where(highest > 0, highest, 1.0), 1.0)


@dataclass(frozen=True)
class _Row:
    """One rule, its values by year."""

    importer: str
    origin: str
    sector: str
    kind: str
    basis: str
    values: tuple[tuple[int, float], ...]

    def at(self, year: int) -> float:
        years = [year for year, _ in self.values]
        return float(np.interp(year, years, [value for _, value in self.values]))

    def cells(self, axes: dict[Any, dict[str, int]]) -> tuple[Any, ...] | None:
        """Where it applies, by position; None where it concerns nothing here."""
        if self.sector not in axes["sector"]:
            return None
        ends = [
            _positions(names, axes[axis])
            for axis, names in (("origin", self.origin), ("destination", self.importer))
        ]
        return (*np.ix_(*ends), axes["sector"][self.sector]) if all(map(len, ends)) else None

    @property
    def rank(self) -> tuple[int, ...]:
        """General rules first, so that special ones win; what is added comes last."""
        general = 0 if self.importer == ALL else 1 if " " in self.importer else 2
        return (int(self.kind == "added"), general, int(self.origin != ALL))


def _positions(names: str, axis: dict[str, int]) -> list[int]:
    if names == ALL:
        return list(axis.values())
    return [axis[name] for name in names.split() if name in axis]


@cache
def _rows() -> tuple[_Row, ...]:
    """Rules of the table, the basis of each that of its last year."""
    series: dict[tuple[str, str, str, str], list[tuple[int, float]]] = {}
    bases: dict[tuple[str, str, str, str], str] = {}
    for line in _table("levied"):
        key = (line["importer"], line["origin"], line["sector"], line["kind"])
        series.setdefault(key, []).append((int(line["year"]), float(line["value"])))
        bases[key] = line["basis"]
    rows = [
        _Row(importer, origin, sector, kind, bases[key], tuple(sorted(values)))
        for key, values in series.items()
        for importer, origin, sector, kind in [key]
    ]
    return tuple(sorted(rows, key=lambda row: row.rank))


def _table(name: str) -> list[dict[str, str]]:
    return library.table(f"tariffs/{name}.csv")


def above_half() -> dict[tuple[str, str], str]:
    """Importers and sectors whose mean over lines is above 50 % somewhere, and the reason."""
    return {(row["importer"], row["sector"]): row["reason"] for row in _table("above_half")}


def require_reasons(rates: xr.DataArray) -> None:
    """Raise `DataError` for a rate above one half that stands in no table with its reason."""
    highest = rates.max("origin").transpose("destination", "sector")
    for place, field in np.argwhere(highest.to_numpy() > HALF):
        importer, sector = str(rates.destination.values[place]), str(rates.sector.values[field])
        if (importer, sector) not in above_half():
            raise DataError(
                f"{importer} levies {float(highest[place, field]):.0%} on {sector}, and no reason "
                f"for it is recorded in {LIBRARY}/above_half.csv."
            )


def describe_levied(levied: LeviedRates, flows: np.ndarray) -> list[dict[str, Any]]:
    """Each rule with how much revenue it moves, as a share of what means over lines imply."""
    rates, mean = levied.rates.to_numpy(), levied.line_average.to_numpy()
    moved, whole = np.abs(rates - mean) * flows, (mean * flows).sum() or 1.0
    by_rule = [moved[levied.basis == position].sum() for position in range(len(EXPLAINED))]
    by_rule[list(EXPLAINED).index(ADDED)] = (levied.added * flows).sum()
    return [
        {
            "step": f"tariffs as levied: {name}",
            "rule": rule,
            "distance": float(f"{value / whole:.4g}"),
            "unit": "share of the revenue that means over lines imply",
        }
        for (name, rule), value in zip(EXPLAINED.items(), by_rule, strict=True)
    ]
