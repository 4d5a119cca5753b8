"""The embedded store: typed views, whole or not at all, and the record that ships."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from detente._core import DataError
from detente.data.bases import NATIONAL_BASES
from detente.data.canonical import canonical
from detente.data.store import shipped_record, Store
from tools.record_sources import read_annual


ABOUT = {"licence": "CC BY 4.0", "attribution": "A statistical office", "unit": "US$"}


SHIPPED = [pd.read_csv(path) for path in shipped_record()]


def gdp(value: float, year: int = 2020, rows: int = 1) -> pd.DataFrame:
    return pd.DataFrame(
        {"country": ["KOR"] * rows, "indicator": "gdp", "year": year, "value": value, "unit": "US$"}
    )


def values(store: Store) -> list[float]:
    return list(store.query("select value from indicators order by value")["value"])


def test_an_empty_store_has_typed_tables_and_the_shipped_record(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "none")
    assert store.contents() == []
    for table, columns in canonical().items():
        frame = store.query(f"select * from {table} where source <> 'record'")
        assert list(frame) == [*(column.name for column in columns), "source", "edition"]
        assert frame.empty
    assert str(store.query("select period from trade").period.dtype).startswith("datetime64")
    assert not (tmp_path / "none").exists(), "reading writes nothing"


def test_the_record_keeps_gaps_books_and_sources() -> None:
    rows = Store.open(Path("nowhere")).query("select * from trade where source = 'record'")
    rows["year"] = rows.period.dt.year
    compiled = rows[~rows.note.str.contains("BTIGE")]
    korean = compiled[compiled.basis == "korean customs"].set_index(["year", "flow"]).sort_index()
    assert korean.value[2018, "exports"] == 162125.06, "KITA: surplus of 55.636 billion"
    assert korean.value[2018, "exports"] - korean.value[2018, "imports"] == pytest.approx(
        55636, abs=1
    )
    assert 2020 not in korean.index.get_level_values(0), "not found, and so not filled"
    assert (2024, "imports") not in korean.index
    assert korean.status[2023, "exports"] == "rounded"
    assert korean.status[2021, "imports"] == "derived"
    assert set(compiled.basis) == {"korean customs", "chinese customs"}
    assert set(rows.basis) == set(NATIONAL_BASES.values())
    assert rows.note.str.len().min() > 20, "every figure says where it is from"
    for once in (compiled, rows.drop(compiled.index)):
        assert not once.duplicated(["reporter", "partner", "flow", "period", "basis"]).any()


@pytest.mark.parametrize(
    ("exporter", "importer", "year", "billion"),
    [
        # OECD, BTIGE; those of Korea to 2024 and of China from 2022 are within 0.2 % of the figures
        # that their customs publish (KITA: 162.9, 155.8, 124.8, 133.0).
        ("KOR", "CHN", 2021, 162.9), ("KOR", "CHN", 2022, 155.8), ("KOR", "CHN", 2023, 124.7),
        ("KOR", "CHN", 2024, 132.9), ("CHN", "KOR", 2023, 149.0), ("CHN", "KOR", 2024, 146.2),
        ("KOR", "USA", 2024, 128.4), ("TWN", "USA", 2024, 111.4), ("JPN", "CHN", 2025, 120.5),
    ],
)  # fmt: skip
def test_exports_are_those_of_the_exporters_own_book(
    exporter: str, importer: str, year: int, billion: float
) -> None:
    rows = Store.open(Path("nowhere")).query(
        "select value, basis, status from trade where source = 'record' and note like '%BTIGE%' "
        "and flow = 'exports' and reporter = ? and partner = ? and year(period) = ?",
        [exporter, importer, year],
    )
    assert len(rows) == 1 and rows.status[0] == "derived"
    assert rows["value"][0] / 1000 == pytest.approx(billion, abs=0.05)
    assert rows.basis[0] == NATIONAL_BASES[exporter]


@pytest.mark.shared
def test_the_shipped_record_is_made_by_the_tool(raw_directory: Path, tmp_path: Path) -> None:
    from importlib import resources

    from tools.record import FILES

    for name, (read, source) in FILES.items():
        read(raw_directory / source).to_csv(tmp_path / name, index=False, lineterminator="\n")
        shipped = resources.files("detente") / "library" / "record" / name
        assert shipped.read_bytes() == (tmp_path / name).read_bytes(), name


def test_a_compilation_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "annual.csv"
    head = "year,exports_musd,imports_musd,balance_musd,china_reported_exports_to_korea_musd"
    path.write_text(f"{head},china_reported_imports_from_korea_musd\n2001,10,4,7,,\n")
    with pytest.raises(DataError, match="a balance for 2001 that is not exports less imports"):
        read_annual(path)
    path.write_text(f"{head}\n2001,10,4,6,\n")
    with pytest.raises(DataError, match="should have the column 'china_reported_imports"):
        read_annual(path)


def test_put_replaces_the_same_part_and_keeps_others(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    store.put("wdi", "2024", {"indicators": gdp(1.0)}, ABOUT, files={"a.csv": "00ff"})
    store.put("wdi", "2024", {"indicators": gdp(2.0, 2021)}, ABOUT, part="2021")
    store.put("wdi", "2024", {"indicators": gdp(3.0)}, ABOUT)
    assert values(Store.open(tmp_path)) == values(store) == [2.0, 3.0]
    first, second = store.contents()
    assert (first.part, second.part, second.years) == ("", "2021", (2021, 2021))
    assert (first.tables, first.licence, first.about) == (
        {"indicators": 1}, "CC BY 4.0", {"unit": "US$"},
    )  # fmt: skip
    assert len(list((tmp_path / "content").iterdir())) == 2, "what was replaced is gone"
    assert set(store.query("select source, edition from indicators").edition) == {"2024"}


def test_a_table_may_come_as_a_file(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store")
    store.put("wdi", "1", {"indicators": gdp(5.0)}, ABOUT)
    written = next((tmp_path / "store" / "content").rglob("indicators.parquet"))
    store.put("other", "1", {"indicators": written}, ABOUT)
    assert values(store) == [5.0, 5.0]


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ({}, "there is nothing of 'wdi' to store"),
        ({"indicator": gdp(1.0)}, "there is no table 'indicator'; did you mean 'indicators'"),
        ({"indicators": gdp(1.0).drop(columns="unit")}, "'indicators' needs the columns unit"),
        ({"indicators": gdp(1.0).assign(uni=1)}, "has no column 'uni'; did you mean 'unit'"),
        ({"indicators": gdp(float("nan"))}, "1 rows for the table 'indicators' lack a value"),
        ({"indicators": gdp(1.0).assign(year="then")}, "'indicators' cannot be stored: "),
        (
            {"trade": SHIPPED[0].assign(basis="korean custom")},
            "'trade' cannot be stored: 'korean custom' is no accounting basis; did you mean 'korean",
        ),
    ],
)
def test_what_does_not_fit_leaves_the_store_as_it_was(
    tmp_path: Path, tables: dict[str, pd.DataFrame], sentence: str
) -> None:
    store = Store.open(tmp_path)
    store.put("wdi", "2024", {"indicators": gdp(1.0)}, ABOUT)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(DataError, match=sentence):
        store.put("wdi", "2024", tables, ABOUT)
    assert values(Store.open(tmp_path)) == [1.0]
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_bad_queries_and_damaged_catalogs_are_sentences(tmp_path: Path) -> None:
    store = Store.open(tmp_path)
    with pytest.raises(DataError, match=r"the query cannot be answered .*; the tables are trade,"):
        store.query("select * from trades")
    store.put("wdi", "2024", {"indicators": gdp(1.0)}, ABOUT)
    catalog = tmp_path / "catalog.json"
    whole = catalog.read_text()
    catalog.write_text(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"catalog\.json is damaged, so that the store cannot be"):
        Store.open(tmp_path)
    catalog.write_text(json.dumps({"format": 99, "entries": []}))
    with pytest.raises(DataError, match="has format 99, and this version reads format 1"):
        Store.open(tmp_path)


def test_a_directory_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataError, match=r"the store in .*file could not be written \(.*as it was"):
        Store(tmp_path / "file").put("wdi", "2024", {"indicators": gdp(1.0)}, ABOUT)


WRITER = """
import sys, pandas as pd
from pathlib import Path
from detente.data.store import Store

