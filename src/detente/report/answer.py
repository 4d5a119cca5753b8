"""The answer in plain words: who gains and how much, why, and how sure that is.

Every sentence states what the model computes; none says what will happen. Where the figures were
drawn they are rounded to what their range allows, and everywhere to the digits that are left of
them where a part of the flows is imputed (`digits_borne`); the tables have all digits.
"""

from dataclasses import dataclass, fields
from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import first_small, in_sentence, is_plural, listing, possessive
from ..about import NAMED_COUNTRIES
from ..account import main_pair
from ._format import (
    about_money,
    about_percent,
    between_ends,
    fine_percent,
    is_one_figure,
    MINUS,
    money,
    money_pair,
    percent,
    sentence,
    SMALLEST_PERCENT,
    UNCHANGED_PERCENT,
)
from ._frames import (
    balance,
    balance_ends,
    country_frame,
    country_name,
    digits_of_balance,
    digits_of_policies,
    Facts,
    facts_of,
    HORIZONS,
    is_drawn,
    leading_focus,
    moving_sectors,
    records,
)
from .uncertainty import has_intervals, how_observed, how_sure, interval_frame, leading_country
from .volumes import volumes
from .wording import say


if TYPE_CHECKING:
    import xarray as xr


SECTOR_COUNTRIES = 2
NAMED_SECTORS = 2
SAID_MILLION = 1.0
"""Million US$ below which an amount is said to be less than one."""
VISIBLE_MILLION = 0.5
"""Million US$ below which a bilateral balance is said not to move."""


@dataclass(frozen=True)
class Said:
    """The sentences of an answer, by what they are about."""

    gains: list[str]
    volumes: list[str]
    between: list[str]
    sectors: list[str]
    elsewhere: list[str]
    sure: list[str]
    condition: list[str]

    @property
    def whole(self) -> list[str]:
        """All of them, in the order in which they are read."""
        return [line for one in fields(self) for line in getattr(self, one.name)]


def answer(outcome: "xr.Dataset") -> list[str]:
    """Three to ten sentences: who gains, why, who else, and how sure that is.

    Without an equilibrium there is no figure to report: the status alone.
    """
    return said(outcome).whole


def said(outcome: "xr.Dataset") -> Said:
    """The same, apart."""
    facts = facts_of(outcome)
    if not facts.solved:
        return Said([sentence(facts.status)], *([] for _ in fields(Said)[1:]))
    frame = country_frame(outcome)
    frame["is_open"] = frame.index.isin(_of_either_sign(outcome))
    frame["digits"] = digits_of_policies(outcome)
    by_country = (_sectors(outcome, code) for code in leading_focus(outcome, SECTOR_COUNTRIES))
    return Said(
        gains=_sentences(_welfare(outcome, frame, facts), _other_horizon(outcome)),
        volumes=volumes(outcome),
        between=_sentences(_balance(outcome, facts)),
        sectors=_sentences(*by_country),
        elsewhere=_sentences(_elsewhere(frame)),
        sure=_sentences(*how_sure(outcome), *how_observed(outcome)),
        condition=_sentences(_condition(facts)),
    )


def _sentences(*texts: str) -> list[str]:
    return [sentence(text) for text in texts if text]


def _welfare(outcome: "xr.Dataset", frame: pd.DataFrame, facts: Facts) -> str:
    if frame.welfare.abs().max() < UNCHANGED_PERCENT:
        return say("lead.unchanged")
    focus = frame.loc[frame.focus]
    if focus.empty:
        return say("lead.when", horizon=facts.horizon, parts=_extremes(frame))
    named = focus.loc[leading_focus(outcome, NAMED_COUNTRIES)]
    parts: list[str] = []
    for code, row in zip(named.index, records(named), strict=True):
        parts.append(_gain(outcome, str(code), row, facts, first=not parts))
    rest = focus.loc[~focus.index.isin(named.index)]
    if len(rest):
        total = rest.equivalent_variation.sum()
        key = "lead.together_gain" if total > 0 else "lead.together_lose"
        worth = money(total, digits_of_policies(outcome))
        parts.append(say(key, count=len(rest), worth=worth))
    return say("lead.when", horizon=facts.horizon, parts="; ".join(parts))


def _other_horizon(outcome: "xr.Dataset") -> str:
    """What those named gain or lose at the horizon that is not the answer's own."""
    if "welfare_other_horizon" not in outcome:
        return ""
    horizon = HORIZONS[str(outcome.attrs["other_horizon"])]
    named = leading_focus(outcome, NAMED_COUNTRIES) or [leading_country(outcome)]
    there = outcome["welfare_other_horizon"].sel(country=named).to_series()
    if there.isna().any():
        return say("lead.other_unsolved", horizon=horizon)
    parts: list[str] = []
    digits = digits_of_policies(outcome)
    for code, welfare in there.items():
        name = in_sentence(country_name(outcome, str(code)))
        verb = "gains" if welfare > 0 else "loses"
        key = f"change.{verb}" if not parts else f"change.{verb}_next"
        if abs(welfare) < UNCHANGED_PERCENT:
            key = "lead.unmoved"
        many = is_plural(name)
        parts.append(say(key, many=many, country=name, percent=fine_percent(welfare, digits)))
    return say("lead.at_other", horizon=horizon, parts=listing(parts))


