"""Checks of dates and names: within, order, elapsed, named."""

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from .._document import Request
from .record import Record
from .units import Quantity
from .verdict import agrees_if, Finding, Missing


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def span_of(date: str) -> tuple[dt.date, dt.date]:
    """First and last day of a year, month or day.

    >>> span_of("2015-12")
    (datetime.date(2015, 12, 1), datetime.date(2015, 12, 31))
    """
    match = _DATE.fullmatch(date)
    if match is None:
        raise ValueError(f"'{date}' is not a date such as 2015, 2015-12 or 2015-12-20.")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if day is not None:
        only = dt.date(year, month or 1, day)
        return only, only
    first = dt.date(year, month or 1, 1)
    following = dt.date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1)
    return first, following - dt.timedelta(days=1)


def _checked(date: str) -> str:
    span_of(date)
    return date


Date = Annotated[str, AfterValidator(_checked)]
"""A year, a month or a day, as precisely as it is known: 2015, 2015-12, 2015-12-20."""


class Within(Request):
    """An event happened in the period that the claim gives it."""

    kind: Literal["date"]
    happened: Date
    claimed: Date

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        first, last = span_of(self.claimed)
        start, end = span_of(self.happened)
        inside = first <= start and end <= last
        if not inside and start <= last and first <= end:
            raise Missing(f"a more precise date than {self.happened}; claimed {self.claimed}")
        return agrees_if(inside, f"{self.happened}; claimed {self.claimed}")


class Order(Request):
    """One event came before another."""

    kind: Literal["date_order"]
    earlier: Date
    later: Date

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        before = span_of(self.earlier)[1] < span_of(self.later)[0]
        after = span_of(self.later)[1] < span_of(self.earlier)[0]
        if not before and not after:
            raise Missing(f"more precise dates than {self.earlier} and {self.later}")
        words = f"{self.earlier} and {self.later}; claimed in this order"
        return agrees_if(before, words)


class YearsBetween(Request):
    """So many years lie between two dates, counted by calendar year."""

    kind: Literal["elapsed"]
    start: Date
    end: Date
    years: Annotated[int, Field(ge=0)]

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        passed = span_of(self.end)[0].year - span_of(self.start)[0].year
        words = f"{self.start} to {self.end}: {passed} years; claimed {self.years}"
        return agrees_if(passed == self.years, words)


class NameCheck(Request):
    """The actor, thing or state that the source names is the one claimed."""

    kind: Literal["named"]
    found: Annotated[str, Field(min_length=1)]
    claimed: Annotated[str, Field(min_length=1)]

    def run(self, record: Record, quantity: Quantity | None) -> Finding:
        agree = self.found.casefold() == self.claimed.casefold()
        return agrees_if(agree, f"{self.found}; claimed {self.claimed}")
