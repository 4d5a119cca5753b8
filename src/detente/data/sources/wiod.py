"""World input-output tables as published: WIOD, releases of 2013 and 2016, CC BY 4.0.

The 2016 release is one file a year (Stata, or CSV of the same): IndustryCode, Country, RNr, Year,
columns vAUS1 … vROW61 (56 industries and 5 final uses per economy) and TOT; the last rows are
totals, taxes, adjustments, value added (VA), transport margins (IntTTM) and output (GO).
"""

import re
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..._core import DataError
from ..canonical import schema_of
from ..tables import read_parquet
from ..wiod import FINAL_USES
from .layout import Layout
from .limits import refuse_endless_line, refuse_lying_parquet
from .matrix import check, Labels, Matrix, to_accounts, to_long
from .opened import is_parquet
from .source import CC_BY, Frame, one_by_one, ParsedFile, Progress, Source
from .wide import form_of, read_wide
from .years import year_in_name


COLUMN = re.compile(r"v?([A-Za-z]{3})(\d{1,2})")
UNREAD = (".xlsb", ".xlsx", ".xls", ".rdata", ".rda", ".rds")
INDUSTRIES, USES = 56, 5
TAXES = ("TXSP", "EXP_adj", "PURR", "PURNR", "IntTTM")
"""Rows between inputs and value added: taxes on products, adjustments, transport margins."""
REBUILT_FINAL = {"origin", "sector", "destination", "use", "value"}
REBUILT_INPUTS = {"origin", "sector", "destination", "user", "value"}
ROUNDED = 410.0
"""Million US$ that a row of the 2013 release may miss: its 1640 cells are whole millions, and those
below a half are zero, so that a quarter of a million each is lost."""
YEARS_2016 = range(2000, 2015)
RENAMED = {"ROM": "ROU"}
"""Romania under the code that ISO 3166 had for it until 2002."""
FINAL_2013 = {f"f{number}": use for number, use in enumerate(FINAL_USES, start=1)}


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Tables of one or more years of either release."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    if is_parquet(path):
        return _parquet(path)
    if path.suffix.lower() in UNREAD:
        raise DataError(
            f"{path} cannot be read; add the Stata file (.dta) of the same table, or for the "
            "release of 2013 the repackaged wiot_YYYY.parquet."
        )
    frame = _stata(path) if path.suffix.lower() == ".dta" else _comma(path)
    matrix, year = _matrix(path, frame)
    check(path, matrix, FINAL_USES)
    tables = {"io": to_long(matrix, year), "io_account": to_accounts(matrix, year)}
    return ParsedFile("2016", tables, str(year), {"unit": "million US$, basic prices"})


def _stata(path: Path) -> Frame:
    try:
        frame: Frame = pd.read_stata(path)
    except (ValueError, KeyError, IndexError, EOFError, OSError, struct.error) as error:
        raise DataError(f"{path} cannot be read as a Stata file: it is damaged.") from error
    return frame


def _comma(path: Path) -> Frame:
    refuse_endless_line(path)
    form, (header, *_) = form_of(path)
    if form.separator != ",":
        raise DataError(
            f"{path} parts its columns by {'semicolons' if form.separator == ';' else 'tabs'}; "
            "save it with commas, and with points for decimals."
        )
    names = [name.strip().strip('"') for name in header.strip().split(",")]
    numbers = [name for name in names if COLUMN.fullmatch(name)]
    return read_wide(path, ["IndustryCode", "Country", "RNr", "Year", *numbers, "TOT"],
                    ["RNr", "Year", *numbers, "TOT"])  # fmt: skip


def _matrix(path: Path, frame: Frame) -> tuple[Matrix, int]:
    lacking = {"IndustryCode", "Country", "RNr", "Year", "TOT"} - set(frame.columns)
    if lacking:
        raise DataError(f"{path} should have the column '{sorted(lacking)[0]}', and has none.")
    years = set(frame.Year.dropna())
    if len(years) != 1 or int(min(years)) not in YEARS_2016:
        raise DataError(
            f"{path} should hold one of the years 2000 to 2014, and its column 'Year' has "
            f"{', '.join(f'{year:g}' for year in sorted(years)[:3]) or 'none'}."
        )
    total = frame.Country == "TOT"
    industries = frame[~total]
    codes = [str(code) for code in industries.IndustryCode[:INDUSTRIES]]
    uses = [*codes, *FINAL_USES]
    names = [str(name) for name in frame.columns if COLUMN.fullmatch(str(name))]
    pairs = [COLUMN.fullmatch(name) for name in names]
    columns = Labels(
        tuple(pair.group(1).upper() for pair in pairs if pair),
        tuple(_use(path, pair.group(2), uses) for pair in pairs if pair),
    )
    rows = Labels(
        tuple(str(code).upper() for code in industries.Country),
        tuple(str(code) for code in industries.IndustryCode),
    )
    values = industries[names].to_numpy(float)
    _refuse_gaps(path, values)
    items = frame[total].set_index("IndustryCode")
    return Matrix(rows, columns, values, _items(path, items, names),
                  industries.TOT.to_numpy(float)), int(years.pop())  # fmt: skip


