"""Productivity by country and sector: it nests, it is what its closed forms say, and it is certified."""

from dataclasses import fields, replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from detente.closure import Closure
from detente.ensemble._stack import stacked
from detente.equilibrium import certify, decompose, only_tariffs_move, resized, solve, welfare_hat
from detente.equilibrium._continuation import part_of
from detente.equilibrium.decomposition import Decomposition
from detente.equilibrium.measures import measures
from detente.world import Economy, Shock

from .closures import (
    ABROAD,
    balanced_world,
    CERTIFIED,
    closure_of,
    CLOSURES,
    every_wedge,
    only,
    solved,
    STRUCTURES,
    within,
)
from .test_derivatives import filled
from .worlds import economy


HAT = np.exp(np.random.default_rng(8).normal(scale=0.1, size=(5, 3)))
JPN, ELE = 2, 1
# Six points of a step this wide leave a few 1e-8 of curvature and of the solutions' errors.
STEP, DIFFERENCES = 4e-3, 1e-6


def productive(world: Economy, hat: np.ndarray, **wedges: np.ndarray) -> Shock:
    return replace(only(world, **wedges), productivity_hat=jnp.asarray(hat))


def fallen(country: int, sector: int | slice, by: float) -> np.ndarray:
    hat = np.ones((5, 3))
    hat[country, sector] = by
    return hat


# --- Nesting ------------------------------------------------------------------------------------


@pytest.mark.parametrize("closure", STRUCTURES)
def test_unchanged_productivity_is_the_engine_without_it(closure: str) -> None:
    world, rules = economy(0), closure_of(closure, economy(0))
    plain = every_wedge(world)
    one = replace(plain, productivity_hat=jnp.ones((5, 3)))
    a, b = solve(world, plain, rules), solve(world, one, rules)
    for name in ("labour_income_hat", "price_hat", "income", "trade", "unit_cost_hat"):
        np.testing.assert_allclose(
            getattr(b, name), getattr(a, name), rtol=1e-13, atol=1e-13, err_msg=name
        )


def test_no_shock_has_none() -> None:
    assert Shock.none(economy(0)).productivity_hat is None


# --- Closed forms -------------------------------------------------------------------------------


def test_a_closed_economy_of_one_sector() -> None:
    """What is made with a part of itself falls by one over the share of value added."""
    value_added = np.array([0.4, 0.9])
    world = Economy(
        jnp.asarray(np.diag([3.0, 5.0])[:, :, None]),
        jnp.zeros((2, 2, 1)),
        jnp.asarray(1 - value_added)[:, None, None],
        jnp.array([4.0]),
    )
    hat = np.array([[0.9], [0.7]])
    shock = replace(Shock.none(world), productivity_hat=jnp.asarray(hat))
    found = welfare_hat(world, solve(world, shock))
    np.testing.assert_allclose(found, hat[:, 0] ** (1 / value_added), rtol=1e-9)


@pytest.mark.parametrize("closure", CLOSURES)
def test_less_of_everything_is_an_iceberg_on_all_that_is_sold(closure: str) -> None:
    """Home sales included: a unit that does not arrive and one that was not made cost the same."""
    world = balanced_world(1)
    rules = closure_of(closure, world)
    hat = fallen(JPN, slice(None), 0.8)
    melted = only(world, trade_cost_hat=np.ones((5, 5, 3)) / hat[:, None, :])
    made, melting = solved(world, productive(world, hat), rules), solved(world, melted, rules)
    for name in ("labour_income_hat", "price_hat", "income", "trade"):
        np.testing.assert_allclose(
            getattr(made, name), getattr(melting, name), rtol=10 * within(closure), err_msg=name
        )
    np.testing.assert_allclose(
        welfare_hat(world, made), welfare_hat(world, melting), rtol=10 * within(closure)
    )
    cost = np.asarray(made.unit_cost_hat) * hat
    np.testing.assert_allclose(cost, melting.unit_cost_hat, rtol=10 * within(closure))


def test_output_counts_what_is_made() -> None:
    """The measure of volume is value over unit cost: alone in the world, it falls as productivity."""
    world = Economy(
        jnp.array([[[2.0]]]), jnp.zeros((1, 1, 1)), jnp.zeros((1, 1, 1)), jnp.array([4.0])
    )
    shock = replace(Shock.none(world), productivity_hat=jnp.array([[0.7]]))
    found = measures(world, solve(world, shock))
    assert float(found["output"][0, 0]) == pytest.approx(-30.0, rel=1e-9)
    assert float(found["employment"][0, 0]) == pytest.approx(0.0, abs=1e-9)


def test_to_first_order_the_world_loses_what_is_not_made() -> None:
    """Hulten (1978): without distortions the weight of a sector is its output over world income."""
    world = economy(0, tariffs=False, balanced=True)
    income, missed = np.asarray(world.income), []
    for size in (4e-3, 2e-3):
        change = -size * np.abs(np.log(HAT))
        found = solved(world, productive(world, np.exp(change)))
        gain = income @ np.log(welfare_hat(world, found))
        lost = (np.asarray(world.output) * change).sum()
        missed.append(abs(gain - lost) / size)
    assert lost < -2e-4 * income.sum()
    assert missed[1] < 0.6 * missed[0]


