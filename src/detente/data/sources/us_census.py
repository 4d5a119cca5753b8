"""US goods trade by partner and month, not seasonally adjusted: US Census Bureau, million US$.

As published (country.xlsx): one row a year and partner with IJAN … IDEC and IYR for imports, EJAN …
EDEC and EYR for exports; groups of economies and adjusted totals stand among the partners. Or as
repackaged: month, exports_musd, imports_musd, one partner a file, which its name says.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..._core import DataError
from ..tables import Frame
from . import economies, monthly
from .layout import Layout
from .opened import open_table, SourceTable
from .source import one_by_one, ParsedFile, Progress, require_values, require_years, Source


NAMES = tuple(name.upper() for name in monthly.MONTHS)
SIDES = {"exports": "E", "imports": "I"}
FIRST_CODE = 1000
"""Codes of Schedule C below it are the world and groups of economies."""
WORLD = "0015"
"""The world, not seasonally adjusted."""
MISSED = 1.0
"""Million US$ by which twelve rounded months may miss their year."""
PUBLISHED = Layout(
    "US trade by year and partner, a column a month",
    {"code": "CTY_CODE", "name": "CTYNAME"},
    {"year": "year"} | {side + name: side + name for side in "IE" for name in NAMES},
    optional_numbers={"IYR": "IYR", "EYR": "EYR"},
    seen="country.xlsx of the Census Bureau as its users show it, rows of 2017 and 2018",
)
REPACKAGED = Layout(
    "US trade with one partner by month",
    {"month": "month"},
    {"exports": "exports_musd", "imports": "imports_musd"},
    optional_numbers={"balance": "balance_musd"},
    seen="as repackaged from the pages of single partners",
)
LAYOUTS = (PUBLISHED, REPACKAGED)
NOTE = "US Census Bureau, not seasonally adjusted"


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """US trade with its partners by month."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    opened = open_table(path, LAYOUTS)
    frame, about = (_published if opened.layout is PUBLISHED else _repackaged)(opened)
    frame, nothing = monthly.without_padding(frame)
    monthly.check(opened.place, frame)
    table = monthly.canonical(frame, "USA", NOTE)
    return ParsedFile(
        "monthly", {"trade": table}, path.stem, {**opened.about(), **about, **nothing}
    )


def _repackaged(opened: SourceTable) -> tuple[Frame, dict[str, str]]:
    frame = opened.frame
    require_values(opened.place, frame, ["month", "exports", "imports"])
    if "balance" in frame:
        gap = (frame.exports - frame.imports - frame.balance).abs() > MISSED
        if gap.any():
            line = frame.index[int(gap.to_numpy().argmax())]
            raise DataError(f"{opened.place.at(line)}: exports less imports are not the balance.")
    partner = monthly.partner_in_name(opened.path, "USA")
    return frame.assign(partner=partner, month=monthly.months(opened.place, frame.month)), {}


def _published(opened: SourceTable) -> tuple[Frame, dict[str, str]]:
    """Rows of economies and of the world not adjusted, one a month."""
    rows = opened.frame
    require_values(opened.place, rows, ["code", "year"])
    rows = rows.assign(
        year=require_years(opened.place, rows.year), code=rows.code.str.strip().str.zfill(4)
    )
    _require_codes(opened, rows)
    _check_years(opened, rows)
    group = (rows.code.astype(int) < FIRST_CODE) & (rows.code != WORLD)
    kept = rows[~group]
    if kept.empty:
        raise DataError(f"{opened.path} has groups of economies only, and no partner.")
    kept = kept.assign(partner=_partners(opened, kept))
    left = {"left out: rows of groups of economies": str(int(group.sum()))} if group.any() else {}
    return _long(kept), left


def _require_codes(opened: SourceTable, rows: Frame) -> None:
    wrong = ~rows.code.str.fullmatch(r"\d{4}")
    if wrong.any():
        line = rows.index[int(wrong.to_numpy().argmax())]
        raise DataError(f"{opened.place.at(line)}: '{rows.code[line]}' is no code of Schedule C.")


def _partners(opened: SourceTable, rows: Frame) -> pd.Series:
    """By the code where it is known, which the name must not contradict; else by the name."""
    by_code = rows.code.map({code: area.code for code, area in economies.areas("census").items()})
    known = by_code.notna()
    by_name = economies.named(opened.place, rows["name"])
    differ = known & (by_code != by_name)
    if differ.any():
        line = rows.index[int(differ.to_numpy().argmax())]
        raise DataError(
            f"{opened.place.at(line)}: the code {rows.code[line]} is {by_code[line]}, and its name "
            f"is '{rows['name'][line]}'."
        )
    return by_name


def _check_years(opened: SourceTable, rows: Frame) -> None:
    """The year of a side is the sum of its months, where both are there."""
    for side in SIDES.values():
        if f"{side}YR" not in rows:
            continue
        whole = rows[f"{side}YR"]
        gap = (rows[[side + name for name in NAMES]].sum(axis=1) - whole).abs()
        wrong = np.flatnonzero(~(gap <= MISSED + 1e-6 * whole.abs()).to_numpy())
        if wrong.size:
            row = rows.iloc[wrong[0]]
            line = rows.index[wrong[0]]
            if np.isnan(whole[line]):
                raise DataError(f"{opened.place.at(line)}: there is no value in {side}YR.")
            raise DataError(
                f"{opened.place.at(line)}: the months of {side}YR, {row['name']} "
                f"in {row.year}, miss it by {gap.iloc[wrong[0]]:,.1f} million US$."
            )


def _long(rows: Frame) -> Frame:
    """One row a partner and month; a year without the month stays without it."""
    parts = [
        pd.DataFrame(
            {
                "partner": rows.partner,
                "month": rows.year.astype(str) + f"-{number:02d}-01",
                "exports": rows["E" + name],
                "imports": rows["I" + name],
            }
        )
        for number, name in enumerate(NAMES, start=1)
    ]
    return pd.concat(parts).sort_values(["partner", "month"], kind="stable")


SOURCE = Source(
    title="US Census Bureau, monthly",
    licence="public domain",
    attribution="US Census Bureau.",
    files="country.xlsx as published, or month, exports_musd, imports_musd with the partner in the "
    "file's name",
    read=read,
    layouts=LAYOUTS,
)
