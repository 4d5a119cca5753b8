"""The argument of a stance game in sections: sentences and tables that every face shows alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from ._format import (
    in_sentence,
    money,
    percent,
    possessive,
    sentence,
    signed,
    signed_million,
    signed_percent,
)


if TYPE_CHECKING:
    from ..geo.stance import Argument


RUNS = {"long": "long run", "short": "short run"}


@dataclass(frozen=True)
class Section:
    """A heading, what is said under it, and a table that may stand below."""

    title: str
    lines: list[str]
    headings: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = field(default_factory=list)
    note: str = ""


def stance_sections(found: "Argument") -> list[Section]:
    """The argument, in the order in which a reader asks."""
    return [
        Section("In short", stance_summary(found)),
        _reward(found),
        _stick(found),
        *(_other_principal(found, code) for code in found.about["principals"][1:]),
        _dispute(found),
        _turns(found),
        _concessions(found),
        _play(found),
        _thirds(found),
        _past(found),
        Section("What is not in it", list(found.about["limits"])),
    ]


def stance_summary(found: "Argument") -> list[str]:
    """The answer in a few sentences, none of which says more than the numbers do."""
    agent, first = _agent(found), _first(found)
    reward = _alone(found, first, found.game.reward(first))
    here = f"The {RUNS[found.about['horizon']]} on {found.about['baseline']}, per year."
    return [
        f"{_title(found, first, found.game.reward(first))}: worth to {_name(found, agent)} "
        f"{_worth(reward, agent)}; to {_name(found, first)} {_worth(reward, first)}. {here}",
        _pays_or_costs(found, first, reward),
        _flip_in_short(found),
        _dispute_in_short(found),
    ]


def _pays_or_costs(found: "Argument", code: str, reward: pd.DataFrame) -> str:
    name, own = _name(found, code), float(reward.value[code])
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
    agent = _name(found, _agent(found))
    if row.value <= 0:
        return (
            f"Under the schedules posted here {agent} would lose {percent(row.value)} of real "
            "income by the closest stance: it takes it only if it wants it for its own sake. "
            f"{_other_sign(found, row)}"
        )
    return (
        f"Under the schedules posted here the closest stance brings {agent} "
        f"{signed_percent(row.value)} % more than the furthest{_range(row)}: it takes it where "
        f"all that speaks against it beside trade is worth less. {_other_sign(found, row)}"
    )


def _other_sign(found: "Argument", row: pd.Series) -> str:
    other = RUNS[found.about["other_horizon"]]
    if (row.value > 0) == (row.other_horizon > 0):
        return f"In the {other} the difference is {signed_percent(row.other_horizon)} %."
    return (
        f"In the {other} the answer is the other one: the difference is "
        f"{signed_percent(row.other_horizon)} %."
    )


def _dispute_in_short(found: "Argument") -> str:
    states = _states(found)
    if len(states) < 2:
        return "No other state of the world is compared."
    agent, first = _agent(found), _first(found)
    action = f"{first}.{found.game.reward(first)}"
    calm, row = (float(found.number(f"in {state}", action, agent).value) for state in states)
    change = row - calm
    size = "by less than 0.001" if abs(change) < 1e-3 else f"by {signed(change, 3)}"
    return (
        f"In {found.about['states'][states[1]]}, the same reward is worth "
        f"{signed_percent(row)} % to {_name(found, agent)}, against {signed_percent(calm)} %: the "
        f"dispute moves its value {size} percentage points."
    )


def _reward(found: "Argument") -> Section:
    first = _first(found)
    actions = [a for a, one in found.game.players[first].actions.items() if not one.resolve][1:]
    best = max(actions, key=lambda a: float(_alone(found, first, a).value[first]))
    lines = []
    if best != found.game.reward(first):
        worth = _alone(found, first, best)
        lines.append(
            f"Of these {_name(found, first)} gains most where it {_does(found, first, best)}: "
            f"{_worth(worth, first)}, and {_name(found, _agent(found))} has "
            f"{_worth(worth, _agent(found))}."
        )
    title = f"What {possessive(_name(found, first))} rewards are worth"
    return Section(title, lines, *_action_table(found, first, actions), _key(found))


def _stick(found: "Argument") -> Section:
    first, agent = _first(found), _name(found, _agent(found))
    actions = [a for a, one in found.game.players[first].actions.items() if one.resolve]
    lines = [_stick_line(found, first, action) for action in actions]
    lines.append(_carries_out(found, first))
    title = f"What {possessive(_name(found, first))} sticks cost {agent} and itself"
    return Section(title, lines, *_action_table(found, first, actions))


def _stick_line(found: "Argument", code: str, action: str) -> str:
    row = found.number("pays", f"{code}.{action}", code)
    own, other = found.about["horizon"], found.about["other_horizon"]
    said = [
        f"needs {percent(value)} of {possessive(_name(found, code))} GDP in other gains to be "
        f"carried out in the {RUNS[horizon]}"
        if value > 0
        else f"pays for itself in the {RUNS[horizon]}, by {percent(value)}"
        for horizon, value in ((own, float(row.value)), (other, float(row.other_horizon)))
    ]
    return f"{_title(found, code, action)}: {said[0]}, and {said[1]}."


def _carries_out(found: "Argument", code: str) -> str:
    row, game, name = found.number("carries out", code, code), found.game, _name(found, code)
    stick, reward = _title(found, code, game.stick(code)), _does(found, code, game.reward(code))
    if row.value <= 0:
        return f"{stick}: {name} gains by it against what it posts as reward ({reward})."
    return (
        f"{stick} instead of the reward ({reward}): being believed must be worth "
        f"{percent(row.value)} of {possessive(name)} GDP{_range(row)}, "
        f"{money(row.million_usd)} a year."
    )


def _other_principal(found: "Argument", code: str) -> Section:
    agent, game = _agent(found), found.game
    reward, stick = game.reward(code), game.stick(code)
    kept, lost = (float(_alone(found, code, a).value[agent]) for a in (reward, stick))
    lines = [
        f"For the furthest stance {_name(found, code)} {_does(found, code, reward)}; for the "
        f"closest it {_does(found, code, stick)}. The difference is {signed_percent(lost - kept)} "
        f"% of {possessive(_name(found, agent))} real income.",
        _carries_out(found, code),
    ]
    actions = list(game.players[code].actions)[1:]
    title = f"What {possessive(_name(found, code))} schedule subtracts"
    return Section(title, lines, *_action_table(found, code, actions))


def _dispute(found: "Argument") -> Section:
    states, first, agent = _states(found), _first(found), _agent(found)
    names = found.about["states"]
    actions = list(found.game.players[first].actions)[1:]
    rows = []
    for action in actions:
        cells = [
            signed_percent(float(found.number(f"in {state}", f"{first}.{action}", country).value))
            for country in (agent, first)
            for state in states
        ]
        rows.append((_title(found, first, action), *cells))
    lines = [
        f"By itself {names[state]} moves real income by "
        + ", ".join(
            f"{signed_percent(float(found.number('state', state, code).value))} % "
            f"({_name(found, code)})"
            for code in found.game.players
        )
        + "."
        for state in states[1:]
    ]
    lines += _more_than_the_reward(found)
    lines += _auction_lines(found)
    headings = ("", *(f"{code}\n{state} %" for code in (agent, first) for state in states))
    note = "Each action alone, against the same state without it."
    return Section("What the dispute does to the reward", lines, headings, rows, note)


def _more_than_the_reward(found: "Argument") -> list[str]:
    """What is added by an action that holds all of the reward's policies and more."""
    first, said = _first(found), []
    actions = found.game.players[first].actions
    reward = found.game.reward(first)
    inside = list(actions[reward].policies.values())
    for action, one in actions.items():
        held = list(one.policies.values())
        if len(held) > len(inside) > 0 and all(policy in held for policy in inside):
            more = _alone(found, first, action).value - _alone(found, first, reward).value
            moved = ", ".join(
                f"{signed(float(more[code]), 3)} ({_name(found, code)})"
                for code in found.game.players
            )
            said.append(
                f"{_title(found, first, action)}: against the reward alone this moves real income "
                f"by, in percentage points, {moved}."
            )
    return said


