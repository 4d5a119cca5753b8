"""Text of wide tables: how their cells are parted, and how their numbers are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..._core import DataError
from .limits import LONGEST_LINE, refuse_endless_line


SEPARATORS = (",", ";", "\t")
SAMPLE = 12
"""Lines that tell how a file is written; the labels of every wide table stand among them."""
COLUMNS = 20_000
"""Columns of a wide table; the largest published one has some 5,000."""


@dataclass(frozen=True, slots=True)
class Form:
    """What parts the cells of a text file, and what parts units from decimals."""

    separator: str
    decimal: str


def form_of(path: Path) -> tuple[Form, list[str]]:
    """How a table is written, and its first lines; what is read is bounded, whatever the file is.

    Raises `DataError` for text that is not UTF-8, for a line or a number of columns beyond any
    table's, and where commas and points both part decimals.
    """
    lines = _first_lines(path)
    whole = "\n".join(lines)
    separator = max(SEPARATORS, key=whole.count)
    width = max(line.count(separator) for line in lines) + 1
    if width > COLUMNS:
        raise DataError(
            f"{path} has {width:,} columns, and no table of this source has more than {COLUMNS:,}."
        )
    return Form(separator, _decimal(path, separator, lines)), lines


def _first_lines(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            lines = [file.readline(LONGEST_LINE) for _ in range(SAMPLE)]
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text; save it as CSV in UTF-8.") from error
    if max(map(len, lines)) >= LONGEST_LINE:
        refuse_endless_line(path, LONGEST_LINE - 2)
    return [line.rstrip("\r\n") for line in lines if line]


def _decimal(path: Path, separator: str, lines: Sequence[str]) -> str:
    if separator == ",":
        return "."
    whole = "\n".join(lines[1:])
    commas, points = (re.search(rf"\d{sign}\d", whole) for sign in (",", r"\."))
    if commas and points:
        raise DataError(
            f"{path} writes numbers with commas and with points ('{commas.group()}', "
            f"'{points.group()}'); save it with one sign, for decimals alone."
        )
    return "," if commas else "."
