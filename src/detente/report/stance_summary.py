"""The answer of a stance game in a few sentences, none of which says more than the numbers do."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import listing, possessive
from ._format import percent, sentence, signed_percent, SMALLEST_PERCENT
from .stance_words import (
    action_alone,
    agent_of,
    doing,
    first_of,
    name_of,
    range_of,
    RUNS,
    states_of,
    worth_of,
)
from .sureness import allowing
from .uncertainty import gains_between
from .wording import say


if TYPE_CHECKING:
    from ..geo.stance import Argument


STANCE_LEVEL = 0.9
"""Of the draws, between the ends of a range of the game."""


def stance_summary(argument: "Argument") -> list[str]:
    """The answer in a few sentences, none of which says more than the numbers do."""
    agent, first = agent_of(argument), first_of(argument)
    action = argument.game.reward(first)
    reward = action_alone(argument, first, action)
    lead = say(
        "stance.lead",
        run=RUNS[argument.about.horizon],
        action=doing(argument, first, action),
        worth=worth_of(argument, reward, agent, first),
    )
    lines = [
        lead,
        *_how_sure(argument, reward),
        _pays_or_costs(argument, first, reward),
        *_flip_in_short(argument),
        _dispute_in_short(argument),
    ]
    return [*map(sentence, lines), *_beside_income(argument)]


def _how_sure(argument: "Argument", reward: pd.DataFrame) -> list[str]:
    """The ranges of what the reward brings, where there are draws."""
    about = argument.about
    rows = [reward.loc[code] for code in (agent_of(argument), first_of(argument))]
    if not about.draws or any(np.isnan(row.low) for row in rows):
        return []
    parts = [gains_between(about.country(str(row.name)), row.low, row.high) for row in rows]
    return [allowing(about, listing(parts), level=STANCE_LEVEL)]


def _beside_income(argument: "Argument") -> list[str]:
    """The political weights that were set; the file that ships sets none."""
    weights = [
        f"{possessive(name_of(argument, code))} {name.replace('_', ' ')} {value:g}"
        for code, player in argument.game.players.items()
        for name, value in player.politics.model_dump().items()
        if value and name in ("stance_value", "curvature", "relative_gains", "reputation")
    ]
    weights += [
        f"{doing(argument, code, action)}, to {name_of(argument, receiver)} {value:g}"
        for code, player in argument.game.players.items()
        for action, one in player.actions.items()
        for receiver, value in one.political.items()
        if value
    ]
    return [sentence(say("stance.politics", weights="; ".join(weights)))] if weights else []


def _pays_or_costs(argument: "Argument", code: str, reward: pd.DataFrame) -> str:
    name, row = name_of(argument, code), reward.loc[code]
    if row.low < 0 < row.high:
        return say("stance.reward_open", name=name)
    if row.value >= 0:
        return say("stance.reward_pays", name=name)
    return say("stance.reward_costs", name=name, owner=possessive(name), cost=percent(row.value))


def _flip_in_short(argument: "Argument") -> list[str]:
    """What the closest stance brings over the furthest, at both horizons."""
    about, row = argument.about, argument.number("flip", "schedules", argument.about["state"])
    agent = name_of(argument, agent_of(argument))
    way = "brings" if row.value > 0 else "costs"
    # A cost is said without its sign, and so are the ends of its range.
    ends = row if row.high > 0 else pd.Series({"low": -row.high, "high": -row.low})
    filled = {"agent": agent, "size": percent(row.value), "range": range_of(ends)}
    said = [say(f"stance.closest_{way}", **filled)]
    if row.low < 0 < row.high:
        said.append(say("stance.both_signs"))
    other, value = RUNS[about["other_horizon"]], float(row.other_horizon)
    key = "same" if (row.value > 0) == (value > 0) else "other_way"
    verb = say(f"stance.{'brings' if value > 0 else 'costs'}")
    return [*said, say(f"stance.{key}", run=other, verb=verb, agent=agent, size=percent(value))]


def _dispute_in_short(argument: "Argument") -> str:
    states = states_of(argument)
    if len(states) < 2:
        return say("stance.no_dispute")
    agent, first = agent_of(argument), first_of(argument)
    action = f"{first}.{argument.game.reward(first)}"
    calm, row = (float(argument.number(f"in {state}", action, agent).value) for state in states)
    return say(
        f"stance.dispute_{'small' if abs(row - calm) < SMALLEST_PERCENT else 'moves'}",
        state=argument.about["states"][states[1]],
        agent=name_of(argument, agent),
        row=signed_percent(row),
        calm=signed_percent(calm),
        smallest=SMALLEST_PERCENT,
    )
