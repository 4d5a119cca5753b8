"""Policies that state quantities: the wedge alone gives the same, in every closure and every draw."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array

from detente._core import ScenarioError
from detente.about import About
from detente.analysis import what_moves
from detente.calibrate.baseline import baseline_from_dataset
from detente.ensemble import play_all, play_draws, sample
from detente.equilibrium import certify, Equilibrium, meet, Quantities, solve, welfare_hat
from detente.quantities import stacked_quantities
from detente.report.analyses import sensitivity_table
from detente.scenario import load_scenario, parse_scenario, Scenario
from detente.simulation import prepare, simulate
from detente.world import Baseline, Economy

from .worlds import dataset, economy


KOR, CHN = 0, 1
CAR, ELE = 0, 1
GOODS = (CAR, ELE)
ROUTE = {"importers": ["CHN"], "exporters": ["KOR"], "sectors": ["CAR", "ELE"]}
WANTED = 0.7
# A quantity that is wanted is met to the search's own tolerance, which a new solve leaves a little.
AGAIN = 1e-8
BY_WEDGE: dict[str, dict[str, Any]] = {
    "trade_cost": {"kind": "trade_cost", **ROUTE},
    "rationing, importer": {"kind": "rationing", "rent": "importer", **ROUTE},
    "rationing, exporter": {"kind": "rationing", "rent": "exporter", **ROUTE},
    "rationing, nobody": {"kind": "rationing", "rent": "nobody", **ROUTE},
    "taste": {"kind": "taste", **ROUTE},
    "export_tax, exporter": {"kind": "export_tax", **ROUTE},
    "export_tax, nobody": {"kind": "export_tax", "revenue": "nobody", **ROUTE},
    "export_control": {"kind": "export_control", **ROUTE},
}
SIZES = {
    "trade_cost": "change",
    "rationing": "markup",
    "taste": "change",
    "export_tax": "rate",
    "export_control": "covered_share",
}
SETTINGS: dict[str, dict[str, Any]] = {
    "long": {},
    "short": {"horizon": "short"},
    "without deficits": {"adjustment": {"deficits": "removed"}},
}


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def stated(*policies: dict[str, Any], **settings: Any) -> Scenario:
    named = {f"p{place}": policy for place, policy in enumerate(policies)}
    return parse_scenario({"title": "A test", "policies": named, **settings}, "test")


def kept(world: Economy, after: Equilibrium, sectors: tuple[int, ...] = GOODS) -> Array:
    """Korea's sales to China at baseline prices, over what they were."""
    quantity = after.trade / after.unit_cost_hat[:, None, :]
    chosen = jnp.array(sectors)
    return quantity[KOR, CHN, chosen].sum() / world.trade[KOR, CHN, chosen].sum()


def sold(world: Economy, after: Equilibrium) -> Array:
    return kept(world, after)


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("kind", BY_WEDGE)
def test_the_flow_is_what_is_stated_and_the_wedge_alone_gives_the_same(
    kind: str, setting: str, baseline: Baseline
) -> None:
    policy = BY_WEDGE[kind]
    played = prepare(baseline, stated(policy | {"quantity": WANTED}, **SETTINGS[setting]))
    after = solve(played.economy, played.shock, played.closure)
    assert float(kept(played.economy, after)) == pytest.approx(WANTED, rel=AGAIN)
    assert certify(played.economy, played.shock, after, played.closure).largest < 1e-9
    assert played.found is not None
    wedge = played.found.wedges[0, KOR, CHN]
    theta = np.asarray(played.economy.trade_elasticity)
    # A taste or a ban is one factor on demand, and so another wedge for every elasticity.
    size = np.expm1(-theta * wedge if kind in ("taste", "export_control") else wedge)[list(GOODS)]
    size = -size if kind == "export_control" else size
    np.testing.assert_allclose(size, size[0], rtol=1e-12)
    written = policy | {SIZES[policy["kind"]]: float(size[0])}
    again = prepare(baseline, stated(written, **SETTINGS[setting]))
    assert again.found is None
    other = solve(again.economy, again.shock, again.closure)
    ours, theirs = welfare_hat(played.economy, after), welfare_hat(again.economy, other)
    np.testing.assert_allclose(ours, theirs, rtol=AGAIN)


def test_a_quantity_of_one_moves_nothing(baseline: Baseline) -> None:
    played = prepare(baseline, stated(BY_WEDGE["trade_cost"] | {"quantity": 1.0}))
    none = prepare(baseline, stated())
    assert jax.tree.all(jax.tree.map(np.array_equal, played.shock, none.shock))


