"""Checks over a whole series: record, first in years, in a row, reached, rank."""

from typing import Annotated, Literal

from pydantic import Field

from .._document import Request
from .observed import Flow, TradeSeries, Year
from .record import Record, Series
from .units import Amount, amount_of, Basis, Quantity, shown
from .verdict import agrees_if, Finding, Missing


State = Literal["deficit", "surplus"]


class Extreme(Request):
    """A year holds the highest or lowest value of a series up to then."""

    kind: Literal["record"]
    series: TradeSeries
    year: Year
    extreme: Literal["highest", "lowest"] = "highest"

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        series = self.series.read(record)
        until = series.until(self.year)
        here = series.at(self.year)
        most = until.largest(1.0 if self.extreme == "highest" else -1.0)
        there = series.at(most)
        words = (
            f"{series.name}: the {self.extreme} of {min(until.points)}–{self.year} is "
            f"{shown(there, signed=True)} in {most}; {self.year} is {shown(here, signed=True)}"
        )
        return agrees_if(most == self.year, words)


class FirstInYears(Request):
    """A deficit or surplus that had not occurred for at least so many years, or never."""

    kind: Literal["first_in_years"]
    series: TradeSeries
    year: Year
    state: State = "deficit"
    years: Annotated[int, Field(ge=1)]
    at_least: bool = False
    """Whether the claim is of at least so many years rather than exactly so many."""

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        series = self.series.read(record)
        if not is_in(series, self.year, self.state):
            here = shown(series.at(self.year), signed=True)
            return agrees_if(False, f"{self.year} is no {self.state}: {here}")
        last = last_before(series, self.year, self.state)
        if last is None:
            start = min(series.points)
            if self.year - start < self.years:
                raise Missing(f"{series.name} before {start}")
            words = f"no {self.state} from {start} until {self.year}"
            return agrees_if(self.at_least, words)
        gap = self.year - last
        words = f"the last {self.state} before {self.year} was in {last}, {gap} years earlier"
        words += _passed_over(series, last, self.year, self.state)
        return agrees_if(gap >= self.years if self.at_least else gap == self.years, words)


class InARow(Request):
    """A deficit or surplus for so many years in a row, the last of them given."""

    kind: Literal["in_a_row"]
    series: TradeSeries
    year: Year
    state: State = "deficit"
    times: Annotated[int, Field(ge=1)]

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        series = self.series.read(record)
        years = range(self.year - self.times, self.year + 1)
        within = [is_in(series, year, self.state) for year in years]
        said = [f"{year}: {shown(series.at(year), signed=True)}" for year in years]
        return agrees_if(all(within[1:]) and not within[0], "; ".join(said))


class Milestone(Request):
    """A series reached a level, by a year if one was promised."""

    kind: Literal["reached"]
    series: TradeSeries
    level: Quantity
    by: Year | None = None

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        series = self.series.read(record)
        level = amount_of(self.level)
        last = max(series.points)
        above = [y for y in series.points if series.at(y).value >= level.value - level.rounding]
        if not above:
            if self.by is None or last < self.by:
                raise Missing(f"{series.name} after {last}; {shown(level)} not reached until then")
            return agrees_if(False, f"{shown(level)} not reached by {self.by}")
        first = min(above)
        words = f"{series.name}: {shown(level)} first reached in {first}, "
        words += f"with {shown(series.at(first))}"
        return agrees_if(self.by is None or first <= self.by, words)


class Rank(Request):
    """A partner's place among a reporter's partners in a year."""

    kind: Literal["rank"]
    reporter: str
    partner: str
    flow: Flow
    basis: Basis
    year: Year
    among: Annotated[tuple[str, ...], Field(min_length=1)]
    """The partners that could stand before it; each must be stored."""
    place: Annotated[int, Field(ge=1)] = 1

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        values = {
            code: record.yearly(self.reporter, code, self.flow, self.basis).at(self.year).value
            for code in (self.partner, *self.among)
        }
        order = sorted(values, key=lambda code: -values[code])
        place = order.index(self.partner) + 1
        first = ", ".join(
            f"{code} {shown(Amount(values[code], 'million US$'))}" for code in order[:3]
        )
        return agrees_if(place == self.place, f"place {place} in {self.year}: {first}")


def is_in(series: Series, year: int, state: str) -> bool:
    """Whether the balance is a deficit or surplus; a year that is not stored is missing."""
    value = series.at(year).value
    return value < 0 if state == "deficit" else value > 0


def last_before(series: Series, year: int, state: str) -> int | None:
    years = [one for one in series.until(year - 1).points if is_in(series, one, state)]
    return max(years) if years else None


def _passed_over(series: Series, start: int, end: int, state: str) -> str:
    """Years between that are not stored, in words; more than one in a row cannot be passed over.

    A single one is, where the years on both sides of it are not in the state.
    """
    gaps = [year for year in range(start + 1, end) if year not in series.points]
    for year in gaps:
        around = [near for near in (year - 1, year + 1) if near in series.points]
        if len(around) < 2 or any(is_in(series, near, state) for near in around if near != end):
            raise Missing(f"{series.name}, {year}")
    return f" ({', '.join(map(str, gaps))} not stored)" if gaps else ""
