"""Size of economies by year, forecasts included: World Economic Outlook of the IMF.

As the Fund publishes it: the text of tabs that it names .xls (UTF-16 since 2021), or the CSV of its
data portal since 2025, both with years in columns and with the last year that was observed, so that
later ones are marked as forecasts. Or as repackaged: iso, year and one column per series under the
name of the Fund in small letters, which does not say which years are forecasts.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..tables import Frame
from . import economies
from .gdp import refuse_gdp
from .layout import Layout
from .opened import open_table, SourceTable
from .place import FilePlace, Words
from .source import (
    one_by_one,
    ParsedFile,
    Progress,
    refuse_twice,
    require_between,
    require_codes,
    require_values,
    require_years,
    Source,
)


UNITS: Mapping[str, tuple[str, tuple[float, float]]] = {
    "ngdpd": ("billion US$", (0.001, 2.5e5)),
    "ngdp": ("billion national currency", (0.0, 1e12)),
    "ngdp_r": ("billion national currency, constant prices", (0.0, 1e12)),
    "ngdp_rpch": ("percent", (-100.0, 500.0)),
    "ngdp_d": ("index", (0.0, 1e20)),
    "ngdpdpc": ("US$ per person", (5.0, 1e6)),
    "pppgdp": ("billion international dollars", (0.001, 4e5)),
    "pcpi": ("index", (0.0, 1e20)),
    "pcpipch": ("percent", (-100.0, 1e8)),
    "lur": ("percent of the labour force", (0.0, 100.0)),
    "le": ("million persons", (0.001, 5e3)),
    "lp": ("million persons", (0.001, 1e4)),
    "nid_ngdp": ("percent of GDP", (-200.0, 500.0)),
    "ngsd_ngdp": ("percent of GDP", (-500.0, 500.0)),
    "bca": ("billion US$", (-5e3, 5e3)),
    "bca_ngdpd": ("percent of GDP", (-1e3, 1e3)),
    "tx_rpch": ("percent", (-100.0, 5e3)),
    "tm_rpch": ("percent", (-100.0, 5e3)),
}
"""The series that are kept, their units as the Fund states them, and what they lie between."""
SCALES: Mapping[str, float] = {
    "": 1.0, "units": 1.0, "thousands": 1e3, "millions": 1e6, "billions": 1e9, "trillions": 1e12,
}  # fmt: skip
WORLD_GDP = (1e4, 1e6)
"""World GDP of a year in billion US$: 11,000 in 1980, 111,000 in 2024."""
COMPLETE = 150
"""Economies of a file that is no selection, so that their sum is the world's."""
YEAR = (r"(19|20)\d\d", "a year")
FUND, PORTAL, REPACKAGED = LAYOUTS = (
    Layout(
        "the text of tabs of the World Economic Outlook",
        {
            "country": "ISO", "indicator": "WEO Subject Code", "unit": "Units", "scale": "Scale",
            "observed": "Estimates Start After",
        },
        further=YEAR,
        encodings=("latin-1",),
        seen="editions of 2007 to 2025",
    ),
    Layout(
        "the CSV of the World Economic Outlook from the Fund's data portal",
        {
            "series": "SERIES_CODE", "unit": "UNIT", "scale": "SCALE",
            "observed": "LATEST_ACTUAL_ANNUAL_DATA",
        },
        optional_text={"dataset": "DATASET"},
        grouped=False,
        further=YEAR,
        only={"FREQUENCY": "Annual|A", "OBS_MEASURE": "OBS_VALUE"},
        seen="edition IMF.RES:WEO(9.0.0) of the portal",
    ),
    Layout(
        "the World Economic Outlook as repackaged",
        {"country": "iso"},
        {"year": "year", "ngdpd": "ngdpd"},
        optional_numbers={name: name for name in UNITS if name != "ngdpd"},
        only={"aggregate": "0|"},
        seen="the extract of April 2026",
    ),
)  # fmt: skip


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Editions of the database, or extracts of it."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    opened = open_table(path, LAYOUTS)
    long, about = _repackaged(opened) if opened.layout is REPACKAGED else _published(opened)
    if long.empty:
        raise DataError(f"{path} has no values of the series {', '.join(UNITS).upper()}.")
    _check(opened.place, long)
    known = economies.areas("imf")
    table = pd.DataFrame(
        {
            "country": long.country.map(lambda code: known[code].code if code in known else code),
            "indicator": "WEO." + long.indicator.str.upper(),
            "year": long.year.astype(int),
            "value": long["value"],
            "unit": long.indicator.map({name: unit for name, (unit, _) in UNITS.items()}),
            "status": long.status,
        }
    )
    return ParsedFile(f"to {table.year.max()}", {"indicators": table}, about=opened.about() | about)


def _repackaged(opened: SourceTable) -> tuple[Frame, dict[str, str]]:
    frame = opened.frame
    require_values(opened.place, frame, ["country", "year"])
    require_codes(opened.place, frame.country)
    frame = frame.assign(year=require_years(opened.place, frame.year))
    series = [name for name in UNITS if name in frame]
    long = frame.melt(["country", "year"], series, "indicator", "value", ignore_index=False)
    said = "years after the last one observed are forecasts of the Fund; the file marks none"
    return long.dropna(subset="value").assign(status=None), {"forecasts": said}


