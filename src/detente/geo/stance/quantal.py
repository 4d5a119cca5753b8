"""Logit quantal response: players who choose better actions more often, not always.

sigma_ia = exp(lambda u_ia(sigma)) / sum_b exp(lambda u_ib(sigma)): McKelvey and Palfrey (1995),
equation 6. Lambda is the precision: at zero all actions are as likely, without bound it is Nash.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.optimize import root
from scipy.special import log_softmax

from .nash import expected


# Of a probability.
TOLERANCE = 1e-9
# From one precision to the next the branch is followed in steps of at most this factor.
_FACTOR = 1.3
_FIRST = 0.05


@dataclass(frozen=True)
class QuantalResponse:
    """The mixtures at one precision, and by how much they miss the fixed point."""

    precision: float
    mixture: tuple[Float[np.ndarray, " _"], ...]
    residual: float
    """The largest distance of a probability from the response to the others, recomputed."""

    @property
    def solved(self) -> bool:
        return self.residual <= TOLERANCE


def quantal_response(payoffs: Float[np.ndarray, "*actions p"], precision: float) -> QuantalResponse:
    """The logit equilibrium at a precision, on the branch that begins at lambda = 0.

    `precision` is per unit of the payoffs. Payoffs are taken relative to each player's own
    largest, which changes no choice.
    """
    return quantal_branch(payoffs, [precision])[0]


def quantal_branch(
    payoffs: Float[np.ndarray, "*actions p"], precisions: Sequence[float]
) -> list[QuantalResponse]:
    """The logit equilibria at rising precisions, each found from the one before.

    Where the branch bends back, as it can, a step may land on another one; every response has its
    own certificate and is an equilibrium all the same.
    """
    scaled = payoffs / _size(payoffs)
    unit = _size(payoffs)
    sizes = payoffs.shape[:-1]
    here, reached = np.concatenate([np.full(size, -np.log(size)) for size in sizes]), 0.0
    branch: list[QuantalResponse] = []
    for precision in precisions:
        target = precision * unit
        while reached < target:
            step = max(reached * (_FACTOR - 1.0), _FIRST)
            reached = min(target, reached + step)
            here = _solved(scaled, reached, here)
        branch.append(_response(scaled, reached, here, precision))
    return branch


def _solved(
    payoffs: Float[np.ndarray, "*actions p"], precision: float, start: Float[np.ndarray, " x"]
) -> Float[np.ndarray, " x"]:
    """The log probabilities at a precision, from those at one a little smaller."""
    miss = lambda logs: logs - _logit(payoffs, precision, logs)
    return np.asarray(root(miss, start, method="hybr", options={"xtol": 1e-13}).x)


def _logit(
    payoffs: Float[np.ndarray, "*actions p"], precision: float, logs: Float[np.ndarray, " x"]
) -> Float[np.ndarray, " x"]:
    worth = expected(payoffs, _mixture(logs, payoffs.shape[:-1]))
    return np.concatenate([log_softmax(precision * own) for own in worth])


def _response(
    payoffs: Float[np.ndarray, "*actions p"],
    precision: float,
    logs: Float[np.ndarray, " x"],
    named: float,
) -> QuantalResponse:
    """Replies once more, so that what is reported are probabilities, and how far they moved."""
    sizes = payoffs.shape[:-1]
    mixture = _mixture(_logit(payoffs, precision, logs), sizes)
    again = _mixture(_logit(payoffs, precision, np.log(np.concatenate(mixture) + 1e-300)), sizes)
    moved = max(float(np.abs(new - old).max()) for new, old in zip(again, mixture, strict=True))
    return QuantalResponse(named, tuple(mixture), moved)


def _mixture(logs: Float[np.ndarray, " x"], sizes: Sequence[int]) -> list[Float[np.ndarray, " _"]]:
    edges = np.cumsum(sizes)[:-1]
    return [np.exp(np.minimum(part, 0.0)) for part in np.split(logs, edges)]


def _size(payoffs: Float[np.ndarray, "*actions p"]) -> float:
    """The largest range of a player's payoffs: the unit in which steps of precision are counted."""
    axes = tuple(range(payoffs.ndim - 1))
    return float(np.ptp(payoffs, axis=axes).max()) or 1.0
