"""Blocs, distances and affiliates: where each wedge is, by hand on a small world."""

import numpy as np
import pytest

from detente._core import ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.policy.blocs import ideal_points
from detente.scenario import assumptions, compile_shock, parse_scenario, to_toml
from detente.simulation import simulate
from detente.world import Baseline, Shock

from .worlds import dataset, economy


KOR, CHN, JPN, USA, ROW = range(5)
CAR, ELE, BUS = range(3)
SPLIT = {"kind": "bloc_split", "blocs": {"West": ["USA", "JPN"], "East": ["CHN"]}, "change": 1.0}
POINTS = {"KOR": 1.0, "CHN": -0.5, "JPN": 0.7, "USA": 2.5}
PULL = {
    "kind": "affiliate_demand", "parents": ["KOR"], "hosts": ["USA"], "sectors": ["CAR"],
    "output_growth": 0.5, "parts_elasticity": 0.7,
}  # fmt: skip


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def scenario(*policies: dict, **settings):
    named = {f"p{place}": policy for place, policy in enumerate(policies)}
    return parse_scenario({"title": "A test", "policies": named, **settings}, "test")


def played(baseline: Baseline, *policies: dict, **settings) -> Shock:
    return compile_shock(scenario(*policies, **settings), baseline)


def welfare(baseline: Baseline, *policies: dict) -> np.ndarray:
    return simulate(baseline, scenario(*policies)).welfare.values


def test_costs_rise_between_blocs_and_nowhere_else(baseline: Baseline) -> None:
    expected = np.ones((5, 5, 3))
    for one in (USA, JPN):
        expected[one, CHN] = expected[CHN, one] = 2.0
    np.testing.assert_allclose(played(baseline, SPLIT).trade_cost_hat, expected, rtol=1e-14)


def test_a_country_that_hedges_has_half_the_log_wedge_with_every_bloc(baseline: Baseline) -> None:
    cost = np.log(played(baseline, {**SPLIT, "hedging": ["KOR"]}).trade_cost_hat)
    for other in (USA, JPN, CHN):
        np.testing.assert_allclose(cost[[KOR, other], [other, KOR]], np.log(2) / 2, rtol=1e-14)
    assert not cost[KOR, ROW].any() and not cost[ROW].any()


def test_a_bloc_split_is_the_trade_costs_it_is_made_of(baseline: Baseline) -> None:
    west, east = ["USA", "JPN"], ["CHN"]
    by_hand = [
        {"kind": "trade_cost", "exporters": one, "importers": other, "change": 1.0}
        for one, other in ((west, east), (east, west))
    ]
    np.testing.assert_allclose(
        welfare(baseline, SPLIT), welfare(baseline, *by_hand), rtol=1e-8, atol=1e-9
    )


def test_a_prohibition_is_the_limit_of_costs(baseline: Baseline) -> None:
    """Losses grow with the cost and reach that of no trade at all."""
    banned = {key: value for key, value in SPLIT.items() if key != "change"} | {"prohibited": True}
    allowed = np.asarray(played(baseline, banned).allowed)
    assert (allowed[[USA, JPN], CHN] == 0).all() and (allowed[CHN, [USA, JPN]] == 0).all()
    assert allowed.sum() == allowed.size - 4 * 3
    sizes = [welfare(baseline, {**SPLIT, "change": size})[CHN] for size in (0.3, 1.0, "3000%")]
    assert sizes[0] > sizes[1] > sizes[2] > welfare(baseline, banned)[CHN] - 1e-9
    assert sizes[2] == pytest.approx(welfare(baseline, banned)[CHN], abs=1e-3)


def test_blocs_that_do_not_trade_leave_nothing_to_split(baseline: Baseline) -> None:
    """What is not traded cannot be lost: only the sectors named are touched."""
    cost = np.asarray(played(baseline, {**SPLIT, "sectors": ["BUS"]}).trade_cost_hat)
    assert (cost[:, :, [CAR, ELE]] == 1).all() and cost[USA, CHN, BUS] == 2.0


