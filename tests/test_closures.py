"""Every closure against closed forms, other closures, invariances, conservation and two routes."""

import functools
from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from detente._core import Status
from detente.closure import Closure, Nests, WageFloor
from detente.equilibrium import solve, welfare_hat, without_deficits
from detente.world import Economy, Shock

from .closures import (
    autarky,
    balanced_world,
    Case,
    case,
    CASES,
    closure_of,
    CLOSURES,
    costs,
    countries_as,
    every_wedge,
    FLOWS,
    HIDDEN,
    in_autarky,
    log_price_index,
    nests,
    number,
    only,
    prohibited,
    same,
    sectors_as,
    SOLVED,
    solved,
    status,
    STRUCTURES,
    uniform_nests,
    units,
    wage_floor,
    with_bans,
    within,
)
from .worlds import economy


# What a trade cost of 1e9 leaves of trade is below the rounding of any flow.
PROHIBITIVE = 1e9


@pytest.mark.parametrize("shock", CASES)
@pytest.mark.parametrize("closure", CLOSURES)
def test_certified(closure: str, shock: str) -> None:
    """Another implementation: `certify` recomputes every condition flow by flow, from levels."""
    case(closure, shock)


@pytest.mark.parametrize("closure", CLOSURES)
def test_no_shock_is_no_change_in_one_step(closure: str) -> None:
    """The calibration is the equilibrium of every closure, not of the textbook alone."""
    world = balanced_world() if closure == "deficits removed" else economy(0)
    rules = closure_of(closure, world)
    for shock in (only(world), Shock.none(world)):
        found = solved(world, shock, rules)
        assert int(found.steps) == 1
        np.testing.assert_array_equal(found.labour_income_hat, 1.0)
        np.testing.assert_allclose(found.price_hat, 1.0, rtol=1e-14)
        np.testing.assert_allclose(found.trade, world.trade, rtol=1e-12)
        np.testing.assert_allclose(welfare_hat(world, found), 1.0, rtol=1e-13)


# --- Invariance ---------------------------------------------------------------------------------


COUNTRIES, SECTORS = np.array([3, 0, 4, 2, 1]), np.array([2, 0, 1])
ALL = slice(None)
# The transformation, and where each new country and sector was before.
CHANGES = {
    "units": (units, ALL, ALL),
    "countries": (lambda *c: countries_as(*c, COUNTRIES, np.ones(5)), COUNTRIES, ALL),
    "sectors": (lambda *c: sectors_as(*c, SECTORS, np.ones(3)), ALL, SECTORS),
}


def invariant(before: Case, change, countries, sectors, tolerance: float) -> None:
    world, shock, rules, found = before
    moved, moved_shock, moved_rules = change(world, shock, rules)
    after = solved(moved, moved_shock, moved_rules)
    close = functools.partial(np.testing.assert_allclose, rtol=tolerance)
    close(after.labour_income_hat, found.labour_income_hat[countries])
    close(after.price_hat, found.price_hat[countries][:, sectors])
    close(after.sector_wage_hat, found.sector_wage_hat[countries][:, sectors])
    close(welfare_hat(moved, after), welfare_hat(world, found)[countries])


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("closure", CLOSURES)
def test_units_and_order_do_not_matter(closure: str, change: str) -> None:
    invariant(case(closure, "every wedge"), *CHANGES[change], within(closure))


def test_a_sector_in_two_halves_is_one_sector() -> None:
    """Sales, entry and skills of each half move as those of the whole: all closures at once."""
    take, part = np.array([0, 0, 1, 2]), np.array([0.5, 0.5, 1.0, 1.0])
    split = lambda *c: sectors_as(*c, take, part)
    invariant(case("all at once", "every wedge"), split, ALL, take, SOLVED)


def test_a_country_in_two_halves_is_one_country() -> None:
    """The halves trade with one another as the whole did with itself: true wherever home is an
    origin like the others, so of all closures but nests."""
    take, part = np.array([0, 1, 1, 2, 3, 4]), np.array([1.0, 0.5, 0.5, 1.0, 1.0, 1.0])
    world, shock, rules, _ = case("all at once", "every wedge")
    rules = replace(rules, nests=None)
    split = lambda *c: countries_as(*c, take, part)
    invariant((world, shock, rules, solved(world, shock, rules)), split, take, ALL, SOLVED)