def finding(outcome: "xr.Dataset") -> str:
    """What the chart of the answer shows, as its title: who gains, who loses, who may do either."""
    frame = country_frame(outcome)
    moved = frame.loc[frame.welfare.abs() >= UNCHANGED_PERCENT]
    if moved.empty:
        return sentence(say("lead.unchanged")).rstrip(".")
    leading = [code for code in leading_focus(outcome, NAMED_COUNTRIES) if code in moved.index]
    named = moved.loc[leading or [*moved.index[:NAMED_COUNTRIES]]]
    unsure = named.index.isin(_of_either_sign(outcome))
    gain, lose = (named.loc[side & ~unsure] for side in (named.welfare > 0, named.welfare < 0))
    parts = [_who("gains", gain), _who("loses", lose), _who("open", named.loc[unsure])]
    text = listing([part for part in parts if part])
    return text[:1].upper() + text[1:]


def _of_either_sign(outcome: "xr.Dataset") -> list[str]:
    """The countries whose range has losses at one end and gains at the other."""
    if not has_intervals(outcome):
        return []
    ends = interval_frame(outcome)
    return [str(code) for code in ends.index[(ends.low < 0) & (ends.high > 0)]]


def _who(verb: str, rows: pd.DataFrame) -> str:
    """The countries that gain, or that lose, without their figures."""
    if rows.empty:
        return ""
    names = [str(name) for name in rows["name"]]
    many = len(names) > 1 or is_plural(names[0])
    return say(f"finding.{verb}", many=many, countries=listing([*map(in_sentence, names)]))


def _gain(
    outcome: "xr.Dataset", code: str, row: dict[str, Any], facts: Facts, *, first: bool
) -> str:
    name, many = in_sentence(row["name"]), is_plural(row["name"])
    if abs(row["welfare"]) < UNCHANGED_PERCENT:
        return say("lead.unmoved", many=many, country=name)
    verb = "gains" if row["welfare"] > 0 else "loses"
    size, worth = _sizes(outcome, code, row)
    if row["is_open"]:
        key = "lead.open" if first else "lead.open_next"
        side = say("lead.gain" if row["welfare"] > 0 else "lead.loss")
        said: dict[str, Any] = {"country": name, "side": side, "percent": size, "worth": worth}
        return say(key, year=facts.year, **said)
    return say(
        f"lead.{verb}" if first else f"lead.{verb}_next",
        many=many, country=name, percent=size, worth=worth, year=facts.year,
    )  # fmt: skip


def _sizes(outcome: "xr.Dataset", code: str, row: dict[str, Any]) -> tuple[str, str]:
    """The change in percent and in US$, with the digits that a range leaves where one was drawn."""
    welfare, worth, digits = row["welfare"], row["equivalent_variation"], row["digits"]
    if has_intervals(outcome):
        here = outcome.sel(country=code)
        ends = {
            name: (float(here[f"{name}_low"]), float(here[f"{name}_high"]))
            for name in ("welfare", "equivalent_variation")
        }
        return (
            about_percent(welfare, *ends["welfare"], digits),
            about_money(worth, *ends["equivalent_variation"], digits),
        )
    # Where the money is worth saying, so are the digits of the percentage.
    form = fine_percent if abs(worth) >= SAID_MILLION else percent
    return form(welfare, digits), money(worth, digits)


def _balance(outcome: "xr.Dataset", facts: Facts) -> str:
    pair = main_pair(outcome)
    if pair is None:
        return ""
    country, partner = (in_sentence(country_name(outcome, code)) for code in pair)
    before, after = balance(outcome, *pair)
    levels, moves = digits_of_balance(outcome), digits_of_policies(outcome)
    named: dict[str, Any] = {
        "owner": possessive(country),
        "partner": partner,
        "side": _side(before),
        "basis": say("balance.basis", basis=facts.basis, year=facts.year),
    }
    if abs(after - before) < VISIBLE_MILLION:
        return say("balance.stays", amount=money(before, levels), **named)
    held, holds = money_pair(before, after, levels, moves)
    named |= {"before": held, "after": holds}
    ends = balance_ends(outcome, *pair)
    if (before >= 0) != (after >= 0):
        sure = ends is None or all((before + end >= 0) == (after >= 0) for end in ends)
        key = "balance.turns" if sure else "balance.may_turn"
        return say(key, other_side=_side(after), **named)
    return _moving_balance(before, after, ends, named, moves)


