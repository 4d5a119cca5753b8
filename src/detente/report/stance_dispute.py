"""What a dispute does to the reward of a stance game, and what payments would add."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations
from typing import Any, TYPE_CHECKING

from .._words import listing, possessive
from ._format import (
    money,
    percent,
    sentence,
    signed_fine_percent,
    signed_percent,
    UNCHANGED_PERCENT,
)
from ._frames import records
from .stance_words import (
    action_alone,
    agent_of,
    does,
    doing,
    first_of,
    name_of,
    states_of,
    title_of,
)
from .wording import say


if TYPE_CHECKING:
    from ..geo.stance import Argument
    from ..policy import Policy


def dispute_table(
    argument: "Argument",
) -> tuple[list[str], Sequence[str], list[tuple[str, ...]], str]:
    """What is said, headings, rows and the note of the section on the dispute."""
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
        say(
            "stance.state",
            state=names[state],
            moves=_in_each(
                argument,
                {
                    code: float(argument.number("state", state, code).value)
                    for code in argument.game.players
                },
                " %",
            ),
        )
        for state in states[1:]
    ]
    lines += _more_than_another(argument)
    lines += _auction_lines(argument)
    lines = [*map(sentence, lines)]
    countries = [argument.about["names"][code] for code in (agent, first)]
    headings = ("", *(f"{name},\n{state} %" for name in countries for state in states))
    note = sentence(say("stance.against_state"))
    return lines, headings, rows, note


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
            moved = {code: float(more[code]) for code in argument.game.players}
            said.append(
                say(
                    "stance.more_than",
                    action=doing(argument, first, action),
                    other=does(argument, first, other),
                    moves=_in_each(argument, moved, " points"),
                )
            )
    return said


def _in_each(argument: "Argument", values: Mapping[str, float], unit: str) -> str:
    """A number for each country, in a row."""
    return listing(
        [
            f"{signed_fine_percent(value)}{unit} in {name_of(argument, code)}"
            for code, value in values.items()
        ]
    )


def _sizes(policies: Iterable["Policy"]) -> list[dict[str, Any]]:
    """Policies without the words about them, so that equal ones compare as equal."""
    return [policy.model_dump(exclude={"source", "note"}) for policy in policies]


def _all_in(held: Mapping[str, list[dict[str, Any]]], inner: str, outer: str) -> bool:
    return all(policy in held[outer] for policy in held[inner])


def _auction_lines(argument: "Argument") -> list[str]:
    """The menu auction, as the sentences it supports."""
    said, agent = [], agent_of(argument)
    owner = possessive(name_of(argument, agent))
    for state, rows in argument.auction.groupby("state", sort=False):
        paid = [
            say(
                f"stance.pays{'' if row['percent_of_agent'] >= UNCHANGED_PERCENT else '_nothing'}",
                name=name_of(argument, row["principal"]),
                money=money(row["payment"]),
                share=percent(row["percent_of_agent"]),
                owner=owner,
            )
            for row in records(rows)
        ]
        stance = doing(argument, agent, str(rows.stance.iloc[0]))
        where = argument.about["states"][str(state)]
        said.append(say("stance.auction", state=where, stance=stance, paid=listing(paid)))
    return said
