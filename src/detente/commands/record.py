"""The record: balances by basis, where a year heads, dependence, and what happened."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TYPE_CHECKING

import pandas as pd

from .. import record, report
from .._core import DataError, nearest
from ..data.store import Store
from ..record import series as stored
from ..record.tracking import month_of, track as track_year, track_balance
from ._files import refuse_existing, write_bytes


if TYPE_CHECKING:
    from ..record import Pair


MILLION_IN_BILLION = 1000.0
BEFORE = 2
"""Years of trade drawn before the first event, so that it has something to stand against."""


@dataclass(frozen=True)
class Answer:
    """A table about a pair, what it is about, and beside it what belongs to the same answer."""

    pair: "Pair"
    rows: pd.DataFrame
    about: dict[str, Any]
    beside: pd.DataFrame
    """Balances reported alone, or the trade of the years of a timeline."""
    sentence: str = ""


def balance(country: str, partner: str, years: str | None = None) -> Answer:
    """The balances of a pair on every stored basis, and those reported without their flows."""
    span = None if years is None else record.years_between(years)
    pair, rows = _balances(country, partner, span)
    reported = record.reported_balances(pair)
    if span is not None:
        inside = reported["first"].str[:4].astype(int).isin(list(span))
        reported = reported.loc[inside]
    if reported.empty and (rows.status == "gap").all():
        known = _balances(country, partner, None)[1].year
        raise DataError(
            f"no trade of {pair} is stored for {years}; did you mean '{known.min()}:{known.max()}'?"
        )
    rows = record.with_reported(rows, reported)
    about = {
        "country": pair.country,
        "partner": pair.partner,
        "unit": "million US$",
        "bases": list(dict.fromkeys(rows.basis)),
    }
    return Answer(pair, rows, about, reported)


def track(
    country: str,
    partner: str,
    *,
    through: str | None = None,
    basis: str | None = None,
    so_far: float | None = None,
) -> Answer:
    """Where a year heads, from its months, or from its balance so far (billion US$) alone."""
    month = None if through is None else month_of(through)
    store, pair, months = _months(country, partner, basis)
    annual = record.balances(stored.of_pair(store, pair), stored.flows_of_pair(store, pair), pair)
    if so_far is None:
        rows = track_year(months, month)
    elif month is None:
        raise DataError("a balance so far needs its last month: say which with --through.")
    else:
        two_way = _last_two_way(annual, months.attrs["basis"], month.year)
        rows = track_balance(months, so_far * MILLION_IN_BILLION, month, two_way)
    year = int(rows.attrs["through"][:4])
    streak = report.streak_sentence(annual, year, pair, months.attrs["basis"])
    said = f"{report.track_sentence(rows, pair)} {streak}"
    return Answer(pair, rows, _about(pair, rows), annual, said)


def evaluate(country: str, partner: str, *, basis: str | None = None) -> Answer:
    """How well past years would have been forecast from each of their months."""
    _, pair, months = _months(country, partner, basis)
    table = record.evaluate(months)
    said = report.evaluation_sentence(table)
    return Answer(pair, table, _about(pair, table), pd.DataFrame(), said)


def timeline(
    country: str, partner: str, years: str | None = None, *, others: bool = False
) -> Answer:
    """What happened between two economies, and the trade of the same years."""
    span = None if years is None else record.years_between(years)
    pair = stored.pair_of(country, partner)
    happened = record.events(pair, span, others=others)
    if happened.empty:
        raise DataError(_no_events(pair, years, others))
    first = int(happened.when.dt.year.min()) - BEFORE
    span = span or range(first, int(happened.when.dt.year.max()) + 1)
    try:
        _, rows = _balances(country, partner, span)
    except DataError:
        # Events need no trade to be told; the picture then has no upper panel.
        rows = pd.DataFrame(columns=["year", "basis", "exports", "imports", "balance"])
    basis = str(rows.basis.iloc[0]) if len(rows) else ""
    about = {"country": pair.country, "partner": pair.partner, "trade_basis": basis}
    return Answer(pair, happened, about, rows.loc[rows.basis == basis])


def write_picture(specification: dict[str, Any], path: Path) -> None:
    """Draw a chart into a new file, in the format of its name."""
    suffix = report.format_of(path)
    refuse_existing(path)
    write_bytes(report.picture(specification, suffix), path)


def _balances(country: str, partner: str, span: range | None) -> tuple["Pair", pd.DataFrame]:
    store = Store.open()
    pair = stored.pair_of(country, partner, stored.reporters(store))
    trade, flows = stored.of_pair(store, pair), stored.flows_of_pair(store, pair)
    if trade.empty and flows.empty:
        raise DataError(_no_trade(store, pair))
    return pair, record.balances(trade, flows, pair, span)


def _no_trade(store: Store, pair: "Pair") -> str:
    pairs = stored.pairs(store)
    return (
        f"no trade of {pair} is stored; {nearest(str(pair), pairs)} Others come with "
        "'detente data add', harmonised ones from icio or baci."
    )


def _months(country: str, partner: str, basis: str | None) -> tuple[Store, "Pair", pd.DataFrame]:
    store = Store.open()
    pair = stored.pair_of(country, partner, stored.reporters(store))
    trade = stored.of_pair(store, pair)
    if trade.empty:
        raise DataError(_no_trade(store, pair))
    return store, pair, record.monthly(trade, pair, basis)


def _last_two_way(annual: pd.DataFrame, basis: str, year: int) -> float:
    """Exports and imports of the last whole year before, million US$."""
    known = annual.loc[(annual.basis == basis) & (annual.year < year)].dropna(subset="balance")
    if known.empty:
        raise DataError(f"no year before {year} has both flows on the basis of {basis}.")
    last = known.iloc[-1]
    return float(last.exports + last.imports)


def _about(pair: "Pair", rows: pd.DataFrame) -> dict[str, Any]:
    about = {"country": pair.country, "partner": pair.partner, "unit": "million US$"}
    return about | {str(name): value for name, value in rows.attrs.items()}


def _no_events(pair: "Pair", years: str | None, others: bool) -> str:
    actors = sorted({code for row in record.events().actors for code in row})
    when = f" in {years}" if years else ""
    hint = "" if others else "--others adds those with only one of the two; "
    return f"no event between {pair} is recorded{when}; {hint}actors are {', '.join(actors)}."
