"""Tracking: exact where the season is exact, calibrated where it is random, judged on real years."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from detente import library
from detente._core import DataError
from detente.record import evaluate, month_of, track, track_balance
from detente.record.forecasts import bootstrap, METHODS, seasonal_shares
from detente.record.season import COLUMNS, season_of, SHIPPED
from detente.record.tracking import track_flow, track_pace


SEASON = np.array([8, 7, 9, 9, 10, 9, 9, 10, 10, 11, 12, 14], float)
FAST = ("same as last year", "seasonal shares", "pace of the balance")


def made(years: int, *, noise: float = 0.0, growth: float = 0.1, seed: int = 0) -> pd.DataFrame:
    """Monthly flows with one season, growth by year, and a random factor of each year's end."""
    random = np.random.default_rng(seed)
    flows = {}
    for flow, level in (("exports", 100.0), ("imports", 80.0)):
        by_year = level * (1 + growth) ** np.arange(years)
        table = by_year[:, None] * SEASON
        table[:, 6:] *= np.exp(noise * random.standard_normal((years, 1)))
        flows[flow] = table.ravel()
    index = pd.period_range("2000-01", periods=12 * years, freq="M", name="month")
    series = pd.DataFrame(flows, index=index)
    series.attrs["basis"] = "made up"
    return series


def balance_row(found: pd.DataFrame, method: str) -> pd.Series:
    return found.set_index(["method", "flow"]).loc[(method, "balance")]


@pytest.mark.parametrize("months", [1, 5, 11])
def test_an_exact_season_is_forecast_exactly(months: int) -> None:
    """Growth between years does not matter to a share of the year; last year's months miss it."""
    series = made(8)
    through = series.index[7 * 12 + months - 1]
    found = track(series, through, FAST)
    truth = series[series.index.year == 2007].sum()
    row = balance_row(found, "seasonal shares")
    assert row.estimate == pytest.approx(truth.exports - truth.imports, rel=1e-9)
    assert row.low == pytest.approx(row.high, rel=1e-9)
    assert row.actual == pytest.approx(truth.exports - truth.imports)
    assert balance_row(found, "same as last year").estimate < 0.999 * row.estimate


def test_nothing_after_the_month_is_used() -> None:
    series = made(8, noise=0.1)
    through = series.index[7 * 12 + 4]
    cut, later = series.loc[:through], series.copy()
    later.loc[later.index > through] *= 5.0
    one, other = (track(data, through, seed=3) for data in (cut, later))
    pd.testing.assert_frame_equal(
        one.drop(columns="actual"), other.drop(columns="actual"), check_exact=True
    )


def test_units_do_not_matter() -> None:
    series = made(8, noise=0.1)
    through = series.index[-5]
    small, large = track(series, through), track(1000.0 * series, through)
    assert np.allclose(1000.0 * small.estimate, large.estimate, rtol=1e-3)
    assert np.allclose(
        small.chance_of_deficit.dropna(), large.chance_of_deficit.dropna(), atol=0.01
    )


def test_the_bootstrap_has_the_variance_of_a_new_year() -> None:
    """Of n years with variance v a new one is missed by v (1 + 1/n), up to the sample's own v."""
    values = np.random.default_rng(1).standard_normal((12, 1))
    drawn = bootstrap(values, 200_000, np.random.default_rng(2))
    spread = values.var(ddof=1)
    # The mean of resampled years has the population variance over n.
    assert drawn.var() == pytest.approx(spread + values.var() / 12, rel=0.02)
    assert drawn.mean() == pytest.approx(values.mean(), abs=0.01)


@pytest.mark.parametrize(("years", "coverage"), [(30, 0.79), (10, 0.73)])
def test_the_interval_covers_what_it_says(years: int, coverage: float) -> None:
    """300 made worlds: the 80 % interval of the next year holds the truth that often.

    Ten past years have few extremes to draw, which costs seven points; thirty cost one.
    """
    held, known = [], 12 * years
    for seed in range(300):
        series = made(years + 1, noise=0.2, growth=0.0, seed=seed)
        forecast = seasonal_shares(series.iloc[:known])
        drawn = forecast(series.iloc[known : known + 6], 500, np.random.default_rng(seed))
        truth = series.iloc[known:].sum()
        low, high = np.quantile(drawn[:, 0] - drawn[:, 1], [0.1, 0.9])
        held.append(low <= truth.exports - truth.imports <= high)
    # Two standard errors of 300 worlds are 4.6 points.
    assert np.mean(held) == pytest.approx(coverage, abs=0.046)


