"""Tariffs as levied from what a user added: schedules by line, weighted by flows by product.

A rate of a cell is the sum over its products of the share in what is traded times the rate that is
due: the lower of the most favoured nation (MFN) rate and that of an agreement. Flows weigh at six
digits or, where those of an importer are finer, at as many digits as lines and flows share; below
that the lines of a product count alike. No factor is needed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from ..data.concordance import customs_unions, Industry, table, union_members
from ..data.store import Store
from ..data.tables import Frame


Words: TypeAlias = Any
"""A pandas series; the types of pandas do not say what its attributes are."""
ROW, EVERYBODY = "ROW", "WLD"
SIX = 6
_LINES = (
    "regexp_full_match(sector, '[0-9]{6,12}') "
    "and (kind = 'mfn' or (kind = 'applied' and origin <> 'WLD'))"
)
"""An applied rate on the world is a mean over partners, and due on none of them."""
_FLOWS = "regexp_full_match(product, '[0-9]{6,12}') and frequency = 'A'"


@dataclass(frozen=True)
class LineRates:
    """Rates by cell; not a number where no schedule by line is stored for the destination."""

    levied: Float[np.ndarray, "o d s"]
    """Weighted by trade; the mean over lines where no product of the cell is traded."""
    line_average: Float[np.ndarray, "o d s"]
    """The simple mean over products of the mean over their lines."""
    importers: Mapping[str, int]
    """Countries with a schedule, and its year."""
    sources: Sequence[str]
    """Whose schedules they are, in the words that their licences ask for."""
    flows: str
    """The flows that weigh, in words; empty where none are stored."""
    covered: float
    """Share of the weighing trade of these importers whose product has a line."""


def line_weighted_rates(
    store: Store, year: int, countries: Sequence[str], rows: Sequence[Industry]
) -> LineRates | None:
    """What the stored schedules and flows say for a year; None where no schedule is stored.

    Of each importer the schedule of the year or the last one before it; flows of the year, else of
    the nearest one. An exporter outside the world's countries is part of the rest of the world.
    """
    lines = _lines(store, year, countries)
    if lines.empty:
        return None
    flows, said = _flows(store, year, sorted(set(lines.destination)), countries)
    lines, flows = _in_shared_digits(lines, flows)
    rate, count, value, duty = _sums(lines, flows, countries, rows)
    with np.errstate(invalid="ignore", divide="ignore"):
        average = rate / count
        levied = np.where(value > 0, duty / value, average)
    home = np.eye(len(countries), dtype=bool)[:, :, None]
    traded = float(flows["value"].sum()) if len(flows) else 0.0
    return LineRates(
        np.where(home, np.nan, levied),
        np.where(home, np.nan, average),
        {str(one): int(of) for one, of in lines.groupby("destination")["year"].max().items()},
        _attributions(store, set(lines.source)),
        said,
        float(value.sum()) / traded if traded > 0 else 0.0,
    )


def _lines(store: Store, year: int, countries: Sequence[str]) -> Frame:
    """The schedule of each importer: line, origin, rate, once each.

    A customs union's schedule is that of who was in it in the year of the schedule, and its rates
    on another union are on each member of that. The later schedule counts, of one year a country's
    own before its union's, then the one with most rows.
    """
    every = store.query(
        f"select destination, origin, sector as line, year, rate, source from tariffs "
        f"where {_LINES} and year <= ?", [year],
    )  # fmt: skip
    if every.empty:
        return every
    schedule = ["destination", "year", "source"]
    size: Frame = every.groupby(schedule, as_index=False).size()
    shared = size.destination.isin(customs_unions())
    each = _by_member(size.assign(own=~shared), "destination", countries)
    best = each.sort_values(["year", "own", "size"]).groupby("destination").tail(1)
    best = best.drop(columns=["own", "size"]).rename(columns={"destination": "importer"})
    chosen = every.merge(best, left_on=schedule, right_on=["levied_by", *schedule[1:]])
    lines = _by_member(
        chosen.assign(destination=chosen.importer).drop(columns=["importer", "levied_by"]),
        "origin", [*countries, EVERYBODY],
    )  # fmt: skip
    # Of two rates of a line on one origin the importer may claim the lower.
    cell = ["destination", "origin", "line", "year", "source"]
    return lines.groupby(cell, as_index=False)["rate"].min()


def _by_member(frame: Frame, column: str, countries: Sequence[str]) -> Frame:
    """Rows of a union as rows of each member in their year; `levied_by` is what stood there."""
    parts = [frame.assign(levied_by=frame[column])]
    for union, year in set(zip(frame[column], frame.year, strict=True)):
        if union in customs_unions() and union not in countries:
            rows = parts[0][(frame[column] == union) & (frame.year == year)]
            members = sorted(union_members(union, int(year)) & set(countries))
            parts += [rows.assign(**{column: member}) for member in members]
    every = pd.concat(parts, ignore_index=True)
    return every[every[column].isin(countries)]


def _attributions(store: Store, sources: Collection[str]) -> list[str]:
    every = [one for one in store.contents() if one.source in sources and "tariffs" in one.tables]
    return sorted({one.attribution for one in every})


def _flows(
    store: Store, year: int, importers: Sequence[str], countries: Sequence[str]
) -> tuple[Frame, str]:
    """Origin, destination, product of six digits, value; and what they are."""
    for said, source, exports in (("CEPII BACI", "baci", True), ("UN Comtrade", "comtrade", False)):
        o, d = ("reporter", "partner") if exports else ("partner", "reporter")
        where = f"source = '{source}' and flow = ? and {_FLOWS} and list_contains(?, {d})"
        known = ["exports" if exports else "imports", list(importers)]
        years = store.query(f"select distinct year(period) as year from trade where {where}", known)
        if years.empty:
            continue
        nearest = min(map(int, years.year), key=lambda one: (abs(one - year), -one))
        flows = store.query(
            f"select {o} as origin, {d} as destination, product, sum(value) as value from trade "
            f"where {where} and year(period) = ? and {o} <> 'WLD' and {o} <> {d} group by all",
            [*known, nearest],
        )  # fmt: skip
        return _within(flows, countries), f"{said}, {nearest}"
    words = dict.fromkeys(("origin", "destination", "product"), pd.Series(dtype=str))
    return pd.DataFrame(words | {"value": pd.Series(dtype=float)}), ""


def _within(flows: Frame, countries: Sequence[str]) -> Frame:
    """The flows with exporters outside the world's countries as the rest of the world."""
    inside = flows.origin.isin(countries)
    if ROW not in countries:
        return flows[inside]
    moved = flows.assign(origin=flows.origin.where(inside, ROW))
    return moved.groupby(["origin", "destination", "product"], as_index=False)["value"].sum()