def _auction_lines(found: "Argument") -> list[str]:
    """The menu auction, as the sentences it supports."""
    said = []
    agent = _name(found, _agent(found))
    for state, rows in found.auction.groupby("state", sort=False):
        paid = ", ".join(
            f"{_name(found, row['principal'])} {money(row['payment'])} "
            f"({percent(row['percent_of_agent'])} of {possessive(agent)} income)"
            if row["payment"] > 0
            else f"{_name(found, row['principal'])} nothing"
            for row in rows.to_dict("records")
        )
        stance = found.game.players[_agent(found)].actions[str(rows.stance.iloc[0])].title
        said.append(
            f"If transfers could be promised on top of these schedules ({state}), the joint sum is "
            f"largest where {agent} {stance}, and the truthful payments a year are: {paid}."
        )
    return said


def _turns(found: "Argument") -> Section:
    """Where the answer reverses, each as a number with its range and its other horizon."""
    first, agent = _first(found), _agent(found)
    rows = []
    for row in found.numbers.loc[found.numbers.kind == "flip"].to_dict("records"):
        rows.append((_flip_in_words(found, row["of"], row["where"]), *_three(row)))
    for code in found.about["principals"]:
        row = found.number("carries out", code, code)
        words = f"{_name(found, code)}: value of being believed for stick over reward"
        rows.append((words, *_three(dict(row))))
    turns = float(found.auction.turns_at.iloc[0])
    name = _name(found, first)
    lines = [
        f"B* is what the closest stance must cost {_name(found, agent)} beside trade, in percent "
        "of its GDP a year, for it to prefer the furthest; above it the answer reverses.",
        f"With transfers, the joint sum is largest at the closest stance where its value to {name} "
        f"is {signed_percent(turns)} % of {possessive(name)} GDP or more"
        + (": at zero it is already." if turns <= 0 else "."),
    ]
    headings = ("", f"{RUNS[found.about['horizon']]}\n%", "range\n%",
                f"{RUNS[found.about['other_horizon']]}\n%")  # fmt: skip
    return Section("Where the answer turns", lines, headings, rows)


