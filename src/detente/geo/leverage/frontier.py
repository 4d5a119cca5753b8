"""Gains against added vulnerability: what a scenario brings, and what it does to a threat."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ...about import About
from ...scenario import Scenario
from ...world import Baseline
from .leverage import at_horizon, describe, nothing, sized, solved
from .losses import Loss, loss, ratio, Sides
from .question import Question
from .threats import carried_out, check


@dataclass(frozen=True)
class Frontier:
    """A row for each scenario and horizon; the first scenario is the baseline as it is."""

    rows: pd.DataFrame
    """gain and sender_gain of the scenario, percent of real income; threat_loss and self_cost
    after it, 100 times log real income; `added_loss` and `added_cost` over the baseline's."""
    about: About


def frontier(
    baseline: Baseline,
    question: Question,
    scenarios: Sequence[Scenario],
    *,
    progress: Callable[[str], None] = lambda done: None,
) -> Frontier:
    """What each scenario brings to both sides, and how it moves the first threat of a question.

    Worlds of one horizon that share adjustment and elasticities are solved together. The loss
    after a scenario is `ln W(scenario) - ln W(scenario and threat)`.
    """
    threat = question.threats()[0]
    check(threat, baseline)
    sides = Sides.of(baseline, question.senders, question.target)
    rows: list[dict[str, Any]] = []
    for horizon in question.horizons:
        progress(f"{horizon} run")
        for setting in (nothing(), *scenarios):
            played = at_horizon(setting, horizon)
            # A world without the scenario but with its adjustment and elasticities.
            bare = played.model_copy(update={"policies": {}})
            own = sized(baseline, threat, played, question.cut)
            welfare = solved(baseline, [bare, played, carried_out(own, played)])
            lost = [loss(welfare[1], welfare[2], side, sides)
                    for side in (sides.target, sides.senders)]  # fmt: skip
            gained = [-float(loss(welfare[0], welfare[1], side, sides).percent)
                      for side in (sides.target, sides.senders)]  # fmt: skip
            rows.append(_row(setting, horizon, gained, lost))
    table = pd.DataFrame(rows)
    return Frontier(_over_the_first(table), _described(baseline, question))


def _row(
    setting: Scenario, horizon: str, gained: Sequence[float], lost: Sequence[Loss]
) -> dict[str, Any]:
    target, sender = lost
    return {
        "scenario": setting.name, "title": setting.title, "horizon": horizon,
        "gain": gained[0], "sender_gain": gained[1],
        "threat_loss": 100 * float(target.log), "self_cost": 100 * float(sender.log),
        "ratio": float(ratio(target, sender)),
    }  # fmt: skip


def _over_the_first(rows: pd.DataFrame) -> pd.DataFrame:
    first = rows.groupby("horizon")[["threat_loss", "self_cost"]].transform("first")
    return rows.assign(
        added_loss=rows.threat_loss - first.threat_loss,
        added_cost=rows.self_cost - first.self_cost,
    )


def _described(baseline: Baseline, question: Question) -> About:
    threat = question.threats()[0]
    rent = "none" if question.prohibits else threat.rent
    unit = "gains: percent of real income; losses: 100 times log real income"
    described = describe(baseline, question, nothing())
    return described.adding(form=threat.form, rent=rent, unit=unit)
