"""Korea's exports by month as its customs first give them: by partner, by item, and in all.

Three tables of Korea Customs Service, million US$: month, partner, exports_musd; month, item,
exports_musd (items by HS heading, not those of the ministry); month, exports_musd, balance_musd.
They come without imports by partner, and are revised later.
"""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..._core import DataError
from ..bases import KOREAN
from ..concordance import economies
from ..tables import Frame
from .layout import Layout
from .monthly import LARGEST_MONTH, months
from .opened import open_table, SourceTable
from .source import (
    one_by_one,
    ParsedFile,
    Progress,
    refuse_twice,
    require_codes,
    require_values,
    Source,
)


WORLD = "WLD"
GROUPS = ("ASEAN", "EU27", "MIDDLE_EAST")
"""Partners that are several economies: left out, since no rank or pair is theirs."""
NOTE = "Korea Customs Service, as first published"
_SEEN = "as repackaged from monthly releases of 2025 and 2026"
_OTHERS = ("partner", "item", "balance_musd")


def _layout(name: str, own: str, *, number: bool = False) -> Layout:
    return Layout(
        name,
        {"month": "month"} | ({} if number else {own: own}),
        {"exports_musd": "exports_musd"} | ({own: own} if number else {}),
        without=[other for other in _OTHERS if other != own],
        seen=_SEEN,
    )


BY_PARTNER = _layout("Korea's exports by partner", "partner")
BY_ITEM = _layout("Korea's exports by item", "item")
IN_ALL = _layout("Korea's exports and balance", "balance_musd", number=True)
LAYOUTS = {BY_PARTNER.name: "by partner", BY_ITEM.name: "by item", IN_ALL.name: "in all"}


def read(files: Sequence[Path], progress: Progress) -> list[ParsedFile]:
    """Each table on its own."""
    return one_by_one(files, progress, _read_one)


def _read_one(path: Path) -> ParsedFile:
    opened = open_table(path, (BY_PARTNER, BY_ITEM, IN_ALL))
    require_values(opened.place, opened.frame, list(opened.frame))
    frame = opened.frame.assign(period=months(opened.place, opened.frame.month))
    part = LAYOUTS[opened.layout.name]
    rows, about = _ROWS[part](opened, frame)
    _check(opened, rows)
    return ParsedFile("monthly", {"trade": _canonical(rows)}, part, {**opened.about(), **about})


def _by_partner(opened: SourceTable, frame: Frame) -> tuple[Frame, dict[str, str]]:
    left = sorted(set(frame.partner) & set(GROUPS))
    rows = frame.loc[~frame.partner.isin(left)]
    unknown = ~rows.partner.isin([*economies(), WORLD])
    if unknown.any():
        line = rows.index[int(unknown.to_numpy().argmax())]
        raise DataError(
            f"{opened.place.at(line)}: '{rows.partner[line]}' is not the code of a known economy."
        )
    rows = rows.assign(product="total", flow="exports", value=rows.exports_musd)
    return rows, {"left out": ", ".join(left)} if left else {}


def _by_item(opened: SourceTable, frame: Frame) -> tuple[Frame, dict[str, str]]:
    require_codes(opened.place, frame["item"], r"[A-Za-z][A-Za-z _,&()/-]{3,}", "name of an item")
    rows = frame.assign(
        partner=WORLD, product=frame["item"], flow="exports", value=frame.exports_musd
    )
    return rows, {"products": "items by HS heading, not the fifteen of the ministry"}


def _in_all(opened: SourceTable, frame: Frame) -> tuple[Frame, dict[str, str]]:
    del opened
    whole = frame.assign(partner=WORLD, product="total")
    sides = {"exports": whole.exports_musd, "imports": whole.exports_musd - frame.balance_musd}
    rows = [whole.assign(flow=flow, value=value) for flow, value in sides.items()]
    return pd.concat(rows), {"imports": "exports less the balance"}


_ROWS = {"by partner": _by_partner, "by item": _by_item, "in all": _in_all}


def _check(opened: SourceTable, rows: Frame) -> None:
    keys = ["partner", "product", "flow", "period"]
    refuse_twice(opened.place, rows, keys, "the value")
    pairs = rows.loc[rows.partner != WORLD, "value"]
    largest = float(pairs.max() if len(pairs) else rows["value"].max() / 10)
    if not 1.0 <= largest <= LARGEST_MONTH:
        raise DataError(
            f"{opened.path}: exports of up to {rows['value'].max():.4g} million US$ in a month "
            "cannot be; is the file in another unit?"
        )
    if (rows["value"] < 0).any():
        line = rows["value"].idxmin()
        raise DataError(f"{opened.place.at(line)}: exports or imports are less than nothing.")


def _canonical(rows: Frame) -> Frame:
    kept = rows[["partner", "product", "flow", "period", "value"]]
    return kept.assign(reporter="KOR", frequency="M", basis=KOREAN, status="preliminary", note=NOTE)


SOURCE = Source(
    title="Korea Customs Service, exports as first published, monthly",
    licence="Korean public data with attribution; to be confirmed before passing on",
    attribution="Korea Customs Service.",
    files="CSV with month and exports_musd, and one of partner, item or balance_musd",
    read=read,
    layouts=(BY_PARTNER, BY_ITEM, IN_ALL),
)
