"""Dependence by raw material: who led in 73 of them, year by year, and how fast that moved.

From BACI of CEPII (Etalab 2.0): flows of both partners' customs reconciled, free on board, products
of HS 1992, in value. They are raw materials as mines, refineries and smelters sell them. They are
not the 185 items of Korea's strategy, whose list is not public, and hold no parts and no magnets.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from .. import library


PLACE = library.path("dependence")
LEVEL = "73 raw materials, HS 1992, not the 185 items of the ministry's list"
SOURCE = "BACI, CEPII (Etalab 2.0)"
TRADED = 1.0
"""Imports in million US$ in both years below which a single cargo makes a share."""
WINDOW = 7
"""Years from the base of the 3050 strategy, 2023, to its target."""


@dataclass(frozen=True)
class RawMaterials:
    """One importer's raw materials, and how its dependence moved."""

    about: dict[str, Any]
    """country, supplier (None: whoever leads), above, year, level, basis, unit, source."""
    items: pd.DataFrame
    """product, name, year, imports (million US$), leader, leader_share and, where a supplier is
    asked for, share (not a number where below 5 %): the latest year, largest share first."""
    counts: pd.DataFrame
    """year, products, above_half, above_seventy (numbers of products, of the leader),
    supplier_above_half, supplier_above_seventy, mean_leader_share (plain, over products)."""
    windows: pd.DataFrame
    """first, last, products, share_before, same_supplier, whoever_leads (means over products whose
    leader, or the supplier, had more than `above` in `first`), reached (the part of them in which
    that supplier is at or below `above` in `last`)."""


def raw_materials(
    country: str, supplier: str | None = None, above: float = 0.5, years: int = WINDOW
) -> RawMaterials | None:
    """What is known of a country's raw materials; None for one that the table does not have."""
    rows = _rows()
    mine = rows.loc[rows.importer == country]
    if mine.empty:
        return None
    leaders = mine.drop_duplicates(["product", "year"])
    return RawMaterials(
        _about(country, supplier, above, int(mine.year.max())),
        _items(mine, leaders, supplier),
        pd.DataFrame(_counts(mine, leaders, supplier)),
        pd.DataFrame(_windows(mine, leaders, supplier, above, years)),
    )


@cache
def _rows() -> pd.DataFrame:
    """importer, product, name, year, imports, supplier, share; the leader first in its cell."""
    text: Any = {"product": str}
    packed = pd.read_csv(PLACE / "raw_materials.csv", dtype=text)
    names = pd.read_csv(PLACE / "raw_material_names.csv", dtype=text)
    rows = packed.assign(pair=packed.suppliers.str.split(" ")).explode("pair")
    pair = rows.pop("pair").str.split(":", expand=True)
    rows = rows.drop(columns="suppliers").assign(supplier=pair[0], share=pair[1].astype(float))
    return rows.merge(names, on="product", how="left", validate="many_to_one")


def _about(country: str, supplier: str | None, above: float, year: int) -> dict[str, Any]:
    return {
        "country": country,
        "supplier": supplier,
        "above": above,
        "year": year,
        "level": LEVEL,
        "basis": "harmonised (both partners' customs reconciled, free on board)",
        "unit": "shares of import value, factors of one; imports in million US$",
        "source": SOURCE,
        "file": "library/dependence/raw_materials.csv",
    }


def _items(mine: pd.DataFrame, leaders: pd.DataFrame, supplier: str | None) -> pd.DataFrame:
    latest = mine.year.max()
    items = leaders.loc[leaders.year == latest].rename(
        columns={"supplier": "leader", "share": "leader_share"}
    )
    columns = ["product", "name", "year", "imports", "leader", "leader_share"]
    if supplier is None:
        return items[columns].sort_values("leader_share", ascending=False, ignore_index=True)
    of_one = mine.loc[(mine.year == latest) & (mine.supplier == supplier), ["product", "share"]]
    items = items.merge(of_one, on="product", how="left")
    return items[[*columns, "share"]].sort_values("share", ascending=False, ignore_index=True)


def _counts(
    mine: pd.DataFrame, leaders: pd.DataFrame, supplier: str | None
) -> Iterator[dict[str, Any]]:
    for year, rows in leaders.groupby("year"):
        of_one = mine.share[(mine.year == year) & (mine.supplier == supplier)]
        yield {
            "year": year,
            "products": len(rows),
            "above_half": int((rows.share > 0.5).sum()),
            "above_seventy": int((rows.share > 0.7).sum()),
            "supplier_above_half": int((of_one > 0.5).sum()) if supplier else math.nan,
            "supplier_above_seventy": int((of_one > 0.7).sum()) if supplier else math.nan,
            "mean_leader_share": float(rows.share.mean()),
        }


def _windows(
    mine: pd.DataFrame, leaders: pd.DataFrame, supplier: str | None, above: float, years: int
) -> Iterator[dict[str, Any]]:
    """Shares picked because they were high fall by chance too: one supplier's fall is no policy
    yet, and where another takes its place the leader's share does not fall with it."""
    traded = leaders.imports >= TRADED
    by_year = leaders.loc[traded].set_index(["year", "product"])
    share = mine.set_index(["year", "product", "supplier"]).share
    for first in range(int(leaders.year.min()), int(leaders.year.max()) - years + 1):
        begin, end = by_year.loc[first], by_year.loc[first + years]
        chosen = begin.loc[(begin.share > above) & begin.index.isin(end.index)]
        if supplier is not None:
            chosen = chosen.loc[chosen.supplier == supplier]
        if chosen.empty:
            continue
        cells = [(first + years, *cell) for cell in chosen.supplier.items()]
        after = share.reindex(pd.MultiIndex.from_tuples(cells)).fillna(0.0).to_numpy()
        yield {
            "first": first,
            "last": first + years,
            "products": len(chosen),
            "share_before": float(chosen.share.mean()),
            "same_supplier": float(np.mean(after)),
            "whoever_leads": float(end.share[chosen.index].mean()),
            "reached": float(np.mean(after <= above)),
        }
