"""A scenario year by year: phase-ins and fading as they come, and buyers who follow with delay."""

from collections.abc import Callable, Sequence

import xarray as xr

from .._core import ScenarioError
from ..about import YEARS
from ..scenario import Scenario
from ..schema import of_kind
from ..simulation import is_year_after_year, simulate_years
from ..world import Baseline


END = 2035
MOST_YEARS = 200


def years_of(scenario: Scenario, start: int | None = None, end: int = END) -> range:
    """The years of a path: from `start`, or from the year before the first policy begins."""
    begins = [year for policy in scenario.in_force.values() for year in policy.dates]
    if start is None and not begins:
        raise ScenarioError(
            f"'{scenario.name}' has no dates: no policy has a phase_in or a fade_out, so every "
            "year is the same; say from which year with `start` to draw it all the same."
        )
    first = min(begins) - 1 if start is None else start
    if first > end:
        raise ScenarioError(f"the path begins in {first}, after its last year {end}.")
    if end - first >= MOST_YEARS:
        raise ScenarioError(
            f"the path from {first} to {end} is of {end - first + 1} years; "
            f"{MOST_YEARS} or fewer can be followed."
        )
    return range(first, end + 1)


def follow(
    baseline: Baseline,
    scenario: Scenario,
    years: Sequence[int],
    progress: Callable[[str], None] = lambda year: None,
) -> xr.Dataset:
    """The outcomes of the years, side by side, without single flows and linear statistics.

    The latter hold for tariffs alone, and not for buyers who follow with delay.

    Each year is the equilibrium of that year's policies with the suppliers that the years before
    have left (`simulate_years`); at the short horizon each year is on its own.
    """
    outcomes, played = [], simulate_years(baseline, scenario, years)
    for year in years:
        progress(str(year))
        outcome = next(played)
        kept = [name for name in outcome.data_vars if _is_kept(str(name))]
        solved = xr.DataArray(bool(outcome.attrs["solved"]))
        outcomes.append(outcome[kept].assign(solved=solved))
    together = xr.concat(outcomes, dim="year", combine_attrs="drop_conflicts", join="exact")
    if is_year_after_year(scenario):
        together = together.assign_attrs(horizon=YEARS)
    return together.assign_coords(year=list(years))


def _is_kept(name: str) -> bool:
    return "destination" not in of_kind("outcome")[name].dims and not name.endswith("_linear")
