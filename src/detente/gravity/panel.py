"""A panel of flows: who sold to whom, in which year, and what may explain it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .._core import DataError, EstimationError, nearest
from .specification import (
    BOTH_SIDES,
    DIRECTED_PAIR,
    EXPORTER_YEAR,
    INTERNAL_PAIR,
    PAIR,
    Specification,
)


Frame = Any
"""A pandas table; pandas' own annotations are unions that no checker can follow."""
KEYS = ("exporter", "importer", "year")
ABROAD = "abroad"


@dataclass(frozen=True)
class Panel:
    """Rows with `exporter`, `importer`, `year`, `trade` (any unit, one for all) and regressors.

    A trade that is not a number is missing, which is not zero.
    """

    rows: Frame

    def __post_init__(self) -> None:
        self.require(*KEYS, "trade")
        if self.rows.duplicated(list(KEYS)).any():
            where = self.rows[self.rows.duplicated(list(KEYS))].iloc[0]
            raise DataError(
                f"a panel has one row for each exporter, importer and year, and this one has two "
                f"for {where['exporter']}, {where['importer']}, {where['year']}."
            )
        absent = self.rows[list(KEYS)].isna().any()
        if absent.any():
            raise DataError(
                f"a panel says the {absent.idxmax()} of every row, and "
                f"{int(self.rows[absent.idxmax()].isna().sum())} rows of this one do not."
            )
        trade = self.rows["trade"]
        if not (trade.isna() | (trade.ge(0) & trade.lt(np.inf))).all():
            raise DataError(
                "the trade of a panel must be zero or positive, and finite, wherever it is known."
            )

    def require(self, *columns: str) -> "Panel":
        """The panel itself, or `DataError` for the first column it does not have."""
        for column in columns:
            if column not in self.rows:
                raise DataError(
                    f"the panel has no column '{column}'; {nearest(column, self.rows.columns)}"
                )
        return self

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted(int(year) for year in self.rows["year"].unique()))

    @property
    def home(self) -> np.ndarray:
        """Which rows are sales at home."""
        return self.rows["exporter"].to_numpy() == self.rows["importer"].to_numpy()

    def in_years(self, years: Sequence[int]) -> "Panel":
        """The rows of those years; a year that the panel does not have is an error."""
        if not years:
            raise EstimationError("a sample needs at least one year, and none was named.")
        missing = sorted(set(years) - set(self.years))
        if missing:
            raise EstimationError(
                f"the panel has no rows of {', '.join(map(str, missing[:4]))}; "
                f"it has {_in_words(self.years)}."
            )
        return Panel(self.rows[self.rows["year"].isin(list(years))])

    def with_effects(self) -> "Panel":
        """The panel with the columns that effects and clusters are named after."""
        rows, home = self.rows, self.home
        seller, buyer = (rows[side].astype(str) for side in ("exporter", "importer"))
        year = " " + rows["year"].astype(str)
        first, second = np.where(seller <= buyer, (seller, buyer), (buyer, seller))
        sides = dict(zip(BOTH_SIDES, (seller + year, buyer + year), strict=True))
        return Panel(
            rows.assign(
                **sides,
                **{
                    PAIR: pd.Series(first, rows.index) + "-" + pd.Series(second, rows.index),
                    DIRECTED_PAIR: seller + "-" + buyer,
                    INTERNAL_PAIR: np.where(home, seller, ABROAD),
                },
            )
        )

    def sample(self, specification: Specification) -> "Panel":
        """The rows that a specification sees, with its effects."""
        rows = self.rows
        keep = np.ones(len(rows), bool)
        if specification.abroad_only:
            keep &= ~self.home
        if specification.estimator == "ols":
            keep &= (rows[specification.outcome] != 0).to_numpy()
        if not keep.any():
            raise EstimationError(f"'{specification.name}' is left without any row to explain.")
        panel = Panel(rows[keep])
        panel = panel if EXPORTER_YEAR in rows else panel.with_effects()
        columns = (*specification.regressors, *specification.effects, specification.cluster)
        return panel.require(specification.outcome, *columns)


def _in_words(years: Sequence[int]) -> str:
    whole = list(years) == list(range(years[0], years[-1] + 1))
    if whole and len(years) > 2:
        return f"{years[0]} to {years[-1]}"
    return ", ".join(map(str, years))


def parse_years(text: str) -> tuple[int, ...]:
    """Years in words: `1986`, `1986-2006`, `1986-2006:4` (every fourth) or `1990,1994`."""
    years: list[int] = []
    try:
        for part in text.split(","):
            span, _, step = part.partition(":")
            first, dash, last = span.partition("-")
            years += range(int(first), int(last if dash else first) + 1, int(step or 1))
    except ValueError:
        raise EstimationError(
            f"'{text}' does not name years; write 1986, 1986-2006, 1986-2006:4 or 1990,1994."
        ) from None
    if not years:
        raise EstimationError(f"'{text}' names no year: the first comes after the last.")
    return tuple(dict.fromkeys(years))
