"""What happened between the actors, dated: each event with its instrument, source and standing."""

import csv

import pandas as pd

from .. import library
from .._core import DataError
from .series import Pair


PRECISIONS = ("day", "month", "year")
DIRECTIONS = ("thaw", "freeze", "neutral")
STATUSES = ("reported", "confirmed", "contradicted")
"""Said by a source; said by a second one too; said otherwise by a second one."""
COLUMNS = ("date", "precision", "actors", "instrument", "direction", "event", "source", "status")
_LENGTH = {"day": 10, "month": 7, "year": 4}


def events(
    pair: Pair | None = None, years: range | None = None, *, others: bool = False
) -> pd.DataFrame:
    """Events in which both of a pair take part, in order of time; all events without a pair.

    With `others`, also those in which only one of the two does. Columns as in the file, `actors` a
    tuple of ISO 3166 alpha-3 codes, and `when`: the middle of what the precision leaves open.
    """
    frame = _shipped()
    if pair is not None:
        wanted = any if others else all
        inside = [wanted(code in actors for code in pair) for actors in frame.actors]
        frame = frame.loc[inside]
    if years is not None:
        frame = frame.loc[frame.when.dt.year.isin(list(years))]
    return frame.reset_index(drop=True)


def _shipped() -> pd.DataFrame:
    return read_events(library.path("record/events.csv").read_text(encoding="utf-8"))


def read_events(text: str) -> pd.DataFrame:
    """Events from CSV text, checked and in order of time, or `DataError` with the line."""
    rows = list(csv.DictReader(text.splitlines()))
    for line, row in enumerate(rows, start=2):
        problem = _problem(row)
        if problem:
            raise DataError(f"line {line} of the events {problem}.")
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["actors"] = [tuple(actors.split(";")) for actors in frame.actors]
    frame["when"] = pd.to_datetime(
        [_middle(row["date"], row["precision"]) for row in rows], format="%Y-%m-%d"
    )
    return frame.sort_values("when", kind="stable", ignore_index=True)


def _problem(row: dict[str, str]) -> str:
    """What is wrong with a row, or nothing."""
    if None in row or None in row.values():
        return "does not have eight columns"
    choices = {"precision": PRECISIONS, "direction": DIRECTIONS, "status": STATUSES}
    for name, valid in choices.items():
        if row[name] not in valid:
            return f"has the {name} '{row[name]}', which should be {', '.join(valid)}"
    try:
        pd.Timestamp(_middle(row["date"], row["precision"]))
    except ValueError:
        return f"has the date '{row['date']}', which is not a {row['precision']}"
    empty = [name for name in COLUMNS if not row[name].strip()]
    return f"says nothing under {empty[0]}" if empty else ""


def _middle(date: str, precision: str) -> str:
    """The day in the middle of a year or month, so that no event seems earlier than it may be."""
    if len(date) != _LENGTH[precision]:
        raise ValueError(date)
    return {"day": date, "month": f"{date}-15", "year": f"{date}-07-01"}[precision]
