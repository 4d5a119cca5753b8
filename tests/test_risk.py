"""Risk: projections against least squares and simulated truths, and the wedge they amount to."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from detente._core import DataError, ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.data.monthly_index import read_monthly_index
from detente.data.store import Store
from detente.geo.risk import risk
from detente.record import Pair
from detente.record.projection import FEWEST_MONTHS, HORIZON, LAGS, project
from detente.scenario import compile_shock, parse_scenario
from detente.world import Baseline

from . import test_cli
from .test_cli import assert_refused, everything, Run
from .worlds import dataset, economy


detente = test_cli.detente
EFFECT = 0.05
"""Fall of the log of exports per standard deviation, in what is made up here."""
Made = tuple[pd.DataFrame, pd.Series]


def made(months: int = 228, *, noise: float = 0.0, trend: float = 0.0, seed: int = 0) -> Made:
    """Exports that fall with a persistent index, and imports that do not."""
    random = np.random.default_rng(seed)
    level = np.zeros(months + 50)
    for month in range(1, len(level)):
        level[month] = 0.7 * level[month - 1] + random.standard_normal()
    level = level[50:]
    index = pd.period_range("2001-01", periods=months, freq="M", name="month")
    standard = (level - level.mean()) / level.std(ddof=1)
    season = 0.1 * np.sin(np.arange(months) * np.pi / 6)
    growth = np.cumsum(0.005 + trend * random.standard_normal(months))

    def flow(effect: float) -> np.ndarray:
        return np.exp(
            5 + growth + season - effect * standard + noise * random.standard_normal(months)
        )

    trade = pd.DataFrame({"exports": flow(EFFECT), "imports": flow(0.0)}, index=index)
    trade.attrs["basis"] = "made up"
    return trade, pd.Series(100 + 20 * level, index=index, name="risk")


def lasting(trade: pd.DataFrame, index: pd.Series) -> pd.DataFrame:
    return project(trade, index).lasting.set_index("flow")


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


# --- Projections --------------------------------------------------------------------------------


def test_an_effect_without_noise_is_found_exactly() -> None:
    found = lasting(*made())
    assert found.response["exports"] == pytest.approx(-EFFECT, rel=1e-9)
    assert found.response["imports"] == pytest.approx(0.0, abs=1e-10)


@pytest.mark.parametrize("horizon", [0, 1, 7, HORIZON])
def test_a_response_is_least_squares_with_the_errors_of_newey_and_west(horizon: int) -> None:
    """Another implementation: every regressor written out, by statsmodels."""
    trade, index = made(noise=0.05, trend=0.02, seed=3)
    logs = np.log(trade.exports.to_numpy())
    shock = ((index - index.mean()) / index.std()).to_numpy()
    growth = np.diff(logs, prepend=np.nan)
    times = np.arange(LAGS + 1, len(logs) - HORIZON)
    columns = [shock[times]]
    columns += [shock[times - lag] for lag in range(1, LAGS + 1)]
    columns += [growth[times - lag] for lag in range(1, LAGS + 1)]
    months = trade.index.month.to_numpy()[times]  # pyright: ignore[reportAttributeAccessIssue]
    columns += [(months == month).astype(float) for month in range(1, 13)]
    fitted = sm.OLS(logs[times + horizon] - logs[times - 1], np.column_stack(columns)).fit(
        cov_type="HAC", cov_kwds={"maxlags": horizon + 1, "use_correction": True}
    )
    rows = project(trade, index).responses.set_index(["flow", "month"])
    assert rows.response["exports", horizon] == pytest.approx(fitted.params[0], rel=1e-8)
    assert rows.error["exports", horizon] == pytest.approx(fitted.bse[0], rel=1e-8)


def test_intervals_cover_simulated_truths() -> None:
    """Nine in ten are meant to; errors of this kind are known to be a little small in one sample."""
    found = [lasting(*made(noise=0.05, trend=0.02, seed=seed)) for seed in range(60)]
    for flow, truth in (("exports", -EFFECT), ("imports", 0.0)):
        rows = pd.DataFrame([one.loc[flow] for one in found])
        held = ((rows.low <= truth) & (truth <= rows.high)).mean()
        assert 0.75 <= held <= 0.98
        middle, spread = rows.response.mean(), rows.response.std() / np.sqrt(len(rows))
        assert abs(middle - truth) < 3 * spread


def test_the_unit_of_the_index_and_of_trade_do_not_matter() -> None:
    trade, index = made(noise=0.05, seed=1)
    one, other = project(trade, index), project(1000 * trade, 7 + 3 * index)
    pd.testing.assert_frame_equal(one.lasting, other.lasting, rtol=1e-7)
    pd.testing.assert_frame_equal(one.responses, other.responses, rtol=1e-7, atol=1e-12)
    turned = lasting(trade, -index)
    assert turned.response["exports"] == pytest.approx(-one.lasting.response[0], rel=1e-7)


def test_months_outside_the_trade_are_not_used() -> None:
    trade, index = made(noise=0.05, seed=2)
    before = pd.Series(1e6, pd.period_range("1990-01", "2000-12", freq="M"))
    longer = pd.concat([before, index]).rename("risk")
    pd.testing.assert_frame_equal(
        project(trade, index).lasting, project(trade, longer).lasting, check_exact=True
    )


def _broken(change: Callable[[pd.DataFrame, pd.Series], Made]) -> Made:
    return change(*made(120))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t, i: (t.iloc[: FEWEST_MONTHS - 1], i), f"{FEWEST_MONTHS - 1} months have trade"),
        (lambda t, i: (t, i.drop(i.index[70])), "the month 2006-11 lacks trade or the index"),
        (lambda t, i: (t, 0 * i), "'risk' does not move"),
        (lambda t, i: (t, 0 * i + np.arange(len(i))), "'risk' has nothing in it"),
        (lambda t, i: (t, 0 * i + np.sin(np.arange(len(i)) * np.pi / 6)), "its past and the season"),
        (lambda t, i: (t.assign(imports=t.imports.where(t.index != t.index[5], 0.0)), i), "no trade in 2001-06"),
    ],
)  # fmt: skip
def test_what_cannot_be_projected_is_said(change: Callable, words: str) -> None:
    with pytest.raises(DataError, match=words):
        project(*_broken(change))


# --- The wedge ----------------------------------------------------------------------------------


def test_the_cost_brings_the_effect_about_at_fixed_prices(baseline: Baseline) -> None:
    """(1 + cost)^-theta is the change of the flow, at each end of the interval too."""
    trade, index = made(noise=0.05, seed=4)
    found = risk(baseline, Pair("KOR", "CHN"), trade, index).wedges
    ends = (("cost", "effect"), ("cost_low", "high"), ("cost_high", "low"))
    for cost, effect in ends:
        flow = (1 + found[cost] / 100) ** -found.theta
        np.testing.assert_allclose(flow, 1 + found[effect] / 100, rtol=1e-12)
    assert (found.cost_low < found.cost).all() and (found.cost < found.cost_high).all()


def test_theta_is_that_of_the_goods_of_the_flow(baseline: Baseline) -> None:
    from detente.selection import flows

    found = risk(baseline, Pair("KOR", "CHN"), *made()).wedges.set_index("flow")
    world = baseline.economy
    for flow, exporter, importer in (("exports", "KOR", "CHN"), ("imports", "CHN", "KOR")):
        cells = flows(baseline, (exporter,), (importer,), ("goods",))
        trade = np.asarray(world.trade)[cells]
        theta = np.broadcast_to(np.asarray(world.trade_elasticity), cells.shape)[cells]
        assert found.theta[flow] == pytest.approx((trade * theta).sum() / trade.sum())


def test_a_world_without_the_flow_is_named(baseline: Baseline) -> None:
    origin, destination = (baseline.country_index[code] for code in ("CHN", "KOR"))
    trade = baseline.economy.trade.at[origin, destination].set(0.0)
    without = replace(baseline, economy=replace(baseline.economy, trade=trade))
    with pytest.raises(DataError, match="no goods from CHN to KOR"):
        risk(without, Pair("KOR", "CHN"), *made())


def costs(baseline: Baseline, **chosen: object) -> np.ndarray:
    policy = {"kind": "policy_uncertainty", "exporters": ["KOR"], "importers": ["CHN"]} | chosen
    scenario = parse_scenario({"title": "T", "policies": {"one": policy}}, "test")
    return np.asarray(compile_shock(scenario, baseline).trade_cost_hat)


def test_the_policy_costs_what_it_says_where_it_says(baseline: Baseline) -> None:
    origin, destination = (baseline.country_index[code] for code in ("KOR", "CHN"))
    size = {"deviations": 2.0, "cost_per_deviation": 0.03}
    both = costs(baseline, **size)
    wanted = np.ones_like(both)
    wanted[origin, destination] = wanted[destination, origin] = np.exp(0.06)
    np.testing.assert_allclose(both, wanted, rtol=1e-14)
    one = costs(baseline, **size, both_ways=False)
    wanted[destination, origin] = 1.0
    np.testing.assert_allclose(one, wanted, rtol=1e-14)


def test_no_deviation_and_no_cost_are_no_shock_and_calm_is_the_inverse(baseline: Baseline) -> None:
    for size in ((0.0, 0.03), (2.0, 0.0)):
        found = costs(baseline, deviations=size[0], cost_per_deviation=size[1])
        np.testing.assert_array_equal(found, 1.0)
    more, less = (costs(baseline, deviations=z, cost_per_deviation=0.03) for z in (1.5, -1.5))
    np.testing.assert_allclose(more * less, 1.0, rtol=1e-14)


def test_a_negative_cost_is_refused(baseline: Baseline) -> None:
    with pytest.raises(ScenarioError, match="cost_per_deviation"):
        costs(baseline, deviations=1.0, cost_per_deviation=-0.1)


# --- The file and the command -------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["{0.year}-{0.month:02d}", "{0.year}{0.month:02d}", "{0.year}-{0.month:02d}-01"]
)
def test_months_may_be_written_in_three_ways(written: str, tmp_path: Path) -> None:
    _, index = made(70)
    lines = [f"{written.format(month)},{value!r}" for month, value in index.items()]
    path = tmp_path / "risk.csv"
    path.write_text("month,risk\n" + "\n".join(lines), encoding="utf-8-sig")
    pd.testing.assert_series_equal(read_monthly_index(path), index, check_freq=False)


BAD_INDICES = {
    "not there": (None, "there is no file at"),
    "empty": ("", "is not a CSV file"),
    "one column": ("month\n2001-01\n", "a column of months, one of numbers, and a row"),
    "no month": ("month,risk\nspring,1\n", "'spring' in .* is not a month"),
    "no number": ("month,risk\n2001-01,high\n", "'high' in the column 'risk' .* is not a number"),
    "infinite": ("month,risk\n2001-01,inf\n", "is not a number"),
    "twice": ("month,risk\n2001-01,1\n2001-01,2\n", "the month 2001-01 twice"),
    "several": ("month,risk,calm\n2001-01,1,2\n", "several columns; say which, such as 'risk'"),
}


@pytest.mark.parametrize("fault", BAD_INDICES)
def test_a_bad_index_is_said(fault: str, tmp_path: Path) -> None:
    content, words = BAD_INDICES[fault]
    path = tmp_path / "index.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(DataError, match=words):
        read_monthly_index(path)


@pytest.fixture
def store(home: Path) -> Path:
    """Months of trade in the user's store, and an index beside them."""
    trade, index = made(noise=0.05, seed=5)
    when = pd.PeriodIndex(trade.index).to_timestamp()
    rows = [
        pd.DataFrame({
            "reporter": "KOR", "partner": "CHN", "flow": flow, "product": "total",
            "frequency": "M", "period": when, "value": trade[flow].to_numpy(),
            "basis": "korean customs", "status": "final",
        })
        for flow in ("exports", "imports")
    ]  # fmt: skip
    Store.open(home / "home" / "store").put(
        "months", "1", {"trade": pd.concat(rows)}, {"licence": "made up", "attribution": "made up"}
    )
    index.to_csv(home / "risk.csv")
    return home


