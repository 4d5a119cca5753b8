"""The trade of a pair: which rows of the store it is, and which books they come from.

Everything else in this package takes and returns frames; only `of_pair` and its neighbours ask the
store. Values are million US$ of goods.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TYPE_CHECKING

import pandas as pd

from .._core import DataError, nearest
from ..data.bases import HARMONISED, NATIONAL_BASES
from ..data.concordance import country_names, economies, SERVICES_TOTAL
from ..names import printed


if TYPE_CHECKING:
    from ..data.store import Store


_OTHER_SIDE = {"exports": "imports", "imports": "exports"}


class Pair(NamedTuple):
    """Two economies; every balance is seen from the first."""

    country: str
    partner: str

    def __str__(self) -> str:
        return f"{self.country}-{self.partner}"

    @property
    def names(self) -> tuple[str, str]:
        """Both in words; a code where no name is known."""
        country, partner = (country_names().get(code, code) for code in self)
        return country, partner


def pair_of(country: str, partner: str, known: Iterable[str] = ()) -> Pair:
    """The pair of two codes, or `DataError` with the nearest valid code.

    `known` are codes that are valid beside the economies of the harmonised tables.
    """
    valid = sorted({*economies(), *known})
    for code in (country, partner):
        if code not in valid and code in printed():
            raise DataError(
                f"no trade of {printed()[code]} ({code}) is stored; add it with 'detente data add'."
            )
        if code not in valid:
            raise DataError(f"there is no economy '{code}'; {nearest_code(code, valid)}")
    if country == partner:
        raise DataError(f"'{country}' was named twice; name two economies.")
    return Pair(country, partner)


def nearest_code(code: str, valid: Sequence[str]) -> str:
    """The nearest valid codes; two letters exchanged are the likeliest slip in three.

    >>> nearest_code("KRO", ["KOR", "ROW", "UKR"])
    "did you mean 'KOR'?"
    """
    letters = sorted(code.upper())
    return nearest(code, [one for one in valid if sorted(one) == letters] or valid)


def years_between(text: str) -> range:
    """The years of `first:last`, or of one year, both ends included.

    >>> years_between("2018:2020")
    range(2018, 2021)
    """
    first, _, last = text.partition(":")
    try:
        years = range(int(first), int(last or first) + 1)
    except ValueError as error:
        raise DataError(
            f"'{text}' is not a span of years; write the first and the last, as in 1992:2025."
        ) from error
    if not years:
        raise DataError(f"the years {text} are reversed; did you mean '{last}:{first}'?")
    return years


def of_pair(store: "Store", pair: Pair, *, history: bool = False) -> pd.DataFrame:
    """The stored rows of `trade` between two economies, from the books of both.

    With `history` also those that a later addition replaced, as `Store.history` has them.
    """
    return (store.history if history else store.query)(
        "select * from trade where product = 'total' and "
        "((reporter = ? and partner = ?) or (reporter = ? and partner = ?))",
        [pair.country, pair.partner, pair.partner, pair.country],
    )


def flows_of_pair(store: "Store", pair: Pair, *, history: bool = False) -> pd.DataFrame:
    """The stored harmonised flows between two economies, both ways; `history` as for `of_pair`."""
    return (store.history if history else store.query)(
        "select * from flows where (origin = ? and destination = ?) "
        "or (origin = ? and destination = ?)",
        [pair.country, pair.partner, pair.partner, pair.country],
    )


def reporters(store: "Store") -> list[str]:
    """Every economy that a stored row of `trade` names."""
    return store.query(
        "select distinct reporter as code from trade union select distinct partner from trade"
    ).code.tolist()


def pairs(store: "Store") -> list[str]:
    """Pairs with stored trade, as `KOR-CHN`."""
    return store.query(
        "select distinct reporter || '-' || partner as pair from trade union "
        "select distinct origin || '-' || destination from flows order by 1"
    ).pair.tolist()


def flows_of_country(store: "Store", country: str) -> pd.DataFrame:
    """The stored harmonised goods flows of one economy with every other.

    Columns year, partner, flow and value; exports and imports are sums over goods sectors.
    """
    return store.query(
        "select year, destination as partner, 'exports' as flow, sum(value) as value from flows "
        "where origin = ? and destination <> ? and sector <> ? group by all union all "
        "select year, origin, 'imports', sum(value) from flows "
        "where destination = ? and origin <> ? and sector <> ? group by all",
        [country, country, SERVICES_TOTAL] * 2,
    )


def months_of_country(store: "Store", country: str) -> pd.DataFrame:
    """The stored monthly rows that an economy reports, every partner, products together."""
    return store.query(
        "select * from trade where product = 'total' and frequency = 'M' and reporter = ?",
        [country],
    )


def gdp_of(store: "Store", country: str) -> pd.DataFrame:
    """The stored GDP of a country: year, value (million US$), source; the IMF's before others."""
    return store.query(
        "select year, value * case unit when 'billion US$' then 1e3 else 1e-6 end as value, source "
        "from indicators where country = ? and indicator in ('WEO.NGDPD', 'NY.GDP.MKTP.CD') "
        "order by year, indicator desc",
        [country],
    ).drop_duplicates("year")


