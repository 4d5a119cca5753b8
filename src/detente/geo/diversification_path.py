"""When a supplier's share is below a target: by class of item, at every published pace.

Nothing here is an equilibrium: a path takes a share as it stands and lets its log odds fall at a
pace that was once observed. `geo.diversification` says what a wedge that does so costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from .. import library
from .._core import DataError
from .logit_path import log_odds, pace_between, pace_needed, share_in, years_to
from .paces import chance, Pace, published


Level = Literal["target list", "published item", "raw material", "industry"]


@dataclass(frozen=True)
class Start:
    """A share from which a path begins."""

    what: str
    level: Level
    share: float
    year: int
    source: str


@dataclass(frozen=True)
class Paths:
    """Where every start arrives, and how sure that is under the published paces."""

    below: float
    by: int
    paths: pd.DataFrame
    """what, level, share, year, pace, per_year (log odds), reached (year; infinite if never) and
    share_then (in the target year), a row for every pace."""
    chances: pd.DataFrame
    """what, level, share, year, needed (log odds per year), chance with lowest and highest, under
    all paces, and the same under those of whole lists of products alone (`broad_`)."""


def starts(buyer: str, supplier: str) -> list[Start]:
    """The published target and items, where they are this buyer's: the list is South Korea's."""
    if buyer != "KOR":
        return []
    known = published()
    aim = known.target
    listed = f"{aim.items} items, whichever supplier leads"
    targets = [Start(listed, "target list", aim.share_before, aim.year_before, aim.source)]
    return targets + [
        Start(item.name, "published item", item.share, item.year, item.source)
        for item in known.items
        if item.supplier == supplier
    ]


def paths(begin: Sequence[Start], below: float, by: int) -> Paths:
    """The path of every start at every published pace; those below the target are there already.

    Raises `DataError` where the year of the target does not come after that of a share.
    """
    log_odds(below)
    known = published().paces
    rows, chances = [], []
    for start in begin:
        if by <= start.year:
            raise DataError(
                f"the target year {by} must come after {start.year}, the year of the shares."
            )
        rows += [_path(start, pace, below, by) for pace in known]
        chances.append(_chance(start, below, by))
    return Paths(below, by, pd.DataFrame(rows), pd.DataFrame(chances))


def observed_paces(buyer: str, supplier: str) -> pd.DataFrame:
    """How fast a supplier's share in imports fell by goods sector, 2014 to 2022 (OECD flows).

    sector, share_before, share_after, per_year: the fall of the log odds per year, negative where
    dependence rose. Empty for countries that the shipped flows do not have.
    """
    table = library.dataset("episodes/goods-2014-2022.nc")
    if not {buyer, supplier} <= set(table.origin.values):
        return pd.DataFrame(columns=["sector", "share_before", "share_after", "per_year"])
    first, last = (int(table.year[place]) for place in (0, -1))
    imports = table.trade.sel(destination=buyer).drop_sel(origin=buyer)
    share = (imports.sel(origin=supplier) / imports.sum("origin")).sel(year=[first, last])
    before, after = (np.asarray(share.sel(year=year), float) for year in (first, last))
    fall = (np.log(before / (1 - before)) - np.log(after / (1 - after))) / (last - first)
    rows = pd.DataFrame(
        {"sector": table.sector.values, "share_before": before, "share_after": after,
         "per_year": fall}
    )  # fmt: skip
    rows.attrs = {"first": first, "last": last, "basis": table.attrs["basis"]}
    return rows


def with_paces(windows: pd.DataFrame) -> pd.DataFrame:
    """Windows of lists of products with the paces of their mean shares, per year of log odds.

    `pace_same` is that of the suppliers that led, `pace_leader` that of whoever leads, and `needed`
    that of the published target, whose share is of whoever leads too.
    """
    aim = published().target
    rows = windows.to_dict("records")
    pace = lambda row, name: pace_between(
        row["share_before"], row[name], float(row["last"] - row["first"])
    )
    return windows.assign(
        pace_same=[pace(row, "same_supplier") for row in rows],
        pace_leader=[pace(row, "whoever_leads") for row in rows],
        needed=pace_needed(aim.share_before, aim.share_after, float(aim.year - aim.year_before)),
    )


def _path(start: Start, pace: Pace, below: float, by: int) -> dict[str, Any]:
    return {
        "what": start.what,
        "level": start.level,
        "share": start.share,
        "year": start.year,
        "pace": pace.name,
        "per_year": pace.per_year,
        "reached": start.year + years_to(start.share, below, pace.per_year),
        "share_then": share_in(start.share, pace.per_year, float(by - start.year)),
    }


def _chance(start: Start, below: float, by: int) -> dict[str, Any]:
    known = published().paces
    needed = pace_needed(start.share, below, float(by - start.year))
    every = chance(needed, [pace.per_year for pace in known])
    broad = chance(needed, [pace.per_year for pace in known if pace.scope == "broad"])
    row = {"what": start.what, "level": start.level, "share": start.share, "year": start.year,
           "needed": needed}  # fmt: skip
    for prefix, chances in (("", every), ("broad_", broad)):
        values = (chances.value, chances.lowest, chances.highest)
        if start.share <= below:
            # Nothing has to fall: that it stays there is not what the paces speak of.
            values = (np.nan,) * 3
        names = (f"{prefix}chance", f"{prefix}lowest", f"{prefix}highest")
        row |= dict(zip(names, values, strict=True))
    return row
