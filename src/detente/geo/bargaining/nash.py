"""The bargaining solution of Nash (1950) on plain numbers, weighted as in Kalai (1977)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float

from ..._core import ScenarioError


@dataclass(frozen=True)
class Solution:
    """What is agreed: a mixture of alternatives, or none."""

    mixture: Float[np.ndarray, " a"] | None
    """The weight of each alternative; absent where nothing is better than none for all."""
    payoff: Float[np.ndarray, " c"]
    """Of the agreement, or of the outside options where there is none."""


def nash_bargain(
    utilities: Float[np.ndarray, "a c"],
    outside: Float[np.ndarray, " c"],
    power: Sequence[float] | None = None,
    *,
    lotteries: bool = False,
) -> Solution:
    """The alternative that maximises `prod_c (u_c - o_c)^eta_c` among those better than `o`.

    Alternatives are rows. With `lotteries`, mixtures of them are allowed, so that what can be had
    is convex as Nash assumes; exact for two sides. Powers are positive and equal unless given.
    Raises `ScenarioError` for powers that are not positive and for lotteries of more sides.
    """
    gains = np.asarray(utilities, float) - np.asarray(outside, float)
    weight = powers(power, gains.shape[1])
    if lotteries and gains.shape[1] != 2:
        raise ScenarioError("lotteries are bargained over by two sides here, no more and no fewer.")
    best, mixture = -np.inf, None
    for candidate in _candidates(gains, weight, lotteries):
        value = log_product(candidate @ gains, weight)
        if value > best:
            best, mixture = value, candidate
    if mixture is None:
        return Solution(None, np.asarray(outside, float))
    return Solution(mixture, mixture @ np.asarray(utilities, float))


def powers(power: Sequence[float] | None, sides: int) -> Float[np.ndarray, " c"]:
    """Bargaining powers that sum to one."""
    weight = np.ones(sides) if power is None else np.asarray(power, float)
    if weight.shape != (sides,) or not (weight > 0).all() or not np.isfinite(weight).all():
        raise ScenarioError("bargaining powers are positive numbers, one for each side.")
    return weight / weight.sum()


def log_product(gains: Float[np.ndarray, " c"], power: Float[np.ndarray, " c"]) -> float:
    """The log of the Nash product; minus infinity where somebody gains nothing."""
    return float(power @ np.log(gains)) if (gains > 0).all() else -np.inf


def _candidates(
    gains: Float[np.ndarray, "a c"], power: Float[np.ndarray, " c"], lotteries: bool
) -> list[Float[np.ndarray, " a"]]:
    """The alternatives themselves, and on every line between two of them its best point.

    The best point of a convex set in the plane lies on an edge, and every edge joins two of them.
    """
    corners = list(np.eye(len(gains)))
    if not lotteries:
        return corners
    edges = []
    for first, second in combinations(range(len(gains)), 2):
        step = gains[second] - gains[first]
        slope = power.sum() * step.prod()
        if slope == 0:
            continue
        part = -(power[0] * step[0] * gains[first][1] + power[1] * step[1] * gains[first][0])
        part = part / slope
        if 0 < part < 1:
            edges.append((1 - part) * corners[first] + part * corners[second])
    return corners + edges
