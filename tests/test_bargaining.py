"""Bargaining: the axioms of Nash on plain numbers, and the engine's agreement against brute force."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from detente._core import ScenarioError
from detente.about import About
from detente.calibrate.baseline import baseline_from_dataset, load_baseline
from detente.geo.bargaining import (
    agree,
    Bargain,
    bargain,
    lay_out,
    nash_bargain,
    nash_in_nash,
    Negotiation,
    Terms,
)
from detente.geo.bargaining.agreement import beside, projected
from detente.geo.bargaining.nash import log_product
from detente.geo.bargaining.question import _mean
from detente.geo.bargaining.talks import slopes, welfare, welfare_of_each
from detente.geo.bargaining.thresholds import drops_at, linkage
from detente.report.bargaining import _sweep
from detente.scenario import load_scenario, parse_scenario, Scenario, without_policies
from detente.simulation import simulate
from detente.world import Baseline, Economy

from .test_cli import detente as detente, Run as Run
from .worlds import dataset, economy


SIDES = ("KOR", "CHN")
# 100 times a log, solved to a residual of 1e-10.
SOLVED = 1e-7

Numbers = st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=8).map(
    np.array
)
POWER = st.floats(0.05, 0.95)


# --- Nash's axioms on plain numbers ------------------------------------------------------------


@given(points=Numbers, power=POWER, lotteries=st.booleans())
def test_nothing_is_better_for_both(points: np.ndarray, power: float, lotteries: bool) -> None:
    """Pareto: no alternative, nor mixture of two, beats the solution for both."""
    outside = np.zeros(2)
    found = nash_bargain(points, outside, (power, 1 - power), lotteries=lotteries)
    if found.mixture is None:
        assert not (points > 0).all(axis=1).any() or lotteries
        return
    assert not (points > found.payoff + 1e-9).all(axis=1).any()
    if lotteries:
        for first, second in product(points, points):
            for part in np.linspace(0, 1, 11):
                mixed = part * first + (1 - part) * second
                assert log_product(mixed, np.array([power, 1 - power])) <= (
                    log_product(found.payoff, np.array([power, 1 - power])) + 1e-9
                )


@given(points=Numbers, lotteries=st.booleans())
def test_equals_are_treated_alike(points: np.ndarray, lotteries: bool) -> None:
    """Symmetry: on a set that is its own mirror image, lotteries give both the same."""
    both = np.concatenate([points, points[:, ::-1]])
    found = nash_bargain(both, np.zeros(2), lotteries=True)
    if found.mixture is not None:
        assert found.payoff[0] == pytest.approx(found.payoff[1], abs=1e-7)
    mirrored = nash_bargain(points[:, ::-1], np.zeros(2), (0.3, 0.7), lotteries=lotteries)
    straight = nash_bargain(points, np.zeros(2), (0.7, 0.3), lotteries=lotteries)
    assert log_product(mirrored.payoff[::-1], np.array([0.7, 0.3])) == pytest.approx(
        log_product(straight.payoff, np.array([0.7, 0.3])), abs=1e-9
    )


@given(points=Numbers, power=POWER, scale=st.floats(0.1, 10), move=st.floats(-3, 3))
def test_units_do_not_matter(points: np.ndarray, power: float, scale: float, move: float) -> None:
    """Invariance to affine rescaling of one side's payoffs, its outside option with them."""
    factor, shift, outside = np.array([scale, 1.0]), np.array([move, 0.0]), np.array([-0.2, -0.3])
    plain = nash_bargain(points, outside, (power, 1 - power))
    scaled = nash_bargain(points * factor + shift, outside * factor + shift, (power, 1 - power))
    assert (plain.mixture is None) == (scaled.mixture is None)
    if plain.mixture is not None:
        eta = np.array([power, 1 - power])
        other = (scaled.payoff - shift) / factor
        assert log_product(other - outside, eta) == pytest.approx(
            log_product(plain.payoff - outside, eta), abs=1e-6
        )


@given(points=Numbers, power=POWER)
def test_what_is_not_chosen_does_not_matter(points: np.ndarray, power: float) -> None:
    """Independence of irrelevant alternatives."""
    found = nash_bargain(points, np.zeros(2), (power, 1 - power))
    if found.mixture is None:
        return
    kept = np.arange(len(points)) % 2 == int(found.mixture.argmax()) % 2
    fewer = nash_bargain(points[kept], np.zeros(2), (power, 1 - power))
    np.testing.assert_allclose(fewer.payoff, found.payoff)


