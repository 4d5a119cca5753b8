"""The stored series that claims are held against: the one place here that asks the store."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ..data.bases import HARMONISED
from ..data.store import Store
from .harmonised import harmonised_flows
from .model import Model
from .units import Amount
from .verdict import Missing


TRADE = (
    "SELECT reporter, partner, flow, frequency, period, value, basis, status, source, edition "
    "FROM trade WHERE product = 'total'"
)
INDICATORS = "SELECT country, indicator, year, value, unit FROM indicators"

STATUS = ("final", "preliminary", "rounded", "derived")
"""From the figure to prefer to the one to take where there is no other."""
ROUNDED_TO = 100.0
"""Million US$: figures marked as rounded are press figures in tenths of a billion."""
FLOWS: dict[str, Mapping[str, float]] = {
    "exports": {"exports": 1.0},
    "imports": {"imports": 1.0},
    "balance": {"exports": 1.0, "imports": -1.0},
    "two-way": {"exports": 1.0, "imports": 1.0},
}
"""What is stored, and what is computed from it."""
MONTHS = 12
MILLION = "million US$"


Key = tuple[str, str, str, str]
"""Reporter, partner, flow and basis."""


@dataclass(frozen=True)
class Series:
    """A yearly series in million US$, in the order of the years."""

    name: str
    points: Mapping[int, Amount]

    def at(self, year: int) -> Amount:
        """Raise `Missing` for a year that is not stored."""
        if year not in self.points:
            raise Missing(f"{self.name}, {year}")
        return self.points[year]

    def until(self, year: int) -> "Series":
        return Series(self.name, {at: one for at, one in self.points.items() if at <= year})

    def largest(self, sign: float = 1.0) -> int:
        """The year of the largest value, or of the smallest for a negative sign."""
        return max(self.points, key=lambda year: sign * self.points[year].value)


class Record:
    """Total trade and indicators, as the store holds them."""

    def __init__(
        self, trade: pd.DataFrame, indicators: pd.DataFrame, model: Model | None = None
    ) -> None:
        self.trade = trade
        self.indicators = indicators
        self.model = model
        """Answers what the model computes; without it such checks cannot be run."""
        self._indicators = {
            (row["country"], row["indicator"], row["year"]): row
            for row in indicators.to_dict("records")
        }
        self._years = _points(trade, "A")
        self._months = _points(trade, "M")
        self._read: dict[Key, Series] = {}

    @classmethod
    def open(cls, model: Model | None = None) -> "Record":
        """What the user's store holds, with what the package ships."""
        store = Store.open()
        return cls(store.query(TRADE), store.query(INDICATORS), model)

    def yearly(self, reporter: str, partner: str, flow: str, basis: str) -> Series:
        """A flow or balance by year on one accounting basis; empty where nothing is stored."""
        key = (reporter, partner, flow, basis)
        if key not in self._read:
            parts = [
                (weight, self._flow((reporter, partner, one, basis)))
                for one, weight in FLOWS[flow].items()
            ]
            years = sorted(set.intersection(*(set(part) for _, part in parts)))
            points = {
                year: _sum([(weight, part[year]) for weight, part in parts]) for year in years
            }
            self._read[key] = Series(series_name(*key), points)
        return self._read[key]

    def span(self, reporter: str, partner: str, flow: str, basis: str, period: str) -> Amount:
        """A flow or balance over months, such as 2025-01/2025-11, from monthly figures."""
        start, _, end = period.partition("/")
        wanted = [str(month) for month in pd.period_range(start, end or start, freq="M")]
        total = Amount(0.0, MILLION)
        for one, weight in FLOWS[flow].items():
            stored = self._months.get((reporter, partner, one, basis), {})
            if not all(month in stored for month in wanted):
                raise Missing(f"months of {series_name(reporter, partner, one, basis)}, {period}")
            for month in wanted:
                total = _plus(total, stored[month], weight)
        return total

    def indicator(self, country: str, indicator: str, year: int) -> Amount:
        row = self._indicators.get((country, indicator, year))
        if row is None:
            raise Missing(f"{indicator} of {country}, {year}")
        return Amount(float(row["value"]), str(row["unit"]))

    def pairs(self) -> list[tuple[str, str, str]]:
        """Every reporter, partner and basis with yearly figures."""
        return sorted({(reporter, partner, basis) for reporter, partner, _, basis in self._years})

    def _flow(self, key: Key) -> dict[int, Amount]:
        """By year; a year without a yearly figure is the sum of its months."""
        if key[3] == HARMONISED:
            return _harmonised(key)
        years = {int(year): one for year, one in self._years.get(key, {}).items()}
        months: dict[int, list[Amount]] = defaultdict(list)
        for month, one in self._months.get(key, {}).items():
            months[int(month[:4])].append(one)
        for year, parts in months.items():
            if len(parts) == MONTHS and year not in years:
                years[year] = Amount(sum(one.value for one in parts), MILLION)
        return years


def _harmonised(key: Key) -> dict[int, Amount]:
    """What the shipped worlds have of a pair; imports are the partner's exports."""
    reporter, partner, flow, _ = key
    ends = (reporter, partner) if flow == "exports" else (partner, reporter)
    flows = harmonised_flows()
    return {year: one for (*pair, year), one in sorted(flows.items()) if tuple(pair) == ends}


def _points(trade: pd.DataFrame, frequency: str) -> dict[Key, dict[str, Amount]]:
    """Amounts by series and period; of several for one period the most final, then the newest."""
    rows = [row for row in trade.to_dict("records") if row["frequency"] == frequency]
    rows.sort(key=lambda row: str(row["edition"]), reverse=True)
    rows.sort(key=lambda row: STATUS.index(row["status"]) if row["status"] in STATUS else 9)
    points: dict[Key, dict[str, Amount]] = defaultdict(dict)
    for row in rows:
        period = str(row["period"])[: 4 if frequency == "A" else 7]
        value = float(row["value"])
        key = (row["reporter"], row["partner"], row["flow"], row["basis"])
        if math.isfinite(value) and period not in points[key]:
            rounding = ROUNDED_TO / 2 if row["status"] == "rounded" else 0.0
            points[key][period] = Amount(value, MILLION, rounding)
    return dict(points)


def _sum(weighted: Sequence[tuple[float, Amount]]) -> Amount:
    total = Amount(0.0, MILLION)
    for weight, one in weighted:
        total = _plus(total, one, weight)
    return total


def _plus(total: Amount, one: Amount, weight: float) -> Amount:
    return Amount(total.value + weight * one.value, MILLION, total.rounding + one.rounding)


def series_name(reporter: str, partner: str, flow: str, basis: str) -> str:
    """A series in words.

    >>> series_name("KOR", "CHN", "exports", "korean customs")
    'exports of KOR to CHN (korean customs)'
    """
    link = {"exports": "to", "imports": "from"}.get(flow, "with")
    named = {"two-way": "two-way trade"}.get(flow, flow)
    return f"{named} of {reporter} {link} {partner} ({basis})"
