"""Limits that hold before a file is read, so that one that lies about its size costs nothing."""

import copy
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ..._core import DataError


UNPACKED, RATIO = 2_000_000_000, 400
"""Bytes that a workbook may unpack to, and how many times its own size: the largest published one
unpacks to half a billion, some eight times."""
SMALL = 20_000_000
"""Bytes below which the ratio does not count: a short sheet of zeros packs well."""
CELLS = 40_000_000
"""Cells between the corners of a sheet; the largest published table has eight million."""
LONGEST_LINE = 16_000_000
"""Bytes of a line of text: a line of the widest published table has 100,000."""
PARQUET_ROWS = 100_000_000
"""Rows of a Parquet file; the largest repackaged table has two million."""
_CHUNK, _REFERENCE = 1 << 20, 40
"""Bytes read at once, and those of the longest reference to a cell, which two pieces may share."""
_BREAK = re.compile(rb"[\r\n]")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})(\d{1,7})["']""")


def refuse_bomb(path: Path) -> None:
    """Raise for a workbook that unpacks to far more than it is, or whose sheets have no end.

    What the archive says of its sizes is checked, and then not believed: every part is unpacked
    piece by piece, and counted.
    """
    try:
        with zipfile.ZipFile(path) as book:
            declared = sum(part.file_size for part in book.infolist())
            most = min(UNPACKED, max(SMALL, RATIO * path.stat().st_size))
            if declared > most:
                _refuse_size(path, declared)
            _count(path, book, most)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{path} is damaged, or is not an Excel workbook.") from error


def _count(path: Path, book: zipfile.ZipFile, most: int) -> None:
    size = 0
    for part in book.infolist():
        row, column, rest = 0, b"", b""
        for piece in _pieces(book, part, most):
            size += len(piece)
            if size > most:
                _refuse_size(path, size)
            for letters, digits in _PLACE.findall(rest + piece):
                row = max(row, int(digits))
                column = max(column, letters.upper(), key=lambda one: (len(one), one))
            rest = piece[-_REFERENCE:]
        if row * _column(column) > CELLS:
            raise DataError(
                f"{path} has cells as far as row {row:,} and column {column.decode()}: save the "
                "sheet again without the empty rows and columns around its table."
            )


def _pieces(book: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> Iterator[bytes]:
    """The content of a part to its real end, which need not be the one it declares."""
    real = copy.copy(part)
    real.file_size = most + _CHUNK
    with book.open(real) as file:
        while piece := file.read(_CHUNK):
            yield piece


def _column(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = 26 * place + letter - ord("A") + 1
    return place


def _refuse_size(path: Path, size: int) -> None:
    raise DataError(
        f"{path} unpacks to {size / 1e6:,.0f} million bytes or more, which is far more than a "
        "table of its size does; it was not read."
    )


def refuse_endless_line(path: Path, longest: int = LONGEST_LINE) -> None:
    """Raise for a text file with a line longer than any table has, without holding the line."""
    line = 0
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            first = _BREAK.search(piece)
            line += first.start() if first else len(piece)
            if line > longest:
                raise DataError(
                    f"{path} has a line of more than {longest / 1e6:.0f} million bytes, and is "
                    "not a table."
                )
            if first:
                line = len(piece) - 1 - max(piece.rfind(b"\n"), piece.rfind(b"\r"))


def refuse_lying_parquet(path: Path, most: int = PARQUET_ROWS) -> None:
    """Raise for a Parquet file that says it has more rows than any table of ours."""
    try:
        with duckdb.connect() as connection:
            counted = connection.execute(
                "select num_rows from parquet_file_metadata(?)", [str(path)]
            ).fetchall()
    except duckdb.Error as error:
        raise DataError(f"{path} is damaged: it cannot be read as Parquet.") from error
    rows = int(counted[0][0])
    if not 0 <= rows <= most:
        raise DataError(
            f"{path} says that it has {rows:,} rows, and no table of this source has more than "
            f"{most:,}: it is damaged, so fetch it again."
        )
