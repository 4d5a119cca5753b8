"""Long tables of the raw sources, read by column name and laid out by label."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import numpy as np
import pandas as pd
import xarray as xr

from .._core import DataError


Frame: TypeAlias = Any
"""A pandas frame; the types of pandas do not say what its attributes are."""


def read_parquet(path: Path, columns: Sequence[str], where: str = "true") -> Frame:
    """The named columns of a Parquet table, for the rows that a SQL condition selects."""
    require(path)
    wanted = ", ".join(f'"{column}"' for column in columns)
    with duckdb.connect() as connection:
        query = f"select {wanted} from read_parquet(?) where {where}"
        try:
            frame = connection.execute(query, [str(path)]).df()
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise DataError(f"{path} should have the columns {wanted}, but: {reason}") from error
    if frame.empty:
        raise DataError(f"{path} has no rows where {where}; is it the right file or year?")
    return frame


def raw_directory(sources: Path | None = None) -> Path:
    """Where the raw sources are: as named, by `DETENTE_RAW`, or beside the project.

    Raises `DataError` where they are in none of these places; a place that is named is believed.
    """
    chosen = sources or os.environ.get("DETENTE_RAW")
    if chosen:
        return Path(chosen)
    for place in (Path("shared/data"), Path("../shared/data")):
        if place.is_dir():
            return place
    raise DataError(
        "the raw sources were not found; name their directory with `sources` or DETENTE_RAW."
    )


def require(path: Path) -> Path:
    """The path itself, or an error that names the file that is missing."""
    if not path.is_file():
        raise DataError(f"'{path.name}' was expected in {path.parent}, and is not there.")
    return path


def lay_out(
    frame: pd.DataFrame, value: str, coords: Mapping[str, Sequence[str]], fill: float = 0.0
) -> xr.DataArray:
    """A long table as a labelled array; rows are placed by label, absent cells hold `fill`.

    `coords` maps each column to its labels, in the order of the dimensions. A cell that occurs
    twice, or a label that is not in `coords`, is an error: either would be lost silently.
    """
    positions = [_positions(frame, column, labels) for column, labels in coords.items()]
    shape = tuple(len(labels) for labels in coords.values())
    flat = np.ravel_multi_index(positions, shape)
    if np.unique(flat).size < flat.size:
        raise DataError(f"a table of '{value}' by {', '.join(coords)} repeats some of its cells.")
    array = np.full(shape, fill)
    array.ravel()[flat] = frame[value].to_numpy(float)
    return xr.DataArray(array, {name: list(labels) for name, labels in coords.items()})


def _positions(frame: pd.DataFrame, column: str, labels: Sequence[str]) -> np.ndarray:
    names = pd.Index(frame[column])
    positions = pd.Index(labels).get_indexer(names)
    if (positions < 0).any():
        unknown = ", ".join(sorted(map(str, set(names[positions < 0])))[:5])
        raise DataError(f"a raw table has the unknown {column} {unknown}.")
    return positions
