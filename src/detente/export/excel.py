"""A workbook: what the answer rests on, a sheet for each table, and what each column means."""

import datetime
import io
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, TYPE_CHECKING

from .._core import OutcomeError
from .material import Material
from .tidy import plain, TidyColumn, TidyTable


if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet


MOST_ROWS, MOST_SIGNS, MOST_NAME = 1_048_575, 32_767, 31
"""What Excel takes: rows under a header, characters in a cell, characters of a sheet's name."""
WIDTHS = (9, 44)
"""Of a column, in characters, at the least and at the most."""
FORMATS = {
    "million US$": '#,##0.0;"−"#,##0.0',
    "US$": '#,##0.00;"−"#,##0.00',
    "percent": '0.000;"−"0.000',
    "percentage points": '0.000;"−"0.000',
    "percent of GDP": '0.000;"−"0.000',
    "years": "0.0",
    "1": '0.0000;"−"0.0000',
}
"""How a number of each unit is shown; every digit stays in the cell."""
OTHERWISE = '0.0000;"−"0.0000'
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def workbook(material: Material) -> bytes:
    """The answer as an Excel workbook; raises `OutcomeError` for a table that no sheet can hold."""
    import xlsxwriter

    for table in material.tables:
        if len(table.frame) > MOST_ROWS:
            raise OutcomeError(
                f"the table '{table.name}' has {len(table.frame):,} rows and a sheet of Excel "
                f"holds {MOST_ROWS:,}; write it as .zip, which holds any number."
            )
    held = io.BytesIO()
    # Nothing is a formula or a link unless it is written as one, and nothing is.
    plainly = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(held, plainly) as book:
        made = datetime.datetime.fromisoformat(material.date)
        book.set_properties(
            {"title": material.title, "author": material.maker, "created": made,
             "comments": material.credit}
        )  # fmt: skip
        _about(book, material)
        names = [*sheet_names(material.tables)]
        for table, name in zip(material.tables, names, strict=True):
            _sheet(book, table, name)
        _dictionary(book, material.tables, names)
    return held.getvalue()


def sheet_names(tables: Sequence[TidyTable]) -> Iterator[str]:
    """Names that Excel takes, each once whatever its capitals."""
    taken = {"about", "columns", "history"}
    for table in tables:
        name = stem = (
            _FORBIDDEN.sub(" ", table.title).strip(" '")[:MOST_NAME].rstrip(" '") or "Table"
        )
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{stem[: MOST_NAME - len(str(number)) - 1]} {number}"
        taken.add(name.lower())
        yield name


def _about(book: "Workbook", material: Material) -> None:
    sheet = book.add_worksheet("About")
    label, text = (book.add_format({"valign": "top", **more})
                   for more in ({"bold": True}, {"text_wrap": True}))  # fmt: skip
    said = [*material.facts]
    said[2:2] = [("Answer", "\n".join(material.takeaways))] if material.takeaways else []
    for row, (name, words) in enumerate(said):
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, _fitting(words), text)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)


def _sheet(book: "Workbook", table: TidyTable, name: str) -> None:
    sheet = book.add_worksheet(name)
    _header(book, sheet, [one.heading for one in table.columns])
    for place, column in enumerate(table.columns):
        shape = book.add_format({"num_format": _number_format(column), "valign": "top"})
        cells = [plain(value) for value in table.frame[column.name]]
        for row, cell in enumerate(cells, 1):
            _put(sheet, row, place, cell, shape)
        sheet.set_column(place, place, _width(column, cells))
    sheet.autofilter(0, 0, max(len(table.frame), 1), max(len(table.columns) - 1, 0))


def _header(book: "Workbook", sheet: "Worksheet", headings: Sequence[str]) -> None:
    shape = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for place, heading in enumerate(headings):
        sheet.write_string(0, place, heading, shape)
    sheet.freeze_panes(1, 0)


def _put(sheet: "Worksheet", row: int, place: int, cell: Any, shape: Any) -> None:
    """One cell as what it is: a number, a truth, a date, or a text that is never a formula."""
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, place, cell, shape)
    elif isinstance(cell, int | float) and math.isfinite(cell):
        sheet.write_number(row, place, cell, shape)
    elif isinstance(cell, int | float):
        # Excel has no infinite number.
        sheet.write_string(row, place, "infinite" if cell > 0 else "−infinite", shape)
    elif isinstance(cell, datetime.datetime) and cell.tzinfo is None:
        sheet.write_datetime(row, place, cell, shape)
    else:
        sheet.write_string(row, place, _fitting(str(cell)), shape)


def _number_format(column: TidyColumn) -> str:
    if column.kind == "integer":
        return '#,##0;"−"#,##0' if column.unit.endswith("US$") else '0;"−"0'
    fixed = {
        "date": "yyyy-mm-dd",
        "datetime": "yyyy-mm-dd hh:mm",
        "string": "@",
        "boolean": "General",
    }
    return fixed.get(column.kind) or FORMATS.get(column.unit, OTHERWISE)


def _width(column: TidyColumn, cells: Sequence[Any]) -> int:
    """Wide enough for what most cells show and for the longest word of the heading."""
    lengths = [len(cell) for cell in cells if isinstance(cell, str)]
    longest = max([*lengths, *map(len, column.heading.split())], default=0)
    return min(max(longest + 2, WIDTHS[0], 12 if column.kind == "number" else 0), WIDTHS[1])


def _fitting(text: str) -> str:
    """A text that Excel takes; of a longer one the beginning, which says so."""
    return text if len(text) <= MOST_SIGNS else f"{text[: MOST_SIGNS - 16]} … (cut here)"


def _dictionary(book: "Workbook", tables: Sequence[TidyTable], names: Sequence[str]) -> None:
    """What every column of every sheet means."""
    sheet = book.add_worksheet("Columns")
    _header(book, sheet, ["Sheet", "Heading", "Column", "Unit", "Accounting basis", "Description"])
    shape = book.add_format({"valign": "top", "text_wrap": True})
    rows = [
        (name, one.heading, one.name, one.unit, one.basis, one.description)
        for table, name in zip(tables, names, strict=True)
        for one in table.columns
    ]
    for row, cells in enumerate(rows, 1):
        for place, cell in enumerate(cells):
            sheet.write_string(row, place, cell, shape)
    for place, width in enumerate((24, 36, 28, 18, 20, 80)):
        sheet.set_column(place, place, width)
