"""One opener: any encoding, delimiter, decimal sign, workbook or text gives the same table."""

import struct
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from detente._core import DataError
from detente.data.sources import baci, limits
from detente.data.sources.layout import Layout
from detente.data.sources.numerals import decimal_of, to_numbers
from detente.data.sources.opened import open_table
from detente.data.sources.place import FilePlace
from detente.data.sources.typed import open_typed

from .workbooks import sheet


RATES = Layout(
    "a table of rates", {"importer": "importer", "line": "hs"}, {"rate": "rate"},
    optional_numbers={"weight": "weight"}, only={"mode": "0|"}, without=("partner",),
    seen="here", encodings=("cp949",),
)  # fmt: skip
PLAIN = "importer,hs,rate\nKOR,870323,8\nCHN,010121,2.5\n"


def rates(path: Path, content: str | bytes) -> list[float]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return open_table(path, [RATES]).frame.rate.tolist()


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace(",", ";"),
        PLAIN.replace(",", "\t"),
        PLAIN.replace(",", "|"),
        PLAIN.replace(",", ";").replace("2.5", "2,5"),
        PLAIN.replace("2.5", '"2,5"'),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.encode("utf-8-sig"),
        ("Tariffs of 2019\n\n" + PLAIN),
        ("Sheet of Türkiye,,\n,,\n" + PLAIN).encode("cp1252"),
        ("한국의 세율,,\n" + PLAIN).encode("cp949"),
        PLAIN + "\n\nSource: the customs\nUpdated 2024-01-01\n",
        PLAIN + ",,\n,,\n",
        PLAIN.replace("importer,hs,rate", " IMPORTER ,HS, Rate "),
        PLAIN.replace("importer,hs,rate", "importer,hs,rate,note").replace("8\n", "8,x\n").replace(
            "2.5\n", "2.5,y\n"
        ),
        PLAIN.replace("2.5", "2.50E+00"),
    ],
)  # fmt: skip
def test_every_form_of_a_table_gives_the_same_numbers(tmp_path, content) -> None:
    assert rates(tmp_path / "rates.csv", content) == [8.0, 2.5]


def test_a_code_keeps_its_zeros_and_namibia_its_letters(tmp_path) -> None:
    (tmp_path / "a.csv").write_text(PLAIN.replace("CHN", "NA"))
    frame = open_table(tmp_path / "a.csv", [RATES]).frame
    assert frame.importer.tolist() == ["KOR", "NA"]
    assert frame.line.tolist() == ["870323", "010121"]


@pytest.mark.parametrize(
    ("cells", "delimiter", "values"),
    [
        (["0,08", "1,234"], ",", [0.08, 1.234]),
        (["1,234", "12.5"], ",", [1234.0, 12.5]),
        (["1.234,5", "1.234"], ",", [1234.5, 1234.0]),
        (["1,234,567", "1.234"], ",", [1234567.0, 1.234]),
        (["13400,500", "7"], ",", [13400.5, 7.0]),
        (["0,125"], ",", [0.125]),
        (["1 234 567", "1\u202f234,5"], ",", [1234567.0, 1234.5]),
        (["1'234.5"], ",", [1234.5]),
        (["12,500"], ",", [12500.0]),
        (["1.234"], ",", [1.234]),
        (["−5", "..", "-", "", "n/a"], ",", [-5.0, None, None, None, None]),
        (["１２．５"], ",", [12.5]),
    ],
)
def test_the_decimal_sign_is_decided_by_what_can_be_read_in_one_way(
    cells, delimiter, values
) -> None:
    words = pd.Series(cells, index=range(2, 2 + len(cells)), name="rate", dtype="str")
    place = FilePlace(Path("x.csv"))
    found = to_numbers(place, words, decimal_of(place, [words], delimiter))
    assert [None if value != value else value for value in found] == values