def test_it_is_over_what_there_is_without_it(baseline: Baseline) -> None:
    """Not over the baseline: another policy in force has moved the flow before."""
    tariff = {"kind": "tariff", **ROUTE, "change": 0.2}
    alone = prepare(baseline, stated(tariff))
    both = prepare(baseline, stated(tariff, BY_WEDGE["trade_cost"] | {"quantity": WANTED}))
    ratio = [kept(one.economy, solve(one.economy, one.shock, one.closure)) for one in (both, alone)]
    assert float(ratio[0] / ratio[1]) == pytest.approx(WANTED, rel=AGAIN)
    assert float(ratio[1]) < 0.9


def test_several_are_one_search(baseline: Baseline) -> None:
    cars = {"kind": "trade_cost", **ROUTE, "sectors": ["CAR"], "quantity": 0.6}
    chips = {"kind": "rationing", **ROUTE, "sectors": ["ELE"], "rent": "importer", "quantity": 0.8}
    played = prepare(baseline, stated(cars, chips))
    after = solve(played.economy, played.shock, played.closure)
    assert float(kept(played.economy, after, (CAR,))) == pytest.approx(0.6, rel=AGAIN)
    assert float(kept(played.economy, after, (ELE,))) == pytest.approx(0.8, rel=AGAIN)


def test_two_on_the_same_flows_multiply(baseline: Baseline) -> None:
    policy = BY_WEDGE["trade_cost"]
    twice = prepare(baseline, stated(policy | {"quantity": 0.8}, policy | {"quantity": 0.9}))
    once = prepare(baseline, stated(policy | {"quantity": "72%"}))
    np.testing.assert_allclose(twice.shock.trade_cost_hat, once.shock.trade_cost_hat, rtol=1e-12)


@pytest.mark.parametrize("of", ["spending", "imports"])
def test_a_share_is_of_what_the_buyers_pay(of: str, baseline: Baseline) -> None:
    policy = BY_WEDGE["trade_cost"] | {"quantity": WANTED, "quantity_of": of}
    played = prepare(baseline, stated(policy))
    after = solve(played.economy, played.shock, played.closure)

    def share(purchases: np.ndarray) -> float:
        bought = purchases[:, CHN, :2].sum(axis=1)
        return bought[KOR] / (bought.sum() - (bought[CHN] if of == "imports" else 0.0))

    before, now = (share(np.asarray(one)) for one in (played.economy.purchases, after.purchases))
    assert now / before == pytest.approx(WANTED, rel=AGAIN)


def test_a_tariff_by_its_quantity_is_the_schedule_that_it_comes_to(baseline: Baseline) -> None:
    """One factor on one plus the rate, whatever the rates were; the revenue is the treasury's."""
    played = prepare(baseline, stated({"kind": "tariff", **ROUTE, "quantity": WANTED}))
    after = solve(played.economy, played.shock, played.closure)
    assert float(kept(played.economy, after)) == pytest.approx(WANTED, rel=AGAIN)
    rates = np.asarray(played.shock.tariff)[KOR, CHN]
    factors = (1.0 + rates) / (1.0 + np.asarray(baseline.economy.tariff)[KOR, CHN])
    np.testing.assert_allclose(factors[list(GOODS)], factors[CAR], rtol=1e-12)
    assert factors[CAR] > 1
    lines = [
        {"importer": "CHN", "exporter": "KOR", "sector": sector, "rate": float(rates[place])}
        for sector, place in (("CAR", CAR), ("ELE", ELE))
    ]
    again = prepare(baseline, stated({"kind": "tariff", "lines": lines}))
    other = solve(again.economy, again.shock, again.closure)
    ours, theirs = welfare_hat(played.economy, after), welfare_hat(again.economy, other)
    np.testing.assert_allclose(ours, theirs, rtol=AGAIN)


@pytest.fixture(scope="module")
def visited(baseline: Baseline) -> Baseline:
    """A world in which a third of what China buys of Korea's cars is bought by visitors."""
    trade = np.asarray(baseline.economy.trade)[KOR, CHN]
    part = [1 / 3, 0.0, *[0.6] * (len(trade) - 2)]
    bought = [
        ("KOR", "CHN", sector, float(one * flow))
        for sector, one, flow in zip(baseline.sectors, part, trade, strict=True)
    ]
    return replace(baseline, about={**baseline.about, "travel_flows": json.dumps(bought)})


