"""Multi-regional input-output tables of the Asian Development Bank: one workbook a year.

Above the table stand two rows of labels (economy; c1 … c35 for industries, F1 … F5 for final use),
beside it two columns of the same; below it totals, taxes and margins, value added (r64) and output
(r69). Million US$. The sheet saved as CSV is read as well.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ..._core import DataError
from .economies import from_adb
from .former import refuse_wrong_kind
from .matrix import check, Labels, Matrix, to_accounts, to_long
from .source import Parsed, Progress, Source
from .workbook import rows as sheet_rows


INDUSTRY, FINAL = re.compile(r"c\d{1,2}"), ("F1", "F2", "F3", "F4", "F5")
ADDED, OUTPUT, TOTAL_INPUTS = "r64", "r69", "r60"
HEADER_ROWS = 12
"""Rows among which the labels stand; titles come first."""


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Workbooks of one or more years."""
    return [_read_one(path, progress) for path in files]


def _read_one(path: Path, progress: Progress) -> Parsed:
    refuse_wrong_kind(path)
    year = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", path.stem)
    if year is None:
        raise DataError(f"the year of {path} is not in its name, such as ADB-MRIO-2022.xlsx.")
    progress(f"reading {path.name}")
    matrix = _matrix(path)
    check(path, matrix, FINAL)
    number = int(year.group())
    tables = {"io": to_long(matrix, number), "io_account": to_accounts(matrix, number)}
    edition = f"{len(set(matrix.rows.countries))} economies"
    return Parsed(edition, tables, str(number), {"unit": "million US$, basic prices"})


def _rows(path: Path) -> Iterator[list[str]]:
    if path.suffix.lower() == ".xlsx":
        yield from sheet_rows(path)
    else:
        with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
            yield from csv.reader(file)


def _matrix(path: Path) -> Matrix:
    lines = _rows(path)
    above, codes = _header(path, lines)
    places = [n for n, code in enumerate(codes) if INDUSTRY.fullmatch(code) or code in FINAL]
    first = places[0]
    columns = _labels(path, [above[n] for n in places], [codes[n] for n in places])
    body: list[np.ndarray] = []
    keys: list[tuple[str, str]] = []
    items: dict[str, np.ndarray] = {}
    output_place = places[-1] + 1
    output: list[float] = []
    for line in lines:
        code = line[first - 1].strip() if len(line) >= first else ""
        if INDUSTRY.fullmatch(code):
            keys.append((line[first - 2].strip(), code))
            body.append(_numbers(path, line, places, keys[-1]))
            output.append(float(_numbers(path, line, [output_place], keys[-1])[0]))
        elif re.fullmatch(r"r\d\d", code):
            items[code] = _numbers(path, line, places, ("TOT", code))
    rows = _labels(path, [key[0] for key in keys], [key[1] for key in keys])
    values = np.array(body).reshape(len(keys), len(places))
    return Matrix(rows, columns, values, _accounts(path, items, values), np.array(output))


def _header(path: Path, lines: Iterator[list[str]]) -> tuple[list[str], list[str]]:
    """The row of economies and the row of codes under it."""
    before: list[str] = []
    for _, line in zip(range(HEADER_ROWS), lines, strict=False):
        cells = [cell.strip() for cell in line]
        if "c1" in cells and "F5" in cells:
            return before + [""] * (len(cells) - len(before)), cells
        before = cells
    raise DataError(
        f"{path} has no row with the codes c1 … c35 and F1 … F5 in its first {HEADER_ROWS}; is it "
        "the table of the Asian Development Bank?"
    )


def _labels(path: Path, economies: Sequence[str], codes: Sequence[str]) -> Labels:
    known = from_adb()
    unknown = next((one for one in economies if one not in known), None)
    if unknown is not None:
        raise DataError(f"{path} has the unknown economy '{unknown}'.")
    return Labels(tuple(known[one] for one in economies), tuple(codes))


def _numbers(
    path: Path, line: Sequence[str], places: Sequence[int], key: tuple[str, str]
) -> np.ndarray:
    """Cells of a row; empty ones are zero, as the publisher leaves them."""
    cells = [line[n].strip() if n < len(line) else "" for n in places]
    try:
        return np.array([float(cell.replace(",", "")) if cell else 0.0 for cell in cells])
    except ValueError as error:
        wrong = next(cell for cell in cells if not _is_number(cell))
        raise DataError(f"{path}, row {' '.join(key)}: '{wrong}' is not a number.") from error


def _is_number(cell: str) -> bool:
    return not cell or bool(re.fullmatch(r"[-+]?[\d,]*\.?\d*([eE][-+]?\d+)?", cell))


def _accounts(
    path: Path, items: dict[str, np.ndarray], values: np.ndarray
) -> dict[str, np.ndarray]:
    lacking = [row for row in (ADDED, OUTPUT) if row not in items]
    if lacking:
        raise DataError(f"{path} should have the row {lacking[0]}, and has none: it was cut off.")
    # Taxes and margins are several rows, which differ between editions: what is left of output.
    rest = items[OUTPUT] - values.sum(axis=0) - items[ADDED]
    return {"TLS": rest, "VA": items[ADDED], "OUT": items[OUTPUT]}


SOURCE = Source(
    title="ADB Multi-Regional Input-Output tables",
    licence="free with attribution; terms of the Asian Development Bank",
    attribution="Asian Development Bank, Multi-Regional Input-Output Tables.",
    files="the workbook of a year (.xlsx), or its sheet as CSV",
    read=read,
)