def _use(path: Path, number: str, uses: Sequence[str]) -> str:
    if not 1 <= int(number) <= len(uses) or len(uses) != INDUSTRIES + USES:
        raise DataError(
            f"{path} is not a table of the 2016 release: it should have 56 industries and 5 final "
            "uses for each economy."
        )
    return uses[int(number) - 1]


def _refuse_gaps(path: Path, values: np.ndarray) -> None:
    wrong = ~np.isfinite(values)
    if wrong.any():
        line, place = (int(axis[0]) for axis in np.nonzero(wrong))
        raise DataError(f"{path}: row {line + 1}, column {place + 1} of the table is empty.")


def _items(path: Path, items: Frame, names: list[str]) -> dict[str, np.ndarray]:
    lacking = [name for name in (*TAXES, "VA", "GO") if name not in items.index]
    if lacking:
        raise DataError(f"{path} should have the row '{lacking[0]}', and has none.")
    twice = items.index[items.index.duplicated()]
    if len(twice):
        raise DataError(f"{path} has the row '{twice[0]}' twice.")
    return {
        "TLS": items.loc[list(TAXES), names].to_numpy(float).sum(axis=0),
        "VA": items.loc["VA", names].to_numpy(float),
        "OUT": items.loc["GO", names].to_numpy(float),
    }


def _parquet(path: Path) -> ParsedFile:
    refuse_lying_parquet(path)
    here = set(schema_of(path))
    if {"row", "output"} <= here:
        return _release_2013(path)
    if REBUILT_FINAL <= here or REBUILT_INPUTS <= here:
        return _rebuilt(path, "use" if "use" in here else "user")
    raise DataError(f"{path} is not one of the repackaged tables of WIOD.")


def _release_2013(path: Path) -> ParsedFile:
    """wiot_YYYY.parquet: rows CCC_cK, columns CCC_cK, CCC_fK and output, million US$."""
    year = year_in_name(path, "wiot_2011.parquet", before=2013)
    names = [name for name in schema_of(path) if name not in ("row", "output")]
    frame = read_parquet(path, ["row", *names, "output"])
    rows, columns = (_split(labels) for labels in (list(frame.row), names))
    values, output = frame[names].to_numpy(float), frame.output.to_numpy(float)
    inputs = [code in set(rows.codes) for code in columns.codes]
    added = np.zeros(len(names))
    added[inputs] = output - values[:, inputs].sum(axis=0)
    out = np.zeros(len(names))
    out[inputs] = output
    matrix = Matrix(
        rows, columns, values, {"TLS": np.zeros(len(names)), "VA": added, "OUT": out}, output
    )
    check(path, matrix, FINAL_USES, ROUNDED)
    tables = {"io": to_long(matrix, year), "io_account": to_accounts(matrix, year)}
    about = {"note": "value added is output less inputs, taxes and margins included"}
    return ParsedFile("2013", tables, str(year), about)


def _split(names: Sequence[str]) -> Labels:
    countries, codes = zip(*(name.split("_", 1) for name in names), strict=True)
    return Labels(
        tuple(RENAMED.get(str(country), str(country).upper()) for country in countries),
        tuple(FINAL_2013.get(str(code), str(code)) for code in codes),
    )


def _rebuilt(path: Path, use: str) -> ParsedFile:
    """The table of 2014 in 17 regions and 27 sectors, re-estimated from its parts."""
    names = ["origin", "sector", "destination", use, "value"]
    frame = read_parquet(path, names).rename(columns={"sector": "origin_sector", use: "use"})
    table: Frame = frame.assign(year=2014).sort_values(["origin", "destination"], kind="stable")
    about = {"note": "re-estimated from partial tables; not the published table"}
    return ParsedFile("2016, 17 regions, re-estimated", {"io": table}, path.stem, about)


SOURCE = Source(
    title="World Input-Output Database",
    licence=CC_BY,
    attribution="World Input-Output Database (WIOD), Timmer, Dietzenbacher, Los, Stehrer and de "
    "Vries (2015), Review of International Economics 23: 575-605, CC BY 4.0.",
    builds="detente data build wiod-YEAR",
    files="WIOTyear_….dta of the 2016 release, or CSV of it; wiot_YYYY.parquet of the 2013 release",
    read=read,
    layouts=(
        Layout(
            "world input-output tables of the release of 2016, one file a year",
            {},
            seen="WIOT2014 in Stata and as repackaged; tables of the release of 2013 repackaged",
        ),
    ),
)
