"""Balances by basis: whose imports are whose exports, gaps that stay gaps, and the real record."""

from pathlib import Path

import pandas as pd
import pytest

from detente._core import DataError
from detente.data.concordance import SERVICES_TOTAL
from detente.data.sources import add
from detente.data.store import Store
from detente.record import (
    balances,
    monthly,
    of_gdp,
    Pair,
    parts_of_years,
    reported_balances,
    with_reported,
    years_between,
)
from detente.record.series import flows_of_pair, of_pair, pair_of, seen_from


PAIR = Pair("KOR", "CHN")
NO_FLOWS = pd.DataFrame(columns=["year", "origin", "destination", "sector", "value", "source"])
HALF_A_TENTH = 50.0
"""Published figures are rounded to 0.1 billion; in million US$."""


def trade(*rows: tuple) -> pd.DataFrame:
    """Rows of reporter, partner, flow, period, value, basis; annual and final."""
    names = ["reporter", "partner", "flow", "period", "value", "basis"]
    frame = pd.DataFrame(rows, columns=names)
    whole = frame.assign(product="total", frequency="A", status="final", note="", source="test")
    return whole.assign(period=pd.to_datetime(whole.period))


BOTH_BOOKS = trade(
    ("KOR", "CHN", "exports", "2000-01-01", 7.0, "korean customs"),
    ("KOR", "CHN", "imports", "2000-01-01", 3.0, "korean customs"),
    ("KOR", "CHN", "exports", "2002-01-01", 9.0, "korean customs"),
    ("CHN", "KOR", "imports", "2000-01-01", 11.0, "chinese customs"),
    ("CHN", "KOR", "exports", "2000-01-01", 2.0, "chinese customs"),
)


def cell(rows: pd.DataFrame, year: int, basis: str) -> pd.Series:
    return rows.set_index(["year", "basis"]).loc[(year, basis)]


def test_the_partners_imports_are_our_exports() -> None:
    rows = balances(BOTH_BOOKS, NO_FLOWS, PAIR)
    assert cell(rows, 2000, "korean customs")[["exports", "imports", "balance"]].tolist() == [
        7,
        3,
        4,
    ]
    assert cell(rows, 2000, "chinese customs")[["exports", "imports", "balance"]].tolist() == [
        11,
        2,
        9,
    ]


def test_seen_from_the_other_side_every_balance_changes_its_sign() -> None:
    ours, theirs = (balances(BOTH_BOOKS, NO_FLOWS, pair) for pair in (PAIR, Pair("CHN", "KOR")))
    together = ours.merge(theirs, on=["year", "basis"], suffixes=("", "_mirrored"))
    known = together.dropna(subset="balance")
    assert len(known) == 2
    assert (known.balance == -known.balance_mirrored).all()
    assert theirs.basis.iloc[0] == "chinese customs"


def test_gaps_are_shown_and_not_filled() -> None:
    rows = balances(BOTH_BOOKS, NO_FLOWS, PAIR, range(2000, 2004))
    assert len(rows) == 4 * 2
    half = cell(rows, 2002, "korean customs")
    assert half.exports == 9 and pd.isna(half.imports) and pd.isna(half.balance)
    nothing = cell(rows, 2001, "korean customs")
    assert nothing.status == "gap" and nothing[["exports", "imports", "balance"]].isna().all()


def test_harmonised_flows_are_goods_alone() -> None:
    flows = pd.DataFrame(
        [
            (2018, "KOR", "CHN", "C26", 5.0), (2018, "KOR", "CHN", "C20", 4.0),
            (2018, "CHN", "KOR", "C26", 1.5), (2018, "KOR", "CHN", SERVICES_TOTAL, 100.0),
        ],
        columns=["year", "origin", "destination", "sector", "value"],
    ).assign(source="icio")  # fmt: skip
    row = cell(balances(BOTH_BOOKS, flows, PAIR), 2018, "harmonised")
    assert (row.exports, row.imports, row.balance) == (9.0, 1.5, 7.5)


