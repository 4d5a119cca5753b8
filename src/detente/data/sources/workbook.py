"""Cells of the sheets of an Excel workbook, once its size is known to be bounded."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from ..._core import DataError
from .limits import refuse_bomb


def names(path: Path) -> list[str]:
    """The names of the sheets, in the order of the workbook."""
    return list(_opened(path).sheet_names)


def rows(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Each row of a sheet with its number from 1, cells as text, empty ones as empty text."""
    yield from _rows(_opened(path), sheet, path)


def sheets(path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """The name of each sheet and its rows as text, in the order of the workbook."""
    book = _opened(path)
    for name in book.sheet_names:
        yield name, (cells for _, cells in _rows(book, name, path))


def _opened(path: Path) -> CalamineWorkbook:
    if zipfile.is_zipfile(path) or path.suffix.lower() != ".xls":
        refuse_bomb(path)
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(f"{path} is damaged, or is not an Excel workbook.") from error


def _rows(book: CalamineWorkbook, name: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        sheet = book.get_sheet_by_name(name)
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            yield number, [_text(cell) for cell in cells]
    except (CalamineError, ValueError) as error:
        raise DataError(f"{path} is damaged: its sheet '{name}' cannot be read.") from error


def _text(cell: object) -> str:
    """A cell as it would be written: a whole number without a decimal point, a day in ISO 8601."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)
