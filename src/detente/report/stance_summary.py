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


def stance_summary(found: "Argument") -> list[str]:
    """The answer in a few sentences, none of which says more than the numbers do."""
    agent, first = agent_of(found), first_of(found)
    reward = action_alone(found, first, found.game.reward(first))
    here = f"The {RUNS[found.about.horizon]} on {found.about.baseline}, per year."
    return [
        f"{title_of(found, first, found.game.reward(first))}: worth to {name_of(found, agent)} "
        f"{worth_of(reward, agent)}; to {name_of(found, first)} {worth_of(reward, first)}. {here}",
        _pays_or_costs(found, first, reward),
        _flip_in_short(found),
        _dispute_in_short(found),
        *_beside_income(found),
    ]


def _beside_income(found: "Argument") -> list[str]:
    """The political weights that were set; the file that ships sets none."""
    weights = [
        f"{name_of(found, code)}'s {name.replace('_', ' ')} {value:g}"
        for code, player in found.game.players.items()
        for name, value in player.politics.model_dump().items()
        if value and name in ("stance_value", "curvature", "relative_gains", "reputation")
    ]
    weights += [
        f"{title_of(found, code, action)}, to {name_of(found, receiver)} {value:g}"
        for code, player in found.game.players.items()
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


def _pays_or_costs(found: "Argument", code: str, reward: pd.DataFrame) -> str:
    name, own = name_of(found, code), float(reward.value[code])
    if own >= 0:
        return (
            f"On trade alone it costs {name} nothing: {name} gains whatever the stance, so trade "
            "gives no reason to make it a reward. What costs is to withhold it."
        )
    return (
        f"On trade alone it costs {name} {percent(own)} of real income: rewarding pays where the "
        f"stance is worth that much of its GDP, or more."
    )


def _flip_in_short(found: "Argument") -> str:
    row = found.number("flip", "schedules", found.about["state"])
    agent = name_of(found, agent_of(found))
    if row.value <= 0:
        return (
            f"Under the schedules posted here {agent} would lose {percent(row.value)} of real "
            "income by the closest stance: it takes it only if it wants it for its own sake. "
            f"{_other_sign(found, row)}"
        )
    return (
        f"Under the schedules posted here the closest stance brings {agent} "
        f"{signed_percent(row.value)} % more than the furthest{range_of(row)}: it takes it where "
        f"all that speaks against it beside trade is worth less. {_other_sign(found, row)}"
    )


def _other_sign(found: "Argument", row: pd.Series) -> str:
    """Whether the draws settle the sign, and whether the other horizon has the same one."""
    open_ = "The draws hold both signs. " if row.low < 0 < row.high else ""
    return f"{open_}{_at_other_horizon(found, row)}"


def _at_other_horizon(found: "Argument", row: pd.Series) -> str:
    other = RUNS[found.about["other_horizon"]]
    if (row.value > 0) == (row.other_horizon > 0):
        return f"In the {other} the difference is {signed_percent(row.other_horizon)} %."
    return (
        f"In the {other} the answer is the other one: the difference is "
        f"{signed_percent(row.other_horizon)} %."
    )


def _dispute_in_short(found: "Argument") -> str:
    states = states_of(found)
    if len(states) < 2:
        return "No other state of the world is compared."
    agent, first = agent_of(found), first_of(found)
    action = f"{first}.{found.game.reward(first)}"
    calm, row = (float(found.number(f"in {state}", action, agent).value) for state in states)
    change = row - calm
    size = "by less than 0.001" if abs(change) < 1e-3 else f"by {signed(change, 3)}"
    return (
        f"In {found.about['states'][states[1]]}, the same reward is worth "
        f"{signed_percent(row)} % to {name_of(found, agent)}, against {signed_percent(calm)} %: "
        f"the dispute moves its value {size} percentage points."
    )
