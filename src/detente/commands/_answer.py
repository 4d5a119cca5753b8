"""An answer as every face shows it: to people, to programs, as rows and as a picture."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from .. import report
from .._core import OutcomeError
from ..about import About
from ..schema import column
from .asks import Ask


@dataclass(frozen=True)
class Answer:
    """What a question found, in every form that a face may hand on."""

    page: report.Section
    """For people: sentences and tables."""
    about: About = field(default_factory=About)
    """What was asked and on what the numbers rest."""
    tables: Mapping[str, pd.DataFrame | pd.Series] = field(default_factory=dict)
    """For programs: every table by its name."""
    rows: pd.DataFrame | str | None = None
    """For a file: comma-separated rows; the first table where nothing else is said."""
    chart: Callable[[], dict[str, Any] | None] | None = None
    """Draws its picture, a specification in Vega-Lite; none where it has none."""
    own_document: str | None = None
    """Its JSON where that is not what it is about and its tables."""
    ask: Ask | None = None
    """The request that it answers; `commands.answer` says it."""
    solved: bool = True
    """Whether every world of it was solved."""

    def _repr_html_(self) -> str:
        """A card, where a notebook shows it."""
        from .cards import card_of

        return card_of(self)

    def undescribed(self, question: str) -> list[str]:
        """What `columns.csv` does not describe: `table.column`, or `about.term` of its own."""
        named = [("about", name) for name in self.about.own]
        named += [(table, name) for table, name, _ in self._columns]
        return [f"{table}.{name}" for table, name in named if column(question, table, name) is None]

    def unfilled(self, question: str) -> list[str]:
        """Columns that lack a number, or have an infinite one, where `columns.csv` allows none."""
        return [
            f"{table}.{name}"
            for table, name, values in self._columns
            if _lacks(values) and not getattr(column(question, table, name), "missing", "")
        ]

    @property
    def _columns(self) -> Iterator[tuple[str, str, pd.Series]]:
        """Every column with the name of its table; what a file of it holds is its `rows`."""
        frames = {
            name: table.to_frame(name) if isinstance(table, pd.Series) else table
            for name, table in self.tables.items()
        }
        if isinstance(self.rows, pd.DataFrame):
            frames["rows"] = self.rows
        for table, frame in frames.items():
            yield from ((table, str(name), values) for name, values in frame.items())

    @property
    def drawn(self) -> dict[str, Any] | None:
        """The specification of its picture; none where it has none, or says that there is none."""
        try:
            return None if self.chart is None else self.chart()
        except OutcomeError:
            return None

    @property
    def document(self) -> str:
        """JSON for programs."""
        if self.own_document is not None:
            return self.own_document
        return report.document(self.about.record, **self.tables)

    @property
    def written(self) -> pd.DataFrame | pd.Series | str:
        """What a file of it holds."""
        return next(iter(self.tables.values())) if self.rows is None else self.rows


def _lacks(values: pd.Series) -> bool:
    """Whether one of the numbers is missing or infinite, also among words."""
    if is_numeric_dtype(values):
        numbers = values.to_numpy(float, na_value=np.nan)
    else:
        mixed = values if values.dtype == object else ()
        numbers = np.array([one for one in mixed if isinstance(one, float)])
    return not np.isfinite(numbers).all()
