"""Minimum cross-entropy adjustments: matrices moved as little as possible to totals that must hold.

The distance from a seed q to a matrix p is sum(p log(p / q) - p + q). Its minimum under row and
column totals is p = a q b (RAS; Bacharach 1970). Where a row total is a cap rather than a target,
a is at most 1: rows that keep below their cap are not moved (Censor and Zenios 1997, chapter 9).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from .._core import DataError


TOLERANCE = 1e-10
"""Largest relative error of a total when balancing stops: far below single precision, 6e-8."""
MOST_SWEEPS = 20_000
"""Balancing shares of a world takes hundreds; one that takes more is nearly infeasible."""

FINAL_DEMAND_FLOOR = 1e-4
"""Least share of a product's absorption that goes to final demand, so that its share is positive:
0.01 %, far above the rounding of single precision and far below what a reader would notice."""

VALUE_ADDED_FLOOR = 1e-4
"""Least share of value added in gross output, for the same reasons: without value added a sector
would employ nobody, and rounding could make it negative."""


@dataclass(frozen=True, slots=True)
class RasResult:
    """A balanced matrix, or a stack of them, and how well it meets its totals."""

    matrix: Float[np.ndarray, "... r c"]
    residual: float
    """Largest error of a column total before columns were last scaled, relative to that total.

    Column totals then hold, and no row total is off by a larger part of itself than this.
    """
    sweeps: int

    def distance(self, seed: Float[np.ndarray, "... r c"]) -> float:
        """Share of the seed's value that was moved: half of the absolute changes over the sum."""
        return float(np.abs(self.matrix - seed).sum() / (2 * seed.sum()))


def ras(
    seed: Float[np.ndarray, "... r c"],
    row_totals: Float[np.ndarray, "... r"],
    column_totals: Float[np.ndarray, "... c"],
    *,
    tolerance: float = TOLERANCE,
    most_sweeps: int = MOST_SWEEPS,
) -> RasResult:
    """The matrix nearest to `seed` with the given row and column totals.

    Zeros stay zero and cross-product ratios of the seed are preserved. Stacks are balanced
    matrix by matrix. What is left when sweeps run out is in `residual`.
    """
    return _scale(seed, row_totals, column_totals, np.inf, tolerance, most_sweeps)


def cap_rows(
    seed: Float[np.ndarray, "... r c"],
    row_caps: Float[np.ndarray, "... r"],
    *,
    tolerance: float = TOLERANCE,
    most_sweeps: int = MOST_SWEEPS,
) -> RasResult:
    """The matrix nearest to `seed` with the seed's column totals and no row above its cap."""
    column_totals = seed.sum(-2)
    room = row_caps.sum(-1) - column_totals.sum(-1)
    if (room < 0).any():
        raise DataError(
            f"rows are capped at less than the columns add up to, by {float(-room.min()):.6g}, "
            "so that no balance exists."
        )
    return _scale(seed, row_caps, column_totals, 1.0, tolerance, most_sweeps)


def keep_value_added(
    input_share: Float[np.ndarray, "n k s"], *, floor: float = VALUE_ADDED_FLOOR
) -> Float[np.ndarray, "n k s"]:
    """Scale down the inputs of sectors whose value added is below `floor` of output."""
    total = input_share.sum(axis=1, keepdims=True)
    return input_share * np.minimum(1.0, (1.0 - floor) / np.where(total > 0, total, 1.0))


@dataclass(frozen=True, slots=True)
class TechnologyRepair:
    """Technology under which final demand for every product is positive."""

    input_share: Float[np.ndarray, "n k s"]
    negative_before: float
    """Negative final demand before the repair, as a share of all final demand."""
    negative_cells: int
    distance: float
    """Share of all intermediate use that was moved to another product."""
    residual: float


def keep_final_demand(
    trade: Float[np.ndarray, "o d s"],
    tariff: Float[np.ndarray, "o d s"],
    input_share: Float[np.ndarray, "n k s"],
    *,
    others: Sequence[tuple[Float[np.ndarray, "o d s"], Float[np.ndarray, "o d s"]]] = (),
    floor: float = FINAL_DEMAND_FLOOR,
) -> TechnologyRepair:
    """Move intermediate use so that final demand is at least `floor` of absorption.

    `others` are further flows and tariffs, of the same outputs, under which it must hold too: what
    is absorbed is then the least of all.
    The technology matrix of a country, in value, is moved as little as possible (minimum
    cross-entropy): flows, outputs and the value added of every sector stay, and only which products
    a sector buys changes. Sectors without output keep the technology of the source.
    """
    output = trade.sum(axis=1)
    absorption = np.minimum.reduce(
        [(flow * (1.0 + rate)).sum(axis=0) for flow, rate in ((trade, tariff), *others)]
    )
    use = input_share * output[:, None, :]
    final = absorption - use.sum(axis=2)
    balanced = cap_rows(use, (1.0 - floor) * absorption)
    produced = (output > 0)[:, None, :]
    share = balanced.matrix / np.where(produced, output[:, None, :], 1.0)
    return TechnologyRepair(
        input_share=np.where(produced, share, input_share),
        negative_before=float(np.maximum(-final, 0.0).sum() / final.sum()),
        negative_cells=int((final < 0).sum()),
        distance=balanced.distance(use),
        residual=balanced.residual,
    )


def corners(
    trade: Float[np.ndarray, "o d s"],
    tariff: Float[np.ndarray, "o d s"],
    alternative_trade: Float[np.ndarray, "o d s"] | None,
    line_average_tariff: Float[np.ndarray, "o d s"] | None,
) -> list[tuple[Float[np.ndarray, "o d s"], Float[np.ndarray, "o d s"]]]:
    """Every combination of flows and tariffs but the first: the corners between which draws lie.

    Final demand is linear in either, so that what holds in the corners holds between them.
    """
    flows = [trade] if alternative_trade is None else [trade, alternative_trade]
    rates = [tariff] if line_average_tariff is None else [tariff, line_average_tariff]
    return [(flow, rate) for flow in flows for rate in rates][1:]


def _scale(
    seed: np.ndarray,
    row_totals: np.ndarray,
    column_totals: np.ndarray,
    highest: float,
    tolerance: float,
    most_sweeps: int,
) -> RasResult:
    """Scale rows (by at most `highest`) and columns in turn until the totals are met."""
    column_factor, row_factor = np.ones_like(column_totals), np.ones(seed.shape[:-1])
    row_totals = row_totals * np.ones(seed.shape[:-1])
    residual, sweeps = np.inf, 0
    while residual > tolerance and sweeps < most_sweeps:
        rows = _times(seed, column_factor)
        row_factor = np.minimum(_ratio(row_totals, rows), highest)
        columns = _times(np.swapaxes(seed, -1, -2), row_factor)
        scaled = _ratio(column_totals, columns)
        reached = _ratio(columns * column_factor, column_totals)
        residual = float(np.abs(reached - (column_totals > 0)).max())
        column_factor, sweeps = scaled, sweeps + 1
    matrix = seed * row_factor[..., :, None] * column_factor[..., None, :]
    return RasResult(matrix, residual, sweeps)


def _times(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    return (matrix @ vector[..., None])[..., 0]


def _ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    safe = np.where(denominator > 0, denominator, 1.0)
    return np.where(denominator > 0, numerator / safe, 0.0)