def test_twelve_months_make_a_year_and_eleven_do_not() -> None:
    months = pd.concat(
        [
            trade(("KOR", "CHN", flow, f"{year}-{month:02d}-01", value, "korean customs"))
            for flow, value in (("exports", 2.0), ("imports", 1.0))
            for year, last in ((2010, 12), (2011, 11))
            for month in range(1, last + 1)
        ]
    ).assign(frequency="M")
    rows = balances(months, NO_FLOWS, PAIR, range(2010, 2012))
    assert cell(rows, 2010, "korean customs").balance == 12.0
    assert cell(rows, 2010, "korean customs").status == "derived"
    assert pd.isna(cell(rows, 2011, "korean customs").balance)
    series = monthly(months, PAIR)
    assert len(series) == 23 and series.attrs["basis"] == "korean customs"
    assert str(series.index[-1]) == "2011-11"


def test_months_of_a_year_that_is_not_whole_stand_beside_it() -> None:
    months = pd.concat(
        trade(("KOR", "CHN", "exports", f"{year}-{month:02d}-01", 2.0, "korean customs"))
        for year, last in ((2010, 12), (2011, 7))
        for month in range(1, last + 1)
    ).assign(frequency="M")
    (row,) = parts_of_years(months, PAIR).to_dict("records")
    assert (row["first"], row["last"], row["value"]) == ("2011-01", "2011-07", 14.0)
    assert parts_of_years(months, PAIR, range(2010, 2011)).empty


def test_a_balance_has_the_size_of_the_economy_of_its_year() -> None:
    gdp = pd.DataFrame({"year": [1999, 2000], "value": [1.0, 200.0], "source": "made up"})
    rows = of_gdp(balances(BOTH_BOOKS, NO_FLOWS, PAIR), gdp).set_index("basis")
    assert rows.share["korean customs"] == 0.02 and rows.share["chinese customs"] == 9 / 200
    assert set(rows.year) == {2000}


def test_the_firmer_of_two_figures_is_shown_and_the_other_named() -> None:
    again = BOTH_BOOKS.iloc[[0]].assign(value=900.0, status="preliminary", source="press")
    row = cell(balances(pd.concat([again, BOTH_BOOKS]), NO_FLOWS, PAIR), 2000, "korean customs")
    assert row.exports == 7.0 and "press says 900" in row.note


def test_a_shared_book_says_whose_report_it_is() -> None:
    frame = trade(
        ("KOR", "CHN", "exports", "2000-01-01", 7.0, "comtrade"),
        ("CHN", "KOR", "imports", "2000-01-01", 11.0, "comtrade"),
    )
    assert set(seen_from(frame, PAIR).basis) == {
        "comtrade, reported by KOR", "comtrade, reported by CHN"
    }  # fmt: skip


def test_a_harmonised_row_is_the_exporters_and_names_its_source() -> None:
    frame = trade(
        ("KOR", "CHN", "exports", "2023-01-01", 7.0, "harmonised"),
        ("CHN", "KOR", "exports", "2023-01-01", 11.0, "harmonised"),
    )
    row = cell(balances(frame, NO_FLOWS, PAIR), 2023, "harmonised, test")
    assert (row.exports, row.imports, row.balance) == (7.0, 11.0, -4.0)


def test_a_balance_reported_alone_fills_its_own_basis_only() -> None:
    rows = balances(BOTH_BOOKS, NO_FLOWS, PAIR, range(2023, 2026))
    found = with_reported(rows, reported_balances(PAIR))
    payments = cell(found, 2024, "balance of payments")
    assert (
        payments.balance == -32500 and payments.status == "reported" and pd.isna(payments.exports)
    )
    assert pd.isna(cell(found, 2024, "korean customs").balance)
    # A part of a year is nobody's annual balance.
    assert pd.isna(cell(found, 2025, "korean customs").balance)
    assert reported_balances(Pair("CHN", "KOR")).balance.tolist() == (
        (-reported_balances(PAIR).balance).tolist()
    )


