"""What every reader of a public source hands over, and the refusals they share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..._core import DataError
from ..tables import Frame
from .layout import Layout
from .opened import refuse_wrong_kind
from .place import FilePlace, Words


Progress = Callable[[str], None]
CC_BY, ETALAB = "CC BY 4.0", "Etalab Open Licence 2.0"


@dataclass(frozen=True, slots=True)
class ParsedFile:
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
    read: Callable[[Sequence[Path], Progress], list[ParsedFile]]
    """All files of one addition, told what is being done; raises before anything is stored."""
    builds: str = ""
    """What can be built or asked once it is stored."""
    layouts: Sequence[Layout] = ()
    """What is known of how its files are laid out, by edition."""


def one_by_one(
    files: Sequence[Path], progress: Progress, read_one: Callable[[Path], ParsedFile]
) -> list[ParsedFile]:
    """Every file on its own, once it is known to be there and to be no web page or archive."""
    parsed = []
    for path in files:
        refuse_wrong_kind(path)
        progress(f"reading {path.name}")
        parsed.append(read_one(path))
    return parsed


def require_values(place: FilePlace, frame: Frame, columns: Sequence[str]) -> None:
    """Raise for the first line that lacks a value it needs; rows are named by their line."""
    for name in columns:
        words = frame[name]
        lacking = (words.isna() | (words == "")).to_numpy()
        if lacking.any():
            line = frame.index[int(np.flatnonzero(lacking)[0])]
            column = place.column(name)
            raise DataError(f"{place.at(line)}: there is no value in the column '{column}'.")


def require_years(place: FilePlace, years: Words) -> Words:
    """Years as whole numbers, each between 1900 and 2100."""
    wrong = ~(years.between(1900, 2100) & (years % 1 == 0))
    if wrong.any():
        line = years.index[int(np.flatnonzero(wrong.to_numpy())[0])]
        raise DataError(f"{place.at(line)}: {years[line]:g} is no year.")
    return years.astype(int)


def require_codes(
    place: FilePlace, codes: Words, pattern: str = "[A-Z]{3}", what: str = "code of an economy"
) -> None:
    """Raise for the first text that is no code: a row may be shifted, or a cell be garbage."""
    wrong = ~codes.str.fullmatch(pattern)
    if wrong.any():
        first = int(np.flatnonzero(wrong.to_numpy())[0])
        raise DataError(f"{place.at(codes.index[first])}: '{codes.iloc[first]}' is no {what}.")


def require_between(
    place: FilePlace, values: Words, bounds: tuple[float, float], what: str
) -> None:
    """Raise for the first value that cannot be: `what` says what it is, and in which unit."""
    wrong = values.notna() & ~values.between(*bounds)
    if wrong.any():
        first = int(np.flatnonzero(wrong.to_numpy())[0])
        raise DataError(
            f"{place.at(values.index[first])}: {values.iloc[first]:,.6g} is no {what}, which lies "
            f"between {bounds[0]:,g} and {bounds[1]:,g}; is it in another unit, or a decimal sign "
            "lost?"
        )


def refuse_twice(place: FilePlace, frame: Frame, keys: Sequence[str], what: str) -> None:
    """Raise for the first row whose keys another row has, too."""
    again = frame.duplicated(list(keys), keep=False)
    if again.any():
        first = frame[again].iloc[0]
        same = frame.index[(frame[list(keys)] == first[list(keys)]).all(axis=1)]
        cell = ", ".join(str(first[key]) for key in keys)
        raise DataError(
            f"{place.path} has {what} of {cell} twice, in {place.unit}s {same[0]} and {same[1]}; "
            "which of them counts is not said."
        )


def refuse_jump(
    place: FilePlace,
    frame: Frame,
    keys: Sequence[str],
    what: str,
    factor: float,
    least: float = 0.0,
) -> None:
    """Raise for the first `value` that is more than `factor` times that of the year before, or less
    than one such part of it, where the larger is above `least`: small ones move as they like, and
    a zero is no other unit.

    `frame` has `year`, `value` and the keys; its index names the line.
    """
    ordered = frame.sort_values([*keys, "year"], kind="stable")
    before = ordered.groupby(list(keys), observed=True)[["year", "value"]].shift()
    ratio = ordered["value"] / before["value"]
    larger = np.maximum(ordered["value"], before["value"])
    traded = (ordered["value"] > 0) & (before["value"] > 0)
    next_year = (ordered.year - before.year) == 1
    wrong = next_year & traded & (larger > least) & ~ratio.between(1 / factor, factor)
    if wrong.any():
        row = ordered[wrong.to_numpy()].iloc[0]
        name = ", ".join(str(row[key]) for key in keys)
        was = before[wrong.to_numpy()]["value"].iloc[0]
        raise DataError(
            f"{place.at(row.name)}: {what} of {name} in {int(row.year)} is {row['value']:,.6g}, "
            f"and {was:,.6g} the year before; is a decimal sign lost, or is one in another unit?"
        )


def require_size(path: Path, what: str, total: float, least: float, most: float) -> None:
    """Raise where a total is so far from what it must be that the unit is another one."""
    if not least <= total <= most:
        raise DataError(
            f"{path}: {what} adds up to {total:.4g} million US$, and should lie between "
            f"{least:.2g} and {most:.2g}; the file is in another unit, or incomplete."
        )
