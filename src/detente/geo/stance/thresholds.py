"""Where an answer turns: the political weight at which a stance, a reward or a threat pays.

Nothing political is estimated here. With linear terms a threshold is a difference of welfare, so
every function takes welfare as it comes from the engine, with any leading axes, such as draws.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


# One number, or one for each draw.
Percent = Float[np.ndarray, "*draws"] | float


@dataclass(frozen=True)
class Flip:
    """B*: the cost to the agent, in percent of GDP, at which it is indifferent between two stances.

    Below B* it takes the second stance, above it the first. `B*` is for the whole move; per unit of
    stance it is `value / distance`.
    """

    value: Percent
    distance: float


def flip_threshold(
    at_first: Percent,
    at_second: Percent,
    distance: float = 1.0,
) -> Flip:
    """B* = W_K(second stance and what it brings) - W_K(first stance and what it brings).

    With threats alone, each principal cutting off the agent that sides with the other, it is the
    loss from the first principal's cut-off less the loss from the second's.
    """
    return Flip(np.asarray(at_second) - np.asarray(at_first), distance)


def reward_threshold(without: Percent, rewarding: Percent, moved: float) -> Percent:
    """The least value of a whole unit of stance at which a reward that moves it pays, % of GDP.

    lambda = (W_C(without) - W_C(rewarding)) / moved. Negative where rewarding pays by itself: then
    the stance has nothing to do with it.
    """
    return (np.asarray(without) - np.asarray(rewarding)) / moved


def threat_threshold(carrying_out: Percent, relenting: Percent) -> Percent:
    """What being believed must be worth, % of GDP, for a principal to carry out a threat.

    Negative where carrying it out pays by itself, as where it keeps the rents.
    """
    return np.asarray(relenting) - np.asarray(carrying_out)


def auction_threshold(
    joint: Float[np.ndarray, " s"], stances: Float[np.ndarray, " s"], income: float
) -> float:
    """The least value of a unit of stance to one principal at which the closest is efficient.

    lambda = max_s 100 (J(s) - J(closest)) / (Y (s_closest - s)), in percent of that principal's
    income `Y`; J, the joint payoffs without that value, and Y are in million US$.
    """
    closest = int(stances.argmax())
    apart = stances[closest] - stances
    missing = 100.0 * (joint - joint[closest])[apart > 0]
    return float((missing / (income * apart[apart > 0])).max())