def test_words_for_what_cannot_be_read() -> None:
    assert years_between("1992:2025") == range(1992, 2026)
    assert list(years_between("2018")) == [2018]
    with pytest.raises(DataError, match=r"reversed; did you mean '1992:2025'"):
        years_between("2025:1992")
    with pytest.raises(DataError, match="not a span of years"):
        years_between("last:year")
    with pytest.raises(DataError, match="did you mean 'KOR'"):
        pair_of("KRO", "CHN")
    with pytest.raises(DataError, match="named twice"):
        pair_of("KOR", "KOR")
    with pytest.raises(DataError, match="no trade of KOR-JPN"):
        balances(BOTH_BOOKS, NO_FLOWS, Pair("KOR", "JPN"))


PUBLISHED = [
    # year, exports, imports, balance in billion US$; KITA, MOTIE and the document of December 2025.
    (1992, 2.7, 3.7, -1.1), (2013, 145.9, 83.1, 62.8), (2018, 162.1, 106.5, 55.6),
    (2019, 136.2, 107.2, 29.0), (2023, 124.8, 142.8, -18.0),
]  # fmt: skip


@pytest.mark.parametrize(("year", "exports", "imports", "balance"), PUBLISHED)
def test_the_shipped_record_holds_the_published_balances(
    tmp_path: Path, year: int, exports: float, imports: float, balance: float
) -> None:
    """Nothing is stored but what ships."""
    store = Store.open(tmp_path / "empty")
    rows = balances(of_pair(store, PAIR), flows_of_pair(store, PAIR), PAIR, range(1992, 2026))
    row = cell(rows, year, "korean customs")
    found = row[["exports", "imports", "balance"]].astype(float)
    assert (found - [1000 * x for x in (exports, imports, balance)]).abs().max() < HALF_A_TENTH
    assert cell(rows, 2020, "korean customs").status == "gap"
    assert cell(rows, 2023, "chinese customs").exports == 162500.0


@pytest.mark.shared
def test_harmonised_flows_of_the_source(raw_directory: Path, tmp_path: Path) -> None:
    """Exports of goods as the source's own check has them; a surplus that shrinks and stays."""
    store = Store.open(tmp_path / "store")
    add("icio", [raw_directory / "oecd_icio_flows_2011_2022" / "flows.parquet"], store)
    rows = balances(of_pair(store, PAIR), flows_of_pair(store, PAIR), PAIR, range(2011, 2023))
    flows = rows.loc[rows.basis == "harmonised"].set_index("year")
    assert abs(flows.exports[2018] - 182_200) < HALF_A_TENTH
    assert abs(flows.exports[2022] - 154_400) < HALF_A_TENTH
    assert (flows.balance > 0).all() and flows.balance[2022] < flows.balance[2018] / 4
    # Any pair: the same book read from the other side has the other sign.
    other = Pair("DEU", "FRA")
    mirrored = [
        balances(of_pair(store, pair), flows_of_pair(store, pair), pair).balance.to_numpy()
        for pair in (other, Pair("FRA", "DEU"))
    ]
    assert mirrored[0] == pytest.approx(-mirrored[1])


@pytest.mark.shared
def test_the_months_of_the_source_are_the_years_that_ship(
    raw_directory: Path, tmp_path: Path
) -> None:
    """Two files of different origin: twelve months of Korea's customs, and the annual table."""
    path = raw_directory / "korea_china_trade" / "kosis_korea_china_monthly_2001_2019.csv"
    raw = pd.read_csv(path)
    sums = raw.groupby(raw.month.str[:4].astype(int))[["exports_kusd", "imports_kusd"]].sum() / 1e3
    store = Store.open(tmp_path / "empty")
    rows = balances(of_pair(store, PAIR), flows_of_pair(store, PAIR), PAIR, range(2001, 2020))
    korean = rows.loc[rows.basis == "korean customs"].set_index("year")
    assert (korean.exports - sums.exports_kusd).abs().max() < 0.01
    assert (korean.imports - sums.imports_kusd).abs().max() < 0.01