@pytest.mark.parametrize("kind", ["rationing, importer", "taste"])
def test_what_visitors_buy_comes_on_top_of_what_is_stated(kind: str, visited: Baseline) -> None:
    """Cars fall by what the goods do and by what visitors leave; each alone is as it was."""
    away = BY_WEDGE[kind] | {"sectors": ["ELE"], "quantity": 0.6, "visitors": 0.4}
    goods = {"kind": "taste", **ROUTE, "sectors": ["CAR"], "quantity": 0.9}
    played = prepare(visited, stated(away, goods))
    after = solve(played.economy, played.shock, played.closure)
    assert float(kept(played.economy, after, (ELE,))) == pytest.approx(0.6, rel=AGAIN)
    cars = 0.9 * (1 - 0.4 / 3)
    assert float(kept(played.economy, after, (CAR,))) == pytest.approx(cars, rel=AGAIN)
    others = tuple(range(2, played.economy.trade.shape[2]))
    trade = np.asarray(played.economy.trade)[KOR, CHN]
    bought = float(trade[CAR] * cars + trade[2:].sum() * (1 - 0.4 * 0.6))
    all_of_it = float(kept(played.economy, after, (CAR, *others)))
    assert all_of_it == pytest.approx(bought / (trade[CAR] + trade[2:].sum()), rel=AGAIN)


def test_two_rents_are_not_kept_on_one_flow(visited: Baseline) -> None:
    away = BY_WEDGE["rationing, importer"] | {"sectors": ["ELE"], "quantity": 0.6, "visitors": 0.4}
    quota = BY_WEDGE["rationing, exporter"] | {"sectors": ["CAR"], "quantity": 0.9}
    with pytest.raises(ScenarioError, match="states the quantity of some of the same flows"):
        prepare(visited, stated(away, quota))


def test_blocs_trade_so_much_less_with_each_other(baseline: Baseline) -> None:
    blocs = {"blocs": {"West": ["USA", "JPN"], "East": ["CHN"]}, "hedging": ["KOR"]}
    played = prepare(baseline, stated({"kind": "bloc_split", **blocs, "quantity": 0.5}))
    after = solve(played.economy, played.shock, played.closure)
    quantity, trade = (
        np.asarray(after.trade / after.unit_cost_hat[:, None, :]),
        baseline.economy.trade,
    )
    west = np.isin(baseline.countries, ["USA", "JPN"])
    between = np.outer(west, np.arange(len(west)) == CHN)
    between |= between.T
    assert quantity[between].sum() / np.asarray(trade)[between].sum() == pytest.approx(
        0.5, rel=AGAIN
    )
    cost = np.log(np.asarray(played.shock.trade_cost_hat))
    at = baseline.country_index
    np.testing.assert_allclose(cost[at["KOR"], CHN], cost[at["USA"], CHN] / 2, rtol=1e-12)


def test_what_fades_is_wanted_in_logs(baseline: Baseline) -> None:
    fading = {"fade_out": {"start": 2026, "half_life": 2.0}}
    policy = BY_WEDGE["trade_cost"] | {"quantity": WANTED} | fading
    played = prepare(baseline, stated(policy, year=2028))
    after = solve(played.economy, played.shock, played.closure)
    assert float(kept(played.economy, after)) == pytest.approx(WANTED**0.5, rel=AGAIN)


def test_derivatives_to_what_is_wanted_are_those_of_differences(baseline: Baseline) -> None:
    """Of welfare to the log quantity and to the elasticities, forward and reverse."""
    played = prepare(baseline, stated(BY_WEDGE["rationing, exporter"] | {"quantity": WANTED}))
    none = prepare(baseline, stated())
    assert played.found is not None
    wanted: Quantities = played.found.quantities

    def answer(point: Array) -> Array:
        quantities = replace(wanted, log_factor=point[:1])
        world = replace(none.economy, trade_elasticity=point[1:])
        met = meet(world, none.shock, none.closure, quantities)
        return jnp.log(welfare_hat(world, solve(world, met.shock, none.closure)))

    point = jnp.concatenate([jnp.log(jnp.array([WANTED])), none.economy.trade_elasticity])
    forward, reverse = jax.jacfwd(answer)(point), jax.jacrev(answer)(point)
    np.testing.assert_allclose(forward, reverse, rtol=1e-7, atol=1e-11)
    moves = 1e-4 * np.eye(len(point))
    differences = np.stack([(answer(point + h) - answer(point - h)) / 2e-4 for h in moves], axis=1)
    np.testing.assert_allclose(forward, differences, rtol=1e-5, atol=1e-8)