def _moving_balance(
    before: float,
    after: float,
    ends: tuple[float, float] | None,
    named: dict[str, Any],
    digits: int,
) -> str:
    """A surplus or a deficit that stays one: how it moves, or that it may move either way."""
    moves = "grows" if abs(after) > abs(before) else "shrinks"
    if ends is None:
        change = say("balance.change", change=money(after - before, digits))
        return _from_to(moves, change=change, **named)
    # What makes a surplus grow makes a deficit shrink.
    way = 1.0 if before >= 0 else -1.0
    growth = way * (after - before)
    low, high = sorted(way * end for end in ends)
    is_open = min(low, growth) < 0 < max(high, growth)
    if is_open:
        low, high = min(low, growth), max(high, growth)
    least, most = (low, high) if is_open else sorted((low, high), key=abs)
    said: dict[str, Any] = {
        "least": about_money(least, low, high, digits),
        "most": about_money(most, low, high, digits),
    }
    if is_open:
        return _from_to("open", **said, **named)
    size = about_money(growth, low, high, digits)
    is_one = said["least"] == said["most"] == size
    key = "balance.change" if is_one else "balance.change_between"
    return _from_to(moves, change=say(key, change=size, **said), **named)


def _from_to(moves: str, **said: Any) -> str:
    """A change from one size to another, or from one where both are the same in their digits."""
    if said["before"] == said["after"]:
        return say(f"balance.from.{moves}", **said)
    return say(f"balance.{moves}", **said)


def _side(amount: float) -> str:
    return say("balance.surplus" if amount >= 0 else "balance.deficit")


def _sectors(outcome: "xr.Dataset", country: str) -> str:
    """Which sectors' volume of output moves most, among those that matter in the country.

    One whose range has both signs is not said to rise or to fall.
    """
    name = in_sentence(country_name(outcome, country))
    frame = moving_sectors(outcome, country)
    frame = frame.loc[frame.output.abs() >= SMALLEST_PERCENT]
    if frame.empty:
        return say("sectors.unmoved", country=name, smallest=SMALLEST_PERCENT)
    up = frame.output > 0
    most = [*frame.loc[up].index[:NAMED_SECTORS], *frame.loc[~up].index[-NAMED_SECTORS:]]
    rows = {
        "sectors.rises": frame.loc[up & ~frame.is_open].head(NAMED_SECTORS),
        "sectors.falls": frame.loc[~up & ~frame.is_open].tail(NAMED_SECTORS)[::-1],
        "sectors.open": frame.loc[frame.is_open & frame.index.isin(most)],
    }
    parts = [say(key, sectors=_named(one)) for key, one in rows.items() if len(one)]
    movements = "; it ".join(parts) if is_drawn(frame) else listing(parts)
    return say("sectors.moved", country=name, movements=movements)


def _named(sectors: pd.DataFrame) -> str:
    return listing([_moving(row) for row in records(sectors)])


def _moving(row: dict[str, Any]) -> str:
    """A sector with its change, rounded to what its range allows; where that is open, the range."""
    sector, output, digits = first_small(row["name"]), row["output"], row["digits"]
    ends = row["low"], row["high"]
    if not np.isfinite(ends).all():
        sign = "+" if output > 0 else MINUS
        return say("sectors.moves", sector=sector, sign=sign, percent=percent(output, digits))
    if row["is_open"]:
        spanned = sorted([*ends, output])
        between = between_ends(spanned[0], spanned[-1], digits)
        return say("sectors.may_move", sector=sector, between=between)
    size, between = about_percent(output, *ends, digits), between_ends(*ends, digits)
    if is_one_figure(output, *ends, digits):
        return say("sectors.moves_by", sector=sector, percent=size)
    return say("sectors.moves_about", sector=sector, percent=size, between=between)


def _elsewhere(frame: pd.DataFrame) -> str:
    """The largest effects outside the focus; where there is no focus the lead has said it."""
    thirds = frame.loc[~frame.focus]
    unmoved = thirds.welfare.abs().max() < UNCHANGED_PERCENT
    if thirds.empty or unmoved or len(thirds) == len(frame):
        return ""
    return say("elsewhere.among", parts=_extremes(thirds))


def _extremes(frame: pd.DataFrame) -> str:
    """The largest gain and the largest loss in US$; one whose range has both signs is said to."""
    ordered = records(frame.sort_values("equivalent_variation", ascending=False, kind="stable"))
    gain, loss = ordered[0], ordered[-1]
    gains, loses = gain["equivalent_variation"] > 0, loss["equivalent_variation"] < 0
    parts = [*([_most(gain, "gains")] if gains else []), *([_most(loss, "loses")] if loses else [])]
    # Where a range has both signs, that nobody gains or loses is not sure either.
    if len(parts) == 2 or frame.is_open.any():
        return listing(parts)
    return say("elsewhere.none_loses" if gains else "elsewhere.none_gains", part=parts[0])


def _most(row: dict[str, Any], verb: str) -> str:
    return say(
        f"elsewhere.may_{verb}" if row["is_open"] else f"elsewhere.{verb}",
        many=is_plural(row["name"]),
        country=in_sentence(row["name"]),
        worth=money(row["equivalent_variation"], row["digits"]),
        percent=percent(row["welfare"], row["digits"]),
    )


def _condition(facts: Facts) -> str:
    return say("condition.conditional", horizon=facts.horizon, year=facts.year)
