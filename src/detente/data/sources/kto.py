"""Arrivals in Korea by nationality, purpose and month: Korea Tourism Organization.

The monthly table has one row per nationality and columns of purposes, in Korean, with or without a
title above; continents, remainders, growth rates and shares stand among its rows. Public data with
attribution.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..tables import Frame
from . import economies, monthly
from .layout import Layout
from .opened import open_table, SourceTable
from .source import one_by_one, ParsedFile, Progress, refuse_twice, require_values, Source


PURPOSES = {
    "tourism": "관광|tourism",
    "business": "상용|business",
    "official": "공용|official",
    "study": "유학연수|유학/연수|유학·연수|study",
    "other": "기타|other",
    "total": "계|합계|소계|total",
}
LAYOUTS = (
    Layout(
        "the monthly arrivals in Korea by purpose and nationality",
        {"nationality": "국적|국가|nationality"},
        PURPOSES,
        optional_text={"month": "month|년월|기준년월"},
        without=("남성", "여성", "남자", "여자", "0-20세", "공항", "항구"),
        seen="kto_201901.xlsx as users of the organization show it; months of 2010-2020 repackaged",
        encodings=("cp949",),
    ),
)
NOT_PERSONS = re.compile(r"(?:전년\s*동[기월]|성장률|증감률|구성비)(?:\s*\(%\))?")
"""Rows of the publisher's table that are last year, growth and shares."""
MISSED = 2.0
"""Persons by which the purposes may miss the total."""
MOST = 5e6
"""Persons of all nationalities in a month: the most seen is 1.9 million, of July 2025."""
_MONTH = re.compile(
    r"(?<!\d)(?P<year>20\d\d)\s*[-_.년]?\s*(?P<month>0[1-9]|1[0-2]|[1-9](?=월))(?:\s*월)?(?!\d)"
)


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Monthly tables, the month (such as 2019-05) in the name, in the title or in a column."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    opened = open_table(path, LAYOUTS)
    frame = opened.frame
    frame = frame[~frame.nationality.str.strip().str.fullmatch(NOT_PERSONS)]
    require_values(opened.place, frame, ["nationality"])
    frame = frame.assign(
        month=_months(opened, frame), code=economies.named(opened.place, frame.nationality)
    )
    _check(opened, frame)
    whole = frame.dropna(subset="code")
    about = {**opened.about(), **_left_out(frame)}
    return ParsedFile("monthly", {"arrivals": _canonical(whole)}, path.stem, about)


def _months(opened: SourceTable, frame: Frame) -> pd.Series:
    """The month of each row: of its column, or of the title and the name, which must agree."""
    stated = {
        f"{match['year']}-{int(match['month']):02d}-01"
        for text in (opened.titles, opened.path.stem)
        if (match := _MONTH.search(text))
    }
    if "month" in frame:
        return monthly.months(opened.place, frame.month)
    if len(stated) > 1:
        raise DataError(
            f"{opened.path} is of {' or '.join(sorted(one[:7] for one in stated))}: its name and "
            "its title say different months."
        )
    if not stated:
        raise DataError(
            f"the month of {opened.path} is not in its name; name it, such as 2019-05.csv."
        )
    return pd.Series(stated.pop(), index=frame.index)


def _check(opened: SourceTable, frame: Frame) -> None:
    place = opened.place
    for name in PURPOSES:
        wrong = (frame[name] < 0) | (frame[name] > MOST) | (frame[name] % 1 > 0)
        if wrong.any():
            line = frame.index[int(wrong.to_numpy().argmax())]
            raise DataError(f"{place.at(line)}: {frame[name][line]:g} is no number of persons.")
    parts = frame[[name for name in PURPOSES if name != "total"]].sum(axis=1)
    gap = (parts - frame.total).abs()
    if (gap > MISSED).any():
        line = gap.idxmax()
        row = frame.loc[line]
        raise DataError(
            f"{place.at(line)}: the purposes of {row.nationality} in {row.month[:7]} add up to "
            f"{parts[line]:.0f} persons, and the total is {row.total:.0f}."
        )
    refuse_twice(place, frame.dropna(subset="code"), ["code", "month"], "arrivals")


def _left_out(frame: Frame) -> dict[str, str]:
    """Continents and remainders, which are no nationality."""
    rests = frame[frame.code.isna()]
    if rests.empty:
        return {}
    names = ", ".join(dict.fromkeys(rests.nationality))
    return {"left out: continents and remainders": names}


def _canonical(frame: Frame) -> Frame:
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "destination": "KOR",
                    "nationality": frame.code,
                    "purpose": purpose,
                    "month": frame.month,
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
    files="monthly table as CSV or Excel with 국적, 관광, 상용, 공용, 유학/연수, 기타, 계; or as "
    "repackaged",
    read=read,
    layouts=LAYOUTS,
)
