"""A cell that two additions hold: the later counts, the answer says so, and both can be removed."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from detente import cli
from detente._core import DataError
from detente.calibrate.from_store import _edition
from detente.claims.record import Record
from detente.data.arrivals import read_arrivals
from detente.data.canonical import canonical
from detente.data.latest import CELL
from detente.data.store import Store
from detente.record.items import item_shares


ABOUT = {"licence": "made up", "attribution": "made up"}
HEADER = (
    "typeCode,freqCode,refYear,period,reporterCode,reporterISO,flowCode,partnerCode,partnerISO,"
    "partner2Code,classificationCode,cmdCode,customsCode,motCode,netWgt,primaryValue"
)


class Ended(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def detente(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Run:
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["detente", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        said = capsys.readouterr()
        return Ended(int(stop.value.code or 0), said.out, said.err)

    return run


def comtrade(
    path: Path, exports: float, imports: float = 142857e6, *, nomenclature: str = "H6"
) -> Path:
    """A download of Korea's trade with China in 2023, US dollars."""
    line = "C,A,2023,2023,410,KOR,{},156,CHN,0,{},TOTAL,C00,0,0,{:.0f}"
    rows = [line.format(f, nomenclature, v) for f, v in (("X", exports), ("M", imports))]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def months(exports: float, first: str = "2018-01", last: str = "2018-12") -> pd.DataFrame:
    """The months of one year on the books of Korea's customs, all alike, million US$."""
    periods = pd.period_range(first, last, freq="M").to_timestamp()
    parts = [
        pd.DataFrame(
            {"reporter": "KOR", "partner": "CHN", "flow": flow, "product": "total",
             "frequency": "M", "period": periods, "value": value, "basis": "us customs",
             "status": "final"}
        )
        for flow, value in (("exports", exports), ("imports", 900.0))
    ]  # fmt: skip
    return pd.concat(parts)


def trade(value: float, **other: object) -> pd.DataFrame:
    row = {"reporter": "KOR", "partner": "CHN", "flow": "exports", "product": "total",
           "frequency": "A", "period": "2015-01-01", "value": value, "basis": "comtrade",
           "status": "final", "note": "UN Comtrade, H6"}  # fmt: skip
    return pd.DataFrame([row | other])


def shown(said: Ended, year: int = 2023) -> dict[str, object]:
    rows = json.loads(said.out)["balances"]
    return next(r for r in rows if r["year"] == year and str(r["basis"]).startswith("comtrade"))


# C29: a revised figure


def test_c29_a_revised_figure_replaces_the_first_and_the_table_says_so(
    detente: Run, home: Path
) -> None:
    comtrade(home / "TradeData_1.csv", 124817e6)
    comtrade(home / "TradeData_2_revised.csv", 125500e6)
    detente("data", "add", "comtrade", "TradeData_1.csv")
    added = detente("data", "add", "comtrade", "TradeData_2_revised.csv")
    assert "replaced 2 rows of trade of comtrade H6 TradeData_1 (TradeData_1.csv" in added.out
    said = detente("balance", "KOR", "CHN", "--years", "2023", "--out", "rows.csv")
    text = " ".join(said.out.split())
    assert "of two files that disagree, the one added later counts: 125.5 (TradeData_2_rev" in text
    assert "before 124.8 (TradeData_1.csv, added 20" in text
    found = json.loads(detente("balance", "KOR", "CHN", "--years", "2023", "--format", "json").out)
    (revised,) = found["about"]["replaced"]
    assert (revised["counts"]["value"], revised["before"][0]["value"]) == (125500.0, 124817.0)
    row = pd.read_csv(home / "rows.csv").set_index("basis").loc["comtrade, reported by KOR"]
    assert row.exports == 125500.0 and "before 124.8 (TradeData_1.csv" in row.replaced


def test_c29_what_was_added_can_be_removed_and_the_first_counts_again(
    detente: Run, home: Path
) -> None:
    for name, exports in (("one.csv", 124817e6), ("two.csv", 125500e6)):
        assert detente("data", "add", "comtrade", str(comtrade(home / name, exports))).code == 0
    gone = detente("data", "remove", "comtrade", "H6", "two")
    assert gone.out == "removed comtrade H6 two: 2 rows of trade, 2023-2023\n"
    again = detente("balance", "KOR", "CHN", "--years", "2023", "--format", "json")
    assert shown(again)["exports"] == 124817.0
    assert not json.loads(again.out)["about"]["replaced"]