def seen_from(trade: pd.DataFrame, pair: Pair) -> pd.DataFrame:
    """The rows of a pair with flows as the first country sees them.

    What the partner calls imports from the country are the country's exports. Columns are those of
    `trade`; `basis` names the book, and for one that both sides report to, whose report it is. A
    harmonised row is the exporter's, and its basis names the source: each harmonises its own way.
    """
    ours = (trade.reporter == pair.country) & (trade.partner == pair.partner)
    theirs = (trade.reporter == pair.partner) & (trade.partner == pair.country)
    mirror = trade.loc[theirs]
    mirror = mirror.assign(flow=mirror.flow.map(_OTHER_SIDE))
    rows = pd.concat([trade.loc[ours], mirror], ignore_index=True)
    one_book = rows.basis.isin(list(NATIONAL_BASES.values()))
    whose = (", reported by " + rows.reporter).where(rows.basis != HARMONISED, ", " + rows.source)
    basis = rows.basis.where(one_book, rows.basis + whose)
    return rows.assign(basis=basis, period=pd.to_datetime(rows.period))


def harmonised(flows: pd.DataFrame, pair: Pair) -> pd.DataFrame:
    """The goods flows of a pair as rows of `trade`, seen from the first country."""
    goods = flows.loc[flows.sector != SERVICES_TOTAL]
    names = {(pair.country, pair.partner): "exports", (pair.partner, pair.country): "imports"}
    flow = [names.get(ends) for ends in zip(goods.origin, goods.destination, strict=True)]
    goods = goods.assign(flow=pd.Series(flow, index=goods.index, dtype=object))
    sums = goods.dropna(subset="flow").groupby(["year", "flow", "source"], as_index=False)
    rows = sums.value.sum()
    return rows.assign(
        basis=HARMONISED,
        frequency="A",
        period=pd.to_datetime(rows.year.astype(str) + "-01-01"),
        status="final",
        note="goods sectors of " + rows.source,
    )


def monthly(trade: pd.DataFrame, pair: Pair, basis: str | None = None) -> pd.DataFrame:
    """Exports and imports by month, million US$, on one basis; only months that have both.

    Without a basis the country's own customs, else whatever is there. `attrs["basis"]` says which.
    The months run without a gap from the first to the last that is stored in a row.
    """
    flows = _by_month(trade, pair, basis)
    both = flows.dropna()
    if both.empty:
        raise DataError(
            f"the months of {pair} on '{flows.attrs['basis']}' lack exports or imports."
        )
    series = _unbroken(both)
    series.attrs = dict(flows.attrs)
    return series


def one_flow(trade: pd.DataFrame, pair: Pair, basis: str | None = None) -> pd.DataFrame:
    """The latest months of which only exports, or only imports, are stored, in one column.

    Empty where the latest month has both. They run without a gap; `attrs` as for `monthly`.
    """
    flows = _by_month(trade, pair, basis)
    known = flows.iloc[-1].notna()
    if known.all():
        return flows.iloc[:0]
    flow = "exports" if known.exports else "imports"
    other = "imports" if known.exports else "exports"
    alone = flows.loc[flows[other].isna(), [flow]].dropna()
    series = _unbroken(alone)
    series.attrs = dict(flows.attrs)
    return series


def _by_month(trade: pd.DataFrame, pair: Pair, basis: str | None) -> pd.DataFrame:
    """Exports and imports by month on one basis, not a number where not stored."""
    rows = seen_from(trade, pair)
    rows = rows.loc[rows.frequency == "M"]
    bases = list(dict.fromkeys(rows.basis))
    if not bases:
        raise DataError(
            f"no monthly trade of {pair} is stored; add a monthly source with "
            "'detente data add', such as korea-customs."
        )
    chosen = basis or next((b for b in bases if b == NATIONAL_BASES.get(pair.country)), bases[0])
    if chosen not in bases:
        raise DataError(f"no monthly trade of {pair} on '{chosen}'; {nearest(chosen, bases)}")
    one = rows.loc[rows.basis == chosen]
    flows = one.pivot_table(index="period", columns="flow", values="value", aggfunc="last")
    flows.index = pd.DatetimeIndex(flows.index).to_period("M")
    flows = flows.reindex(columns=["exports", "imports"]).sort_index()
    flows.attrs.update(basis=chosen, sources="; ".join(sorted(set(one.source.astype(str)))))
    return flows


def _unbroken(months: pd.DataFrame) -> pd.DataFrame:
    """The latest run of months without a gap."""
    ordinals = pd.PeriodIndex(months.index).asi8
    breaks = [
        place for place in range(1, len(ordinals)) if ordinals[place] != ordinals[place - 1] + 1
    ]
    return months.iloc[breaks[-1] if breaks else 0 :].rename_axis(index="month", columns=None)
