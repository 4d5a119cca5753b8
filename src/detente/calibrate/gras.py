"""Signed matrices moved to totals that must hold: GRAS.

Junius and Oosterhaven (2003) generalise RAS to matrices with negative entries, such as changes in
inventories: positive entries are multiplied by r s, negative ones divided by it, so that signs and
zeros stay. Lenzen, Wood and Gallego (2007) correct their target function, which removes the factor
e from the solution; rows that are nowhere positive: Temurshoev, Miller and Bouwmeester (2013).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from .balance import TOLERANCE


MOST_SWEEPS = 2_000
"""A world takes tens to hundreds of sweeps; one that takes more has totals that disagree."""


@dataclass(frozen=True, slots=True)
class GrasResult:
    """A matrix, or a stack of them, at its new totals, and how well it meets them."""

    matrix: Float[np.ndarray, "... r c"]
    residual: float
    """Largest error of a row total when columns hold, relative to the largest row total."""
    sweeps: int


def gras(
    seed: Float[np.ndarray, "... r c"],
    row_totals: Float[np.ndarray, "... r"],
    column_totals: Float[np.ndarray, "... c"],
    *,
    tolerance: float = TOLERANCE,
    most_sweeps: int = MOST_SWEEPS,
) -> GrasResult:
    """The signed matrix nearest to `seed` with the given row and column totals.

    Without negative entries it is RAS. Stacks are moved matrix by matrix. What is left when the
    sweeps run out is in `residual`; totals of a matrix that differ in sum cannot both be met.
    """
    positive, negative = _signed(seed)
    across, down = np.swapaxes(positive, -1, -2), np.swapaxes(negative, -1, -2)
    row = np.ones(seed.shape[:-1])
    column = np.ones((*seed.shape[:-2], seed.shape[-1]))
    scale = np.abs(row_totals).max()
    added, taken = _times(positive, column), _times(negative, 1 / column)
    met = (added + taken) > 0
    residual, sweeps = np.inf, 0
    while residual > tolerance and sweeps < most_sweeps:
        row = _multiplier(added, taken, row_totals)
        column = _multiplier(_times(across, row), _times(down, 1 / row), column_totals)
        added, taken = _times(positive, column), _times(negative, 1 / column)
        sums = row * added - taken / row
        residual = float(np.abs(np.where(met, sums - row_totals, 0.0)).max() / scale)
        sweeps += 1
    both = row[..., :, None] * column[..., None, :]
    return GrasResult(positive * both - negative / both, residual, sweeps)


def _signed(seed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is positive and what is negative, negated; row after row, as products are quickest.

    Without negative entries the second is one zero, seen in every place.
    """
    positive = np.maximum(seed, 0.0, order="C")
    if (seed < 0).any():
        return positive, np.maximum(-seed, 0.0, order="C")
    return positive, np.broadcast_to(0.0, seed.shape)


def _multiplier(positive: np.ndarray, negative: np.ndarray, total: np.ndarray) -> np.ndarray:
    """The positive root of positive x² - total x - negative = 0; 1 where nothing is to be moved."""
    root = total + np.sqrt(total**2 + 4 * positive * negative)
    has_positive, has_negative = positive > 0, negative > 0
    usual = root / np.where(has_positive, 2 * positive, 1.0)
    only_negative = -negative / np.where(total < 0, total, -1.0)
    multiplier = np.where(has_positive, usual, np.where(has_negative, only_negative, 1.0))
    # A row whose total is zero and which has no negative entries goes to zero, not to nothing.
    return np.where(multiplier > 0, multiplier, np.finfo(float).tiny ** 0.25)


def _times(matrix: np.ndarray, vector: np.ndarray) -> np.ndarray:
    """Each matrix times its vector; at once where the matrix is one number in every place."""
    if not any(matrix.strides):
        return np.zeros(matrix.shape[:-1])
    return (matrix @ vector[..., None])[..., 0]
