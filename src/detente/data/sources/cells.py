"""The rows of a file as text, whatever the file is: text of any encoding, a workbook, Stata.

What is read is bounded: a line, a row and what a workbook unpacks to have a largest size, so that a
file made to exhaust the memory gets one sentence.
"""

import csv
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..._core import DataError
from . import workbook


LONGEST_LINE = 2_000_000
"""Characters: ten times the widest published table of commas."""
WIDEST = 30_000
"""Columns; the widest published table has 4,000."""
DELIMITERS = (",", ";", "\t", "|")
ASIAN = ("cp949", "cp932", "gb18030")


class MalformedText(DataError):
    """A text whose quotations are not those of a table with this delimiter."""


@dataclass(frozen=True, slots=True)
class FileForm:
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


def forms(path: Path, encodings: Sequence[str] = ()) -> Iterator[FileForm]:
    """The ways in which a file may be read, the likeliest first."""
    if is_workbook(path):
        for name in workbook.names(path):
            yield FileForm(f"sheet '{name}' of a workbook", sheet=name)
        return
    for encoding in _encodings(path, encodings):
        for delimiter in DELIMITERS:
            sign = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}[delimiter]
            said = f"text in {encoding.removesuffix('-sig').upper()}, separated by {sign}"
            yield FileForm(said, delimiter, encoding)


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


def rows(path: Path, form: FileForm) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number from 1; raises UnicodeDecodeError for the wrong encoding."""
    if form.sheet:
        yield from workbook.rows(path, form.sheet)
        return
    with path.open(encoding=form.encoding, newline="") as file:
        lines = _bounded(path, file)
        reader = csv.reader(lines, delimiter=form.delimiter, strict=True)
        try:
            for cells in reader:
                if len(cells) > WIDEST:
                    raise DataError(
                        f"{path}, line {reader.line_num}, has {len(cells):,} columns: more than "
                        "any published table."
                    )
                yield reader.line_num, cells
        except csv.Error as error:
            raise MalformedText(_malformed(path, reader.line_num, str(error))) from error


def _malformed(path: Path, line: int, why: str) -> str:
    if why == "unexpected end of data":
        return (
            f"{path} ends within a line (a quotation is not closed): it was cut off, so fetch it "
            "again."
        )
    return f"{path}, line {line}, cannot be read as a table ({why})."


def _bounded(path: Path, file: Any) -> Iterator[str]:
    while line := file.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise DataError(
                f"{path} has a line of more than {LONGEST_LINE:,} characters, and is no table."
            )
        if "\0" in line:
            raise DataError(f"{path} is a binary file, not a table.")
        yield line
