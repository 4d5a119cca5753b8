"""The fixed effects of an estimate, level by level: from what each row's effects add up to."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from scipy import sparse
from scipy.sparse.linalg import lsqr

from .._core import EstimationError, nearest
from .panel import Frame


SOLVED = 1e-13
"""Of the effects: their equations have an exact solution."""
MOST_STEPS = 100_000
# A row's effects add up to what they should within this, in logs, if the equations can hold: the
# demeaning behind them stops at 1e-8 of each coefficient.
_MET = 1e-5


def indicator(
    places: Sequence[Int[np.ndarray, " rows"]], sizes: Sequence[int]
) -> sparse.csr_matrix:
    """A column of 0 and 1 for every level of every effect, the effects side by side."""
    first = np.cumsum([0, *sizes])
    columns = np.stack([place + at for place, at in zip(places, first, strict=False)], axis=1)
    line = np.repeat(np.arange(len(columns)), len(sizes))
    ones = np.ones(columns.size)
    return sparse.csr_matrix((ones, (line, columns.ravel())), (len(columns), int(first[-1])))


def least(design: sparse.csr_matrix, total: Float[np.ndarray, " rows"]) -> np.ndarray:
    """Of all effects that add up to `total` in every row, those with the least sum of squares."""
    return lsqr(design, total, atol=SOLVED, btol=SOLVED, iter_lim=MOST_STEPS)[0]


def split(levels: Frame, total: Frame, zero: Mapping[str, Collection[str]]) -> dict[str, Frame]:
    """Effects by name and level that add up to `total` in every row; those in `zero` are zero.

    `levels` has a column for each effect. Raises `EstimationError` for an effect or level that is
    not there, and where the levels named cannot all be zero without changing what rows add up to.
    """
    coded = {str(name): pd.factorize(levels[name], sort=True) for name in levels}
    for name, named in zero.items():
        if name not in coded:
            raise EstimationError(
                f"there is no effect '{name}' in the estimate; {nearest(name, coded)}"
            )
        for level in sorted(set(named) - set(coded[name][1])):
            raise EstimationError(
                f"'{level}' is no level of the effect '{name}'; {nearest(level, coded[name][1])}"
            )
    free = [~np.isin(labels, list(zero.get(name, ()))) for name, (_, labels) in coded.items()]
    design = indicator([code for code, _ in coded.values()], [one.size for one in free])
    kept = np.concatenate(free)
    values = np.zeros(kept.size)
    values[kept] = least(design[:, kept], total.to_numpy())
    if np.abs(design @ values - total.to_numpy()).max() > _MET:
        raise EstimationError(
            "the levels that should have an effect of zero are too many: with all of them at zero "
            "the effects no longer add up to the fitted flows."
        )
    parts = np.split(values, np.cumsum([one.size for one in free])[:-1])
    return {
        name: pd.Series(part, pd.Index(labels, name=name), name="effect")
        for part, (name, (_, labels)) in zip(parts, coded.items(), strict=True)
    }
