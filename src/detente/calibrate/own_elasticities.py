"""The set of trade elasticities of our own, `own-2011-2022`, for any world of known sectors."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from .. import library
from .._core import DataError, ScenarioError
from ..data import elasticities, icio, tariffs
from ..data.concordance import industries, Industry, SERVICES_TOTAL
from ..data.panels import LAST_YEAR
from ..gravity.elasticities import RULE
from ..scenario import OWN_ESTIMATES
from ..world import Baseline
from .wedges import HIGHEST_ELASTICITY, SERVICES_ELASTICITY


NOTE = f"""Trade elasticities by ICIO goods sector, estimated by Poisson from tariffs, 2011-2022.
Written by 'detente elasticities --out FILE'.
An estimate is {RULE}.
Where it is not usable the set has published_median.
{icio.ATTRIBUTION}
{tariffs.ATTRIBUTION}
published_median: {elasticities.ATTRIBUTION}"""
DIGITS = "%.6g"


def beside_published(rows: pd.DataFrame, raw_directory: Path) -> pd.DataFrame:
    """Estimates by sector with the median of the published ones, and world trade as a weight."""
    published = elasticities.read_published_elasticities(raw_directory).clip(max=HIGHEST_ELASTICITY)
    median = published.sel(publication=list(elasticities.ESTIMATED)).median("publication")
    flows = icio.read_flows(raw_directory, LAST_YEAR)
    traded = flows.where(flows.origin != flows.destination, 0.0).sum(("origin", "destination"))
    sectors = list(rows["sector"])
    return rows.assign(
        published_median=median.sel(sector=sectors).to_numpy(),
        world_trade=traded.sel(sector=sectors).to_numpy().astype(float),
    )


def as_text(rows: pd.DataFrame) -> str:
    """The table as it is shipped: its sources as comments, then CSV; without how long it took."""
    head = "".join(f"# {line}\n" for line in NOTE.splitlines())
    return head + rows.drop(columns="seconds").to_csv(
        index=False, float_format=DIGITS, lineterminator="\n"
    )


@cache
def shipped() -> Any:
    """The estimates that ship with the package, by sector."""
    place = library.path("elasticities.csv")
    if not place.is_file():
        raise DataError("the package has no table of its own elasticities.")
    return pd.read_csv(place, comment="#", keep_default_na=False, na_values=[""])


def own_elasticities(baseline: Baseline) -> Float[np.ndarray, " s"]:
    """Theta by sector of the baseline, means weighted by world trade; services as assumed there.

    Raises `ScenarioError` where the sectors are not those of a classification that is known.
    """
    rows = shipped().set_index("sector")
    used = rows["theta"].where(rows["usable"], rows["published_median"])
    values = []
    for members in _members(baseline).values():
        weight = rows["world_trade"].reindex(list(members))
        mean = (used.reindex(list(members)) * weight).sum() / weight.sum() if members else np.nan
        values.append(mean if members else SERVICES_ELASTICITY)
    return np.array(values, float)


def about_own() -> str:
    """The set in a sentence."""
    rows = shipped()
    return (
        f"{OWN_ESTIMATES}: estimated for {int(rows['usable'].sum())} of {len(rows)} goods "
        "sectors, the median of published estimates for the others; services: "
        f"{SERVICES_ELASTICITY:g}, an assumption"
    )


def _members(baseline: Baseline) -> Mapping[str, tuple[str, ...]]:
    """The goods sectors of the flow tables that each sector of a baseline consists of."""
    icio_rows, wiod_rows, newest = industries("icio"), industries("wiod"), industries("icio_2025")
    flows = {row.code: row.flow_sectors for row in icio_rows}
    joined = lambda codes: tuple(flow for code in codes for flow in flows[code])
    compact, compact_newest = _compact(icio_rows), _compact(newest)
    source = {code: (code,) for code in icio.flow_sectors()} | {SERVICES_TOTAL: ()}
    known = (
        flows, {row.code: joined(row.icio) for row in wiod_rows}, compact, source,
        {row.code: row.flow_sectors for row in newest}, compact_newest,
    )  # fmt: skip
    for table in known:
        if set(baseline.sectors) <= set(table):
            return {code: table[code] for code in baseline.sectors}
    strange = next(code for code in baseline.sectors if not any(code in table for table in known))
    raise ScenarioError(
        f"'{OWN_ESTIMATES}' has elasticities by OECD or WIOD industry, and '{strange}' of "
        f"'{baseline.name}' is neither."
    )


def _compact(rows: tuple[Industry, ...]) -> dict[str, tuple[str, ...]]:
    """The goods sectors of the flow tables in each compact sector, as an edition has them."""
    return {
        name: tuple(flow for row in rows if row.compact == name for flow in row.flow_sectors)
        for name in {row.compact for row in rows}
    }
