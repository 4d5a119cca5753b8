"""Cells of the sheets of an Excel workbook (.xlsx), once its size is known to be bounded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from ..._core import DataError
from .limits import refuse_bomb


def rows(path: Path, sheet: int = 1) -> Iterator[list[str]]:
    """Each row of a sheet as text, empty cells as empty text; sheets count from 1."""
    yield from _rows(_opened(path), sheet - 1, path)


def sheets(path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    """The name of each sheet and its rows as text, in the order of the workbook."""
    book = _opened(path)
    for place, name in enumerate(book.sheet_names):
        yield name, _rows(book, place, path)


def _opened(path: Path) -> Any:
    refuse_bomb(path)
    try:
        return CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError, ValueError) as error:
        raise DataError(f"{path} is damaged, or is not an Excel workbook (.xlsx).") from error


def _rows(book: Any, place: int, path: Path) -> Iterator[list[str]]:
    try:
        sheet = book.get_sheet_by_index(place)
    except (CalamineError, IndexError, ValueError) as error:
        raise DataError(f"{path} is damaged: its sheet {place + 1} cannot be read.") from error
    for row in sheet.iter_rows():
        yield [_text(cell) for cell in row]


def _text(cell: object) -> str:
    """A cell as it would be written: a whole number without a decimal point."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
