"""An answer as every face shows it: to people, to programs, as rows and as a picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from .. import report
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

    def undescribed(self, question: str) -> list[str]:
        """What `columns.csv` does not describe: `table.column`, or `about.term` of its own."""
        frames = {
            name: table.to_frame(name) if isinstance(table, pd.Series) else table
            for name, table in self.tables.items()
        }
        if isinstance(self.rows, pd.DataFrame):
            frames["rows"] = self.rows
        named = [("about", name) for name in self.about.own]
        named += [(table, str(name)) for table, frame in frames.items() for name in frame.columns]
        return [f"{table}.{name}" for table, name in named if column(question, table, name) is None]

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