def test_distance_costs_beyond_what_is_tolerated(baseline: Baseline) -> None:
    policy = {"kind": "bloc_split", "cost_per_point": 0.1, "tolerated": 1.0, "positions": POINTS}
    cost = np.log(played(baseline, policy).trade_cost_hat)[:, :, CAR]
    expected = np.zeros((5, 5))
    for one, other, beyond in (
        (KOR, CHN, 0.5), (KOR, USA, 0.5), (CHN, JPN, 0.2), (CHN, USA, 2.0), (JPN, USA, 0.8),
    ):  # fmt: skip
        expected[one, other] = expected[other, one] = 0.1 * beyond
    np.testing.assert_allclose(cost, expected, atol=1e-14)
    assert any("unchanged costs: ROW." in line for line in assumptions(scenario(policy), baseline))


def test_the_positions_that_ship(baseline: Baseline) -> None:
    """Written from the votes; signs everyone knows, and no position for who has no vote."""
    points = ideal_points()
    assert points["USA"] > points["JPN"] > points["CHN"]
    assert "TWN" not in points and "HKG" not in points
    members = [points[code] for code in ("DEU", "FRA", "ITA", "ESP", "POL")]
    assert min(members) < points["EU27"] < max(members)
    policy = {"kind": "bloc_split", "cost_per_point": 0.1}
    cost = np.log(played(baseline, policy).trade_cost_hat)[KOR, CHN, CAR]
    assert cost == pytest.approx(0.1 * abs(points["KOR"] - points["CHN"]))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"change": None}, "exactly one of change, prohibited, cost_per_point or quantity"),
        ({"prohibited": True}, "exactly one"),
        ({"blocs": {"West": ["USA"]}}, "two blocs or more"),
        ({"change": None, "cost_per_point": 0.1}, "none with cost_per_point"),
        ({"change": None, "prohibited": True, "hedging": ["KOR"]}, "hedging is half"),
        ({"blocs": {"West": ["USA"], "East": ["USA", "CHN"]}}, "'USA', which another bloc has"),
        ({"hedging": ["CHN"]}, "'hedging' names 'CHN'"),
        ({"blocs": {"West": ["UAS"], "East": ["CHN"]}}, "did you mean 'USA'"),
    ],
)
def test_mistakes_are_sentences(baseline: Baseline, wrong: dict, sentence: str) -> None:
    policy = {key: value for key, value in {**SPLIT, **wrong}.items() if value is not None}
    with pytest.raises(ScenarioError, match=sentence):
        played(baseline, policy)


def test_affiliates_pull_by_growth_to_the_power_of_the_elasticity(baseline: Baseline) -> None:
    taste = np.asarray(played(baseline, PULL).taste_hat)
    assert taste[KOR, USA, CAR] == pytest.approx(1.5**0.7)
    assert taste.sum() == pytest.approx(taste.size - 1 + 1.5**0.7)
    still = played(baseline, {**PULL, "parts_elasticity": 0.0}).taste_hat
    np.testing.assert_array_equal(still, 1.0)


def test_parts_from_home_are_worth_something_to_home(baseline: Baseline) -> None:
    outcome = simulate(baseline, scenario(PULL))
    sold = outcome.trade_after - outcome.trade_before
    assert float(sold.sel(origin="KOR", destination="USA", sector="CAR")) > 0
    assert float(outcome.welfare.sel(country="KOR")) > 0


@pytest.mark.parametrize("policy", [SPLIT, PULL, {**SPLIT, "hedging": ["KOR"]}])
def test_a_run_can_be_run_again_from_its_own_file(baseline: Baseline, policy: dict) -> None:
    import tomllib

    first = scenario(policy)
    again = parse_scenario(tomllib.loads(to_toml(first)), "again")
    for one, other in zip(
        vars(compile_shock(first, baseline)).values(),
        vars(compile_shock(again, baseline)).values(),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)


def test_what_is_assumed_is_said(baseline: Baseline) -> None:
    said = " ".join(assumptions(scenario({**SPLIT, "hedging": ["KOR"]}, PULL), baseline))
    assert "between West (USA and JPN) and East (CHN) costs 100 % more; nobody" in said
    assert "KOR hedges: delivery between it and each bloc costs 41.4 % more." in said
    assert "would spend 32.8 % more on CAR from KOR" in said