# --- Conservation -------------------------------------------------------------------------------


@pytest.mark.parametrize("closure", CLOSURES)
def test_what_is_earned_is_spent(closure: str) -> None:
    """Walras: purchases reach producers, treasuries or holders of rents, value added is income."""
    world, _, rules, found = case(closure, "every wedge")
    close = functools.partial(np.testing.assert_allclose, rtol=1e-9)
    got = found.trade.sum() + found.tariff_revenue.sum() + found.rents.sum()
    np.testing.assert_allclose(found.purchases.sum(), got, rtol=1e-12)
    share = jnp.zeros(3) if rules.profit_share is None else rules.profit_share
    profit = jnp.minimum(share[None, :], world.value_added_share)
    close(found.profit, (profit * found.output).sum(axis=1), atol=1e-12)
    wage_bill = found.labour_income_hat * ((world.value_added_share - profit) * world.output).sum(
        axis=1
    )
    close(wage_bill + found.profit, (world.value_added_share * found.output).sum(axis=1))
    close((wage_bill + found.profit).sum(), world.value_added.sum())
    earned = wage_bill + found.profit + found.tariff_revenue + found.rents
    close(found.income, earned + found.deficit)
    inputs = jnp.einsum("nks,ns->nk", world.input_share, found.output)
    close(found.expenditure, world.final_share * found.income[:, None] + inputs)
    close(found.expenditure_share.sum(axis=0), 1.0)


@pytest.mark.parametrize("closure", CLOSURES)
def test_deficits_are_what_the_closure_says(closure: str) -> None:
    """They are paid for by trade, at the prices that origins receive, and the world's are zero."""
    world, shock, rules, found = case(closure, "every wedge")
    one = float(world.value_added.sum())
    assert abs(float(found.deficit.sum())) < 1e-12 * one
    remitted = found.trade * shock.remitted
    paid = remitted.sum(axis=(0, 2)) - remitted.sum(axis=(1, 2))
    np.testing.assert_allclose(paid, found.deficit, atol=1e-9 * one)
    if rules.deficits == "removed":
        np.testing.assert_array_equal(found.deficit, 0.0)
    elif rules.deficits == "fixed":
        np.testing.assert_allclose(found.deficit, world.deficit, rtol=1e-12)
    elif rules.deficits == "saving":
        owed, lent = world.deficit > 0, world.deficit < 0
        earned = lambda where: where.income - where.deficit
        saved = lambda where: (-where.deficit / earned(where))[lent]
        np.testing.assert_allclose(saved(found), saved(world), rtol=1e-12)
        part = lambda deficit: deficit[owed] / deficit[owed].sum()
        np.testing.assert_allclose(part(found.deficit), part(world.deficit), rtol=1e-12)
        assert abs(found.deficit / world.deficit - 1).max() > 1e-4
    else:
        ratio = found.income / (found.income - found.deficit)
        before = world.income / (world.income - world.deficit)
        np.testing.assert_allclose(ratio / ratio[0], before / before[0], rtol=1e-12)


# --- Nesting ------------------------------------------------------------------------------------


def _groups(theta: jax.Array, alone: float) -> Closure:
    """One country alone in its group, with this multiple of the sector's elasticity inside."""
    member = np.zeros((2, 5, 3))
    member[0], member[:, 2] = 1.0, [[0.0] * 3, [1.0] * 3]
    return Closure(nests=Nests(0.5 * theta, jnp.asarray(member), jnp.stack([theta, alone * theta])))


def _swapped(theta: jax.Array) -> Closure:
    turned = nests(theta)
    return Closure(
        nests=Nests(turned.home_elasticity, turned.member[::-1], turned.elasticity[::-1])
    )


def floating(lowest: float) -> WageFloor:
    return replace(wage_floor(lowest), pegged=jnp.zeros(5))


def _neutral(theta: jax.Array) -> Closure:
    zero = jnp.zeros_like(theta)
    return Closure(number(0.0), zero, zero, uniform_nests(theta))


