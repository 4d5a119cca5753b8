"""Rewards and threats made of policies: what a posted schedule makes an agent do, and what is best.

A principal posts an action for each of the agent's; the agent then chooses. Nothing is paid but
what trade policy moves, so a reward costs the principal whatever the engine says, and may be
nothing. Payoffs are percent of each country's own GDP and are never added across countries.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from ..._core import ScenarioError


@dataclass(frozen=True)
class Posted:
    """The best schedule that one principal can post, the others' reactions being given."""

    stance: int
    """What the agent then does."""
    action: Int[np.ndarray, " s"]
    """The principal's action for each of the agent's."""
    payoff: float
    """To the principal."""
    slack: float
    """How much more the agent could lose by this stance before it chose another."""


def best_schedule(
    agent: Float[np.ndarray, "s a"],
    principal: Float[np.ndarray, "s a"],
    allowed: Bool[np.ndarray, "s a"] | None = None,
) -> Posted:
    """The schedule that gives the principal most, if it can commit to it (Stackelberg).

    `agent` and `principal` are payoffs by the agent's action and the principal's. For every stance
    the principal names a reward, and for every other stance the action that the agent likes least;
    it then takes the stance and reward that are best for itself among those that the agent accepts,
    with ties in the principal's favour. `allowed` leaves out actions that nobody would believe.
    """
    allowed = np.ones(agent.shape, bool) if allowed is None else allowed
    if not allowed.any(axis=1).all():
        raise ScenarioError("a schedule needs an action that is allowed for every stance.")
    punished = np.where(allowed, agent, np.inf)
    harshest, worst = punished.argmin(axis=1), punished.min(axis=1)
    elsewhere = np.array([np.delete(worst, s).max(initial=-np.inf) for s in range(len(agent))])
    accepted = allowed & (agent >= elsewhere[:, None] - 1e-12)
    value = np.where(accepted, principal, -np.inf)
    stance, reward = (int(place) for place in np.unravel_index(value.argmax(), value.shape))
    action = harshest.copy()
    action[stance] = reward
    slack = float(agent[stance, reward] - elsewhere[stance])
    return Posted(stance, action, float(principal[stance, reward]), slack)


def credible(principal: Float[np.ndarray, "s a"], tie: float = 1e-9) -> Bool[np.ndarray, "s a"]:
    """The actions that the principal would take once the agent has chosen: its best replies."""
    return principal >= principal.max(axis=1, keepdims=True) - tie


def price_of_stance(
    agent: Float[np.ndarray, "s a"], allowed: Bool[np.ndarray, "s a"] | None = None
) -> Float[np.ndarray, "s a"]:
    """The largest own cost of each stance that each reward still outweighs, in percent of GDP.

    B_a(s) = u(s, a) - max_(s' != s) min_a' u(s', a'): with the harshest allowed answer to every
    other stance. Negative where the agent would not take the stance even for nothing.
    """
    allowed = np.ones(agent.shape, bool) if allowed is None else allowed
    worst = np.where(allowed, agent, np.inf).min(axis=1)
    elsewhere = np.array([np.delete(worst, s).max(initial=-np.inf) for s in range(len(agent))])
    return agent - elsewhere[:, None]
