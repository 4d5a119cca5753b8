"""The split of services that shipped before, kept to be tried beside the one in use.

Observed: the total of each pair. Known: technology and the final demand pattern of each country.
Assumed: the sector pattern of each cross-border flow. The split is the nearest to that pattern
that meets the total of every pair and what each destination absorbs of every service, where what
its service industries use depends on their output, which is the outcome of the split itself.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from detente.calibrate.balance import ras, TOLERANCE
from detente.calibrate.rest_of_world import ServicesDemand


MOST_ROUNDS = 200
"""Rounds of split and absorption; a world converges in about 30."""
SWEEPS_PER_ROUND = 50
"""Sweeps within a round that is not the last: absorption moves too, so more would be wasted."""


@dataclass(frozen=True, slots=True)
class ServicesSplit:
    """Services flows by sector, and how well they meet what is known."""

    flows: Float[np.ndarray, "o d s"]
    residual: float
    """Largest error of a pair total or an absorption, relative to the destination's largest."""
    rounds: int


def first_absorption(
    demand: ServicesDemand, total: Float[np.ndarray, " n"], output: Float[np.ndarray, " n"]
) -> Float[np.ndarray, "n k"]:
    """Absorption if services output is spread over sectors as final demand is: a start."""
    return demand.absorption(demand.final_share * output[:, None], total)


def split_services(
    pair_totals: Float[np.ndarray, "o d"],
    pattern: Float[np.ndarray, "o d s"],
    demand: ServicesDemand,
    *,
    tolerance: float = TOLERANCE,
) -> ServicesSplit:
    """Flows by service sector nearest to `pattern` abroad and to absorption at home.

    `pattern` holds the composition of each cross-border flow; its diagonal is ignored.
    """
    by_destination = pair_totals.T
    total = by_destination.sum(axis=1)
    seed = np.swapaxes(pattern, 0, 1).copy()
    home = np.arange(len(total))
    absorption = first_absorption(demand, total, pair_totals.sum(axis=1))
    change, rounds = np.inf, 0
    while change > tolerance and rounds < MOST_ROUNDS:
        seed[home, home] = absorption / absorption.sum(axis=1, keepdims=True)
        balanced = ras(seed, by_destination, absorption, most_sweeps=SWEEPS_PER_ROUND)
        updated = demand.absorption(balanced.matrix.sum(axis=0), total)
        change = float((np.abs(updated - absorption).max(axis=1) / absorption.max(axis=1)).max())
        absorption, rounds = updated, rounds + 1
    final = ras(seed, by_destination, absorption)
    left = max(final.residual, change)
    return ServicesSplit(np.swapaxes(final.matrix, 0, 1), left, rounds)
