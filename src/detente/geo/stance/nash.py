"""Nash equilibria of a finite game, given as one array of payoffs.

The array has an axis of actions for every player, and a last axis of players.
"""

import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from ..._core import ScenarioError


# In the unit of the payoffs: two payoffs closer than this are a tie, not a reason to move.
TIE = 1e-9


def best_replies(
    payoffs: Float[np.ndarray, "*actions p"], tie: float = TIE
) -> Bool[np.ndarray, "*actions p"]:
    """Where each player has nothing better to do, what the others do being given.

    A payoff that is not a number is no best reply, and what it is compared with is none either.
    """
    _require_game(payoffs)
    replies = [
        payoffs[..., player] >= payoffs[..., player].max(axis=player, keepdims=True) - tie
        for player in range(payoffs.shape[-1])
    ]
    return np.stack(replies, axis=-1)


def pure_nash(
    payoffs: Float[np.ndarray, "*actions p"], tie: float = TIE
) -> Int[np.ndarray, "equilibrium p"]:
    """Every equilibrium in pure strategies, by enumeration: an action's place for each player.

    None at all is an answer too: the array then has no rows. Nash (1951).
    """
    return np.argwhere(best_replies(payoffs, tie).all(axis=-1))


def mixed_nash(
    payoffs: Float[np.ndarray, "a b 2"],
) -> tuple[list[tuple[Float[np.ndarray, " a"], Float[np.ndarray, " b"]]], bool]:
    """The equilibria of two players, mixed ones included, by support enumeration (Nashpy).

    The second value says that the game is degenerate: then there may be more than are listed. An
    even number says so (Wilson 1971), unless a weight of zero that comes out as -1e-17 has lost one
    of them, which depends on the processor: the vertices of the best-reply polytopes then have it.
    """
    _require_game(payoffs)
    import nashpy

    game = nashpy.Game(payoffs[..., 0], payoffs[..., 1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        equilibria = _distinct(game.support_enumeration())
        if len(equilibria) % 2 == 0:
            equilibria = _distinct([*equilibria, *game.vertex_enumeration()])
    return equilibria, len(equilibria) % 2 == 0


def _distinct(listed: Iterable[Any]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Pairs of mixtures without those that only rounding tells apart."""
    distinct: dict[tuple[bytes, bytes], tuple[np.ndarray, np.ndarray]] = {}
    for pair in listed:
        one, other = (np.clip(np.asarray(mixture, float), 0.0, 1.0) for mixture in pair)
        # Adding zero makes -0.0 the same bytes as 0.0.
        key = tuple((mixture.round(9) + 0.0).tobytes() for mixture in (one, other))
        distinct.setdefault((key[0], key[1]), (one, other))
    return list(distinct.values())


def expected(
    payoffs: Float[np.ndarray, "*actions p"], mixture: list[Float[np.ndarray, " _"]]
) -> list[Float[np.ndarray, " _"]]:
    """What each action of each player is worth when the others mix."""
    worth = []
    for player in range(len(mixture)):
        table = np.moveaxis(payoffs[..., player], player, 0)
        for other in reversed([m for place, m in enumerate(mixture) if place != player]):
            table = table @ other
        worth.append(table)
    return worth


def _require_game(payoffs: Float[np.ndarray, "*actions p"]) -> None:
    if payoffs.ndim - 1 != payoffs.shape[-1]:
        raise ScenarioError(
            f"a payoff array needs an axis for each player: it has {payoffs.ndim - 1} axes of "
            f"actions and payoffs for {payoffs.shape[-1]}."
        )