# In draws


UNCERTAIN = {"draws": 12, "published_elasticities": False, "home_relative_elasticity": [1.0, 1.0]}


def test_every_draw_has_the_quantity_that_is_wanted(baseline: Baseline) -> None:
    """With elasticities and holder of the rent drawn; the wedge is found again in each."""
    scenario = stated(
        BY_WEDGE["rationing, importer"] | {"quantity": WANTED},
        uncertainty=UNCERTAIN | {"size": [1.0, 1.0]},
    )
    draws = sample(scenario, baseline)
    assert {"elasticities", "rents"} <= {*draws.assumptions}
    found = play_draws(baseline, [scenario], draws, of=sold)
    np.testing.assert_allclose(found, WANTED, rtol=AGAIN)
    by_wedge = stated({"kind": "trade_cost", **ROUTE, "change": 0.1}, uncertainty=UNCERTAIN)
    held = play_draws(baseline, [by_wedge], draws, of=sold)
    assert np.ptp(held) > 0.01


def test_size_scales_the_log_of_the_quantity(baseline: Baseline) -> None:
    scenario = stated(BY_WEDGE["taste"] | {"quantity": WANTED}, uncertainty=UNCERTAIN)
    draws = sample(scenario, baseline)
    found = play_draws(baseline, [scenario], draws, of=sold)[:, 0]
    np.testing.assert_allclose(np.log(found), np.asarray(draws.size) * np.log(WANTED), rtol=AGAIN)


def test_one_draw_is_the_same_scenario_with_those_elasticities(baseline: Baseline) -> None:
    """The two sentences of an answer rest on one convention."""
    hold = ["size", "nests", "rents"]
    scenario = stated(
        BY_WEDGE["trade_cost"] | {"quantity": WANTED}, uncertainty=UNCERTAIN | {"hold": hold}
    )
    draws = sample(scenario, baseline)
    found = play_draws(baseline, [scenario], draws)[0, 0]
    factor = np.asarray(draws.elasticity)[0]
    theta = baseline.economy.trade_elasticity * factor
    world = eqx.tree_at(lambda one: one.trade_elasticity, baseline.economy, theta)
    alone = prepare(replace(baseline, economy=world), scenario)
    welfare = welfare_hat(alone.economy, solve(alone.economy, alone.shock, alone.closure))
    np.testing.assert_allclose(found, np.log(welfare), rtol=1e-7, atol=1e-10)


def test_a_draw_whose_search_does_not_end_is_not_solved(baseline: Baseline) -> None:
    """A limit of more than there is has no mark-up; the other scenario of the batch stands."""
    tariff = {"kind": "tariff", **ROUTE, "change": 0.2}
    limit = BY_WEDGE["rationing, importer"] | {"quantity": WANTED}
    scenarios = [stated(tariff, limit), stated(tariff)]
    quantities = stacked_quantities(scenarios, baseline)
    assert quantities is not None and not quantities.is_wanted[1].any()
    draws = sample(scenarios[0], baseline, stated(uncertainty=UNCERTAIN).uncertainty)
    more = replace(draws, size=-draws.size)
    found = play_draws(baseline, scenarios, more)
    assert np.isnan(found[:, 0]).all() and np.isfinite(found[:, 1]).all()


def test_scenarios_side_by_side_are_each_alone(baseline: Baseline) -> None:
    scenarios = [
        stated(BY_WEDGE["trade_cost"] | {"quantity": WANTED}),
        stated({"kind": "tariff", **ROUTE, "change": 0.2}),
        stated(BY_WEDGE["taste"] | {"quantity": 1.2}),
    ]
    together = play_all(baseline, scenarios)
    for place, one in enumerate(scenarios):
        welfare = simulate(baseline, one)["welfare"].values
        np.testing.assert_allclose(100 * np.expm1(together[place]), welfare, atol=1e-8)


# In words


def test_the_answer_says_how_large_the_wedge_is(baseline: Baseline) -> None:
    outcome = simulate(baseline, stated(BY_WEDGE["trade_cost"] | {"quantity": WANTED}))
    said = " ".join(json.loads(outcome.attrs["assumptions"]))
    assert "30 % less, in quantity" in said and "70 % of what it is" in said
    assert "What brings that about in 'p0' is delivery that costs " in said
    assert "changes nothing" not in said


