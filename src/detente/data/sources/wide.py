"""Text of wide tables: how their cells are parted, and how their numbers are written."""

import csv
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..._core import DataError, nearest
from ..tables import Frame
from .limits import LONGEST_LINE, refuse_endless_line
from .opened import refuse_wrong_kind
from .place import Words


SEPARATORS = (",", ";", "\t")
LAST_BYTES = 65_536
"""More than the longest line of any table but the widest."""
SAMPLE = 12
"""Lines that tell how a file is written; the labels of every wide table stand among them."""
COLUMNS = 20_000
"""Columns of a wide table; the largest published one has some 5,000."""


@dataclass(frozen=True, slots=True)
class NumberForm:
    """What parts the cells of a text file, and what parts units from decimals."""

    separator: str
    decimal: str


def form_of(path: Path) -> tuple[NumberForm, list[str]]:
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
    return NumberForm(separator, _decimal(path, separator, lines)), lines


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


def read_wide(
    path: Path,
    columns: Sequence[str],
    numbers: Sequence[str] = (),
    *,
    skip: int = 0,
    encoding: str = "utf-8-sig",
    optional: Sequence[str] = (),
) -> Frame:
    """The named columns of a comma-separated file, as text; those in `numbers` as floats.

    Every fault is one sentence that names the file and the line: a column that is not there, a line
    with too many or too few fields, a number that is none. Empty numbers are not a number.
    """
    refuse_wrong_kind(path)
    refuse_cut_off(path, skip, encoding)
    try:
        with warnings.catch_warnings():
            # Lines that are all longer than the names lose their last cells, with a warning.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame: Frame = pd.read_csv(
                path, dtype=str, header=None, skiprows=skip, encoding=encoding,
                keep_default_na=False, na_values=[""], index_col=False,
            )  # fmt: skip
    except (
        pd.errors.ParserError, pd.errors.EmptyDataError, pd.errors.ParserWarning,
        UnicodeDecodeError,
    ) as error:  # fmt: skip
        reason = str(error).removeprefix("Error tokenizing data. ").strip().splitlines()[0]
        raise DataError(f"{path} cannot be read as a table of commas ({reason}).") from error
    names = ["" if name != name else str(name).strip() for name in frame.iloc[0]]
    frame = frame.iloc[1:].set_axis(names, axis=1)
    for name in columns:
        if names.count(name) > 1:
            raise DataError(f"{path} has the column '{name}' twice.")
        if name not in names:
            raise DataError(
                f"{path} should have the column '{name}', and has none; {nearest(name, names)}"
            )
    kept = frame[[*columns, *(name for name in optional if name in frame)]]
    return kept.assign(**{name: _to_numbers(path, kept[name], 2 + skip) for name in numbers})


def _to_numbers(path: Path, words: Words, first_line: int = 2) -> Words:
    """Text as floats; empty is not a number, and anything else is named with its line."""
    bare = words.str.strip()
    values: Words = pd.to_numeric(bare, errors="coerce")
    wrong = values.isna() & bare.notna() & (bare != "") & (bare.str.upper() != "NA")
    if wrong.any():
        place = int(np.flatnonzero(wrong.to_numpy())[0])
        raise DataError(
            f"{path}, line {place + first_line}: '{words.iloc[place]}' in the column "
            f"'{words.name}' is not a number."
        )
    infinite = np.isinf(values.to_numpy(float))
    if infinite.any():
        place = int(np.flatnonzero(infinite)[0])
        raise DataError(
            f"{path}, line {place + first_line}: the column '{words.name}' is infinite."
        )
    return values.astype(float)


def refuse_cut_off(path: Path, skip: int = 0, encoding: str = "utf-8-sig") -> None:
    """Raise for a file that ends within a line: without a line break, and with fields missing."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, LAST_BYTES), 2)
        end = file.read()
    if end.endswith((b"\n", b"\r", b"\x1a")):
        return
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        header = [file.readline() for _ in range(skip + 1)][-1]
    last = end.splitlines()[-1].decode("utf-8", errors="replace")
    wanted, present = (len(next(csv.reader([line.strip()]), [])) for line in (header, last))
    if present < wanted:
        raise DataError(
            f"{path} ends within a line ('{last[:40]}'): it was cut off, so fetch it again."
        )
