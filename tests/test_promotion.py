"""Settlement in own money, state visits and deals: the sizes asked for, and what they nest."""

from dataclasses import replace

import equinox as eqx
import numpy as np
import pytest
from scipy.integrate import solve_ivp

import detente
from detente._core import ScenarioError
from detente.analysis.path import years_of
from detente.calibrate.baseline import baseline_from_dataset
from detente.equilibrium import solved
from detente.policy import adopted_share, speed_of_adoption
from detente.scenario import compile_shock, parse_scenario, Scenario
from detente.simulation import prepare
from detente.world import Baseline

from .worlds import dataset, economy


KOR, CHN, JPN, USA, ROW = range(5)
CAR, ELE, BUS = range(3)
MARKET = {"kind": "currency_settlement", "members": ["KOR", "CHN"],
          "vehicle_cost": 40.0, "direct_cost": 15.0}  # fmt: skip
ADOPTION = {"start": 2014.5, "start_share": 0.012, "speed": 0.04}
VISIT = {"kind": "summit", "visitor": ["KOR"], "host": ["CHN"], "growth": 0.09}
DEAL = {"kind": "export_deals", "exporters": ["KOR"], "importers": ["CHN"],
        "value": 44.0, "realisation": 0.5}  # fmt: skip


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def scenario(policy: dict, **settings) -> Scenario:
    document = {"title": "A test", "policies": {"one": policy}, **settings}
    return parse_scenario(document, "test")


def log_cost(baseline: Baseline, policy: dict, **settings) -> np.ndarray:
    return np.log(np.asarray(compile_shock(scenario(policy, **settings), baseline).trade_cost_hat))


def elasticity(baseline: Baseline) -> np.ndarray:
    return np.asarray(baseline.economy.trade_elasticity)


# Settlement


def test_settlement_saves_the_share_times_the_difference_both_ways(baseline: Baseline) -> None:
    expected = np.zeros(baseline.economy.trade.shape)
    expected[KOR, CHN] = expected[CHN, KOR] = -0.1 * 25e-4
    found = log_cost(baseline, MARKET | {"share": 0.1})
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("change", [{"share": 0.0}, {"share": 0.5, "vehicle_cost": 15.0}])
def test_nothing_settled_or_nothing_saved_is_no_shock(change: dict, baseline: Baseline) -> None:
    np.testing.assert_array_equal(log_cost(baseline, MARKET | change), 0.0)


def test_a_direct_market_that_costs_more_is_a_cost(baseline: Baseline) -> None:
    found = log_cost(baseline, MARKET | {"share": 1.0, "vehicle_cost": 5.0})
    assert found[KOR, CHN, CAR] == pytest.approx(10e-4)


@pytest.mark.parametrize(("pull", "ceiling"), [(0.83, 1.0), (0.3, 0.2), (-0.5, 0.4), (0.0, 1.0)])
def test_adoption_solves_its_differential_equation(pull: float, ceiling: float) -> None:
    grown = solve_ivp(
        lambda _, a: pull * a * (1 - a / ceiling), (0, 7.5), [0.03], rtol=1e-11, atol=1e-14
    )
    assert adopted_share(0.03, pull, 7.5, ceiling) == pytest.approx(grown.y[0, -1], rel=1e-8)


@pytest.mark.parametrize("ceiling", [1.0, 0.2])
def test_the_speed_found_brings_the_second_share(ceiling: float) -> None:
    speed = speed_of_adoption(0.012, 0.03, 1.125, 20.0, ceiling)
    assert adopted_share(0.012, 20.0 * speed, 1.125, ceiling) == pytest.approx(0.03, rel=1e-12)


def test_a_path_of_centuries_stays_a_share() -> None:
    assert adopted_share(0.01, 5.0, 500.0, 0.3) == pytest.approx(0.3)
    assert adopted_share(0.01, -5.0, 500.0) == pytest.approx(0.0, abs=1e-300)


