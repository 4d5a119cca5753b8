"""Final use of services by pair and sector, where only its sums are known.

Known exactly are intermediates by pair and sector, the services total of every pair and the output
of every industry. They leave, for each origin, final use by destination and final use by sector.
Between these margins the split takes the matrix nearest to a seed (minimum cross-entropy, RAS).
"""

import numpy as np
from jaxtyping import Float

from .._core import DataError
from .balance import ras


MARGINS_AGREE = 2e-3
"""Largest disagreement of the two margins of an origin, relative to them: in the tables of 2022
the rounding of the source leaves up to 0.06 %, in the smallest economy."""
POSSIBLE = 1e-9
"""Weight of the sector totals in every seed: what an origin sells at all can go anywhere, so that
a pair whose seed holds only what is not sold has a solution. It changes no flow that counts."""
MOST_SWEEPS = 3_000
"""Sweeps of balancing; the tables of 2019 and 2022 take 20 to 60."""


def split_final_services(
    seed: Float[np.ndarray, "o d s"],
    pair_totals: Float[np.ndarray, "o d"],
    sector_totals: Float[np.ndarray, "o s"],
) -> tuple[Float[np.ndarray, "o d s"], float]:
    """Final use of services (million US$) nearest to `seed` under both margins, and what is left.

    Only the composition of the seed counts, pair by pair. At home (destination number o of origin
    o; destinations may have more at the end) it is replaced by the sector totals, because most of
    what is sold is sold there; an empty pair has them too. Pair totals are met, sector totals are
    scaled to their sum. The second value is the largest relative error of a sector before the last
    sweep (see `balance.RasResult`).

    Raises `DataError` where a total is negative or missing, or where the margins disagree.
    """
    _refuse(pair_totals, sector_totals)
    own = _composition(sector_totals)
    home = np.arange(len(seed))
    composition = _composition(seed)
    composition[home, home] = own
    empty = composition.sum(axis=2, keepdims=True) <= 0
    composition = np.where(empty, own[:, None, :], composition + POSSIBLE * own[:, None, :])
    total = pair_totals.sum(axis=1, keepdims=True)
    balanced = ras(
        composition * pair_totals[:, :, None],
        pair_totals,
        own * total,
        most_sweeps=MOST_SWEEPS,
    )
    return balanced.matrix, balanced.residual


def _composition(values: np.ndarray) -> np.ndarray:
    """Shares along the last axis; negative values count as zero, and rows of zeros stay zero."""
    kept = np.maximum(values, 0.0)
    total = kept.sum(axis=-1, keepdims=True)
    return kept / np.where(total > 0, total, 1.0)


def _refuse(pair_totals: np.ndarray, sector_totals: np.ndarray) -> None:
    """Raise `DataError` for totals that no final use can have."""
    for name, totals in (("a pair", pair_totals), ("a sector", sector_totals)):
        if not (totals >= 0).all():
            raise DataError(
                f"final use of services should be zero or more, and the total of {name} is "
                f"{float(totals.min()):.6g} million US$."
            )
    by_pair, by_sector = pair_totals.sum(axis=1), sector_totals.sum(axis=1)
    gap = np.abs(by_sector - by_pair) / np.maximum(by_pair, np.finfo(float).tiny)
    worst = int(gap.argmax())
    if gap[worst] > MARGINS_AGREE:
        raise DataError(
            f"final use of services of origin number {worst} is {by_pair[worst]:.6g} million US$ "
            f"by pair and {by_sector[worst]:.6g} by sector; they should agree to "
            f"{MARGINS_AGREE:.1%}."
        )
