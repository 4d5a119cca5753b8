"""How sure a table of the political questions is: ends below a number, and what moves it."""

from collections.abc import Mapping
from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import listing
from ..uncertainty import ASSUMPTIONS
from ._format import number


if TYPE_CHECKING:
    from ..about import About


def ends(row: Mapping[str, Any], name: str, form: Any = number) -> str:
    """The interval of a column where it has one, such as 0.25…0.78; nothing without draws."""
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    if low is None or high is None or not np.isfinite([low, high]).all():
        return ""
    return f"{form(low)}…{form(high)}"


def below(text: str, row: Mapping[str, Any], name: str, form: Any = number) -> str:
    """A number with its interval on the line below."""
    interval = ends(row, name, form)
    return f"{text}\n{interval}" if interval else text


def of_draws(about: "About") -> str:
    """What an interval is, as a phrase."""
    draws, solved = about.draws, about.own.get("draws_solved", about.draws)
    lost = f" ({solved} solved)" if solved < draws else ""
    return f"{100 * about.level:g} % of {draws} draws{lost}"


def left_out(about: "About") -> list[str]:
    """That there are no draws, where nobody asked for none."""
    if not about.draws_left_out:
        return []
    return ["On a world of this size there are no intervals here unless draws are asked for."]


def drawn(about: "About") -> str:
    """The assumptions that were drawn, in words."""
    return listing([ASSUMPTIONS[name] for name in about.assumptions])


def moves_most(drivers: pd.DataFrame, by: str, names: Mapping[str, str]) -> str:
    """The assumptions behind each headline, the widest first; nothing without draws."""
    said = []
    for name, rows in drivers.groupby(by, sort=False):
        parts = [f"{row['assumption']} {number(row['low'])} to {number(row['high'])}"
                 for row in rows.to_dict("records")]  # fmt: skip
        said.append(f"{names[str(name)]}: {', '.join(parts)}")
    return "; ".join(said)
