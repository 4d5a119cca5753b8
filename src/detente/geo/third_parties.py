"""Who gains and who pays when a scenario is played: is what one wins what another loses?"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..about import About
from ..equilibrium import measures, require_solved, solve
from ..scenario import focus, Scenario
from ..simulation import prepare
from ..world import Baseline
from .exposure import describe, HORIZONS


UNCHANGED = 1e-6
"""Percent of real income below which a change is the solver's rounding."""


@dataclass(frozen=True)
class ThirdParties:
    """The gains and losses of everybody from one scenario, at both horizons."""

    about: About
    countries: pd.DataFrame
    """horizon, country, name, party (in the scenario's focus), welfare (percent, exact),
    equivalent_variation (million US$), share_of_gains, share_of_income."""
    sums: pd.DataFrame
    """horizon, gains, losses and total in million US$; lost_per_dollar; gainers, losers: how many;
    of_parties and of_third_parties: their sums."""


def third_parties(baseline: Baseline, scenario: Scenario) -> ThirdParties:
    """What a scenario does to those who are not in it, and whether the sum is positive.

    Equivalent variations are added over countries one dollar for one dollar, with no weights.
    Raises `ScenarioError` for names and `SolveError` where an equilibrium was not found.
    """
    rows = pd.concat([_played(baseline, scenario, horizon) for horizon in HORIZONS])
    rows = rows.reset_index(drop=True)
    sums = [_sums(part).assign(horizon=horizon) for horizon, part in rows.groupby("horizon")]
    about = describe(baseline, scenario).adding(
        scenario=scenario.name,
        title=scenario.title,
        parties=list(focus(scenario, baseline)),
        units={"welfare": "percent of real income, exact",
               "equivalent_variation": "million US$ a year, prices of the baseline"},
    )  # fmt: skip
    columns = ["horizon", "gains", "losses", "total", "lost_per_dollar", "gainers", "losers",
               "of_parties", "of_third_parties"]  # fmt: skip
    return ThirdParties(about, rows, pd.concat(sums, ignore_index=True).reindex(columns=columns))


def _played(baseline: Baseline, scenario: Scenario, horizon: str) -> pd.DataFrame:
    played = prepare(baseline, scenario.model_copy(update={"horizon": horizon}))
    equilibrium = solve(played.economy, played.shock, played.closure)
    require_solved(equilibrium.status, f"at the {horizon} horizon: ")
    values = measures(played.economy, equilibrium)
    income = np.asarray(played.economy.income)
    variation = np.asarray(values["equivalent_variation"])
    gains = np.maximum(variation, 0.0).sum()
    parties = set(focus(scenario, baseline))
    return pd.DataFrame(
        {
            "horizon": horizon,
            "country": baseline.countries,
            "name": [baseline.country_names.get(code, code) for code in baseline.countries],
            "party": [code in parties for code in baseline.countries],
            "welfare": np.asarray(values["welfare"]),
            "equivalent_variation": variation,
            "share_of_gains": np.maximum(variation, 0.0) / gains if gains > 0 else np.nan,
            "share_of_income": income / income.sum(),
        }
    )


def _sums(rows: pd.DataFrame) -> pd.DataFrame:
    variation, moved = rows.equivalent_variation, rows.welfare.abs() > UNCHANGED
    gains, losses = float(variation.clip(lower=0).sum()), float(-variation.clip(upper=0).sum())
    return pd.DataFrame(
        {
            "gains": [gains],
            "losses": [losses],
            "total": [gains - losses],
            "lost_per_dollar": [losses / gains if gains > 0 else np.nan],
            "gainers": [int((moved & (variation > 0)).sum())],
            "losers": [int((moved & (variation < 0)).sum())],
            "of_parties": [float(variation[rows.party].sum())],
            "of_third_parties": [float(variation[~rows.party].sum())],
        }
    )
