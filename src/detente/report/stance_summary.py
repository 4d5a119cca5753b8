"""The answer of a stance game in a few sentences, none of which says more than the numbers do."""

from typing import TYPE_CHECKING

import pandas as pd

from ._format import percent, signed, signed_percent
from .stance_words import (
    action_alone,
    agent_of,
    first_of,
    name_of,
    range_of,
    RUNS,
    states_of,
    title_of,
    worth_of,
)


if TYPE_CHECKING:
    from ..geo.stance import Argument


def stance_summary(argument: "Argument") -> list[str]:
    """The answer in a few sentences, none of which says more than the numbers do."""
    agent, first = agent_of(argument), first_of(argument)
    reward = action_alone(argument, first, argument.game.reward(first))
    here = f"The {RUNS[argument.about.horizon]} on {argument.about.baseline}, per year."
    return [
        f"{title_of(argument, first, argument.game.reward(first))}: worth to "
        f"{name_of(argument, agent)} {worth_of(reward, agent)}; to {name_of(argument, first)} "
        f"{worth_of(reward, first)}. {here}",
        _pays_or_costs(argument, first, reward),
        _flip_in_short(argument),
        _dispute_in_short(argument),
        *_beside_income(argument),
    ]


def _beside_income(argument: "Argument") -> list[str]:
    """The political weights that were set; the file that ships sets none."""
    weights = [
        f"{name_of(argument, code)}'s {name.replace('_', ' ')} {value:g}"
        for code, player in argument.game.players.items()
        for name, value in player.politics.model_dump().items()
        if value and name in ("stance_value", "curvature", "relative_gains", "reputation")
    ]
    weights += [
        f"{title_of(argument, code, action)}, to {name_of(argument, receiver)} {value:g}"
        for code, player in argument.game.players.items()
        for action, one in player.actions.items()
        for receiver, value in one.political.items()
        if value
    ]
    if not weights:
        return []
    return [
        f"Set beside real income, in percent of GDP: {'; '.join(weights)}. They move equilibria, "
        "transfers and what a reward buys; what an action is worth, and B*, are real income alone. "
        "The payoff table for programs has them in a column of their own."
    ]


def _pays_or_costs(argument: "Argument", code: str, reward: pd.DataFrame) -> str:
    name, own = name_of(argument, code), float(reward.value[code])
    if own >= 0:
        return (
            f"On trade alone it costs {name} nothing: {name} gains whatever the stance, so trade "
            "gives no reason to make it a reward. What costs is to withhold it."
        )
    return (
        f"On trade alone it costs {name} {percent(own)} of real income: rewarding pays where the "
        f"stance is worth that much of its GDP, or more."
    )


def _flip_in_short(argument: "Argument") -> str:
    row = argument.number("flip", "schedules", argument.about["state"])
    agent = name_of(argument, agent_of(argument))
    if row.value <= 0:
        return (
            f"Under the schedules posted here {agent} would lose {percent(row.value)} of real "
            "income by the closest stance: it takes it only if it wants it for its own sake. "
            f"{_other_sign(argument, row)}"
        )
    return (
        f"Under the schedules posted here the closest stance brings {agent} "
        f"{signed_percent(row.value)} % more than the furthest{range_of(row)}: it takes it where "
        f"all that speaks against it beside trade is worth less. {_other_sign(argument, row)}"
    )


def _other_sign(argument: "Argument", row: pd.Series) -> str:
    """Whether the draws settle the sign, and whether the other horizon has the same one."""
    open_ = "The draws hold both signs. " if row.low < 0 < row.high else ""
    return f"{open_}{_at_other_horizon(argument, row)}"


def _at_other_horizon(argument: "Argument", row: pd.Series) -> str:
    other = RUNS[argument.about["other_horizon"]]
    if (row.value > 0) == (row.other_horizon > 0):
        return f"In the {other} the difference is {signed_percent(row.other_horizon)} %."
    return (
        f"In the {other} the answer is the other one: the difference is "
        f"{signed_percent(row.other_horizon)} %."
    )


def _dispute_in_short(argument: "Argument") -> str:
    states = states_of(argument)
    if len(states) < 2:
        return "No other state of the world is compared."
    agent, first = agent_of(argument), first_of(argument)
    action = f"{first}.{argument.game.reward(first)}"
    calm, row = (float(argument.number(f"in {state}", action, agent).value) for state in states)
    change = row - calm
    size = "by less than 0.001" if abs(change) < 1e-3 else f"by {signed(change, 3)}"
    return (
        f"In {argument.about['states'][states[1]]}, the same reward is worth "
        f"{signed_percent(row)} % to {name_of(argument, agent)}, against {signed_percent(calm)} %: "
        f"the dispute moves its value {size} percentage points."
    )