# Further inputs of the kind


def test_the_order_of_adding_counts_and_not_that_of_names_or_editions(
    detente: Run, home: Path
) -> None:
    """The later file sorts before the first, and its older classification too."""
    detente("data", "add", "comtrade", str(comtrade(home / "z.csv", 124817e6)))
    later = comtrade(home / "a.csv", 125500e6, nomenclature="H5")
    detente("data", "add", "comtrade", str(later))
    said = detente("balance", "KOR", "CHN", "--years", "2023", "--format", "json")
    assert shown(said)["exports"] == 125500.0
    claims = Record.open().yearly("KOR", "CHN", "exports", "comtrade")
    assert claims.at(2023).value == 125500.0


def test_one_file_under_two_names_is_counted_once_and_no_disagreement(
    detente: Run, home: Path
) -> None:
    for name in ("download.csv", "download (1).csv"):
        detente("data", "add", "comtrade", str(comtrade(home / name, 124817e6)))
    said = detente("balance", "KOR", "CHN", "--years", "2023")
    assert "disagree" not in said.out
    assert len(Store.open().query("select * from trade where source = 'comtrade'")) == 2


@pytest.mark.usefixtures("home")
def test_months_added_twice_do_not_make_a_year_of_double_size(detente: Run) -> None:
    store = Store.open()
    store.put(
        "months", "monthly", {"trade": months(1000.0)}, ABOUT, part="2018", files={"a.csv": ""}
    )
    revised = months(1100.0, last="2018-02")
    store.put("months", "monthly", {"trade": revised}, ABOUT, part="early", files={"b.csv": ""})
    said = detente("balance", "KOR", "CHN", "--years", "2018", "--format", "json")
    found = json.loads(said.out)
    row = next(one for one in found["balances"] if one["basis"] == "us customs")
    assert (row["exports"], row["imports"]) == (12200.0, 10800.0)
    (revision,) = found["about"]["replaced"]
    assert revision["months"] == ["2018-01", "2018-02"]
    assert "2018-01 and 2018-02, us customs, exports: of two files" in revision["sentence"]
    assert "counts: 2.2 (b.csv, added" in revision["sentence"]
    assert "before 2.0 (a.csv, added" in revision["sentence"]


def test_a_month_of_arrivals_added_again_is_no_error(home: Path) -> None:
    store = Store.open()
    for part, persons in (("2019-05", 400.0), ("2019-05 final", 410.0)):
        row = {"destination": "KOR", "nationality": "CHN", "purpose": "total",
               "month": "2019-05-01", "persons": persons}  # fmt: skip
        store.put("kto", "monthly", {"arrivals": pd.DataFrame([row])}, ABOUT, part=part)
    assert read_arrivals(None).loc["2019-05", "CHN"] == 410.0


def test_two_versions_of_a_world_by_product_are_never_added_up(home: Path) -> None:
    """The later one counts for the whole year, products that it dropped included."""
    store = Store.open()
    harmonised = {"basis": "harmonised", "product": "854231"}
    old = [trade(10.0, **harmonised), trade(5.0, **{**harmonised, "product": "854232"})]
    other = trade(10.0, reporter="JPN", **harmonised)
    store.put("baci", "HS17 V202501", {"trade": pd.concat([*old, other])}, ABOUT, part="2015")
    store.put("baci", "HS12 V202401", {"trade": trade(8.0, **harmonised)}, ABOUT, part="2015")
    items = item_shares(store, "CHN", "KOR").set_index("product")
    assert list(items.index) == ["854231"] and items.imports["854231"] == 8.0
    assert store.query("select sum(value) as v from trade where source = 'baci'").v[0] == 8.0


def test_products_in_another_classification_are_replaced_together(home: Path) -> None:
    store = Store.open()
    store.put("comtrade", "H5", {"trade": pd.concat(
        [
                    trade(100.0),
                    trade(60.0, product="854231", note="UN Comtrade, H5"),
                    trade(70.0, product="85", note="UN Comtrade, HS chapters"),
                ])}, ABOUT, part="a")  # fmt: skip
    store.put("comtrade", "H6", {"trade": trade(61.0, product="854239")}, ABOUT, part="b")
    store.put("comtrade", "H6", {"trade": trade(7.0, product="0101")}, ABOUT, part="c")
    rows = store.query("select product, value from trade where source = 'comtrade' order by 1")
    assert list(rows.itertuples(index=False, name=None)) == [
        ("0101", 7.0), ("85", 70.0), ("854239", 61.0), ("total", 100.0),
    ]  # fmt: skip


