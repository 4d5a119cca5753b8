"""Rows and words that the sections of a stance game share."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import in_sentence, listing
from ._format import money, signed, signed_million, signed_percent


if TYPE_CHECKING:
    from ..geo.stance import Argument


RUNS = {"long": "long run", "short": "short run"}


def action_table(
    argument: "Argument", code: str, actions: list[str]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Each action alone: to the agent and to who does it, with range and the other horizon."""
    agent = agent_of(argument)
    rows = []
    for action in actions:
        worth = action_alone(argument, code, action)
        cells = [cell for who in (agent, code) for cell in _cells(argument, worth.loc[who])]
        rows.append((title_of(argument, code, action), *cells))
    heads = [(f"{who}\n%", "US$ m") for who in (agent, code)]
    return ("", *(head for pair in heads for head in pair)), rows


def _cells(argument: "Argument", row: pd.Series) -> tuple[str, str]:
    lines = [signed_percent(row.value)]
    if not np.isnan(row.low):
        lines.append(ends_of(row.low, row.high))
    lines.append(f"{signed_percent(row.other_horizon)} {argument.about['other_horizon']}")
    return "\n".join(lines), signed_million(row.million_usd)


_DRAWN = {"tariffs": "averages of tariffs", "services_split": "the services split"}
"""Assumptions by a shorter name than their own."""


def key_note(argument: "Argument") -> str:
    draws = argument.about.draws
    varied = listing([_DRAWN.get(str(name), str(name)) for name in argument.about.assumptions])
    ends = f"the range of nine tenths of {draws} draws of {varied}, " if draws else ""
    without = (
        " On a world of this size there are no ranges unless draws are asked for: they take "
        "minutes."
        if not (draws or argument.about["usual_draws"])
        else ""
    )
    return (
        f"Each action alone: the {RUNS[argument.about.horizon]}, {ends}and the "
        f"{RUNS[argument.about['other_horizon']]}. % of real income of {argument.about.baseline}; "
        f"US$ million a year at its size of {argument.about.baseline_year}.{without}"
    )


def action_alone(argument: "Argument", code: str, action: str) -> pd.DataFrame:
    """An action alone, by the country that it is worth something to."""
    rows = argument.numbers
    chosen = rows.loc[(rows.kind == "worth") & (rows.of == f"{code}.{action}")]
    return chosen.set_index("where")


def worth_of(rows: pd.DataFrame, country: str) -> str:
    row = rows.loc[country]
    verb = "" if row.million_usd >= 0 else "minus "
    return f"{signed_percent(row.value)} % ({verb}{money(row.million_usd)}){range_of(row)}"


def range_of(row: pd.Series) -> str:
    return "" if np.isnan(row.low) else f", {ends_of(row.low, row.high)} in draws"


def ends_of(low: float, high: float) -> str:
    return f"{signed_percent(low)} to {signed_percent(high)}"


def plain(value: float) -> str:
    return signed(value, 3)


def states_of(argument: "Argument") -> list[str]:
    """Those in which the whole game was played, its own first."""
    return list(dict.fromkeys(argument.auction.state))


def agent_of(argument: "Argument") -> str:
    return argument.about["agent"]


def first_of(argument: "Argument") -> str:
    return argument.about["principals"][0]


def name_of(argument: "Argument", code: str) -> str:
    return in_sentence(argument.about["names"][code])


def does(argument: "Argument", code: str, action: str) -> str:
    return argument.game.players[code].actions[action].title


def title_of(argument: "Argument", code: str, action: str) -> str:
    name = argument.about["names"][code]
    return f"{name} {does(argument, code, action)}"
