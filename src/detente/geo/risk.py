"""What not knowing what policy will be costs trade: an answer of the record, put as a wedge."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .._core import DataError
from ..about import About
from ..record import Pair
from ..record.projection import FLOWS, LEVEL, project, Projection
from ..selection import flows
from ..world import Baseline


GOODS = ("goods",)
"""What the monthly record is about."""


@dataclass(frozen=True)
class Risk:
    """How a pair's trade answers an index, and what cost of trade that would be."""

    projection: Projection
    wedges: pd.DataFrame
    """By flow: `effect`, `low`, `high`, percent of the flow per standard deviation that lasts;
    `strength`; `theta`, of the baseline, by trade; and `cost`, `cost_low`, `cost_high`, percent."""
    about: About


def risk(
    baseline: Baseline, pair: Pair, trade: pd.DataFrame, index: pd.Series, *, level: float = LEVEL
) -> Risk:
    """Local projections of a pair's trade on an index, both by month, and the wedge they amount to.

    A wedge `d` on a flow that is small in its market moves its value by `-theta ln d`: the cost is
    the effect over minus theta, the mean of the baseline's over the goods of the flow. Raises
    `DataError` as `project` does, and where the baseline has no such flow.
    """
    projection = project(trade, index, level=level)
    about = About.on(
        baseline, basis=str(trade.attrs.get("basis", "")), level=level, country=pair.country,
        partner=pair.partner, index=str(index.name), index_mean=projection.mean,
        index_deviation=projection.deviation, first=projection.first, last=projection.last,
        months=projection.months,
    )  # fmt: skip
    return Risk(projection, _wedges(projection, pair, baseline), about)


def _wedges(projection: Projection, pair: Pair, baseline: Baseline) -> pd.DataFrame:
    sides = {FLOWS[0]: (pair.country, pair.partner), FLOWS[1]: (pair.partner, pair.country)}
    rows = []
    for row in projection.lasting.to_dict("records"):
        theta = _theta(baseline, *sides[str(row["flow"])])
        effect, low, high = (float(row[name]) for name in ("response", "low", "high"))
        rows.append({
            "flow": row["flow"],
            "effect": 100 * np.expm1(effect), "low": 100 * np.expm1(low),
            "high": 100 * np.expm1(high), "strength": row["strength"], "theta": theta,
            "cost": 100 * np.expm1(-effect / theta), "cost_low": 100 * np.expm1(-high / theta),
            "cost_high": 100 * np.expm1(-low / theta),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _theta(baseline: Baseline, exporter: str, importer: str) -> float:
    """The mean over the goods of a flow, weighted by their trade."""
    cells = flows(baseline, (exporter,), (importer,), GOODS)
    trade = (np.asarray(baseline.economy.trade) * cells).sum(axis=(0, 1))
    if not trade.any():
        raise DataError(f"{baseline.name} has no goods from {exporter} to {importer}.")
    return float(np.average(np.asarray(baseline.economy.trade_elasticity), weights=trade))
