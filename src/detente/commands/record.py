"""The record: balances by basis, where a year heads, dependence, and what happened."""

from collections.abc import Mapping, Sequence
from typing import Any, TYPE_CHECKING

import pandas as pd

from .. import record, report
from .._core import DataError, nearest
from ..about import About
from ..data.store import Store
from ..record import series as stored
from ..record.season import season_of, shipped_season
from ..record.tracking import (
    month_of,
    track as track_year,
    track_balance,
    track_flow,
    track_pace,
    whole_years_before,
)
from ._answer import Answer
from ._files import Progress, quiet
from .asks import Balance, Timeline, Track


if TYPE_CHECKING:
    from ..record import Pair, Revision


MILLION_IN_BILLION = 1000.0
BEFORE = 2
"""Years of trade drawn before the first event, so that it has something to stand against."""


def balance(ask: Balance, progress: Progress = quiet) -> Answer:
    """The balances of a pair on every stored basis, and those reported without their flows."""
    span = None if ask.years is None else record.years_between(ask.years)
    pair, rows = _balances(ask.country, ask.partner, span)
    reported = record.reported_balances(pair)
    if span is not None:
        inside = reported["first"].str[:4].astype(int).isin(list(span))
        reported = reported.loc[inside]
    if reported.empty and (rows.status == "gap").all():
        known = _balances(ask.country, ask.partner, None)[1].year
        raise DataError(
            f"no trade of {pair} is stored for {ask.years}; did you mean "
            f"'{known.min()}:{known.max()}'?"
        )
    rows = record.with_reported(rows, reported)
    revised = _revised(pair, rows, span)
    rows = rows.assign(replaced=[_of_row(row, revised) for row in rows.to_dict("records")])
    said = {
        "bases": list(dict.fromkeys(rows.basis)),
        **_beside(pair, rows, span),
        "replaced": [
            {**one.as_record(), "sentence": report.revision_sentence(one)} for one in revised
        ],
    }
    about = _about(pair, said)
    return Answer(
        report.balance_table(rows, reported, pair, about),
        about,
        {"balances": rows, "reported_balances": reported},
        chart=lambda: report.balance_chart(rows, reported, pair),
    )


def track(ask: Track, progress: Progress = quiet) -> Answer:
    """Where a year heads, or how well past years would have been forecast."""
    return _evaluated(ask) if ask.evaluate else _tracked(ask)


def _tracked(ask: Track) -> Answer:
    """Where a year heads, from its months, or from its balance so far (billion US$) alone.

    Where only one flow of the latest months is stored, that flow alone is tracked. Without months
    of past years the means and spreads that ship for Korea and China stand in.
    """
    month = None if ask.through is None else month_of(ask.through)
    store, pair, trade = _trade(ask.country, ask.partner)
    annual = record.balances(trade, stored.flows_of_pair(store, pair), pair)
    if ask.so_far is not None:
        if month is None:
            raise DataError("a balance so far needs its last month: say which with `through`.")
        so_far = ask.so_far * MILLION_IN_BILLION
        rows = _from_balance(trade, annual, pair, ask.basis, so_far, month)
    else:
        rows = _from_one_flow(trade, pair, ask.basis, month)
        if rows is None:
            rows = track_year(record.monthly(trade, pair, ask.basis), month)
    year, book = int(rows.attrs["through"][:4]), rows.attrs["basis"]
    revised = [one for one in record.revisions(store, pair) if one.months and one.basis == book]
    said = " ".join([report.track_sentence(rows, pair), *map(report.revision_sentence, revised)])
    if (rows.flow == "balance").any():
        said = f"{said} {report.streak_sentence(annual, year, pair, book)}"
    return Answer(
        report.track_table(rows, said, pair),
        _about(pair, {**rows.attrs, "sentence": said}),
        {"rows": rows},
    )


def _from_balance(
    trade: pd.DataFrame,
    annual: pd.DataFrame,
    pair: "Pair",
    basis: str | None,
    so_far: float,
    month: pd.Period,
) -> pd.DataFrame:
    """The year from its balance so far, by stored months of past years or what ships of them."""
    try:
        months = record.monthly(trade, pair, basis)
    except DataError:
        season = shipped_season(pair)
        if season is None or basis not in (None, season.basis):
            raise
        two_way = _last_two_way(annual, season.basis, month.year)
        return track_pace(season, so_far, month, two_way)
    two_way = _last_two_way(annual, months.attrs["basis"], month.year)
    return track_balance(months, so_far, month, two_way)


def _from_one_flow(
    trade: pd.DataFrame, pair: "Pair", basis: str | None, month: pd.Period | None
) -> pd.DataFrame | None:
    """The one flow that is stored of the year asked for; nothing where both are."""
    if trade.loc[trade.frequency == "M"].empty:
        raise DataError(
            f"no monthly trade of {pair} is stored; add it with 'detente data add' (korea-customs "
            "for Korea), or give the balance so far with `through` and `so_far`."
        )
    alone = stored.one_flow(trade, pair, basis)
    if alone.empty or (month is not None and month < alone.index[0]):
        return None
    season = shipped_season(pair)
    try:
        months = record.monthly(trade, pair, basis)
        season = season_of(whole_years_before(months, alone), months.attrs["basis"])
    except DataError as error:
        if season is None or season.basis != alone.attrs["basis"]:
            raise DataError(
                f"only {alone.columns[0]} of {pair} are stored for {alone.index[-1].year}, and no "
                "months of past years to tell their season by; add them with 'detente data add'."
            ) from error
    return track_flow(season, alone, month)


