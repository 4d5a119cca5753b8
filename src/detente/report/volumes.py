"""Real GDP and employment in words, where labour may be idle or its supply may answer."""

from typing import Any, TYPE_CHECKING

import numpy as np
import pandas as pd

from .._words import first_small, in_sentence, listing, possessive
from ._format import (
    about_percent,
    between_ends,
    is_one_figure,
    MINUS,
    percent,
    sentence,
    SMALLEST_PERCENT,
    UNCHANGED_PERCENT,
)
from ._frames import (
    country_name,
    digits_of_policies,
    leading_focus,
    MATERIAL_SHARE,
    records,
    sector_frame,
)
from .wording import say


if TYPE_CHECKING:
    import xarray as xr


VOLUMES = ("real_gdp", "total_employment")
NAMED_COUNTRIES = 2
MATERIAL_PART = 0.25
"""Of the change of real income: what real GDP moves by less is in the table alone."""
NAMED_SECTORS = 2


def moves_labour(outcome: "xr.Dataset") -> bool:
    """Whether employment moves in any country: real GDP is then more than what tariffs do to it."""
    return bool((np.abs(outcome["total_employment"]) >= UNCHANGED_PERCENT).any())


def real_gdp_note(outcome: "xr.Dataset") -> str:
    """What the column of real GDP is, and what can move it here."""
    if moves_capital(outcome):
        return say("volumes.note_capital")
    return say("volumes.note" if moves_labour(outcome) else "volumes.note_full")


def moves_capital(outcome: "xr.Dataset") -> bool:
    """Whether capital is produced: real income is then consumption in the steady state."""
    return "capital_stock" in outcome


def volumes(outcome: "xr.Dataset") -> list[str]:
    """A paragraph for each of the countries with most at stake that has anything to tell: real GDP,
    employment, and the sectors behind it."""
    say_of = _labour if moves_labour(outcome) else _without_labour
    say_of = _capital if moves_capital(outcome) else say_of
    by_country = [say_of(outcome, code) for code in leading_focus(outcome, NAMED_COUNTRIES)]
    paragraphs = (" ".join(sentence(line) for line in lines if line) for lines in by_country)
    return [one for one in paragraphs if one]


def _labour(outcome: "xr.Dataset", code: str) -> list[str]:
    return [_country(outcome, code), _sectors(outcome, code)]


def _capital(outcome: "xr.Dataset", code: str) -> list[str]:
    """Real GDP, and consumption on the way to the steady state, which is in the lead."""
    ways = ("welfare_with_transition", "welfare_at_first", "capital_stock")
    if not set(ways) <= set(outcome) or not np.isfinite(float(outcome[ways[0]].sel(country=code))):
        return _without_labour(outcome, code)
    owner = possessive(in_sentence(country_name(outcome, code)))
    way, first, stock = (_moves(outcome, name, code) for name in ways)
    line = say("volumes.way", owner=owner, way=way, first=first, stock=stock)
    return [*_without_labour(outcome, code), line]


def _without_labour(outcome: "xr.Dataset", code: str) -> list[str]:
    """Real GDP alone, where it moves by much of what real income does."""
    gdp, welfare = (abs(float(outcome[name].sel(country=code))) for name in ("real_gdp", "welfare"))
    if gdp < max(SMALLEST_PERCENT, MATERIAL_PART * welfare):
        return []
    owner = possessive(in_sentence(country_name(outcome, code)))
    return [say("volumes.alone", owner=owner, gdp=_moves(outcome, "real_gdp", code))]


def _country(outcome: "xr.Dataset", code: str) -> str:
    if max(abs(float(outcome[name].sel(country=code))) for name in VOLUMES) < SMALLEST_PERCENT:
        return ""
    owner = possessive(in_sentence(country_name(outcome, code)))
    gdp, jobs = (_moves(outcome, name, code) for name in VOLUMES)
    return say("volumes.both", owner=owner, gdp=gdp, jobs=jobs)


def _moves(outcome: "xr.Dataset", name: str, code: str) -> str:
    """What a volume does, rounded to what its range allows where it has one, and what it bears."""
    here, digits = outcome.sel(country=code), digits_of_policies(outcome)
    value = float(here[name])
    drawn = [f"{name}_low", f"{name}_high"]
    ends = [float(here[end]) for end in drawn] if set(drawn) <= set(here) else []
    if max(map(abs, [value, *ends])) < SMALLEST_PERCENT:
        return say("volumes.still")
    if abs(value) < SMALLEST_PERCENT and np.isfinite(ends).all():
        return _still(min(ends), max(ends), digits)
    if ends and np.isfinite(ends).all():
        return _drawn(value, ends[0], ends[1], digits)
    return say(_verb(value), percent=percent(value, digits))


def _drawn(value: float, low: float, high: float, digits: int) -> str:
    least, *_, most = sorted((low, high, value))
    if least < 0 < most:
        return say("volumes.open", between=between_ends(least, most, digits))
    size, between = about_percent(value, low, high, digits), between_ends(low, high, digits)
    around = "" if is_one_figure(value, low, high, digits) else f" ({between} %)"
    return say(_verb(value), percent=f"{size}{around}")


def _still(low: float, high: float, digits: int) -> str:
    """What does not move at the scenario's own assumptions, and how far it does at others."""
    if low < -SMALLEST_PERCENT and high > SMALLEST_PERCENT:
        return say("volumes.open", between=between_ends(low, high, digits))
    key = "volumes.still_falls" if low < -high else "volumes.still_rises"
    return say(key, percent=percent(max(-low, high), digits))


def _verb(value: float) -> str:
    return "volumes.rises" if value > 0 else "volumes.falls"


def _sectors(outcome: "xr.Dataset", code: str) -> str:
    """The sectors with the largest relative changes of labour at work, of those that matter."""
    total, frame = float(outcome["total_employment"].sel(country=code)), job_frame(outcome, code)
    if abs(total) < SMALLEST_PERCENT:
        return ""
    rises = total > 0
    moved = frame.loc[frame.employment > 0] if rises else frame.loc[frame.employment < 0]
    most = moved.sort_values("employment", ascending=not rises).head(NAMED_SECTORS)
    if most.empty:
        return ""
    sectors = listing([_moving(row) for row in records(most)])
    key = "volumes.jobs_rise" if rises else "volumes.jobs_fall"
    return say(key, country=in_sentence(country_name(outcome, code)), sectors=sectors)


def _moving(row: dict[str, Any]) -> str:
    name, change = first_small(row["name"]), row["employment"]
    sign = "+" if change > 0 else MINUS
    return say("sectors.moves", sector=name, sign=sign, percent=percent(change, row["digits"]))


def job_frame(outcome: "xr.Dataset", code: str) -> pd.DataFrame:
    """Labour at work by sector, percent, of the sectors that matter in a country."""
    frame = sector_frame(outcome, code)
    return frame.loc[(frame.share >= MATERIAL_SHARE) & (frame.employment.abs() >= SMALLEST_PERCENT)]
