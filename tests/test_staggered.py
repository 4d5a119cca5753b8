"""Staggered sourcing: closed forms, nesting, invariance, conservation, derivatives, and the clock."""

import functools
import itertools
from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from detente._core import Status
from detente.closure import Closure, Staggered
from detente.equilibrium import certify, Equilibrium, in_next_year, solve, welfare_hat
from detente.world import Economy, Shock

from .closures import (
    ABROAD,
    balanced_world,
    costs,
    countries_as,
    every_wedge,
    nests,
    number,
    only,
    sectors_as,
    SOLVED,
    solved,
    status,
    with_bans,
)
from .worlds import economy


RESET = 0.2
# Forward and reverse solve one linear system and its transpose, each to 1e-10.
TRANSPOSED = 1e-8


def staggered(
    world: Economy, reset: float = RESET, years: int = 1, part: float = 1 / 3, **more: object
) -> Closure:
    """Buyers of whom `reset` choose anew; the others have `part` of the elasticity."""
    locked = part * world.trade_elasticity
    return Closure(staggered=Staggered(number(reset), locked, years=years), **more)


def tied(world: Economy, years: int = 1, **more: object) -> Closure:
    """The same with labour that is tied at first and moves on the same clock."""
    return staggered(world, years=years, labour_immobility=number(1.0 - RESET), **more)


def with_elasticity(world: Economy, part: float) -> Economy:
    return eqx.tree_at(lambda old: old.trade_elasticity, world, part * world.trade_elasticity)


def same(a: Equilibrium, b: Equilibrium) -> None:
    for name in ("labour_income_hat", "sector_wage_hat", "price_hat", "income"):
        np.testing.assert_allclose(getattr(b, name), getattr(a, name), rtol=SOLVED, err_msg=name)
    np.testing.assert_allclose(b.trade, a.trade, rtol=50 * SOLVED, atol=1e-12)


# --- Nesting ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reset", "part", "theirs"),
    [(1.0, 0.3, 1.0), (0.0, 0.3, 0.3), (0.4, 1.0, 1.0)],
    ids=["all choose anew", "nobody does", "one elasticity"],
)
def test_both_ends_are_the_model_without_staggering(
    reset: float, part: float, theirs: float
) -> None:
    world = economy(0)
    found = solved(world, every_wedge(world), staggered(world, reset, part=part))
    same(solved(with_elasticity(world, theirs), every_wedge(world)), found)


def test_one_elasticity_is_no_staggering_in_any_year() -> None:
    world = economy(0)
    found = solved(world, every_wedge(world), staggered(world, 0.4, 3, part=1.0))
    same(solved(world, every_wedge(world)), found)


def test_tastes_for_every_origin_alike_change_nothing() -> None:
    world = economy(0)
    found = solved(
        world, only(world, taste_hat=np.full(world.trade.shape, 2.0)), staggered(world, years=2)
    )
    np.testing.assert_allclose(found.trade, world.trade, rtol=1e-9)
    np.testing.assert_allclose(found.price_hat, 1.0, rtol=1e-9)


def test_many_years_are_the_long_run() -> None:
    """What is left of the short run after 60 years is 0.8^60, a part in a million; flows move with
    prices to the power of up to sixteen."""
    world = economy(0)
    found = solved(world, costs(world), tied(world, 60))
    long = solved(world, costs(world))
    np.testing.assert_allclose(found.labour_income_hat, long.labour_income_hat, rtol=2e-6)
    np.testing.assert_allclose(found.trade, long.trade, rtol=3e-4, atol=1e-9)


def test_all_who_choose_anew_choose_in_their_nests() -> None:
    world = economy(0)
    of_all = staggered(world, 1.0, nests=nests(world.trade_elasticity))
    plain = Closure(nests=nests(world.trade_elasticity))
    same(solved(world, every_wedge(world), plain), solved(world, every_wedge(world), of_all))


# --- The elasticity by year ---------------------------------------------------------------------