def _in_shared_digits(lines: Frame, flows: Frame) -> tuple[Frame, Frame]:
    """Products of as many digits as the lines and the flows of an importer both have, six or more.

    Flows at fewer digits than an importer's finest are sums of those, and are left out.
    """
    of_lines = lines.line.str.len().groupby(lines.destination).max()
    length = flows["product"].str.len()
    finest = length.groupby(flows.destination).max()
    shared = finest.combine(of_lines, min).reindex(of_lines.index).fillna(SIX)
    flows = flows[length == flows.destination.map(finest)]
    lines, flows = _cut(lines, "line", shared), _cut(flows, "product", shared)
    place = ["origin", "destination", "product"]
    return lines, flows.groupby(place, as_index=False, observed=True)["value"].sum()


def _cut(frame: Frame, column: str, digits: Words) -> Frame:
    """Codes in as many digits as their importer's."""
    wanted = frame.destination.map(digits)
    product = frame[column].copy()
    longer = product.str.len() > wanted
    for length in set(wanted[longer]):
        these = longer & (wanted == length)
        product[these] = product[these].str[: int(length)]
    return frame.assign(product=product)


def _sums(
    lines: Frame, flows: Frame, countries: Sequence[str], rows: Sequence[Industry]
) -> Float[np.ndarray, "4 o d s"]:
    """By cell, over products: rates, their number, flows, and duties."""
    industry = {code: at for at, row in enumerate(rows) for code in row.flow_sectors}
    sums = np.zeros((4, len(countries), len(countries), len(rows)))
    bought = dict(iter(flows.groupby(["destination", "origin"])))
    for destination, here in lines.groupby("destination"):
        schedule = _Schedule.of(here, industry)
        ordinary = schedule.due(EVERYBODY)
        for o, origin in enumerate(countries):
            if origin != destination:
                flow = schedule.laid_out(bought.get((destination, origin)))
                rate = schedule.due(origin) if origin in schedule.rates else ordinary
                if _in_one_union(str(destination), origin, int(here["year"].max())):
                    rate = np.zeros(len(schedule.products))
                sums[:, o, countries.index(destination)] = schedule.sums(rate, flow, len(rows))
    return sums


