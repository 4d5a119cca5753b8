"""Arrivals in Korea by nationality, purpose and month: Korea Tourism Organization.

The monthly table has one row per nationality and columns of purposes, in Korean; regions, growth
rates and remainders stand among its rows. Public data with attribution.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..tables import read_parquet
from . import economies
from .former import columns_of, is_parquet, read_csv, require_values
from .source import Frame, one_by_one, Parsed, Progress, Source


PURPOSES: Mapping[str, tuple[str, ...]] = {
    "tourism": ("관광", "tourism"),
    "business": ("상용", "business"),
    "official": ("공용", "official"),
    "study": ("유학연수", "유학/연수", "study"),
    "other": ("기타", "other"),
    "total": ("계", "합계", "total"),
}
NATIONALITY = ("국적", "국가", "nationality")
NOT_PERSONS = ("전년동기", "성장률(%)", "구성비(%)")
"""Rows of the publisher's table that are last year, growth and shares."""
MISSED = 2.0
"""Persons by which the purposes may miss the total."""


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Monthly tables as CSV, the month (such as 2019-05) in the name or in a column."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    if is_parquet(path):
        names = ["month", "nationality", *PURPOSES]
        if not set(names) <= set(columns_of(path)):
            raise DataError(f"{path} should have the columns {', '.join(names)}, and does not.")
        frame = read_parquet(path, names)
    else:
        frame = _read_table(path)
    frame = frame[~frame.nationality.str.strip().isin(NOT_PERSONS)]
    _check(path, frame)
    return Parsed("monthly", {"arrivals": _canonical(frame)}, path.stem)


def _read_table(path: Path) -> Frame:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        here = [name.strip().strip('"') for name in file.readline().strip().split(",")]
    place = next((name for name in NATIONALITY if name in here), None)
    if place is None:
        raise DataError(f"{path} should have one of the columns {', '.join(NATIONALITY)}.")
    chosen = {ours: next((n for n in names if n in here), None) for ours, names in PURPOSES.items()}
    lacking = next((ours for ours, name in chosen.items() if name is None), None)
    if lacking is not None:
        raise DataError(
            f"{path} should have one of the columns {', '.join(PURPOSES[lacking])}, and has none."
        )
    known = {str(name): ours for ours, name in chosen.items()}
    frame = read_csv(path, [place, *known], list(known), optional=["month"])
    require_values(path, frame, [place])
    frame = frame.rename(columns={**known, place: "nationality"})
    return frame if "month" in frame else frame.assign(month=_month_of(path))


def _month_of(path: Path) -> str:
    found = re.search(r"(20\d\d)[-_.]?(0[1-9]|1[0-2])(?!\d)", path.stem)
    if found is None:
        raise DataError(f"the month of {path} is not in its name; name it, such as 2019-05.csv.")
    return f"{found.group(1)}-{found.group(2)}"


def _check(path: Path, frame: Frame) -> None:
    parts = frame[[name for name in PURPOSES if name != "total"]].sum(axis=1)
    gap = (parts - frame.total).abs()
    if (gap > MISSED).any():
        row = frame.loc[gap.idxmax()]
        raise DataError(
            f"{path}: the purposes of {row.nationality} in {row.month} add up to "
            f"{parts[gap.idxmax()]:.0f} persons, and the total is {row.total:.0f}."
        )
    if frame.duplicated(["month", "nationality"]).any():
        row = frame[frame.duplicated(["month", "nationality"])].iloc[0]
        raise DataError(f"{path} has {row.nationality} in {row.month} twice.")


def _canonical(frame: Frame) -> Frame:
    known = {c: a.code for c, a in economies.areas("korean").items()}
    bare = frame.nationality.str.strip()
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "destination": "KOR",
                    "nationality": bare.map(known).fillna(bare),
                    "purpose": purpose,
                    "month": frame.month.str[:7] + "-01",
                    "persons": frame[purpose],
                }
            )
            for purpose in PURPOSES
        ],
        ignore_index=True,
    ).dropna(subset="persons")


SOURCE = Source(
    title="Korea Tourism Organization, arrivals by nationality",
    licence="Korean public data with attribution; to be confirmed before passing on",
    attribution="Korea Tourism Organization.",
    files="monthly table as CSV with 국적, 관광, 상용, 공용, 유학연수, 기타, 계; or as repackaged",
    read=read,
)
