"""How sure an answer is: its intervals over draws, what moves it most, and what was observed."""

import json
from collections.abc import Mapping
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import in_sentence, is_plural, listing, possessive
from ..about import NAMED_COUNTRIES
from ..uncertainty import DRIVERS
from ._format import (
    ALL_DIGITS,
    end_of_range,
    is_one_figure,
    money,
    sentence,
    signed_fine_percent,
    UNCHANGED_PERCENT,
)
from ._frames import (
    country_frame,
    country_name,
    digits_borne,
    digits_of_policies,
    ENDS,
    leading_focus,
    records,
    welfare_range,
)
from .wording import say


if TYPE_CHECKING:
    import xarray as xr


def has_intervals(outcome: "xr.Dataset") -> bool:
    return "welfare_low" in outcome and int(outcome.attrs["draws_solved"]) > 0


def interval_frame(outcome: "xr.Dataset") -> pd.DataFrame:
    """Low, median and high of welfare by country, in percent; rows as in `country_frame`."""
    frame = country_frame(outcome)
    for end in ENDS:
        frame[end] = outcome[f"welfare_{end}"].to_series()
    return frame


def driver_frame(outcome: "xr.Dataset", country: str) -> pd.DataFrame:
    """The interval of a country's welfare by assumption drawn alone, in percent, widest first.

    With its median, where the outcome has one, the scenario's own figure, and on which `side` of
    that the interval is.
    """
    here = outcome.sel(country=country)
    names = {end: f"welfare_driver_{end}" for end in ENDS}
    held = {end: here[name].to_series() for end, name in names.items() if name in here}
    frame = pd.DataFrame(held).reindex(columns=[*ENDS])
    frame.insert(0, "name", outcome["assumption_name"].values.astype(str))
    frame["own"] = float(here["welfare"])
    frame["side"] = [_side(row["low"], row["own"], row["high"]) for row in records(frame)]
    frame["width"] = frame.high - frame.low
    return frame.sort_values("width", ascending=False, kind="stable")


def _side(low: float, own: float, high: float) -> str:
    """Where an assumption moves a figure one way alone, which; "" where it moves it both ways."""
    if high - low < UNCHANGED_PERCENT:
        return ""
    if low > own - UNCHANGED_PERCENT:
        return say("sure.raises")
    return say("sure.lowers") if high < own + UNCHANGED_PERCENT else ""


def leading_country(outcome: "xr.Dataset") -> str:
    """The country whose drivers are named: whom the answer names first, or the largest effect."""
    named = leading_focus(outcome, NAMED_COUNTRIES)
    worth = outcome["equivalent_variation"].to_series().abs()
    return named[0] if named else str(worth.idxmax())


def middle(outcome: "xr.Dataset") -> str:
    """What an interval is, as a phrase."""
    solved, draws = (int(outcome.attrs[name]) for name in ("draws_solved", "draws"))
    lost = f" that were solved, of {draws}" if solved < draws else ""
    return f"the middle {100 * float(outcome.attrs['level']):g} % of {solved} simulations{lost}"


def how_sure(outcome: "xr.Dataset") -> list[str]:
    """The range of the headline, the assumptions that move it most, and other elasticities."""
    return [*_drawn(outcome), *_published(outcome)]


def _drawn(outcome: "xr.Dataset") -> list[str]:
    if not has_intervals(outcome):
        return []
    frame = interval_frame(outcome)
    named = leading_focus(outcome, NAMED_COUNTRIES) or [leading_country(outcome)]
    digits = digits_of_policies(outcome)
    parts = [
        gains_between(row["name"], row["low"], row["high"], digits=digits)
        for row in records(frame.loc[named])
        if max(abs(row["low"]), abs(row["high"])) >= UNCHANGED_PERCENT
    ]
    if not parts:
        return []
    varied = listing(outcome["assumption_name"].values.astype(str).tolist())
    solved, draws = (int(outcome.attrs[name]) for name in ("draws_solved", "draws"))
    counted = say(
        "sure.draws_some_unsolved" if solved < draws else "sure.draws", solved=solved, draws=draws
    )
    level = f"{100 * float(outcome.attrs['level']):g}"
    range_ = say("sure.interval", varied=varied, parts=listing(parts), level=level, draws=counted)
    return [range_, _drivers(outcome)]


