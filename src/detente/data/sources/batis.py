"""Trade in services by pair and category, balanced: OECD-WTO BaTIS, million US$.

One row per reporter, partner, flow, item (EBOPS 2010) and year, with the reported, the completed
and the balanced value; the balanced one is kept, in which exports equal mirror imports.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from .former import read_csv, require_values
from .source import Frame, one_by_one, Parsed, Progress, Source


NAMES = ("Reporter", "Partner", "Flow", "Item_code", "Year", "Balanced_value")
FLOWS: Mapping[str, str] = {
    "X": "exports", "M": "imports", "EXP": "exports", "IMP": "imports", "Exports": "exports",
    "Imports": "imports", "Credit": "exports", "Debit": "imports",
}  # fmt: skip
TOTAL = "S"
LARGEST = 2e6
"""Million US$: all services of the largest pair in a year are a tenth of this."""
MIRROR = 0.01
"""Share by which exports and mirror imports, balanced, may differ: rounding."""


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Files of the BPM6 edition."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    frame = read_csv(path, list(NAMES), ["Year", "Balanced_value"])
    require_values(path, frame, list(NAMES[:5]))
    unknown = set(frame.Flow) - set(FLOWS)
    if unknown:
        raise DataError(f"{path} has the unknown flow '{sorted(unknown)[0]}'.")
    economies = frame.Reporter.str.fullmatch("[A-Z]{3}") & frame.Partner.str.fullmatch("[A-Z]{3}")
    frame = frame[economies].dropna(subset="Balanced_value")
    _check(path, frame)
    item = frame.Item_code.str.removeprefix("S")
    table: Frame = pd.DataFrame(
        {
            "reporter": frame.Reporter,
            "partner": frame.Partner,
            "flow": frame.Flow.map(dict(FLOWS)),
            "product": ("S" + item).where(frame.Item_code != TOTAL, "services total"),
            "frequency": "A",
            "period": frame.Year.astype(int).astype(str) + "-01-01",
            "value": frame.Balanced_value,
            "basis": "harmonised",
            "status": "derived",
            "note": "OECD-WTO BaTIS, balanced value; EBOPS 2010",
        }
    )
    years = frame.Year.astype(int)
    return Parsed(f"BPM6 {years.min()}-{years.max()}", {"trade": table}, path.stem)


def _check(path: Path, frame: Frame) -> None:
    if frame.empty:
        raise DataError(f"{path} has no balanced value of a pair of economies.")
    if frame.Balanced_value.max() > LARGEST:
        raise DataError(
            f"{path}: a flow of {frame.Balanced_value.max():.4g} million US$ cannot be; is the "
            "file in another unit?"
        )
    key = ["Reporter", "Partner", "Item_code", "Year"]
    side = frame.assign(Flow=frame.Flow.map(dict(FLOWS)))
    exports = side[side.Flow == "exports"].set_index(key).Balanced_value
    imports = side[side.Flow == "imports"].rename(
        columns={"Reporter": "Partner", "Partner": "Reporter"}
    )
    mirror = imports.set_index(key).Balanced_value
    if not exports.index.is_unique or not mirror.index.is_unique:
        raise DataError(f"{path} has a flow twice.")
    both = exports.index.intersection(mirror.index)
    gap = (exports[both] - mirror[both]).abs() - MIRROR * exports[both].abs()
    if len(both) and gap.max() > 1.0:
        reporter, partner, item, year = gap.idxmax()
        raise DataError(
            f"{path}: balanced exports of {reporter} to {partner}, {item}, {int(year)}, differ "
            "from the mirror imports; the column is not the balanced value."
        )


SOURCE = Source(
    title="OECD-WTO Balanced Trade in Services (BaTIS)",
    licence="CC BY 4.0",
    attribution="OECD-WTO Balanced Trade in Services Dataset, BPM6 edition.",
    files="OECD-WTO_BATIS_….csv of the BPM6 edition",
    read=read,
)
