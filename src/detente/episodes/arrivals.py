"""The fall of arrivals in a boycott: how deep, when it began, and how long it lasted."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import curve_fit

from .._core import DataError
from ..data.arrivals import read_arrivals
from ._episode import Episode, Setting
from .synthetic import (
    band,
    Control,
    control,
    FEWEST_MONTHS,
    off_trend,
    placebos,
    require_panel,
)


LEVELS = (0.8, 0.9, 0.95)
"""Shares of placebos that a month's gap must exceed to count as a fall."""
IN_A_ROW = 3
"""Months in a row that begin a fall: one alone may be a holiday that moved."""


@dataclass(frozen=True)
class Fall:
    """Arrivals beside their synthetic control."""

    arrivals: pd.Series
    """Persons by month."""
    control: Control
    placebos: dict[str, Control]
    earlier: Control
    """A control that is told of an event before there was one."""
    epidemic: Control | None
    """The same a year earlier, before an epidemic; None where the window holds too little of it."""
    own_trend: pd.Series
    """Log of actual over the treated series' own straight line before the event, by month."""
    year: tuple[str, str]
    """First and last month of the year of the boycott."""

    @property
    def synthetic(self) -> pd.Series:
        """Persons by month without the event."""
        return self.arrivals / np.exp(self.control.gap)

    @property
    def lost(self) -> float:
        """Persons of the year of the boycott who did not come."""
        return float((self.synthetic - self.arrivals)[slice(*self.year)].sum())

    @property
    def share(self) -> float:
        """Share of the year's synthetic arrivals that did not come."""
        return self.lost / float(self.synthetic[slice(*self.year)].sum())

    @property
    def share_by_own_trend(self) -> float:
        """The same share against the treated series' own trend, without any donor."""
        arrivals, gap = (one[slice(*self.year)] for one in (self.arrivals, self.own_trend))
        return 1.0 - float(arrivals.sum() / (arrivals / np.exp(gap)).sum())

    @property
    def interval(self) -> tuple[float, float]:
        """That share, moved by the year's mean gap that nine tenths of placebos stay below."""
        means = [abs(one.gap[slice(*self.year)].mean()) for one in self.placebos.values()]
        noise = float(np.quantile(means, 0.9))
        kept = np.log1p(-self.share)
        return float(-np.expm1(kept + noise)), float(-np.expm1(kept - noise))


def measure_fall(episode: Episode, setting: Setting) -> Fall:
    """Fit the treated nationality and every placebo.

    Raises `DataError`, in a sentence, for a bad window, missing months or too few donors.
    """
    choices, window = episode.choices, episode.window
    if window is None:
        raise DataError(f"the episode '{episode.name}' has no window of months.")
    arrivals = read_arrivals(place_of_arrivals(setting.sources))
    treated, donors = choices["treated"], _donors(arrivals, episode)
    months = (window.first, window.begins, window.last)
    panel = require_panel(arrivals, [treated, *donors], months)
    year = choices["year_begins"], choices["year_ends"]
    if not window.begins <= year[0] <= year[1] <= window.last:
        raise DataError(
            f"the year of the boycott, {year[0]} to {year[1]}, is not within the window's "
            f"{window.begins} to {window.last}."
        )
    false_start, sick_year = choices["placebo_begins"], choices["epidemic_year_begins"]
    before = pd.DataFrame(panel, index=[m for m in panel.index if m < window.begins])
    require_panel(before, [treated], (window.first, false_start, str(before.index[-1])))
    is_long = sum(month < sick_year for month in before.index) >= FEWEST_MONTHS
    return Fall(
        arrivals=pd.Series(panel[treated]),
        control=control(panel, treated, donors, window.begins),
        placebos=placebos(panel, donors, window.begins),
        earlier=control(before, treated, donors, false_start),
        epidemic=control(before, treated, donors, sick_year) if is_long else None,
        own_trend=off_trend(panel, treated, window.begins),
        year=year,
    )


def duration(fall: Fall, level: float) -> tuple[float, float]:
    """Months from the event to the fall, and from its first month to its last.

    A month counts where arrivals are below their control by more than that share of placebos
    differ from theirs; not a number where there is none.
    """
    gap, limit = fall.control.gap, band(fall.placebos.values(), level)
    outside = (gap.to_numpy() < -limit.to_numpy())[gap.index >= fall.control.begins]
    runs = [t for t in range(len(outside) - IN_A_ROW + 1) if outside[t : t + IN_A_ROW].all()]
    if not runs:
        return float("nan"), float("nan")
    return float(runs[0]), float(runs[-1] + IN_A_ROW - runs[0])


def half_life(gap: pd.Series) -> tuple[float, float]:
    """Months in which half of a log gap fades, with its standard error.

    Least squares of g exp(-t log 2 / h) on the months given, as they come.
    """
    months = np.arange(len(gap), dtype=float)
    fading = lambda t, depth, half: depth * 0.5 ** (t / half)
    start = (float(gap.iloc[:6].mean()), 12.0)
    fit, spread = curve_fit(fading, months, gap.to_numpy(), start)
    return float(fit[1]), float(np.sqrt(spread[1, 1]))


def place_of_arrivals(sources: Path | None) -> Path | None:
    """The raw sources as named, or by `DETENTE_RAW`; none where the store is to be asked."""
    chosen = sources or os.environ.get("DETENTE_RAW")
    return Path(chosen) if chosen else None


def _donors(arrivals: pd.DataFrame, episode: Episode) -> list[str]:
    """Nationalities large enough before the event, of which nothing says they were touched."""
    choices = episode.choices
    out = {choices["treated"], *choices["excluded"]}
    year = arrivals[pd.Index(arrivals.index).str.startswith("2016")].sum()
    donors = [str(name) for name in arrivals
              if name not in out and year[name] >= choices["smallest_donor"]]  # fmt: skip
    if len(donors) < choices["fewest_donors"]:
        raise DataError(
            f"only {len(donors)} nationalities are left as donors, and {choices['fewest_donors']} "
            "are needed for placebos; lower 'choices.smallest_donor' or exclude fewer."
        )
    return donors
