"""How sure a table of the political questions is: ends below a number, and what moves it."""

from collections.abc import Mapping, Sequence
from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import listing
from ..uncertainty import ASSUMPTIONS
from ._format import (
    about_money,
    about_percent,
    fine_percent,
    money,
    number,
    sentence,
    UNCHANGED_PERCENT,
)
from ._frames import digits_borne, imputed_part
from .uncertainty import gains_between
from .wording import say


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


def left_out(about: "About") -> list[str]:
    """That there are no draws, where nobody asked for none."""
    if not about.draws_left_out:
        return []
    return [sentence(say("sure.left_out"))]


def drawn(about: "About") -> str:
    """The assumptions that were drawn, in words."""
    return listing([ASSUMPTIONS[name] for name in about.assumptions])


def moves_most(drivers: pd.DataFrame, by: str, names: Mapping[str, str]) -> list[str]:
    """A sentence for each headline: the assumptions that move it, the widest first."""
    said = []
    for name, rows in drivers.groupby(by, sort=False):
        first, *rest = (
            say(
                "sure.alone_here",
                assumption=ASSUMPTIONS[str(row["assumption"])],
                low=number(row["low"]),
                high=number(row["high"]),
            )
            for row in rows.to_dict("records")
        )
        key = "sure.matters_more" if rest else "sure.matters"
        said.append(sentence(say(key, what=names[str(name)], first=first, rest=listing(rest))))
    return said


def changes(
    about: "About",
    codes: Sequence[str],
    gain: float,
    million: float,
    ends: tuple[float, float] | None = None,
    *,
    next_to: bool = False,
) -> str:
    """What countries gain or lose, in percent and US$ a year, with the digits of their range.

    Those whose range has both signs may do either.
    """
    many, country, digits = about.many(codes), about.called(*codes), _digits(about)
    if abs(gain) < UNCHANGED_PERCENT:
        return say("lead.unmoved", many=many, country=country)
    size, worth = fine_percent(gain, digits), money(million, digits)
    if ends is not None:
        size = about_percent(gain, *ends, digits)
        low, high = (million * end / gain for end in ends)
        worth = about_money(million, low, high, digits)
        if min(*ends, gain) < 0 < max(*ends, gain):
            key = f"change.open{'_next' if next_to else ''}"
            said = {"side": say("lead.gain" if gain > 0 else "lead.loss"), "percent": size}
            return say(key, country=country, worth=worth, year=about.baseline_year, **said)
    key = f"lead.{'gains' if gain > 0 else 'loses'}{'_next' if next_to else ''}"
    return say(key, many=many, country=country, percent=size, worth=worth, year=about.baseline_year)


def changes_in_percent(
    about: "About", codes: Sequence[str], gain: float, *, next_to: bool = False
) -> str:
    """What countries gain or lose, in percent of real income alone."""
    many, country = about.many(codes), about.called(*codes)
    if abs(gain) < UNCHANGED_PERCENT:
        return say("lead.unmoved", many=many, country=country)
    verb = f"{'gains' if gain > 0 else 'loses'}{'_next' if next_to else ''}"
    size = fine_percent(gain, _digits(about))
    return say(f"change.{verb}", many=many, country=country, percent=size)


def _digits(about: "About") -> int:
    """The digits that an answer bears, by the flows that it rests on."""
    return digits_borne(imputed_part(about.own.get("evidence", {})))


def within(about: "About", codes: Sequence[str], row: Mapping[str, Any], loss: str) -> str:
    """What countries lose between the ends of that column, or may lose or gain."""
    ends = -row[f"{loss}_high"], -row[f"{loss}_low"]
    many, digits = about.many(codes), _digits(about)
    return gains_between(about.called(*codes), *ends, many=many, digits=digits)


def allowing(
    about: "About", parts: str, solved: int | None = None, level: float | None = None
) -> str:
    """What holds in most of the draws, with what was drawn where the answer says it."""
    solved = about.draws_solved or about.draws if solved is None else solved
    key = "sure.draws" if solved == about.draws else "sure.draws_some_unsolved"
    counted = say(key, solved=solved, draws=about.draws)
    filled = {"parts": parts, "level": f"{100 * (level or about.level):g}", "draws": counted}
    if not about.assumptions:
        return say("sure.inside", **filled)
    return say("sure.interval", varied=drawn(about), **filled)