def gains_between(
    name: str, low: float, high: float, *, many: bool | None = None, digits: int = ALL_DIGITS
) -> str:
    """What a country gains or loses between two ends; where they differ in sign, both."""
    ends = [end_of_range(end, low, high, digits) for end in (low, high)]
    many = is_plural(name) if many is None else many
    filled: dict[str, Any] = {"many": many, "country": in_sentence(name)}
    if is_one_figure(low, low, high, digits):
        return say(f"sure.about_{'gains' if low > 0 else 'loses'}", percent=ends[0], **filled)
    key = "sure.gains" if low >= 0 else "sure.loses" if high <= 0 else "sure.open"
    least, most = ends if low >= 0 or high > 0 else ends[::-1]
    return say(key, low=least, high=most, **filled)


def _published(outcome: "xr.Dataset") -> list[str]:
    """How far the headline depends on whose estimate of the trade elasticities is right."""
    parts, sets, digits = [], 0, digits_of_policies(outcome)
    for code in leading_focus(outcome, NAMED_COUNTRIES):
        over_elasticities = welfare_range(outcome, code)
        if over_elasticities is None:
            continue
        low, high, sets = over_elasticities
        if max(abs(low), abs(high)) >= UNCHANGED_PERCENT:
            parts.append(gains_between(country_name(outcome, code), low, high, digits=digits))
    return [say("sure.publications", sets=sets, parts=listing(parts))] if parts else []


def how_observed(outcome: "xr.Dataset") -> list[str]:
    """How much of the flows that the policies act on was observed, where some was not."""
    return observed_in_words(json.loads(str(outcome.attrs.get("evidence", "{}"))))


def observed_in_words(evidence: Mapping[str, Any], acts: str = "the policies act on") -> list[str]:
    """A sentence on `detente.evidence.evidence`, or none; `acts` says which flows these are."""
    if not evidence:
        return []
    parts = [
        f"{row['kind']}{_direction(row)} "
        f"({money(row['value'], digits_borne(1.0 - row['observed']))} a year, "
        f"{100 * row['observed']:.0f} % observed)"
        for row in evidence["flows"]
    ]
    rest = "the rest is estimated"
    if evidence["error"]:
        rest += f", by a method that was {evidence['error']}"
    return [f"of the flows that {acts}, not all is observed: {listing(parts)}; {rest}"]


def observed_lines(evidence: Mapping[str, Any], acts: str) -> list[str]:
    """The same as a line that stands by itself."""
    return [sentence(said) for said in observed_in_words(evidence, acts)]


def _direction(row: Mapping[str, Any]) -> str:
    if not row["origin"]:
        return ""
    return f" from {in_sentence(row['origin_name'])} to {in_sentence(row['destination_name'])}"


def _drivers(outcome: "xr.Dataset") -> str:
    country = leading_country(outcome)
    digits = digits_of_policies(outcome)
    first, *rest = records(driver_frame(outcome, country).head(DRIVERS))
    named: dict[str, Any] = {
        "owner": possessive(in_sentence(country_name(outcome, country))),
        "first": _alone(first, "sure.alone", digits),
    }
    if not rest:
        return say("sure.driver", **named)
    others = listing([_alone(row, "sure.alone_next", digits) for row in rest])
    return say("sure.drivers", rest=others, **named)


def _alone(row: Mapping[str, Any], key: str, digits: int) -> str:
    low, high = (signed_fine_percent(row[end], digits) for end in ("low", "high"))
    side = f", {row['side']}" if row["side"] else ""
    return say(key, assumption=row["name"], low=low, high=high, side=side)
