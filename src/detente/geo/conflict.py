"""Trade as what a war would destroy, and the chance that two sides settle instead.

Thoenig (2023) and Mayer, Mejean and Thoenig (2025) measure the opportunity cost of war in a trade
model and let two sides with private outside options bargain over it. The bargaining here is a
functional form of our own: split the difference (Chatterjee and Samuelson, 1983) with uniform
shocks. Their papers use a second-best mechanism.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import pandas as pd
from jaxtyping import Float
from pydantic import Field

from .._core import ScenarioError, SolveError
from .._document import Request
from .._ratios import Rise, RISES, SureRatio
from ..about import About
from ..ensemble import play_all
from ..policy import Policy, Prohibition, TradeCost
from ..scenario import Scenario, with_policies, without_policies
from ..selection import country_mask
from ..world import Baseline


PERCENT = 100.0
LEVELS = (0.5, 0.75, 0.9, 0.95, 0.99)
"""Chances of settling whose threshold is reported."""
FURTHER = 0.01
"""By how much more trade with others is made dearer, to say what hangs on that assumption."""
_POINTS = 121


class War(Request):
    """What a war does to trade: our parameters, none of them estimated."""

    bilateral: Annotated[Rise, Field(gt=0)] | None = None
    """Rise of the cost of trade between the two, 0.5 is 50 %; without it their trade stops."""
    multilateral: Rise = 0.1
    """Rise of the cost of the trade of either with everybody else."""

    def policies(self, pair: Sequence[str], baseline: Baseline) -> dict[str, Policy]:
        """The war as policies on a baseline."""
        two = tuple(pair)
        rest = tuple(code for code in baseline.countries if code not in two)
        war: dict[str, Policy] = {}
        if self.multilateral:
            costs = {"sectors": "all", "change": SureRatio(self.multilateral)}
            war["war_exports"] = TradeCost(exporters=two, importers=rest, **costs)
            war["war_imports"] = TradeCost(exporters=rest, importers=two, **costs)
        if self.bilateral is None:
            war["war"] = Prohibition(exporters=two, importers=two, sectors="all")
        else:
            war["war"] = TradeCost(exporters=two, importers=two, change=SureRatio(self.bilateral))
        return war


@dataclass(frozen=True)
class Conflict:
    """What a war would cost, before and after something else, and the chance of settling."""

    about: About
    sides: pd.DataFrame
    """Losses from war by world and side: percent of real income and million US$ a year."""
    thresholds: pd.DataFrame
    """By world and level: the size of the shocks at which the chance of settling crosses it."""
    curve: pd.DataFrame
    """The chances of settling and of escalation by the size of the shocks, `v`."""


def conflict(
    baseline: Baseline,
    pair: tuple[str, str],
    *,
    war: War | None = None,
    scenario: Scenario | None = None,
    after: Scenario | None = None,
    decoupling: float | None = None,
) -> Conflict:
    """The opportunity cost of a war of two countries, and what it does to the chance of peace.

    `G = sum_c ln W_c(peace) - ln W_c(war)`, in percent of real income, one year's flow at the
    scenario's horizon. `after` is a world to compare with, a scenario's; `decoupling` one in which
    trade between the two costs that much more already. Raises `ScenarioError` for names, and
    `SolveError` where a world at war has no equilibrium.
    """
    war, scenario = war or War(), scenario or without_policies()
    _refuse(baseline, pair)
    worlds = _worlds(scenario, pair, after, decoupling)
    dearer = war.model_copy(update={"multilateral": SureRatio(war.multilateral + FURTHER)})
    wars = ({}, war.policies(pair, baseline), dearer.policies(pair, baseline))
    cells = [with_policies(world, added) for world in worlds.values() for added in wars]
    places = [baseline.country_index[code] for code in pair]
    welfare = PERCENT * play_all(baseline, cells)[:, places].reshape(len(worlds), 3, 2)
    if not np.isfinite(welfare).all():
        raise SolveError(
            "the world at war has no equilibrium that was found; a smaller `bilateral` or "
            "`multilateral`, or deficits that are proportional, may have one."
        )
    loss = welfare[:, 0] - welfare[:, 1]
    income = np.asarray(baseline.economy.income)[places]
    sides = _sides(list(worlds), pair, welfare[:, :2], income)
    stakes = dict(zip(worlds, loss.sum(axis=1).tolist(), strict=True))
    further = (welfare[:, 1] - welfare[:, 2]).sum(axis=1)
    about = About.on(
        baseline,
        scenario,
        unit="percent of real income, 100 times the log change, a year, both sides added",
        pair=list(pair),
        war=war.model_dump(),
        opportunity_cost=stakes,
        further_cost=dict(zip(worlds, further.tolist(), strict=True)),
        form="split the difference with shocks uniform on [0, v]; ours, not the papers'",
    )
    return Conflict(about, sides, thresholds(stakes), curve(stakes))


def chance_of_settling(
    stake: float | Float[np.ndarray, "..."], shock: float | Float[np.ndarray, "..."]
) -> Float[np.ndarray, "..."]:
    """P(settle) of the linear equilibrium: two shocks uniform on `[0, v]` sum to at most `3G/4`.

    With `x = 3G/4`: `x^2/(2 v^2)` for `x <= v`, `1 - (2v - x)^2/(2 v^2)` for `v < x <= 2v`, one
    above. Nobody settles where war destroys nothing.
    """
    x = np.maximum(0.75 * np.asarray(stake, float), 0.0)
    v = np.asarray(shock, float)
    known = np.where(v > 0, v, 1.0)
    below, above = x**2 / (2 * known**2), 1.0 - (2 * known - x) ** 2 / (2 * known**2)
    chance = np.where(x <= v, below, np.where(x <= 2 * v, above, 1.0))
    return np.where(v > 0, chance, (x > 0).astype(float))


def shock_at(stake: float, chance: float) -> float:
    """The size of the shocks at which the chance of settling is that: the inverse in `v`.

    Larger shocks make settling rarer, so the chance is higher for every smaller one.
    """
    if not 0 < chance < 1:
        raise ScenarioError(f"a chance to look for lies between 0 and 1; {chance:g} does not.")
    x = max(0.75 * stake, 0.0)
    if chance <= 0.5:
        return x / np.sqrt(2 * chance)
    return x / (2.0 - np.sqrt(2 * (1.0 - chance)))


def thresholds(stakes: dict[str, float], levels: Sequence[float] = LEVELS) -> pd.DataFrame:
    rows = [
        {"world": world, "settle": level, "shock": shock_at(stake, level)}
        for world, stake in stakes.items()
        for level in levels
    ]
    return pd.DataFrame(rows)


def curve(stakes: dict[str, float]) -> pd.DataFrame:
    """Both chances over shocks from none to twice the largest stake."""
    shocks = np.linspace(0.0, 2.0 * max(max(stakes.values()), 0.0) or 1.0, _POINTS)[1:]
    frames = []
    for world, stake in stakes.items():
        settle = chance_of_settling(stake, shocks)
        columns = {"world": world, "shock": shocks, "settle": settle, "escalate": 1.0 - settle}
        frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def _worlds(
    scenario: Scenario, pair: Sequence[str], after: Scenario | None, decoupling: float | None
) -> dict[str, Scenario]:
    """The world as it is, and those to compare it with."""
    worlds = {"before": scenario}
    if after is not None:
        named = {f"after.{name}": policy for name, policy in after.policies.items()}
        worlds[after.name] = with_policies(scenario, named)
    if decoupling is not None:
        if not 0 < decoupling < np.inf:
            raise ScenarioError(
                f"decoupling makes trade dearer: {decoupling:g} is no size above 0; 0.5 is by half."
            )
        dearer = RISES.option("decoupling")(decoupling)
        apart = TradeCost(exporters=tuple(pair), importers=tuple(pair), change=SureRatio(dearer))
        worlds["decoupled"] = with_policies(scenario, {"decoupling": apart})
    return worlds


def _refuse(baseline: Baseline, pair: Sequence[str]) -> None:
    country_mask(baseline, tuple(pair))
    for code in pair:
        if code not in baseline.country_index:
            raise ScenarioError(f"'{code}' is a group; name one country of {baseline.name}.")
    if pair[0] == pair[1]:
        raise ScenarioError(f"{pair[0]} cannot be at war with itself; name two countries.")


def _sides(
    worlds: Sequence[str],
    pair: Sequence[str],
    welfare: Float[np.ndarray, "w 2 c"],
    income: Float[np.ndarray, " c"],
) -> pd.DataFrame:
    rows = [
        {
            "world": world,
            "side": side,
            "peace": welfare[w, 0, c],
            "war": welfare[w, 1, c],
            "loss": welfare[w, 0, c] - welfare[w, 1, c],
            "loss_dollars": income[c]
            * (np.exp(welfare[w, 0, c] / PERCENT) - np.exp(welfare[w, 1, c] / PERCENT)),
        }
        for w, world in enumerate(worlds)
        for c, side in enumerate(pair)
    ]
    return pd.DataFrame(rows)
