"""The argument of a stance game in sections: sentences and tables that every face shows alike."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from typing import Any, TYPE_CHECKING

import numpy as np

from .._words import possessive
from ._format import (
    money,
    percent,
    sentence,
    signed,
    signed_million,
    signed_percent,
    UNCHANGED_PERCENT,
)
from .section import items, Section, table_of
from .stance_summary import stance_summary
from .stance_words import (
    action_alone,
    action_table,
    agent_of,
    does,
    ends_of,
    first_of,
    key_note,
    name_of,
    plain,
    range_of,
    RUNS,
    states_of,
    title_of,
    worth_of,
)
from .uncertainty import observed_lines


if TYPE_CHECKING:
    from ..geo.stance import Argument
    from ..policy import Policy


def stance_sections(argument: "Argument") -> list[Section]:
    """The argument, in the order in which a reader asks."""
    about = argument.about
    return [
        _section("In short", stance_summary(argument)),
        _reward(argument),
        _stick(argument),
        *(_other_principal(argument, code) for code in about["principals"][1:]),
        _dispute(argument),
        _turns(argument),
        _concessions(argument),
        _play(argument),
        _thirds(argument),
        _past(argument),
        _section(
            "What is not in it",
            [*about.limits, *observed_lines(about["evidence"], "the actions touch")],
        ),
    ]


def _section(
    title: str,
    lines: Sequence[str],
    headings: Sequence[str] = (),
    rows: Sequence[Sequence[str]] = (),
    note: str = "",
) -> Section:
    """What is said, the table below, and a note on it."""
    table = [table_of(headings, rows, folds=True)] if rows else []
    return Section([*items(lines), *table, *([note] if note else [])], title)


def _reward(argument: "Argument") -> Section:
    first = first_of(argument)
    actions = [a for a, one in argument.game.players[first].actions.items() if not one.resolve][1:]
    best = max(actions, key=lambda a: float(action_alone(argument, first, a).value[first]))
    lines = []
    if best != argument.game.reward(first):
        worth = action_alone(argument, first, best)
        lines.append(
            f"Of these {name_of(argument, first)} gains most where it "
            f"{does(argument, first, best)}: {worth_of(worth, first)}, and "
            f"{name_of(argument, agent_of(argument))} has {worth_of(worth, agent_of(argument))}."
        )
    title = f"What {possessive(name_of(argument, first))} rewards are worth"
    return _section(title, lines, *action_table(argument, first, actions), key_note(argument))


def _stick(argument: "Argument") -> Section:
    first, agent = first_of(argument), name_of(argument, agent_of(argument))
    actions = [a for a, one in argument.game.players[first].actions.items() if one.resolve]
    lines = [_stick_line(argument, first, action) for action in actions]
    lines.append(_carries_out(argument, first))
    title = f"What {possessive(name_of(argument, first))} sticks cost {agent} and itself"
    return _section(title, lines, *action_table(argument, first, actions))


def _stick_line(argument: "Argument", code: str, action: str) -> str:
    row = argument.number("pays", f"{code}.{action}", code)
    own, other = argument.about.horizon, argument.about["other_horizon"]
    said = [
        f"needs {percent(value)} of {possessive(name_of(argument, code))} GDP in other gains to be "
        f"carried out in the {RUNS[horizon]}"
        if value > 0
        else f"pays for itself in the {RUNS[horizon]}, by {percent(value)}"
        for horizon, value in ((own, float(row.value)), (other, float(row.other_horizon)))
    ]
    return f"{title_of(argument, code, action)}: {said[0]}, and {said[1]}."


def _carries_out(argument: "Argument", code: str) -> str:
    row, game = argument.number("carries out", code, code), argument.game
    name, stick = name_of(argument, code), title_of(argument, code, game.stick(code))
    reward = does(argument, code, game.reward(code))
    if row.value <= 0:
        return f"{stick}: {name} gains by it against what it posts as reward ({reward})."
    return (
        f"{stick} instead of the reward ({reward}): being believed must be worth "
        f"{percent(row.value)} of {possessive(name)} GDP{range_of(row)}, "
        f"{money(row.million_usd)} a year."
    )


def _other_principal(argument: "Argument", code: str) -> Section:
    agent, game = agent_of(argument), argument.game
    reward, stick = game.reward(code), game.stick(code)
    kept, lost = (float(action_alone(argument, code, a).value[agent]) for a in (reward, stick))
    lines = [
        f"For the furthest stance {name_of(argument, code)} {does(argument, code, reward)}; for "
        f"the closest it {does(argument, code, stick)}. The difference is "
        f"{signed_percent(lost - kept)} % of {possessive(name_of(argument, agent))} real income.",
        _carries_out(argument, code),
    ]
    actions = list(game.players[code].actions)[1:]
    title = f"What {possessive(name_of(argument, code))} schedule subtracts"
    return _section(title, lines, *action_table(argument, code, actions))


def _dispute(argument: "Argument") -> Section:
    states, first, agent = states_of(argument), first_of(argument), agent_of(argument)
    names = argument.about["states"]
    actions = list(argument.game.players[first].actions)[1:]
    rows = []
    for action in actions:
        cells = [
            signed_percent(
                float(argument.number(f"in {state}", f"{first}.{action}", country).value)
            )
            for country in (agent, first)
            for state in states
        ]
        rows.append((title_of(argument, first, action), *cells))
    lines = [
        f"By itself {names[state]} moves real income by "
        + ", ".join(
            f"{signed_percent(float(argument.number('state', state, code).value))} % "
            f"({name_of(argument, code)})"
            for code in argument.game.players
        )
        + "."
        for state in states[1:]
    ]
    lines += _more_than_another(argument)
    lines += _auction_lines(argument)
    headings = ("", *(f"{code}\n{state} %" for code in (agent, first) for state in states))
    note = "Each action alone, against the same state without it."
    return _section("What the dispute does to the reward", lines, headings, rows, note)


def _more_than_another(argument: "Argument") -> list[str]:
    """What is added by an action that holds all policies of another and more."""
    first, said = first_of(argument), []
    actions = argument.game.players[first].actions
    held = {action: _sizes(one.policies.values()) for action, one in actions.items()}
    for action, other in permutations(actions, 2):
        if held[other] and len(held[action]) > len(held[other]) and _all_in(held, other, action):
            more = (
                action_alone(argument, first, action).value
                - action_alone(argument, first, other).value
            )
            moved = ", ".join(
                f"{_points(float(more[code]))} ({name_of(argument, code)})"
                for code in argument.game.players
            )
            said.append(
                f"{title_of(argument, first, action)}: against what is also an action of its own "
                f"({does(argument, first, other)}) this moves real income by, in percentage "
                f"points, {moved}."
            )
    return said


def _sizes(policies: Iterable["Policy"]) -> list[dict[str, Any]]:
    """Policies without the words about them, so that equal ones compare as equal."""
    return [policy.model_dump(exclude={"source", "note"}) for policy in policies]


def _all_in(held: Mapping[str, list[dict[str, Any]]], inner: str, outer: str) -> bool:
    return all(policy in held[outer] for policy in held[inner])


def _points(value: float) -> str:
    return signed(value, 4)


def _auction_lines(argument: "Argument") -> list[str]:
    """The menu auction, as the sentences it supports."""
    said = []
    agent = name_of(argument, agent_of(argument))
    for state, rows in argument.auction.groupby("state", sort=False):
        paid = ", ".join(
            f"{name_of(argument, row['principal'])} {money(row['payment'])} "
            f"({percent(row['percent_of_agent'])} of {possessive(agent)} income)"
            if row["percent_of_agent"] >= UNCHANGED_PERCENT
            else f"{name_of(argument, row['principal'])} nothing"
            for row in rows.to_dict("records")
        )
        stance = argument.game.players[agent_of(argument)].actions[str(rows.stance.iloc[0])].title
        said.append(
            f"If transfers could be promised on top of these schedules ({state}), the joint sum is "
            f"largest where {agent} {stance}, and the truthful payments a year are: {paid}."
        )
    return said


def _turns(argument: "Argument") -> Section:
    """Where the answer reverses, each as a number with its range and its other horizon."""
    first, agent = first_of(argument), agent_of(argument)
    rows = []
    for row in argument.numbers.loc[argument.numbers.kind == "flip"].to_dict("records"):
        rows.append((_flip_in_words(argument, row["of"], row["where"]), *_three(row)))
    rows += [
        (_slope_in_words(argument, row["of"], row["where"]), *_three(row))
        for row in argument.numbers.loc[argument.numbers.kind == "slope"].to_dict("records")
    ]
    for code in argument.about["principals"]:
        row = argument.number("carries out", code, code)
        words = f"{name_of(argument, code)}: value of being believed for stick over reward"
        rows.append((words, *_three(dict(row))))
    turns = float(argument.auction.turns_at.iloc[0])
    name = name_of(argument, first)
    lines = [
        f"B* is what the closest stance must cost {name_of(argument, agent)} beside trade, in "
        "percent of its GDP a year, for it to prefer the furthest; above it the answer reverses.",
        f"With transfers, the joint sum is largest at the closest stance where its value to {name} "
        f"is {signed_percent(turns)} % of {possessive(name)} GDP or more"
        + (": at zero it is already." if turns <= 0 else "."),
    ]
    if (argument.numbers.kind == "slope").any():
        lines.append(
            "Shares of trade are moved by real costs of trade with the partner, 1 % either way, "
            "and are counted before any cut-off; without draws."
        )
    headings = ("", f"{RUNS[argument.about.horizon]}\n%", "range\n%",
                f"{RUNS[argument.about['other_horizon']]}\n%")  # fmt: skip
    return _section("Where the answer turns", lines, headings, rows)


def _flip_in_words(argument: "Argument", of: str, state: str) -> str:
    where = argument.about["states"][state]
    first = name_of(argument, first_of(argument))
    if of.startswith("threats "):
        other = name_of(argument, of.removeprefix("threats "))
        return f"B*, cut-off by {first} or by {other}; {where}"
    words = {
        "schedules": "B*, all schedules as posted",
        "first alone": f"B*, the schedule of {first} alone",
        "reward alone": f"B*, the reward of {first} alone",
    }
    return f"{words[of]}; {where}"


def _slope_in_words(argument: "Argument", of: str, partner: str) -> str:
    other, name = name_of(argument, of.removeprefix("threats ")), name_of(argument, partner)
    share = argument.about["trade_share"][partner]
    return (
        f"Change of B*, cut-off by {name_of(argument, first_of(argument))} or by {other}, for each "
        f"point that {possessive(name)} share in "
        f"{possessive(name_of(argument, agent_of(argument)))} trade, now {share:.1f} %, is higher"
    )


def _three(row: Mapping[Any, Any]) -> tuple[str, str, str]:
    ends = "" if np.isnan(row["low"]) else ends_of(row["low"], row["high"])
    return signed_percent(row["value"]), ends, signed_percent(row["other_horizon"])


def _concessions(argument: "Argument") -> Section:
    first, agent = first_of(argument), agent_of(argument)
    sectors = argument.sectors
    title = "Which concessions first"
    if sectors.empty:
        return _section(title, ["No action of this game is split by sector."])
    free = bool((sectors.principal_percent >= 0).all())
    name = name_of(argument, first)
    action = argument.game.players[first].split
    whole = float(action_alone(argument, first, action).value[agent])
    lines = [
        f"No sector costs {name} real income, so there is no price in real income to rank by: "
        "the order is by what each displaces."
        if free
        else f"{', '.join(sectors.name[sectors.principal_percent < 0])} cost {name} real income.",
        f"Ordered by the gain of {name_of(argument, agent)} in US$ per US$ of output that "
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
    return _section(title, lines, headings, rows)


def _play(argument: "Argument") -> Section:
    first, agent = first_of(argument), agent_of(argument)
    name = name_of(argument, agent)
    lines = [_equilibrium(argument, row) for row in argument.equilibria.to_dict("records")]
    if argument.equilibria.empty:
        lines = ["There is no equilibrium in pure strategies."]
    unmoved = argument.equilibria.indifferent.all() and len(argument.equilibria)
    if unmoved:
        lines.append(
            f"Nobody's answer depends on the stance then, and {name} is indifferent: a stance is "
            "free and buys nothing. Only what is posted and believed makes it worth anything."
        )
    rows = [
        (
            title_of(argument, first, row["action"]), plain(row["principal_percent"]),
            plain(row["buys_alone"]), plain(row["buys_with_threat"]),
            plain(row["buys_believed"]) if row["believed"] else "not believed",
        )
        for row in argument.prices.to_dict("records")
    ]  # fmt: skip
    headings = (f"reward of {name_of(argument, first)}", f"{first}\n%",
                "alone\n%", "with the\nstick %", "believed\nonly %")  # fmt: skip
    note = (
        f"What each reward for the closest stance can outweigh of {possessive(name)} own cost, in "
        "% of its GDP, the others answering as posted: alone; with the harshest answer to every "
        "other stance; and with nothing but what the principal would do anyway. Negative: it buys "
        "nothing."
    )
    return _section("What play gives, and what a reward can buy", lines, headings, rows, note)


def _equilibrium(argument: "Argument", row: dict[str, object]) -> str:
    agent = agent_of(argument)
    acts = [
        f"{name_of(argument, code)} {does(argument, code, str(row[code]))}"
        for code in argument.about["principals"]
    ]
    stance = "whatever the stance" if row["indifferent"] else f"stance: {row[agent]}"
    return sentence(f"equilibrium ({row['state']}): {'; '.join(acts)}; {stance}")


def _thirds(argument: "Argument") -> Section:
    rows = []
    thirds = argument.numbers.loc[argument.numbers.kind == "third"]
    for of in dict.fromkeys(thirds.of):
        code, _, action = str(of).partition(".")
        values = thirds.loc[thirds.of == of].set_index("where").value
        worth = [signed_percent(float(values[who])) for who in (agent_of(argument), code)]
        rows.append((title_of(argument, code, action), *worth))
    lines = [] if rows else ["This game has no third parties."]
    headings = ("", f"{agent_of(argument)}\n%", "itself\n%") if rows else ()
    return _section("What third parties could do", lines, headings, rows)


def _past(argument: "Argument") -> Section:
    lines = [
        f"{one['what']}: {_bracket(one)} {one['unit']} ({one['source']})."
        for one in argument.about["brackets"]
    ]
    if lines:
        lines.append("They bind if the choice was made for this reason. No weight is set to them.")
    return _section("What past choices bound", lines or ["The game names none."])


def _bracket(one: dict[str, object]) -> str:
    low, high = one["low"], one["high"]
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    return f"at least {low:g}" if low is not None else f"at most {high:g}"