def _flip_in_words(found: "Argument", of: str, state: str) -> str:
    where = found.about["states"][state]
    first = _name(found, _first(found))
    if of.startswith("threats "):
        other = _name(found, of.removeprefix("threats "))
        return f"B*, cut-off by {first} or by {other}; {where}"
    words = {
        "schedules": "B*, all schedules as posted",
        "first alone": f"B*, the schedule of {first} alone",
        "reward alone": f"B*, the reward of {first} alone",
    }
    return f"{words[of]}; {where}"


def _three(row: Mapping[Any, Any]) -> tuple[str, str, str]:
    ends = "" if np.isnan(row["low"]) else _ends(row["low"], row["high"])
    return signed_percent(row["value"]), ends, signed_percent(row["other_horizon"])


def _concessions(found: "Argument") -> Section:
    first, agent = _first(found), _agent(found)
    sectors = found.sectors
    title = "Which concessions first"
    if sectors.empty:
        return Section(title, ["No action of this game is split by sector."])
    free = bool((sectors.principal_percent >= 0).all())
    name = _name(found, first)
    action = found.game.players[first].split
    whole = float(_alone(found, first, action).value[agent])
    lines = [
        f"No sector costs {name} real income, so there is no price in real income to rank by: "
        "the order is by what each displaces."
        if free
        else f"{', '.join(sectors.name[sectors.principal_percent < 0])} cost {name} real income.",
        f"Ordered by the gain of {_name(found, agent)} in US$ per US$ of output that "
        f"{possessive(name)} own producers in the sector lose. Together the action is worth "
        f"{signed_percent(whole)} %, the sum of the rows "
        f"{signed_percent(float(sectors.agent_percent.sum()))} %.",
    ]
    rows = [
        (
            row["name"], signed(row["agent_percent"], 4), signed(row["agent_so_far"], 4),
            signed(row["principal_percent"], 4), signed_million(-row["displaced_usd"]),
            f"{row['gain_per_displaced']:.2f}",
        )
        for row in sectors.to_dict("records")
    ]  # fmt: skip
    headings = (
        "sector opened", f"{agent}\n%", "so far\n%", f"{first}\n%",
        "its output\nUS$ m", "gain per\nUS$ lost",
    )  # fmt: skip
    return Section(title, lines, headings, rows)


def _play(found: "Argument") -> Section:
    first, agent = _first(found), _agent(found)
    name = _name(found, agent)
    lines = [_equilibrium(found, row) for row in found.equilibria.to_dict("records")]
    if found.equilibria.empty:
        lines = ["There is no equilibrium in pure strategies."]
    unmoved = found.equilibria.indifferent.all() and len(found.equilibria)
    if unmoved:
        lines.append(
            f"Nobody's answer depends on the stance then, and {name} is indifferent: a stance is "
            "free and buys nothing. Only what is posted and believed makes it worth anything."
        )
    rows = [
        (
            _title(found, first, row["action"]), _plain(row["principal_percent"]),
            _plain(row["buys_alone"]), _plain(row["buys_with_threat"]),
            _plain(row["buys_believed"]) if row["believed"] else "not believed",
        )
        for row in found.prices.to_dict("records")
    ]  # fmt: skip
    headings = (f"reward of {_name(found, first)}", f"{first}\n%",
                "alone\n%", "with the\nstick %", "believed\nonly %")  # fmt: skip
    note = (
        f"What each reward for the closest stance can outweigh of {possessive(name)} own cost, in "
        "% of its GDP, the others answering as posted: alone; with the harshest answer to every "
        "other stance; and with nothing but what the principal would do anyway. Negative: it buys "
        "nothing."
    )
    return Section("What play gives, and what a reward can buy", lines, headings, rows, note)


