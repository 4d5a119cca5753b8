"""What a claim is compared with: a point of a stored series, or a published figure."""

import re
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from .._document import Request
from .record import Record, Series, series_name
from .units import Amount, amount_of, Basis, Quantity
from .verdict import Missing


Flow = Literal["exports", "imports", "balance", "two-way"]
Year = Annotated[int, Field(ge=1900, le=2200)]
YEAR = re.compile(r"(?:19|20)\d\d")


class TradeSeries(Request):
    """Total goods trade of a reporter with a partner, by year, on one accounting basis."""

    reporter: str
    partner: str
    flow: Flow
    basis: Basis

    def read(self, record: Record) -> Series:
        """Raise `Missing` where nothing of it is stored."""
        series = record.yearly(self.reporter, self.partner, self.flow, self.basis)
        if not series.points:
            raise Missing(series.name)
        return series


class TradePoint(TradeSeries):
    """The series in one year, one month, or summed over a span of months."""

    period: str

    def named(self) -> str:
        name = series_name(self.reporter, self.partner, self.flow, self.basis)
        return f"{name}, {self.period}: "

    def observe(self, record: Record) -> Amount:
        if YEAR.fullmatch(self.period):
            return self.read(record).at(int(self.period))
        return record.span(self.reporter, self.partner, self.flow, self.basis, self.period)


class IndicatorPoint(Request):
    """A country's indicator in one year."""

    country: str
    indicator: str
    period: Year

    def named(self) -> str:
        return f"{self.indicator} of {self.country}, {self.period}: "

    def observe(self, record: Record) -> Amount:
        return record.indicator(self.country, self.indicator, self.period)


class PublishedFigure(Quantity):
    """A figure published elsewhere; its source is that of the evidence it stands in."""

    def named(self) -> str:
        return f"{self.period}: " if self.period else ""

    def observe(self, record: Record) -> Amount:
        return amount_of(self)


def _which(value: Any) -> str:
    keys = value if isinstance(value, dict) else type(value).model_fields
    return "trade" if "reporter" in keys else "indicator" if "indicator" in keys else "figure"


Observed = Annotated[
    Annotated[TradePoint, Tag("trade")]
    | Annotated[IndicatorPoint, Tag("indicator")]
    | Annotated[PublishedFigure, Tag("figure")],
    Discriminator(_which),
]
"""A point of a stored series, or a published figure; which one its keys say."""
