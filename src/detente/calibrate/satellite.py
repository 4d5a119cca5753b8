"""Trade that a table leaves out, laid over a world without moving its accounts.

What visitors spend is recorded as bought by residents of the country they visit. The satellite
moves it to where they come from: the flow is enlarged, and the others of its sector give way by
minimum cross-entropy (RAS) under the same output of every origin and the same expenditure of every
destination. So output, value added, income, final demand and deficits stay as they were.

What visitors buy of goods pays no tariff where they live: they pay it in shops abroad. The duty
that every flow pays therefore stays what it was, and its rate is that duty over what the flow has
become: t' = t X / X'.
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
SCALED = 1e-13
"""Where scaling stops: a deficit is the difference of sums that are a thousand times as large."""
SWEEPS, STEPS = 200, 100
"""Of scaling in turn, and of Newton's method after it; five to ten are enough."""


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

    No flow pays more or less duty than before, so no revenue moves. Alternative flows and averages
    of tariffs over lines, where a baseline has some, are moved in the same way. Raises
    `BaselineError` where an addition is negative, names what is not here, or is more than the
    accounts of its sector can hold.
    """
    economy = baseline.economy
    before, tariff = np.asarray(economy.trade), np.asarray(economy.tariff)
    trade = _laid(baseline, before, additions)
    paid = np.where(trade > 0, before / np.where(trade > 0, trade, 1.0), 1.0)
    laid = _with_trade(economy, jnp.asarray(trade), jnp.asarray(tariff * paid))
    other, lines = baseline.alternative_trade, baseline.line_average_tariff
    other = None if other is None else _laid(baseline, other, additions)
    lines = None if lines is None else lines * paid
    about = _marked(baseline.about, additions, float(trade.sum()))
    return replace(
        baseline,
        economy=laid,
        alternative_trade=other,
        line_average_tariff=lines,
        imputed_share=_imputed_share(baseline, additions),
        about=about | {"hash": fingerprint(laid, lines, other)},
    )


def _laid(
    baseline: Baseline, flows: Float[np.ndarray, "o d s"], additions: list[Addition]
) -> Float[np.ndarray, "o d s"]:
    """The flows with the additions in them, every sector's row and column totals as before."""
    trade = np.array(flows)
    by_sector: dict[int, dict[tuple[int, int], float]] = {}
    for one in additions:
        o, d, s = _place(baseline, one)
        cells = by_sector.setdefault(s, {})
        cells[o, d] = cells.get((o, d), float(trade[o, d, s])) + one.value
    for s, cells in by_sector.items():
        trade[:, :, s] = _enlarged(trade[:, :, s], cells, baseline.sectors[s])
    return trade


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


def _with_trade(
    economy: Economy, trade: Float[Array, "o d s"], tariff: Float[Array, "o d s"]
) -> Economy:
    """Other flows and rates, with as much hidden by bans beside each as before."""
    hidden = None
    if economy.potential_trade is not None:
        hidden = trade + (economy.potential_trade - economy.trade)
    return replace(economy, trade=trade, tariff=tariff, potential_trade=hidden)


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
    matrix = _scaled(ras(rest, left, bought, most_sweeps=SWEEPS).matrix, left, bought) + fixed
    gaps = matrix.sum(axis=1) - rows, matrix.sum(axis=0) - columns
    if max(float(np.abs(gap).max()) for gap in gaps) > BALANCED * rows.max():
        raise BaselineError(f"the accounts of {sector} cannot be balanced around the satellite.")
    return matrix


def _scaled(
    seed: Float[np.ndarray, "o d"], rows: Float[np.ndarray, " o"], columns: Float[np.ndarray, " d"]
) -> Float[np.ndarray, "o d"]:
    """RAS by Newton's method on its dual, log factors of rows and columns.

    Where nearly all is sold at home, as education is, scaling in turn needs a sweep for every
    dollar that crosses a border; the dual is smooth and convex, and takes a few steps.
    """
    size, matrix = len(rows), seed
    wanted = np.concatenate([rows, columns])
    for _ in range(STEPS):
        have = np.concatenate([matrix.sum(axis=1), matrix.sum(axis=0)])
        if np.abs(wanted - have).max() <= SCALED * wanted.max():
            break
        root = np.sqrt(np.where(have > 0, have, 1.0))
        slope = np.diag((have > 0).astype(float))
        slope[:size, size:] = matrix / np.outer(root[:size], root[size:])
        slope[size:, :size] = slope[:size, size:].T
        step = np.linalg.lstsq(slope, (wanted - have) / root, rcond=None)[0] / root
        step /= max(1.0, float(np.abs(step).max()))
        matrix = matrix * np.exp(step[:size, None] + step[None, size:])
    return matrix


def _marked(about: Mapping[str, Any], additions: list[Addition], whole: float) -> dict[str, Any]:
    """What the baseline says about itself, with a line for every pair whose flows were enlarged."""
    said = json.loads(str(about.get("imputation", "[]")))
    for exporter, importer in dict.fromkeys(one.place[:2] for one in additions):
        here = [one for one in additions if one.place[:2] == (exporter, importer)]
        value = sum(one.value for one in here)
        sectors = ", ".join(f"{one.sector} {one.value:.4g}" for one in here)
        where = here[0].sector if len(here) == 1 else f"{len(here)} sectors"
        said.append({
            "cells": f"satellite: {exporter} to {importer}, {where}",
            "rule": f"{value:.6g} million US$ added ({sectors}); {here[0].source}",
            "share_of_value": value / whole, "count": len(here),
        })  # fmt: skip
    return {**about, "imputation": json.dumps(said)}
