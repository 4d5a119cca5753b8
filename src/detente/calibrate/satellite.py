"""Trade that a table leaves out, laid over a world without moving its accounts.

What visitors spend is recorded as bought by residents of the country they visit. The satellite
moves it to where they come from: the flow is enlarged, and the others of its sector give way by
minimum cross-entropy (RAS) under the same output of every origin and the same expenditure of every
destination. So output, value added, income, final demand and deficits stay as they were.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from .._core import BaselineError
from ..world import Baseline, Economy
from .balance import ras
from .fingerprint import fingerprint


BALANCED = 1e-9
"""Largest relative error of an account: tighter than single precision, in which worlds are kept."""


@dataclass(frozen=True)
class Addition:
    """One flow and what is added to it."""

    exporter: str
    importer: str
    sector: str
    value: float
    """Million US$ at producer prices."""
    source: str

    @property
    def place(self) -> tuple[str, str, str]:
        return self.exporter, self.importer, self.sector


def with_satellite(baseline: Baseline, additions: list[Addition]) -> Baseline:
    """The baseline with the additions in its flows, marked as imputed.

    The alternative flows of a baseline that has some are moved in the same way. Raises
    `BaselineError` where an addition is negative, names what is not here, or is more than the
    accounts of its sector can hold.
    """
    trade, moved = _laid_over(baseline, np.asarray(baseline.economy.trade), additions)
    other = baseline.alternative_trade
    if other is not None:
        other, _ = _laid_over(baseline, other, additions)
    economy = _with_trade(baseline.economy, jnp.asarray(trade))
    digest = fingerprint(economy, baseline.line_average_tariff, other)
    about = _marked(baseline.about, additions, moved, float(trade.sum())) | {"hash": digest}
    imputed = _imputed_share(baseline, additions)
    return replace(
        baseline, economy=economy, alternative_trade=other, imputed_share=imputed, about=about
    )


def _laid_over(
    baseline: Baseline, flows: Float[np.ndarray, "o d s"], additions: list[Addition]
) -> tuple[Float[np.ndarray, "o d s"], dict[str, float]]:
    """The flows with the additions, and the part of each sector that was moved."""
    trade = flows.copy()
    by_sector: dict[int, dict[tuple[int, int], float]] = {}
    for one in additions:
        o, d, s = _place(baseline, one)
        by_sector.setdefault(s, {})[o, d] = float(trade[o, d, s]) + one.value
    moved = {}
    for s, cells in by_sector.items():
        sector = baseline.sectors[s]
        if np.asarray(baseline.economy.tariff)[:, :, s].any():
            raise BaselineError(f"a satellite in {sector} would move tariff revenue.")
        before = trade[:, :, s].copy()
        trade[:, :, s] = _enlarged(before, cells, sector)
        moved[sector] = float(np.abs(trade[:, :, s] - before).sum() / (2 * before.sum()))
    return trade, moved


def _imputed_share(
    baseline: Baseline, additions: list[Addition]
) -> Float[np.ndarray, "o d s"] | None:
    """What is added is imputed; flows that give way for it keep their shares."""
    if baseline.imputed_share is None:
        return None
    share, trade = baseline.imputed_share.copy(), np.asarray(baseline.economy.trade)
    for one in additions:
        place = _place(baseline, one)
        whole = trade[place] + one.value
        share[place] = (share[place] * trade[place] + one.value) / whole if whole > 0 else 0.0
    return share


def _with_trade(economy: Economy, trade: Float[Array, "o d s"]) -> Economy:
    """Other flows, with as much hidden by bans beside each as before."""
    hidden = None
    if economy.potential_trade is not None:
        hidden = trade + (economy.potential_trade - economy.trade)
    return replace(economy, trade=trade, potential_trade=hidden)


def _place(baseline: Baseline, one: Addition) -> tuple[int, int, int]:
    try:
        o, d = (baseline.country_index[code] for code in (one.exporter, one.importer))
        s = baseline.sector_index[one.sector]
    except KeyError as error:
        raise BaselineError(f"the satellite names {error}, not in {baseline.name}.") from error
    if one.value < 0 or o == d:
        raise BaselineError(
            f"a satellite adds to a flow between two countries, not {one.value:g} million US$ "
            f"from {one.exporter} to {one.importer}."
        )
    return o, d, s


def _enlarged(seed: np.ndarray, cells: Mapping[tuple[int, int], float], sector: str) -> np.ndarray:
    """The matrix with those cells set, its row and column totals as before."""
    rows, columns = seed.sum(axis=1), seed.sum(axis=0)
    fixed = np.zeros_like(seed)
    for place, value in cells.items():
        fixed[place] = value
    rest = np.where(fixed > 0, 0.0, seed)
    left, bought = rows - fixed.sum(axis=1), columns - fixed.sum(axis=0)
    if (left < 0).any() or (bought < 0).any():
        raise BaselineError(f"the satellite is more than the accounts of {sector} can hold.")
    balanced = ras(rest, left, bought)
    matrix = balanced.matrix + fixed
    gap = np.abs(matrix.sum(axis=1) - rows).max() / rows.max()
    if max(balanced.residual, gap) > BALANCED:
        raise BaselineError(f"the accounts of {sector} cannot be balanced around the satellite.")
    return matrix


def _marked(
    about: Mapping[str, Any], additions: list[Addition], moved: Mapping[str, float], whole: float
) -> dict[str, Any]:
    """What the baseline says about itself, with a line for every flow that was enlarged."""
    said = json.loads(str(about.get("imputation", "[]")))
    said += [
        {"cells": "satellite: " + " to ".join(one.place[:2]) + f", {one.sector}",
         "rule": f"{one.value:.6g} million US$ added; {one.source}",
         "share_of_value": one.value / whole, "count": 1, "share_moved": moved[one.sector]}
        for one in additions
    ]  # fmt: skip
    return {**about, "imputation": json.dumps(said)}
