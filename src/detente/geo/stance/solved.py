"""Everything that an argument needs solved: at both horizons, and in draws of what is uncertain."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from ...ensemble import central, Draws, log_welfare, play_draws, sample
from ...equilibrium import Equilibrium
from ...uncertainty import Uncertainty
from ...world import Economy
from .view import View


Progress = Callable[[str], None]
DRAWS = 12
"""Draws of an interval unless more are asked for: an answer in the time of a meeting."""
OTHER_HORIZON = {"long": "short", "short": "long"}
_SHORT = {"long": 0.0, "short": 1.0}


@dataclass(frozen=True)
class Solved:
    """Log welfare of the board's scenarios; not a number where none was found or asked for."""

    own: Float[np.ndarray, "p n"]
    other: Float[np.ndarray, "p n"]
    """At the other horizon."""
    output: Float[np.ndarray, "p n s"]
    """Volume at the prices of the baseline, million US$, at the game's own horizon."""
    drawn: Float[np.ndarray, "d p n"] | None
    draws: int


def solved(view: View, draws: int, progress: Progress = lambda done: None) -> Solved:
    """Solve a board. One program serves both horizons and all draws.

    The game says who keeps which rent, how large every action is and which horizon holds, so draws
    are of the trade elasticities and of the nests.
    """
    scenarios, own = view.board.scenarios, _SHORT[view.game.horizon]
    asked = Uncertainty(draws=max(draws, 2), hold=("rents", "size", "horizon"))
    drawn = _at_horizon(sample(scenarios, view.baseline, asked), own)
    point = replace(central(scenarios[0], view.baseline), horizon=jnp.full(1, own))
    point = replace(point, assumptions=drawn.assumptions, level=drawn.level)
    measured = play_draws(view.baseline, scenarios, point, welfare_and_output, progress)
    welfare, output = (np.asarray(part)[0] for part in measured)
    other = replace(point, horizon=jnp.full(1, 1.0 - own))
    many = other if not draws else jax.tree.map(_one_after_the_other, other, drawn)
    moved = _headline_scenarios(view, many, progress)
    return Solved(welfare, moved[0], output, moved[1:] if draws else None, draws)


def welfare_and_output(
    economy: Economy, found: Equilibrium
) -> tuple[Float[Array, " n"], Float[Array, "n s"]]:
    """Log welfare, and the volume of output at prices of the baseline, million US$."""
    return log_welfare(economy, found), found.output / found.unit_cost_hat


def _headline_scenarios(view: View, draws: Draws, progress: Progress) -> Float[np.ndarray, "d p n"]:
    """Log welfare of those scenarios that carry an interval; the others stay missing."""
    wanted = np.flatnonzero(_with_interval(view))
    scenarios = [view.board.scenarios[place] for place in wanted]
    say = lambda done: progress(f"draws, {done}")
    measured, _ = play_draws(view.baseline, scenarios, draws, welfare_and_output, say)
    shape = (len(draws), len(view.board.scenarios), len(view.baseline.countries))
    welfare = np.full(shape, np.nan)
    welfare[:, wanted] = measured
    return welfare


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


def _at_horizon(draws: Draws, short: float) -> Draws:
    """With the horizon a number of the draw, so that both horizons are one program."""
    assumptions = (*draws.assumptions, "horizon")
    return replace(draws, horizon=jnp.full(len(draws), short), assumptions=assumptions)


def _one_after_the_other(first: Array, second: Array) -> Array:
    return jnp.concatenate([first, second])
