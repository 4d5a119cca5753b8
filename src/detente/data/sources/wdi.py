"""Indicators of countries by year: World Bank, World Development Indicators, CC BY 4.0.

As the page of an indicator gives them (CSV or Excel), as the bulk file, and as DataBank, the World
Bank's query page, lays them out: years, series or countries in columns. Groups of countries are
kept under the World Bank's own letters, none of which is an economy's.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..._core import DataError
from . import economies
from .gdp import refuse_gdp
from .layout import Layout
from .opened import open_table, SourceTable
from .source import (
    CC_BY,
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


GDP, GDP_UNIT = "NY.GDP.MKTP.CD", "current US$"
GDP_SPAN = (1e6, 2.5e14)
"""US$: Tuvalu had 2.6 million in 1970, the world 1.1e14 in 2023."""
DATABASE = "World Development Indicators"
COUNTRY = {"country_name": "Country Name", "country": "Country Code"}
SERIES = {"name": "Indicator Name|Series Name", "indicator": "Indicator Code|Series Code"}
CHOSEN = {"Database Name": DATABASE}
OTHER = ("Version Code", "Counterpart-Area Code")
"""Columns of databases of DataBank that hold several editions, or pairs of countries."""
BY_YEARS, BY_SERIES, BY_COUNTRIES, REPACKAGED = LAYOUTS = (
    Layout(
        "World Development Indicators with years in columns",
        {**COUNTRY, **SERIES},
        further=(r"(19|20)\d\d( ?\[YR(19|20)\d\d\])?", "a year"),
        only=CHOSEN,
        without=OTHER,
        grouped=False,
        seen="pages of indicators, the bulk file and DataBank, 2023-2025",
    ),
    Layout(
        "World Development Indicators with series in columns, from DataBank",
        {**COUNTRY, "time": "Time|Year"},
        further=(r".+ \[\w+(\.\w+)+\]", "a series, such as … [NY.GDP.MKTP.CD]"),
        only=CHOSEN,
        without=OTHER,
        grouped=False,
        seen="DataBank, 2017-2022",
    ),
    Layout(
        "World Development Indicators with countries in columns, from DataBank",
        {**SERIES, "time": "Time|Year"},
        further=(r".+ \[[A-Z]{3}\]", "a country, such as … [KOR]"),
        only=CHOSEN,
        without=OTHER,
        grouped=False,
    ),
    Layout(
        "GDP of the World Development Indicators, as repackaged",
        {"country": "iso3"},
        {"year": "year", "value": "gdp_usd"},
        seen="the extract of 1960-2023",
    ),
)
SERIES_CODE = r"(?:[A-Z]{2}\w*|per_\w+)(?:\.\w+)+"
_BRACKETS = re.compile(r"(.+) \[([^\]]+)\]")


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Files of one indicator each, or of many."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    opened = open_table(path, LAYOUTS)
    long = _LONG[opened.layout.name](opened).dropna(subset="value")
    if long.empty:
        raise DataError(f"{path} has no values.")
    _refuse_two_names(opened, long)
    long = long.assign(country=_letters(opened, long))
    refuse_twice(opened.place, long, ["country", "indicator", "year"], "the value")
    gdp = long.indicator == GDP
    refuse_gdp(opened.place, long[gdp], GDP_SPAN, "US$")
    # Names are in the language of the extract; what the code means is not.
    long = long.assign(unit=long.unit.where(~gdp, GDP_UNIT))
    codes = sorted(set(long.indicator))
    part = codes[0] if len(codes) == 1 else f"{len(codes)} indicators"
    columns = ["country", "indicator", "year", "value", "unit"]
    table = long[columns].sort_values(["country", "year"])
    return ParsedFile(_edition(opened), {"indicators": table}, part, opened.about())


def _letters(opened: SourceTable, long: Frame) -> Frame:
    """ISO 3166 alpha-3 of today, or the World Bank's letters of a group."""
    require_codes(opened.place, long.country, what="code of a country or group in three letters")
    require_codes(opened.place, long.indicator, SERIES_CODE, "code of a series")
    known = economies.areas("worldbank")
    return long.country.map(lambda code: known[code].code if code in known else code)


def _by_years(opened: SourceTable) -> Frame:
    """One row per country and series."""
    frame = _filled(opened, ["country", "indicator"])
    years = {name: _year(opened, name) for name in opened.further}
    long = frame.melt(
        ["country", "indicator", "name"], list(years), "column", "value", ignore_index=False
    )
    return long.assign(year=long.column.map(years), unit=long.name.map(_unit))


