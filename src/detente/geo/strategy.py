"""A strategy to depend less on one supplier: paths by item, and the insurance by sector."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ..record.items import dependence_index
from ..world import Baseline
from .diversification import Insurance, insurance, Question
from .diversification_path import observed_paces, Paths, paths, Start, starts
from .paces import published


@dataclass(frozen=True)
class Strategy:
    """When the target is reached by item, what it takes and costs by sector, and what it saves."""

    about: dict[str, Any]
    insurance: Insurance
    paths: Paths
    observed: pd.DataFrame
    """How fast the supplier's shares fell by sector from 2014 to 2022."""
    items: pd.DataFrame
    """Products in which the supplier is above the target; empty where none are stored."""


def diversify(
    baseline: Baseline,
    question: Question,
    by: int = 2030,
    items: pd.DataFrame | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> Strategy:
    """All that is known of depending less on a supplier by a year.

    `items` are the buyer's products as `record.items.item_shares` gives them. Raises `DataError`
    for a year before the shares, `ScenarioError` and `SolveError` as `insurance` does.
    """
    found = insurance(baseline, question, progress=progress)
    begin = starts(question.buyer, question.supplier) + _industries(found)
    about = dict(found.about) | {"by": by, "item_level": "none stored", "note": ""}
    if question.buyer == "KOR":
        about["note"] = published().target.note
    above = pd.DataFrame()
    if items is not None and len(items):
        above = items.loc[items.share > question.below]
        about["item_level"] = str(items.attrs["level"])
        about["items"] = dependence_index(items) | {"year": items.attrs["year"]}
    return Strategy(
        about,
        found,
        paths(begin, question.below, by),
        observed_paces(question.buyer, question.supplier),
        above,
    )


def _industries(found: Insurance) -> list[Start]:
    """The sectors that are diversified, as starts of paths."""
    chosen = found.shares.loc[found.shares.sector.isin(found.about["sectors"])]
    year, source = int(found.about["baseline_year"] or 0), f"{found.about['baseline']}, industry"
    return [
        Start(row["name"], "industry", row["share"], year, source)
        for row in chosen.to_dict("records")
    ]