def _in_one_union(destination: str, origin: str, year: int) -> bool:
    members = (union_members(union, year) for union in customs_unions())
    return any({destination, origin} <= one for one in members)


@dataclass(frozen=True)
class _Schedule:
    """The lines of one importer by product."""

    products: pd.Index
    industry: Int[np.ndarray, " product"]
    """Position of the industry; -1 for a product that is in none."""
    of_line: Words
    """Position of the product of each line."""
    rates: Mapping[str, Words]
    """By origin, or for everybody: rates by line."""

    @classmethod
    def of(cls, here: Frame, industry: Mapping[str, int]) -> "_Schedule":
        once = here.drop_duplicates("line")
        products = pd.Index(sorted(set(once["product"])))
        sectors = _sectors(pd.Series(products.str[:4]))
        return cls(
            products,
            np.array([industry.get(code, -1) for code in sectors]),
            pd.Series(products.get_indexer(once["product"]), once.line),
            {origin: one.set_index("line")["rate"] for origin, one in here.groupby("origin")},
        )

    def due(self, origin: str) -> Float[np.ndarray, " product"]:
        """The lower of the two rates, or the one there is; not a number where there is none."""
        wanted = dict.fromkeys((EVERYBODY, origin))
        named = [self.rates[one] for one in wanted if one in self.rates]
        if not named:
            return np.full(len(self.products), np.nan)
        rate = named[0] if len(named) == 1 else pd.concat(named, axis=1).min(axis=1)
        place = self.of_line[rate.index].to_numpy(int)
        size = len(self.products)
        lines, total = np.bincount(place, minlength=size), np.bincount(place, rate, size)
        return np.where(lines > 0, total / np.maximum(lines, 1), np.nan)

    def laid_out(self, flow: Frame | None) -> Float[np.ndarray, " product"]:
        """Flows by product of the schedule; what it has no line for is left out."""
        values = np.zeros(len(self.products))
        if flow is not None:
            place = self.products.get_indexer(flow["product"])
            values[place[place >= 0]] = flow["value"].to_numpy(float)[place >= 0]
        return values

    def sums(
        self,
        rate: Float[np.ndarray, " product"],
        flow: Float[np.ndarray, " product"],
        size: int,
    ) -> Float[np.ndarray, "4 s"]:
        known = ~np.isnan(rate) & (self.industry >= 0)
        place, rate, flow = self.industry[known], rate[known], flow[known]
        every = (rate, np.ones_like(rate), flow, rate * flow)
        return np.stack([np.bincount(place, one, size) for one in every])


def _sectors(headings: Words) -> Words:
    """The goods sector of each heading of four digits, missing where a heading has none."""
    rows = table("hs_headings_icio")
    firsts = np.array([row["first"] for row in rows])
    once = pd.Series(sorted(set(headings)))
    at = np.searchsorted(firsts, once.to_numpy(str), side="right") - 1
    known = {
        heading: rows[place]["sector"]
        for heading, place in zip(once, at, strict=True)
        if place >= 0 and heading <= rows[place]["last"]
    }
    return headings.map(known)
