"""An index by month that a user brings, such as one of geopolitical risk."""

import math
from pathlib import Path

import pandas as pd

from .._core import DataError, nearest


def read_monthly_index(path: Path, column: str | None = None) -> pd.Series:
    """A column of a CSV file by month, its index monthly periods, its name that of the column.

    The first column is the month: 2019-11, 2019-11-01 or 201911. The column may be left out where
    there is one other. Raises `DataError` for a file, a month or a number that is none.
    """
    table = _table(path)
    month, *others = (str(name) for name in table.columns)
    chosen = others[0] if column is None and len(others) == 1 else column
    if chosen is None:
        raise DataError(f"{path} has several columns; say which, such as '{others[0]}'.")
    if chosen not in others:
        raise DataError(f"{path} has no column '{chosen}'; {nearest(chosen, others)}")
    rows = table[[month, chosen]].dropna()
    months = [_month(str(text), path) for text in rows[month]]
    values = [_number(str(text), chosen, path) for text in rows[chosen]]
    series = pd.Series(values, pd.PeriodIndex(months, freq="M", name="month"), name=chosen)
    twice = series.index[series.index.duplicated()]
    if len(twice):
        raise DataError(f"{path} has the month {twice[0]} twice.")
    return series.sort_index()


def _table(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise DataError(f"there is no file at {path}.")
    try:
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise DataError(f"{path} is not a CSV file in UTF-8.") from error
    if len(table.columns) < 2 or table.empty:
        raise DataError(f"{path} must have a column of months, one of numbers, and a row.")
    return table


def _month(text: str, path: Path) -> pd.Period:
    """The month of a date; six digits are year and month."""
    written = f"{text[:4]}-{text[4:]}" if text.isdigit() and len(text) == 6 else text
    try:
        month = pd.Period(written, freq="M")
    except ValueError:
        month = pd.NaT
    if not isinstance(month, pd.Period):
        raise DataError(f"'{text}' in {path} is not a month; write it as in 2019-11.")
    return month


def _number(text: str, column: str, path: Path) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise DataError(f"'{text}' in the column '{column}' of {path} is not a number.")
    return value
