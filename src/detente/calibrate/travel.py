"""Worlds with travel laid over them: what visitors spend, from one table of sourced figures.

Input-output tables book most of what visitors buy as bought at home. Here visitors times spending
per visitor, less what a table books already, is laid over a world as a satellite, with accounts
that stay as they were. Which year's travel a world gets is in the table, `library/travel.toml`,
with a source for every figure; what visitors buy is in `library/travel_composition.csv`.
"""

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from .. import library
from .._core import BaselineError
from .._document import Request
from ..gazetteer import TRAVEL
from ..published import Assumption, End
from ..world import Baseline
from .satellite import with_satellite
from .travel_composition import lay, members, STAY, Visit, VisitBySector


INSIDE = "inside"
"""What a world's attribute `travel` says where its table holds residents' purchases abroad."""


class Visitors(Request):
    """Who visits whom in a year; the country that is visited is the exporter."""

    what: str
    year: int
    exporter: str
    importer: str
    visitors: float
    """Million persons."""
    spending: str
    """The name of what each spends."""
    source: str


class TravelPeriod(Request):
    """Worlds of these years get the travel of one year."""

    first: int
    last: int
    travel: int


class TravelTable(Request):
    """Travel flows with their sources, and which of them belong to worlds of which years."""

    title: str
    reading: str
    attribution: str
    left_out: str
    worlds: tuple[TravelPeriod, ...]
    spending: dict[str, Assumption]
    """US$ per visitor, by name."""
    flows: dict[str, Visitors]

    def of_year(self, year: int) -> list[Visitors]:
        """The flows of a year of travel; raises `BaselineError` where there are none."""
        flows = [one for one in self.flows.values() if one.year == year]
        if not flows:
            years = sorted({one.year for one in self.flows.values()})
            raise BaselineError(
                f"there is no travel of {year}; the years are {', '.join(map(str, years))}."
            )
        return flows

    def year_for(self, world_year: int) -> int:
        """The year of travel for a world of that year; raises `BaselineError` beyond the table."""
        for period in self.worlds:
            if period.first <= world_year <= period.last:
                return period.travel
        ends = min(one.first for one in self.worlds), max(one.last for one in self.worlds)
        raise BaselineError(
            f"there is no travel for a world of {world_year}; the table has worlds of {ends[0]} to "
            f"{ends[1]}."
        )

    def figure(self, place: str) -> Assumption:
        """A figure by its place: `spending.NAME`, or the visitors of `flows.NAME`."""
        kind, _, name = place.partition(".")
        if kind == "flows":
            flow = self.flows[name]
            return Assumption(value=flow.visitors, unit=f"million {flow.what}", source=flow.source)
        return self.spending[name]


@cache
def travel_table() -> TravelTable:
    """The table that ships, checked."""
    path = library.path("travel.toml")
    return TravelTable.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def with_travel(
    baseline: Baseline, *, year: int | None = None, spending: End = "value"
) -> Baseline:
    """The baseline with the travel of a year in its flows, its accounts as before.

    `year` is that of the table for the baseline's own year unless given. `spending` takes an end of
    the range of what visitors spend where it has one. What the table books of it already is not
    laid again, and is said. Flows between countries that the world does not have are left out, and
    said to be. Raises `BaselineError` where the world has travel already, no year, sector or
    country for it, or more is spent than its accounts can hold.
    """
    _refuse_twice(baseline)
    table = travel_table()
    chosen = table.year_for(int(baseline.about.get("year", 0))) if year is None else year
    members(baseline, STAY)
    flows, absent = _here(baseline, table.of_year(chosen))
    visits = [
        Visit(one.exporter, one.importer, one.visitors * each, _said(one, each, table))
        for one in flows
        for each in [table.spending[one.spending].at(spending)]
    ]
    parts = lay(baseline, visits)
    laid = with_satellite(baseline, [one for part in parts for one in part.additions])
    about = _about(laid, chosen, absent, _moved(baseline, laid), parts)
    return replace(laid, name=f"{baseline.name}{TRAVEL}", about=about)


def _refuse_twice(baseline: Baseline) -> None:
    if baseline.name.endswith(TRAVEL):
        raise BaselineError(f"{baseline.name} has travel laid over it already.")
    if baseline.about.get("travel") == INSIDE:
        raise BaselineError(
            f"{baseline.name} holds what residents buy abroad as its own table books it; travel "
            f"laid over it would count it twice, so use {baseline.name} itself."
        )


def _here(baseline: Baseline, flows: list[Visitors]) -> tuple[list[Visitors], list[str]]:
    known = set(baseline.countries)
    here = [one for one in flows if {one.exporter, one.importer} <= known]
    if not here:
        raise BaselineError(f"{baseline.name} has no two countries of the travel table.")
    return here, [one.what for one in flows if one not in here]


def _said(flow: Visitors, each: float, table: TravelTable) -> str:
    return (
        f"{flow.what}: {flow.visitors:.7g} million, {flow.source}; US$ {each:,.0f} each, "
        f"{table.spending[flow.spending].source}"
    )


def _moved(before: Baseline, after: Baseline) -> float:
    old, new = (np.asarray(one.economy.trade) for one in (before, after))
    return float(np.abs(new - old).sum() / (2 * old.sum()))


def _about(
    laid: Baseline, year: int, absent: list[str], moved: float, parts: Sequence[VisitBySector]
) -> Mapping[str, Any]:
    """What the world says of itself, with the travel in its title, its basis and its sources."""
    about = laid.about
    without = f"; not in this world: {', '.join(absent)}" if absent else ""
    step = {
        "step": "travel laid over",
        "rule": f"visitors' spending of {year}, in US$ of that year, moved to where visitors come "
        f"from; duty and accounts of every country kept; {_netted(parts)}{without}",
        "distance": moved,
        "unit": "share of all flows",
    }
    words = {
        name: f"{about[name]}{joined} of {year}{over}"
        for name, joined, over in (
            ("title", ", travel", " laid over"),
            ("basis", " with travel", ""),
        )
        if about.get(name)
    }
    table = travel_table()
    return {
        **about,
        **words,
        "travel_year": year,
        "travel_flows": json.dumps([
            [one.visit.exporter, one.visit.importer, sector, value]
            for one in parts for sector, value in one.travel_in(laid).items()
        ]),
        "adjustments": json.dumps([*json.loads(str(about.get("adjustments", "[]"))), step]),
        "source": f"{about.get('source', '')}\n{table.attribution.strip()}".strip(),
    }  # fmt: skip


def _netted(parts: Sequence[VisitBySector]) -> str:
    """How much of each visit's spending the table holds already, as a clause."""
    said = ", ".join(
        f"{one.visit.exporter} to {one.visit.importer} {one.booked:,.0f} of {one.visit.spent:,.0f}"
        for one in parts
    )
    return f"million US$ that the table books already, by its accommodation and food: {said}"
