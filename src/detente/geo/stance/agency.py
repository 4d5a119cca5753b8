"""Common agency: principals who bid for what one agent does.

Bernheim and Whinston (1986), Menu auctions, Quarterly Journal of Economics 101(1): in a truthful
equilibrium the agent takes the action that maximises the sum of everybody's payoffs, and every
principal's bid follows its own payoff up to a constant. Payments are transfers, in one unit of
money for all; what a reward made of trade policy can buy is in `schedules`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Float

from ..._core import ScenarioError


@dataclass(frozen=True)
class MenuAuction:
    """A truthful equilibrium; all amounts in the unit of the payoffs."""

    action: int
    """What the agent does: it maximises the joint payoff. The first, where several do."""
    payment: Float[np.ndarray, " j"]
    """By each principal for that action."""
    bid: Float[np.ndarray, "j s"]
    """What each would have paid for each action."""
    joint: Float[np.ndarray, " s"]
    """Everybody's payoff together."""
    externality: Float[np.ndarray, " j"]
    """What the others would gain, together, if each principal in turn were not there."""
    agent_net: float
    """The agent's payoff with the payments."""
    unique: bool
    """Whether each pays its externality and no more; else the sum is shared, here in proportion."""


def menu_auction(
    agent: Float[np.ndarray, " s"], principals: Float[np.ndarray, "j s"]
) -> MenuAuction:
    """A truthful equilibrium of principals who bid for the agent's action.

    With V(S) = max_s [u(s) + sum_(j in S) v_j(s)], principals' net payoffs n satisfy
    sum_(j in S) n_j <= V(N) - V(N less S) for every S (Bernheim and Whinston, theorem 2), and bids
    are T_j(s) = max(0, v_j(s) - n_j). Where nothing but the single constraints binds, each pays the
    externality it imposes, T_j = V(N less j) - (u + sum_(i != j) v_i)(s*).
    """
    if agent.shape != principals.shape[1:] or not len(principals):
        raise ScenarioError("a menu auction needs every action's payoff to agent and principals.")
    joint = agent + principals.sum(axis=0)
    action = int(joint.argmax())
    others = joint[None, :] - principals
    externality = others.max(axis=1) - others[:, action]
    net, unique = _net_payoffs(agent, principals)
    bid = np.maximum(principals - net[:, None], 0.0)
    return MenuAuction(
        action=action,
        payment=bid[:, action],
        bid=bid,
        joint=joint,
        externality=externality,
        agent_net=float(agent[action] + bid[:, action].sum()),
        unique=unique,
    )


ROUNDING = 1e-12
"""Part of the largest payoff below which two sums are the same."""


def _net_payoffs(
    agent: Float[np.ndarray, " s"], principals: Float[np.ndarray, "j s"]
) -> tuple[Float[np.ndarray, " j"], bool]:
    """A point on the frontier of what principals can keep, and whether it is the only one."""
    floor = principals.min(axis=1)
    worth = principals - floor[:, None]
    whole = float((agent + worth.sum(axis=0)).max())
    limits = {
        group: whole - float((agent + np.delete(worth, group, axis=0).sum(axis=0)).max())
        for group in _groups(len(principals))
    }
    alone = np.array([limits[(place,)] for place in range(len(principals))])
    asked = {group: float(alone[list(group)].sum()) for group in limits}
    # Everybody's own limit at once may leave the agent less than it has without them.
    # Sums of payoffs that are equal but for rounding do not bind.
    rounding = ROUNDING * max(abs(whole), float(worth.max()), float(np.abs(agent).max()))
    binding = [group for group in limits if asked[group] > limits[group] + rounding]
    part = min((limits[group] / asked[group] for group in binding), default=1.0)
    net = part * alone
    for place in range(len(net)):
        slack = min(limits[g] - float(net[list(g)].sum()) for g in limits if place in g)
        net[place] += max(slack, 0.0)
    return net + floor, part == 1.0


def _groups(principals: int) -> Iterator[tuple[int, ...]]:
    for size in range(1, principals + 1):
        yield from combinations(range(principals), size)