TEXTBOOK = lambda theta: Closure()
# Two closures that are the same model, and whether only where trade is balanced.
SAME = {
    "labour that moves freely": (TEXTBOOK, lambda theta: Closure(labour_immobility=number(0.0)), False),
    "constant returns": (TEXTBOOK, lambda theta: Closure(scale=jnp.zeros(3)), False),
    "no answer of labour to its wage": (TEXTBOOK, lambda theta: Closure(labour_supply=number(0.0)), False),
    "a floor that no wage comes near": (TEXTBOOK, lambda theta: Closure(wage_floor=wage_floor(0.01)), False),
    "a floor under one wage that floats with it": (TEXTBOOK, lambda theta: Closure(wage_floor=floating(1.0)), False),
    "no profit": (TEXTBOOK, lambda theta: Closure(profit_share=jnp.zeros(3)), False),
    "one elasticity at every level": (TEXTBOOK, lambda theta: Closure(nests=uniform_nests(theta)), False),
    "a group of one country": (lambda theta: _groups(theta, 1.0), lambda theta: _groups(theta, 3.0), False),
    "groups in another order": (lambda theta: Closure(nests=nests(theta)), _swapped, False),
    "no deficits in proportion": (TEXTBOOK, lambda theta: Closure(deficits="proportional"), True),
    "nobody lends": (TEXTBOOK, lambda theta: Closure(deficits="saving"), True),
    "no deficits to remove": (TEXTBOOK, lambda theta: Closure(deficits="removed"), True),
    "all of it at neutral values": (TEXTBOOK, _neutral, False),
}  # fmt: skip


@pytest.mark.parametrize("pair", SAME)
def test_nested_closures_are_the_same_model(pair: str) -> None:
    one, other, balanced = SAME[pair]
    world = balanced_world() if balanced else economy(0)
    shock = every_wedge(world)
    if pair == "a group of one country":
        # A shift of taste is among close substitutes, so it depends on the elasticity inside.
        shock = replace(shock, taste_hat=jnp.ones_like(world.trade))
    theta = world.trade_elasticity
    same(solved(world, shock, one(theta)), solved(world, shock, other(theta)))


@pytest.mark.parametrize(
    "closure", ["labour tied", "labour half tied", "scale, free entry", "fixed entry"]
)
def test_one_sector_is_armington_whatever_the_market_structure(closure: str) -> None:
    """Arkolakis, Costinot and Rodriguez-Clare (2012), section 3: with one sector and no inputs,
    Krugman (1980) is Armington with the same trade elasticity. Labour has nowhere to move to, with
    inputs too; scale and profits would change what an input costs."""
    many = economy(1, inputs=closure.startswith("labour"))
    shares = many.input_share[:, :1, :1]
    world = Economy(many.trade[..., :1], many.tariff[..., :1], shares, many.trade_elasticity[:1])
    shock = jax.tree.map(lambda a: a[..., :1], every_wedge(many))
    rules = jax.tree.map(lambda a: a[:1] if a.ndim else a, closure_of(closure, many))
    plain, found = solved(world, shock), solved(world, shock, rules)
    np.testing.assert_allclose(welfare_hat(world, found), welfare_hat(world, plain), rtol=SOLVED)
    np.testing.assert_allclose(
        found.expenditure_share, plain.expenditure_share, rtol=FLOWS, atol=1e-12
    )


def test_firms_do_not_enter_where_labour_is_tied_and_nothing_else_is_used() -> None:
    """Sales over cost are the labour of the sector, which cannot change: no scale effects."""
    world = economy(0, inputs=False)
    tied = lambda scale: Closure(labour_immobility=number(1.0), scale=scale)
    shock = every_wedge(world)
    constant, entry = (solved(world, shock, tied(s)) for s in (jnp.zeros(3), jnp.ones(3)))
    same(constant, entry)


# --- Closed forms -------------------------------------------------------------------------------


@pytest.mark.parametrize("closure", CLOSURES)
def test_autarky_is_the_closed_form(closure: str) -> None:
    world = balanced_world()
    rules = closure_of(closure, world)
    # With free entry, which sectors of the others close decides how hard the search is.
    # Where nothing is traded nothing says what a pegged currency is worth.
    alone = {"scale, free entry": (0, 4), "idle labour": (0, 2, 3)}
    for n in alone.get(closure, range(5)):
        found = solve(world, autarky(world, n), rules)
        assert status(found) is Status.SOLVED
        gain = float(welfare_hat(world, found)[n])
        assert gain == pytest.approx(in_autarky(world, rules, n), rel=within(closure))


