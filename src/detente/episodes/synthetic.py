"""Synthetic control: what a series would have been, made of others that nothing happened to.

Abadie, Diamond and Hainmueller (2010), equation 2 and section 2.4: weights that are not negative
and add up to one, chosen on the months before the event; placebos say how large a gap is by chance.
Series are logs, less the mean of their own calendar month before the event, so that neither size
nor season has to be matched.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy.optimize import nnls

from .._core import DataError


FEWEST_MONTHS = 24
"""Months before the event: below two years a calendar month's mean is a single month."""

_TOGETHER = 1e4
"""Weight of the equation that makes weights add up to one, over those of the months."""


@dataclass(frozen=True)
class Control:
    """A fitted synthetic control."""

    weights: pd.Series
    """By donor; not negative, adding up to one."""
    gap: pd.Series
    """Log of actual over synthetic, by month."""
    begins: str
    """The first month that was not fitted."""

    @property
    def before(self) -> float:
        """Root mean square of the gap before the event, log points."""
        return _size(self.gap.to_numpy()[self.gap.index < self.begins])

    @property
    def after(self) -> float:
        return _size(self.gap.to_numpy()[self.gap.index >= self.begins])

    @property
    def ratio(self) -> float:
        """Error after over error before, the statistic that placebos are ranked by."""
        return self.after / self.before


def simplex_weights(
    target: Float[np.ndarray, " t"], donors: Float[np.ndarray, "t j"]
) -> Float[np.ndarray, " j"]:
    """Least squares under weights that are not negative and add up to one."""
    heavy = _TOGETHER * np.abs(donors).max()
    left = np.vstack([donors, np.full((1, donors.shape[1]), heavy)])
    weights, _ = nnls(left, np.append(target, heavy))
    return weights / weights.sum()


def control(
    arrivals: pd.DataFrame, treated: str, donors: Collection[str], begins: str
) -> Control:  # fmt: skip
    """Fit the treated series before `begins` (YYYY-MM) and follow it to the end.

    `arrivals` holds a column for every series and a row for every month, all positive.
    """
    panel = deseasonalised(pd.DataFrame(arrivals, columns=[treated, *donors]), begins)
    values, before = panel.to_numpy(), np.asarray(panel.index < begins)
    weights = simplex_weights(values[before, 0], values[before, 1:])
    gap = pd.Series(values[:, 0] - values[:, 1:] @ weights, panel.index)
    return Control(pd.Series(weights, list(donors)), gap, begins)


def deseasonalised(arrivals: pd.DataFrame, begins: str) -> pd.DataFrame:
    """Logs, less each column's mean of the same calendar month before the event."""
    logs, calendar = np.log(arrivals.to_numpy()), arrivals.index.str[5:].to_numpy()
    before = np.asarray(arrivals.index < begins)
    means = {month: logs[before & (calendar == month)].mean(axis=0) for month in set(calendar)}
    less = logs - np.array([means[month] for month in calendar])
    return pd.DataFrame(less, arrivals.index, arrivals.columns)


def off_trend(arrivals: pd.DataFrame, treated: str, begins: str) -> pd.Series:
    """Logs less the season and the straight line that they follow before the event, by month.

    Both by least squares at once: a mean of each calendar month would take some of the line.
    """
    logs, before = np.log(arrivals[treated]), np.asarray(arrivals.index < begins)
    season = pd.get_dummies(arrivals.index.str[5:]).to_numpy(float)
    terms = np.column_stack([season, np.arange(len(logs))])
    fitted, *_ = np.linalg.lstsq(terms[before], logs[before], rcond=None)
    return pd.Series(logs - terms @ fitted, arrivals.index)


def placebos(
    arrivals: pd.DataFrame, donors: Collection[str], begins: str
) -> dict[str, Control]:  # fmt: skip
    """Every donor in the place of the treated series, fitted by the other donors."""
    return {
        donor: control(arrivals, donor, [other for other in donors if other != donor], begins)
        for donor in donors
    }


def band(controls: Collection[Control], level: float) -> pd.Series:
    """The size of gap that the given share of placebos stays below, by month."""
    gaps = pd.concat([one.gap.abs() for one in controls], axis=1)
    return gaps.quantile(level, axis=1)


def require_panel(
    arrivals: pd.DataFrame, columns: Collection[str], window: tuple[str, str, str]
) -> pd.DataFrame:
    """The months of a window (first, begins, last), or a `DataError` that says what is missing."""
    first, begins, last = window
    if not first < begins <= last:
        raise DataError(
            f"the window must begin before its event and end after it: {first}, {begins}, {last}."
        )
    wanted = pd.period_range(first, last, freq="M").strftime("%Y-%m")
    absent = wanted.difference(arrivals.index)
    if len(absent):
        have = f"{arrivals.index.min()} to {arrivals.index.max()}"
        raise DataError(f"the arrivals lack {len(absent)} months, the first {absent[0]}; "
                        f"they cover {have}.")  # fmt: skip
    months = sum(month < begins for month in wanted)
    if months < FEWEST_MONTHS:
        raise DataError(f"the window has {months} months before {begins}; {FEWEST_MONTHS} are "
                        "needed to tell the event from the season.")  # fmt: skip
    panel = pd.DataFrame(arrivals, index=wanted, columns=list(columns))
    worst = zip(panel, panel.to_numpy().min(axis=0), strict=True)
    blank = [str(name) for name, least in worst if not least > 0]
    if blank:
        raise DataError(f"arrivals are missing or zero in some month for {', '.join(blank[:5])}.")
    return panel


def _size(gap: np.ndarray) -> float:
    return float(np.sqrt((gap**2).mean()))
