"""Korea's exports by month as its customs first give them: by partner, by item, and in all.

Three tables of Korea Customs Service, million US$: month, partner, exports_musd; month, item,
exports_musd (items by HS heading, not those of the ministry); month, exports_musd, balance_musd.
They come without imports by partner, and are revised later.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..concordance import economies
from ..record import KOREAN
from ..tables import Frame
from .customs import LARGEST_MONTH, months
from .former import read_csv, require_values, to_numbers
from .source import one_by_one, Parsed, Progress, Source


WORLD = "WLD"
GROUPS = ("ASEAN", "EU27", "MIDDLE_EAST")
"""Partners that are several economies: left out, since no rank or pair is theirs."""
NOTE = "Korea Customs Service, as first published"
_LAYOUTS: Mapping[str, str] = {
    "partner": "by partner", "item": "by item", "balance_musd": "in all",
}  # fmt: skip
"""The column that tells a table, and what it is."""


def read(files: Sequence[Path], progress: Progress) -> list[Parsed]:
    """Each table on its own."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> Parsed:
    frame = read_csv(path, ["month", "exports_musd"], ["exports_musd"], optional=list(_LAYOUTS))
    found = [name for name in _LAYOUTS if name in frame]
    if len(found) != 1:
        raise DataError(
            f"{path} should have one of the columns {', '.join(_LAYOUTS)} beside month and "
            f"exports_musd, and has {' and '.join(found) or 'none'}."
        )
    require_values(path, frame, ["month", "exports_musd", found[0]])
    frame = frame.assign(period=months(path, frame.month))
    rows, about = _ROWS[found[0]](path, frame)
    _check(path, rows)
    return Parsed("monthly", {"trade": _canonical(rows)}, _LAYOUTS[found[0]], about)


def _by_partner(path: Path, frame: Frame) -> tuple[Frame, dict[str, str]]:
    left = sorted(set(frame.partner) & set(GROUPS))
    rows = frame.loc[~frame.partner.isin(left)]
    unknown = sorted(set(rows.partner) - {*economies(), WORLD})
    if unknown:
        raise DataError(f"{path}: '{unknown[0]}' is not the code of a known economy.")
    rows = rows.assign(product="total", flow="exports", value=rows.exports_musd)
    return rows, {"left out": ", ".join(left)} if left else {}


def _by_item(path: Path, frame: Frame) -> tuple[Frame, dict[str, str]]:
    del path
    rows = frame.assign(
        partner=WORLD, product=frame["item"], flow="exports", value=frame.exports_musd
    )
    return rows, {"products": "items by HS heading, not the fifteen of the ministry"}


def _in_all(path: Path, frame: Frame) -> tuple[Frame, dict[str, str]]:
    balance = to_numbers(path, frame.balance_musd)
    whole = frame.assign(partner=WORLD, product="total")
    sides = {"exports": whole.exports_musd, "imports": whole.exports_musd - balance}
    rows = [whole.assign(flow=flow, value=value) for flow, value in sides.items()]
    return pd.concat(rows, ignore_index=True), {"imports": "exports less the balance"}


_ROWS = {"partner": _by_partner, "item": _by_item, "balance_musd": _in_all}


def _check(path: Path, rows: Frame) -> None:
    keys = ["partner", "product", "flow", "period"]
    twice = rows.duplicated(keys)
    if twice.any():
        row = rows[twice].iloc[0]
        raise DataError(f"{path} has {row.partner}, {row['product']}, in {row.month} twice.")
    pairs = rows.loc[rows.partner != WORLD, "value"]
    largest = float(pairs.max() if len(pairs) else rows["value"].max() / 10)
    if not 1.0 <= largest <= LARGEST_MONTH:
        raise DataError(
            f"{path}: exports of up to {rows['value'].max():.4g} million US$ in a month cannot be; "
            "is the file in another unit?"
        )


def _canonical(rows: Frame) -> Frame:
    kept = rows[["partner", "product", "flow", "period", "value"]]
    return kept.assign(reporter="KOR", frequency="M", basis=KOREAN, status="preliminary", note=NOTE)


SOURCE = Source(
    title="Korea Customs Service, exports as first published, monthly",
    licence="Korean public data with attribution; to be confirmed before passing on",
    attribution="Korea Customs Service.",
    files="CSV with month and exports_musd, and one of partner, item or balance_musd",
    read=read,
)
