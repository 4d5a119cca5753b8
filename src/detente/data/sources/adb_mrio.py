"""Multi-regional input-output tables of the Asian Development Bank: one workbook a year.

Above the table stand rows of labels, the last two of which are read (economy; c1 … c35 for
industries, F1 … F5 for final use), beside it two columns of the same; below it totals, taxes and
margins, value added (r64) and output (r69). Million US$ at current prices. Editions of 62, 72 and
74 economies and the rest of the world differ in their labels alone. The sheet is found by its
labels, wherever it stands in the workbook; saved as CSV it is read as well.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from ..._core import DataError
from .economies import from_adb
from .layout import Layout
from .limits import refuse_endless_line
from .matrix import check, Labels, Matrix, to_accounts, to_long
from .opened import refuse_wrong_kind
from .source import ParsedFile, Progress, Source
from .wide import form_of
from .workbook import sheets
from .years import candidates, year_in_name


INDUSTRY, FINAL = re.compile(r"c\d{1,2}"), ("F1", "F2", "F3", "F4", "F5")
ADDED, OUTPUT = "r64", "r69"
_CODE = re.compile(r"c\d{1,2}|r\d\d")
HEADER_ROWS = 12
"""Rows among which the labels stand; titles come first."""
EXAMPLE = "ADB-MRIO-2022.xlsx"
_TITLE = re.compile(r"input.?output table\D{0,20}((?:19|20)\d\d)(?!\d)", re.I)
_CONSTANT = re.compile(r"constant\W+((?:19|20)\d\d\W+)?prices", re.I)
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Workbooks of one or more years."""
    return [_read_one(path, progress) for path in files]


def _read_one(path: Path, progress: Progress) -> ParsedFile:
    refuse_wrong_kind(path)
    progress(f"reading {path.name}")
    head, body = _table(path)
    year = _year(path, head)
    matrix = _matrix(path, head, body)
    check(path, matrix, FINAL)
    tables = {"io": to_long(matrix, year), "io_account": to_accounts(matrix, year)}
    edition = f"{len(set(matrix.rows.countries))} economies"
    return ParsedFile(edition, tables, str(year), {"unit": "million US$, basic prices"})


def _table(path: Path) -> tuple[list[list[str]], Iterator[list[str]]]:
    """The rows down to the codes, and the rows below, of the one sheet that has such codes."""
    tables: dict[str, tuple[list[list[str]], Iterator[list[str]]]] = {}
    for name, lines in _sheets(path):
        head = _head(lines)
        if head:
            tables[name] = (head, lines)
    if len(tables) > 1:
        raise DataError(
            f"{path} has {len(tables)} tables, in the sheets {', '.join(tables)}; add one workbook "
            "for each."
        )
    if not tables:
        raise DataError(
            f"{path} has no row with the codes c1 … c35 and F1 … F5 in the first {HEADER_ROWS} of "
            "any sheet; is it the table of the Asian Development Bank?"
        )
    return next(iter(tables.values()))


