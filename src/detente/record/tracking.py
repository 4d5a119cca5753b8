"""Where a year is heading: from the months that are known to its balance, with an interval.

"On track for a deficit" becomes a probability, and the methods are judged on the past: every year
is forecast from every month with what was known then.
"""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from .._core import DataError
from .forecasts import FLOWS, METHODS, MONTHS, NAIVE, pace, SMALLEST_HISTORY
from .season import PACE, Season


KNOWN = "all months known"
LEVEL = 0.8
"""Coverage that an interval is meant to have."""
DRAWS = 4000
SEED = 20251212


def month_of(text: str) -> pd.Period:
    """The month `YYYY-MM`, or `DataError`."""
    try:
        date = datetime.strptime(text, "%Y-%m")
    except ValueError as error:
        raise DataError(f"'{text}' is not a month; write it as in 2019-11.") from error
    month = pd.Period(year=date.year, month=date.month, freq="M")
    assert isinstance(month, pd.Period)
    return month


def track(
    series: pd.DataFrame,
    through: pd.Period | None = None,
    methods: Sequence[str] = tuple(METHODS),
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """The year's exports, imports and balance by each method, from the months up to `through`.

    `series` has a monthly index and the columns exports and imports. One row per method and flow:
    known so far, estimate (median), low and high (80 %), the chance of a deficit in the row of the
    balance (share of draws), and what the year came to in the end where the series knows it. Same
    unit as `series`. `attrs["resolution"]` is the smallest chance that the past can speak of.
    """
    month = _stored_month(series, through)
    _refuse_nothing(series)
    history, current = _parts(series, month)
    whole = series.loc[_years(series) == month.year]
    rows = []
    for name in methods if len(current) < MONTHS else ():
        drawn = METHODS[name](history)(current, draws, np.random.default_rng(seed))
        rows += _rows(name, drawn, current, whole)
    if not rows:
        # A whole year needs no forecast: every draw is what it came to.
        ended = current[FLOWS].to_numpy(float).sum(axis=0)
        rows = _rows(KNOWN, np.tile(ended, (2, 1)), current, whole)
    table = pd.DataFrame(rows).assign(basis=str(series.attrs.get("basis", "")), year=month.year)
    table.attrs = {
        **series.attrs, "through": str(month), "months": len(current), "level": LEVEL,
        "draws": draws, "history": _span(history),
        "resolution": _resolution(history) if len(current) < MONTHS else 0.0,
    }  # fmt: skip
    return table


def track_balance(
    series: pd.DataFrame,
    so_far: float,
    through: pd.Period,
    two_way: float,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """As `track`, where nothing but the balance so far is known, as from a press report.

    `two_way` is the trade of the last whole year known: past errors of the pace are in proportion
    to it. The errors are those of `series`, which may end years before.
    """
    history = _whole_years(series.loc[_years(series) < through.year])
    _refuse_short(history, through.year)
    _refuse_december(through)
    size = float(history[FLOWS].iloc[-MONTHS:].to_numpy().sum())
    current = pd.DataFrame({"balance": [0.0] * (through.month - 1) + [so_far * size / two_way]})
    drawn = pace(history)(current, draws, np.random.default_rng(seed)) * two_way / size
    row = _row("pace of the balance", "balance", drawn[:, 0], so_far, np.nan)
    table = pd.DataFrame([row]).assign(basis=str(series.attrs.get("basis", "")), year=through.year)
    table.attrs = {
        **series.attrs, "through": str(through), "months": through.month, "level": LEVEL,
        "draws": draws, "history": _span(history), "two_way": two_way,
        "resolution": _resolution(history),
    }  # fmt: skip
    return table


def track_pace(
    season: Season,
    so_far: float,
    through: pd.Period,
    two_way: float,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """As `track_balance`, from the means and spreads of a season in place of its months.

    Million US$, as `two_way` is.
    """
    _refuse_december(through)
    months, random = through.month, np.random.default_rng(seed)
    drawn = MONTHS / months * so_far + season.draw(PACE, months, draws, random) * two_way
    row = _row("pace of the balance", "balance", drawn, so_far, np.nan)
    return _of_season(row, season, through, draws)


def track_flow(
    season: Season,
    known: pd.DataFrame,
    through: pd.Period | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Exports or imports of the year alone, from its months and the season; one row.

    `known` has a monthly index and one column, the flow. Same unit as `known`.
    """
    month = _stored_month(known, through)
    (flow,) = known.columns
    year = known.loc[(_years(known) == month.year) & (known.index <= month), flow]
    if len(year) != month.month:
        raise DataError(
            f"{flow} of {month.year} are stored from {year.index[0]} only; add the months from "
            "January."
        )
    so_far = float(year.sum())
    if month.month == MONTHS:
        row = _row(KNOWN, flow, np.array([so_far]), so_far, so_far)
    else:
        later = season.draw(flow, month.month, draws, np.random.default_rng(seed))
        row = _row("seasonal shares", flow, so_far * (1.0 + np.exp(later)), so_far, np.nan)
    return _of_season(row, season, month, draws)


def _of_season(
    row: dict[str, object], season: Season, through: pd.Period, draws: int
) -> pd.DataFrame:
    table = pd.DataFrame([row]).assign(basis=season.basis, year=through.year)
    table.attrs = {
        "basis": season.basis, "through": str(through), "months": through.month, "level": LEVEL,
        "draws": draws, "history": f"{season.first}–{season.last}",
        "resolution": 1.0 / (season.last - season.first + 3),
    }  # fmt: skip
    return table


def evaluate(
    series: pd.DataFrame,
    methods: Sequence[str] = tuple(METHODS),
    *,
    draws: int = 1000,
    seed: int = SEED,
) -> pd.DataFrame:
    """Every year forecast from each of its first eleven months with what was known then.

    One row per months known and method: mean absolute error of exports, imports and balance (unit
    of the series), coverage of the 80 % interval of the balance, how many years, and whether the
    balance was missed by less than by the naive rule. The figures are those finally published,
    not those first published, which no stored source keeps.
    """
    _refuse_nothing(series)
    rows = []
    for year in _years_to_forecast(series):
        history = _whole_years(series.loc[_years(series) < year])
        whole = series.loc[_years(series) == year]
        for name in methods:
            forecast = METHODS[name](history)
            for months in range(1, MONTHS):
                random = np.random.default_rng([seed, year, months])
                drawn = forecast(whole.iloc[:months], draws, random)
                rows.append({"months": months, "method": name, "year": year} | _miss(drawn, whole))
    return _summary(pd.DataFrame(rows), series)


def _summary(misses: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    by = misses.groupby(["months", "method"], sort=False)
    means = {name: by[name].mean() for name in ("exports", "imports", "balance", "covered")}
    table = pd.DataFrame(means).reset_index()
    table["basis"] = str(series.attrs.get("basis", ""))
    naive = table.loc[table.method == NAIVE].set_index("months").balance
    against = naive.reindex(table.months).to_numpy()
    better = table.balance.to_numpy() < against
    table["against_naive"] = np.where(better, "wins", "loses")
    table.loc[table.method == NAIVE, "against_naive"] = ""
    years = misses.year
    table = table.sort_values("months", kind="stable", ignore_index=True)
    table.attrs = {
        **series.attrs, "years": int(years.nunique()), "first": int(years.min()),
        "last": int(years.max()), "level": LEVEL,
    }  # fmt: skip
    return table


def _miss(drawn: np.ndarray, whole: pd.DataFrame) -> dict[str, float]:
    """Absolute errors of the medians, and whether the interval of the balance held the truth."""
    truth = whole[FLOWS].to_numpy(float).sum(axis=0)
    balance = _balance_of(drawn)
    actual = float(truth[0] - truth[1])
    low, high = _interval(balance)
    missed = {"balance": abs(float(np.median(balance)) - actual)}
    missed["covered"] = float(low <= actual <= high) if len(balance) > 1 else np.nan
    if drawn.shape[1] == len(FLOWS):
        for place, flow in enumerate(FLOWS):
            missed[flow] = abs(float(np.median(drawn[:, place])) - float(truth[place]))
    return missed


def _rows(
    name: str, drawn: np.ndarray, current: pd.DataFrame, whole: pd.DataFrame
) -> list[dict[str, object]]:
    known = current[FLOWS].to_numpy(float).sum(axis=0)
    complete = len(whole) == MONTHS
    ended = whole[FLOWS].to_numpy(float).sum(axis=0) if complete else np.full(2, np.nan)
    by_flow = drawn.shape[1] == len(FLOWS)
    rows = [
        _row(name, flow, drawn[:, place], float(known[place]), float(ended[place]))
        for place, flow in enumerate(FLOWS)
        if by_flow
    ]
    known_balance, balance = float(known[0] - known[1]), float(ended[0] - ended[1])
    return [*rows, _row(name, "balance", _balance_of(drawn), known_balance, balance)]


def _balance_of(drawn: np.ndarray) -> np.ndarray:
    """Exports less imports of every draw; a method that knows only the balance draws it."""
    return drawn[:, 0] - drawn[:, 1] if drawn.shape[1] == len(FLOWS) else drawn[:, 0]


def _row(name: str, flow: str, drawn: np.ndarray, known: float, actual: float) -> dict[str, object]:
    low, high = _interval(drawn)
    deficit = flow == "balance" and len(drawn) > 1
    return {
        "method": name,
        "flow": flow,
        "known": known,
        "estimate": float(np.median(drawn)),
        "low": low,
        "high": high,
        "chance_of_deficit": float((drawn < 0).mean()) if deficit else np.nan,
        "actual": actual,
    }


def _interval(drawn: np.ndarray) -> tuple[float, float]:
    """The ends of the central 80 %; a single draw has none."""
    if len(drawn) < 2:
        return np.nan, np.nan
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _years(series: pd.DataFrame) -> np.ndarray:
    return pd.PeriodIndex(series.index).year.to_numpy()


def _resolution(history: pd.DataFrame) -> float:
    """The smallest chance that so many past years can speak of: 1 / (n + 2), Laplace's rule."""
    return 1.0 / (len(history) // MONTHS + 2)


def _span(series: pd.DataFrame) -> str:
    years = _years(series)
    return f"{years[0]}–{years[-1]}"


def _stored_month(series: pd.DataFrame, through: pd.Period | None) -> pd.Period:
    first, last = series.index[0], series.index[-1]
    month = last if through is None else through
    if not first <= month <= last:
        near = first if month < first else last
        raise DataError(
            f"no figures for {month} are stored on the basis {series.attrs.get('basis', '')}, "
            f"which runs from {first} to {last}; did you mean {near}? "
            "Where only the balance so far is known, give it as `so_far`."
        )
    return month


def _parts(series: pd.DataFrame, month: pd.Period) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Whole years before the month's, and the months of its own year."""
    history = _whole_years(series.loc[_years(series) < month.year])
    current = series.loc[(_years(series) == month.year) & (series.index <= month)]
    _refuse_short(history, month.year)
    if len(current) != month.month:
        raise DataError(f"{month.year} is stored from {current.index[0]} only, not from January.")
    return history, current


def _whole_years(series: pd.DataFrame) -> pd.DataFrame:
    """The series from its first January on; years in between are whole, since it has no gap."""
    begins = np.flatnonzero(pd.PeriodIndex(series.index).month == 1)
    return series.iloc[int(begins[0]) :] if len(begins) else series.iloc[:0]


def whole_years_before(series: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """The whole years of `series` before the last year of `known`, if they are enough."""
    year = int(_years(known)[-1])
    history = _whole_years(series.loc[_years(series) < year])
    history = history.iloc[: len(history) // MONTHS * MONTHS]
    _refuse_nothing(history)
    _refuse_short(history, year)
    return history


def _refuse_december(through: pd.Period) -> None:
    if through.month == MONTHS:
        raise DataError(f"{through} ends the year: the balance so far is the year's.")


def _refuse_short(history: pd.DataFrame, year: int) -> None:
    if len(history) < SMALLEST_HISTORY * MONTHS:
        raise DataError(
            f"{year} cannot be tracked: {len(history) // MONTHS} whole years before it are stored "
            f"and {SMALLEST_HISTORY} are needed."
        )


def _refuse_nothing(series: pd.DataFrame) -> None:
    """Ratios and logarithms need trade in every month."""
    idle = series.index[(series[FLOWS] <= 0).any(axis=1)]
    if len(idle):
        raise DataError(
            f"{len(idle)} months without exports or imports are stored, {idle[0]} the first: "
            "what comes and goes like that cannot be tracked by its season."
        )


def _years_to_forecast(series: pd.DataFrame) -> list[int]:
    years, months = np.unique(_years(series), return_counts=True)
    whole = [int(year) for year in years[months == MONTHS]]
    chosen = whole[SMALLEST_HISTORY:]
    if not chosen:
        raise DataError(
            f"{len(whole)} whole years are stored; more than {SMALLEST_HISTORY} are needed to "
            "forecast one of them from those before it."
        )
    return chosen