@pytest.mark.parametrize("years", [1, 2, 5])
def test_the_elasticity_of_a_year_is_that_of_the_formula(years: int) -> None:
    """theta (1 - (1-zeta)^h) + theta0 (1-zeta)^h, with costs as they were: a wedge so small on a
    flow so small that no other price answers."""
    world = economy(0)
    trade = np.asarray(world.trade).copy()
    trade[0, 1, 0] *= 1e-7
    world = eqx.tree_at(lambda old: old.trade, world, jnp.asarray(trade))
    at = np.ones(trade.shape)
    at[0, 1, 0] = np.exp(1e-3)
    rules = staggered(world, years=years)
    before = solve(world, Shock.none(world), rules).trade[0, 1, 0]
    after = solve(world, Shock.of(world.tariff, jnp.asarray(at)), rules).trade[0, 1, 0]
    theta = float(world.trade_elasticity[0])
    kept = (1 - RESET) ** years
    # To second order in a wedge of a thousandth.
    expected = theta * (1 - kept) + theta / 3 * kept
    assert np.log(before / after) / 1e-3 == pytest.approx(expected, rel=5e-3)


def test_a_year_by_the_formulas_of_the_paper() -> None:
    """Prices and shares of two years by hand, at the costs that were found."""
    world, shock = economy(0), costs(economy(0))
    share, theta = np.asarray(world.expenditure_share), np.asarray(world.trade_elasticity)
    locked, zeta = theta / 3, RESET
    first = solved(world, shock, staggered(world))
    rules = in_next_year(staggered(world), first)
    second = solved(world, shock, rules)
    barrier = (1 + shock.tariff) / (1 + world.tariff) * shock.trade_cost_hat
    before, kappa_before = share, np.ones_like(share)
    for found in (first, second):
        kappa = np.asarray(found.unit_cost_hat)[:, None, :] * np.asarray(barrier)
        phi = (share * kappa**-theta).sum(axis=0)
        free = phi ** (locked / theta - 1) * share * kappa**-theta
        kept = before * (kappa / kappa_before) ** -locked
        spent = (1 - zeta) * kept + zeta * free
        price = spent.sum(axis=0) ** (-1 / locked)
        np.testing.assert_allclose(found.price_hat, price, rtol=SOLVED)
        np.testing.assert_allclose(found.expenditure_share, spent / spent.sum(axis=0), rtol=1e-7)
        before, kappa_before = spent, kappa


# --- Years --------------------------------------------------------------------------------------


def test_a_fall_of_productivity_is_an_iceberg_on_all_that_is_sold_in_every_year() -> None:
    """What the locked pay next year is the price at the gate, whatever made it dearer; with economies
    of scale that is not the cost of a unit."""
    world = economy(0)
    rules = staggered(world, years=3, scale=jnp.array([0.3, 0.0, 0.2]))
    hat, cost = np.ones((5, 3)), np.ones(world.trade.shape)
    hat[1], cost[1] = 0.9, 1 / 0.9
    fallen = replace(only(world), productivity_hat=jnp.asarray(hat))
    one, other = (
        solved(world, fallen, rules),
        solved(world, only(world, trade_cost_hat=cost), rules),
    )
    same(one, other)
    assert abs(np.log(one.price_hat)).max() > 0.01


def test_years_at_once_are_years_one_by_one() -> None:
    world, shock = economy(0), every_wedge(economy(0))
    rules = tied(world)
    for _ in range(3):
        found = solved(world, shock, rules)
        rules = in_next_year(rules, found)
    same(found, solved(world, shock, tied(world, 3)))


def test_certified_in_every_year_with_nests_and_every_wedge() -> None:
    world, shock = economy(0), every_wedge(economy(0))
    rules = tied(world, nests=nests(world.trade_elasticity), scale=number([0.4, 0.0, 0.2]))
    for _ in range(2):
        rules = in_next_year(rules, solved(world, shock, rules))


def test_the_certificate_sees_another_state() -> None:
    """Certified with what another world's buyers were locked to, the shares are wrong."""
    world, shock = economy(0), costs(economy(0))
    found = solved(world, shock, tied(world, 2))
    other = replace(found, began=economy(1).expenditure_share)
    assert certify(world, shock, other, tied(world, 2)).shares > 1e-3


