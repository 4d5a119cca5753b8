"""The agreement under other powers and outside options, and the frontier it lies on."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from .agreement import agree, Agreement, best_for, Negotiation


POWERS = (0.1, 0.3, 0.5, 0.7, 0.9)
FLIGHTS = (0.0, 0.05, 0.1, 0.2, 0.5)
"""Percent of the partner's real income, lost where nothing is agreed."""
_POINTS = 11


def by_power(main: Negotiation, agreed: Agreement, opener: Float[np.ndarray, " m"]) -> pd.DataFrame:
    """The agreement by bargaining power of the first side."""
    rows = []
    for power in POWERS:
        other = replace(main, power=np.array([power, 1.0 - power]))
        rows.append({"power": power} | _summary(other, agreed, opener))
    return pd.DataFrame(rows)


def by_flight(
    main: Negotiation, agreed: Agreement, opener: Float[np.ndarray, " m"]
) -> pd.DataFrame:
    """The agreement by what the second side loses without one, beside what it loses already."""
    rows = []
    for lost in FLIGHTS:
        other = replace(main, outside=main.outside - np.array([0.0, lost]))
        rows.append({"more_flight": lost} | _summary(other, agreed, opener))
    return pd.DataFrame(rows)


def frontier(main: Negotiation, agreed: Agreement, benchmark: np.ndarray) -> pd.DataFrame:
    """Gains of both sides over no opening, politics included: what can be had, what is agreed.

    `frontier`: depths that maximise a weighted sum. `even`: all openings at one depth, from none to
    whole. `outside`: what each side has without an agreement.
    """
    own = main.own
    evenly = np.linspace(0.0, 1.0, _POINTS)
    reached = {"outside": [np.zeros(2)]}
    reached["even"] = [main.surplus(np.full(own.size, depth))[0] for depth in evenly]
    ends = [main.surplus(best_for(main, side, agreed.depth[own]))[0] for side in np.eye(2)]
    reach = np.abs(ends).max(axis=0)
    weights = np.column_stack([evenly, 1.0 - evenly]) / np.where(reach > 0, reach, 1.0)
    reached["frontier"], near = [], agreed.depth[own]
    for weight in weights:
        near = best_for(main, weight, near)
        reached["frontier"].append(main.surplus(near)[0])
    reached["benchmark"] = [main.surplus(benchmark[own])[0]]
    reached["agreement"] = [agreed.surplus] if agreed.reached else []
    rows = [
        {"kind": kind, "first": gain[0], "second": gain[1]}
        for kind, points in reached.items()
        for gain in map(main.gain, points)
    ]
    return pd.DataFrame(rows)


def _summary(
    other: Negotiation, agreed: Agreement, opener: Float[np.ndarray, " m"]
) -> dict[str, Any]:
    agreement = agree(other, agreed.depth[other.own] if agreed.reached else None)
    depth, gain = agreement.depth[other.own], other.gain(agreement.surplus)
    return {
        "agreed": agreement.reached,
        "first_depth": float(depth[opener == 0].mean()) if (opener == 0).any() else np.nan,
        "second_depth": float(depth[opener == 1].mean()) if (opener == 1).any() else np.nan,
        "first_gain": float(gain[0]),
        "second_gain": float(gain[1]),
    }
