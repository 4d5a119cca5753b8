"""Final use and inputs with import shares of their own: nesting, another form of the same, accounts,
invariance, derivatives, batches, and what the worlds and the words say."""

import functools
from collections.abc import Callable
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy

import detente
from detente._core import BaselineError, ScenarioError
from detente.calibrate.baseline import baseline_from_dataset, load_baseline
from detente.closure import Closure, Staggered
from detente.ensemble import log_welfare, play_draws, sample
from detente.equilibrium import decompose, Equilibrium, measures, solve, welfare_hat
from detente.equilibrium._equations import step, Unknowns
from detente.equilibrium._problem import Problem
from detente.equilibrium._uses import _level, final_part, market_of, shock_to
from detente.equilibrium.tariff_games import Choice, choose_tariffs
from detente.scenario import assumptions, parse_scenario, Scenario
from detente.simulation import prepare
from detente.uncertainty import Uncertainty
from detente.world import Economy, Shock

from .closures import (
    balanced_world,
    CASES,
    closure_of,
    costs,
    every_wedge,
    number,
    same,
    SOLVED,
    solved,
    with_bans,
)
from .worlds import dataset, economy


# Sums of a few products of numbers that are exact, and a root to rounding.
EXACT = 1e-12
CUT = {
    "title": "T", "focus": ["KOR", "CHN"], "adjustment": {"sourcing": "by use"},
    "policies": {"cut": {"kind": "tariff", "importers": ["CHN"], "exporters": ["KOR"], "change": 0.1}},
}  # fmt: skip


def by_use(world: Economy, seed: int = 3) -> Economy:
    """A world in which every flow has another part of inputs, from none of it to all."""
    part = np.random.default_rng(seed).uniform(size=world.trade.shape)
    part[0, 1, 0], part[1, 0, 2] = 0.0, 1.0
    return replace(world, input_trade=world.trade * jnp.asarray(part))


def bought_as_inputs(of: Economy | Equilibrium) -> jax.Array:
    assert of.input_trade is not None
    return of.input_trade


def alike(world: Economy) -> Economy:
    """Uses told apart where every supplier has the same part of inputs."""
    part = 1.0 - world.final_demand / world.expenditure
    return replace(world, input_trade=world.trade * part[None])


@functools.cache
def case(closure: str, shock: str) -> tuple[Economy, Shock, Closure, Equilibrium]:
    world, change = CASES[shock]()
    rules = closure_of(closure, world)
    return by_use(world), change, rules, solved(by_use(world), change, rules)


# --- What is for what --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_final_use_adds_up_to_final_demand(seed: int) -> None:
    world = by_use(economy(seed), seed)
    part = final_part(world)
    assert ((part >= 0) & (part <= 1)).all()
    np.testing.assert_allclose((world.purchases * part).sum(0), world.final_demand, rtol=EXACT)
    odds = np.log(part / (1 - part))
    seen = np.asarray(bought_as_inputs(world) / world.trade).clip(1e-6, 1 - 1e-6)
    # Cross-entropy: one factor on the odds of all suppliers of a destination and sector.
    assert np.ptp(odds - np.log((1 - seen) / seen), axis=0).max() < 1e-9


def test_what_agrees_already_is_not_moved() -> None:
    world = by_use(economy(0))
    again = replace(world, input_trade=world.trade * (1 - final_part(world)))
    np.testing.assert_allclose(final_part(again), final_part(world), rtol=1e-5)
    np.testing.assert_allclose(
        final_part(alike(world)),
        np.broadcast_to(world.final_demand / world.expenditure, world.trade.shape),
        rtol=EXACT,
    )


@pytest.mark.parametrize("final", [1e-12, 1e-6, 0.3, 0.5, 1 - 1e-6, 1 - 1e-12])
def test_the_root_is_that_of_a_search_by_halves(final: float) -> None:
    """Also where suppliers are of one use each, so that one of Newton's steps alone leaps past."""
    draw = np.random.default_rng(7)
    bought = draw.pareto(0.5, size=(9, 5, 4)) * 10.0 ** draw.integers(-6, 6, size=(5, 4))
    seen = draw.choice([1e-6, 0.4, 1 - 1e-6], size=bought.shape)
    odds, wanted = np.log(seen) - np.log1p(-seen), final * bought.sum(axis=0)
    level = np.asarray(_level(*map(jnp.asarray, (bought, odds, wanted))))
    # The smaller use is what the sum of all leaves of the larger.
    rounding = 1e-11 + 1e-14 / min(final, 1 - final) * (final > 0.5)
    few = final <= 0.5
    sign = 1.0 if few else -1.0
    smaller = wanted if few else bought.sum(axis=0) - wanted

    def missing(at: float, d: int, s: int) -> float:
        part = scipy.special.expit(sign * (odds[:, d, s] + at))
        return float(np.log(bought[:, d, s] @ part) - np.log(smaller[d, s]))

    for d, s in np.ndindex(wanted.shape):
        assert abs(missing(level[d, s], d, s)) < rounding
        by_halves = scipy.optimize.bisect(missing, -60.0, 60.0, args=(d, s), xtol=1e-13)
        np.testing.assert_allclose(level[d, s], by_halves, atol=100 * rounding)