def _evaluated(ask: Track) -> Answer:
    """How well past years would have been forecast from each of their months."""
    _, pair, trade = _trade(ask.country, ask.partner)
    rows = record.evaluate(record.monthly(trade, pair, ask.basis))
    said = report.evaluation_sentence(rows)
    return Answer(
        report.evaluation_table(rows, said, pair),
        _about(pair, {**rows.attrs, "sentence": said}),
        {"rows": rows},
    )


def timeline(ask: Timeline, progress: Progress = quiet) -> Answer:
    """What happened between two economies, and the trade of the same years."""
    span = None if ask.years is None else record.years_between(ask.years)
    pair = stored.pair_of(ask.country, ask.partner)
    happened = record.events(pair, span, others=ask.others)
    if happened.empty:
        raise DataError(_no_events(pair, ask.years, ask.others))
    first = int(happened.when.dt.year.min()) - BEFORE
    span = span or range(first, int(happened.when.dt.year.max()) + 1)
    try:
        _, rows = _balances(ask.country, ask.partner, span)
    except DataError:
        # Events need no trade to be told; the picture then has no upper panel.
        rows = pd.DataFrame(columns=["year", "basis", "exports", "imports", "balance"])
    basis = str(rows.basis.iloc[0]) if len(rows) else ""
    trade = rows.loc[rows.basis == basis]
    return Answer(
        report.timeline_table(happened, basis),
        About(own={"country": pair.country, "partner": pair.partner, "trade_basis": basis}),
        {"events": report.event_frame(happened), "trade": trade},
        chart=lambda: report.timeline_chart(happened, trade, pair, basis),
    )


def _balances(country: str, partner: str, span: range | None) -> tuple["Pair", pd.DataFrame]:
    store = Store.open()
    pair = stored.pair_of(country, partner, stored.reporters(store))
    trade, flows = stored.of_pair(store, pair), stored.flows_of_pair(store, pair)
    if trade.empty and flows.empty:
        raise DataError(_no_trade(store, pair))
    return pair, record.balances(trade, flows, pair, span)


def _beside(pair: "Pair", rows: pd.DataFrame, span: range | None) -> dict[str, Any]:
    """Months of years that are not whole, and balances over GDP where that is stored."""
    store = Store.open()
    parts = record.parts_of_years(stored.of_pair(store, pair), pair, span)
    sizes = record.of_gdp(rows, stored.gdp_of(store, pair.country))
    return {"months": parts.to_dict("records"), "share_of_gdp": sizes.to_dict("records")}


def _revised(pair: "Pair", rows: pd.DataFrame, span: range | None) -> list["Revision"]:
    """Of the figures shown, and of months: those on which two files of one source disagree."""
    every = rows.to_dict("records")
    shown = {(row["year"], row["basis"]): row["sources"].split("; ") for row in every}
    return [
        one
        for one in record.revisions(Store.open(), pair, span)
        if one.months or one.source in shown.get((one.year, one.basis), ())
    ]


def _of_row(row: Mapping[Any, Any], revised: Sequence["Revision"]) -> str:
    """What the row of a year and basis says of revisions, empty where there are none."""
    own = [one for one in revised if (one.year, one.basis) == (row["year"], row["basis"])]
    return " ".join(map(report.revision_sentence, own))


def _no_trade(store: Store, pair: "Pair") -> str:
    pairs = stored.pairs(store)
    return (
        f"no trade of {pair} is stored; {nearest(str(pair), pairs)} Others come with "
        "'detente data add', harmonised ones from icio or baci."
    )


def _trade(country: str, partner: str) -> tuple[Store, "Pair", pd.DataFrame]:
    store = Store.open()
    pair = stored.pair_of(country, partner, stored.reporters(store))
    trade = stored.of_pair(store, pair)
    if trade.empty:
        raise DataError(_no_trade(store, pair))
    return store, pair, trade


def _last_two_way(annual: pd.DataFrame, basis: str, year: int) -> float:
    """Exports and imports of the last whole year before, million US$."""
    known = annual.loc[(annual.basis == basis) & (annual.year < year)].dropna(subset="balance")
    if known.empty:
        raise DataError(f"no year before {year} has both flows on the basis of {basis}.")
    last = known.iloc[-1]
    return float(last.exports + last.imports)


def _about(pair: "Pair", said: Mapping[Any, Any]) -> About:
    named = {"country": pair.country, "partner": pair.partner, "unit": "million US$"}
    sources = tuple(one for one in str(said.get("sources", "")).split("; ") if one)
    return About.of({**named, **said, "sources": sources})


def _no_events(pair: "Pair", years: str | None, others: bool) -> str:
    actors = sorted({code for row in record.events().actors for code in row})
    when = f" in {years}" if years else ""
    hint = "" if others else "`others` adds those with only one of the two; "
    return f"no event between {pair} is recorded{when}; {hint}actors are {', '.join(actors)}."