def test_no_shock_is_no_change() -> None:
    world = economy(0)
    found = solved(world, Shock.none(world), tied(world, 3))
    np.testing.assert_allclose(found.trade, world.trade, rtol=1e-12)
    np.testing.assert_allclose(welfare_hat(world, found), 1.0, rtol=1e-13)
    np.testing.assert_allclose(found.left, world.expenditure_share, rtol=1e-12)


def test_a_shock_that_ends_is_forgotten() -> None:
    """A year of tariffs leaves buyers with the wrong suppliers; years later nothing is left."""
    world = economy(0)
    rules = staggered(world)
    rules = in_next_year(rules, solved(world, costs(world), rules))
    none = Shock.of(world.tariff, jnp.ones_like(world.trade))
    moved = []
    for _ in range(30):
        found = solve(world, none, rules)
        assert status(found) is Status.SOLVED
        rules = in_next_year(rules, found)
        moved.append(float(np.abs(np.log(found.labour_income_hat)).max()))
    assert moved[0] > 1e-4
    assert all(later < sooner for sooner, later in itertools.pairwise(moved))
    assert moved[-1] < 0.01 * moved[0]


def test_a_boycott_is_whole_at_once_whoever_keeps_suppliers() -> None:
    """At given prices spending on the boycotted is the factor of what it was, in every year: of a
    flow so small that no price answers."""
    world = economy(0)
    trade = np.asarray(world.trade).copy()
    trade[0, 1, 0] *= 1e-7
    world = eqx.tree_at(lambda old: old.trade, world, jnp.asarray(trade))
    taste = np.ones(trade.shape)
    taste[0, 1, 0] = 0.3
    for years in (1, 3):
        found = solved(world, only(world, taste_hat=taste), staggered(world, years=years))
        assert found.trade[0, 1, 0] / trade[0, 1, 0] == pytest.approx(0.3, rel=1e-5)


@pytest.mark.parametrize("years", [1, 2])
def test_a_shift_of_taste_is_a_loss_at_old_tastes_of_second_order(years: int) -> None:
    """Envelope: buyers leave their old optimum at the same costs; half the shift, a quarter of it."""
    world = balanced_world(1)
    share = np.asarray(world.expenditure_share)
    draw = np.random.default_rng(7).normal(size=world.trade.shape)

    def loss(size: float) -> tuple[np.ndarray, np.ndarray]:
        """Of the price, beyond what costs do to it to first order; these move by a hundredth of it."""
        both = []
        for sign in (1, -1):
            shock = only(world, taste_hat=np.exp(sign * size * draw))
            found = solved(world, shock, staggered(world, years=years))
            cost = np.log(np.asarray(found.unit_cost_hat))[:, None, :]
            both.append(np.log(found.price_hat) - (share * cost).sum(axis=0))
        return (both[0] + both[1]) / 2, (both[0] - both[1]) / 2

    (large, odd), (small, _) = loss(0.04), loss(0.02)
    # To first order nothing: what is odd in the shift is of third order.
    assert np.abs(odd).max() < 0.1 * np.abs(large).max()
    np.testing.assert_allclose(large.sum() / small.sum(), 4.0, rtol=0.05)


def test_a_banned_supplier_returns_only_to_those_who_choose_anew() -> None:
    world = balanced_world(1)
    allowed = np.ones(world.trade.shape)
    allowed[0, 1, 0] = 0.0
    rules = staggered(world)
    banned = solved(world, only(world, allowed=allowed), rules)
    assert banned.trade[0, 1, 0] == 0.0 and banned.left[0, 1, 0] == 0.0
    back = solved(world, only(world), in_next_year(rules, banned))
    kept = float(back.expenditure_share[0, 1, 0] / world.expenditure_share[0, 1, 0])
    assert 0.5 * RESET < kept < 2 * RESET