def test_who_holds_the_wedge_says_so(baseline: Baseline) -> None:
    policy = BY_WEDGE["trade_cost"] | {"quantity": WANTED}
    rows = what_moves(baseline, stated(policy), "welfare.KOR")
    about = About.of(rows.attrs).named(baseline)
    page = str(sensitivity_table(rows, about).parts[-1])
    assert "The wedge that brings about the quantity of the policy 'p0' is found once" in page
    assert prepare(baseline, stated()).stated == []


BAD = {
    "both": ({"quantity": 0.7, "change": 0.1}, "exactly one of change or quantity"),
    "neither": ({}, "exactly one of change or quantity"),
    "nothing left": ({"quantity": 0}, "greater than 0"),
    "per cent": ({"quantity": 70}, "did you mean 0.7"),
    "of what": ({"change": 0.1, "quantity_of": "imports"}, "it needs 'quantity'"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_quantity_is_one_sentence(case: str) -> None:
    keys, sentence = BAD[case]
    with pytest.raises(ScenarioError, match=sentence):
        stated({"kind": "trade_cost", **ROUTE, **keys})


def test_a_change_gives_another_size(tmp_path: Path) -> None:
    """A size takes the place of a quantity, and a quantity that of a size."""
    name = "china-korea/friend-shoring"
    split = load_scenario(name, ["split.change=0.1"]).policies["split"]
    assert split.model_dump(include={"change", "quantity", "quantity_of"}) == {
        "change": 0.1,
        "quantity": None,
        "quantity_of": "flow",
    }
    path = tmp_path / "one.toml"
    path.write_text('title = "A"\n[policies.p]\nkind = "trade_cost"\nchange = 0.1\n')
    policy = load_scenario(path, ["p.quantity=0.9"]).policies["p"]
    assert (policy.change, policy.quantity) == (None, 0.9)
    with pytest.raises(ScenarioError, match="it needs 'quantity'"):
        load_scenario(path, ["p.quantity_of=imports"])


def test_a_limit_leaves_no_more_than_there_is(baseline: Baseline) -> None:
    with pytest.raises(ScenarioError, match="is a limit"):
        stated(BY_WEDGE["rationing, importer"] | {"quantity": 1.1})
    with pytest.raises(ScenarioError, match="leaves no more than there is"):
        stated(BY_WEDGE["export_control"] | {"quantity": 1.1})


def test_a_control_by_its_quantity_has_no_leakage_beside_it(baseline: Baseline) -> None:
    with pytest.raises(ScenarioError, match="takes no leakage"):
        stated(BY_WEDGE["export_control"] | {"quantity": 0.7, "leakage": 0.1})


def test_what_is_not_traded_has_no_quantity(baseline: Baseline) -> None:
    closed = baseline.economy.trade.at[KOR, CHN, :2].set(0.0)
    world = replace(baseline, economy=replace(baseline.economy, trade=closed))
    with pytest.raises(ScenarioError, match="nothing is traded there"):
        prepare(world, stated(BY_WEDGE["trade_cost"] | {"quantity": WANTED}))


def test_one_flow_is_stated_in_one_way(baseline: Baseline) -> None:
    cost, limit = (BY_WEDGE[kind] | {"quantity": WANTED} for kind in ("trade_cost", "taste"))
    with pytest.raises(ScenarioError, match="states the quantity of the same flows"):
        prepare(baseline, stated(cost, limit))


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (ROUTE | {"kind": "trade_cost", "sectors": ["CAR"], "quantity": 0.9}, "some of the same"),
        (ROUTE | {"kind": "rationing", "markup": 0.1, "rent": "importer"}, "rationed once"),
    ],
)
def test_a_flow_is_stated_once(other: dict, sentence: str, baseline: Baseline) -> None:
    limit = BY_WEDGE["rationing, exporter"] | {"quantity": WANTED}
    with pytest.raises(ScenarioError, match=sentence):
        prepare(baseline, stated(other, limit))


def test_a_flow_that_is_stopped_has_no_quantity(baseline: Baseline) -> None:
    """In one scenario that is a contradiction; a threat laid over it stops what it was about."""
    ban = {"kind": "prohibition", **ROUTE}
    both = stated(ban, BY_WEDGE["trade_cost"] | {"quantity": WANTED})
    with pytest.raises(ScenarioError, match=r"policy 'p1' states .* another policy stops"):
        prepare(baseline, both)
    threatened, alone = play_all(baseline, [both, stated(ban)])
    np.testing.assert_allclose(threatened, alone, rtol=AGAIN)