def _refuse_two_names(opened: SourceTable, long: Frame) -> None:
    """Raise where one series has two names, which say its unit."""
    names = long.drop_duplicates(["indicator", "unit"])
    again = names[names.indicator.duplicated(keep=False)]
    if not again.empty:
        first = again[again.indicator == again.indicator.iloc[0]]
        raise DataError(
            f"{opened.place.at(first.index[-1])}: the name of {first.indicator.iloc[0]} says "
            f"'{first.unit.iloc[-1]}' for the unit, and elsewhere '{first.unit.iloc[0]}'."
        )


def _year(opened: SourceTable, name: str) -> int:
    """The year of a column such as 2022 or 2022 [YR2022]."""
    said = set(re.findall(r"(?:19|20)\d\d", name))
    if len(said) > 1:
        raise DataError(f"{opened.path} has the column '{name}', which names two years.")
    return int(said.pop())


def _by_series(opened: SourceTable) -> Frame:
    """One row per country and year."""
    frame = _filled(opened, ["country", "time"])
    said = {name: _BRACKETS.fullmatch(name) for name in opened.further}
    codes = {name: match.group(2) for name, match in said.items() if match}
    units = {name: _unit(match.group(1)) for name, match in said.items() if match}
    long = frame.melt(["country", "time"], list(codes), "column", "value", ignore_index=False)
    return long.assign(
        indicator=long.column.map(codes), unit=long.column.map(units), year=_times(opened, long)
    )


def _by_countries(opened: SourceTable) -> Frame:
    """One row per series and year."""
    frame = _filled(opened, ["indicator", "time"])
    codes = {name: name[-4:-1] for name in opened.further}
    long = frame.melt(
        ["indicator", "name", "time"], list(codes), "column", "value", ignore_index=False
    )
    return long.assign(
        country=long.column.map(codes), unit=long.name.map(_unit), year=_times(opened, long)
    )


def _filled(opened: SourceTable, needed: Sequence[str]) -> Frame:
    require_values(opened.place, opened.frame, needed)
    return opened.frame


def _times(opened: SourceTable, long: Frame) -> Frame:
    """Years of cells such as 2022 or 2022 [YR2022]."""
    years = long.time.str.extract(r"^((?:19|20)\d\d)(?: \[YR\d{4}\])?$")[0].astype(float)
    wrong = years.isna()
    if wrong.any():
        line = long.index[wrong.to_numpy().argmax()]
        raise DataError(f"{opened.place.at(line)}: '{long.time[wrong].iloc[0]}' is no year.")
    return years.astype(int)


def _repackaged(opened: SourceTable) -> Frame:
    """GDP as repackaged: country, iso3, year, gdp_usd."""
    frame = opened.frame.dropna(subset=["value", "year"])
    require_values(opened.place, frame, ["country"])
    years = require_years(opened.place, frame.year)
    return frame.assign(indicator=GDP, unit=GDP_UNIT, year=years)


_LONG: Mapping[str, Callable[[SourceTable], Frame]] = {
    BY_YEARS.name: _by_years,
    BY_SERIES.name: _by_series,
    BY_COUNTRIES.name: _by_countries,
    REPACKAGED.name: _repackaged,
}


def _edition(opened: SourceTable) -> str:
    """The date of the update that the file states; refuses another database of DataBank."""
    if opened.layout is REPACKAGED:
        return "repackaged"
    text = _ends(opened.path)
    other = re.search(r"Data from database: ([^,;\t\r\n\"]+)", text)
    if other and other.group(1).strip() != DATABASE:
        raise DataError(
            f"{opened.path} is of the database '{other.group(1).strip()}', and this source takes "
            f"the {DATABASE}."
        )
    updated = re.search(r"Last Updated(?: Date)?\W+(\d{4}-\d\d-\d\d|\d\d/\d\d/\d{4})", text)
    if updated is None:
        return "bulk"
    said = updated.group(1)
    return said if "-" in said else f"{said[6:]}-{said[:2]}-{said[3:5]}"


def _ends(path: Path) -> str:
    """The first and the last lines of a text."""
    with path.open("rb") as file:
        start = file.read(4096)
        file.seek(-min(path.stat().st_size, 4096), 2)
        return (start + b"\n" + file.read()).replace(b"\0", b"").decode("utf-8", errors="replace")


def _unit(name: object) -> str:
    """What the name of an indicator says in its last brackets, such as current US$."""
    brackets = re.findall(r"\(([^()]*)\)", str(name))
    return brackets[-1] if brackets else "see the indicator"


SOURCE = Source(
    title="World Bank, World Development Indicators",
    licence=CC_BY,
    attribution="World Bank, World Development Indicators, CC BY 4.0.",
    files="API_INDICATOR_… as CSV or Excel, the bulk WDICSV.csv, or an extract of DataBank",
    read=read,
    builds="GDP for detente data build world-2023-korean-books",
    layouts=LAYOUTS,
)
