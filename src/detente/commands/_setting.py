"""The scenario and the world that a question is put to."""

from typing import TYPE_CHECKING

from .. import scenario as scenarios
from ..scenario import load_scenario, Scenario
from ._files import on_baseline
from .asks.model import InASetting


if TYPE_CHECKING:
    from ..world import Baseline


def setting_of(ask: InASetting, reference: str | None) -> Scenario:
    """The scenario that is in force; without one the baseline as it is."""
    changes = on_baseline(ask.changes, ask.baseline)
    return (
        scenarios.without_policies(changes)
        if reference is None
        else load_scenario(reference, changes)
    )


def world_of(scenario: Scenario) -> "Baseline":
    """The baseline that a scenario is played on."""
    # The engine loads with it, and a setting is checked before that.
    from ..calibrate import baseline as baselines

    return baselines.load_baseline(scenario.baseline)


def shown_first(scenario: Scenario, baseline: "Baseline") -> list[str]:
    """The countries to show: those in focus, or the five largest."""
    named = list(scenarios.focus(scenario, baseline))
    if named:
        return named
    by_income = sorted(
        zip(baseline.economy.income.tolist(), baseline.countries, strict=True), reverse=True
    )
    return [code for _, code in by_income[:5]]
