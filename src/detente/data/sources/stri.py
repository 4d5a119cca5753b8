"""Services trade restrictiveness as the OECD publishes it: rows of country, sector, area and year.

CSV of the OECD Data Explorer (REF_AREA, …, OBS_VALUE) or of the former OECD.Stat. CC BY 4.0.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..._core import DataError, nearest
from ..stri import ADDING_UP, ATTRIBUTION, TOTAL
from ..tables import read_parquet
from .former import columns_of, is_parquet, read_csv, require_values
from .source import CC_BY, Frame, one_by_one, Parsed, Progress, Source


NAMES: Mapping[str, tuple[str, ...]] = {
    "country": ("REF_AREA", "COU", "LOCATION", "country"),
    "sector": ("SERVICE_SECTOR", "SECTOR", "SECT", "ACTIVITY", "sector"),
    "policy_area": ("POLICY_AREA", "STRI policy area", "CLASS", "MEASURE", "policy_area"),
    "year": ("TIME_PERIOD", "YEA", "TIME", "Year", "year"),
    "score": ("OBS_VALUE", "Value", "score"),
}
"""What the editions of the source call each column, newest first."""


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Files of the index, scores between 0 and 1."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    if is_parquet(path):
        here = columns_of(path)
        chosen = _chosen(path, here)
        frame = read_parquet(path, list(chosen.values()))
    else:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            here = [name.strip().strip('"') for name in file.readline().strip().split(",")]
        chosen = _chosen(path, here)
        frame = read_csv(path, list(chosen.values()), [chosen["year"], chosen["score"]])
    frame = frame.rename(columns={name: ours for ours, name in chosen.items()})
    require_values(path, frame, ["country", "sector", "policy_area", "year"])
    frame = frame.dropna(subset="score").astype({"year": "int32"})
    _check(path, frame)
    first, last = int(frame.year.min()), int(frame.year.max())
    return Parsed(f"{first}-{last}", {"restrictions": frame})


def _chosen(path: Path, here: Sequence[str]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for ours, names in NAMES.items():
        found = next((name for name in names if name in here), None)
        if found is None:
            raise DataError(
                f"{path} should have one of the columns {', '.join(names)}, and has none; "
                f"{nearest(names[0], here)}"
            )
        chosen[ours] = found
    return chosen


def _check(path: Path, frame: Frame) -> None:
    outside = ~frame.score.between(0.0, 1.0)
    if outside.any():
        worst = frame[outside].iloc[0]
        raise DataError(
            f"{path}: the score of {worst.country} in {worst.sector} in {worst.year} is "
            f"{worst.score:g}, and should lie between 0 and 1."
        )
    if frame.duplicated(["country", "sector", "policy_area", "year"]).any():
        raise DataError(f"{path} has a score twice; choose one measure.")
    whole = frame[frame.policy_area == TOTAL].set_index(["country", "sector", "year"]).score
    if whole.empty:
        return
    areas = frame[frame.policy_area != TOTAL].groupby(["country", "sector", "year"]).score.sum()
    gap = np.abs(areas.reindex(whole.index) - whole).max()
    if gap > ADDING_UP:
        raise DataError(f"{path}: policy areas should add to the index, and miss it by {gap:.2g}.")


SOURCE = Source(
    title="OECD Services Trade Restrictiveness Index",
    licence=CC_BY,
    attribution=ATTRIBUTION,
    files="CSV of the OECD Data Explorer or of OECD.Stat",
    read=read,
)
