"""Exposure, third parties, and diversification."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from .. import geo
from ..calibrate import baseline as baselines
from ..data.store import Store
from ..data.tables import raw_directory
from ..record.items import item_shares
from ..scenario import load_scenario
from ..selection import country_mask
from ._files import Progress


if TYPE_CHECKING:
    from ..closure import Deficits


def exposure(
    country: str, to: Sequence[str] = (), *, baseline: str | None = None, deficits: "Deficits"
) -> geo.Exposure:
    """Whose growth and whose trade a country's real income depends on."""
    world = baselines.load_baseline(baseline or "compact-2022")
    return geo.exposure(world, country, to, deficits=deficits)


def exposure_by_year(
    country: str, to: Sequence[str], deficits: "Deficits", sources: Path | None = None
) -> pd.DataFrame:
    """How a country's exposure to partners moved: from the shipped table, or from raw sources."""
    from ..geo.exposure_by_year import build

    table = None
    if sources is not None:
        table = build(baselines.load_baseline("compact-2022"), raw_directory(sources))
    return geo.by_year(country, to, deficits, table)


def third_parties(
    reference: str,
    overrides: Sequence[str] = (),
    baseline: str | None = None,
    *,
    lead: str | None = None,
) -> geo.ThirdParties:
    """Who gains from a scenario and who pays for it; `lead` is a country to show in any case."""
    scenario = load_scenario(reference, overrides)
    world = baselines.load_baseline(baseline or scenario.baseline)
    if lead is not None:
        country_mask(world, (lead,))
    found = geo.third_parties(world, scenario)
    return replace(found, about=found.about | {"lead": lead or ""})


def diversify(
    question: geo.Question,
    by: int,
    *,
    baseline: str | None = None,
    progress: Progress = lambda step: None,
) -> geo.Strategy:
    """What it takes to depend less on one supplier, when it is reached, and what it saves."""
    world = baselines.load_baseline(baseline or "compact-2022")
    items = item_shares(Store.open(), question.buyer, question.supplier)
    return geo.diversify(world, question, by, items, progress)
