"""How trade answers a month of more risk: local projections on an index by month.

A projection asks, horizon by horizon, how far the log of a flow is from where it was before a month
in which the index was one standard deviation higher than its past would have it (Jordà 2005). The
response over a year divides that by what the index itself then does, in one step with the month as
instrument (Ramey and Zubairy 2018): a loss per standard deviation that lasts.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from scipy import stats
from statsmodels.stats.sandwich_covariance import S_hac_simple

from .._core import DataError


FLOWS = ("exports", "imports")
HORIZON = 12
"""Months after the first that are followed."""
YEAR = 12
LAGS = 6
"""Months of the past that are held fixed, of the index and of the growth of the flow."""
LEVEL = 0.9
FEWEST_MONTHS = 60
"""Forty-one are left after lags and horizon, for twenty-five coefficients."""
_NOTHING_NEW = 1e-8
"""Of an index beside its past, over the index: less is the rounding of the regression."""

Column = Float[np.ndarray, " t"]


@dataclass(frozen=True)
class Projection:
    """What trade does after a month in which the index is high."""

    responses: pd.DataFrame
    """By flow and month since: `response`, `error`, `low`, `high`, in log points."""
    lasting: pd.DataFrame
    """By flow: the log change per standard deviation over a year, with its interval, and the F
    statistic of the instrument, `strength`."""
    months: int
    """That both series have."""
    first: str
    last: str
    mean: float
    deviation: float
    """Of the index over those months, in its own unit."""
    level: float


def project(trade: pd.DataFrame, index: pd.Series, *, level: float = LEVEL) -> Projection:
    """Local projections of a pair's exports and imports on the index, both by month.

    `trade` has a monthly index and the columns exports and imports. Held fixed: `LAGS` months of
    the index and of the flow's growth, and the month of the year. Errors are those of Newey and
    West (1987), with as many lags as the horizon overlaps. Raises `DataError` where too few months
    have both, where one has no trade, or where nothing in the index is new.
    """
    if not 0 < level < 1:
        raise DataError(f"the level must lie between 0 and 1, not {level:g}.")
    both = _together(trade, index)
    measured = both["index"].to_numpy(float)
    mean, deviation = float(measured.mean()), float(measured.std(ddof=1))
    if not deviation > 0:
        raise DataError(f"the index '{index.name}' does not move over the months of this trade.")
    shock = (measured - mean) / deviation
    season = pd.PeriodIndex(both.index).month.to_numpy()
    width = float(stats.norm.ppf((1 + level) / 2))
    responses, lasting = [], []
    for flow in FLOWS:
        setting = _Regression(np.log(both[flow].to_numpy(float)), shock, season)
        if setting.news <= _NOTHING_NEW:
            raise DataError(
                f"the index '{index.name}' has nothing in it that its past and the season do not "
                "tell; no response to it can be measured."
            )
        for horizon in range(HORIZON + 1):
            response = setting.response(horizon)
            responses.append({"flow": flow, "month": horizon, **_interval(*response, width)})
        effect, error = setting.over_a_year()
        lasting.append(
            {"flow": flow, **_interval(effect, error, width), "strength": setting.strength()}
        )
    return Projection(
        pd.DataFrame(responses), pd.DataFrame(lasting), len(both),
        str(both.index[0]), str(both.index[-1]), mean, deviation, level,
    )  # fmt: skip


@dataclass(frozen=True)
class _Regression:
    """One flow beside the index, from which every regression takes the same months."""

    series: Column
    """Logs."""
    shock: Column
    """Standard deviations from the mean."""
    season: Int[np.ndarray, " t"]
    """1 to 12."""

    @property
    def times(self) -> Int[np.ndarray, " u"]:
        """The months with every lag before them and every horizon after them in the data."""
        return np.arange(LAGS + 1, len(self.series) - HORIZON)

    @property
    def held(self) -> Float[np.ndarray, "u k"]:
        """The controls: lags of the index and of the flow's growth, and the month of the year."""
        growth = np.diff(self.series, prepend=np.nan)
        past = [
            column[self.times - lag]
            for column in (self.shock, growth)
            for lag in range(1, LAGS + 1)
        ]  # fmt: skip
        months = self.season[self.times][:, None] == np.arange(1, 13)
        return np.column_stack([*past, months[:, months.any(axis=0)].astype(float)])

    @property
    def news(self) -> float:
        """The part of the index that the controls do not explain, as a share of its size."""
        month = self.shock[self.times]
        return float(np.linalg.norm(_beside(self.held, month)) / np.linalg.norm(month))

    @property
    def sustained(self) -> Float[np.ndarray, " u"]:
        """The mean of the index over the year that begins with the month."""
        return self._year_ahead(self.shock)

    def response(self, horizon: int) -> tuple[float, float]:
        """Of the flow to the index of the month, that many months later; and its error."""
        wanted = self.series[self.times + horizon] - self.series[self.times - 1]
        month = self.shock[self.times]
        return _ratio(wanted, month, month, self.held, overlap=horizon)

    def over_a_year(self) -> tuple[float, float]:
        """The mean response of a year over the mean of the index in it; and its error."""
        wanted = self._year_ahead(self.series) - self.series[self.times - 1]
        month = self.shock[self.times]
        return _ratio(wanted, self.sustained, month, self.held, overlap=YEAR - 1)

    def strength(self) -> float:
        """The first-stage F statistic of the month as an instrument for its year."""
        month = self.shock[self.times]
        effect, error = _ratio(self.sustained, month, month, self.held, overlap=YEAR - 1)
        return (effect / error) ** 2

    def _year_ahead(self, column: Column) -> Float[np.ndarray, " u"]:
        return np.mean([column[self.times + ahead] for ahead in range(YEAR)], axis=0)


