"""The answer in plain words: who gains and how much, and what moves.

Every sentence states what the model computes; none says what will happen.
"""

from typing import Any, TYPE_CHECKING

import pandas as pd

from ._format import (
    fine_percent,
    first_small,
    in_sentence,
    listing,
    MINUS,
    money,
    money_pair,
    percent,
    possessive,
    sentence,
    signed_fine_percent,
    SMALLEST_PERCENT,
    UNCHANGED_PERCENT,
)
from ._frames import (
    balance,
    country_frame,
    country_name,
    Facts,
    facts_of,
    leading_focus,
    main_pair,
    moving_sectors,
    records,
    welfare_range,
)
from .uncertainty import how_observed, how_sure


if TYPE_CHECKING:
    import xarray as xr


NAMED_COUNTRIES = 3
"""Focus countries named one by one; a sentence with more is not read."""
SECTOR_COUNTRIES = 2
NAMED_SECTORS = 2
SAID_MILLION = 1.0
"""Million US$ below which an amount is said to be less than one."""
VISIBLE_MILLION = 0.5
"""Million US$ below which a bilateral balance is said not to move."""


def answer(outcome: "xr.Dataset") -> list[str]:
    """Three to nine sentences that lead with who gains, and how sure that is.

    Without an equilibrium there is no figure to report: the status alone.
    """
    facts = facts_of(outcome)
    if not facts.solved:
        return [sentence(facts.status)]
    frame = country_frame(outcome)
    said = [_welfare(outcome, frame, facts), *how_sure(outcome), *how_observed(outcome)]
    said += [_range(outcome), _balance(outcome, facts)]
    said += [_sectors(outcome, code) for code in leading_focus(outcome, SECTOR_COUNTRIES)]
    said += [_third_countries(frame), _condition(facts)]
    return [sentence(text) for text in said if text]


def _welfare(outcome: "xr.Dataset", frame: pd.DataFrame, facts: Facts) -> str:
    if frame.welfare.abs().max() < UNCHANGED_PERCENT:
        return "No country's real income changes"
    focus = frame.loc[frame.focus]
    if focus.empty:
        return f"{_extremes(frame)} {_units(facts)}"
    named = focus.loc[leading_focus(outcome, NAMED_COUNTRIES)]
    parts = [_gain(row) for row in records(named)]
    rest = focus.loc[~focus.index.isin(named.index)]
    if len(rest):
        parts.append(_together(rest))
    return f"{'; '.join(parts)} {_units(facts)}"


def _range(outcome: "xr.Dataset") -> str:
    """How far the headline depends on whose estimate of the trade elasticities is right."""
    parts, sets = [], 0
    for code in leading_focus(outcome, NAMED_COUNTRIES):
        interval = welfare_range(outcome, code)
        if interval is None or max(map(abs, interval[:2])) < UNCHANGED_PERCENT:
            continue
        low, high, sets = interval
        name = in_sentence(country_name(outcome, code))
        parts.append(f"{signed_fine_percent(low)} to {signed_fine_percent(high)} % for {name}")
    if not parts:
        return ""
    moved = listing(parts)
    return f"Across {sets} sets of trade elasticities real income changes by {moved}"


def _units(facts: Facts) -> str:
    return f"(exact welfare; equivalent variation at {facts.year} prices; {facts.horizon})"


def _gain(row: dict[str, Any]) -> str:
    name, welfare = in_sentence(row["name"]), row["welfare"]
    if abs(welfare) < UNCHANGED_PERCENT:
        return f"{name} neither gains nor loses"
    worth = row["equivalent_variation"]
    # Where the money is worth saying, so are the digits of the percentage.
    size = fine_percent(welfare) if abs(worth) >= SAID_MILLION else percent(welfare)
    return f"{name} {_verb(welfare)} {size} of real income, {money(worth)} a year"


def _together(rows: pd.DataFrame) -> str:
    total = rows.equivalent_variation.sum()
    return (
        f"the others that the scenario acts on ({len(rows)}) together "
        f"{'gain' if total > 0 else 'lose'} {money(total)} a year"
    )


def _verb(change: float) -> str:
    return "gains" if change > 0 else "loses"


def _balance(outcome: "xr.Dataset", facts: Facts) -> str:
    pair = main_pair(outcome)
    if pair is None:
        return ""
    country, partner = (in_sentence(country_name(outcome, code)) for code in pair)
    before, after = balance(outcome, *pair)
    change = after - before
    basis = f"(goods and services at producer prices, {facts.basis} basis, baseline {facts.year})"
    if abs(change) < VISIBLE_MILLION:
        held = f"{_side(before)} of {money(before)}"
        return f"{possessive(country)} balance with {partner} stays a {held} {basis}"
    held, holds = money_pair(before, after)
    return (
        f"{possessive(country)} balance with {partner} "
        f"{'improves' if change > 0 else 'worsens'} by {money(change)} a year, "
        f"from a {_side(before)} of {held} "
        f"to a {_side(after)} of {holds} {basis}"
    )


def _side(amount: float) -> str:
    return "surplus" if amount >= 0 else "deficit"


def _sectors(outcome: "xr.Dataset", country: str) -> str:
    """Which sectors' volume of output moves most, among those that matter in the country."""
    name = in_sentence(country_name(outcome, country))
    frame = moving_sectors(outcome, country, NAMED_SECTORS)
    frame = frame.loc[frame.output.abs() >= SMALLEST_PERCENT]
    if frame.empty:
        return f"in {name} no sector's output moves by as much as {SMALLEST_PERCENT} %"
    rising, falling = frame.loc[frame.output > 0], frame.loc[frame.output < 0]
    parts = []
    if len(rising):
        parts.append(f"rises most in {_named(rising)}")
    if len(falling):
        parts.append(f"falls most in {_named(falling[::-1])}")
    return f"in {name} the volume of output {' and '.join(parts)}"


def _named(sectors: pd.DataFrame) -> str:
    return listing(
        [
            f"{first_small(row['name'])} ({'+' if row['output'] > 0 else MINUS}"
            f"{percent(row['output'])})"
            for row in records(sectors)
        ]
    )


def _third_countries(frame: pd.DataFrame) -> str:
    """The largest effects outside the focus; where there is no focus the lead has said it."""
    thirds = frame.loc[~frame.focus]
    unmoved = thirds.welfare.abs().max() < UNCHANGED_PERCENT
    if thirds.empty or unmoved or len(thirds) == len(frame):
        return ""
    return f"among the other countries, {_extremes(thirds)}"


def _extremes(frame: pd.DataFrame) -> str:
    """The largest gain and the largest loss in US$."""
    ordered = records(frame.sort_values("equivalent_variation", ascending=False, kind="stable"))
    gain, loss = ordered[0], ordered[-1]
    parts = [
        f"{in_sentence(row['name'])} {_verb(row['welfare'])} most "
        f"({money(row['equivalent_variation'])} a year, {percent(row['welfare'])} of real income)"
        for row, present in (
            (gain, gain["equivalent_variation"] > 0),
            (loss, loss["equivalent_variation"] < 0),
        )
        if present
    ]
    if len(parts) == 2:
        return listing(parts)
    return f"{parts[0]} and none {'loses' if gain['equivalent_variation'] > 0 else 'gains'}"


def _condition(facts: Facts) -> str:
    return (
        f"the model computes these figures for the {facts.horizon} from {facts.year} data and "
        "the stated assumptions; they are not a forecast"
    )
