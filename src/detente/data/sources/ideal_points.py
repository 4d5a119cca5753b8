"""Positions of governments in votes of the UN General Assembly: Bailey, Strezhnev and Voeten.

One row per country and session; session s began in 1945 + s. MIT licence.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..tables import read_parquet
from .source import (
    columns_of,
    Frame,
    is_parquet,
    one_by_one,
    Parsed,
    Progress,
    read_csv,
    require_values,
    Source,
)


POINTS = ("IdealPointAll", "IdealPoint", "IdealPointFP")
FIRST_YEAR = 1945
SOUTH_YEMEN = (680, "YMD")
"""Its number in the source, which gives both Yemens the letters YAR, and its own letters."""
SPAN = 6.0
"""Ideal points are normal with unit variance at the start, and none is beyond 4."""


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Releases of the estimates."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    here = columns_of(path) if is_parquet(path) else _header(path)
    point = next((name for name in POINTS if name in here), None)
    if point is None:
        raise DataError(f"{path} should have one of the columns {', '.join(POINTS)}.")
    names = ["ccode", "iso3c", "session", point]
    if is_parquet(path):
        frame = read_parquet(path, names)
    else:
        frame = read_csv(path, names, ["ccode", "session", point])
        require_values(path, frame, ["session"])
    frame = frame.dropna()
    outside = frame[point].abs() > SPAN
    if outside.any():
        row = frame[outside].iloc[0]
        raise DataError(f"{path}: {row[point]:g} is no ideal point ({row.iso3c}, {row.session}).")
    table: Frame = pd.DataFrame(
        {
            "country": frame.iso3c.where(frame.ccode != SOUTH_YEMEN[0], SOUTH_YEMEN[1]),
            "year": FIRST_YEAR + frame.session.astype(int),
            "session": frame.session.astype(int),
            "ideal_point": frame[point],
        }
    )
    if table.duplicated(["country", "session"]).any():
        raise DataError(f"{path} has a country twice in a session.")
    return Parsed(f"to session {table.session.max()}", {"alignment": table})


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return [name.strip().strip('"') for name in file.readline().strip().split(",")]


SOURCE = Source(
    title="UN General Assembly ideal points",
    licence="MIT",
    attribution="Bailey, Strezhnev and Voeten (2017), Estimating Dynamic State Preferences from "
    "United Nations Voting Data, Journal of Conflict Resolution 61(2).",
    files="Idealpointestimates….csv",
    read=read,
)
