"""Positions of governments in votes of the UN General Assembly: Bailey, Strezhnev and Voeten.

One row per country and session; session s began in 1945 + s. MIT licence.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..tables import Frame
from .layout import Layout
from .opened import open_table
from .source import (
    one_by_one,
    ParsedFile,
    Progress,
    refuse_twice,
    require_between,
    require_codes,
    Source,
)


FIRST_YEAR = 1945
SOUTH_YEMEN = (680, "YMD")
"""Its number in the source, which gives both Yemens the letters YAR, and its own letters."""
SPAN = (-6.0, 6.0)
"""Ideal points are normal with unit variance at the start, and none is beyond 4."""
LAYOUTS = (
    Layout(
        "the ideal points of the UN General Assembly",
        {"country": "iso3c"},
        {
            "number": "ccode",
            "session": "session",
            "ideal_point": "IdealPointAll|IdealPoint",
        },
        seen="releases up to 2020, published on Dataverse",
    ),
    Layout(
        "the ideal points of the UN General Assembly by year",
        {"country": "iso3c"},
        {"number": "ccode", "year": "year", "ideal_point": "IdealPointAll"},
        without=("session",),
        seen="release of July 2025, published on Dataverse",
    ),
)


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Releases of the estimates."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    opened = open_table(path, LAYOUTS)
    frame = opened.frame.dropna()
    frame = frame[frame.country != ""]
    require_codes(opened.place, frame.country)
    require_between(opened.place, frame.ideal_point, SPAN, "ideal point")
    if "session" not in frame:
        frame = frame.assign(session=frame.year - FIRST_YEAR)
    require_between(opened.place, frame.session, (1.0, 200.0), "session of the General Assembly")
    table: Frame = pd.DataFrame(
        {
            "country": frame.country.where(frame.number != SOUTH_YEMEN[0], SOUTH_YEMEN[1]),
            "year": FIRST_YEAR + frame.session.astype(int),
            "session": frame.session.astype(int),
            "ideal_point": frame.ideal_point,
        }
    )
    refuse_twice(opened.place, table, ["country", "session"], "the position")
    edition = f"to session {table.session.max()}"
    return ParsedFile(edition, {"alignment": table}, about=opened.about())


SOURCE = Source(
    title="UN General Assembly ideal points",
    licence="MIT",
    attribution="Bailey, Strezhnev and Voeten (2017), Estimating Dynamic State Preferences from "
    "United Nations Voting Data, Journal of Conflict Resolution 61(2).",
    files="Idealpointestimates….csv",
    read=read,
    layouts=LAYOUTS,
)
