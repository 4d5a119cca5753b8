"""What each policy of a scenario brings: by itself, where it is left out, and as its fair share."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from .._core import ScenarioError, SolveError, with_minus
from .._words import listing
from ..about import About
from ..scenario import Scenario
from ..simulation import prepare
from ..world import Baseline
from ._stack import play_all
from .batches import Progress
from .shapley import coalitions, shapley


MOST_POLICIES = 8
"""Every combination is solved: 256 worlds at most."""
_MONEY = "equivalent_variation"


@dataclass(frozen=True)
class PolicyParts:
    """What the policies in force bring to every country."""

    rows: pd.DataFrame
    """By policy and country: `alone`, `left_out` and `fair_share` in percent of real income, and
    the same as equivalent variation, million US$ a year."""
    whole: pd.DataFrame
    """All policies together by country: `welfare` in percent, `equivalent_variation`."""
    words: Mapping[str, str]
    """What each policy does, in sentences."""
    about: About


def policy_parts(
    baseline: Baseline, scenario: Scenario, progress: Progress = lambda done: None
) -> PolicyParts:
    """The part of each policy in force in the exact change of real income.

    Every combination of policies is solved. A policy's fair share is its Shapley value: what it
    adds to those already in force, on average over all orders in which they may come; the shares
    add up to the whole. Raises `ScenarioError` for no policy or for more than `MOST_POLICIES`, and
    `SolveError` where a combination has no solution.
    """
    names = _told_apart(scenario)
    member = coalitions(len(names))
    played = prepare(baseline, scenario)
    value = _welfare(baseline, scenario, member, progress)
    income = np.asarray(played.economy.income)
    countries = list(baseline.countries)
    together = {"country": countries, "welfare": value[-1], _MONEY: value[-1] * income / 100}
    about = About.on(
        played.baseline,
        scenario,
        unit="percent of real income",
        title=scenario.title,
        scenario=scenario.name,
        by="policy",
    )
    return PolicyParts(
        _rows(names, countries, value, income), pd.DataFrame(together),
        _words(scenario, played.baseline), about,
    )  # fmt: skip


def _told_apart(scenario: Scenario) -> list[str]:
    names = list(scenario.in_force)
    if not names:
        raise ScenarioError(f"no policy of '{scenario.name}' is in force, so none brings anything.")
    if len(names) > MOST_POLICIES:
        raise ScenarioError(
            f"'{scenario.name}' has {len(names)} policies in force, and at most {MOST_POLICIES} "
            f"can be told apart: {2**MOST_POLICIES} worlds are solved for so many; switch some "
            f"off, as with {names[-1]}.enabled=false among `overrides`."
        )
    return names


def _welfare(
    baseline: Baseline,
    scenario: Scenario,
    member: Bool[np.ndarray, "coalition policy"],
    progress: Progress,
) -> Float[np.ndarray, "coalition n"]:
    """The exact change of real income, percent, where only some policies are in force."""
    policies = scenario.in_force
    some = [[name for name, is_in in zip(policies, row, strict=True) if is_in] for row in member]
    scenarios = [
        scenario.model_copy(update={"policies": {name: policies[name] for name in names}})
        for names in some
    ]
    value = 100 * np.expm1(np.asarray(play_all(baseline, scenarios, progress=progress)))
    unsolved = [names for names, row in zip(some, value, strict=True) if np.isnan(row).any()]
    if unsolved:
        raise SolveError(
            f"no equilibrium was found with only {listing(unsolved[0]) or 'no policy'} in force, "
            "and a part is known only where every combination of policies is solved."
        )
    return value


def _rows(
    names: list[str],
    countries: list[str],
    value: Float[np.ndarray, "coalition n"],
    income: Float[np.ndarray, " n"],
) -> pd.DataFrame:
    one = 2 ** np.arange(len(names))
    percent = {
        "alone": value[one] - value[0],
        "left_out": value[len(value) - 1 - one] - value[-1],
        "fair_share": shapley(value),
    }
    money = {f"{name}_{_MONEY}": part * income / 100 for name, part in percent.items()}
    index = pd.MultiIndex.from_product([names, countries], names=["policy", "country"])
    columns = {name: part.ravel() for name, part in (percent | money).items()}
    return pd.DataFrame(columns, index=index).reset_index()


def _words(scenario: Scenario, baseline: Baseline) -> dict[str, str]:
    return {
        name: with_minus(" ".join(policy.describe(baseline, scenario.year)))
        for name, policy in scenario.in_force.items()
    }
