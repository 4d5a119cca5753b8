"""The canonical tables: their columns, and how a frame or a file becomes one of them."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from .. import library
from .._core import DataError, nearest
from .bases import known_basis


FREQUENCIES = ("A", "M")
"""Of years and of months."""
_TIME = {"year": "year", "period": "year(period)", "month": "year(month)"}


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """One row of `canonical.csv`."""

    name: str
    type: str
    required: bool
    unit: str
    description: str


@cache
def canonical() -> dict[str, tuple[StoredColumn, ...]]:
    """The columns of every canonical table, in order; `source` and `edition` follow in each."""
    tables: dict[str, list[StoredColumn]] = {}
    for row in library.table(Path(__file__).with_name("canonical.csv")):
        name, required = row.pop("table"), row.pop("required") == "yes"
        column = StoredColumn(row["column"], row["type"], required, row["unit"], row["description"])
        tables.setdefault(name, []).append(column)
    return {name: tuple(columns) for name, columns in tables.items()}


def write_tables(
    tables: Mapping[str, pd.DataFrame | Path], place: Path
) -> tuple[dict[str, int], tuple[int, int] | None]:
    """Write each table as Parquet, typed; the rows of each, and the years they span."""
    counts: dict[str, int] = {}
    years: list[int] = []
    with duckdb.connect() as connection:
        for name, table in tables.items():
            if name not in canonical():
                raise DataError(f"there is no table '{name}'; {nearest(name, canonical())}")
            target = place / f"{name}.parquet"
            _copy(connection, name, table, target)
            _check_names(connection, name, target)
            times = [_TIME[c.name] for c in canonical()[name] if c.name in _TIME]
            span = f"min({times[0]}), max({times[0]})" if times else "null, null"
            counted = connection.execute(
                f"select count(*), {span} from read_parquet(?)", [str(target)]
            ).fetchall()[0]
            counts[name] = int(counted[0])
            years += [int(year) for year in counted[1:] if year is not None]
            _sync(target)
    sync_directory(place)
    sync_directory(place.parent)
    return counts, (min(years), max(years)) if years else None


def _copy(connection: Any, name: str, table: pd.DataFrame | Path, target: Path) -> None:
    """One table in canonical columns and types, or an error that names what does not fit."""
    if isinstance(table, Path) and _is_canonical(connection, name, table):
        shutil.copyfile(table, target)
        return
    if isinstance(table, pd.DataFrame):
        connection.register("incoming", table)
        origin = "incoming"
    else:
        origin = f"read_parquet({quoted(str(table))})"
    here = {
        str(row[0]) for row in connection.execute(f"describe select * from {origin}").fetchall()
    }
    _check_columns(name, here)
    chosen = ", ".join(
        f'cast("{column.name}" as {column.type}) as "{column.name}"'
        if column.name in here
        else f'cast(null as {column.type}) as "{column.name}"'
        for column in canonical()[name]
    )
    absent = " or ".join(f'"{c.name}" is null' for c in canonical()[name] if c.required)
    try:
        missing = connection.execute(f"select count(*) from {origin} where {absent}").fetchall()[0][
            0
        ]
        if missing:
            raise DataError(f"{missing} rows for the table '{name}' lack a value they need.")
        connection.execute(
            f"copy (select {chosen} from {origin}) to {quoted(str(target))} "
            "(format parquet, compression zstd, row_group_size 32768)"
        )
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"the table '{name}' cannot be stored: {reason}") from error


def _check_names(connection: Any, name: str, target: Path) -> None:
    """Raise for a basis of another name, a book of its own, and for a frequency read as a year."""
    for column, known in (("basis", known_basis), ("frequency", _known_frequency)):
        if column not in [one.name for one in canonical()[name]]:
            continue
        named = connection.execute(f"select distinct {column} from read_parquet(?)", [str(target)])
        try:
            for row in named.fetchall():
                known(row[0])
        except ValueError as error:
            raise DataError(f"the table '{name}' cannot be stored: {error}") from error


def _known_frequency(name: str) -> str:
    if name not in FREQUENCIES:
        raise ValueError(f"there is no frequency '{name}'; it is A for years or M for months.")
    return name


def _is_canonical(connection: Any, name: str, table: Path) -> bool:
    """Whether a Parquet file has the canonical columns and types, and says that no value lacks."""
    file = quoted(str(table))
    try:
        types = connection.execute(f"describe select * from read_parquet({file})").fetchall()
        lacking = connection.execute(
            "select path_in_schema, sum(coalesce(stats_null_count, num_values)) "
            f"from parquet_metadata({file}) group by all"
        ).fetchall()
    except duckdb.Error:
        return False
    wanted = canonical()[name]
    required = {column.name for column in wanted if column.required}
    return [(one[0], one[1]) for one in types] == [(c.name, c.type) for c in wanted] and not any(
        nulls for column, nulls in lacking if column in required
    )


def _check_columns(name: str, here: set[str]) -> None:
    wanted = {column.name: column for column in canonical()[name]}
    lacking = [one for one, column in wanted.items() if column.required and one not in here]
    if lacking:
        raise DataError(f"the table '{name}' needs the columns {', '.join(lacking)}.")
    unknown = sorted(here - set(wanted))
    if unknown:
        raise DataError(
            f"the table '{name}' has no column '{unknown[0]}'; {nearest(unknown[0], wanted)}"
        )


def empty(table: str) -> str:
    columns = [f'cast(null as {column.type}) as "{column.name}"' for column in canonical()[table]]
    columns += ["cast(null as varchar) as source", "cast(null as varchar) as edition"]
    return f"select {', '.join(columns)} where false"


def quoted(value: str) -> str:
    """A value as a SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_directory(path: Path) -> None:
    if os.name != "posix":
        # Elsewhere a directory cannot be opened, and a rename needs no such help.
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def schema_of(path: Path) -> list[str]:
    """The columns of a Parquet file, or a sentence where it is damaged."""
    with duckdb.connect() as connection:
        query = "select name from parquet_schema(?) where num_children is null"
        try:
            return [str(row[0]) for row in connection.execute(query, [str(path)]).fetchall()]
        except duckdb.Error as error:
            raise DataError(f"{path} is damaged: it cannot be read as Parquet.") from error
