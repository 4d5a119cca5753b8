"""The rows of a file as text, whatever the file is: text of any encoding, a workbook, Stata.

What is read is bounded: a line, a row and what a workbook unpacks to have a largest size, so that a
file made to exhaust the memory gets one sentence.
"""

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from ..._core import DataError


LONGEST_LINE = 2_000_000
"""Characters: ten times the widest published table of commas."""
WIDEST = 30_000
"""Columns; the widest published table has 4,000."""
UNPACKED = 3_000_000_000
"""Bytes that a workbook may unpack to: three times the largest published one."""
MOST_CELLS = 40_000_000
"""Cells that a sheet may span."""
DELIMITERS = (",", ";", "\t", "|")
ASIAN = ("cp949", "cp932", "gb18030")
_REFERENCE = re.compile(rb' r="([A-Z]{1,3})(\d{1,7})"')


@dataclass(frozen=True, slots=True)
class Form:
    """One way to read a file as rows: an encoding and a delimiter, or a sheet."""

    said: str
    """The way in words, for the record of what was added."""
    delimiter: str = ""
    encoding: str = ""
    sheet: str = ""

    @property
    def unit(self) -> str:
        return "row" if self.sheet else "line"


def is_workbook(path: Path) -> bool:
    """Whether a file is an Excel workbook, by what it holds."""
    with path.open("rb") as file:
        start = file.read(8)
    if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return True
    if not start.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as book:
            names = set(book.namelist())
    except zipfile.BadZipFile:
        return path.suffix.lower() in (".xlsx", ".xlsm")
    return bool({"xl/workbook.xml", "xl/workbook.bin"} & names)


def forms(path: Path, encodings: Sequence[str] = ()) -> Iterator[Form]:
    """The ways in which a file may be read, the likeliest first."""
    if is_workbook(path):
        with closing(_workbook(path)) as book:
            names = list(book.sheet_names)
        for name in names:
            yield Form(f"sheet '{name}' of a workbook", sheet=name)
        return
    for encoding in _encodings(path, encodings):
        for delimiter in DELIMITERS:
            sign = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}[delimiter]
            said = f"text in {encoding.removesuffix('-sig').upper()}, separated by {sign}"
            yield Form(said, delimiter, encoding)


def _encodings(path: Path, own: Sequence[str]) -> tuple[str, ...]:
    """UTF-16 where its mark or its zeros say so; else UTF-8, then those of the publisher."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    zeros = start.count(0)
    if zeros > len(start) // 4:
        return ("utf-16-le" if start[1::2].count(0) > zeros // 2 else "utf-16-be",)
    return tuple(dict.fromkeys(("utf-8-sig", *own, "cp1252", "latin-1")))


def rows(path: Path, form: Form) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number from 1; raises UnicodeDecodeError for the wrong encoding."""
    if form.sheet:
        yield from _sheet(path, form.sheet)
        return
    with path.open(encoding=form.encoding, newline="") as file:
        lines = _bounded(path, file)
        reader = csv.reader(lines, delimiter=form.delimiter)
        try:
            for cells in reader:
                if len(cells) > WIDEST:
                    raise DataError(
                        f"{path}, line {reader.line_num}, has {len(cells):,} columns: more than "
                        "any published table."
                    )
                yield reader.line_num, cells
        except csv.Error as error:
            raise DataError(
                f"{path}, line {reader.line_num}, cannot be read as a table ({error})."
            ) from error


def _bounded(path: Path, file: Any) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise DataError(
                f"{path} has a line of more than {LONGEST_LINE:,} characters, and is no table."
            )
        if "\0" in line:
            raise DataError(f"{path} is a binary file, not a table.")
        yield line


def _workbook(path: Path) -> CalamineWorkbook:
    refuse_bomb(path)
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(f"{path} is damaged, or is not an Excel workbook.") from error


def _sheet(path: Path, name: str) -> Iterator[tuple[int, list[str]]]:
    with closing(_workbook(path)) as book:
        try:
            sheet = book.get_sheet_by_name(name)
            for number, cells in enumerate(sheet.iter_rows(), start=1 + (sheet.start or (0, 0))[0]):
                yield number, [_text(cell) for cell in cells]
        except (CalamineError, ValueError) as error:
            raise DataError(f"{path} is damaged: its sheet '{name}' cannot be read.") from error


def _text(cell: object) -> str:
    """A cell of a workbook as text that the numbers of a file are read from."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def refuse_bomb(path: Path) -> None:
    """Raise for a workbook that unpacks to more than any published one, or spans more cells."""
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as book:
            size = sum(one.file_size for one in book.infolist())
            if size > UNPACKED:
                raise DataError(
                    f"{path} unpacks to {size / 1e9:.1f} GB: more than any published workbook."
                )
            for one in book.infolist():
                _refuse_wide(path, book, one)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise DataError(f"{path} is damaged, or is not an Excel workbook.") from error


def _refuse_wide(path: Path, book: zipfile.ZipFile, one: zipfile.ZipInfo) -> None:
    """The cells that a sheet names span no more than memory holds; its bytes are as declared."""
    is_sheet = one.filename.startswith("xl/worksheets/")
    last_row = last_column = 0
    with book.open(one) as file:
        tail = b""
        while piece := file.read(1 << 20):
            if is_sheet:
                found = _REFERENCE.findall(tail + piece)
                tail = piece[-16:]
                last_row = max([last_row, *(int(row) for _, row in found)])
                last_column = max([last_column, *(_column(name) for name in {n for n, _ in found})])
    if last_row * last_column > MOST_CELLS:
        raise DataError(
            f"{path} spans {last_row:,} rows and {last_column:,} columns: more than any published "
            "workbook."
        )


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = 26 * place + letter - ord("A") + 1
    return place
