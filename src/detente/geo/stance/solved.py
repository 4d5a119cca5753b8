"""Everything that an argument needs solved: at both horizons, and in draws of what is uncertain."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from ...ensemble import central, log_welfare, MANY_FLOWS, play_draws, sample
from ...equilibrium import Equilibrium
from ...uncertainty import Assumption, Uncertainty
from ...world import Baseline, Economy
from .shares import MOVED
from .view import View


Progress = Callable[[str], None]
DRAWS = 12
"""Draws of an interval unless more are asked for: an answer in the time of a meeting."""
OTHER_HORIZON = {"long": "short", "short": "long"}


def usual_draws(baseline: Baseline) -> int:
    """How many draws an argument has unless more are asked for: none on a large world."""
    return DRAWS if baseline.economy.trade.size <= MANY_FLOWS else 0


@dataclass(frozen=True)
class Solved:
    """Log welfare of the board's scenarios; not a number where none was found or asked for."""

    own: Float[np.ndarray, "p n"]
    other: Float[np.ndarray, "p n"]
    """At the other horizon."""
    output: Float[np.ndarray, "p n s"]
    """Volume at the prices of the baseline, million US$, at the game's own horizon."""
    traded: Float[np.ndarray, "h p o i"]
    """What each country buys of each, million US$, at the own and the other horizon."""
    drawn: Float[np.ndarray, "d p n"] | None
    draws: int
    assumptions: tuple[Assumption, ...]
    """Those that were drawn."""


def solved(view: View, draws: int, progress: Progress = lambda done: None) -> Solved:
    """Solve a board: at its own horizon in one program with all draws, and once at the other.

    The game says who keeps which rent, how large every action is and which horizon holds, so draws
    are of the trade elasticities, the nests, and the base where the world has two. The game's own
    horizon has every scenario; the other horizon and the draws have those that carry an interval.
    """
    scenarios = view.board.scenarios
    asked = Uncertainty(draws=max(draws, 2), hold=("rents", "size"))
    sampled = sample(scenarios, view.baseline, asked)
    asked_for = sampled.assumptions if draws else ()
    point = replace(
        central(scenarios[0], view.baseline),
        assumptions=sampled.assumptions,
        level=sampled.level,
    )
    many = point if not draws else jax.tree.map(_one_after_the_other, point, sampled)
    wanted = np.tile(_with_interval(view), (len(many), 1))
    wanted[0] = True
    welfare, output, traded = play_draws(
        view.baseline, scenarios, many, _measures, progress, wanted=wanted
    )
    horizon = OTHER_HORIZON[str(view.game.horizon)]
    elsewhen = [one.model_copy(update={"horizon": horizon}) for one in scenarios]
    # The draws of slopes are left out: they would double the time of an answer.
    asked_there = (_with_interval(view) | _of_a_slope(view))[None]
    other, _, traded_there = play_draws(
        view.baseline, elsewhen, point, _measures, progress, wanted=asked_there
    )
    return Solved(
        welfare[0], other[0], output[0], np.stack([traded[0], traded_there[0]]),
        welfare[1:] if draws else None, draws, asked_for,
    )  # fmt: skip


def _measures(
    economy: Economy, equilibrium: Equilibrium
) -> tuple[Float[Array, " n"], Float[Array, "n s"], Float[Array, "n n"]]:
    """Log welfare; output at prices of the baseline; and trade between countries, million US$."""
    return (
        log_welfare(economy, equilibrium),
        equilibrium.output / equilibrium.unit_cost_hat,
        equilibrium.trade.sum(axis=-1),
    )


def _with_interval(view: View) -> Bool[np.ndarray, " p"]:
    """What one player does alone, what the schedules answer to the ends, and the threats."""
    game = view.game
    wanted = np.zeros(len(view.board.scenarios), bool)
    for rows in view.board.rows.values():
        for axis, code in enumerate(game.active):
            if code in game.principals:
                # The others at their first action.
                alone = np.moveaxis(rows, axis, 0).reshape(rows.shape[axis], -1)[:, 0]
                wanted[alone] = True
        for stance in (game.closest, game.furthest):
            posted = {code: game.posted(code, stance) for code in game.principals}
            at = tuple(list(game.players[code].actions).index(posted[code]) if code in posted
                       else 0 for code in game.active)  # fmt: skip
            wanted[rows[at]] = True
    for name, place in view.board.extra.items():
        wanted[place] |= name.startswith(("threat", "third"))
    return wanted


def _of_a_slope(view: View) -> Bool[np.ndarray, " p"]:
    """Those whose differences are the slopes of a threshold to shares of trade."""
    wanted = np.zeros(len(view.board.scenarios), bool)
    for name, place in view.board.extra.items():
        wanted[place] |= name.startswith(MOVED)
    return wanted


def _one_after_the_other(first: Array, second: Array) -> Array:
    return jnp.concatenate([first, second])
