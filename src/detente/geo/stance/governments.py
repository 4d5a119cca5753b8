"""Stances over time: governments that come and go, and a stance that feeds back on itself.

Functional forms are ours. Nothing here is a forecast: hazards and speeds are arguments.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ..._core import ScenarioError


@dataclass(frozen=True)
class Rule:
    """Two kinds of government, and how often one follows the other."""

    bliss: tuple[float, float]
    """The stance that each takes, from 0 to 1."""
    hazard: tuple[float, float]
    """The chance, in a year, that each is followed by the other."""

    def __post_init__(self) -> None:
        if not all(0 <= one <= 1 for one in (*self.bliss, *self.hazard)):
            raise ScenarioError("stances and hazards must be from 0 to 1.")


@dataclass(frozen=True)
class Path:
    """By year from now; the first year is the present government's."""

    chance: Float[np.ndarray, " y"]
    """Of the second kind of government."""
    stance: Float[np.ndarray, " y"]
    """Expected."""
    reversals: Float[np.ndarray, " y"]
    """Expected number of changes of government so far."""


def expected_path(rule: Rule, present: int, years: int) -> Path:
    """What the two governments' stances come to on average: a Markov chain of two states."""
    if present not in (0, 1) or years < 1:
        raise ScenarioError("the present government is 0 or 1, and there is at least one year.")
    chance, reversals = [float(present)], [0.0]
    for _ in range(years - 1):
        second = chance[-1]
        leaves = (1 - second) * rule.hazard[0], second * rule.hazard[1]
        chance.append(second + leaves[0] - leaves[1])
        reversals.append(reversals[-1] + sum(leaves))
    part = np.array(chance)
    stance = (1 - part) * rule.bliss[0] + part * rule.bliss[1]
    return Path(part, stance, np.array(reversals))


def stance_path(
    gain: Callable[[float], float], start: float, speed: float, years: int
) -> Float[np.ndarray, " y"]:
    """s_t = s_(t-1) + speed dU/ds(s_(t-1)), kept within 0 and 1.

    `gain` is the derivative of the agent's payoff to its stance, percent of GDP per unit, at a
    stance; where past stances have changed exposure, it knows.
    """
    path = [start]
    for _ in range(years):
        path.append(float(np.clip(path[-1] + speed * gain(path[-1]), 0.0, 1.0)))
    return np.array(path)


def resting_points(
    gain: Callable[[float], float], speed: float, years: int, starts: int = 21
) -> Float[np.ndarray, " x"]:
    """Where paths from all over end: more than one is hysteresis, and history then decides."""
    ends = [stance_path(gain, start, speed, years)[-1] for start in np.linspace(0, 1, starts)]
    return np.unique(np.round(ends, 6))
