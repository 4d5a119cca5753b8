"""The stored series that claims are held against: the one place here that asks the store."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import pandas as pd

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


@dataclass(frozen=True)
class Series:
    """A yearly series: values in million US$ and how far rounding may have moved each."""

    name: str
    values: pd.Series
    rounding: pd.Series

    def at(self, year: int) -> Amount:
        if year not in self.values.index:
            raise Missing(f"{self.name}, {year}")
        return Amount(float(self.values[year]), "million US$", float(self.rounding[year]))


class Record:
    """Total trade and indicators, as the store holds them."""

    def __init__(self, trade: pd.DataFrame, indicators: pd.DataFrame) -> None:
        self.indicators = indicators
        self._read: dict[tuple[str, str, str, str], Series] = {}
        order = trade.status.map({status: at for at, status in enumerate(STATUS)})
        self.trade = trade.assign(order=order).sort_values(["order", "edition"], kind="stable")
        self.trade["period"] = pd.to_datetime(self.trade.period)

    @classmethod
    def open(cls) -> "Record":
        """What the user's store holds, with what the package ships."""
        from ..data.store import Store

        store = Store.open()
        return cls(store.query(TRADE), store.query(INDICATORS))

    def yearly(self, reporter: str, partner: str, flow: str, basis: str) -> Series:
        """A flow or balance by year, in million US$ on one accounting basis."""
        key = (reporter, partner, flow, basis)
        if key not in self._read:
            self._read[key] = self._yearly(*key)
        return self._read[key]

    def _yearly(self, reporter: str, partner: str, flow: str, basis: str) -> Series:
        parts = FLOWS[flow]
        stored = {one: self._stored(reporter, partner, one, basis) for one in parts}
        frame = pd.DataFrame({one: found.value for one, found in stored.items()}).dropna()
        rounding = pd.DataFrame({one: found.rounding for one, found in stored.items()})
        values = sum((weight * frame[one] for one, weight in parts.items()), 0.0 * frame.iloc[:, 0])
        name = series_name(reporter, partner, flow, basis)
        return Series(name, values, rounding.loc[frame.index].sum(axis=1))

    def span(self, reporter: str, partner: str, flow: str, basis: str, period: str) -> Amount:
        """A flow or balance over months, such as 2025-01/2025-11, from monthly figures."""
        start, _, end = period.partition("/")
        wanted = pd.period_range(start, end or start, freq="M")
        total = rounding = 0.0
        for one, weight in FLOWS[flow].items():
            months = self._rows(reporter, partner, one, basis, "M")
            found = months[months.period.dt.to_period("M").isin(wanted)]
            if len(found) < len(wanted):
                raise Missing(f"months of {series_name(reporter, partner, one, basis)}, {period}")
            total += weight * found.value.sum()
            rounding += _rounding(found).sum()
        return Amount(total, "million US$", rounding)

    def indicator(self, country: str, indicator: str, year: int) -> Amount:
        rows = self.indicators[
            (self.indicators.country == country)
            & (self.indicators.indicator == indicator)
            & (self.indicators.year == year)
        ]
        if rows.empty:
            raise Missing(f"{indicator} of {country}, {year}")
        return Amount(float(rows.value.iloc[-1]), str(rows.unit.iloc[-1]))

    def partners(self, reporter: str, flow: str, basis: str) -> list[str]:
        rows = self.trade[(self.trade.reporter == reporter) & (self.trade.basis == basis)]
        return sorted(rows[rows.flow.isin(FLOWS[flow])].partner.unique())

    def _rows(
        self, reporter: str, partner: str, flow: str, basis: str, frequency: str
    ) -> pd.DataFrame:
        rows = self.trade
        rows = rows[
            (rows.reporter == reporter)
            & (rows.partner == partner)
            & (rows.flow == flow)
            & (rows.basis == basis)
            & (rows.frequency == frequency)
            & rows.value.notna()
        ]
        return rows.drop_duplicates("period")

    def _stored(self, reporter: str, partner: str, flow: str, basis: str) -> pd.DataFrame:
        """Value and rounding by year; a year without a yearly figure is the sum of its months."""
        yearly = self._rows(reporter, partner, flow, basis, "A")
        found = pd.DataFrame(
            {"value": yearly.value.to_numpy(float), "rounding": _rounding(yearly).to_numpy(float)},
            index=yearly.period.dt.year.to_numpy(),
        )
        months = self._rows(reporter, partner, flow, basis, "M")
        sums = months.groupby(months.period.dt.year).value.agg(["sum", "count"])
        whole = sums[(sums["count"] == MONTHS) & ~sums.index.isin(found.index)]
        summed = pd.DataFrame({"value": whole["sum"], "rounding": 0.0})
        return pd.concat([found, summed]).sort_index() if len(summed) else found.sort_index()


def series_name(reporter: str, partner: str, flow: str, basis: str) -> str:
    """A series in words.

    >>> series_name("KOR", "CHN", "exports", "korean customs")
    'exports of KOR to CHN (korean customs)'
    """
    link = {"exports": "to", "imports": "from"}.get(flow, "with")
    named = {"two-way": "two-way trade"}.get(flow, flow)
    return f"{named} of {reporter} {link} {partner} ({basis})"


def _rounding(rows: pd.DataFrame) -> pd.Series:
    return rows.status.eq("rounded") * ROUNDED_TO / 2


@cache
def shared_record() -> Record:
    """The record, read once in a process."""
    return Record.open()
