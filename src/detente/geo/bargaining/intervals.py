"""How sure a bargain is: the package held as agreed, in draws of what is uncertain.

Nothing is bargained over again: a draw says what the same openings would be worth if the world
were a little different, and whether both sides would still rather have them than none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from ...ensemble import Draws, interval, play_draws, sample, Spread, spread
from ...scenario import Scenario
from ...uncertainty import Uncertainty
from ...world import Baseline
from .agreement import NOTHING
from .talks import PERCENT


OF_OPENINGS = 24
"""Draws of the worth of each opening, the first ones: there are many openings."""

_OF_TARIFFS = ("tariff", "free_trade_agreement", "end_of_preference")

Gains = Float[np.ndarray, "d c"]


@dataclass(frozen=True)
class HeldPackage:
    """What is held while the rest is drawn: the worlds to be compared, and the politics."""

    baseline: Baseline
    sides: tuple[str, str]
    shut: Scenario
    """Nothing of the pair is opened; what others agreed stands."""
    agreed: Scenario
    alone: tuple[Scenario, ...]
    """Each whole opening by itself."""
    refused: tuple[Scenario, Scenario] | None
    """The setting, and what happens in it without an agreement, where that is not nothing."""
    owner: tuple[int, ...]
    """The side that makes each opening, 0 or 1."""
    own_cost: Float[np.ndarray, " m"]
    """The political cost of each whole opening to its owner, percent of real income."""
    politics: Float[np.ndarray, " c"]
    """What is in the surplus of each side besides real income: asks, costs, flight."""
    income: Float[np.ndarray, " c"]
    """Million US$ of the baseline year."""

    @property
    def worlds(self) -> tuple[Scenario, ...]:
        return (self.shut, self.agreed, *(self.refused or ()))

    def gain(self, welfare: Float[np.ndarray, "d p n"]) -> Gains:
        """Of the package over none, 100 times the log change of real income, in each draw."""
        own = self._own(welfare)
        return own[:, 1] - own[:, 0]

    def surplus(self, welfare: Float[np.ndarray, "d p n"]) -> Gains:
        """Of the package over the outside option, politics included."""
        own = self._own(welfare)
        worse = own[:, 2] - own[:, 3] if self.refused else 0.0
        return self.gain(welfare) + worse + self.politics

    def _own(self, welfare: Float[np.ndarray, "d p n"]) -> Float[np.ndarray, "d p c"]:
        places = [self.baseline.country_index[code] for code in self.sides]
        return PERCENT * welfare[..., places]


@dataclass(frozen=True)
class BargainIntervals:
    """Columns for the sides and the openings, and what moves each side's gain."""

    sides: dict[str, Float[np.ndarray, " c"]]
    """`_low` and `_high` of what is printed of each side, and `worth`: percent of the draws in
    which it would rather have the package than none. Empty where nothing is agreed."""
    openings: dict[str, Float[np.ndarray, " m"]]
    """`own_low` and `own_high`: the whole opening alone, to who makes it, percent."""
    drivers: list[dict[str, Any]]
    about: dict[str, Any]


def sureness(
    held: HeldPackage,
    uncertainty: Uncertainty,
    agreed: bool,
    progress: Callable[[str], None] = lambda done: None,
) -> BargainIntervals:
    """Draw around the setting and solve the worlds of a bargain in each draw.

    Tariffs have one size in every draw, for they are law; other sizes, the rents of rationing, the
    elasticities, the horizon and the nests are drawn as the setting declares.
    """
    draws = _draws(held, uncertainty)
    about = {
        "draws": len(draws), "level": draws.level, "seed": uncertainty.seed,
        "assumptions": tuple(draws.assumptions), "draws_of_openings": min(len(draws), OF_OPENINGS),
    }  # fmt: skip
    if not draws.assumptions:
        return BargainIntervals({}, {}, [], about | {"draws": 0, "draws_left_out": False})
    say = lambda done: progress(f"draw {done}")
    openings = _openings(held, draws, say)
    if not agreed:
        return BargainIntervals({}, openings, [], about)
    answers = spread(held.baseline, held.worlds, draws, progress=say)
    columns, kept = _sides(held, answers)
    drivers = answers.leading(held.gain, [{"side": side} for side in held.sides])
    return BargainIntervals(columns, openings, drivers, about | kept)


def _draws(held: HeldPackage, asked: Uncertainty) -> Draws:
    every = [*held.worlds, *held.alone]
    policies = [policy for world in every for policy in world.in_force.values()]
    known = all(policy.kind in _OF_TARIFFS for policy in policies)
    hold = (*asked.hold, "size") if known else asked.hold
    drawn = asked.model_copy(update={"hold": tuple(dict.fromkeys(hold))})
    return replace(sample(every, held.baseline, drawn), whole=("tariff",))


def _sides(
    held: HeldPackage, answers: Spread
) -> tuple[dict[str, Float[np.ndarray, " c"]], dict[str, Any]]:  # fmt: skip
    gains = {
        "welfare": held.gain,
        "equivalent_variation": lambda w: np.expm1(held.gain(w) / PERCENT) * held.income,
        "surplus": held.surplus,
    }
    columns: dict[str, Float[np.ndarray, " c"]] = {}
    for name, gain in gains.items():
        columns |= answers.interval(gain).ends(name)
    surplus = held.surplus(answers.together)
    solved = np.isfinite(surplus).all(axis=1)
    better = surplus[solved] > NOTHING
    if not solved.any():
        return columns, {"draws_solved": 0, "worth_to_both": np.nan}
    columns["worth"] = 100 * better.mean(axis=0)
    return columns, {
        "draws_solved": int(solved.sum()),
        "worth_to_both": 100 * float(better.all(axis=1).mean()),
    }


def drivers_frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """One row for each side and assumption, drawn alone."""
    return pd.DataFrame(list(rows), columns=["side", "assumption", "low", "high", "width"])


def _openings(
    held: HeldPackage, draws: Draws, progress: Callable[[str], None]
) -> dict[str, Float[np.ndarray, " m"]]:
    few = draws.at(np.arange(min(len(draws), OF_OPENINGS)))
    worlds = [held.shut, *held.alone]
    welfare = play_draws(held.baseline, worlds, few, progress=progress)
    owners = [held.baseline.country_index[held.sides[side]] for side in held.owner]
    alone = welfare[:, 1 + np.arange(len(owners)), owners] - welfare[:, 0, owners]
    return interval(PERCENT * alone - held.own_cost, draws.level).ends("own")