def test_indicators_of_two_downloads_are_one_series(home: Path) -> None:
    store = Store.open()
    for edition, value in (("2025-07-01", 1.71e12), ("2024-03-01", 1.72e12)):
        row = {"country": "KOR", "indicator": "NY.GDP.MKTP.CD", "year": 2023, "value": value,
               "unit": "US$"}  # fmt: skip
        store.put("wdi", edition, {"indicators": pd.DataFrame([row])}, ABOUT)
    assert store.query("select value from indicators")["value"].tolist() == [1.72e12]


def test_tables_of_one_year_in_two_editions_do_not_mix(home: Path) -> None:
    store = Store.open()
    for edition, industry in (("2025", "C26"), ("2023", "C26T")):
        io = pd.DataFrame([{"year": 2018, "origin": "KOR", "origin_sector": industry,
                            "destination": "CHN", "use": industry, "value": 1.0}])  # fmt: skip
        account = pd.DataFrame(
            [{"year": 2018, "country": "KOR", "sector": industry, "item": "VA", "value": 2.0}]
        )
        tables = {"io": io, "io_account": account}
        store.put("icio", edition, tables, ABOUT, part="2018")
    for table in ("io", "io_account"):
        assert store.query(f"select edition from {table}").edition.tolist() == ["2023"]
    store.remove("icio", "2023")
    assert store.query("select edition from io").edition.tolist() == ["2025"]


def test_tariffs_scores_distances_and_votes_stand_once(home: Path) -> None:
    rows = {
        "tariffs": {"year": 2021, "origin": "CHN", "destination": "KOR", "sector": "030617",
                    "kind": "mfn", "rate": 0.2},
        "restrictions": {"year": 2024, "country": "KOR", "sector": "telecommunication",
                         "policy_area": "CLAS1_1", "score": 0.05},
        "gravity": {"year": None, "origin": "KOR", "destination": "CHN", "variable": "dist",
                    "value": 952.0},
        "alignment": {"country": "KOR", "year": 2019, "session": 74, "ideal_point": 0.5},
        "flows": {"year": 2018, "origin": "KOR", "destination": "CHN", "sector": "C26",
                  "value": 1.0},
    }  # fmt: skip
    store = Store.open()
    later = {
        "restrictions": {"policy_area": "Barriers to competition"},
        "flows": {"sector": "C26T"},
    }
    for table, row in rows.items():
        store.put("s", "1", {table: pd.DataFrame([row])}, ABOUT, part=f"{table} 1")
        new = row | later.get(table, {})
        store.put("s", "2", {table: pd.DataFrame([new])}, ABOUT, part=f"{table} 2")
        assert store.query(f"select edition from {table}").edition.tolist() == ["2"], table
        assert len(store.history(f"select * from {table}")) == 2


def test_sources_stand_beside_each_other_as_before(home: Path) -> None:
    store = Store.open()
    for source in ("wits", "tariff-lines"):
        store.put(source, "1", {"trade": trade(1.0)}, ABOUT)
    assert len(store.query("select * from trade where source <> 'record'")) == 2


def test_three_downloads_and_a_clock_set_back(home: Path, detente: Run) -> None:
    for name, exports in (("1", 124817e6), ("2", 124900e6), ("3", 125500e6)):
        detente("data", "add", "comtrade", str(comtrade(home / f"{name}.csv", exports)))
        catalog = home / "home" / "store" / "catalog.json"
        content = json.loads(catalog.read_text())
        content["entries"][-1]["added"] = "2099-01-01T00:00:00+00:00"
        catalog.write_text(json.dumps(content))
    said = detente("balance", "KOR", "CHN", "--years", "2023")
    text = " ".join(said.out.split())
    assert "of 3 files that disagree, the one added later counts: 125.5 (3.csv" in text
    assert "before 124.8 (1.csv, added 2099-01-01 00:00) and 124.9 (2.csv" in text


