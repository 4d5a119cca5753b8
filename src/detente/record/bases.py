"""Balances of a pair, each on its accounting basis, with gaps as gaps.

The same trade has another balance in every book: customs count exports free on board and imports
with freight and insurance, goods may travel by way of a third port, and the balance of payments
counts changes of ownership. No basis is preferred, and none fills the gaps of another.
"""

import pandas as pd

from .. import library
from .._core import DataError
from ..data.bases import CERTAINTY, HARMONISED, NATIONAL_BASES
from ..data.store import RECORD
from .series import harmonised, Pair, seen_from


DISAGREEMENT = 50.0
"""Million US$ beyond which two sources of one figure disagree by more than rounding to 0.1 bn."""
ALONE = "reported"
"""Status of a balance that was published without its two flows."""
COLUMNS = ("year", "basis", "exports", "imports", "balance", "status", "sources", "note")
REPORTED = "record/reported_balances.csv"


def balances(
    trade: pd.DataFrame, flows: pd.DataFrame, pair: Pair, years: range | None = None
) -> pd.DataFrame:
    """One row per year and basis: exports, imports and balance of the first country, million US$.

    A flow that nobody stored is not a number, and so is its balance. Without `years` the span is
    that of the data. `status` is the weaker of the two flows'. Raises `DataError` where no basis
    has a single figure for the pair.
    """
    annual = _annual(pd.concat([seen_from(trade, pair), harmonised(flows, pair)]))
    if annual.empty:
        raise DataError(
            f"no trade of {pair} is stored on any basis; add a source with 'detente data add', "
            "such as the harmonised flows of 2011-2022."
        )
    bases = sorted(set(annual.basis), key=lambda basis: _order(basis, pair))
    span = years or range(int(annual.year.min()), int(annual.year.max()) + 1)
    grid = pd.MultiIndex.from_product([span, bases], names=["year", "basis"])
    firmest = annual.drop_duplicates(["year", "basis", "flow"])
    wide = firmest.pivot(index=["year", "basis"], columns="flow", values="value")
    table = wide.reindex(grid).reindex(columns=["exports", "imports"])
    table["balance"] = table.exports - table.imports
    return _with_sources(table, firmest).reset_index().reindex(columns=list(COLUMNS))


def _order(basis: str, pair: Pair) -> tuple[int, str]:
    """The country's own customs, the partner's, others, harmonised last."""
    own = [NATIONAL_BASES.get(code) for code in pair]
    if basis in own:
        return own.index(basis), basis
    return (3 if basis.startswith(HARMONISED) else 2), basis


def _annual(rows: pd.DataFrame) -> pd.DataFrame:
    """Annual figures, the firmest of each year first; twelve months make a year where none is."""
    rows = rows.assign(year=pd.DatetimeIndex(rows.period).year)
    given = rows.loc[rows.frequency == "A"]
    sums = _summed_months(rows.loc[rows.frequency == "M"])
    both = pd.concat([given, sums], ignore_index=True)
    both["rank"] = both.status.map({name: place for place, name in enumerate(CERTAINTY)})
    both = both.sort_values(["year", "basis", "flow", "rank"], kind="stable")
    return _noting_disagreement(both.reset_index(drop=True))


def _summed_months(months: pd.DataFrame) -> pd.DataFrame:
    by = ["year", "basis", "flow", "source"]
    sums = months.groupby(by, as_index=False).agg(
        value=("value", "sum"), months=("period", "nunique")
    )
    whole = sums.loc[sums.months == 12].drop(columns="months")
    return whole.assign(status="derived", note="sum of twelve months", frequency="A")


def _noting_disagreement(rows: pd.DataFrame) -> pd.DataFrame:
    """Say beside the figure shown what another source says, where the two differ materially."""
    notes = rows.note.fillna("").astype(str)
    for _, same in rows.groupby(["year", "basis", "flow"]):
        first, told = same.index[0], [float(same["value"].iloc[0])]
        for other in same.iloc[1:].to_dict("records"):
            if min(abs(other["value"] - one) for one in told) > DISAGREEMENT:
                who = other["note"] if other["source"] == RECORD else other["source"]
                notes[first] += f"; {who} says {other['value']:,.0f} for {other['flow']}"
                told.append(other["value"])
    return rows.assign(note=notes)