@pytest.mark.parametrize(
    ("cells", "delimiter", "said"),
    [
        (["0,08", "2.5"], ",", "mixes decimal points and commas: '0,08' in line 2"),
        (["1,234"], ";", "line 2: '1,234' in the column 'rate' may be in thousands"),
        (["1.234"], ";", "line 2: '1.234' in the column 'rate' may be in thousands"),
        (["5", "12,34,567"], ",", "line 3: '12,34,567' in the column 'rate' is not a number"),
        (["1,2345,678"], ",", "is not a number"),
        (["8 %"], ",", "is not a number"),
        (["(5)"], ",", "is not a number"),
        (["12 b"], ",", "is not a number"),
        (["inf"], ",", "is not a number"),
        (["1e999"], ",", "is not a number"),
        (["."], ",", "is not a number"),
    ],
)
def test_a_number_that_is_not_understood_is_named(cells, delimiter, said) -> None:
    words = pd.Series(cells, index=range(2, 2 + len(cells)), name="rate", dtype="str")
    place = FilePlace(Path("x.csv"))
    with pytest.raises(DataError, match=r"x\.csv") as caught:
        to_numbers(place, words, decimal_of(place, [words], delimiter))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PLAIN.replace("rate", "Rates"), "should have the column 'rate', and has none"),
        ("importer,hs,rate,partner\nKOR,870323,8,CHN\n", "has the column 'partner', which"),
        ("importer,hs,rate,rate\nKOR,870323,8,9\n", "the column 'rate' stands twice"),
        (PLAIN + "USA,870323,2,5\n", "line 4, has 4 cells, and the table has 3 a line"),
        (PLAIN + 'USA,870323,"2', "ends within a line (a quotation is not closed)"),
        (PLAIN + "USA,870323", "ends within a line ('USA,870323')"),
        (PLAIN + "USA,8703\nKOR,1,2\n", "line 4, has 2 cells, and the table has 3 a line"),
        ("importer,hs,rate,mode\nKOR,870323,8,2100\n", "has no rows that are read (mode is not"),
        ("<html><body>Not found</body></html>", "is a web page"),
        ("", "is empty"),
        (b"PK\x03\x04abc", "is a compressed archive"),
        ("x" * 3_000_000, "line of more than 2,000,000 characters"),
        (",".join("c" * 1 for _ in range(40_000)), "has 40,000 columns"),
    ],
)
def test_what_is_no_such_table_is_refused_in_one_sentence(tmp_path, content, said) -> None:
    with pytest.raises(DataError) as caught:
        rates(tmp_path / "rates.csv", content)
    assert said in str(caught.value)