def _published(opened: SourceTable) -> tuple[Frame, dict[str, str]]:
    """Years in columns; one row per economy and series."""
    frame, groups = _of_economies(opened)
    frame = frame[frame.indicator.isin(UNITS.keys())]
    frame = frame.assign(factor=_factor(opened.place, frame), last=_observed(opened.place, frame))
    kept = ["country", "indicator", "factor", "last"]
    long = frame.melt(kept, list(opened.further), "year", "value", ignore_index=False)
    long = long.dropna(subset="value")
    year = long.year.astype(int)
    forecast = year > long["last"].fillna(0)
    long = long.assign(
        value=long["value"] * long.factor, year=year,
        status=forecast.map({True: "forecast", False: None}),
    )  # fmt: skip
    return long, {"forecasts": "marked by the last year observed"} | groups


def _of_economies(opened: SourceTable) -> tuple[Frame, dict[str, str]]:
    """Rows with the letters of an economy and a series in small letters, and how many have none."""
    frame = opened.frame
    if opened.layout is PORTAL:
        frame = frame.assign(**_series(opened))
    frame = frame.assign(indicator=frame.indicator.str.lower())
    economy = frame.country.str.fullmatch("[A-Z]{3}")
    said = {} if economy.all() else {"left out: groups and notes": f"{int((~economy).sum())} rows"}
    if not economy.any():
        raise DataError(f"{opened.path} has no row of an economy, by its three letters.")
    return frame[economy], said


def _series(opened: SourceTable) -> dict[str, Words]:
    """Economy and series from codes such as KOR.NGDPD.A; refuses another dataset of the Fund."""
    frame = opened.frame
    if "dataset" in frame and not frame.dataset.str.contains("WEO", regex=False).all():
        line = frame.index[(~frame.dataset.str.contains("WEO", regex=False)).to_numpy().argmax()]
        raise DataError(
            f"{opened.place.at(line)}: '{frame.dataset[line]}' is another dataset of the Fund than "
            "the World Economic Outlook (WEO)."
        )
    parts = frame.series.str.extract(r"^([A-Z0-9]+)\.([A-Z0-9_]+)\.A$")
    if parts[0].isna().any():
        line = frame.index[parts[0].isna().to_numpy().argmax()]
        raise DataError(
            f"{opened.place.at(line)}: '{frame.series[line]}' is no code of a series, such as "
            "KOR.NGDPD.A."
        )
    return {"country": parts[0], "indicator": parts[1]}


def _factor(place: FilePlace, frame: Frame) -> Words:
    """What turns values at the scale of a row into the unit of its series."""
    scale = frame.scale.str.lower()
    unknown = ~scale.isin(SCALES.keys())
    if unknown.any():
        line = frame.index[unknown.to_numpy().argmax()]
        raise DataError(f"{place.at(line)}: '{frame.scale[line]}' is no known scale.")
    units = frame.indicator.map({name: unit for name, (unit, _) in UNITS.items()})
    ours = units.map(lambda unit: SCALES.get(f"{unit.split()[0]}s", 1.0))
    _refuse_currency(place, frame, units)
    return scale.map(SCALES) / ours


def _refuse_currency(place: FilePlace, frame: Frame, units: Words) -> None:
    """Raise for a series in US$ that the row says is in something else."""
    dollars = units.str.contains("US$", regex=False)
    other = dollars & ~frame.unit.str.contains(r"U\.?S\.? ?dollar", case=False, regex=True)
    if other.any():
        line = frame.index[other.to_numpy().argmax()]
        raise DataError(
            f"{place.at(line)}: {frame.indicator[line].upper()} should be in US dollars, and is in "
            f"'{frame.unit[line]}'."
        )


def _observed(place: FilePlace, frame: Frame) -> Words:
    """The last year that was observed: 2024, or FY2024/25; missing where none was."""
    said = frame.observed.str.extract(r"^(?:FY)?((?:19|20)\d\d)(?:/\d\d(?:\d\d)?)?(?:\.0)?$")[0]
    wrong = said.isna() & ~frame.observed.str.fullmatch(r"0?|n/a|--", case=False)
    if wrong.any():
        line = frame.index[wrong.to_numpy().argmax()]
        raise DataError(
            f"{place.at(line)}: '{frame.observed[line]}' is no year after which estimates start."
        )
    return said.astype(float)


def _check(place: FilePlace, long: Frame) -> None:
    """Every value once and within what its series can be, and GDP as it can move."""
    refuse_twice(place, long, ["country", "year", "indicator"], "the value")
    for name, (unit, span) in UNITS.items():
        rows = long[long.indicator == name]
        if name == "ngdpd":
            refuse_gdp(place, rows, span, unit)
            continue
        require_between(place, rows["value"], span, f"{name.upper()} in {unit}")
    gdp = long[long.indicator == "ngdpd"]
    if gdp.country.nunique() >= COMPLETE:
        largest = float(gdp.groupby("year")["value"].sum().max())
        if not WORLD_GDP[0] <= largest <= WORLD_GDP[1]:
            raise DataError(
                f"{place.path}: world GDP of {largest:.4g} billion US$ cannot be; the file is in "
                "another unit, or incomplete."
            )


SOURCE = Source(
    title="International Monetary Fund, World Economic Outlook",
    licence="terms of the IMF: free with attribution, substantial parts not to be passed on",
    attribution="International Monetary Fund, World Economic Outlook Database.",
    files="WEO…all.xls as the Fund names its text of tabs, the CSV of its data portal, or country, "
    "iso, year and series such as ngdpd, as CSV or Parquet",
    read=read,
    layouts=LAYOUTS,
)
