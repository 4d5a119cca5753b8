"""Floors under wages, hours that answer to the real wage, and the real GDP that they move."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from detente.closure import Closure, Staggered
from detente.equilibrium import (
    linear_welfare,
    measures,
    real_gdp_hat,
    real_value_added_hat,
    solve,
    welfare_hat,
)
from detente.world import Economy, Shock

from .closures import (
    case,
    closure_of,
    CLOSURES,
    costs,
    every_wedge,
    number,
    only,
    prohibited,
    SOLVED,
    solved,
    wage_floor,
)
from .worlds import economy


TIED = Closure(labour_immobility=number(1.0), labour_supply=number(0.0))


def rigid(*lowest: float, pegged: float = 0.0, supply: float = 0.0) -> Closure:
    """Labour tied to its sector under floors, all currencies floating or all pegged."""
    floor = replace(wage_floor(*lowest), pegged=jnp.full(5, pegged))
    return replace(TIED, labour_supply=number(supply), wage_floor=floor)


# --- Real GDP -----------------------------------------------------------------------------------


@pytest.mark.parametrize("closure", ["textbook", "labour tied", "nests", "deficits proportional"])
def test_real_gdp_cannot_move_where_labour_is_fixed_and_at_work(closure: str) -> None:
    """The same workers, at constant prices, make the same value added, whatever trade costs; only
    tariffs of the baseline could make one import worth more than another."""
    world = economy(0, tariffs=False)
    rules = closure_of(closure, world)
    for shock in (costs(world), every_wedge(world), prohibited(world, (1, 0), (0, 2, 1))):
        found = solved(world, shock, rules)
        assert abs(welfare_hat(world, found) - 1).max() > 1e-3
        np.testing.assert_allclose(real_gdp_hat(world, found), 1.0, atol=10 * SOLVED)
        np.testing.assert_allclose(found.employment_hat, 1.0, atol=SOLVED)


# Profits are a part of value added that no factor earns.
@pytest.mark.parametrize(
    "closure", [name for name in CLOSURES if name not in ("fixed entry", "all at once")]
)
def test_value_added_at_constant_prices_is_labour(closure: str) -> None:
    """Sims (1969): of a Cobb-Douglas technology what is left of output less inputs is the factor.

    The wage bill over the wage says so without a price of output or of inputs.
    """
    world, _, _, found = case(closure, "every wedge")
    labour = 1 + measures(world, found)["employment"] / 100
    np.testing.assert_allclose(real_value_added_hat(world, found), labour, rtol=1e-8, atol=1e-12)


def test_of_a_small_tariff_real_gdp_has_the_volume_of_trade_and_not_the_terms() -> None:
    """Caliendo and Parro (2015), eq. 16: to first order, welfare is both; GDP at the prices of the
    baseline has imports worth more than they cost by the tariff on them, and no terms of trade."""
    world, size = economy(0), 1e-4
    tariff = np.asarray(world.tariff)
    raised = only(world, tariff=(1 + tariff) * np.exp(size * (tariff > 0)) - 1)
    found = solved(world, raised)
    linear = linear_welfare(world, found)
    gdp = world.value_added + world.tariff_revenue
    moved = (real_gdp_hat(world, found) - 1) * gdp
    np.testing.assert_allclose(moved, linear.volume_of_trade * world.income, rtol=size)
    assert abs(moved).min() > 1e-5


def test_sectors_that_make_nothing_have_no_say() -> None:
    """None before: no part of GDP; none after: its value added is gone, and GDP is a number."""
    world = economy(0, tariffs=False)
    trade = np.asarray(world.trade).copy()
    trade[2, :, 1] = 0.0
    found = solved(Economy(jnp.asarray(trade), world.tariff, world.input_share, world.trade_elasticity),
                   Shock.none(world))  # fmt: skip
    hat = real_value_added_hat(
        Economy(jnp.asarray(trade), world.tariff, world.input_share, world.trade_elasticity), found
    )
    np.testing.assert_allclose(hat, 1.0, atol=SOLVED)


# --- Floors -------------------------------------------------------------------------------------


@pytest.mark.parametrize("pegged", [0.0, 1.0])
@pytest.mark.parametrize("lowest", [0.96, 0.98, 1.0])
def test_wages_are_at_the_floor_where_workers_are_idle(lowest: float, pegged: float) -> None:
    """Complementary slackness, and both sides of it occur."""
    world = economy(0)
    found = solved(world, every_wedge(world), rigid(lowest, pegged=pegged))
    money = np.where(pegged == 1.0, 1.0, found.labour_income_hat)[:, None]
    above = np.asarray(found.sector_wage_hat) - lowest * money
    idle = 1 - np.asarray(found.employment_rate)
    assert above.min() > -1e-12 and idle.min() > -1e-12
    np.testing.assert_allclose(above * idle, 0.0, atol=1e-12)
    assert (idle > 1e-3).any() and (above > 1e-3).any()


def test_idle_workers_are_what_the_floor_leaves_of_the_wage_bill() -> None:
    """Labour income over the wage, by sector, and GDP is the sum at the baseline's wages."""
    world = economy(0, tariffs=False)
    found = solved(world, every_wedge(world), rigid(0.97))
    at_work = np.asarray(found.output / world.output / found.sector_wage_hat)
    np.testing.assert_allclose(at_work, found.employment_rate, rtol=SOLVED)
    part = np.asarray(world.value_added_share * world.output)
    part = part / part.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.employment_hat, (part * at_work).sum(axis=1), rtol=SOLVED)
    np.testing.assert_allclose(real_gdp_hat(world, found), found.employment_hat, rtol=10 * SOLVED)
    assert found.employment_hat.min() < 0.99