def parts_of_years(trade: pd.DataFrame, pair: Pair, years: range | None = None) -> pd.DataFrame:
    """Months stored of years that are not whole: first, last, months, basis, flow and their sum."""
    rows = seen_from(trade, pair)
    rows = rows.loc[rows.frequency == "M"].drop_duplicates(["period", "basis", "flow"])
    rows = rows.assign(
        year=pd.DatetimeIndex(rows.period).year,
        month=pd.DatetimeIndex(rows.period).strftime("%Y-%m"),
    )
    sums = rows.groupby(["year", "basis", "flow"], as_index=False).agg(
        first=("month", "min"), last=("month", "max"), months=("month", "size"),
        value=("value", "sum"),
    )  # fmt: skip
    inside = sums.months < 12
    if years is not None:
        inside &= sums.year.isin(list(years))
    return sums.loc[inside].drop(columns="year")


def of_gdp(rows: pd.DataFrame, gdp: pd.DataFrame) -> pd.DataFrame:
    """The latest balance of each basis over the country's GDP of its year (both million US$)."""
    sized = rows.merge(gdp.rename(columns={"value": "gdp", "source": "gdp_source"}), on="year")
    last = sized.dropna(subset="balance").drop_duplicates("basis", keep="last")
    shares = last.assign(share=last.balance / last.gdp)
    return shares.loc[:, ["year", "basis", "share", "gdp_source"]]


def _with_sources(table: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    by = figures.groupby(["year", "basis"])
    weaker = pd.Series(by["rank"].max())
    status = weaker.map(dict(enumerate(CERTAINTY)))
    joined = {
        "sources": by.source.agg(lambda names: "; ".join(dict.fromkeys(map(str, names)))),
        "note": by.note.agg(_together),
    }
    return table.assign(
        status=status.reindex(table.index).fillna("gap"),
        **{name: values.reindex(table.index).fillna("") for name, values in joined.items()},
    )


def with_reported(rows: pd.DataFrame, reported: pd.DataFrame) -> pd.DataFrame:
    """The balances of `balances`, with those of whole years that were published without flows.

    They stand on their own basis and fill no cell of another; a balance that follows from its two
    flows stays as it is.
    """
    years = sorted(set(rows.year))
    whole = reported.loc[
        reported["first"].str.endswith("-01") & reported["last"].str.endswith("-12")
    ]
    alone = whole.assign(year=whole["first"].str[:4].astype(int), sources=whole.source)
    alone = alone.loc[alone.year.isin(years), ["year", "basis", "balance", "sources"]]
    new = [basis for basis in dict.fromkeys(alone.basis) if basis not in set(rows.basis)]
    bases = [*dict.fromkeys(rows.basis), *new]
    grid = pd.MultiIndex.from_product([years, bases], names=["year", "basis"])
    whole_grid = rows.set_index(["year", "basis"]).reindex(grid)
    blank = {"status": "gap", "sources": "", "note": ""}
    whole_grid = whole_grid.fillna(blank)
    for row in alone.to_dict("records"):
        cell = (row["year"], row["basis"])
        if pd.isna(whole_grid.balance[cell]):
            told = [row["balance"], ALONE, row["sources"]]
            whole_grid.loc[cell, ["balance", "status", "sources"]] = told
    return whole_grid.reset_index().reindex(columns=list(COLUMNS))


def _together(notes: pd.Series) -> str:
    """The different notes, joined; one that is the beginning of another is left out."""
    said = list(dict.fromkeys(filter(None, notes)))
    return "; ".join(
        note for note in said if not any(o != note and o.startswith(note) for o in said)
    )


def reported_balances(pair: Pair) -> pd.DataFrame:
    """Balances that were published without their two flows, or for part of a year, million US$.

    Columns first and last (months), basis, balance, status, source. Seen from the first country.
    """
    rows = [
        {**row, "balance": float(row["balance"]) * (1 if row["country"] == pair.country else -1)}
        for row in library.table(REPORTED)
        if {row["country"], row["partner"]} == set(pair)
    ]
    columns = ["first", "last", "basis", "balance", "status", "source"]
    return pd.DataFrame(rows, columns=columns)
