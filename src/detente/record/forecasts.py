"""From the months of a year that are known to its twelve: four methods behind one signature.

A method is given whole past years and returns a forecast; a forecast is given the months known so
far and returns draws of the year's exports and imports, in the unit of the data. Fitting sees past
years only, so that what is evaluated on history is what is used today.
"""

import warnings
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy import stats


FLOWS = ["exports", "imports"]
MONTHS = 12
SMALLEST_HISTORY = 5
"""Whole years below which the spread of past errors says nothing."""

Draws = Float[np.ndarray, "draw k"]
Forecast = Callable[[pd.DataFrame, int, np.random.Generator], Draws]
Method = Callable[[pd.DataFrame], Forecast]


def last_year(history: pd.DataFrame) -> Forecast:
    """The naive rule: the months to come are those of the year before. One draw, no interval."""

    def forecast(current: pd.DataFrame, draws: int, random: np.random.Generator) -> Draws:
        del draws, random
        rest = history.iloc[-MONTHS:].iloc[len(current) :]
        return (current[FLOWS].sum() + rest[FLOWS].sum()).to_numpy(float)[None, :]

    return forecast


def seasonal_shares(history: pd.DataFrame) -> Forecast:
    """What is still to come over what is known, as in past years; exports and imports together.

    The log ratio of each past year is drawn with the uncertainty of its mean: a bootstrap of years
    gives the mean, and a year's deviation from it the error. Both flows use the same year, so that
    a year in which both end strongly stays one.
    """

    def forecast(current: pd.DataFrame, draws: int, random: np.random.Generator) -> Draws:
        known, rest = _split(history, len(current))
        ratios = np.log(rest / known)
        factor = np.exp(bootstrap(ratios, draws, random))
        return current[FLOWS].to_numpy(float).sum(axis=0) * (1.0 + factor)

    return forecast


def structural(history: pd.DataFrame) -> Forecast:
    """Level, trend and season of log exports and log imports, each free to drift.

    The basic structural model of Harvey (1989) by maximum likelihood on past years, filtered over
    the known months with those parameters, and simulated to December. The two flows are joined by
    the correlation of their one-step errors (a normal copula of the yearly totals).
    """
    fits = {flow: _fit(_log(history, flow)) for flow in FLOWS}
    errors = [fits[flow].filter_results.standardized_forecasts_error[0] for flow in FLOWS]
    # The first errors are those of a filter that does not know the season yet.
    together = float(np.corrcoef([error[MONTHS + 2 :] for error in errors])[0, 1])

    def forecast(current: pd.DataFrame, draws: int, random: np.random.Generator) -> Draws:
        steps = MONTHS - len(current)
        totals = [
            _simulated(fits[flow], _log(current, flow), steps, draws, random)
            + current[flow].to_numpy(float).sum()
            for flow in FLOWS
        ]
        return _joined(np.stack(totals, axis=1), together, random)

    return forecast


def pace(history: pd.DataFrame) -> Forecast:
    """Twelve months at the pace of the balance so far, where nothing but the balance is known.

    The error of that rule in past years, as a share of the two-way trade of the year before, is
    drawn as in `seasonal_shares`, so that a season of the balance is corrected on average. The
    draws have one column, the balance. `current` may hold a column `balance` instead of flows.
    """
    two_way = history[FLOWS].sum(axis=1).to_numpy().reshape(-1, MONTHS).sum(axis=1)

    def forecast(current: pd.DataFrame, draws: int, random: np.random.Generator) -> Draws:
        known, rest = (part[:, 0] - part[:, 1] for part in _split(history, len(current)))
        scale = MONTHS / len(current)
        errors = (rest + known - scale * known)[1:] / two_way[:-1]
        drawn = bootstrap(errors[:, None], draws, random) * two_way[-1]
        return scale * _balance_so_far(current) + drawn

    return forecast


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "same as last year": last_year,
        "seasonal shares": seasonal_shares,
        "structural model": structural,
        "pace of the balance": pace,
    }
)
NAIVE = "same as last year"


def bootstrap(
    values: Float[np.ndarray, "year k"], draws: int, random: np.random.Generator
) -> Draws:
    """Draws of a new year's values: an uncertain mean of past years, and a deviation of one year.

    Deviations are stretched by sqrt(n / (n - 1)), since those from a sample's own mean are small.
    """
    years = len(values)
    mean = values[random.integers(years, size=(draws, years))].mean(axis=1)
    deviation = (values - values.mean(axis=0, keepdims=True)) * np.sqrt(years / (years - 1))
    return mean + deviation[random.integers(years, size=draws)]


def _split(
    history: pd.DataFrame, months: int
) -> tuple[Float[np.ndarray, "year 2"], Float[np.ndarray, "year 2"]]:
    """The first months of every past year, and the rest of it."""
    years = history[FLOWS].to_numpy(float).reshape(-1, MONTHS, len(FLOWS))
    return years[:, :months].sum(axis=1), years[:, months:].sum(axis=1)


def _balance_so_far(current: pd.DataFrame) -> float:
    if "balance" in current:
        return float(current.balance.sum())
    return float((current.exports - current.imports).sum())


def _log(series: pd.DataFrame, flow: str) -> pd.Series:
    return pd.Series(np.log(series[flow].to_numpy(float)), index=series.index)


def _fit(log_series: pd.Series) -> Any:
    from statsmodels.tools.sm_exceptions import ConvergenceWarning
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    parts: dict[str, Any] = {"level": "local linear trend", "seasonal": MONTHS}
    model = UnobservedComponents(log_series, **parts)
    with warnings.catch_warnings():
        # Variances at their bound of zero stop the optimiser early; the evaluation judges the fit.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(disp=0)


def _simulated(
    fit: Any, known: pd.Series, steps: int, draws: int, random: np.random.Generator
) -> Float[np.ndarray, " draw"]:
    """Sums over the remaining months of simulated paths, in the unit of the data."""
    now = fit.append(known) if len(known) else fit
    paths = now.simulate(steps, repetitions=draws, anchor="end", rng=random)
    return np.exp(np.asarray(paths).reshape(steps, draws)).sum(axis=0)


def _joined(totals: Draws, together: float, random: np.random.Generator) -> Draws:
    """The same draws of each flow, reordered so that the two flows have that rank correlation."""
    cover = [[1.0, together], [together, 1.0]]
    normal = random.multivariate_normal(np.zeros(2), cover, size=len(totals))
    ranks = stats.rankdata(normal, axis=0, method="ordinal").astype(int) - 1
    return np.take_along_axis(np.sort(totals, axis=0), ranks, axis=0)