def test_a_use_that_has_everything_or_nothing_is_told_so() -> None:
    bought, odds = jnp.ones((3, 1, 2)), jnp.zeros((3, 1, 2))
    level = _level(bought, odds, jnp.array([[0.0, 3.0]]))
    np.testing.assert_array_equal(level, [[-60.0, 60.0]])


def test_the_root_has_a_derivative() -> None:
    world = by_use(economy(0))
    moved = lambda size: replace(world, tariff=world.tariff * (1.0 + size))
    part = lambda size: final_part(moved(size))
    _, slope = jax.jvp(part, (number(0.0),), (number(1.0),))
    difference = (part(number(1e-5)) - part(number(-1e-5))) / 2e-5
    np.testing.assert_allclose(slope, difference, rtol=1e-5, atol=1e-10)
    assert abs(slope).max() > 1e-3


def test_markets_are_the_world_with_sectors_of_two_uses() -> None:
    """Values, shares and what bans hide add up to the world's."""
    world = by_use(with_bans())
    market = market_of(world)
    halves = lambda values: values[..., :3] + values[..., 3:]
    for name in ("trade", "purchases", "expenditure", "final_demand", "output"):
        np.testing.assert_allclose(halves(getattr(market, name)), getattr(world, name), rtol=EXACT)
    np.testing.assert_allclose(market.final_demand[:, :3], world.final_demand, rtol=EXACT)
    np.testing.assert_allclose(market.hidden_share[..., 3:], world.hidden_share, atol=EXACT)
    np.testing.assert_allclose(market.income, world.income, rtol=EXACT)


# --- The equilibrium ---------------------------------------------------------------------------


@pytest.mark.parametrize("closure", ["textbook", "all at once"])
def test_where_suppliers_do_not_differ_the_equations_are_the_old_ones(closure: str) -> None:
    """The step from one and the same point, to the last digits, whatever the path to a solution."""
    world = economy(0)
    shock, rules = costs(world), closure_of(closure, world)
    random = np.random.default_rng(0)
    point = jax.tree.map(
        lambda leaf: jnp.asarray(random.normal(0, 0.05, leaf.shape)),
        Unknowns.unchanged(world, rules),
    )
    twice = lambda values: jnp.concatenate([values, values], axis=1)
    apart = replace(point, price=twice(point.price), expenditure=twice(point.expenditure))
    there, _ = step(point, Problem.of(world, shock, rules))
    here, _ = step(apart, Problem.of(alike(world), shock, rules))
    np.testing.assert_allclose(here.wage, there.wage, atol=EXACT)
    np.testing.assert_allclose(here.price, twice(there.price), atol=EXACT)
    spent = jnp.exp(here.expenditure) * market_of(alike(world)).expenditure
    np.testing.assert_allclose(
        spent[:, :3] + spent[:, 3:], jnp.exp(there.expenditure) * world.expenditure, rtol=EXACT
    )
    if here.output is not None and there.output is not None:
        np.testing.assert_allclose(here.output, there.output, atol=EXACT)


def test_and_so_is_the_answer() -> None:
    world = economy(0)
    old, new = solved(world, every_wedge(world)), solved(alike(world), every_wedge(world))
    same(old, new)
    np.testing.assert_allclose(new.input_price_hat, old.price_hat, rtol=SOLVED)


def test_it_is_the_world_whose_sectors_are_the_uses() -> None:
    """Labour that moves, constant returns: each use as a sector of its own, by the old equations."""
    world, shock, _, here = case("textbook", "every wedge")
    market = market_of(world)
    there = solved(market, shock_to(market, shock))
    np.testing.assert_allclose(there.labour_income_hat, here.labour_income_hat, rtol=SOLVED)
    np.testing.assert_allclose(there.price_hat[:, :3], here.price_hat, rtol=SOLVED)
    np.testing.assert_allclose(there.price_hat[:, 3:], here.input_price_hat, rtol=SOLVED)
    np.testing.assert_allclose(there.trade[..., 3:], bought_as_inputs(here), rtol=1e-7, atol=1e-12)
    np.testing.assert_allclose(
        there.trade[..., :3], here.trade - bought_as_inputs(here), rtol=1e-6, atol=1e-12
    )
    np.testing.assert_allclose(welfare_hat(market, there), welfare_hat(world, here), rtol=SOLVED)