def test_the_deficit_of_one_is_the_surplus_of_the_other() -> None:
    series = made(10, noise=0.1, growth=0.0)
    series["imports"] = made(10, noise=0.1, growth=0.0, seed=9)["imports"] * 1.25
    months = series.index.year == 2009
    # The history is symmetric in the two flows as well, so that neither side is favoured.
    mirrored = series.rename(columns={"exports": "imports", "imports": "exports"})
    chances = [
        balance_row(track(data, series.index[months][5]), "seasonal shares").chance_of_deficit
        for data in (series, mirrored)
    ]
    assert sum(chances) == pytest.approx(1.0, abs=0.02)


def test_a_whole_year_needs_no_forecast() -> None:
    series = made(8)
    found = track(series)
    row = balance_row(found, "all months known")
    assert row.estimate == row.low == row.high == row.actual == row.known
    assert row.chance_of_deficit == 0.0


def test_the_pace_of_a_balance_alone() -> None:
    """With one season in both flows the balance has it too, and the pace is corrected for it."""
    series = made(12, growth=0.0)
    year = 20.0 * SEASON.sum()
    so_far = 20.0 * SEASON[:11].sum()
    two_way = 180.0 * SEASON.sum()
    found = track_balance(series, so_far, month_of("2025-11"), two_way)
    assert found.estimate[0] == pytest.approx(year, rel=1e-9)
    # A balance in proportion to a larger trade scales with it.
    larger = track_balance(series, 3 * so_far, month_of("2025-11"), 3 * two_way)
    assert larger.estimate[0] == pytest.approx(3 * year, rel=1e-9)


@pytest.mark.parametrize("months", [1, 5, 11])
def test_one_flow_of_an_exact_season_is_forecast_exactly(months: int) -> None:
    series = made(8)
    season = season_of(series.iloc[: 7 * 12], "made up")
    known = series.loc[series.index.year == 2007, ["exports"]].iloc[:months]
    found = track_flow(season, known)
    assert found.flow.tolist() == ["exports"]
    truth = series.exports[series.index.year == 2007].sum()
    assert found.estimate[0] == pytest.approx(truth, rel=1e-9)
    assert found.low[0] == pytest.approx(found.high[0], rel=1e-9)


def test_means_and_spreads_say_what_the_months_say() -> None:
    """The pace of a balance from a season's numbers and from its months: one distribution, nearly.

    A bootstrap of 29 years and Student's t of 29 draws differ in the tails, not in the middle.
    """
    series = made(31, noise=0.2, growth=0.0)
    history, month = series.iloc[: 30 * 12], month_of("2031-07")
    two_way = float(history.iloc[-12:].to_numpy().sum())
    months = track_balance(history, 100.0, month, two_way).iloc[0]
    numbers = track_pace(season_of(history, "made up"), 100.0, month, two_way).iloc[0]
    width = months.high - months.low
    for name in ("estimate", "low", "high"):
        assert abs(numbers[name] - months[name]) < 0.1 * width, name


def test_the_spread_of_a_season_is_that_of_a_new_year() -> None:
    """Of n past values with deviation s the next one is missed by s sqrt(1 + 1/n), as t has it."""
    season = season_of(made(6, noise=0.2, growth=0.0), "made up")
    years, mean, sd = season.table.loc[("exports", 6)]
    drawn = season.draw("exports", 6, 400_000, np.random.default_rng(0))
    inside = np.abs(drawn - mean) < 2.571 * sd * np.sqrt(1 + 1 / years)
    # 95 % of t with 5 degrees of freedom lie within 2.571.
    assert years == 6 and inside.mean() == pytest.approx(0.95, abs=0.002)


