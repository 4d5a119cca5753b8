"""Services trade restrictiveness as the OECD publishes it: rows of country, sector, area and year.

Exports of the OECD Data Explorer, with codes or with codes and names, and tables of the former
OECD.Stat. Of the measures the five policy areas and the index are kept, which add up. CC BY 4.0.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..._core import DataError
from ..stri import ADDING_UP, ALL_SECTORS, ATTRIBUTION, field_weights, POLICY_AREAS, TOTAL
from . import economies
from .layout import Layout
from .opened import open_table
from .place import FilePlace, Words
from .rates import counted, refuse_first
from .source import (
    CC_BY,
    Frame,
    one_by_one,
    ParsedFile,
    Progress,
    refuse_twice,
    require_between,
    require_values,
    require_years,
    Source,
)  # fmt: skip


MEASURES: Mapping[str, str] = {
    **{f"clas1_{place}": name for place, name in enumerate(POLICY_AREAS, start=1)},
    **{name.casefold(): name for name in POLICY_AREAS},
    "stri": TOTAL,
    "services trade restrictiveness index": TOTAL,
}
"""The index and its policy areas, by the codes and the names of the source, in small letters."""
DIGITAL = frozenset(f"clas1_{place}" for place in range(6, 11))
"""Policy areas of the digital index, which has the same columns."""
MAIN = "DF_STRI_MAIN"
_ONLY = {
    "METHODOLOGY": "N|_Z|", "STRI_TYPE": "_Z|", "COUNTERPART_AREA": "W|_Z|", "UNIT_MEASURE": "IX|",
    "UNIT_MULT": "0|", "FREQ": "A|",
}  # fmt: skip
"""Dimensions of the index on all partners: what is within the European Economic Area is another."""
LAYOUTS = (
    Layout(
        "the index in the OECD Data Explorer",
        {"country": "REF_AREA", "sector": "ACTIVITY|SERVICE_SECTOR|SECTOR",
         "policy_area": "MEASURE|POLICY_AREA"},
        {"year": "TIME_PERIOD", "score": "OBS_VALUE"},
        optional_text={"flow": "STRUCTURE_ID|DATAFLOW", "label": "Measure|Policy area"},
        only=_ONLY,
        grouped=False,
        seen="export of 2025 with codes and names, and documentation of the dataflow",
    ),
    Layout(
        "the index in the OECD Data Explorer, codes and names in one column",
        {"country": "REF_AREA: Reference area", "sector": "ACTIVITY: Economic activity",
         "policy_area": "MEASURE: Measure"},
        {"year": "TIME_PERIOD: Time period", "score": "OBS_VALUE|OBS_VALUE: Observation value"},
        optional_text={"flow": "STRUCTURE_ID|DATAFLOW"},
        only={
            "METHODOLOGY: Methodology": "N: Not applicable|_Z: Not applicable|",
            "STRI_TYPE: STRI type": "_Z: Not applicable|",
            "COUNTERPART_AREA: Counterpart area": "W: World|_Z: Not applicable|",
            "UNIT_MEASURE: Unit of measure": "IX: Index|",
            "FREQ: Frequency of observation": "A: Annual|",
        },
        grouped=False,
    ),
    Layout(
        "the index in OECD.Stat",
        {"country": "COU|LOCATION", "sector": "SECT|SECTOR|SERVICE_SECTOR",
         "policy_area": "CLASS|STRI policy area|POLICY_AREA|MEASURE"},
        {"year": "TIME|YEA|Year", "score": "Value"},
        grouped=False,
    ),
    Layout(
        "the index by policy area, as repackaged",
        {"country": "country", "sector": "sector", "policy_area": "policy_area"},
        {"year": "year", "score": "score"},
        grouped=False,
        seen="as repackaged from OECD.Stat, 2014 to 2024",
    ),
)  # fmt: skip
_CELL = ["country", "sector", "year"]


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Files of the index, scores between 0 and 1."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    opened = open_table(path, LAYOUTS)
    place, frame = opened.place, opened.frame
    require_values(place, frame, [*_CELL, "policy_area"])
    _refuse_other_index(place, frame)
    measure = _code(frame.policy_area).str.casefold().map(dict(MEASURES))
    _refuse_contradiction(place, frame, measure)
    other, empty = measure.isna(), frame.score.isna()
    rows = frame.assign(policy_area=measure)[~other & ~empty]
    if rows.empty:
        raise DataError(f"{path} has no score of the index or of one of its five policy areas.")
    require_between(place, rows.score, (0.0, 1.0), "score of the index")
    sector = _code(rows.sector)
    fields = {*field_weights(), ALL_SECTORS}
    refuse_first(place, sector, ~sector.isin(fields), "field of the index (TC, DS, ...).")
    table: Frame = rows.assign(
        country=economies.translate(place, _code(rows.country), "iso"),
        sector=sector,
        year=require_years(place, rows.year),
    )[[*_CELL, "policy_area", "score"]]
    refuse_twice(place, table, [*_CELL, "policy_area"], "the score")
    _require_sums(place, table)
    left_out = counted({"other measures than the index and its areas": other & ~empty})
    edition = f"{table.year.min()}-{table.year.max()}"
    return ParsedFile(edition, {"restrictions": table}, about={**opened.about(), **left_out})


def _code(words: Words) -> Words:
    """The code of a cell that has its name, too: KOR of `KOR: Korea`."""
    return words.str.split(": ", n=1).str[0].str.strip()


def _refuse_other_index(place: FilePlace, frame: Frame) -> None:
    """Raise for the digital index, that within the European Economic Area, or heterogeneity."""
    if "flow" in frame:
        other = (frame.flow != "") & ~frame.flow.str.contains(MAIN, regex=False)
        what = f"table of the Services Trade Restrictiveness Index itself ({MAIN})."
        refuse_first(place, frame.flow, other, what)
    digital = _code(frame.policy_area).str.casefold().isin(DIGITAL)
    refuse_first(place, frame.policy_area, digital, "area of this index but of the digital one.")


def _refuse_contradiction(place: FilePlace, frame: Frame, measure: Words) -> None:
    """Raise where the name of a policy area is not that of its code."""
    if "label" not in frame:
        return
    named = frame.label.str.casefold().map(dict(MEASURES))
    wrong = named.notna() & measure.notna() & (named != measure)
    if wrong.any():
        line = frame.index[int(np.flatnonzero(wrong.to_numpy())[0])]
        raise DataError(
            f"{place.at(line)}: '{frame.policy_area[line]}' is '{measure[line]}', and the file "
            f"calls it '{frame.label[line]}'."
        )


def _require_sums(place: FilePlace, table: Frame) -> None:
    """Raise where policy areas do not add to the index or, without it, are not all there."""
    areas = table[table.policy_area != TOTAL].groupby(_CELL).score.agg(["sum", "size"])
    whole = table[table.policy_area == TOTAL].set_index(_CELL).score
    total = whole.reindex(areas.index)
    wrong = (areas["sum"] - total).abs() > ADDING_UP
    if wrong.any():
        cell = wrong.idxmax()
        raise DataError(
            f"{place.path}: policy areas should add to the index, and those of "
            f"{' '.join(map(str, cell))} add to {areas['sum'][cell]:.4g} where it is "
            f"{total[cell]:.4g}."
        )
    partial = total.isna() & (areas["size"] < len(POLICY_AREAS))
    if partial.any():
        cell = partial.idxmax()
        raise DataError(
            f"{place.path} has {areas['size'][cell]} of the {len(POLICY_AREAS)} policy areas of "
            f"{' '.join(map(str, cell))}, and no index that says what they add to."
        )


SOURCE = Source(
    title="OECD Services Trade Restrictiveness Index",
    licence=CC_BY,
    attribution=ATTRIBUTION,
    files="CSV of the OECD Data Explorer or of OECD.Stat",
    read=read,
    layouts=LAYOUTS,
)
