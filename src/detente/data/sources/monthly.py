"""What the monthly books of national customs share: months, partners, bounds, canonical rows."""

import re
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..bases import NATIONAL_BASES
from ..tables import Frame
from .place import FilePlace, Words
from .source import refuse_jump, refuse_twice


LARGEST_MONTH = 1e5
"""Million US$: no country sells another 100 billion in a month, so that a larger value is in
another unit (the largest seen is near 60 billion)."""
SMALLEST_MEAN = 0.01
"""Million US$ in the mean month of a file; below it values are in another unit."""
JUMP, JUMP_FROM = 10.0, 2000.0
"""Times the same month of the year before, where either is above two billion US$: within 3.5 in the
months of Korea, Japan and the United States with China since 2001. Ships make smaller ones jump."""
MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
    start=1)}  # fmt: skip
_DIGITS = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*(?:[-/. M]|년)?\s*(?P<month>\d{1,2})\s*(?:월|月)?\.?"
)
_DAY = re.compile(r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-01(?: 00:00:00)?")
_NAMED = re.compile(
    r"(?P<name>[A-Za-z]{3,9})\.?[ ,-]+(?P<year>(?:19|20)\d\d)"
    r"|(?P<first>(?:19|20)\d\d)[ -]+(?P<last>[A-Za-z]{3,9})\.?"
)
_YEAR = re.compile(r"(?:19|20)\d\d\s*(?:년|年)?|총계|합계|계|total", re.IGNORECASE)


def months(place: FilePlace, words: Words) -> Words:
    """2001-01, 2001/01, 2001.01, 200101, 2001년 01월 or January 2001, as its first day."""
    dates = words.map(month)
    if dates.isna().any():
        line = dates.index[int(dates.isna().to_numpy().argmax())]
        raise DataError(f"{place.at(line)}: '{words[line]}' is not a month.")
    return dates


def month(word: str) -> str | None:
    """The first day of a month in any of these forms, or nothing."""
    bare = " ".join(word.split())
    digits = _DAY.fullmatch(bare) or _DIGITS.fullmatch(bare)
    if digits and 1 <= int(digits["month"]) <= 12:
        return f"{digits['year']}-{int(digits['month']):02d}-01"
    named = _NAMED.fullmatch(bare)
    if named is None:
        return None
    name, year = named["name"] or named["last"], named["year"] or named["first"]
    number = MONTHS.get(name[:3].casefold())
    full = number is not None and _is_name(name, number)
    return f"{year}-{number:02d}-01" if full else None


def _is_name(word: str, number: int) -> bool:
    """Whether a word is the name of a month or its first letters."""
    names = (
        "january february march april may june july august september october november december"
    ).split()
    return names[number - 1].startswith(word.casefold())


def partner_in_name(path: Path, reporter: str) -> str:
    """The partner of a table of which only the name of the file says whose it is."""
    known = {"china": "CHN", "korea": "KOR", "japan": "JPN", "us": "USA", "usa": "USA",
             "taiwan": "TWN"}  # fmt: skip
    words = re.split(r"[^a-z]+", path.stem.lower())
    partners = {known[word] for word in words if word in known} - {reporter}
    if len(partners) != 1:
        raise DataError(f"the partner is not in the name of {path}; name it, such as us_china.csv.")
    return partners.pop()


def without_years(frame: Frame) -> tuple[Frame, dict[str, str]]:
    """The rows of months, and how many sums of years and totals are left out."""
    sums = frame.month.map(lambda word: _YEAR.fullmatch(word.strip()) is not None)
    left = {"left out: sums of years": str(int(sums.sum()))} if sums.any() else {}
    return frame[~sums], left


def without_padding(frame: Frame) -> tuple[Frame, dict[str, str]]:
    """The rows in which anything was traded: publishers fill months to come with zeros."""
    nothing = (frame[["exports", "imports"]].fillna(0.0) == 0.0).all(axis=1)
    left = {"left out: months without any trade": str(int(nothing.sum()))} if nothing.any() else {}
    return frame[~nothing], left


def check(place: FilePlace, frame: Frame) -> None:
    """Raise for a month that stands twice, and for a value that cannot be; million US$."""
    if frame.empty:
        raise DataError(f"{place.path} has no month with any trade.")
    shown = frame.assign(when=frame.month.str[:7])
    refuse_twice(place, shown, ["partner", "when"], "the trade")
    for flow in ("exports", "imports"):
        values = frame[flow]
        pairs = values[frame.partner != "WLD"]
        largest = pairs.max() if len(pairs) else values.max() / 10
        if (values < 0).any():
            line = values.index[int((values < 0).to_numpy().argmax())]
            raise DataError(f"{place.at(line)}: {flow} of {values[line]:g} are less than nothing.")
        if largest > LARGEST_MONTH or values.mean() < SMALLEST_MEAN:
            line = values.idxmax()
            raise DataError(
                f"{place.at(line)}: {flow} of {values[line]:,.4g} million US$ in a month cannot "
                "be; is the file in another unit?"
            )
        of_month = shown.assign(
            year=shown.month.str[:4].astype(int), of="month " + shown.month.str[5:7], value=values
        )
        refuse_jump(place, of_month, ["partner", "of"], flow, JUMP, JUMP_FROM)


def canonical(frame: Frame, reporter: str, note: str, status: str = "final") -> Frame:
    """Partner, month, exports and imports (million US$) as rows of the reporter's customs."""
    sides = [
        pd.DataFrame(
            {
                "reporter": reporter, "partner": frame.partner, "flow": flow, "product": "total",
                "frequency": "M", "period": frame.month, "value": frame[flow],
                "basis": NATIONAL_BASES[reporter],
                "status": status, "note": note,
            }
        )
        for flow in ("exports", "imports")
    ]  # fmt: skip
    return pd.concat(sides, ignore_index=True).dropna(subset="value")