@pytest.mark.parametrize("closure", ["labour tied", "labour half tied", "all at once"])
def test_workers_choose_between_sectors_as_frechet_skills_say(closure: str) -> None:
    """Galle, Rodriguez-Clare and Yi (2023), eq. 3 and 5: a country's wage is the power mean of its
    sectors', and a sector's part of the wage bill moves with its wage to the power kappa."""
    world, _, rules, found = case(closure, "every wedge")
    kappa = 1.0 / float(rules.labour_immobility)
    profit = jnp.zeros(3) if rules.profit_share is None else rules.profit_share
    labour = world.value_added_share - jnp.minimum(profit[None, :], world.value_added_share)
    part = lambda output: (labour * output) / (labour * output).sum(axis=1, keepdims=True)
    before, after = part(world.output), part(found.output)
    relative = found.sector_wage_hat / found.labour_income_hat[:, None]
    np.testing.assert_allclose((before * relative**kappa).sum(axis=1), 1.0, rtol=SOLVED)
    np.testing.assert_allclose(after / before, relative**kappa, rtol=SOLVED)


# --- Tastes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("closure", STRUCTURES)
def test_liking_everything_more_changes_nothing(closure: str) -> None:
    """A quality of 1.3 of every origin, home included, at the power of each leaf's elasticity."""
    world, random = economy(0), np.random.default_rng(3)
    rules = closure_of(closure, world)
    elasticity = np.broadcast_to(np.asarray(world.trade_elasticity), (5, 5, 3)).copy()
    if rules.nests is not None:
        elasticity[:] = np.asarray(rules.nests.within)[:, None, :]
        elasticity[np.arange(5), np.arange(5)] = np.asarray(rules.nests.home_elasticity)
    quality = random.uniform(0.8, 1.3, size=(1, 5, 3))
    # Without the certificate, which leaves out tastes for home under nests.
    found = solve(world, only(world, taste_hat=quality**elasticity), rules)
    assert status(found) is Status.SOLVED
    plain = solved(world, only(world), rules)
    same(plain, found)


@pytest.mark.parametrize("closure", ["textbook", "nests"])
def test_a_shift_of_taste_is_a_loss_at_old_tastes_of_second_order(closure: str) -> None:
    """Envelope: buyers leave their old optimum, at the same costs. A price at the new tastes would
    fall or rise with the first order of the shift."""
    gaps = []
    for size in (0.05, 0.1):
        world = economy(0)
        taste = np.exp(size * np.random.default_rng(7).normal(size=(5, 5, 3)))
        rules = closure_of(closure, world)
        found = solve(world, only(world, taste_hat=taste), rules)
        assert status(found) is Status.SOLVED
        gaps.append(np.log(np.asarray(found.price_hat)) - log_price_index(world, rules, found))
    assert (gaps[0] > 0).all() and (gaps[1] > 0).all()
    # Within the third order of a shift of a tenth.
    np.testing.assert_allclose(gaps[1] / gaps[0], 4.0, rtol=0.15)


@pytest.mark.parametrize("closure", ["nests", "all at once"])
def test_certified_where_tastes_for_home_shift(closure: str) -> None:
    world = economy(0)
    taste = np.ones((5, 5, 3))
    taste[2, 2] = 1.3
    solved(world, only(world, taste_hat=taste), closure_of(closure, world))


