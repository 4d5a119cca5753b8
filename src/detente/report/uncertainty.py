"""How sure an answer is: its intervals over draws, what moves it most, and what was observed."""

import json
from collections.abc import Mapping
from typing import Any, TYPE_CHECKING

import pandas as pd

from ..uncertainty import DRIVERS
from ._format import (
    in_sentence,
    listing,
    money,
    possessive,
    sentence,
    signed_fine_percent,
    UNCHANGED_PERCENT,
)
from ._frames import country_frame, country_name, leading_focus, records


if TYPE_CHECKING:
    import xarray as xr


NAMED_COUNTRIES = 3


def has_intervals(outcome: "xr.Dataset") -> bool:
    return "welfare_low" in outcome and int(outcome.attrs["draws_solved"]) > 0


def interval_frame(outcome: "xr.Dataset") -> pd.DataFrame:
    """Low, median and high of welfare by country, in percent; rows as in `country_frame`."""
    frame = country_frame(outcome)
    for end in ("low", "median", "high"):
        frame[end] = outcome[f"welfare_{end}"].to_series()
    return frame


def driver_frame(outcome: "xr.Dataset", country: str) -> pd.DataFrame:
    """The interval of a country's welfare by assumption drawn alone, in percent, widest first."""
    here = outcome.sel(country=country)
    frame = pd.DataFrame(
        {end: here[f"welfare_driver_{end}"].to_series() for end in ("low", "high")}
    )
    frame.insert(0, "name", outcome["assumption_name"].values.astype(str))
    frame["width"] = frame.high - frame.low
    return frame.sort_values("width", ascending=False, kind="stable")


def leading_country(outcome: "xr.Dataset") -> str:
    """The country whose drivers are named: in focus with most at stake, or the largest effect."""
    named = leading_focus(outcome, 1)
    worth = outcome["equivalent_variation"].to_series().abs()
    return named[0] if named else str(worth.idxmax())


def middle(outcome: "xr.Dataset") -> str:
    """What an interval is, as a phrase."""
    solved, draws = (int(outcome.attrs[name]) for name in ("draws_solved", "draws"))
    lost = f" that were solved, of {draws}" if solved < draws else ""
    return f"the middle {100 * float(outcome.attrs['level']):g} % of {solved} draws{lost}"


def how_sure(outcome: "xr.Dataset") -> list[str]:
    """The interval of the headline and the assumptions that move it most; none without draws."""
    if not has_intervals(outcome):
        return []
    frame = interval_frame(outcome)
    named = leading_focus(outcome, NAMED_COUNTRIES) or [leading_country(outcome)]
    parts = [
        f"{_ends(row['low'], row['high'])} for {in_sentence(row['name'])}"
        for row in records(frame.loc[named])
        if max(abs(row["low"]), abs(row["high"])) >= UNCHANGED_PERCENT
    ]
    if not parts:
        return []
    varied = listing(outcome["assumption_name"].values.astype(str).tolist())
    return [
        f"in {middle(outcome)} of {varied}, real income changes by {listing(parts)}",
        _drivers(outcome),
    ]


def how_observed(outcome: "xr.Dataset") -> list[str]:
    """How much of the flows that the policies act on was observed, where some was not."""
    return observed_in_words(json.loads(str(outcome.attrs.get("evidence", "{}"))))


def observed_in_words(evidence: Mapping[str, Any], acts: str = "the policies act on") -> list[str]:
    """A sentence on `detente.evidence.evidence`, or none; `acts` says which flows these are."""
    if not evidence:
        return []
    parts = [
        f"{row['kind']}{_direction(row)} ({money(row['value'])} a year, "
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
    rows = records(driver_frame(outcome, country).head(DRIVERS))
    name = possessive(in_sentence(country_name(outcome, country)))
    moved = listing([f"{row['name']} ({_ends(row['low'], row['high'])})" for row in rows])
    return f"one at a time, {name} figure moves most with {moved}"


def _ends(low: float, high: float) -> str:
    return f"{signed_fine_percent(low)} to {signed_fine_percent(high)} %"