def _equilibrium(found: "Argument", row: dict[str, object]) -> str:
    agent = _agent(found)
    acts = [
        f"{_name(found, code)} {_does(found, code, str(row[code]))}"
        for code in found.about["principals"]
    ]
    stance = "whatever the stance" if row["indifferent"] else f"stance: {row[agent]}"
    return sentence(f"equilibrium ({row['state']}): {'; '.join(acts)}; {stance}")


def _thirds(found: "Argument") -> Section:
    rows = []
    thirds = found.numbers.loc[found.numbers.kind == "third"]
    for of in dict.fromkeys(thirds.of):
        code, _, action = str(of).partition(".")
        values = thirds.loc[thirds.of == of].set_index("where").value
        worth = [signed_percent(float(values[who])) for who in (_agent(found), code)]
        rows.append((_title(found, code, action), *worth))
    lines = [] if rows else ["This game has no third parties."]
    headings = ("", f"{_agent(found)}\n%", "itself\n%") if rows else ()
    return Section("What third parties could do", lines, headings, rows)


def _past(found: "Argument") -> Section:
    lines = [
        f"{one['what']}: {_bracket(one)} {one['unit']} ({one['source']})."
        for one in found.about["brackets"]
    ]
    if lines:
        lines.append("They bind if the choice was made for this reason. No weight is set to them.")
    return Section("What past choices bound", lines or ["The game names none."])


def _bracket(one: dict[str, object]) -> str:
    low, high = one["low"], one["high"]
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    return f"at least {low:g}" if low is not None else f"at most {high:g}"


def _action_table(
    found: "Argument", code: str, actions: list[str]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Each action alone: to the agent and to who does it, with range and the other horizon."""
    agent = _agent(found)
    rows = []
    for action in actions:
        worth = _alone(found, code, action)
        cells = [cell for who in (agent, code) for cell in _cells(found, worth.loc[who])]
        rows.append((_title(found, code, action), *cells))
    heads = [(f"{who}\n%", "US$ m") for who in (agent, code)]
    return ("", *(head for pair in heads for head in pair)), rows


def _cells(found: "Argument", row: pd.Series) -> tuple[str, str]:
    lines = [signed_percent(row.value)]
    if not np.isnan(row.low):
        lines.append(_ends(row.low, row.high))
    lines.append(f"{signed_percent(row.other_horizon)} {found.about['other_horizon']}")
    return "\n".join(lines), signed_million(row.million_usd)


def _key(found: "Argument") -> str:
    draws = found.about["draws"]
    ends = f"the range of nine tenths of {draws} draws of elasticities and nests, " if draws else ""
    return (
        f"Each action alone: the {RUNS[found.about['horizon']]}, {ends}and the "
        f"{RUNS[found.about['other_horizon']]}. % of real income of {found.about['baseline']}; "
        f"US$ million a year at its size of {found.about['year']}."
    )


def _alone(found: "Argument", code: str, action: str) -> pd.DataFrame:
    """An action alone, by the country that it is worth something to."""
    rows = found.numbers
    chosen = rows.loc[(rows.kind == "worth") & (rows.of == f"{code}.{action}")]
    return chosen.set_index("where")


def _worth(rows: pd.DataFrame, country: str) -> str:
    row = rows.loc[country]
    verb = "" if row.million_usd >= 0 else "minus "
    return f"{signed_percent(row.value)} % ({verb}{money(row.million_usd)}){_range(row)}"


def _range(row: pd.Series) -> str:
    return "" if np.isnan(row.low) else f", {_ends(row.low, row.high)} in draws"


def _ends(low: float, high: float) -> str:
    return f"{signed_percent(low)} to {signed_percent(high)}"


def _plain(value: float) -> str:
    return signed(value, 3)


def _states(found: "Argument") -> list[str]:
    """Those in which the whole game was played, its own first."""
    return list(dict.fromkeys(found.auction.state))


def _agent(found: "Argument") -> str:
    return found.about["agent"]


def _first(found: "Argument") -> str:
    return found.about["principals"][0]


def _name(found: "Argument", code: str) -> str:
    return in_sentence(found.about["names"][code])


def _does(found: "Argument", code: str, action: str) -> str:
    return found.game.players[code].actions[action].title


def _title(found: "Argument", code: str, action: str) -> str:
    name = found.about["names"][code]
    return f"{name} {_does(found, code, action)}"