def test_a_cake_is_split_by_power() -> None:
    """On a straight frontier the shares are the powers (Kalai 1977)."""
    found = nash_bargain(np.eye(2), np.zeros(2), (0.3, 0.7), lotteries=True)
    np.testing.assert_allclose(found.payoff, [0.3, 0.7])
    off = nash_bargain(np.eye(2), np.array([0.2, 0.0]), lotteries=True)
    np.testing.assert_allclose(off.payoff, [0.6, 0.4])


def test_powers_and_lotteries_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ScenarioError, match="positive"):
        nash_bargain(np.eye(2), np.zeros(2), (1.0, 0.0))
    with pytest.raises(ScenarioError, match="two sides"):
        nash_bargain(np.eye(3), np.zeros(3), lotteries=True)


# --- The engine's agreement --------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> Baseline:
    """Five countries with tariffs to bargain over."""
    return baseline_from_dataset(dataset(economy(3)))


def table(
    baseline: Baseline, sectors: tuple[str, ...], mfn: bool = False, **settings: object
) -> Negotiation:
    document = {"title": "T", "policies": {}} | settings
    talks, openings, played = lay_out(
        baseline, parse_scenario(document, "T"), [SIDES], sectors=sectors, mfn=mfn
    )
    size = len(openings)
    places = np.array([played.baseline.country_index[code] for code in SIDES])
    return Negotiation(
        talks=talks, players=places, cost=np.zeros((2, size)), bonus=np.zeros(2),
        outside=np.zeros(2), power=np.array([0.5, 0.5]), own=np.arange(size),
        others=np.zeros(size),
    )  # fmt: skip


@pytest.fixture(scope="module")
def tariffs(small: Baseline) -> Negotiation:
    return table(small, ("CAR", "ELE"))