def test_below_its_threshold_direct_settlement_dies_out(baseline: Baseline) -> None:
    slow = MARKET | {"adoption": ADOPTION | {"threshold": 30.0}}
    fast = MARKET | {"adoption": ADOPTION}
    costs = {name: [log_cost(baseline, policy, year=year)[KOR, CHN, CAR] for year in (2016, 2020)]
             for name, policy in (("slow", slow), ("fast", fast))}  # fmt: skip
    assert costs["slow"][0] < costs["slow"][1] < 0
    assert costs["fast"][1] < costs["fast"][0] < 0


def test_a_swap_line_adds_its_jump_at_its_date_and_never_passes_the_ceiling(
    baseline: Baseline,
) -> None:
    still = ADOPTION | {"speed": 0.0, "start_share": 0.03}
    shares = {
        year: -log_cost(baseline, MARKET | {"adoption": still | {"swap_line": line}}, year=year)[
            KOR, CHN, CAR
        ] / 25e-4
        for year, line in (
            (2024, {"year": 2025.0, "jump": 0.09}),
            (2025, {"year": 2025.0, "jump": 0.09}),
            (2026, {"year": 2025.0, "jump": 1.0}),
            (2027, {"year": 2025.0, "jump": -0.03}),
        )
    }  # fmt: skip
    assert shares[2024] == pytest.approx(0.03)
    assert shares[2025] == pytest.approx(0.12)
    assert shares[2026] == pytest.approx(1.0)
    assert shares[2027] == pytest.approx(0.0, abs=1e-6)


def test_an_adoption_path_has_years_of_its_own(baseline: Baseline) -> None:
    path = scenario(MARKET | {"adoption": ADOPTION | {"swap_line": {"year": 2025.9, "jump": 0.1}}})
    assert years_of(path, None, 2020)[0] == 2014
    with pytest.raises(ScenarioError, match="is read at a year"):
        compile_shock(path, baseline)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, "exactly one of share or adoption"),
        ({"share": 0.1, "adoption": ADOPTION}, "exactly one of share or adoption"),
        ({"adoption": ADOPTION | {"ceiling": 0.01}}, "start_share below its ceiling"),
        ({"share": 1.2}, "less than or equal to 1"),
    ],
)
def test_a_wrong_settlement_is_one_sentence(change: dict, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        scenario(MARKET | change)


def test_a_market_needs_two(baseline: Baseline) -> None:
    with pytest.raises(ScenarioError, match="two members or more"):
        log_cost(baseline, MARKET | {"share": 0.1, "members": ["KOR"]})


# Visits


@pytest.mark.parametrize(
    ("directions", "pairs"),
    [("visitor", {(KOR, CHN)}), ("host", {(CHN, KOR)}), ("both", {(KOR, CHN), (CHN, KOR)})],
)
def test_a_visit_lowers_cost_by_growth_over_the_elasticity(
    directions: str, pairs: set, baseline: Baseline
) -> None:
    expected = np.zeros(baseline.economy.trade.shape)
    for pair in pairs:
        expected[(*pair, slice(0, 2))] = -np.log(1.09) / elasticity(baseline)[:2]
    found = log_cost(baseline, VISIT | {"directions": directions})
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-16)


def test_a_visit_is_half_gone_after_its_half_life(baseline: Baseline) -> None:
    fading = VISIT | {"fade_out": {"start": 2026, "half_life": 2.0}}
    first, later = (log_cost(baseline, fading, year=year) for year in (2026, 2028))
    np.testing.assert_allclose(later, first / 2, rtol=1e-12)


def test_a_visit_to_a_small_market_brings_what_was_asked_for() -> None:
    """In equilibrium too, where origin and destination hardly matter to one another."""
    world = detente.load_baseline("compact-2022")
    played = detente.simulate(
        world, scenario(VISIT | {"visitor": ["TUR"], "host": ["TWN"], "sectors": ["MCH"]})
    )
    flow = played.sel(origin="TUR", destination="TWN", sector="MCH")
    assert float(flow.trade_after / flow.trade_before) == pytest.approx(1.09, rel=2e-3)