store = Store.open(Path(sys.argv[1]))
for number in range(1, 10_000):
    frame = pd.DataFrame(
        {"country": [f"K{row}" for row in range(20_000)], "indicator": "gdp", "year": 2020,
         "value": float(number), "unit": "US$"}
    )
    store.put("wdi", "2024", {"indicators": frame}, {"round": str(number)})
    print(number, flush=True)
"""


def test_a_killed_writer_leaves_the_old_content(tmp_path: Path) -> None:
    """Killed at many points of a write: what is there is whole, and of a round that was begun."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    for pause in (0.0, 0.01, 0.02, 0.03, 0.05):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, env=environment
        )
        assert writer.stdout is not None
        done = int(writer.stdout.readline())
        time.sleep(pause)
        writer.send_signal(signal.SIGKILL)
        done = max([done, *map(int, writer.stdout.read().split())])
        writer.wait()
        writer.stdout.close()
        store = Store.open(tmp_path)
        (entry,) = store.contents()
        found = store.query("select value, count(*) as rows from indicators group by value")
        assert found.rows.tolist() == [20_000]
        assert found["value"].iloc[0] == float(entry.about["round"])
        assert done <= float(entry.about["round"]) <= done + 1
    store.put("wdi", "2024", {"indicators": gdp(1.0)}, ABOUT)
    assert values(store) == [1.0]
    assert len(list((tmp_path / "content").iterdir())) == 1, "what died is swept by the next write"
