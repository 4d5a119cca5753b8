"""Gravity covariates of country pairs: CEPII Gravity and GeoDist, Etalab Open Licence 2.0.

Gravity has one row per pair and year from 1948. What hardly changes is kept once per pair, as of
the last year of the file; agreements are kept for the years in which they hold. GeoDist has one row
per pair, and writes some economies in withdrawn letters, which become those of today.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..._core import DataError
from . import economies
from .layout import Layout
from .opened import open_table, SourceTable
from .place import FilePlace, Words
from .source import (
    ETALAB,
    Frame,
    one_by_one,
    ParsedFile,
    Progress,
    refuse_twice,
    require_codes,
    require_values,
    require_years,
    Source,
)
from .typed import open_typed


FIXED = (
    "distw_harmonic", "distw_arithmetic", "dist", "distcap", "distw", "distwces", "contig",
    "comlang_off", "comlang_ethno", "comcol", "col45", "colony", "curcol", "smctry",
)  # fmt: skip
FLAGS = (
    "contig", "comlang_off", "comlang_ethno", "comcol", "col45", "colony", "curcol", "smctry",
    "fta_wto", "eu_o", "eu_d", "wto_o", "wto_d", "gatt_o", "gatt_d",
)  # fmt: skip
"""What a pair or a side either has, 1, or has not, 0."""
BY_YEAR = ("fta_wto", "rta_coverage", "eu_o", "eu_d", "wto_o", "wto_d", "gatt_o", "gatt_d")
EARTH = 20_100.0
"""Half the circumference of the Earth in km: no distance is longer."""
PLACEHOLDERS = (0.0, -1.0, -999.0, -9999.0)
"""What stands for no distance."""
APART, ALIKE = 300.0, 5.0
"""Distances of a pair that is so many km apart differ by less than this factor: 3.8 in GeoDist."""
EXISTS = {"exists_o": "country_exists_o", "exists_d": "country_exists_d"}
GRAVITY, GEODIST = LAYOUTS = (
    Layout(
        "CEPII Gravity",
        {"origin": "iso3_o", "destination": "iso3_d"},
        {"year": "year", "dist": "dist"},
        optional_numbers=EXISTS | {name: name for name in (*FIXED, *BY_YEAR) if name != "dist"},
        encodings=("latin-1",),
        grouped=False,
        seen="releases V202010 to V202211",
    ),
    Layout(
        "CEPII GeoDist",
        {"origin": "iso_o", "destination": "iso_d"},
        {"dist": "dist"},
        optional_numbers={name: name for name in FIXED if name != "dist"},
        without=("year",),
        missing=(".",),
        grouped=False,
        seen="dist_cepii as published in 2011",
    ),
)  # fmt: skip


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Gravity_Vversion, or dist_cepii of GeoDist, in any form but that of R."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    # Gravity has nearly 5 million lines.
    opened = open_typed(path, LAYOUTS[:1]) or open_table(path, LAYOUTS)
    if opened.layout is GEODIST:
        return _geodist(opened)
    frame = _existing(opened)
    years = require_years(opened.place, frame.year)
    frame, placeholders = _distances(opened.place, frame.assign(year=years))
    _refuse_two(opened.place, frame)
    table = pd.concat([_fixed(frame, int(years.max())), _by_year(frame)], ignore_index=True)
    about = opened.about() | {"years": _span(years)} | placeholders
    return ParsedFile(f"V{_version(path)}", {"gravity": table}, about=about)


def _version(path: Path) -> str:
    match = re.search(r"_V(\w+)$", path.stem, re.IGNORECASE)
    return match.group(1) if match else "unversioned"


def _existing(opened: SourceTable) -> Frame:
    """Rows of economies that exist in the year and have letters."""
    frame = opened.frame
    flags = [name for name in EXISTS if name in frame]
    kept = frame[(frame[flags] != 0).all(axis=1)].drop(columns=flags)
    kept = kept[(kept.origin != "") & (kept.destination != "")]
    if kept.empty:
        raise DataError(f"{opened.path} has no pair of economies that exist.")
    for name in ("origin", "destination"):
        require_codes(opened.place, kept[name].astype("str"))
    return kept


def _span(years: Words) -> str:
    """First and last year, and the years between that the file does not have."""
    first, last, here = int(years.min()), int(years.max()), set(years.unique())
    absent = [str(year) for year in range(first, last + 1) if year not in here]
    return f"{first}-{last}" + (f" without {', '.join(absent)}" if absent else "")


def _refuse_two(place: FilePlace, frame: Frame) -> None:
    """Two rows of a pair and year that say different things."""
    keys = ["year", "origin", "destination"]
    refuse_twice(place, frame.drop_duplicates(), keys, "the pair")


def _distances(place: FilePlace, frame: Frame) -> tuple[Frame, dict[str, str]]:
    """The frame with no distance where a placeholder stands; one that cannot be is refused."""
    names = [name for name in frame if str(name).startswith("dist") and name != "destination"]
    nothing = frame[names].isin(PLACEHOLDERS)
    frame = frame.assign(**{str(name): frame[name].mask(nothing[name]) for name in names})
    for name in names:
        wrong = frame[name].notna() & ~frame[name].between(0, EARTH)
        if wrong.any():
            row = frame[wrong].iloc[0]
            raise DataError(
                f"{place.at(row.name)}: {name} from {row.origin} to {row.destination} is "
                f"{row[name]:g}, and no distance on Earth is longer than 20 100 km; is it in "
                "another unit?"
            )
        _refuse_unlike(place, frame, str(name))
    _refuse_shifted(place, frame)
    count = int(nothing.to_numpy().sum())
    return frame, {"left out: placeholders of distances": f"{count:,} cells"} if count else {}


def _refuse_shifted(place: FilePlace, frame: Frame) -> None:
    """Raise for what is either so or not and is neither, or a distance that lacks its companion."""
    wrong = pd.Series(False, index=frame.index)
    for name in (one for one in FLAGS if one in frame):
        wrong |= ~frame[name].isin([0.0, 1.0]) & frame[name].notna()
    if "year" not in frame and {"distw", "distwces"} <= set(frame):
        wrong |= frame.distw.isna() != frame.distwces.isna()
    if wrong.any():
        line = wrong.index[int(wrong.to_numpy().argmax())]
        raise DataError(
            f"{place.at(line)}: what is said of the pair does not stand under its names; is a cell "
            "of the row lost?"
        )


def _refuse_unlike(place: FilePlace, frame: Frame, name: str) -> None:
    """Raise for a distance that another of the same pair says is in another unit."""
    if name == "dist" or "wces" in name or "harmonic" in name:
        return
    apart = frame[[name, "dist"]].min(axis=1) > APART
    ratio = frame[name] / frame.dist
    wrong = apart & ratio.notna() & ~ratio.between(1 / ALIKE, ALIKE)
    if wrong.any():
        row = frame[wrong].iloc[0]
        raise DataError(
            f"{place.at(row.name)}: from {row.origin} to {row.destination}, dist is {row.dist:g} "
            f"and {name} is {row[name]:g} km; is a decimal sign lost?"
        )


def _fixed(frame: Frame, last: int) -> Frame:
    present = [name for name in FIXED if name in frame]
    rows = frame[frame.year == last].drop_duplicates(["origin", "destination"])
    return _long(rows, present).assign(year=pd.NA)


def _by_year(frame: Frame) -> Frame:
    present = [name for name in BY_YEAR if name in frame]
    rows = _long(frame.drop_duplicates(["year", "origin", "destination"]), present)
    return rows[rows["value"] != 0]


def _long(rows: Frame, names: Sequence[str]) -> Frame:
    pieces = [
        pd.DataFrame(
            {
                "year": rows.year.astype("Int32"),
                "origin": rows.origin,
                "destination": rows.destination,
                "variable": name,
                "value": rows[name],
            }
        )
        for name in names
    ]
    if not pieces:
        return pd.DataFrame(columns=["year", "origin", "destination", "variable", "value"])
    return pd.concat(pieces, ignore_index=True).dropna(subset="value")


def _geodist(opened: SourceTable) -> ParsedFile:
    place, frame = opened.place, opened.frame
    require_values(place, frame, ["origin", "destination"])
    today = {
        name: economies.translate(place, frame[name], "geodist")
        for name in ("origin", "destination")
    }
    frame, placeholders = _distances(place, frame.assign(**today))
    refuse_twice(place, frame, ["origin", "destination"], "the pair")
    _refuse_one_sided(place, frame)
    table = _long(frame.assign(year=pd.NA), [name for name in FIXED if name in frame])
    return ParsedFile("GeoDist", {"gravity": table}, about=opened.about() | placeholders)


def _refuse_one_sided(place: FilePlace, frame: Frame) -> None:
    """Raise for a distance that differs from the one in the other direction."""
    sides = ["origin", "destination"]
    there = frame.set_index(sides).dist
    back = there.reindex(pd.MultiIndex.from_frame(frame[sides[::-1]])).to_numpy()
    wrong = np.abs(frame.dist.to_numpy() - back) > 0.01 * frame.dist.to_numpy()
    if wrong.any():
        row = frame[wrong].iloc[0]
        raise DataError(
            f"{place.at(row.name)}: dist from {row.origin} to {row.destination} is {row.dist:g}, "
            f"and {back[wrong][0]:g} the other way; one of them is wrong."
        )


SOURCE = Source(
    title="CEPII Gravity and GeoDist",
    licence=ETALAB,
    attribution="CEPII, Gravity (Conte, Cotterlaz and Mayer 2022) and GeoDist (Mayer and Zignago "
    "2011), Etalab Open Licence 2.0.",
    files="Gravity_Vversion or dist_cepii, as CSV, Stata, Excel or Parquet",
    read=read,
    layouts=LAYOUTS,
)