# --- Two routes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "closure", [name for name in CLOSURES if name not in ("scale, free entry", "idle labour")]
)
def test_one_shock_after_another_is_both_at_once(closure: str) -> None:
    """The world after a shock is a baseline like any other: shares, nests, entry and horizon carry
    over. One that kept the shares of the first baseline somewhere would not. With free entry a
    sector may close down between the two, and a baseline does not know how far from opening; nor
    how far below full employment a floor under wages has left it."""
    world = balanced_world() if closure == "deficits removed" else economy(0)
    rules = closure_of(closure, world)
    first, both = costs(world, 8), costs(world, 9)
    first, both = (
        only(world, tariff=s.tariff, trade_cost_hat=s.trade_cost_hat**0.5) for s in (first, both)
    )
    one = solved(world, first, rules)
    between = eqx.tree_at(lambda w: (w.trade, w.tariff), world, (one.trade, first.tariff))
    rest = replace(both, trade_cost_hat=both.trade_cost_hat / first.trade_cost_hat)
    two, direct = solved(between, rest, rules), solved(world, both, rules)
    tolerance = 10 * within(closure)
    np.testing.assert_allclose(
        one.labour_income_hat * two.labour_income_hat, direct.labour_income_hat, rtol=tolerance
    )
    np.testing.assert_allclose(one.price_hat * two.price_hat, direct.price_hat, rtol=tolerance)
    chained = welfare_hat(world, one) * welfare_hat(between, two)
    np.testing.assert_allclose(chained, welfare_hat(world, direct), rtol=tolerance)


def test_deficits_removed_before_a_shock_or_with_it() -> None:
    """Caliendo and Parro (2015) and Ossa (2014) remove them first; the world after is the same."""
    world, removed = economy(0), closure_of("deficits removed", economy(0))
    shock = every_wedge(world)
    before = without_deficits(world)
    np.testing.assert_allclose(before.deficit, 0.0, atol=1e-9 * float(world.value_added.sum()))
    together, after = solved(world, shock, removed), solved(before, shock)
    np.testing.assert_allclose(after.trade, together.trade, rtol=FLOWS)
    np.testing.assert_allclose(after.income, together.income, rtol=SOLVED)


# --- Bans ---------------------------------------------------------------------------------------


def opened(world: Economy, part: float) -> Shock:
    return replace(only(world), opened=jnp.full(world.trade.shape, part))


@pytest.mark.parametrize("closure", ["textbook", "labour half tied", "nests", "all at once"])
def test_a_ban_lifted_and_set_again_is_no_change(closure: str) -> None:
    world = with_bans()
    rules = closure_of(closure, world)
    assert int(solved(world, opened(world, 0.0), rules).steps) == 1
    there = solved(world, opened(world, 1.0), rules)
    assert all(float(there.trade[place]) > 0 for place in HIDDEN)
    free = Economy(there.trade, world.tariff, world.input_share, world.trade_elasticity)
    back = solved(free, prohibited(free, *HIDDEN), rules)
    np.testing.assert_allclose(back.labour_income_hat * there.labour_income_hat, 1.0, rtol=SOLVED)
    np.testing.assert_allclose(back.price_hat * there.price_hat, 1.0, rtol=SOLVED)
    np.testing.assert_allclose(back.trade, world.trade, rtol=FLOWS)


@pytest.mark.parametrize("part", [0.0, None])
def test_a_group_that_a_ban_hides_whole_changes_nothing_while_it_is_hidden(part) -> None:
    world = with_bans((0, 3, 0), (2, 3, 0))
    shock = only(world) if part is None else opened(world, part)
    assert int(solved(world, shock, closure_of("nests", world)).steps) == 1


@pytest.mark.parametrize("closure", ["textbook", "nests", "all at once"])
def test_a_prohibition_is_the_limit_of_a_cost(closure: str) -> None:
    """Of a whole group of close substitutes, then of all that is foreign in one sector."""
    for origins in ([0, 2], [0, 1, 2, 4]):
        world = balanced_world()
        rules = closure_of(closure, world)
        banned = solved(world, prohibited(world, (origins, 3, 0)), rules)
        cost = np.ones(world.trade.shape)
        cost[origins, 3, 0] = PROHIBITIVE
        assert float(jnp.abs(banned.trade[np.array(origins), 3, 0]).max()) == 0.0
        same(solved(world, only(world, trade_cost_hat=cost), rules), banned)


def test_a_product_that_nobody_may_sell_is_not_a_solution() -> None:
    """Its price is infinite: a status must say so, not an answer with a gain of a third."""
    world = economy(0)
    assert status(solve(world, prohibited(world, (slice(None), 3, 0)))) is not Status.SOLVED
