"""A strategy to depend less on one supplier: paths by item, and the insurance by sector."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ..about import About
from ..record.items import dependence_index
from ..record.raw_materials import raw_materials, RawMaterials
from ..world import Baseline
from .diversification import Insurance, insurance, Question
from .diversification_path import observed_paces, Paths, paths, Start, starts, with_paces
from .paces import published


LARGE = 10.0
"""Imports in million US$ from which a raw material gets a path of its own."""


@dataclass(frozen=True)
class Strategy:
    """When the target is reached by item, what it takes and costs by sector, and what it saves."""

    about: About
    insurance: Insurance
    paths: Paths
    observed: pd.DataFrame
    """How fast the supplier's shares fell by sector from 2014 to 2022."""
    items: pd.DataFrame
    """Products in which the supplier is above the target; empty where none are stored."""
    raw: RawMaterials | None
    """Raw materials by year; None for a buyer whose imports of them do not ship."""
    lists: pd.DataFrame
    """How far lists of raw materials moved in as many years as the target's: the `windows` of
    `record.raw_materials`, whoever leads, with the paces of their means (log odds per year) and the
    one that the target needs."""


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
    insured = insurance(baseline, question, progress=progress)
    span = published().target.year - published().target.year_before
    raw = raw_materials(question.buyer, question.supplier, question.below, span)
    whoever = raw_materials(question.buyer, None, question.below, span)
    begin = starts(question.buyer, question.supplier) + _materials(raw, by) + _industries(insured)
    about = insured.about.adding(
        by=by,
        item_level="none stored",
        note=published().target.note if question.buyer == "KOR" else "",
        raw_materials=None if raw is None else raw.about,
    )
    above = pd.DataFrame()
    if items is not None and len(items):
        above = items.loc[items.share > question.below]
        index = dependence_index(items) | {"year": items.attrs["year"]}
        about = about.adding(item_level=str(items.attrs["level"]), items=index)
    return Strategy(
        about,
        insured,
        paths(begin, question.below, by),
        observed_paces(question.buyer, question.supplier),
        above,
        raw,
        pd.DataFrame() if whoever is None else with_paces(whoever.windows),
    )


def _materials(raw: RawMaterials | None, by: int) -> list[Start]:
    """Raw materials above the target that are bought in some quantity, as starts of paths."""
    if raw is None or by <= raw.about["year"]:
        return []
    rows = raw.items.loc[(raw.items.share > raw.about["above"]) & (raw.items.imports >= LARGE)]
    return [
        Start(row["name"], "raw material", row["share"], row["year"], raw.about["source"])
        for row in rows.loc[rows.share < 1].to_dict("records")
    ]


def _industries(insured: Insurance) -> list[Start]:
    """The sectors that are diversified, as starts of paths."""
    chosen = insured.shares.loc[insured.shares.sector.isin(insured.about["sectors"])]
    year, source = insured.about.baseline_year or 0, f"{insured.about.baseline}, industry"
    return [
        Start(row["name"], "industry", row["share"], year, source)
        for row in chosen.to_dict("records")
    ]
