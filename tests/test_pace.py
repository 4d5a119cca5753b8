"""Horizons in years: the pace that is matched, what a number means in every face, and refusals."""

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

from detente import simulation
from detente._core import ScenarioError
from detente._words import ordinal
from detente.adjustment import horizon_in_words
from detente.analysis import choose_tariffs, decompose
from detente.calibrate.baseline import baseline_from_dataset
from detente.cli import app
from detente.ensemble import play_draws, sample, simulate_draws
from detente.ensemble._setting import setting_of
from detente.ensemble.horizons import with_other_horizon
from detente.equilibrium import solve, welfare_hat
from detente.outcome import to_nested
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
from detente.schema import conform
from detente.simulation import passing, prepare, simulate, simulate_years
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
    """Each at a pace that is published: the first year is the same at all of them."""
    asked = scenario(2, uncertainty={"draws": 4})
    drawn = sample(asked, baseline)
    assert drawn.assumptions[:2] == ("elasticities", "pace")
    world, _, _ = setting_of(baseline, [asked], drawn)
    for place in range(4):
        one = jax.tree.map(lambda leaf, place=place: leaf[place], drawn)
        moved, closure = world._world(one)
        pace = matched(float(one.nearly_long_run))
        assert matched(10).reset <= pace.reset <= matched(7).reset
        assert pace.ratio(1) == pytest.approx(PUBLISHED.ratio(1), rel=1e-12)
        np.testing.assert_allclose(closure.staggered.reset, pace.reset, rtol=1e-12)
        np.testing.assert_allclose(closure.labour_immobility, pace.immobility(1), rtol=1e-12)
        np.testing.assert_allclose(
            closure.staggered.locked_elasticity, pace.locked_ratio * moved.trade_elasticity
        )
    outcome = simulate_draws(baseline, asked, lambda said: None)
    assert outcome.attrs["draws_solved"] == 4
    assert (outcome.welfare_low <= outcome.welfare_high).all()
    assert "how fast buyers and workers move" in str(answer(outcome))
    assert outcome.attrs["other_horizon"] == "long"
    none = simulate_draws(baseline, scenario(2, uncertainty={"draws": 0}))
    assert "other_horizon" not in none.attrs


def test_the_pace_is_drawn_in_years_alone_over_the_published_range(baseline: Baseline) -> None:
    many = scenario(3, uncertainty={"draws": 2000})
    nearly = np.sort(np.asarray(sample(many, baseline).nearly_long_run))
    even = 7 + 3 * (np.arange(2000) + 0.5) / 2000
    # Kolmogorov-Smirnov, passed once in a thousand.
    assert abs(nearly - even).max() < 1.95 / np.sqrt(2000) * 3
    fixed = {"adjustment": {"relative_elasticity": 0.5}}
    held = ({"hold": ["pace"]}, {"nearly_long_run": [8.5, 8.5]})
    without = [scenario(run) for run in ("long", "short")]
    without += [scenario(3, **fixed), *(scenario(3, uncertainty=one) for one in held)]
    for one in without:
        drawn = sample(one, baseline)
        assert "pace" not in drawn.assumptions and (drawn.nearly_long_run == 8.5).all()


def test_a_draw_of_the_pace_is_the_model_at_that_pace(baseline: Baseline) -> None:
    """The part of its draws is solved again with the closure written by hand."""
    asked = scenario(3, uncertainty={"draws": 2, "hold": ["elasticities", "nests", "size"]})
    drawn = sample(asked, baseline)
    logs = play_draws(baseline, [asked], drawn)[:, 0]
    played = prepare(baseline, asked)
    for place, log in enumerate(logs):
        pace = matched(float(drawn.nearly_long_run[place]))
        staggered = replace(
            played.closure.staggered,
            reset=jnp.array(pace.reset),
            locked_elasticity=jnp.asarray(pace.locked_ratio * THETA),
        )
        closure = replace(
            played.closure, staggered=staggered, labour_immobility=jnp.array(pace.immobility(1))
        )
        alone = solve(played.economy, played.shock, closure)
        np.testing.assert_allclose(log, np.log(welfare_hat(played.economy, alone)), atol=1e-9)
    assert abs(logs[0] - logs[1]).max() > 1e-6


# --- Both horizons ------------------------------------------------------------------------------


def both_horizons(baseline: Baseline, asked: Scenario) -> xr.Dataset:
    return with_other_horizon(simulate(baseline, asked), baseline, asked)


