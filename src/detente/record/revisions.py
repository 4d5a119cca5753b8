"""Figures of a pair of which a later addition to the store says another one than an earlier did."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, TYPE_CHECKING

import pandas as pd

from .series import flows_of_pair, harmonised, of_pair, Pair, seen_from


if TYPE_CHECKING:
    from ..data.store import Store


CELL = ["basis", "flow", "frequency", "period", "source"]
SAME = 1e-9
"""Relative difference below which two figures are one: they were written by other programs."""


@dataclass(frozen=True)
class FiledFigure:
    """A figure, million US$, with the name of its file and the time at which it was added."""

    value: float
    file: str
    added: str


@dataclass(frozen=True)
class Revision:
    """The figure that counts, and those of earlier additions that do not."""

    year: int
    months: tuple[str, ...]
    """YYYY-MM where it is a figure by month, or the sum of those that were revised."""
    basis: str
    flow: str
    source: str
    counts: FiledFigure
    before: tuple[FiledFigure, ...]

    def as_record(self) -> dict[str, Any]:
        """Nested dictionaries, for JSON."""
        return asdict(self)


def revisions(store: "Store", pair: Pair, years: Sequence[int] | None = None) -> list[Revision]:
    """The figures of a pair on which additions of one source disagree, seen from its country.

    Months of a year that the same files disagree on are one revision, of their sum. Only of
    `years`, if given; in their order.
    """
    cells: dict[tuple[Any, ...], list[dict[Any, Any]]] = {}
    for row in _every_figure(store, pair).to_dict("records"):
        if years is None or row["period"].year in years:
            cells.setdefault(tuple(row[name] for name in CELL), []).append(row)
    return _summed([one for one in map(_of_cell, cells.values()) if one.before])


def _every_figure(store: "Store", pair: Pair) -> pd.DataFrame:
    """The figures of every addition, the latest of each cell last."""
    trade = seen_from(of_pair(store, pair, history=True), pair)
    flows = flows_of_pair(store, pair, history=True)
    additions = [flows.loc[flows.place == place] for place in sorted(set(flows.place))]
    sums = [
        harmonised(rows, pair).assign(
            file=rows.file.iloc[0], added=rows.added.iloc[0], place=rows.place.iloc[0]
        )
        for rows in additions
    ]
    return pd.concat([trade, *sums], ignore_index=True).sort_values(["period", "place"])


def _of_cell(rows: Sequence[Mapping[Any, Any]]) -> Revision:
    figures = [FiledFigure(row["value"], row["file"], row["added"]) for row in rows]
    last, row = figures[-1], rows[-1]
    before = [one for one in figures if abs(one.value - last.value) > SAME * abs(last.value)]
    month = (row["period"].strftime("%Y-%m"),) if row["frequency"] == "M" else ()
    return Revision(
        row["period"].year, month, row["basis"], row["flow"], row["source"], last, tuple(before)
    )


def _summed(parts: Sequence[Revision]) -> list[Revision]:
    """Months of one year, book and flow on which the same files disagree, together."""
    sums: dict[tuple[object, ...], Revision] = {}
    for one in sorted(parts, key=lambda one: (one.year, one.months)):
        files = [(figure.file, figure.added) for figure in (one.counts, *one.before)]
        key = (one.year, bool(one.months), one.basis, one.flow, one.source, *files)
        sums[key] = _plus(sums[key], one) if key in sums else one
    return list(sums.values())


def _plus(one: Revision, other: Revision) -> Revision:
    def total(a: FiledFigure, b: FiledFigure) -> FiledFigure:
        return replace(a, value=a.value + b.value)

    return replace(
        one,
        months=(*one.months, *other.months),
        counts=total(one.counts, other.counts),
        before=tuple(map(total, one.before, other.before)),
    )
