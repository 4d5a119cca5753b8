"""Gravity covariates of country pairs: CEPII Gravity and GeoDist, Etalab Open Licence 2.0.

Gravity has one row per pair and year from 1948. What hardly changes is kept once per pair, as of
the last year of the file; agreements are kept for the years in which they hold.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..._core import DataError
from ..tables import read_parquet
from .former import columns_of, is_parquet, read_csv
from .source import ETALAB, Frame, one_by_one, Parsed, Progress, Source


FIXED = (
    "distw_harmonic", "distw_arithmetic", "dist", "distcap", "contig", "comlang_off",
    "comlang_ethno", "comcol", "col45", "colony",
)  # fmt: skip
BY_YEAR = ("fta_wto", "rta_coverage", "eu_o", "eu_d", "wto_o", "wto_d", "gatt_o", "gatt_d")
GEODIST = (
    "contig", "comlang_off", "comlang_ethno", "colony", "comcol", "curcol", "col45", "smctry",
    "dist", "distcap", "distw", "distwces",
)  # fmt: skip
EARTH = 20_100.0
"""Half the circumference of the Earth in km: no distance is longer."""
CHUNK = 200_000


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Gravity_Vversion.csv, or GeoDist."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    if is_parquet(path):
        return _geodist(path)
    head = read_csv_header(path)
    for name in ("year", "iso3_o", "iso3_d", "dist"):
        if name not in head:
            raise DataError(f"{path} should have the column '{name}', and has none.")
    frame = _rows(path, [name for name in (*FIXED, *BY_YEAR) if name in head])
    last = int(frame.year.max())
    table: Frame = pd.concat([_fixed(frame, last), _by_year(frame)], ignore_index=True)
    _check(path, table)
    version = path.stem.rpartition("_V")[2] or "unversioned"
    return Parsed(f"V{version}", {"gravity": table})


def read_csv_header(path: Path) -> list[str]:
    """The names in the first line."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return [name.strip().strip('"') for name in file.readline().strip().split(",")]


def _rows(path: Path, chosen: list[str]) -> Frame:
    """Rows of economies that exist; in pieces, because the file has nearly 5 million lines."""
    keys = ["year", "iso3_o", "iso3_d"]
    exists = [n for n in ("country_exists_o", "country_exists_d") if n in read_csv_header(path)]
    types: Any = {"iso3_o": "str", "iso3_d": "str"} | dict.fromkeys([*chosen, *exists], "float64")
    try:
        with pd.read_csv(
            path, usecols=[*keys, *chosen, *exists], dtype=types, chunksize=CHUNK,
            encoding="utf-8-sig",
        ) as pieces:  # fmt: skip
            kept = [
                piece[(piece[exists] != 0).all(axis=1)].drop(columns=exists) for piece in pieces
            ]
    except (ValueError, pd.errors.ParserError):
        # As text, which is slow, to name the line at fault.
        text = read_csv(path, keys + chosen, ["year", *chosen])
        return text.astype({"year": int})
    return pd.concat(kept, ignore_index=True).dropna(subset=["iso3_o", "iso3_d"])


def _fixed(frame: Frame, last: int) -> Frame:
    present = [name for name in FIXED if name in frame]
    rows = frame[frame.year == last].drop_duplicates(["iso3_o", "iso3_d"])
    return _long(rows, present).assign(year=pd.NA)


def _by_year(frame: Frame) -> Frame:
    present = [name for name in BY_YEAR if name in frame]
    rows = _long(frame.drop_duplicates(["year", "iso3_o", "iso3_d"]), present)
    return rows[rows["value"] != 0]


def _long(rows: Frame, names: Sequence[str]) -> Frame:
    pieces = [
        pd.DataFrame(
            {
                "year": rows.year.astype("Int32"),
                "origin": rows.iso3_o,
                "destination": rows.iso3_d,
                "variable": name,
                "value": rows[name],
            }
        )
        for name in names
    ]
    if not pieces:
        return pd.DataFrame(columns=["year", "origin", "destination", "variable", "value"])
    return pd.concat(pieces, ignore_index=True).dropna(subset="value")


def _geodist(path: Path) -> Parsed:
    here = columns_of(path)
    if not {"iso_o", "iso_d", "dist"} <= set(here):
        raise DataError(f"{path} should have the columns iso_o, iso_d, dist, and does not.")
    names = [name for name in GEODIST if name in here]
    frame = read_parquet(path, ["iso_o", "iso_d", *names])
    rows = frame.rename(columns={"iso_o": "iso3_o", "iso_d": "iso3_d"}).assign(year=pd.NA)
    table = _long(rows, names)
    _check(path, table)
    return Parsed("GeoDist", {"gravity": table})


def _check(path: Path, table: Frame) -> None:
    distance = table[table.variable.str.startswith("dist")]
    wrong = ~distance["value"].between(0, EARTH)
    if wrong.any():
        row = distance[wrong].iloc[0]
        raise DataError(
            f"{path}: {row.variable} from {row.origin} to {row.destination} is {row['value']:g}, "
            "and no distance on Earth is longer than 20 100 km; is it in another unit?"
        )


SOURCE = Source(
    title="CEPII Gravity and GeoDist",
    licence=ETALAB,
    attribution="CEPII, Gravity (Conte, Cotterlaz and Mayer 2022) and GeoDist (Mayer and Zignago "
    "2011), Etalab Open Licence 2.0.",
    files="Gravity_Vversion.csv, or dist_cepii.parquet as repackaged",
    read=read,
)
