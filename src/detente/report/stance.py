"""The argument of a stance game in sections: sentences and tables that every face shows alike."""

from collections.abc import Mapping, Sequence
from typing import Any, TYPE_CHECKING

import numpy as np

from .._words import listing, possessive
from ._format import (
    money,
    percent,
    sentence,
    signed,
    signed_million,
    signed_percent,
)
from ._frames import records
from .section import items, Section, table_of
from .stance_dispute import dispute_table
from .stance_summary import stance_summary
from .stance_words import (
    action_alone,
    action_table,
    agent_of,
    does,
    doing,
    ends_of,
    first_of,
    key_note,
    name_of,
    plain,
    range_of,
    RUNS,
    title_of,
    worth_of,
)
from .sureness import changes_in_percent
from .uncertainty import observed_lines
from .wording import say


if TYPE_CHECKING:
    from ..geo.stance import Argument


def stance_sections(argument: "Argument") -> list[Section]:
    """The argument, in the order in which a reader asks."""
    about = argument.about
    return [
        _section("In short", stance_summary(argument)),
        _reward(argument),
        _stick(argument),
        *(_other_principal(argument, code) for code in about["principals"][1:]),
        _section("What the dispute does to the reward", *dispute_table(argument)),
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
    table = [table_of(headings, rows, wraps="names")] if rows else []
    return Section([*items(lines), *table, *([note] if note else [])], title)


def _reward(argument: "Argument") -> Section:
    first, agent = first_of(argument), agent_of(argument)
    actions = [a for a, one in argument.game.players[first].actions.items() if not one.resolve][1:]
    best = max(actions, key=lambda a: float(action_alone(argument, first, a).value[first]))
    lines = []
    if best != argument.game.reward(first):
        worth = worth_of(argument, action_alone(argument, first, best), first, agent)
        filled = {"name": name_of(argument, first), "does": does(argument, first, best)}
        lines.append(sentence(say("stance.best", worth=worth, **filled)))
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
    horizons = argument.about.horizon, argument.about["other_horizon"]
    values = float(row.value), float(row.other_horizon)
    ways = ["stick_costs" if value > 0 else "stick_brings" for value in values]
    if ways[0] == ways[1]:
        ways[1] = "stick_also"
    own, other = (
        say(f"stance.{way}", size=percent(value), run=RUNS[run])
        for way, value, run in zip(ways, values, horizons, strict=True)
    )
    filled = {"name": name_of(argument, code), "does": does(argument, code, action)}
    return sentence(say("stance.stick", own=own, other=other, **filled))


def _carries_out(argument: "Argument", code: str) -> str:
    row, game = argument.number("carries out", code, code), argument.game
    filled = {
        "name": name_of(argument, code),
        "stick": does(argument, code, game.stick(code)),
        "reward": does(argument, code, game.reward(code)),
    }
    if row.value <= 0:
        return sentence(say("stance.gains_by_stick", **filled))
    worth = {"size": percent(row.value), "range": range_of(row), "money": money(row.million_usd)}
    return sentence(say("stance.carries_out", **filled, **worth))


def _other_principal(argument: "Argument", code: str) -> Section:
    agent, game, name = agent_of(argument), argument.game, name_of(argument, code)
    reward, stick = game.reward(code), game.stick(code)
    kept, lost = (float(action_alone(argument, code, a).value[agent]) for a in (reward, stick))
    schedule = say(
        "stance.schedule",
        name=name,
        reward=does(argument, code, reward),
        stick=does(argument, code, stick),
        changes=changes_in_percent(argument.about, [agent], lost - kept),
    )
    actions = list(game.players[code].actions)[1:]
    title = f"What {possessive(name)} schedule subtracts"
    lines = [sentence(schedule), _carries_out(argument, code)]
    return _section(title, lines, *action_table(argument, code, actions))


def _turns(argument: "Argument") -> Section:
    """Where the answer reverses, each as a number with its range and its other horizon."""
    first, rows = first_of(argument), []
    for row in records(argument.numbers.loc[argument.numbers.kind == "flip"]):
        rows.append((_flip_in_words(argument, row["of"], row["where"]), *_three(row)))
    rows += [
        (_slope_in_words(argument, row["of"], row["where"]), *_three(row))
        for row in records(argument.numbers.loc[argument.numbers.kind == "slope"])
    ]
    for code in argument.about["principals"]:
        row = argument.number("carries out", code, code)
        words = say("stance.believed", name=argument.about["names"][code])
        rows.append((words, *_three(dict(row))))
    turns = float(argument.auction.turns_at.iloc[0])
    name = name_of(argument, first)
    auction = {"name": name, "owner": possessive(name), "turns": signed_percent(turns)}
    lines = [
        say("stance.flip", agent=name_of(argument, agent_of(argument))),
        say(f"stance.auction_turns{'_already' if turns <= 0 else ''}", **auction),
    ]
    if (argument.numbers.kind == "slope").any():
        lines.append(say("stance.shares"))
    lines = [*map(sentence, lines)]
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
    action, names = argument.game.players[first].split, argument.about["names"]
    whole = float(action_alone(argument, first, action).value[agent])
    cost = [f"'{one}'" for one in sectors.name[sectors.principal_percent < 0]]
    named = {"name": name, "owner": possessive(name), "sectors": listing(cost)}
    lines = [
        say(f"stance.{'free' if free else 'cost'}", **named),
        say(
            "stance.order",
            agent=possessive(name_of(argument, agent)),
            whole=signed_percent(whole),
            added=signed_percent(float(sectors.agent_percent.sum())),
            **named,
        ),
    ]
    lines = [*map(sentence, lines)]
    rows = [
        (
            row["name"], signed(row["agent_percent"], 4), signed(row["agent_so_far"], 4),
            signed(row["principal_percent"], 4), signed_million(-row["displaced_usd"]),
            f"{row['gain_per_displaced']:.2f}",
        )
        for row in records(sectors)
    ]  # fmt: skip
    headings = (
        "sector opened", f"{names[agent]}\n%", "so far\n%", f"{names[first]}\n%",
        f"{names[first]}:\noutput,\nUS$ m", "gain per\nUS$ lost",
    )  # fmt: skip
    return _section(title, lines, headings, rows)


def _play(argument: "Argument") -> Section:
    first, agent = first_of(argument), agent_of(argument)
    name = name_of(argument, agent)
    lines = [_equilibrium(argument, row) for row in records(argument.equilibria)]
    if argument.equilibria.empty:
        lines = [sentence(say("stance.no_equilibrium"))]
    unmoved = argument.equilibria.indifferent.all() and len(argument.equilibria)
    if unmoved:
        lines.append(sentence(say("stance.free_stance", agent=name)))
    rows = [
        (
            title_of(argument, first, row["action"]), plain(row["principal_percent"]),
            plain(row["buys_alone"]), plain(row["buys_with_threat"]),
            plain(row["buys_believed"]) if row["believed"] else "not believed",
        )
        for row in records(argument.prices)
    ]  # fmt: skip
    principal = argument.about["names"][first]
    headings = (f"reward of {name_of(argument, first)}", f"{principal}\n%",
                "alone\n%", "with the\nstick %", "believed\nonly %")  # fmt: skip
    filled = {"owner": possessive(name), "first": name_of(argument, first)}
    note = sentence(say("stance.prices", **filled))
    return _section("What play gives, and what a reward can buy", lines, headings, rows, note)


def _equilibrium(argument: "Argument", row: dict[str, Any]) -> str:
    agent = agent_of(argument)
    acts = [doing(argument, code, str(row[code])) for code in argument.about["principals"]]
    if row["indifferent"]:
        stance = say("stance.whatever", owner=possessive(name_of(argument, agent)))
    else:
        # It may be indifferent between some of its stances and not all.
        titles = [does(argument, agent, one) for one in str(row[agent]).split(", ")]
        takes = f"{name_of(argument, agent)} {' or '.join(titles)}"
        stance = say("stance.takes", does=takes)
    state = argument.about["states"][str(row["state"])]
    return sentence(say("stance.equilibrium", state=state, acts=listing(acts), stance=stance))


def _thirds(argument: "Argument") -> Section:
    rows = []
    thirds = argument.numbers.loc[argument.numbers.kind == "third"]
    for of in dict.fromkeys(thirds.of):
        code, _, action = str(of).partition(".")
        values = thirds.loc[thirds.of == of].set_index("where").value
        worth = [signed_percent(float(values[who])) for who in (agent_of(argument), code)]
        rows.append((title_of(argument, code, action), *worth))
    lines = [] if rows else ["This game has no third parties."]
    agent = argument.about["names"][agent_of(argument)]
    headings = ("", f"{agent}\n%", "itself\n%") if rows else ()
    return _section("What third parties could do", lines, headings, rows)


def _past(argument: "Argument") -> Section:
    lines = [
        f"{one['what']}: {_bracket(one)} {one['unit']} ({one['source']})."
        for one in argument.about["brackets"]
    ]
    if lines:
        lines.append(sentence(say("stance.bounds")))
    return _section("What past choices bound", lines or ["The game names none."])


def _bracket(one: dict[str, object]) -> str:
    low, high = one["low"], one["high"]
    if low is not None and high is not None:
        return f"{low:g} to {high:g}"
    return f"at least {low:g}" if low is not None else f"at most {high:g}"