def test_two_files_of_one_name_in_one_command_are_refused(detente: Run, home: Path) -> None:
    for folder, exports in (("a", 124817e6), ("b", 125500e6)):
        (home / folder).mkdir()
        comtrade(home / folder / "TradeData.csv", exports)
    said = detente("data", "add", "comtrade", "a/TradeData.csv", "b/TradeData.csv")
    assert said.code == 2 and said.err.count("\n") == 1
    assert "stored as the same part, 'comtrade H6 TradeData': rename one of them" in said.err
    assert Store.open().contents() == []
    assert detente("data", "add", "comtrade", "a/TradeData.csv").code == 0
    added = detente("data", "add", "comtrade", "b/TradeData.csv")
    assert "replaced all 2 rows of trade of comtrade H6 TradeData (TradeData.csv" in added.out


# Showing and removing


def test_an_addition_is_shown_with_its_files_and_first_rows(detente: Run, home: Path) -> None:
    for name, exports in (("one.csv", 124817e6), ("two.csv", 125500e6)):
        detente("data", "add", "comtrade", str(comtrade(home / name, exports)))
    (one, two) = json.loads(detente("data", "show", "comtrade", "--format", "json").out)["stored"]
    assert one["replaced"] == {"trade": 2} and "comtrade H6 two (two.csv" in one["replaced_by"][0]
    assert (two["replaced"], two["replaced_by"]) == ({}, [])
    first = two["first_rows"]["trade"][0]
    assert (first["value"], first["flow"], first["quantity"]) == (125500.0, "exports", None)
    said = detente("data", "show", "comtrade", "H6", "one").out
    assert f"file: one.csv (SHA-256 {one['files']['one.csv']})" in said
    assert "replaced: 2 of 2 rows of trade no longer count" in said
    assert "KOR | CHN | exports | total | A | 2023-01-01 | 124817.0 | comtrade" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("comtrde",), "nothing of the source 'comtrde' is in the store; did you mean 'comtrade'?"),
        (("comtrade", "H66"), "nothing of comtrade of the edition 'H66' is in the store; did you"),
        (("comtrade", "H6", "on"), "of the part 'on' is in the store; did you mean 'one'?"),
        (("comtrade",), "2 additions are meant (comtrade H6 one; comtrade H6 two); name the"),
    ],
)
def test_what_is_not_one_addition_is_not_removed(
    detente: Run, home: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    for name in ("one.csv", "two.csv"):
        detente("data", "add", "comtrade", str(comtrade(home / name, 124817e6)))
    said = detente("data", "remove", *arguments)
    assert said.code == 2 and sentence in said.err and said.err.count("\n") == 1
    assert len(Store.open().contents()) == 2
    if sentence.startswith("2 additions"):
        assert detente("data", "remove", *arguments, "--all").code == 0
        assert Store.open().contents() == []
        assert not list((home / "home" / "store" / "content").iterdir())


def test_nothing_is_removed_from_a_store_that_is_not_there(detente: Run, home: Path) -> None:
    said = detente("data", "remove", "wdi")
    assert said.err == (
        "detente: nothing of the source 'wdi' is in the store; nothing has been added.\n"
    )
    assert not (home / "home" / "store").exists()


def test_a_removal_that_cannot_be_written_leaves_all_as_it_was(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open()
    store.put("comtrade", "H6", {"trade": trade(1.0)}, ABOUT)

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(DataError, match=r"could not be written \(No space left.*as it was"):
        store.remove("comtrade")
    monkeypatch.undo()
    assert len(Store(store.root).query("select * from trade where source = 'comtrade'")) == 1
    assert sorted(path.name for path in store.root.iterdir()) == [
        "catalog.json", "content", "write.lock",
    ]  # fmt: skip


def test_a_world_is_built_of_the_edition_added_last(home: Path) -> None:
    store = Store.open()
    cell = {"year": 2018, "origin": "KOR", "origin_sector": "C26", "destination": "CHN",
            "use": "C26", "value": 1.0}  # fmt: skip
    added = {"year": 2018, "country": "KOR", "sector": "C26", "item": "VA", "value": 1.0}
    for edition in ("2025", "2023"):
        tables = {"io": pd.DataFrame([cell]), "io_account": pd.DataFrame([added])}
        store.put("icio", edition, tables, ABOUT, part="2018")
        assert _edition(store, "icio", 2018) == edition


def test_what_two_additions_share_are_columns_of_their_tables() -> None:
    tables = {name: {column.name for column in columns} for name, columns in canonical().items()}
    assert CELL.keys() <= tables.keys()
    assert all(set(cell) <= tables[name] for name, cell in CELL.items())