def test_a_lower_floor_leaves_fewer_idle_until_nobody_is() -> None:
    world = economy(0)
    shock = costs(world)
    rates = [
        float(solved(world, shock, rigid(low)).employment_hat.min())
        for low in (1.0, 0.97, 0.9, 0.5)
    ]
    assert rates == sorted(rates) and rates[0] < 0.98 and rates[-1] == pytest.approx(1.0)
    free, flexible = solved(world, shock, rigid(0.5)), solved(world, shock, TIED)
    np.testing.assert_allclose(welfare_hat(world, free), welfare_hat(world, flexible), rtol=SOLVED)


def test_a_currency_that_floats_takes_the_fall_that_a_peg_leaves_to_workers() -> None:
    """A fall of a whole country's labour income is one of its money where that floats, and no wage
    in it has to fall; with one sector that is all there is. Pegged, it is unemployment."""
    many = economy(1, inputs=False, tariffs=False)
    world = Economy(many.trade[..., :1], many.tariff[..., :1], many.input_share[:, :1, :1],
                    many.trade_elasticity[:1])  # fmt: skip
    cost = np.ones(world.trade.shape)
    cost[0, 1:] = 1.5
    shock = only(world, trade_cost_hat=cost)
    plain = solved(world, shock, TIED)
    floating = solved(world, shock, rigid(1.0))
    np.testing.assert_allclose(welfare_hat(world, floating), welfare_hat(world, plain), rtol=SOLVED)
    np.testing.assert_allclose(floating.employment_hat, 1.0, rtol=SOLVED)
    peg = solved(world, shock, rigid(1.0, pegged=1.0))
    assert plain.labour_income_hat[0] < 0.99
    assert peg.employment_hat[0] == pytest.approx(float(peg.labour_income_hat[0]), rel=SOLVED)


def test_what_no_wage_reaches_has_no_slope_and_what_binds_has_one() -> None:
    world = economy(0)
    shock = costs(world)

    def gain(log_lowest: jax.Array) -> jax.Array:
        floor = rigid(1.0).wage_floor
        assert floor is not None
        rules = replace(TIED, wage_floor=replace(floor, fall=log_lowest))
        return jnp.log(welfare_hat(world, solve(world, shock, rules)))[0]

    slope = jax.grad(gain)
    np.testing.assert_array_equal(slope(jnp.full(5, np.log(0.3))), 0.0)
    assert float(slope(jnp.full(5, np.log(0.97)))[0]) < -1e-3


def test_wages_may_fall_as_far_again_in_every_further_year() -> None:
    """The floor of year three is the cube of that of a year, and certified as such."""
    world = economy(0)
    theta = world.trade_elasticity
    closure = rigid(0.99)
    three = replace(closure, staggered=Staggered(number(0.2), 0.3 * theta, years=3))
    found = solved(world, costs(world), three)
    relative = np.asarray(found.sector_wage_hat / found.labour_income_hat[:, None])
    idle = np.asarray(found.employment_rate) < 1 - 1e-6
    assert idle.any()
    np.testing.assert_allclose(relative[idle], 0.99**3, rtol=1e-9)
    first = replace(three, staggered=replace(three.staggered, years=1))
    assert solved(world, costs(world), first).employment_hat.min() < found.employment_hat.min()


# --- Hours --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pegged", [0.0, 1.0])
def test_hours_follow_the_real_wage(pegged: float) -> None:
    """A constant elasticity, whatever else is going on."""
    world = economy(0)
    rules = rigid(0.5, pegged=pegged, supply=0.7)
    found = solved(world, costs(world), rules)
    real_wage = 1 + measures(world, found)["real_wage"] / 100
    np.testing.assert_allclose(found.labour_supply_hat, real_wage**0.7, rtol=SOLVED)
    np.testing.assert_allclose(found.employment_hat, found.labour_supply_hat, rtol=SOLVED)
    assert abs(found.labour_supply_hat - 1).max() > 1e-3


def test_elastic_labour_is_the_closed_form_of_one_sector() -> None:
    """Without trade, tariffs and inputs the real wage is productivity, here the cost of selling at
    home: hours are its power phi, and real income its power one plus phi."""
    many = economy(0, inputs=False, tariffs=False)
    trade = np.eye(5)[:, :, None] * np.asarray(many.trade[..., :1])
    world = Economy(jnp.asarray(trade), jnp.zeros_like(trade), jnp.zeros((5, 1, 1)),
                    many.trade_elasticity[:1])  # fmt: skip
    cost = np.ones(trade.shape)
    cost[0, 0] = 0.8
    rules = Closure(labour_supply=number(0.5))
    found = solved(world, only(world, trade_cost_hat=cost), rules)
    assert float(found.labour_supply_hat[0]) == pytest.approx(0.8**-0.5, rel=SOLVED)
    assert float(welfare_hat(world, found)[0]) == pytest.approx(0.8**-1.5, rel=SOLVED)
    np.testing.assert_allclose(found.labour_supply_hat[1:], 1.0, rtol=SOLVED)
