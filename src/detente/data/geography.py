"""Distances, borders, languages and colonies of pairs: CEPII GeoDist, Etalab 2.0."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from .._core import DataError, nearest
from . import tables


ATTRIBUTION = (
    "Distances, borders, languages and colonies: Mayer, T. and Zignago, S. (2011), Notes on "
    "CEPII's distances measures: The GeoDist database, CEPII Working Paper 2011-25, Etalab 2.0."
)
OLD_CODES = {"ROM": "ROU", "ZAR": "COD"}
"""The source writes Romania and the Democratic Republic of the Congo in withdrawn codes."""
COLUMNS = {"contig": "contiguity", "comlang_off": "language", "colony": "colony"}


def read_geography(raw_directory: Path, members: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Columns exporter, importer, distance (km), contiguity, language, colony (0 to 1).

    `members` gives the countries, as ISO codes, that each code of a world stands for. A region has
    the simple mean over the pairs of its members: of distance, at home too, and of what a pair
    either has or has not.
    """
    path = Path(raw_directory) / "gravity" / "dist_cepii.parquet"
    frame: Any = tables.read_parquet(path, ["iso_o", "iso_d", "dist", "distw", *COLUMNS])
    for side in ("iso_o", "iso_d"):
        frame[side] = frame[side].replace(OLD_CODES)
    _refuse_unknown(members, sorted(set(frame["iso_o"])))
    # Weighted by population where cities are known, between the main cities elsewhere.
    frame["distance"] = frame["distw"].fillna(frame["dist"])
    frame = frame.rename(columns=COLUMNS)
    place = {code: region for region, codes in members.items() for code in codes}
    frame["exporter"], frame["importer"] = frame["iso_o"].map(place), frame["iso_d"].map(place)
    values = ["distance", *COLUMNS.values()]
    known = frame.dropna(subset=["exporter", "importer"])
    return known.groupby(["exporter", "importer"], as_index=False)[values].mean()


def _refuse_unknown(members: Mapping[str, Sequence[str]], known: Sequence[str]) -> None:
    listed = [code for codes in members.values() for code in codes]
    if len(set(listed)) < len(listed):
        code = next(code for code in listed if listed.count(code) > 1)
        raise DataError(f"'{code}' is a member of two regions, or twice of one.")
    unknown = [code for code in listed if code not in known]
    if unknown:
        raise DataError(f"GeoDist has no country '{unknown[0]}'; {nearest(unknown[0], known)}")
