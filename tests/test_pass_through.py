"""Tariffs that are passed through in part: another implementation, nesting, accounts, derivatives."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from detente._core import ScenarioError
from detente.analysis import decompose
from detente.calibrate.baseline import load_baseline
from detente.closure import Closure
from detente.equilibrium import only_tariffs_move, solve, welfare_hat
from detente.equilibrium._equations import step, Unknowns
from detente.equilibrium._problem import Problem
from detente.scenario import assumptions, parse_scenario
from detente.simulation import prepare
from detente.world import Shock

from .closures import ABROAD, closure_of, costs, every_wedge, number, SOLVED, solved
from .replication.engine import armington, new_tariff
from .replication.liberation_day import after, SCALE, SUPPLY, World
from .test_sourcing import by_use
from .worlds import economy


# Of a step from one and the same point.
EXACT = 1e-12
LEVY = {
    "title": "T", "focus": ["KOR"], "adjustment": {"pass_through": 0.5},
    "policies": {"cut": {"kind": "tariff", "importers": ["CHN"], "exporters": ["KOR"], "change": 0.1}},
}  # fmt: skip


def in_part(part: float, closure: Closure | None = None) -> Closure:
    return replace(closure or Closure(), pass_through=number(part))


@pytest.mark.parametrize("part", [1.0, 0.5, 0.25])
def test_it_is_what_the_paper_has(part: float) -> None:
    """One sector, labour that follows the wage, scale, no margins of importers: plain NumPy."""
    random = np.random.default_rng(0)
    flows = random.lognormal(size=(6, 6)) + 5.0 * np.eye(6)
    tariff = random.uniform(0, 0.4, size=(6, 6)) * (1 - np.eye(6))
    other = after(World(flows, np.zeros(6), np.full(6, part), cuts_income_tax=False), tariff)
    world = armington(flows, 4.0)
    rules = Closure(
        labour_supply=number(SUPPLY), scale=jnp.asarray([SCALE]), pass_through=number(part)
    )
    found = solved(world, new_tariff(world, tariff[:, :, None]), rules)
    np.testing.assert_allclose(found.labour_supply_hat, other.labour, rtol=SOLVED)
    np.testing.assert_allclose(welfare_hat(world, found), other.real_income, rtol=SOLVED)
    value = float(found.income.sum() / (other.spending * flows.sum(axis=0)).sum())
    np.testing.assert_allclose(found.trade[:, :, 0] / value, other.flows, rtol=1e-8)


@pytest.mark.parametrize("closure", ["textbook", "all at once"])
def test_all_of_it_is_the_old_equations(closure: str) -> None:
    world = economy(0)
    rules = closure_of(closure, world)
    random = np.random.default_rng(0)
    point = jax.tree.map(
        lambda leaf: jnp.asarray(random.normal(0, 0.05, leaf.shape)),
        Unknowns.unchanged(world, rules),
    )
    moved = [
        step(point, Problem.of(world, costs(world), one))[0] for one in (rules, in_part(1.0, rules))
    ]
    for old, new in zip(*map(jax.tree.leaves, moved), strict=True):
        np.testing.assert_allclose(new, old, atol=EXACT)


@pytest.mark.parametrize("closure", ["textbook", "idle labour", "all at once"])
def test_it_is_certified_in_every_closure(closure: str) -> None:
    """Costs too, and uses apart: only what tariffs do is held back."""
    world = economy(0)
    rules = closure_of(closure, world)
    for one in (world, by_use(world)):
        part, whole = (solved(one, every_wedge(one), each) for each in (in_part(0.4, rules), rules))
        assert float(abs(welfare_hat(one, part) - welfare_hat(one, whole)).max()) > 1e-3


def test_without_tariffs_a_small_cost_is_passed_on() -> None:
    """At no change nothing changes; at a large part little is between part and whole."""
    world = economy(0)
    there = solved(world, Shock.none(world), in_part(0.3))
    np.testing.assert_allclose(there.price_hat, 1.0, atol=SOLVED)
    whole, nearly = (solved(world, costs(world), in_part(part)) for part in (1.0, 1.0 - 1e-6))
    np.testing.assert_allclose(nearly.price_hat, whole.price_hat, rtol=1e-5)


def test_the_unit_of_money_is_nothing() -> None:
    world, rules = economy(0), in_part(0.5)
    richer = replace(world, trade=7.0 * world.trade)
    one, other = (solved(each, costs(world), rules) for each in (world, richer))
    np.testing.assert_allclose(other.price_hat, one.price_hat, rtol=SOLVED)


def test_less_of_a_tariff_reaches_demand() -> None:
    """Imports fall by less, and the treasury has more."""
    world = replace(economy(0), tariff=jnp.zeros((5, 5, 3)))
    shock = Shock.of(jnp.asarray(0.2 * ABROAD), jnp.ones((5, 5, 3)))
    whole, half, quarter = (solved(world, shock, in_part(part)) for part in (1.0, 0.5, 0.25))
    abroad = lambda found: float((found.trade * ABROAD).sum())
    assert abroad(whole) < abroad(half) < abroad(quarter)
    revenue = [float(found.tariff_revenue.sum()) for found in (whole, half, quarter)]
    assert revenue == sorted(revenue)
    assert only_tariffs_move(world, shock, Closure()) and not only_tariffs_move(
        world, shock, in_part(0.5)
    )


def test_the_derivative_is_that_of_differences() -> None:
    world = economy(0)
    shock = costs(world)

    def welfare(part: jax.Array) -> jax.Array:
        return welfare_hat(world, solve(world, shock, replace(Closure(), pass_through=part)))

    _, slope = jax.jvp(welfare, (number(0.5),), (number(1.0),))
    difference = (welfare(number(0.5 + 1e-4)) - welfare(number(0.5 - 1e-4))) / 2e-4
    np.testing.assert_allclose(slope, difference, rtol=1e-5, atol=1e-7)
    many = jax.vmap(welfare)(jnp.asarray([0.5, 1.0]))
    np.testing.assert_allclose(many[0], welfare(number(0.5)), rtol=SOLVED)


def test_a_scenario_says_it_or_is_refused() -> None:
    world = load_baseline("compact-2022")
    asked = parse_scenario(LEVY, "test")
    assert any("pass 50 % of a tariff on" in one for one in assumptions(asked, world))
    assert prepare(world, asked).closure.pass_through == 0.5
    with pytest.raises(ScenarioError, match="no form year by year"):
        prepare(world, parse_scenario(LEVY | {"horizon": 2}, "test"))
    with pytest.raises(ScenarioError, match="passed through whole"):
        decompose(world, asked)
    with pytest.raises(ScenarioError, match="pass_through"):
        parse_scenario(LEVY | {"adjustment": {"pass_through": 0.0}}, "test")
