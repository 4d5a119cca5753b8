"""The scenario and the world that a question is put to."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from .. import scenario as scenarios
from .._core import ScenarioError
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


def amount(text: str, what: str, example: str) -> tuple[str, float]:
    """A name and the number after its equals sign; raises `ScenarioError` where that is none."""
    name, _, number = text.partition("=")
    try:
        return name, float(number)
    except ValueError:
        raise ScenarioError(f"{what} is written as {example}; '{text}' is not.") from None


def amounts(texts: Iterable[str], what: str, example: str) -> dict[str, float]:
    """The numbers by name; raises `ScenarioError` also where a name comes twice."""
    read: dict[str, float] = {}
    for name, number in (amount(text, what, example) for text in texts):
        if name in read:
            raise ScenarioError(f"{name} has {what} twice; name it once.")
        read[name] = number
    return read
