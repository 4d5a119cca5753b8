"""Cells of a sheet of an Excel workbook (.xlsx), with the standard library alone."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from ..._core import DataError


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")


def rows(path: Path, sheet: int = 1) -> Iterator[list[str]]:
    """Each row of a sheet as text, empty cells as empty text; sheets count from 1."""
    try:
        with zipfile.ZipFile(path) as book:
            shared = _shared(book)
            with book.open(f"xl/worksheets/sheet{sheet}.xml") as file:
                for _, element in ElementTree.iterparse(file):
                    if element.tag == f"{_MAIN}row":
                        yield _row(element, shared)
                        element.clear()
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, EOFError) as error:
        raise DataError(f"{path} is damaged, or is not an Excel workbook (.xlsx).") from error


def _shared(book: zipfile.ZipFile) -> list[str]:
    """Texts that cells refer to by number."""
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    with book.open("xl/sharedStrings.xml") as file:
        root = ElementTree.parse(file).getroot()
    return ["".join(part.text or "" for part in item.iter(f"{_MAIN}t")) for item in root]


def _row(element: ElementTree.Element, shared: list[str]) -> list[str]:
    cells: list[str] = []
    for cell in element:
        found = _REFERENCE.match(cell.get("r", ""))
        place = _column(found.group(1)) if found else len(cells)
        cells += [""] * (place - len(cells))
        cells.append(_text(cell, shared))
    return cells


def _text(cell: ElementTree.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_MAIN}t"))
    value = cell.findtext(f"{_MAIN}v") or ""
    return shared[int(value)] if cell.get("t") == "s" and value else value


def _column(letters: str) -> int:
    """Position of a column, A is 0."""
    place = 0
    for letter in letters:
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1