def test_rows_of_another_meaning_are_left_out_and_counted(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("importer,hs,rate,mode\nKOR,870323,8,0\nKOR,870323,5,2100\n")
    opened = open_table(tmp_path / "a.csv", [RATES])
    assert opened.frame.rate.tolist() == [8.0]
    assert opened.about()["left out: mode is not 0"] == "1"
    assert opened.about()["read_as"] == (
        "text in UTF-8, separated by commas, names in line 1, decimal point"
    )


def test_a_byte_of_another_encoding_far_below_is_found(tmp_path) -> None:
    body = "".join(f"KOR,{number:06d},1\n" for number in range(500))
    content = ("importer,hs,rate,name\n" + body.replace(",1\n", ",1,\n")).encode()
    content += "KOR,999999,2,Côte d'Ivoire\n".encode("latin-1")
    assert rates(tmp_path / "a.csv", content)[-1] == 2.0


def test_a_workbook_reads_as_the_text_does_wherever_its_sheet_stands(tmp_path) -> None:
    rows = [["Rates", ""], ["importer", "hs", "rate"], ["KOR", "870323", 8], ["CHN", "010121", 2.5]]
    sheet(tmp_path / "a.xlsx", rows, before=True)
    opened = open_table(tmp_path / "a.xlsx", [RATES])
    assert opened.frame.rate.tolist() == [8.0, 2.5]
    assert opened.read_as == "sheet 'Data' of a workbook, names in row 2, decimal point"
    assert opened.frame.index.tolist() == [3, 4]


def test_a_workbook_that_spans_or_unpacks_to_too_much_is_refused(tmp_path, monkeypatch) -> None:
    sheet(tmp_path / "wide.xlsx", [["importer", "hs", "rate"], ["KOR", "1", 1]])
    with zipfile.ZipFile(tmp_path / "wide.xlsx") as old:
        parts = {one: old.read(one) for one in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(
        b'r="C2"', b'r="XFD1048576"'
    )
    with zipfile.ZipFile(tmp_path / "wide.xlsx", "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    with pytest.raises(DataError, match="has cells as far as row 1,048,576 and column XFD"):
        open_table(tmp_path / "wide.xlsx", [RATES])
    monkeypatch.setattr(limits, "UNPACKED", 1_000_000)
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in {**parts, "xl/media/zeros.bin": bytes(2_000_000)}.items():
            new.writestr(name, content)
    with pytest.raises(DataError, match="unpacks to 2 million bytes or more"):
        open_table(tmp_path / "bomb.xlsx", [RATES])


def test_a_damaged_workbook_stata_or_parquet_file_is_said_to_be_damaged(tmp_path) -> None:
    sheet(tmp_path / "a.xlsx", [["importer", "hs", "rate"], ["KOR", "1", 1]])
    whole = (tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "a.dta").write_bytes(b"\x72\x02\x01\x00" + struct.pack("<hl", 9, 10**9))
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + bytes(50) + b"\xff\xff\xff\x7fPAR1")
    for name in ("a.xlsx", "a.dta", "a.parquet"):
        with pytest.raises(DataError, match="damaged"):
            open_table(tmp_path / name, [RATES])


def test_parquet_and_stata_give_the_same_table(tmp_path) -> None:
    frame = pd.DataFrame({"importer": ["KOR", "CHN"], "hs": ["870323", "010121"], "rate": [8, 2.5]})
    frame.to_stata(tmp_path / "a.dta", write_index=False)
    import duckdb

    duckdb.sql(f"copy (select * from frame) to '{tmp_path / 'a.parquet'}' (format parquet)")
    for name in ("a.dta", "a.parquet"):
        found = open_table(tmp_path / name, [RATES]).frame
        assert found.rate.tolist() == [8.0, 2.5]
        assert found.line.tolist() == ["870323", "010121"]


def test_a_cell_too_many_before_an_empty_one_is_seen_where_all_lines_end_alike(tmp_path) -> None:
    """A single row, under names that end with two delimiters: its last value was pushed on."""
    names = PLAIN.splitlines()[0] + ",,\n"
    (tmp_path / "right.csv").write_text(names + "USA,870323,2.5,,\n")
    assert open_table(tmp_path / "right.csv", [RATES]).frame.rate.tolist() == [2.5]
    (tmp_path / "pushed.csv").write_text(names + "USA,870323,7,2.5,,\n")
    with pytest.raises(DataError, match="line 2, has 6 cells, and the table has 5 a line"):
        open_table(tmp_path / "pushed.csv", [RATES])
    (tmp_path / "empty.csv").write_text(names + "USA,870323,7,,,\n")
    with pytest.raises(DataError, match="line 2, has 6 cells, and the table has 5 a line"):
        open_table(tmp_path / "empty.csv", [RATES])


@pytest.mark.parametrize(
    ("row", "plain"),
    [
        ("2023,410,156,854232,2.5,1.5", True),
        ("2023,410,156,854232,2.5,", True),
        ("2023,410,156,854232,7,2.5,", False),
        ("2023,410,156,854232,2.5,7,", False),
        ("2023,410,156,854232,2.5", False),
    ],
)
def test_large_text_is_read_at_once_only_where_every_line_has_all_cells(
    row: str, plain: bool, tmp_path: Path
) -> None:
    """The reader of commas drops an empty cell too many, and the value before it had moved."""
    path = tmp_path / "BACI_HS22_Y2023_V202501.csv"
    path.write_text(f"t,i,j,k,v,q\n{row}\n2023,156,842,851713,9.5,2\n")
    assert (open_typed(path, baci.LAYOUTS) is not None) == plain