def test_what_a_ban_hid_opens_only_to_those_who_choose_anew() -> None:
    hidden = with_bans((0, 1, 0))
    opened = only(hidden, opened=np.ones(hidden.trade.shape))
    all_at_once = float(solved(hidden, opened).trade[0, 1, 0])
    trade = [
        float(solved(hidden, opened, staggered(hidden, years=h)).trade[0, 1, 0]) for h in (1, 2)
    ]
    assert trade[0] == pytest.approx(RESET * all_at_once, rel=0.1)
    assert trade[1] == pytest.approx((1 - (1 - RESET) ** 2) * all_at_once, rel=0.1)


# --- Invariance and conservation ----------------------------------------------------------------


def test_units_and_order_do_not_matter() -> None:
    world, shock = economy(0), every_wedge(economy(0))
    found = solved(world, shock, tied(world, 2))
    bigger = eqx.tree_at(lambda old: old.trade, world, 130.0 * world.trade)
    np.testing.assert_allclose(
        solved(bigger, shock, tied(world, 2)).labour_income_hat,
        found.labour_income_hat,
        rtol=SOLVED,
    )
    order, sectors = np.array([3, 0, 4, 2, 1]), np.array([2, 0, 1])
    moved = solved(*countries_as(world, shock, tied(world, 2), order, np.ones(5)))
    np.testing.assert_allclose(moved.price_hat, found.price_hat[order], rtol=SOLVED)
    world, shock, _ = sectors_as(world, shock, Closure(), sectors, np.ones(3))
    np.testing.assert_allclose(
        solved(world, shock, tied(world, 2)).price_hat, found.price_hat[:, sectors], rtol=SOLVED
    )


@pytest.mark.parametrize("years", [1, 3])
def test_what_is_earned_is_spent(years: int) -> None:
    world, shock = economy(0), every_wedge(economy(0))
    found = solved(world, shock, tied(world, years))
    close = functools.partial(np.testing.assert_allclose, rtol=1e-9)
    close(found.purchases.sum(), found.trade.sum() + found.tariff_revenue.sum() + found.rents.sum())
    wage_bill = found.labour_income_hat * world.value_added
    close(wage_bill, (world.value_added_share * found.output).sum(axis=1))
    close(found.income, wage_bill + found.tariff_revenue + found.rents + found.deficit)
    close(found.expenditure_share.sum(axis=0), 1.0)


# --- Derivatives and batches --------------------------------------------------------------------


def test_derivatives_go_through_the_years() -> None:
    """Forward and reverse against differences of the whole path, to the shock and to zeta."""
    world, shock = economy(0), costs(economy(0))

    def welfare(at: jax.Array) -> jax.Array:
        cost = shock.trade_cost_hat * jnp.exp(at[0] * jnp.asarray(ABROAD))
        rules = tied(world, 3)
        pace = replace(rules.staggered, reset=RESET + at[1])
        found = solve(world, replace(shock, trade_cost_hat=cost), replace(rules, staggered=pace))
        return jnp.log(welfare_hat(world, found))[1]

    here = jnp.zeros(2)
    forward = jax.jacfwd(welfare)(here)
    np.testing.assert_allclose(jax.grad(welfare)(here), forward, rtol=TRANSPOSED)
    step = 1e-3
    for place in range(2):
        ahead = jnp.zeros(2).at[place].set(step)
        by_difference = (welfare(ahead) - welfare(-ahead)) / (2 * step)
        # Differences of solutions to 1e-10 over two thousandths, and their curvature.
        np.testing.assert_allclose(forward[place], by_difference, rtol=1e-4, atol=1e-7)


def test_a_batch_is_its_members() -> None:
    world, shock = economy(0), costs(economy(0))
    sizes = jnp.array([0.5, 1.0])
    at = lambda size: solve(
        world, replace(shock, trade_cost_hat=shock.trade_cost_hat**size), tied(world, 2)
    )
    together = eqx.filter_vmap(at)(sizes)
    for place, size in enumerate(sizes):
        np.testing.assert_allclose(
            together.labour_income_hat[place], at(size).labour_income_hat, rtol=SOLVED
        )


def test_a_year_without_a_solution_is_said_of_the_last() -> None:
    world = economy(0)
    nobody = only(world, allowed=np.zeros(world.trade.shape))
    assert status(solve(world, nobody, tied(world, 2))) is not Status.SOLVED