# --- Certified, everywhere ----------------------------------------------------------------------


@pytest.mark.parametrize("closure", CLOSURES)
def test_every_closure_is_certified(closure: str) -> None:
    world = balanced_world(1)
    shock = replace(every_wedge(world, 6), productivity_hat=jnp.asarray(HAT))
    solved(world, shock, closure_of(closure, world))


def test_the_certificate_knows_another_productivity() -> None:
    world = economy(0)
    found = solved(world, productive(world, HAT))
    other = productive(world, fallen(JPN, ELE, 0.99) * HAT)
    assert certify(world, productive(world, HAT), found).largest < CERTIFIED
    assert certify(world, other, found).prices > 1e-3


@pytest.mark.parametrize("closure", ["textbook", "labour tied", "fixed entry"])
def test_a_sector_that_makes_a_hundredth(closure: str) -> None:
    world = balanced_world(1)
    solved(world, productive(world, fallen(JPN, ELE, 0.01)), closure_of(closure, world))


# --- Parts of it, and derivatives ---------------------------------------------------------------


def test_half_of_it_is_its_root() -> None:
    world = economy(0)
    half = part_of(productive(world, HAT), world, jnp.array(0.5))
    np.testing.assert_allclose(half.productivity_hat, np.sqrt(HAT), rtol=1e-15)
    twice = resized(productive(world, HAT), world, jnp.array(2.0))
    np.testing.assert_allclose(twice.productivity_hat, HAT**2, rtol=1e-15)


@pytest.mark.parametrize("closure", STRUCTURES)
def test_derivatives_are_differences(closure: str) -> None:
    # Programs of the textbook and of each rule for deficits; all others share one, filled up with
    # neutral values.
    world = balanced_world(1)
    rules = closure_of(closure, world)
    if closure != "textbook":
        rules = filled(rules, world.trade_elasticity)
    by = np.random.default_rng(9).normal(size=(5, 3))
    shock = every_wedge(world, 6)

    def at(size: jax.Array) -> jax.Array:
        hat = jnp.asarray(HAT) * jnp.exp(size * by)
        found = solve(world, replace(shock, productivity_hat=hat), rules)
        return jnp.log(welfare_hat(world, found))

    zero = jnp.array(0.0)
    forward, reverse = jax.jvp(at, (zero,), (jnp.ones(()),))[1], jax.jacrev(at)(zero)
    pairs = [at(jnp.array(n * STEP)) - at(jnp.array(-n * STEP)) for n in (1, 2, 3)]
    expected = (45 * pairs[0] - 9 * pairs[1] + pairs[2]) / (60 * STEP)
    assert float(jnp.abs(expected).min()) > 1e-3
    np.testing.assert_allclose(forward, expected, atol=DIFFERENCES)
    np.testing.assert_allclose(reverse, forward, atol=1e-8)


# --- What others know of it ---------------------------------------------------------------------


def test_the_linear_statistic_has_no_term_for_it() -> None:
    world = balanced_world()
    assert only_tariffs_move(world, productive(world, np.ones((5, 3))), Closure())
    assert not only_tariffs_move(world, productive(world, HAT), Closure())


@pytest.mark.parametrize("closure", ["textbook", "scale", "fixed entry", "all at once"])
def test_it_has_its_own_term_in_welfare(closure: str) -> None:
    world = balanced_world(1)
    rules, shock = (
        closure_of(closure, world),
        productive(world, HAT, trade_cost_hat=1 + 0.1 * ABROAD),
    )
    found, after = decompose(world, shock, rules), solved(world, shock, rules)
    by_country = {
        one.name: np.asarray(getattr(found, one.name)).reshape(5, -1).sum(axis=1)
        for one in fields(Decomposition)
    }
    gain = np.asarray(welfare_hat(world, after)) - 1
    np.testing.assert_allclose(sum(by_country.values()), gain, atol=1e-8)
    np.testing.assert_allclose(by_country["unexplained"], 0.0, atol=2e-7)
    assert np.abs(by_country["productivity"]).max() > 1e-2


def test_its_term_is_output_times_the_change() -> None:
    world, rules = balanced_world(1), closure_of("fixed entry", balanced_world(1))
    missed = []
    for size in (2e-3, 1e-3):
        change = size * np.log(HAT)
        found = decompose(world, productive(world, np.exp(change)), rules).productivity
        profit = np.minimum(np.asarray(rules.profit_share), np.asarray(world.value_added_share))
        expected = (
            (1 - profit) * np.asarray(world.output) * change / np.asarray(world.income)[:, None]
        )
        missed.append(np.abs(np.asarray(found) - expected).max() / size)
    assert missed[1] < 0.6 * missed[0]


def test_scenarios_without_it_are_stacked_with_one() -> None:
    world = economy(0)
    both = stacked([only(world), productive(world, HAT)]).productivity_hat
    np.testing.assert_array_equal(both[0], 1.0)
    np.testing.assert_array_equal(both[1], jnp.asarray(HAT))
