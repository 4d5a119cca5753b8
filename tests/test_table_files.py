"""Files of input-output tables as people keep them: read right, or refused in one true sentence."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from detente import DataError
from detente.data.canonical import quoted
from detente.data.sources import add, limits
from detente.data.sources.economies import from_adb
from detente.data.sources.years import year_in_name
from detente.data.store import Store

from . import source_files as files


SMALL = ("KOR", "CHN", "ROW")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def refused(store: Store, source: str, path: Path) -> str:
    """The one sentence with which a file is refused; nothing of it is stored."""
    before = store.contents()
    with pytest.raises(DataError) as caught:
        add(source, [path], store)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert path.name in sentence
    assert store.contents() == before
    return sentence


C19 = [
    ("ICIO2023_2018.csv", "2023", 2018),
    ("ICIO2025_2018.csv", "2025", 2018),
    ("ICIO2025_2018.csv", "2023", 2018),
    ("ICIO2021_2018.csv", "2023", 2018),
    ("ICIO_2018_2023.csv", "2023", 2018),
    ("2018_SML.csv", "2025", 2018),
    ("2018.csv", "2023", 2018),
    ("2018_SML (edition 2023).csv", "2025", 2018),
    ("oecd-icio-ed2025-2018.csv", "2025", 2018),
    ("icio_2018_downloaded_2024-03-11.csv", "2025", 2018),
    ("ICIO2023_2018_November 2021.csv", "2025", 2018),
]


@pytest.mark.parametrize(("name", "edition", "year"), C19)
def test_c19_the_year_of_a_name_is_not_its_edition(
    name: str, edition: str, year: int, tmp_path: Path, store: Store
) -> None:
    files.icio(tmp_path / name, edition=edition, countries=SMALL)
    (entry,) = add("icio", [tmp_path / name], store)
    assert (entry.edition, entry.part, entry.years) == (edition, str(year), (year, year))


@pytest.mark.parametrize(
    ("name", "edition", "sentence"),
    [
        ("ICIO_2018_2023.csv", "2025", "the years 2018 and 2023, and it cannot be told"),
        ("2016-2020_SML.csv", "2023", "the years 2016 and 2020, and it cannot be told"),
        ("2018 or 2019.csv", "2023", "the years 2018 and 2019, and it cannot be told"),
        ("ICIO2023.csv", "2023", "the year 2023, and it cannot be told"),
        ("2025.csv", "2025", "the year 2025, and it cannot be told"),
        ("SML_ed2023.csv", "2023", "the year 2023, and it cannot be told"),
        ("SML.csv", "2023", "is not in its name; keep the publisher's name, such as 2020_SML.csv"),
    ],
)
def test_c19_a_name_that_does_not_tell_the_year_is_asked_for_it(
    name: str, edition: str, sentence: str, tmp_path: Path, store: Store
) -> None:
    files.icio(tmp_path / name, edition=edition, countries=("KOR", "ROW"))
    assert sentence in refused(store, "icio", tmp_path / name)


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("ADB-MRIO-2018_September 2024", 2018),
        ("ADB-MRIO72-2024_August 2025", 2024),
        ("ADB-MRIO-2024-August 2025", 2024),
        ("ADB-MRIO62-2018_Dec2022", 2018),
        ("Mar2022 ADB-MRIO-2017", 2017),
        ("2025-08-01 ADB MRIO 2020", 2020),
        ("Decomposition_2011", 2011),
        ("WIOT2014_October16_ROW", 2014),
    ],
)
def test_dates_in_names_are_no_years_of_tables(name: str, year: int) -> None:
    assert year_in_name(Path(f"{name}.csv"), "an example") == year


def test_a_former_edition_is_refused_by_its_name(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "ICIO2021_2018.csv"
    files.icio(path, countries=("KOR", "ROW"))
    text = path.read_text()
    for first, edition in (("01T02", "2021"), ("D01T03", "2018")):
        path.write_text(text.replace("A01_02", first))
        assert f"'{first}' is of the edition of {edition}" in refused(store, "icio", path)
    path.write_text(text.replace("KOR_", "KRX_"))
    assert "unknown economy 'KRX'" in refused(store, "icio", path)
    lines = text.splitlines(keepends=True)
    path.write_text("".join([*lines, next(line for line in lines if line.startswith("VA,"))]))
    assert "has the label 'VA' twice" in refused(store, "icio", path)
    # The regions of extended tables are parts of China and Mexico, and no others are.
    path.write_text(text.replace("KOR_", "CN3_"))
    assert "unknown economy 'CN3'" in refused(store, "icio", path)


def decimal_commas(path: Path, separator: str = ";", header: str | None = None) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    body = [line.replace(",", separator).replace(".", ",") for line in lines]
    path.write_text("\n".join([header or body[0], *body[1:]]) + "\n", encoding="utf-8")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_and_decimal_commas_give_the_same_table(
    separator: str, tmp_path: Path, store: Store
) -> None:
    paths = [tmp_path / "2018.csv", tmp_path / "2019.csv"]
    for path in paths:
        files.icio(path, countries=SMALL)
    decimal_commas(paths[1], separator)
    add("icio", paths, store)
    sums = store.query("select sum(value) as v, count(*) as n from io group by year")
    assert sums.v.iloc[0] == pytest.approx(sums.v.iloc[1], rel=1e-12)
    assert sums.n.iloc[0] == sums.n.iloc[1]
    text = paths[1].read_text()
    paths[1].write_text(text.replace("1,", "1.", 5000))
    assert "with commas and with points" in refused(store, "icio", paths[1])


def test_a_wide_table_in_another_encoding_or_without_end_is_refused(
    tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "2018_SML.csv"
    files.icio(path, countries=("KOR", "ROW"))
    text = path.read_text()
    path.write_text(text, encoding="utf-16")
    assert "is not UTF-8 text" in refused(store, "icio", path)
    path.write_text(re.sub(r"\nKOR_B07_08,[^,]*,", "\nKOR_B07_08,NA,", text))
    assert "line 5, column 2: 'NA' is not a number" in refused(store, "icio", path)
    path.write_text("V1," + ",".join(f"KOR_{n}" for n in range(30_000)) + ",OUT\n")
    assert "30,002 columns" in refused(store, "icio", path)
    for start in ("", text[: text.index("\n") + 1]):
        path.write_text(start + "1," * (limits.LONGEST_LINE // 2 + 10))
        assert "a line of more than 16 million bytes" in refused(store, "icio", path)


ADDED = ("ARG", "ARM", "COL", "ECU", "EGY", "GEO", "KUW", "NZL", "SAU", "UAE")


def adb_book(path: Path, sheets: Callable[[str], dict[str, str]], **terms: object) -> np.ndarray:
    """A workbook made of the sheet of a table; `sheets` lays it out among others."""
    sheet = path.with_suffix(".sheet")
    table = files.adb(sheet, **terms)  # pyright: ignore[reportArgumentType]
    files.book(path, sheets(sheet.read_text()))
    return table


def test_c17_a_table_of_the_current_edition_with_a_date_in_its_name(
    tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "ADB-MRIO-2018_September 2024.xlsx"
    economies = ("KOR", "PRC", *ADDED, "RoW")
    table = adb_book(
        path, lambda sheet: {"ADB MRIO 2018": sheet, "Legend": "Code,Economy\nKOR,Korea"},
        economies=economies, title="Multiregional Input-Output Table 2018",
    )  # fmt: skip
    (entry,) = add("adb-mrio", [path], store)
    assert (entry.edition, entry.years) == ("13 economies", (2018, 2018))
    size, prc = len(table), slice(35, 70)
    final = slice(size + 5, size + 10)
    truth = table[:35, prc].sum() + table[:35, final].sum()
    pair = "select sum(value) as v from io where origin = 'KOR' and destination = 'CHN'"
    assert store.query(pair).v.iloc[0] == pytest.approx(truth, rel=1e-8)
    here = set(store.query("select distinct origin as o from io").o)
    assert {"ARE", "KWT", "SAU", "ARM"} <= here and "KUW" not in here


@pytest.mark.parametrize("before", [("Legend",), ("Notes", "Contents", "Legend")])
def test_c17_the_sheet_is_found_by_its_content(
    before: tuple[str, ...], tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "ADB-MRIO-2019.xlsx"
    legend = "Code,Economy\nKOR,Korea\nc1,Agriculture\nF5,Inventories"
    adb_book(path, lambda sheet: {**dict.fromkeys(before, legend), "Table": sheet}, title="Table")
    (entry,) = add("adb-mrio", [path], store)
    assert entry.years == (2019, 2019)
    world = store.query("select sum(value) as v from io").v.iloc[0]
    assert world == pytest.approx(files.WORLD, rel=1e-6)


def test_c17_codes_and_numbers_above_the_labels_do_not_hide_them(
    tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "ADB-MRIO-LAC-2017_Mar2022-2.xlsx"
    adb_book(
        path, lambda sheet: {"ADB MRIO 2017": sheet}, economies=("KOR", "PRC", "BOL", "PAR", "ROW"),
        title="Multiregional Input-Output Table 2017\n5 economies\nIn millions of US$\n\n,,,,0001,0002",
    )  # fmt: skip
    (entry,) = add("adb-mrio", [path], store)
    assert entry.years == (2017, 2017)
    assert {"BOL", "PRY"} <= set(store.query("select distinct origin as o from io").o)


@pytest.mark.parametrize(
    ("name", "title", "economies", "sentence"),
    [
        ("ADB-MRIO-2018.xlsx", "", ("KOR", "XYZ", "RoW"), "unknown economy 'XYZ'"),
        ("ADB-MRIO-2018.xlsx", "", ("KOR", "PRC", "CHN", "RoW"), "'CHN_c1' 2 times"),
        ("ADB-MRIO-2018.xlsx", "", ("KOR", "RoW", "ROW"), "'ROW_c1' 2 times"),
        ("ADB-MRIO-2018.xlsx", "Multiregional Input-Output Table 2019", ("KOR", "RoW"),
         "has the title of a table of 2019, and its name says 2018"),
        ("ADB MRIO 2020, at constant 2010 prices.xlsx", "", ("KOR", "RoW"), "at constant prices"),
        ("ADB-MRIO-2020.xlsx", "63 economies at constant 2010 prices", ("KOR", "RoW"),
         "at constant prices"),
        ("ADB-MRIO-2018-2024.xlsx", "", ("KOR", "RoW"), "the years 2018 and 2024, and it cannot"),
        ("September 2024.xlsx", "", ("KOR", "RoW"), "the year 2024, and it cannot be told"),
    ],
)  # fmt: skip
def test_c17_a_table_that_is_not_understood_is_refused(
    name: str, title: str, economies: tuple[str, ...], sentence: str, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / name
    adb_book(path, lambda sheet: {"Table": sheet}, economies=economies, title=title)
    assert sentence in refused(store, "adb-mrio", path)


def test_c17_two_tables_in_a_workbook_or_none_are_refused(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "ADB-MRIO-2018.xlsx"
    adb_book(path, lambda sheet: {"2018": sheet, "2019": sheet}, economies=("KOR", "RoW"))
    assert "has 2 tables, in the sheets 2018, 2019" in refused(store, "adb-mrio", path)
    files.book(path, {"Legend": "Code,Economy\nKOR,Korea"})
    assert "no row with the codes c1" in refused(store, "adb-mrio", path)


def test_a_sheet_saved_with_decimal_commas_is_not_ten_times_the_table(
    tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "ADB-MRIO-2018.csv"
    files.adb(path, economies=("KOR", "RoW"), title="Title")
    text = path.read_text()
    decimal_commas(path, header="Title;")
    add("adb-mrio", [path], store)
    world = store.query("select sum(value) as v from io").v.iloc[0]
    assert world == pytest.approx(files.WORLD, rel=1e-6)
    cell = text.splitlines()[4].split(",")[6]
    path.write_text(text.replace(f",{cell},", f',"{cell.replace(".", ",")}",', 1))
    assert "is not a number" in refused(store, "adb-mrio", path)


@pytest.mark.parametrize("code", ["r64", "r69", "c1"])
@pytest.mark.parametrize(
    "change", [lambda row: [*row[:7], "7", *row[7:]], lambda row: row[:7] + row[8:]]
)
def test_a_row_with_a_cell_too_many_or_too_few_is_not_moved_along(
    code: str, change: Callable[[list[str]], list[str]], tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "ADB-MRIO-2022.csv"
    files.adb(path, economies=("KOR", "RoW"), title="Title")
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    at = next(n for n, row in enumerate(rows) if code in row[:4])
    rows[at] = change(rows[at])
    path.write_text("\n".join(map(",".join, rows)), encoding="utf-8")
    assert f"row {code} has {len(rows[at])} cells" in refused(store, "adb-mrio", path)


def test_codes_of_the_bank_are_no_codes_of_other_economies() -> None:
    iso = {code for code in from_adb().values() if len(code) == 3}
    assert {code: to for code, to in from_adb().items() if code in iso and to != code} == {}
    first = ("AUS", "SWI", "PRC", "GER", "DEN", "SPA", "UKG", "INO", "IRE", "NET", "POR", "ROM",
             "TAP", "BAN", "MAL", "PHI", "VIE", "MON", "SRI", "FIJ", "BRU", "BHU", "CAM", "MLD",
             "NEP", "SIN", "HKG")  # fmt: skip
    assert {*first, *ADDED, "ROW"} <= set(from_adb())


def bomb(path: Path, zeros: int, *, lies: bool = False, sheet: str = "") -> None:
    """A workbook whose sheet unpacks to many times its size; `lies` says in the archive it does not."""
    files.book(path, {"Sheet1": "a,b"})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book:
        name = "xl/worksheets/sheet2.xml"
        with book.open(name, "w", force_zip64=True) as part:
            part.write(sheet.encode())
            for _ in range(zeros):
                part.write(b"0" * 1_000_000)
        if lies:
            book.getinfo(name).file_size = 1000


@pytest.mark.parametrize("lies", [False, True])
def test_a_workbook_that_unpacks_without_end_is_not_unpacked(
    lies: bool, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "ADB-MRIO-2018.xlsx"
    bomb(path, 300, lies=lies)
    assert "far more than a table of its size does" in refused(store, "adb-mrio", path)


def test_a_sheet_with_one_cell_at_its_far_end_is_not_laid_out(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "ADB-MRIO-2018.xlsx"
    bomb(path, 0, sheet='<sheetData><row r="1"><c r="A1"/></row><c r="XFD1048576"/></sheetData>')
    assert "cells as far as row 1,048,576 and column XFD" in refused(store, "adb-mrio", path)


def lying_parquet(path: Path, query: str) -> None:
    """A Parquet file whose footer says that it has 10^12 rows."""
    with duckdb.connect() as connection:
        connection.execute(f"copy ({query}) to {quoted(str(path))} (format parquet)")
    content = path.read_bytes()
    length = int.from_bytes(content[-8:-4], "little")
    footer = content[-8 - length : -8]
    # The rows are a zigzag integer of seven bits a byte, third field of the footer: 4321 and 10^12.
    changed = footer.replace(_varint(4321), _varint(10**12))
    assert changed != footer
    rest = len(changed).to_bytes(4, "little") + b"PAR1"
    path.write_bytes(content[: -8 - length] + changed + rest)


def _varint(number: int) -> bytes:
    rest, found = 2 * number, bytearray()
    while rest >= 128:
        found.append(rest % 128 + 128)
        rest //= 128
    return bytes([*found, rest])


@pytest.mark.parametrize(
    ("source", "columns"),
    [
        ("icio", "2018 as year, 'A01' as sector, 'KOR' as importer, 'CHN' as exporter, 1.0 as value_musd"),
        ("wiod", "'KOR_c1' as row, 1.0 as KOR_c1, 1.0 as output"),
    ],
)  # fmt: skip
def test_parquet_that_lies_about_its_rows_is_refused(
    source: str, columns: str, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "wiot_2010.parquet"
    lying_parquet(path, f"select {columns} from range(4321)")
    assert "says that it has 1,000,000,000,000 rows" in refused(store, source, path)
    path.write_bytes(path.read_bytes()[:-30] + b"PAR1")
    assert "is damaged" in refused(store, source, path)


@pytest.mark.parametrize("code", ["VA", "GO", "TXSP"])
def test_an_account_of_wiod_that_stands_there_twice_is_refused(
    code: str, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / "WIOT2014.csv"
    files.wiod(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, *(one for one in lines if one.startswith(f"{code},"))]))
    assert f"has the row '{code}' twice" in refused(store, "wiod", path)


@pytest.mark.parametrize("suffix", ["xlsb", "xlsx", "RData", "rds", "xls"])
def test_forms_of_wiod_that_are_not_read_name_the_one_that_is(
    suffix: str, tmp_path: Path, store: Store
) -> None:
    path = tmp_path / f"WIOT2014_Nov16_ROW.{suffix}"
    path.write_bytes(b"\x80 nothing")
    said = refused(store, "wiod", path)
    assert "add the Stata file (.dta)" in said or "publishers give CSV or Stata beside it" in said


def test_a_damaged_stata_file_is_refused(tmp_path: Path, store: Store) -> None:
    path = tmp_path / "WIOT2014.dta"
    pd.DataFrame({"a": [1.0, 2.0]}).to_stata(path, write_index=False)
    for size in (3, 60, path.stat().st_size // 2):
        path.write_bytes(path.read_bytes()[:size])
        assert "cannot be read as a Stata file: it is damaged" in refused(store, "wiod", path)


def wiod_2013(path: Path) -> None:
    """The repackaged form of the release of 2013: two economies, 35 industries, 5 final uses."""
    economies, codes = ("KOR", "ROW"), [f"c{n}" for n in range(1, 36)]
    rows = [f"{economy}_{code}" for economy in economies for code in codes]
    names = [*rows, *(f"{economy}_f{n}" for economy in economies for n in range(1, 6))]
    table = np.random.default_rng(4).lognormal(0, 0.1, (70, 80))
    table[:, 70:] *= 20.0
    table *= files.WORLD / 4 / table.sum()
    frame = pd.DataFrame(table, columns=names).assign(row=rows, output=table.sum(1))
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        connection.execute(f"copy frame to {quoted(str(path))} (format parquet)")


@pytest.mark.parametrize(
    "name", ["wiot_2009.parquet", "wiod2013_2009.parquet", "WIOD2013 wiot 2009 April 2012.parquet"]
)
def test_the_year_of_the_release_is_not_that_of_the_table(
    name: str, tmp_path: Path, store: Store
) -> None:
    wiod_2013(tmp_path / name)
    (entry,) = add("wiod", [tmp_path / name], store)
    assert (entry.edition, entry.years) == ("2013", (2009, 2009))


@pytest.mark.parametrize("name", ["wiod2013.parquet", "wiot_1995-2009.parquet"])
def test_a_release_without_the_year_of_its_table_is_asked_for_it(
    name: str, tmp_path: Path, store: Store
) -> None:
    wiod_2013(tmp_path / name)
    assert "it cannot be told from it which year" in refused(store, "wiod", tmp_path / name)