def _together(trade: pd.DataFrame, index: pd.Series) -> pd.DataFrame:
    """The months from the first to the last that both have, none missing."""
    both = trade[list(FLOWS)].assign(index=index.reindex(trade.index)).dropna()
    if len(both) < FEWEST_MONTHS:
        raise DataError(
            f"{len(both)} months have trade and the index '{index.name}'; at least "
            f"{FEWEST_MONTHS} are needed."
        )
    whole = pd.period_range(both.index[0], both.index[-1], freq="M")
    missing = whole.difference(both.index)
    if len(missing):
        raise DataError(f"the month {missing[0]} lacks trade or the index '{index.name}'.")
    if (both[list(FLOWS)] <= 0).to_numpy().any():
        month = both.index[(both[list(FLOWS)] <= 0).any(axis=1)][0]
        raise DataError(f"there is no trade in {month}, of which a log could be taken.")
    return both


def _ratio(
    wanted: Column, regressor: Column, instrument: Column, held: Float[np.ndarray, "t k"],
    *, overlap: int,
) -> tuple[float, float]:  # fmt: skip
    """Just-identified instrumental variables with what is held fixed partialled out, and its error.

    With the regressor as its own instrument this is least squares (Frisch, Waugh and Lovell).
    """
    outcome, cause, lever = (_beside(held, one) for one in (wanted, regressor, instrument))
    effect = float(lever @ outcome / (lever @ cause))
    moments = lever * (outcome - effect * cause)
    spread = float(np.asarray(S_hac_simple(moments, nlags=overlap + 1)).squeeze())
    free = len(wanted) / (len(wanted) - held.shape[1] - 1)
    return effect, float(np.sqrt(free * spread) / abs(lever @ cause))


def _beside(held: Float[np.ndarray, "t k"], column: Column) -> Column:
    """The residual of a column after the controls."""
    basis, _ = np.linalg.qr(held)
    return column - basis @ (basis.T @ column)


def _interval(effect: float, error: float, width: float) -> dict[str, float]:
    return {
        "response": effect, "error": error,
        "low": effect - width * error, "high": effect + width * error,
    }  # fmt: skip