@pytest.mark.parametrize(("own", "other"), [("long", 1), ("short", "long"), (4, "long")])
def test_the_other_horizon_is_an_answer_of_its_own(
    baseline: Baseline, own: Any, other: Any
) -> None:
    outcome = both_horizons(baseline, scenario(own))
    assert outcome.attrs["other_horizon"] == str(other)
    there = simulate(baseline, scenario(other)).welfare
    np.testing.assert_allclose(outcome.welfare_other_horizon, there, rtol=1e-12)
    first, second, *_ = answer(outcome)
    assert first.startswith(f"In the {horizon_in_words(own)}, KOR loses ")
    assert second.startswith(f"In the {horizon_in_words(other)}, KOR loses ")
    nested = to_nested(outcome)
    assert nested["other_horizon"] == str(other)
    assert nested["welfare_other_horizon"]["KOR"] == float(there.sel(country="KOR"))
    assert conform(outcome, "outcome") == []


def test_where_both_horizons_are_the_same_one_is_said(baseline: Baseline) -> None:
    fixed = {"kappa": 2.0, "relative_elasticity": 0.5}
    outcome = both_horizons(baseline, scenario("long", adjustment=fixed))
    assert "other_horizon" not in outcome.attrs and "welfare_other_horizon" not in outcome
    assert "first year" not in str(answer(outcome))


# --- What passes within a year ------------------------------------------------------------------

FADING = LEVY | {"phase_in": {"start": 2026}, "fade_out": {"start": 2026, "half_life": 1.0}}


def test_what_passes_within_a_year_has_no_long_run(baseline: Baseline) -> None:
    asked = scenario("long", policies={"levy": FADING})
    for play in (
        simulate,
        decompose,
        lambda world, one: play_draws(world, [one], sample(one, world)),
    ):
        with pytest.raises(ScenarioError, match=r"'levy' .* has no long run: set `horizon` to 1"):
            play(baseline, asked)
    for run in (1, "short"):
        short = both_horizons(baseline, scenario(run, policies={"levy": FADING}))
        assert short.attrs["solved"] and "other_horizon" not in short.attrs


def test_what_passes_is_followed_year_by_year(baseline: Baseline) -> None:
    """Its first year on the path is the run at that horizon: one thing has one number."""
    for run in ("long", 1):
        years = [
            *simulate_years(baseline, scenario(run, policies={"levy": FADING}), [2025, 2026, 2027])
        ]
        alone = simulate(baseline, scenario(1, policies={"levy": FADING}, year=2026))
        np.testing.assert_allclose(years[1].welfare, alone.welfare, atol=1e-9)
        assert abs(years[0].welfare).max() < 1e-9


def test_all_years_of_a_path_are_one_program(
    baseline: Baseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shocks of one structure, also before a limit or a boycott is there, which compile alike."""
    limit = {"kind": "rationing", "importers": ["CHN"], "exporters": ["KOR"], "sectors": ["CAR"],
             "markup": 0.4, "rent": "exporter", "phase_in": {"start": 2027}}  # fmt: skip
    boycott = {"kind": "taste", "importers": ["KOR"], "exporters": ["CHN"], "sectors": ["ELE"],
               "change": -0.2, "phase_in": {"start": 2028}}  # fmt: skip
    asked = scenario("long", policies={"limit": limit, "boycott": boycott})
    structures = set()

    def watched(economy: Any, shock: Any, closure: Any) -> Any:
        structures.add(jax.tree.structure((economy, shock, closure)))
        return solve(economy, shock, closure)

    monkeypatch.setattr(simulation, "solve", watched)
    years = [*simulate_years(baseline, asked, range(2026, 2030))]
    assert len(structures) == 1 and abs(years[0].welfare).max() < 1e-9
    alone = simulate(baseline, asked.model_copy(update={"horizon": 1, "year": 2027}))
    np.testing.assert_allclose(years[1].welfare, alone.welfare, atol=1e-8)


@pytest.mark.parametrize(
    ("dates", "passes"),
    [
        ({}, False),
        ({"phase_in": {"start": 2026}}, False),
        ({"fade_out": {"start": 2026, "half_life": 1.0}}, True),
        ({"fade_out": {"start": 2026, "half_life": 1.5}}, False),
        ({"phase_in": {"start": 2026}, "fade_out": {"start": 2026, "half_life": 0.5}}, True),
        ({"phase_in": {"start": 2026}, "fade_out": {"start": 2030, "half_life": 0.5}}, False),
        ({"phase_in": {"start": 2026, "years": 3},
          "fade_out": {"start": 2028, "half_life": 0.5}}, True),
    ],
)  # fmt: skip
def test_which_policies_pass(dates: dict, passes: bool) -> None:
    asked = scenario("short", policies={"levy": LEVY | dates})
    assert asked.policies["levy"].passes is passes
    assert passing(asked) == ("levy" if passes else "")


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