def test_slopes_are_those_of_differences(tariffs: Negotiation) -> None:
    depth, move = np.array([0.3, 0.6, 0.2, 0.7]), 1e-4
    _, slope = slopes(tariffs.talks, jnp.asarray(depth), jnp.asarray(tariffs.players))
    for j in range(depth.size):
        step = np.zeros(depth.size)
        step[j] = move
        ends = [welfare(tariffs.talks, jnp.asarray(depth + sign * step)) for sign in (1, -1)]
        difference = (np.asarray(ends[0]) - np.asarray(ends[1]))[tariffs.players] / (2 * move)
        np.testing.assert_allclose(slope[:, j], difference, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("mfn", [False, True])
def test_the_first_step_of_an_opening_is_its_own(small: Baseline, mfn: bool) -> None:
    """At a depth of zero a slope is that of a step up, whoever else has nothing open there."""
    talks, openings, _ = lay_out(
        small, without_policies(), [SIDES, ("KOR", "USA")], sectors=("CAR", "ELE"), mfn=mfn
    )
    places = np.array([small.country_index[code] for code in SIDES])
    depth, move = np.zeros(len(openings)), 1e-3
    value, slope = slopes(talks, jnp.asarray(depth), jnp.asarray(places))
    for j in range(depth.size):
        ends = [
            np.asarray(welfare(talks, jnp.asarray(depth + by * np.eye(depth.size)[j])))[places]
            for by in (move, 2 * move)
        ]
        # Of second order: from one side alone, a step says too little. A residual of 1e-10, times
        # 100 and over the step, is the rest.
        difference = (4 * ends[0] - ends[1] - 3 * np.asarray(value)[places]) / (2 * move)
        np.testing.assert_allclose(slope[:, j], difference, rtol=1e-4, atol=1e-5)


def test_the_depths_of_a_scenario_are_a_run_of_it() -> None:
    """A quarter of every services gap is the second phase of the library."""
    baseline = load_baseline("compact-2022")
    negotiation = table(baseline, ("services",))
    value = welfare(negotiation.talks, jnp.full(negotiation.own.size, 0.25))
    outcome = simulate(baseline, load_scenario("china-korea/phase-two"))
    wanted = 100 * np.log1p(outcome.welfare.values / 100)
    np.testing.assert_allclose(value, wanted, atol=SOLVED)


@pytest.mark.parametrize("power", [0.5, 0.2])
def test_no_point_of_a_grid_is_better(tariffs: Negotiation, power: float) -> None:
    """Brute force: two sectors of two sides, six depths of each."""
    sides = replace(tariffs, power=np.array([power, 1 - power]))
    found = agree(sides)
    assert found.reached and found.projected_gradient < 1e-6
    assert (found.surplus > 0).all()
    best = log_product(found.surplus, sides.power)
    for surplus in on_a_grid(sides, 6):
        assert log_product(surplus, sides.power) <= best + 1e-7


def on_a_grid(sides: Negotiation, steps: int) -> np.ndarray:
    """Surpluses of every combination of evenly spaced depths, without costs or outside options."""
    depths = np.array(list(product(np.linspace(0, 1, steps), repeat=sides.own.size)))
    return np.asarray(welfare_of_each(sides.talks, jnp.asarray(depths)))[:, sides.players]


def test_payoffs_in_the_plane_are_bargained_over_alike(tariffs: Negotiation) -> None:
    """The plain solution on the engine's own grid comes near the search, from below."""
    found = agree(tariffs)
    payoffs = np.concatenate([on_a_grid(tariffs, 4), found.surplus[None]])
    plain = nash_bargain(payoffs, np.zeros(2))
    assert plain.mixture is not None and plain.mixture.argmax() == len(payoffs) - 1


def test_more_power_is_never_worse_for_who_has_it(tariffs: Negotiation) -> None:
    gains = [
        agree(replace(tariffs, power=np.array([power, 1 - power]))).surplus
        for power in (0.1, 0.5, 0.9)
    ]
    assert (np.diff([gain[0] for gain in gains]) >= -SOLVED).all()
    assert (np.diff([gain[1] for gain in gains]) <= SOLVED).all()


def test_nothing_is_agreed_where_nothing_is_better_for_both(tariffs: Negotiation) -> None:
    """An outside option above all that can be had."""
    found = agree(replace(tariffs, outside=np.array([10.0, 0.0])))
    assert not found.reached and not found.depth.any() and not found.surplus.any()


def test_who_has_more_to_lose_concedes(tariffs: Negotiation) -> None:
    """A worse outside option of the second side: never better for it, never worse for the first."""
    before = agree(tariffs)
    after = agree(replace(tariffs, outside=np.array([0.0, -0.05])))
    assert after.surplus[0] >= before.surplus[0] - SOLVED
    assert after.surplus[1] - 0.05 <= before.surplus[1] + SOLVED


# --- Thresholds --------------------------------------------------------------------------------


def test_an_opening_leaves_where_its_cost_says(tariffs: Negotiation) -> None:
    """Searched again just below and just above the threshold."""
    found = agree(tariffs)
    payer = np.array([0, 0, 1, 1])
    limit = drops_at(tariffs, found, payer)
    kept = np.flatnonzero((found.depth > 0) & (limit > 0))
    assert kept.size
    j = int(kept[0])
    for factor, stays in ((0.97, True), (1.03, False)):
        cost = tariffs.cost.copy()
        cost[payer[j], j] = factor * limit[j]
        # What the threshold holds still is held still.
        others = found.depth.copy()
        others[j] = 0.0
        alone = replace(tariffs, cost=cost, own=np.array([j]), others=others)
        again = agree(alone, np.array([0.5]))
        assert bool(again.depth[j] > 1e-4) is stays


def test_a_price_moves_an_opening_where_it_says(tariffs: Negotiation) -> None:
    """Paid by one side: below the threshold the depths stay, beyond it that opening moves."""
    whole = replace(tariffs, power=np.array([0.5, 0.5]))
    found = agree(whole)
    row = linkage(whole, found, SIDES).iloc[0]
    assert row.falls_at == pytest.approx(found.surplus[0])
    if row.changes_at > 0:
        below = agree(replace(whole, bonus=np.array([-0.9 * row.changes_at, 0.0])), found.depth)
        np.testing.assert_allclose(below.depth, found.depth, atol=1e-6)
    price = row.changes_at + 0.3 * (row.falls_at - row.changes_at)
    beyond = agree(replace(whole, bonus=np.array([-price, 0.0])), found.depth)
    j = int(row.opening)
    assert abs(beyond.depth[j] - found.depth[j]) > 1e-5


def test_an_ask_at_its_exchange_rate_leaves_the_product_alone(tariffs: Negotiation) -> None:
    """What `per_unit` says compensates, to first order."""
    found = agree(tariffs)
    rate = float(linkage(tariffs, found, SIDES).per_unit[0])
    small_cost = 1e-6 * found.surplus[0]
    moved = found.surplus + small_cost * np.array([-1.0, rate])
    assert log_product(moved, tariffs.power) == pytest.approx(
        log_product(found.surplus, tariffs.power), abs=1e-11
    )


# --- Others at the table -----------------------------------------------------------------------


def closed_to_others() -> Baseline:
    """A world in which neither side buys from a third country what is on the table."""
    world = economy(3)
    trade = np.array(world.trade)
    trade[2:, :2, :2] = 0.0
    shares = jnp.asarray(np.asarray(world.input_share) / 4)
    thinned = Economy(jnp.asarray(trade), world.tariff, shares, world.trade_elasticity)
    return baseline_from_dataset(dataset(thinned))


def test_treating_everyone_alike_is_nothing_new_where_there_is_nobody_else() -> None:
    baseline = closed_to_others()
    own, all_alike = (agree(table(baseline, ("CAR", "ELE"), mfn)) for mfn in (False, True))
    np.testing.assert_allclose(own.depth, all_alike.depth, atol=1e-5)
    np.testing.assert_allclose(own.surplus, all_alike.surplus, atol=1e-6)


def test_what_is_open_to_everyone_reaches_everyone(small: Baseline) -> None:
    negotiation = table(small, ("CAR",), mfn=True)
    shock = negotiation.talks.shock_at(jnp.ones(negotiation.own.size))
    tariff = np.asarray(shock.tariff)
    for code in SIDES:
        place = small.country_index[code]
        assert not tariff[:, place, 0].any()
    elsewhere = [small.country_index[code] for code in ("JPN", "USA", "ROW")]
    kept = np.asarray(small.economy.tariff)[:, elsewhere]
    np.testing.assert_array_equal(tariff[:, elsewhere], kept)


def test_two_deals_are_each_the_best_given_the_other(small: Baseline) -> None:
    """The fixed point: neither pair finds better depths while the other's stand."""
    talks, openings, _ = lay_out(
        small, without_policies(), [SIDES, ("KOR", "USA")], sectors=("CAR",)
    )
    deals = []
    for number, pair in enumerate([SIDES, ("KOR", "USA")]):
        own = np.flatnonzero([one.deal == number for one in openings])
        places = np.array([small.country_index[code] for code in pair])
        deals.append(
            Negotiation(
                talks=talks, players=places, cost=np.zeros((2, len(openings))), bonus=np.zeros(2),
                outside=np.zeros(2), power=np.array([0.5, 0.5]), own=own,
                others=np.zeros(len(openings)),
            )
        )  # fmt: skip
    found, change = nash_in_nash(deals)
    assert change <= 1e-6
    depth = found[-1].depth
    for deal in deals:
        now = beside(deal, depth)
        surplus, slope = now.surplus(depth[deal.own])
        if not (surplus > 0).all():
            continue
        assert projected(depth[deal.own], (now.power / surplus) @ slope) < 1e-4
        for own in product(np.linspace(0, 1, 6), repeat=2):
            other, _ = now.surplus(np.array(own))
            assert log_product(other, now.power) <= log_product(surplus, now.power) + 1e-6


# --- The question and its faces ----------------------------------------------------------------


@pytest.fixture(scope="module")
def asked(small: Baseline) -> Bargain:
    return bargain(small, None, SIDES, Terms(sectors=("CAR", "ELE"), flight=0.01))


def test_both_gain_and_the_benchmark_is_the_larger_sum(asked: Bargain) -> None:
    assert asked.about["agreed"]
    assert (asked.sides.surplus > 0).all()
    together = asked.sides.equivalent_variation.sum()
    assert asked.sides.benchmark_equivalent_variation.sum() >= together - 1e-6
    assert asked.sides.share.sum() == pytest.approx(100)


def test_the_frontier_is_not_beaten(asked: Bargain) -> None:
    edge = asked.frontier[asked.frontier.kind == "frontier"]
    deal = asked.frontier[asked.frontier.kind == "agreement"].iloc[0]
    beaten = (edge["first"] > deal["first"] + 1e-6) & (edge["second"] > deal["second"] + 1e-6)
    assert not beaten.any()


def test_political_terms_are_never_inside_welfare(small: Baseline, asked: Bargain) -> None:
    """An ask that both like moves the surplus and not what trade is worth."""
    terms = Terms(sectors=("CAR", "ELE"), flight=0.01, asks={"summit": {"KOR": 0.1, "CHN": 0.1}})
    liked = bargain(small, None, SIDES, terms)
    depth = liked.openings.depth.to_numpy()
    negotiation = table(small, ("CAR", "ELE"))
    value = np.asarray(welfare(negotiation.talks, jnp.asarray(depth)))[negotiation.players]
    np.testing.assert_allclose(liked.sides.welfare, value, atol=SOLVED)
    np.testing.assert_allclose(liked.sides.politics, 0.1)
    assert (liked.sides.surplus > asked.sides.surplus - SOLVED).all()


def test_a_boycott_outside_makes_both_more_willing(small: Baseline) -> None:
    world = dataset(economy(3))
    held_back = {code: ["CAR"] for code in ("TOU", "AVP", "CUL")}
    turned_from = {code: ["ELE"] for code in ("FOD", "TEX", "AUT")}
    world.attrs["sector_groups"] = json.dumps(held_back | turned_from)
    found = bargain(
        baseline_from_dataset(world), None, SIDES, Terms(sectors=("ELE",), outside="boycott")
    )
    assert found.sides.outside[0] < 0


@pytest.mark.parametrize(
    "terms, pair, words",
    [
        ({"costs": {"KOR.ELEX": 1.0}}, SIDES, "KOR.ELE"),
        ({"asks": {"expo": {"USA": 1.0}}}, SIDES, "not a side"),
        ({"outside": "boycot"}, SIDES, "boycott"),
        ({"beside": "CHN"}, SIDES, "partner already"),
        ({}, ("KOR", "KOR"), "itself"),
        ({}, ("KOR", "CHX"), "CHN"),
        ({"sectors": ("BUS", "CARX")}, SIDES, "CAR"),
    ],
)
def test_bad_terms_are_one_sentence(terms: dict, pair: tuple, words: str, small: Baseline) -> None:
    with pytest.raises(ScenarioError, match=words):
        bargain(small, None, pair, Terms(**{"sectors": ("CAR", "ELE")} | terms))


def test_a_bargain_is_printed_kept_and_drawn(detente: Run) -> None:
    ended = detente(
        "bargain", "--baseline", "world.nc", "--sector", "CAR", "--mfn", "--with", "USA",
        "--cost", "KOR.CAR=0.001", "--ask", "expo:KOR=0.01,CHN=-0.001",
        "--out", "openings.csv", "--chart", "picture.svg",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    for words in ("surplus %", "Certificate", "preferential", "without USA"):
        assert words in ended.out
    rows = pd.read_csv("openings.csv")
    assert {"opener", "depth", "drops_at"} <= set(rows)
    assert Path("picture.svg").read_text(encoding="utf-8").startswith("<svg")


def test_a_bargain_in_json_has_every_part(detente: Run) -> None:
    ended = detente("bargain", "--baseline", "world.nc", "--sector", "CAR", "--format", "json")
    found = json.loads(ended.out)
    assert {"about", "sides", "openings", "asks", "power", "flight", "frontier"} <= set(found)
    assert found["about"]["certificate"]["projected_gradient"] < 1e-6


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("--power", "1"), "power"),
        (("--cost", "KOR.CAR"), "KOR.FIN=0.05"),
        (("--ask", "expo"), "expo:KOR"),
        (("--chart", "picture.jpg"), "jpg"),
        (("--outside", "nothing"), "'nothing'; valid names are status quo, boycott, china-korea/"),
        (("--outside", "boycot"), "'boycot'; did you mean 'boycott'?"),
        (("--outside", "none.toml"), "no scenario file at none.toml"),
    ],
)
def test_a_bad_request_is_one_sentence(arguments: tuple, words: str, detente: Run) -> None:
    ended = detente("bargain", "--baseline", "world.nc", "--sector", "CAR", *arguments)
    assert ended.code == 2
    assert words in ended.err
    assert ended.err.count("\n") == 1


def test_scenarios_are_the_setting(small: Baseline) -> None:
    """A policy in force either way changes what is left to bargain over."""
    free: Scenario = parse_scenario(
        {
            "title": "T",
            "policies": {"fta": {"kind": "free_trade_agreement", "members": list(SIDES)}},
        },
        "T",
    )
    with pytest.raises(ScenarioError, match="no sector"):
        bargain(small, free, SIDES, Terms(sectors=("CAR", "ELE")))


def test_a_side_that_opens_nothing_has_no_depth_to_print() -> None:
    """Audiovisual services have an index in China alone: Korea has nothing to open there."""
    assert np.isnan(_mean(np.empty(0))) and _mean(np.array([0.0, 1.0])) == 0.5
    ends = pd.DataFrame(
        {"agreed": [True, True], "first_depth": [np.nan, np.nan], "second_depth": [1.0, 1.0],
         "first_gain": [0.0126, 0.0126], "second_gain": [0.001, 0.001]}
    )  # fmt: skip
    assert (
        _sweep(ends, "with more power", About(own={"sides": ["KOR", "CHN"]}))
        == "with more power, the agreement stays the same"
    )