def test_the_command_answers_and_draws(detente: Run, store: Path) -> None:
    said = detente("risk", "KOR", "CHN", "--index", "risk.csv", "--chart", "risk.svg")
    assert said.code == 0, said.err
    assert "korean customs" in said.out and "2001-01 to 2019-12" in said.out
    assert "compact-2022" in said.out and "policy_uncertainty" in said.out
    assert (store / "risk.svg").read_text().startswith("<svg")
    code, out, _ = detente("risk", "KOR", "CHN", "--index", "risk.csv", "--format", "json")
    found = json.loads(out)
    assert code == 0 and found["about"]["months"] == 228
    costs = {row["flow"]: row["cost"] for row in found["wedges"]}
    assert costs["exports"] > 0
    assert detente("risk", "KOR", "CHN", "--index", "risk.csv", "--out", "rows.csv").code == 0
    assert len(pd.read_csv(store / "rows.csv")) == 2 * (HORIZON + 1) + 2


def test_a_bad_question_writes_nothing(detente: Run, store: Path) -> None:
    before = everything(store)
    for arguments, words in (
        (("KOR", "CHN", "--index", "risk.csv", "--column", "rsik"), "did you mean 'risk'?"),
        (("KOR", "CHN", "--index", "none.csv"), "there is no file at none.csv"),
        (("KRO", "CHN", "--index", "risk.csv"), "did you mean 'KOR'?"),
        (("KOR", "JPN", "--index", "risk.csv"), "no monthly trade of KOR-JPN"),
        (("KOR", "CHN", "--index", "risk.csv", "--basis", "chinese"), "korean customs"),
    ):
        assert_refused(detente("risk", *arguments, "--chart", "risk.svg"), words)
    assert everything(store) == before
