"""Whether the estimates of a Poisson gravity equation exist, and which rows and terms have none.

Where a combination of regressors and effects is zero in every row that trades and positive in some
that do not, those rows are separated: the likelihood rises without end as their fitted flows go to
zero, and no finite estimate exists (Santos Silva and Tenreyro 2010). Correia, Guimarães and Zylkin
(2019, "Verifying the existence of maximum likelihood estimates for generalized linear models") show
that the rows may be left out, and that every term that the others still tell apart is then
estimated as if they had never been there.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.linalg import lsmr

from .._core import EstimationError


Design = sparse.csr_matrix
CERTIFIED = 0.5
"""A row is separated where its bounded certificate, 0 or 1 at a solution, is above this."""
ALIKE = 1e-9
"""Of the spread that the effects leave: below it a combination of terms does not vary."""
PART = 1e-4
"""Of a combination without spread: the least weight with which a term is part of it."""
PROJECTED = 1e-13
SOLVERS = ("highs-ipm", "highs-ds")


def design(
    regressors: Float[np.ndarray, "row k"], effects: Sequence[Int[np.ndarray, " row"]]
) -> Design:
    """The regressors, of mean square one, then a column of 0 and 1 for every level of every effect.

    Without any effect there is one constant.
    """
    size = np.sqrt((regressors**2).mean(axis=0))
    scaled = sparse.csr_matrix(regressors / np.where(size > 0, size, 1.0))
    return sparse.csr_matrix(sparse.hstack([scaled, _levels(effects, len(regressors))]))


def _levels(effects: Sequence[Int[np.ndarray, " row"]], rows: int) -> Design:
    place, ones = np.arange(rows), np.ones(rows)
    codes = list(effects) or [np.zeros(rows, int)]
    blocks = [
        sparse.csr_matrix((ones, (place, np.unique(c, return_inverse=True)[1]))) for c in codes
    ]
    return sparse.csr_matrix(sparse.hstack(blocks))


def separated(
    flow: Float[np.ndarray, " row"],
    regressors: Float[np.ndarray, "row k"],
    effects: Sequence[Int[np.ndarray, " row"]],
) -> Bool[np.ndarray, " row"]:
    """The rows that are separated, all of them; raises `EstimationError` where that stays open.

    Levels of an effect that never trade are found first, as they need no search.
    """
    kept = np.ones(len(flow), bool)
    while True:
        alone = _never_traded(flow, effects, kept)
        if not alone.any():
            alone[kept] = _certified(flow[kept], regressors[kept], [code[kept] for code in effects])
        if not alone.any():
            return ~kept
        kept &= ~alone
        if not (flow[kept] > 0).any():
            return ~kept


def _never_traded(
    flow: Float[np.ndarray, " row"],
    effects: Sequence[Int[np.ndarray, " row"]],
    kept: Bool[np.ndarray, " row"],
) -> Bool[np.ndarray, " row"]:
    """The kept rows of a level in which every flow is zero."""
    alone = np.zeros(len(flow), bool)
    for code in effects:
        traded = np.bincount(code[kept], weights=flow[kept] > 0, minlength=int(code.max()) + 1)
        alone |= kept & (traded[code] == 0)
    return alone


def _certified(
    flow: Float[np.ndarray, " row"],
    regressors: Float[np.ndarray, "row k"],
    effects: Sequence[Int[np.ndarray, " row"]],
) -> Bool[np.ndarray, " row"]:
    """The rows with a certificate: the largest set, by one linear program.

    Maximise the sum of t over rows of zero flow, where t <= z, 0 <= t <= 1, z is a combination of
    the columns, and z is 0 in every row that trades. As z may be of any size, t is 1 in every row
    in which any such z is positive.
    """
    zero = flow == 0
    if not zero.any():
        return zero
    columns = design(regressors, effects)
    count, width = int(zero.sum()), int(columns.get_shape()[1])
    known = {
        "c": np.concatenate([np.zeros(width), -np.ones(count)]),
        "A_ub": sparse.hstack([-columns[zero], sparse.eye(count)]),
        "b_ub": np.zeros(count),
        "A_eq": sparse.hstack([columns[~zero], sparse.csr_matrix((len(flow) - count, count))]),
        "b_eq": np.zeros(len(flow) - count),
        "bounds": np.array([(-np.inf, np.inf)] * width + [(0.0, 1.0)] * count),
    }
    for solver in SOLVERS:
        solution = linprog(**known, method=solver)
        if solution.status == 0 and solution.x is not None:
            result = np.zeros(len(flow), bool)
            result[zero] = solution.x[width:] > CERTIFIED
            return result
    raise EstimationError(
        "whether the estimates exist could not be settled: the search for separated rows did not "
        "end; leave out a regressor or an effect."
    )


def undetermined(
    regressors: Float[np.ndarray, "row k"], effects: Sequence[Int[np.ndarray, " row"]]
) -> Bool[np.ndarray, " k"]:
    """The regressors that the effects and the other regressors make up, in these rows."""
    columns = design(regressors, effects)
    width = regressors.shape[1]
    within = np.stack([_left(columns[:, k], columns[:, width:]) for k in range(width)], axis=1)
    spread, directions = np.linalg.eigh(within.T @ within / len(within))
    flat = directions[:, spread < ALIKE]
    return np.max(np.abs(flat), axis=1, initial=0.0) > PART


def _left(column: Design, levels: Design) -> Float[np.ndarray, " row"]:
    """The residual of a column after the fixed effects."""
    values = column.toarray().ravel()
    fitted = lsmr(levels, values, atol=PROJECTED, btol=PROJECTED, maxiter=20_000)[0]
    return values - levels @ fitted