# Deals


def goods_sold(baseline: Baseline, policy: dict, **settings: object) -> np.ndarray:
    """What Korea sells China of goods under the policy less what it sold, at baseline prices."""
    played = prepare(baseline, scenario(policy, **settings))
    after = solved(played.economy, played.shock, played.closure)
    quantity = np.asarray(after.trade / after.unit_cost_hat[:, None, :])
    return (quantity - np.asarray(baseline.economy.trade))[KOR, CHN, :2]


def found_cost(baseline: Baseline, policy: dict) -> np.ndarray:
    return np.log(np.asarray(prepare(baseline, scenario(policy)).shock.trade_cost_hat))


def test_a_deal_brings_its_realised_value(baseline: Baseline) -> None:
    """In the whole model; and each sector grows alike as far as prices stay."""
    assert goods_sold(baseline, DEAL).sum() == pytest.approx(22.0, rel=1e-6)
    cost = found_cost(baseline, DEAL)
    alike = elasticity(baseline)[:2] * cost[KOR, CHN, :2]
    assert alike[0] == pytest.approx(alike[1], rel=1e-12) and alike[0] < 0
    cost[KOR, CHN, :2] = 0.0
    np.testing.assert_array_equal(cost, 0.0)


def test_only_value_times_realisation_matters(baseline: Baseline) -> None:
    other = DEAL | {"value": 22.0, "realisation": 1.0}
    np.testing.assert_allclose(found_cost(baseline, other), found_cost(baseline, DEAL), rtol=1e-12)


def test_a_memorandum_that_is_never_realised_is_no_shock(baseline: Baseline) -> None:
    np.testing.assert_array_equal(found_cost(baseline, DEAL | {"realisation": 0.0}), 0.0)


def test_two_deals_in_the_same_flows_add_up(baseline: Baseline) -> None:
    half = DEAL | {"realisation": 0.25}
    both = parse_scenario({"title": "A test", "policies": {"a": half, "b": half}}, "test")
    whole = found_cost(baseline, DEAL)
    together = np.log(np.asarray(prepare(baseline, both).shock.trade_cost_hat))
    np.testing.assert_allclose(together, whole, rtol=1e-12)


def test_a_target_comes_in_steps_of_money(baseline: Baseline) -> None:
    ramp = DEAL | {"phase_in": {"start": 2026, "years": 5}}
    more = [goods_sold(baseline, ramp, year=year).sum() for year in range(2025, 2032)]
    np.testing.assert_allclose(more, np.array([0, 1, 2, 3, 4, 5, 5]) * 22.0 / 5, atol=1e-5)


def test_a_realisation_outside_its_range_is_refused() -> None:
    with pytest.raises(ScenarioError, match="outside its realisation_range"):
        scenario(DEAL | {"realisation_range": [0.6, 0.9]})
    with pytest.raises(ScenarioError, match=r"'policies\.one\.realisation' is missing"):
        scenario({key: value for key, value in DEAL.items() if key != "realisation"})


def test_a_deal_in_what_is_not_traded_is_refused(baseline: Baseline) -> None:
    closed = baseline.economy.trade.at[KOR, CHN, :2].set(0.0)
    world = replace(baseline, economy=eqx.tree_at(lambda one: one.trade, baseline.economy, closed))
    with pytest.raises(ScenarioError, match="use an opening"):
        prepare(world, scenario(DEAL))


@pytest.mark.parametrize("policy", [MARKET | {"share": 0.1}, VISIT, DEAL])
def test_what_it_does_is_said_with_its_numbers(policy: dict, baseline: Baseline) -> None:
    said = " ".join(scenario(policy).policies["one"].describe(baseline, None))
    size = {"currency_settlement": "falls by 2.5 basis points", "summit": "grow by 9 % at fixed prices",
            "export_deals": "50 % is assumed"}[policy["kind"]]  # fmt: skip
    assert size in said and "KOR" in said
