"""The year of a table from the name of its file, where a name may also say an edition or a date."""

import re
from pathlib import Path

from ..._core import DataError


_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
_GAP = r"[ ._,-]*"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_EDITION = r"(?:editions?|release|ed|version|rev|v)"
_BOTH_SIDES = re.compile(rf"{_YEAR}{_GAP}{_EDITION}{_GAP}(?:of{_GAP})?{_YEAR}", re.I)
_DATES = (
    rf"(?<![a-z]){_MONTH}{_GAP}(?:\d{{1,2}}{_GAP})?{_YEAR}",
    rf"{_YEAR}[._-](?:0[1-9]|1[0-2])[._-](?:0[1-9]|[12]\d|3[01])(?!\d)",
    rf"constant{_GAP}{_YEAR}",
)
_EDITIONS = (
    rf"(?<![a-z]){_EDITION}{_GAP}(?:of{_GAP})?{_YEAR}",
    rf"{_YEAR}{_GAP}{_EDITION}(?![a-z])",
)
_SPAN = re.compile(rf"({_YEAR}) ?(?:[-–]|to) ?({_YEAR})")
_GLUED = re.compile(rf"(?<![a-z])(?:icio|wiod|mrio)({_YEAR})", re.I)


def year_in_name(path: Path, example: str, before: int = 2100) -> int:
    """The one year of a name that is not a date, a span of years or an edition.

    `before` is the year of the edition, where the content says it: no table is of that year or
    later. An edition that stands directly behind the name of the database (ICIO2023_2018) is left
    out where another year remains. Raises `DataError`, which asks, where none or several remain.
    """
    written = sorted({int(year) for year in re.findall(_YEAR, path.stem)})
    if not written:
        raise DataError(
            f"the year of {path} is not in its name; keep the publisher's name, such as {example}."
        )
    left = candidates(path.stem, before)
    if len(left) != 1:
        said = " and ".join(map(str, sorted(left) if len(left) > 1 else written))
        plural = "s" if " and " in said else ""
        raise DataError(
            f"the name of {path} has the year{plural} {said}, and it cannot be told from it which "
            f"year the table is of; rename it with that year alone, such as {example}."
        )
    return left.pop()


def candidates(name: str, before: int = 2100) -> set[int]:
    """The years of a name that may be that of the table, none of them of `before` or later."""
    name = _without_spans(_without_dates(name))
    years = {int(year) for year in re.findall(_YEAR, name)}
    years = {year for year in years if year < before}
    glued = {int(year) for year in _GLUED.findall(name)}
    return years - glued or years


def _without_dates(name: str) -> str:
    patterns = _DATES if _BOTH_SIDES.search(name) else (*_DATES, *_EDITIONS)
    for pattern in patterns:
        name = re.sub(pattern, " ", name, flags=re.I)
    return name


def _without_spans(name: str) -> str:
    """Without 2016-2020, which are the years of a folder; 2018-2018 is one year."""

    def kept(span: re.Match[str]) -> str:
        first, last = span.groups()
        return " " if first < last else span.group()

    return _SPAN.sub(kept, name)
