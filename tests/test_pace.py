"""Horizons in years: the pace that is matched, what a number means in every face, and refusals."""

import jax
import numpy as np
import pytest
from typer.testing import CliRunner

from detente._core import ScenarioError
from detente._words import ordinal
from detente.adjustment import horizon_in_words
from detente.analysis import choose_tariffs, decompose
from detente.calibrate.baseline import baseline_from_dataset
from detente.cli import app
from detente.ensemble import sample, simulate_draws
from detente.ensemble._setting import setting_of
from detente.pace import (
    CONVERGED,
    FIRST_YEAR,
    LONG_RUN,
    matched,
    NEARLY_LONG_RUN,
    profile,
    PUBLISHED,
)
from detente.report import answer
from detente.scenario import assumptions, load_scenario, parse_scenario, Scenario
from detente.simulation import prepare, simulate
from detente.world import Baseline

from .worlds import dataset, economy


LEVY = {"kind": "tariff", "importers": ["KOR"], "exporters": ["CHN"], "rate": 0.4}
THETA = np.asarray(economy().trade_elasticity)


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def scenario(horizon: object, **others: object) -> Scenario:
    document = {"title": "T", "policies": {"levy": LEVY}, "horizon": horizon, "focus": ["KOR"]}
    return parse_scenario(document | others, "test")


# --- The pace -----------------------------------------------------------------------------------


def test_the_published_elasticities_are_met() -> None:
    assert LONG_RUN * PUBLISHED.ratio(1) == pytest.approx(FIRST_YEAR, rel=1e-12)
    for year in CONVERGED:
        assert LONG_RUN * matched(year).ratio(year) == pytest.approx(NEARLY_LONG_RUN, rel=1e-12)
    assert matched(10).reset < PUBLISHED.reset < matched(7).reset
    # The locked respond, and less than those who choose.
    assert 0 < PUBLISHED.locked_ratio < PUBLISHED.ratio(1)
    assert PUBLISHED.ratio(200) == pytest.approx(1.0)


def test_the_fit_is_printed_year_by_year() -> None:
    _, head, *rows = profile().splitlines()
    assert head.split() == ["year", "trade", "elasticity", "1/kappa"]
    assert rows[0].split() == ["1", "0.76", "0.81"] and len(rows) == CONVERGED[1]


# --- What a number of years means ---------------------------------------------------------------


def test_a_number_of_years_is_a_pace(baseline: Baseline) -> None:
    played = prepare(baseline, scenario(3))
    pace = played.closure.staggered
    assert pace.years == 3 and float(pace.reset) == PUBLISHED.reset
    np.testing.assert_allclose(pace.locked_elasticity, PUBLISHED.locked_ratio * THETA)
    assert float(played.closure.labour_immobility) == PUBLISHED.immobility(1)
    np.testing.assert_array_equal(played.economy.trade_elasticity, THETA)


def test_what_the_scenario_fixes_stays(baseline: Baseline) -> None:
    tied = prepare(baseline, scenario(3, adjustment={"kappa": 2.0})).closure
    assert float(tied.labour_immobility) == 0.5 and not tied.staggered.moves_labour
    fixed = prepare(baseline, scenario(3, adjustment={"relative_elasticity": 0.5}))
    assert fixed.closure.staggered is None
    assert float(fixed.closure.labour_immobility) == pytest.approx(PUBLISHED.immobility(3))
    np.testing.assert_allclose(fixed.economy.trade_elasticity, 0.5 * THETA)


def test_years_lie_between_the_short_and_the_long_run(baseline: Baseline) -> None:
    """A tariff that takes trade away takes more of it the longer it lasts."""
    flow = dict(origin="CHN", destination="KOR")
    imports = [
        float(simulate(baseline, scenario(horizon)).trade_after.sel(flow).sum())
        for horizon in (1, 3, 10, "long")
    ]
    assert imports == sorted(imports, reverse=True)


@pytest.mark.parametrize("horizon", [0, -1, 31, 2.5, "soon", True])
def test_no_horizon_is_refused(horizon: object) -> None:
    with pytest.raises(ScenarioError, match="horizon"):
        scenario(horizon)


def test_the_answer_says_the_year(baseline: Baseline) -> None:
    outcome = simulate(baseline, scenario(3))
    assert outcome.attrs["horizon"] == "3" and outcome.attrs["solved"] == 1
    said = answer(outcome)
    assert "third year" in str(said) and "long run" not in str(said)
    named = " ".join(assumptions(scenario(3), baseline))
    assert "19 % of buyers choose their suppliers anew" in named and "kappa" in named


def test_numbers_of_years_in_words() -> None:
    assert [ordinal(n) for n in (1, 10, 11, 12, 22, 23, 30)] == [
        "first", "tenth", "11th", "12th", "22nd", "23rd", "30th"]  # fmt: skip
    assert horizon_in_words(1) == "first year" and horizon_in_words("short") == "short run"


# --- Draws --------------------------------------------------------------------------------------


def test_draws_keep_the_year_and_move_all_elasticities_together(baseline: Baseline) -> None:
    asked = scenario(2, uncertainty={"draws": 4})
    drawn = sample(asked, baseline)
    assert "horizon" not in drawn.assumptions
    world, _, _ = setting_of(baseline, [asked], drawn)
    for place in range(4):
        one = jax.tree.map(lambda leaf, place=place: leaf[place], drawn)
        moved, closure = world._world(one)
        np.testing.assert_allclose(
            closure.staggered.locked_elasticity, PUBLISHED.locked_ratio * moved.trade_elasticity
        )
    outcome = simulate_draws(baseline, asked, lambda said: None)
    assert outcome.attrs["draws_solved"] == 4
    assert (outcome.welfare_low <= outcome.welfare_high).all()


# --- Refusals and faces -------------------------------------------------------------------------


def test_questions_without_a_form_in_years_say_so(baseline: Baseline) -> None:
    with pytest.raises(ScenarioError, match="not after a number of years"):
        decompose(baseline, scenario(3))
    with pytest.raises(ScenarioError, match="not after a number of years"):
        choose_tariffs(baseline, scenario(3), ("KOR",), aim="alone")


def test_the_command_line_takes_years_and_words() -> None:
    assert load_scenario("china-korea/rcep", ["horizon=3"]).horizon == 3
    assert load_scenario("china-korea/rcep", ["horizon=Short run"]).horizon == "short"
    refused = CliRunner().invoke(app, ["run", "china-korea/rcep", "--horizon", "soon"])
    assert refused.exit_code == 2
    refused = CliRunner().invoke(
        app, ["run", "china-korea/rcep", "--horizon", "99", "--format", "json"]
    )
    assert refused.exit_code != 0
