"""Questions about an answer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .. import analysis, scenario as scenarios
from ..analysis.path import years_of
from ..calibrate import baseline as baselines
from ..scenario import load_scenario, Scenario
from ._files import on_baseline, Progress


if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from ..world import Baseline


def what_moves(
    reference: str, of: str, overrides: Sequence[str] = (), baseline: str | None = None
) -> "pd.DataFrame":
    """The inputs that move one number of a scenario's outcome most."""
    scenario = load_scenario(reference, on_baseline(overrides, baseline))
    return analysis.what_moves(baselines.load_baseline(scenario.baseline), scenario, of)


def decompose(
    reference: str, overrides: Sequence[str] = (), baseline: str | None = None
) -> tuple["xr.Dataset", list[str]]:
    """The terms of a scenario's exact welfare, and the countries in its focus."""
    scenario = load_scenario(reference, on_baseline(overrides, baseline))
    world = baselines.load_baseline(scenario.baseline)
    return analysis.decompose(world, scenario), _focus(scenario, world)


def follow(
    reference: str,
    *,
    overrides: Sequence[str] = (),
    baseline: str | None = None,
    start: int | None = None,
    end: int,
    progress: Progress,
) -> tuple["xr.Dataset", list[str]]:
    """A scenario year by year, and the countries in its focus."""
    scenario = load_scenario(reference, on_baseline(overrides, baseline))
    years = years_of(scenario, start, end)
    world = baselines.load_baseline(scenario.baseline)
    return analysis.follow(world, scenario, years, progress), _focus(scenario, world)


def choose_tariffs(
    players: Sequence[str],
    *,
    aim: "analysis.Aim",
    rates: str,
    sectors: Sequence[str],
    scenario: Scenario,
) -> "xr.Dataset":
    """The tariffs that players would set, in the setting of a scenario."""
    baseline = baselines.load_baseline(scenario.baseline)
    return analysis.choose_tariffs(
        baseline, scenario, tuple(players), aim=aim, rates=rates, sectors=tuple(sectors)
    )


def setting(reference: str | None, overrides: Sequence[str], baseline: str | None) -> Scenario:
    """The scenario that tariffs are chosen in; without one, the baseline as it is."""
    changes = on_baseline(overrides, baseline)
    if reference is not None:
        return load_scenario(reference, changes)
    return scenarios.without_policies(changes)


def _focus(scenario: Scenario, baseline: "Baseline") -> list[str]:
    """The countries to show: those in focus, or the five largest."""
    named = list(scenarios.focus(scenario, baseline))
    if named:
        return named
    by_income = sorted(
        zip(baseline.economy.income.tolist(), baseline.countries, strict=True), reverse=True
    )
    return [code for _, code in by_income[:5]]
