"""Rows and words that the sections of a stance game share."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import in_sentence
from ._format import sentence, signed, signed_million, signed_percent
from .sureness import changes
from .wording import say


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
    names = [argument.about["names"][who] for who in (agent, code)]
    heads = [(f"{name}\n%", f"{name}\nUS$ m") for name in names]
    return ("", *(head for pair in heads for head in pair)), rows


def _cells(argument: "Argument", row: pd.Series) -> tuple[str, str]:
    lines = [signed_percent(row.value)]
    if not np.isnan(row.low):
        lines.append(ends_of(row.low, row.high))
    lines.append(f"{signed_percent(row.other_horizon)} {argument.about['other_horizon']}")
    return "\n".join(lines), signed_million(row.million_usd)


def key_note(argument: "Argument") -> str:
    """What stands in a cell of an action, and in which units."""
    about = argument.about
    other = RUNS[about["other_horizon"]]
    runs = {"run": RUNS[about.horizon], "other_run": other}
    cell = say("stance.cell_drawn" if about.draws else "stance.cell", draws=about.draws, **runs)
    units = say("stance.units", world=about.baseline, year=about.baseline_year)
    slow = [] if about.draws or about["usual_draws"] else [say("sure.left_out")]
    return " ".join(map(sentence, [cell, units, *slow]))


def action_alone(argument: "Argument", code: str, action: str) -> pd.DataFrame:
    """An action alone, by the country that it is worth something to."""
    rows = argument.numbers
    chosen = rows.loc[(rows.kind == "worth") & (rows.of == f"{code}.{action}")]
    return chosen.set_index("where")


def worth_of(argument: "Argument", rows: pd.DataFrame, *countries: str) -> str:
    """What an action brings each of these countries, the first with the year of its prices."""
    parts = []
    for country in countries:
        row = rows.loc[country]
        ends = None if np.isnan(row.low) else (float(row.low), float(row.high))
        value, million = float(row.value), float(row.million_usd)
        about = argument.about
        parts.append(changes(about, [country], value, million, ends, next_to=bool(parts)))
    return "; ".join(parts)


def range_of(row: pd.Series) -> str:
    """The range in brackets after a number; nothing without draws."""
    return "" if np.isnan(row.low) else f" ({ends_of(row.low, row.high)} % in the simulations)"


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


def doing(argument: "Argument", code: str, action: str) -> str:
    """Who does what, inside a sentence."""
    return f"{name_of(argument, code)} {does(argument, code, action)}"


def title_of(argument: "Argument", code: str, action: str) -> str:
    name = argument.about["names"][code]
    return f"{name} {does(argument, code, action)}"