@pytest.mark.parametrize("shock", ["costs", "every wedge"])
@pytest.mark.parametrize(
    "closure", ["labour half tied", "idle labour", "all at once", "deficits removed"]
)
def test_every_closure_is_solved_and_certified(closure: str, shock: str) -> None:
    """Goods by use, prices from the utility of quantities, Walras: `solved` asks the certificate."""
    world, change, rules, there = case(closure, shock)
    apart = np.abs(np.asarray(there.price_hat - there.input_price_hat))
    assert apart.max() > 1e-3
    old = solved(replace(world, input_trade=None), change, rules)
    assert float(abs(welfare_hat(world, there) - welfare_hat(world, old)).max()) > 1e-5


def test_nothing_happens_without_a_shock() -> None:
    for world in (by_use(economy(0)), by_use(with_bans())):
        there = solved(world, Shock.none(world))
        np.testing.assert_allclose(there.price_hat, 1.0, atol=SOLVED)
        np.testing.assert_allclose(there.trade, world.trade, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(
            there.trade - bought_as_inputs(there),
            world.trade * final_part(world),
            rtol=1e-8,
            atol=1e-12,
        )


def test_the_unit_of_money_is_nothing() -> None:
    world, shock, rules, there = case("all at once", "costs")
    richer = replace(world, trade=7.0 * world.trade, input_trade=7.0 * bought_as_inputs(world))
    other = solved(richer, shock, rules)
    np.testing.assert_allclose(other.price_hat, there.price_hat, rtol=SOLVED)
    np.testing.assert_allclose(other.trade, 7.0 * there.trade, rtol=1e-7, atol=1e-10)


def test_the_years_go_on_with_the_suppliers_of_each_use() -> None:
    """One year after another is certified; many of them are the long run."""
    world = by_use(economy(0))
    shock = costs(world)
    years = lambda count: Closure(
        staggered=Staggered(number(0.2), world.trade_elasticity / 3, years=count)
    )
    solved(world, shock, years(3))
    late, long = solve(world, shock, years(120)), case("textbook", "costs")[3]
    np.testing.assert_allclose(late.price_hat, long.price_hat, rtol=1e-7)
    np.testing.assert_allclose(late.input_price_hat, long.input_price_hat, rtol=1e-7)


def test_a_world_without_deficits_keeps_its_uses() -> None:
    """Solved again without a shock it is where it is."""
    from detente.equilibrium import without_deficits

    world = without_deficits(by_use(economy(0)))
    assert abs(world.deficit).max() < 1e-8
    solved(world, costs(world))
    there = solved(world, Shock.none(world))
    np.testing.assert_allclose(there.price_hat, 1.0, atol=1e-8)


# --- What is asked of it ------------------------------------------------------------------------


def test_the_derivative_is_that_of_differences() -> None:
    world, _, rules, _ = case("all at once", "costs")
    random = np.random.default_rng(1)
    way = jnp.asarray(random.normal(size=world.trade.shape))

    def welfare(size: jax.Array) -> jax.Array:
        shock = Shock.of(world.tariff, jnp.exp(size * way))
        return welfare_hat(world, solve(world, shock, rules))

    _, slope = jax.jvp(welfare, (number(0.1),), (number(1.0),))
    difference = (welfare(number(0.1 + 1e-4)) - welfare(number(0.1 - 1e-4))) / 2e-4
    np.testing.assert_allclose(slope, difference, rtol=1e-5, atol=1e-6)


def test_a_batch_is_its_members() -> None:
    world, shock, _, there = case("textbook", "costs")
    both = jax.tree.map(lambda one, other: jnp.stack([one, other]), shock, Shock.none(world))
    many = jax.vmap(lambda change: solve(world, change))(both)
    np.testing.assert_allclose(many.input_price_hat[0], there.input_price_hat, rtol=SOLVED)
    np.testing.assert_allclose(many.price_hat[1], 1.0, atol=SOLVED)


@pytest.mark.parametrize(
    ("closure", "shock"), [("textbook", "costs"), ("all at once", "every wedge")]
)
def test_the_terms_of_welfare_add_up(closure: str, shock: str) -> None:
    world, change, rules, _ = case(closure, shock)
    if shock == "every wedge":
        change = replace(change, allowed=jnp.ones_like(change.allowed))
    terms = decompose(world, change, rules)
    assert float(abs(terms.unexplained).max()) < 1e-6
    assert float(abs(terms.trade_costs).max()) > 1e-4


def test_what_uses_more_of_what_is_taxed_is_taxed_more() -> None:
    """Real GDP is labour: with all of it at work and no tariff it is one, whatever inputs cost."""
    world = replace(by_use(economy(0)), tariff=jnp.zeros((5, 5, 3)))
    there = solved(world, costs(world))
    np.testing.assert_allclose(measures(world, there)["real_gdp"], 0.0, atol=1e-6)


def test_a_best_tariff_is_found() -> None:
    """First-order conditions hold, and a rate to either side is worse."""
    world = by_use(balanced_world(0))
    chosen = np.zeros(world.trade.shape)
    chosen[1:, 0] = 1.0
    choice = Choice(jnp.asarray(chosen), jnp.zeros(5, int), jnp.eye(5)[:1], (0, 2))
    best = choose_tariffs(world, Shock.none(world), choice)
    assert float(best.first_order) < 1e-6
    rate = float(best.tariff[1, 0, 0])
    at = lambda value: float(
        welfare_hat(
            world,
            solve(
                world, Shock.of(jnp.where(chosen > 0, value, world.tariff), jnp.ones(chosen.shape))
            ),
        )[0]
    )
    assert at(rate) > max(at(rate - 0.02), at(rate + 0.02))


# --- Worlds and words ---------------------------------------------------------------------------


def scenario(**changes: object) -> Scenario:
    return parse_scenario(CUT | changes, "test")


@pytest.mark.parametrize("name", ["compact-2022", "world-2019"])
def test_a_world_that_tells_uses_apart(name: str) -> None:
    """No flow is moved, and technology asks for little that the table does not have."""
    world = load_baseline(name)
    assert world.input_trade is not None and world.economy.input_trade is None
    played = prepare(world, scenario()).economy
    np.testing.assert_array_equal(played.trade, world.economy.trade)
    inputs = played.trade * (1 - final_part(played))
    moved = float(abs(inputs - world.input_trade).sum() / world.input_trade.sum())
    assert 0.0 < moved < 0.02


def test_its_answer_says_so_and_differs_little() -> None:
    world = load_baseline("compact-2022")
    apart, together = (
        detente.simulate(world, scenario(adjustment={"sourcing": how}))
        for how in ("by use", "alike")
    )
    assert any("import shares of their own" in one for one in assumptions(scenario(), world))
    assert "import shares of their own" in apart.attrs["assumptions"]
    assert "import shares of their own" not in together.attrs["assumptions"]
    difference = float(abs(apart.welfare - together.welfare).max())
    assert 1e-5 < difference < 0.1 * float(abs(together.welfare).max())


def test_every_draw_tells_uses_apart() -> None:
    """Tariffs and the split of services are drawn; what is bought as inputs stays the table's."""
    world, asked = load_baseline("compact-2022"), scenario()
    held = ("elasticities", "size", "rents", "nests")
    draws = sample(asked, world, Uncertainty(draws=2, hold=held))
    assert draws.assumptions == ("tariffs", "services_split")
    spread = play_draws(world, [asked], draws)[:, 0]
    own, lines = world.economy, jnp.asarray(world.line_average_tariff)
    tariff = own.tariff + draws.line_average[1] * (lines - own.tariff)
    trade = own.trade + draws.alternative[1] * (jnp.asarray(world.alternative_trade) - own.trade)
    there = replace(
        world, economy=replace(own, trade=trade, tariff=tariff),
        line_average_tariff=None, alternative_trade=None,
    )  # fmt: skip
    played = prepare(there, asked)
    alone = log_welfare(played.economy, solve(played.economy, played.shock, played.closure))
    np.testing.assert_allclose(spread[1], alone, rtol=1e-6, atol=1e-10)


def test_a_world_that_does_not_is_refused() -> None:
    with pytest.raises(
        ScenarioError, match="compact-2014 does not say which flows are bought as inputs"
    ):
        prepare(load_baseline("compact-2014"), scenario(policies={}))


@pytest.mark.parametrize("change", [lambda flows: -flows, lambda flows: 1.1 * flows])
def test_inputs_that_no_flow_holds_are_refused(change: Callable) -> None:
    made = dataset(economy())
    wrong = made.trade.copy(data=change(made.trade.to_numpy()))
    with pytest.raises(
        BaselineError, match="'input_trade' holds less than nothing or more than is traded"
    ):
        baseline_from_dataset(made.assign(input_trade=wrong))