def test_words_for_one_flow_that_cannot_be_tracked() -> None:
    series = made(8)
    season = season_of(series.iloc[: 7 * 12], "made up")
    late = series.loc[series.index.year == 2007, ["exports"]].iloc[5:]
    with pytest.raises(DataError, match="exports of 2007 are stored from 2007-06 only"):
        track_flow(season, late)
    with pytest.raises(DataError, match="the balance so far is the year's"):
        track_pace(season, 1.0, month_of("2010-12"), 1.0)


def test_the_structural_model_follows_a_season_that_it_was_not_told() -> None:
    series = made(9, growth=0.0)
    series *= np.exp(0.004 * np.arange(len(series)))[:, None]
    series *= np.exp(0.005 * np.random.default_rng(4).standard_normal(series.shape))
    months = [series.index[8 * 12 + place] for place in (2, 5, 8)]
    rows = [
        balance_row(track(series, month, ("structural model",)), "structural model")
        for month in months
    ]
    assert all(row.estimate == pytest.approx(row.actual, rel=0.03) for row in rows)
    assert sum(row.low < row.actual < row.high for row in rows) >= 2


def test_words_for_months_that_cannot_be_tracked() -> None:
    series = made(8)
    with pytest.raises(DataError, match=r"runs from 2000-01 to 2007-12; did you mean 2007-12"):
        track(series, month_of("2025-11"))
    with pytest.raises(DataError, match="3 whole years before it are stored and 5 are needed"):
        track(series, month_of("2003-05"))
    idle = made(8)
    idle.loc[idle.index[3], "imports"] = 0.0
    with pytest.raises(DataError, match="2000-04 the first"):
        track(idle)
    for wrong in ("2019", "2019-13", "November", "2019-11-05"):
        with pytest.raises(DataError, match="is not a month"):
            month_of(wrong)
    with pytest.raises(DataError, match="the balance so far is the year's"):
        track_balance(series, 1.0, month_of("2010-12"), 1.0)


def test_an_evaluation_counts_wins_and_losses() -> None:
    table = evaluate(made(9, growth=0.1), FAST, draws=50)
    assert table.attrs["years"] == 4 and len(table) == 11 * 3
    shares = table.loc[table.method == "seasonal shares"]
    assert (shares.balance < 1e-6).all() and (shares.against_naive == "wins").all()
    # Where every year is the one before, nobody can beat the naive rule.
    assert evaluate(made(9, growth=0.0), FAST, draws=50).balance.max() < 1e-6


def korea_china(raw_directory: Path) -> pd.DataFrame:
    path = raw_directory / "korea_china_trade" / "kosis_korea_china_monthly_2001_2019.csv"
    raw = pd.read_csv(path)
    index = pd.PeriodIndex(raw.month, freq="M")
    flows = {
        "exports": raw.exports_kusd.to_numpy() / 1e3,
        "imports": raw.imports_kusd.to_numpy() / 1e3,
    }
    series = pd.DataFrame(flows, index=index)
    series.attrs["basis"] = "korean customs"
    return series


@pytest.mark.shared
def test_on_real_years_the_methods_beat_the_naive_rule(raw_directory: Path) -> None:
    """Korea-China 2001-2019: 14 years forecast as they went, with the losses that there are."""
    table = evaluate(korea_china(raw_directory), tuple(METHODS), draws=400)
    assert table.attrs["years"] == 14
    wins = (table.against_naive == "wins").groupby(table.method).sum()
    assert wins["seasonal shares"] >= 9 and wins["structural model"] >= 9
    first = table.loc[(table.months == 1) & (table.method == "seasonal shares")]
    assert first.against_naive.item() == "loses"
    covered = table.groupby("method").covered.mean()
    # 14 years give the coverage of one month a standard error of 11 points; years are shared.
    assert covered["seasonal shares"] == pytest.approx(0.85, abs=0.15)
    assert covered["structural model"] == pytest.approx(0.85, abs=0.15)


def test_the_table_that_ships_has_the_columns_that_are_written() -> None:
    (row, *_) = library.table(f"record/{SHIPPED}")
    assert list(row) == COLUMNS