def _sheets(path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    if path.suffix.lower() == ".xlsx":
        yield from sheets(path)
    else:
        yield path.name, _lines(path)


def _lines(path: Path) -> Iterator[list[str]]:
    """Rows of a sheet saved as CSV, its decimals parted by points."""
    refuse_endless_line(path)
    form, _ = form_of(path)
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        try:
            for line in csv.reader(file, delimiter=form.separator):
                yield line if form.decimal == "." else [cell.replace(",", ".") for cell in line]
        except csv.Error as error:
            raise DataError(f"{path} cannot be read as a table ({error}).") from error


def _head(lines: Iterator[list[str]]) -> list[list[str]]:
    head: list[list[str]] = []
    for line in islice(lines, HEADER_ROWS):
        head.append([cell.strip() for cell in line])
        if "c1" in head[-1] and "F5" in head[-1]:
            return head if len(head) > 1 else []
    return []


def _year(path: Path, head: Sequence[Sequence[str]]) -> int:
    """The year of the title, where it has one, which the name must not contradict."""
    titles = [cell for line in head[:-2] for cell in line[:2]]
    if any(_CONSTANT.search(text) for text in [*titles, path.stem]):
        raise DataError(
            f"{path} is a table at constant prices; add the one of the same year at current prices."
        )
    told = next(filter(None, map(_TITLE.search, titles)), None)
    if told is None:
        return year_in_name(path, EXAMPLE)
    year, named = int(told.group(1)), candidates(path.stem)
    if named and year not in named:
        raise DataError(
            f"{path} has the title of a table of {year}, and its name says {min(named)}; correct "
            "the one that is wrong."
        )
    return year


def _matrix(path: Path, head: Sequence[Sequence[str]], lines: Iterator[list[str]]) -> Matrix:
    above, codes = head[-2], head[-1]
    above = [*above, *[""] * (len(codes) - len(above))]
    places = [n for n, code in enumerate(codes) if INDUSTRY.fullmatch(code) or code in FINAL]
    columns = _labels(path, [above[n] for n in places], [codes[n] for n in places])
    first, output_place = places[0], places[-1] + 1
    if first < 2:
        raise DataError(f"{path} has no two columns of labels, economy and code, before its table.")
    body: list[np.ndarray] = []
    keys: list[tuple[str, str]] = []
    items: dict[str, np.ndarray] = {}
    # Rows of a workbook end where their last cell is filled.
    width = None if path.suffix.lower() == ".xlsx" else len(codes)
    for line in lines:
        code = line[first - 1].strip() if len(line) >= first else ""
        if _CODE.fullmatch(code) and width not in (None, len(line)):
            raise DataError(f"{path}, row {code} has {len(line)} cells, and the codes are {width}.")
        if INDUSTRY.fullmatch(code):
            keys.append((line[first - 2].strip(), code))
            body.append(_numbers(path, line, [*places, output_place], keys[-1]))
        elif _CODE.fullmatch(code):
            items[code] = _numbers(path, line, places, ("TOT", code))
    rows = _labels(path, [key[0] for key in keys], [key[1] for key in keys])
    values = np.array(body).reshape(len(keys), len(places) + 1)
    accounts = _accounts(path, items, values[:, :-1])
    return Matrix(rows, columns, values[:, :-1], accounts, values[:, -1])


def _labels(path: Path, economies: Sequence[str], codes: Sequence[str]) -> Labels:
    known = from_adb()
    unknown = next((one for one in economies if one.upper() not in known), None)
    if unknown is not None:
        raise DataError(
            f"{path} has the unknown economy '{unknown}', which is neither a code of the Asian "
            "Development Bank nor one of ISO 3166."
        )
    return Labels(tuple(known[one.upper()] for one in economies), tuple(codes))


def _numbers(
    path: Path, line: Sequence[str], places: Sequence[int], key: tuple[str, str]
) -> np.ndarray:
    """Cells of a row; empty ones are zero, as the publisher leaves them."""
    cells = [line[n].strip() if n < len(line) else "" for n in places]
    try:
        values = np.array([float(cell or 0.0) for cell in cells])
    except ValueError:
        values = np.array([_number(path, cell, key) for cell in cells])
    if not np.isfinite(values).all():
        wrong = cells[int(np.flatnonzero(~np.isfinite(values))[0])]
        raise DataError(f"{path}, row {' '.join(key)}: '{wrong}' is not a number.")
    return values


def _number(path: Path, cell: str, key: tuple[str, str]) -> float:
    """A number whose thousands may be parted by commas, three digits at a time."""
    bare = cell.replace(",", "") if _GROUPED.fullmatch(cell) else cell
    try:
        return float(bare or 0.0)
    except ValueError as error:
        raise DataError(f"{path}, row {' '.join(key)}: '{cell}' is not a number.") from error


def _accounts(
    path: Path, items: Mapping[str, np.ndarray], values: np.ndarray
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
    files="the workbook of a year (.xlsx; 62, 72 or 74 economies), or its sheet as CSV",
    read=read,
    builds="detente data build adb-mrio-YEAR",
    layouts=(
        Layout(
            "multi-regional table of one year, 35 sectors, on the sheet that has it",
            {},
            seen="workbooks of 62 and 72 economies as users show their rows",
        ),
    ),
)
