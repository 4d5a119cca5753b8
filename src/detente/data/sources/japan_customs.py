"""Japan's trade by partner and month in thousand yen: Ministry of Finance of Japan.

As published (d41ma.csv and its like): Shift_JIS, titles that name the partner and the unit, then
Years/Months, Exp-Total, Imp-Total; months that are not published yet are filled with zeros. Yen are
translated at the mean of the daily rates of the month, which come as a second file.
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
from .place import FilePlace, Words
from .source import (
    one_by_one,
    ParsedFile,
    Progress,
    refuse_wrong_kind,
    require_between,
    require_values,
    Source,
)


TRADE = Layout(
    "Japan's trade with one partner by month",
    {"month": "Years/Months|Year/Month|Year-Month|month"},
    {"exports": "Exp-Total|exports_kjpy", "imports": "Imp-Total|imports_kjpy"},
    seen="d41ma.csv of the ministry as its users show it, 2019; months of 2001-2019 repackaged",
    encodings=("cp932",),
)
RATES = Layout(
    "daily exchange rates",
    {"date": "Date|date|Day"},
    {"yen": "JPY|Japanese yen"},
    seen="representative rates of the IMF, as repackaged",
)
YEN = (50.0, 400.0)
"""Yen for a US dollar since 1973."""
_THOUSAND = re.compile(r"thousand yen|千円|1,?000 yen", re.IGNORECASE)
_OTHER_UNIT = re.compile(r"million yen|百万円|billion yen|億円|\bUS ?\$|dollars", re.IGNORECASE)
_PARTNER = re.compile(r"([A-Z][A-Z .&'()-]+?)\s+Monthly Data", re.IGNORECASE)
NOTE = "Ministry of Finance of Japan, yen at the mean rate of the month"


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Japan's trade by month, with one file of daily rates (a column Date and one JPY)."""
    for path in files:
        refuse_wrong_kind(path)
    opened = {path: open_table(path, (TRADE, RATES)) for path in files}
    rates = [one for one in opened.values() if one.layout is RATES]
    tables = [path for path, one in opened.items() if one.layout is TRADE]
    if len(rates) != 1 or not tables:
        raise DataError(
            "trade of Japan is in yen: add it together with one file of daily exchange rates that "
            "has the columns Date and JPY (yen per US$)."
        )
    yen = _monthly_rate(rates[0])
    return one_by_one(tables, progress, lambda path: _read_one(opened[path], yen))


def _monthly_rate(opened: SourceTable) -> Words:
    """The mean yen per US dollar of the days of each month."""
    frame = opened.frame.dropna(subset="yen")
    require_values(opened.place, frame, ["date"])
    require_between(opened.place, frame.yen, YEN, "rate of yen per US dollar")
    days = frame.date.map(_day)
    if days.isna().any():
        line = days.index[int(days.isna().to_numpy().argmax())]
        raise DataError(f"{opened.place.at(line)}: '{frame.date[line]}' is not a day.")
    if days.duplicated().any():
        line = days.index[int(days.duplicated().to_numpy().argmax())]
        raise DataError(f"{opened.place.at(line)}: the rate of {frame.date[line]} stands twice.")
    return frame.yen.groupby(days.str[:7] + "-01").mean()


def _day(word: str) -> str | None:
    """A day that can be read in one way: 02-Jan-2018, 2018-01-02 or 2018/1/2."""
    for form in ("%d-%b-%Y", "%Y-%m-%d", "%Y/%m/%d", "%d-%B-%Y", "%d %b %Y"):
        when = pd.to_datetime(word, format=form, errors="coerce")
        if not pd.isna(when):
            return f"{when:%Y-%m-%d}"
    return None


def _read_one(opened: SourceTable, yen: Words) -> ParsedFile:
    _require_unit(opened)
    place = opened.place
    frame = opened.frame
    require_values(place, frame, ["month"])
    frame, sums = monthly.without_years(frame)
    frame, nothing = monthly.without_padding(frame)
    require_values(place, frame, ["exports", "imports"])
    frame = frame.assign(partner=_partner(opened), month=monthly.months(place, frame.month))
    rate = _rates(place, frame, yen)
    frame = frame.assign(exports=frame.exports / rate / 1e3, imports=frame.imports / rate / 1e3)
    monthly.check(place, frame)
    table = monthly.canonical(frame, "JPN", NOTE, status="derived")
    about = {**opened.about(), **sums, **nothing}
    return ParsedFile("monthly", {"trade": table}, opened.path.stem, about)


def _require_unit(opened: SourceTable) -> None:
    """The titles say thousand yen, or nothing of a unit."""
    other = _OTHER_UNIT.search(opened.titles)
    if other and not _THOUSAND.search(opened.titles):
        raise DataError(f"{opened.path} is in {other[0]}, and is read in thousand yen only.")


def _partner(opened: SourceTable) -> str:
    """The partner that the titles name; else the name of the file says it."""
    titled = _PARTNER.search(opened.titles)
    if titled is None:
        return monthly.partner_in_name(opened.path, "JPN")
    name = titled[1].strip()
    partner = economies.named(opened.place, pd.Series([name], index=[1]))
    if partner.isna().any():
        raise DataError(f"{opened.path} is of {name}, which is no single economy.")
    return str(partner.iloc[0])


def _rates(place: FilePlace, frame: Frame, yen: Words) -> Words:
    rate = frame.month.map(yen)
    if rate.isna().any():
        raise DataError(
            f"{place.path}: there is no exchange rate for {frame.month[rate.isna()].iloc[0]}."
        )
    return rate


SOURCE = Source(
    title="Ministry of Finance of Japan, monthly",
    licence="Public Data License, attribution",
    attribution="Ministry of Finance Japan, trade statistics; exchange rates: IMF.",
    files="d41ma.csv and its like as published, or month, exports_kjpy, imports_kjpy; and a file "
    "of daily rates with Date and JPY",
    read=read,
    layouts=(TRADE, RATES),
)
