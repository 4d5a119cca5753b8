"""The argument of a stance game in sections: sentences and tables that every face shows alike."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from typing import Any, TYPE_CHECKING

import numpy as np

from ._format import (
    money,
    percent,
    possessive,
    sentence,
    signed,
    signed_million,
    signed_percent,
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


def stance_sections(found: "Argument") -> list[Section]:
    """The argument, in the order in which a reader asks."""
    return [
        _section("In short", stance_summary(found)),
        _reward(found),
        _stick(found),
        *(_other_principal(found, code) for code in found.about["principals"][1:]),
        _dispute(found),
        _turns(found),
        _concessions(found),
        _play(found),
        _thirds(found),
        _past(found),
        _section(
            "What is not in it",
            [*found.about.limits, *observed_lines(found.about["evidence"], "the actions touch")],
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


def _reward(found: "Argument") -> Section:
    first = first_of(found)
    actions = [a for a, one in found.game.players[first].actions.items() if not one.resolve][1:]
    best = max(actions, key=lambda a: float(action_alone(found, first, a).value[first]))
    lines = []
    if best != found.game.reward(first):
        worth = action_alone(found, first, best)
        lines.append(
            f"Of these {name_of(found, first)} gains most where it {does(found, first, best)}: "
            f"{worth_of(worth, first)}, and {name_of(found, agent_of(found))} has "
            f"{worth_of(worth, agent_of(found))}."
        )
    title = f"What {possessive(name_of(found, first))} rewards are worth"
    return _section(title, lines, *action_table(found, first, actions), key_note(found))


def _stick(found: "Argument") -> Section:
    first, agent = first_of(found), name_of(found, agent_of(found))
    actions = [a for a, one in found.game.players[first].actions.items() if one.resolve]
    lines = [_stick_line(found, first, action) for action in actions]
    lines.append(_carries_out(found, first))
    title = f"What {possessive(name_of(found, first))} sticks cost {agent} and itself"
    return _section(title, lines, *action_table(found, first, actions))


def _stick_line(found: "Argument", code: str, action: str) -> str:
    row = found.number("pays", f"{code}.{action}", code)
    own, other = found.about.horizon, found.about["other_horizon"]
    said = [
        f"needs {percent(value)} of {possessive(name_of(found, code))} GDP in other gains to be "
        f"carried out in the {RUNS[horizon]}"
        if value > 0
        else f"pays for itself in the {RUNS[horizon]}, by {percent(value)}"
        for horizon, value in ((own, float(row.value)), (other, float(row.other_horizon)))
    ]
    return f"{title_of(found, code, action)}: {said[0]}, and {said[1]}."


def _carries_out(found: "Argument", code: str) -> str:
    row, game, name = found.number("carries out", code, code), found.game, name_of(found, code)
    stick, reward = title_of(found, code, game.stick(code)), does(found, code, game.reward(code))
    if row.value <= 0:
        return f"{stick}: {name} gains by it against what it posts as reward ({reward})."
    return (
        f"{stick} instead of the reward ({reward}): being believed must be worth "
        f"{percent(row.value)} of {possessive(name)} GDP{range_of(row)}, "
        f"{money(row.million_usd)} a year."
    )


def _other_principal(found: "Argument", code: str) -> Section:
    agent, game = agent_of(found), found.game
    reward, stick = game.reward(code), game.stick(code)
    kept, lost = (float(action_alone(found, code, a).value[agent]) for a in (reward, stick))
    lines = [
        f"For the furthest stance {name_of(found, code)} {does(found, code, reward)}; for the "
        f"closest it {does(found, code, stick)}. The difference is {signed_percent(lost - kept)} "
        f"% of {possessive(name_of(found, agent))} real income.",
        _carries_out(found, code),
    ]
    actions = list(game.players[code].actions)[1:]
    title = f"What {possessive(name_of(found, code))} schedule subtracts"
    return _section(title, lines, *action_table(found, code, actions))


def _dispute(found: "Argument") -> Section:
    states, first, agent = states_of(found), first_of(found), agent_of(found)
    names = found.about["states"]
    actions = list(found.game.players[first].actions)[1:]
    rows = []
    for action in actions:
        cells = [
            signed_percent(float(found.number(f"in {state}", f"{first}.{action}", country).value))
            for country in (agent, first)
            for state in states
        ]
        rows.append((title_of(found, first, action), *cells))
    lines = [
        f"By itself {names[state]} moves real income by "
        + ", ".join(
            f"{signed_percent(float(found.number('state', state, code).value))} % "
            f"({name_of(found, code)})"
            for code in found.game.players
        )
        + "."
        for state in states[1:]
    ]
    lines += _more_than_another(found)
    lines += _auction_lines(found)
    headings = ("", *(f"{code}\n{state} %" for code in (agent, first) for state in states))
    note = "Each action alone, against the same state without it."
    return _section("What the dispute does to the reward", lines, headings, rows, note)


def _more_than_another(found: "Argument") -> list[str]:
    """What is added by an action that holds all policies of another and more."""
    first, said = first_of(found), []
    actions = found.game.players[first].actions
    held = {action: _sizes(one.policies.values()) for action, one in actions.items()}
    for action, other in permutations(actions, 2):
        if held[other] and len(held[action]) > len(held[other]) and _all_in(held, other, action):
            more = (
                action_alone(found, first, action).value - action_alone(found, first, other).value
            )
            moved = ", ".join(
                f"{_points(float(more[code]))} ({name_of(found, code)})"
                for code in found.game.players
            )
            said.append(
                f"{title_of(found, first, action)}: against what is also an action of its own "
                f"({does(found, first, other)}) this moves real income by, in percentage points, "
                f"{moved}."
            )
    return said


def _sizes(policies: Iterable["Policy"]) -> list[dict[str, Any]]:
    """Policies without the words about them, so that equal ones compare as equal."""
    return [policy.model_dump(exclude={"source", "note"}) for policy in policies]


def _all_in(held: Mapping[str, list[dict[str, Any]]], inner: str, outer: str) -> bool:
    return all(policy in held[outer] for policy in held[inner])


def _points(value: float) -> str:
    return signed(value, 4)


def _auction_lines(found: "Argument") -> list[str]:
    """The menu auction, as the sentences it supports."""
    said = []
    agent = name_of(found, agent_of(found))
    for state, rows in found.auction.groupby("state", sort=False):
        paid = ", ".join(
            f"{name_of(found, row['principal'])} {money(row['payment'])} "
            f"({percent(row['percent_of_agent'])} of {possessive(agent)} income)"
            if row["payment"] > 0
            else f"{name_of(found, row['principal'])} nothing"
            for row in rows.to_dict("records")
        )
        stance = found.game.players[agent_of(found)].actions[str(rows.stance.iloc[0])].title
        said.append(
            f"If transfers could be promised on top of these schedules ({state}), the joint sum is "
            f"largest where {agent} {stance}, and the truthful payments a year are: {paid}."
        )
    return said


def _turns(found: "Argument") -> Section:
    """Where the answer reverses, each as a number with its range and its other horizon."""
    first, agent = first_of(found), agent_of(found)
    rows = []
    for row in found.numbers.loc[found.numbers.kind == "flip"].to_dict("records"):
        rows.append((_flip_in_words(found, row["of"], row["where"]), *_three(row)))
    rows += [
        (_slope_in_words(found, row["of"], row["where"]), *_three(row))
        for row in found.numbers.loc[found.numbers.kind == "slope"].to_dict("records")
    ]
    for code in found.about["principals"]:
        row = found.number("carries out", code, code)
        words = f"{name_of(found, code)}: value of being believed for stick over reward"
        rows.append((words, *_three(dict(row))))
    turns = float(found.auction.turns_at.iloc[0])
    name = name_of(found, first)
    lines = [
        f"B* is what the closest stance must cost {name_of(found, agent)} beside trade, in percent "
        "of its GDP a year, for it to prefer the furthest; above it the answer reverses.",
        f"With transfers, the joint sum is largest at the closest stance where its value to {name} "
        f"is {signed_percent(turns)} % of {possessive(name)} GDP or more"
        + (": at zero it is already." if turns <= 0 else "."),
    ]
    if (found.numbers.kind == "slope").any():
        lines.append(
            "Shares of trade are moved by real costs of trade with the partner, 1 % either way, "
            "and are counted before any cut-off; without draws."
        )
    headings = ("", f"{RUNS[found.about.horizon]}\n%", "range\n%",
                f"{RUNS[found.about['other_horizon']]}\n%")  # fmt: skip
    return _section("Where the answer turns", lines, headings, rows)


def _flip_in_words(found: "Argument", of: str, state: str) -> str:
    where = found.about["states"][state]
    first = name_of(found, first_of(found))
    if of.startswith("threats "):
        other = name_of(found, of.removeprefix("threats "))
        return f"B*, cut-off by {first} or by {other}; {where}"
    words = {
        "schedules": "B*, all schedules as posted",
        "first alone": f"B*, the schedule of {first} alone",
        "reward alone": f"B*, the reward of {first} alone",
    }
    return f"{words[of]}; {where}"


def _slope_in_words(found: "Argument", of: str, partner: str) -> str:
    other, name = name_of(found, of.removeprefix("threats ")), name_of(found, partner)
    share = found.about["trade_share"][partner]
    return (
        f"Change of B*, cut-off by {name_of(found, first_of(found))} or by {other}, for each point "
        f"that {possessive(name)} share in {possessive(name_of(found, agent_of(found)))} trade, "
        f"now {share:.1f} %, is higher"
    )


def _three(row: Mapping[Any, Any]) -> tuple[str, str, str]:
    ends = "" if np.isnan(row["low"]) else ends_of(row["low"], row["high"])
    return signed_percent(row["value"]), ends, signed_percent(row["other_horizon"])


def _concessions(found: "Argument") -> Section:
    first, agent = first_of(found), agent_of(found)
    sectors = found.sectors
    title = "Which concessions first"
    if sectors.empty:
        return _section(title, ["No action of this game is split by sector."])
    free = bool((sectors.principal_percent >= 0).all())
    name = name_of(found, first)
    action = found.game.players[first].split
    whole = float(action_alone(found, first, action).value[agent])
    lines = [
        f"No sector costs {name} real income, so there is no price in real income to rank by: "
        "the order is by what each displaces."
        if free
        else f"{', '.join(sectors.name[sectors.principal_percent < 0])} cost {name} real income.",
        f"Ordered by the gain of {name_of(found, agent)} in US$ per US$ of output that "
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


def _play(found: "Argument") -> Section:
    first, agent = first_of(found), agent_of(found)
    name = name_of(found, agent)
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
            title_of(found, first, row["action"]), plain(row["principal_percent"]),
            plain(row["buys_alone"]), plain(row["buys_with_threat"]),
            plain(row["buys_believed"]) if row["believed"] else "not believed",
        )
        for row in found.prices.to_dict("records")
    ]  # fmt: skip
    headings = (f"reward of {name_of(found, first)}", f"{first}\n%",
                "alone\n%", "with the\nstick %", "believed\nonly %")  # fmt: skip
    note = (
        f"What each reward for the closest stance can outweigh of {possessive(name)} own cost, in "
        "% of its GDP, the others answering as posted: alone; with the harshest answer to every "
        "other stance; and with nothing but what the principal would do anyway. Negative: it buys "
        "nothing."
    )
    return _section("What play gives, and what a reward can buy", lines, headings, rows, note)


def _equilibrium(found: "Argument", row: dict[str, object]) -> str:
    agent = agent_of(found)
    acts = [
        f"{name_of(found, code)} {does(found, code, str(row[code]))}"
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
        worth = [signed_percent(float(values[who])) for who in (agent_of(found), code)]
        rows.append((title_of(found, code, action), *worth))
    lines = [] if rows else ["This game has no third parties."]
    headings = ("", f"{agent_of(found)}\n%", "itself\n%") if rows else ()
    return _section("What third parties could do", lines, headings, rows)


def _past(found: "Argument") -> Section:
    lines = [
        f"{one['what']}: {_bracket(one)} {one['unit']} ({one['source']})."
        for one in found.about["brackets"]
    ]
    if lines:
        lines.append("They bind if the choice was made for this reason. No weight is set to them.")
    return _section("What past choices bound", lines or ["The game names none."])


def _bracket(one: dict[str, object]) -> str:
    low, high = one["low"], one["high"]
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    return f"at least {low:g}" if low is not None else f"at most {high:g}"
