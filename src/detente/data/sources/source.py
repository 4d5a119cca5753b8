"""What every reader of a public source hands over, and the refusals they share."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from ..._core import DataError, nearest
from ..canonical import schema_of
from ..tables import Frame


Progress = Callable[[str], None]
Words: TypeAlias = Any
"""A pandas series; the types of pandas do not say what its attributes are."""
LAST_BYTES = 65_536
"""More than the longest line of any source but the wide tables, which are checked apart."""
CC_BY, ETALAB = "CC BY 4.0", "Etalab Open Licence 2.0"


@dataclass(frozen=True, slots=True)
class Parsed:
    """Canonical tables from one file, and what they are."""

    edition: str
    tables: Mapping[str, Frame]
    """Frames, or the paths of Parquet files that are removed once they are stored."""
    part: str = ""
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """A public source: who publishes it, on which terms, and how its files are read."""

    title: str
    licence: str
    attribution: str
    files: str
    """Which files it takes, in words."""
    read: Callable[[Sequence[Path], Progress], list[Parsed]]
    """All files of one addition, told what is being done; raises before anything is stored."""
    builds: str = ""
    """What can be built or asked once it is stored."""


def one_by_one(
    files: Sequence[Path], progress: Progress, read_one: Callable[[Path], Parsed]
) -> list[Parsed]:
    """Every file on its own, once it is known to be there and to be no web page or archive."""
    parsed = []
    for path in files:
        refuse_wrong_kind(path)
        progress(f"reading {path.name}")
        parsed.append(read_one(path))
    return parsed


def refuse_wrong_kind(path: Path) -> None:
    """Raise for a file that is missing, empty, a page of HTML or an archive."""
    if not path.is_file():
        raise DataError(f"there is no file at {path}.")
    with path.open("rb") as file:
        start = file.read(512)
    if not start.strip():
        raise DataError(f"{path} is empty.")
    text = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise DataError(
            f"{path} is a web page, not data: the download went wrong, so fetch the file again."
        )
    if text.startswith((b"pk\x03\x04", b"\x1f\x8b")) and path.suffix.lower() != ".xlsx":
        raise DataError(f"{path} is a compressed archive; unpack it and add the file inside.")


def read_csv(
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
        frame: Frame = pd.read_csv(
            path, dtype=str, skiprows=skip, encoding=encoding, keep_default_na=False,
            na_values=[""], index_col=False,
        )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        found = str(error).removeprefix("Error tokenizing data. ").strip().splitlines()[0]
        raise DataError(f"{path} cannot be read as a table of commas ({found}).") from error
    frame.columns = [str(name).strip() for name in frame.columns]
    for name in columns:
        if name not in frame:
            raise DataError(
                f"{path} should have the column '{name}', and has none; "
                f"{nearest(name, map(str, frame.columns))}"
            )
    kept = frame[[*columns, *(name for name in optional if name in frame)]]
    return kept.assign(**{name: to_numbers(path, kept[name], 2 + skip) for name in numbers})


def to_numbers(path: Path, words: Words, first_line: int = 2) -> Words:
    """Text as floats; empty is not a number, and anything else is named with its line."""
    bare = words.str.strip().str.replace(",", "", regex=False)
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


def require_values(path: Path, frame: Frame, columns: Sequence[str], skip: int = 0) -> None:
    """Raise for the first line that lacks a value it needs."""
    for name in columns:
        lacking = frame[name].isna().to_numpy()
        if lacking.any():
            line = int(np.flatnonzero(lacking)[0]) + 2 + skip
            raise DataError(f"{path}, line {line}: there is no value in the column '{name}'.")


def require_size(path: Path, what: str, total: float, least: float, most: float) -> None:
    """Raise where a total is so far from what it must be that the unit is another one."""
    if not least <= total <= most:
        raise DataError(
            f"{path}: {what} adds up to {total:.4g} million US$, and should lie between "
            f"{least:.2g} and {most:.2g}; the file is in another unit, or incomplete."
        )


def is_parquet(path: Path) -> bool:
    """Whether a file says that it is Parquet."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def columns_of(path: Path) -> list[str]:
    """The columns of a Parquet file, or a sentence where it is damaged."""
    return schema_of(path)


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
    wanted, found = (len(next(csv.reader([line.strip()]), [])) for line in (header, last))
    if found < wanted:
        raise DataError(
            f"{path} ends within a line ('{last[:40]}'): it was cut off, so fetch it again."
        )
