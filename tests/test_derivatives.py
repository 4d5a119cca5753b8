"""Derivatives by the implicit function theorem: against differences, one another and envelopes.

Every closure but the textbook is filled up with neutral values (`filled`), which `test_closures`
shows to be the same model: one compiled program then serves them all.
"""

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from detente.closure import Closure
from detente.equilibrium import solve, welfare_hat
from detente.world import Economy, Shock

from .closures import (
    balanced_world,
    closure_of,
    every_wedge,
    number,
    only,
    prohibited,
    solved,
    uniform_nests,
    wage_floor,
    with_bans,
)
from .worlds import economy


# Solutions are solved to 1e-10; what is left of a six-point difference over this step is a few
# 1e-7 of curvature and of their errors.
STEP, DIFFERENCES = 1e-2, 1e-6
# Forward and reverse solve one linear system and its transpose, each to 1e-10.
TRANSPOSED = 1e-8

Point = tuple[Economy, Shock, Closure]


def filled(closure: Closure, theta: jax.Array) -> Closure:
    """What the closure leaves out, at the value that changes nothing."""
    given = lambda value, neutral: neutral if value is None else value
    zero = jnp.zeros_like(theta)
    return replace(
        closure,
        labour_immobility=given(closure.labour_immobility, number(0.0)),
        scale=given(closure.scale, zero),
        profit_share=given(closure.profit_share, zero),
        nests=given(closure.nests, uniform_nests(theta)),
        labour_supply=given(closure.labour_supply, number(0.0)),
        wage_floor=given(closure.wage_floor, wage_floor(0.01)),
    )


CLOSURES = (
    "textbook",
    "labour tied",
    "labour half tied",
    "scale",
    "fixed entry",
    "nests",
    "idle labour",
    "all at once",
)


def rules_of(closure: str, world: Economy) -> Closure:
    rules = closure_of(closure, world)
    if closure == "idle labour":
        # Far from the wage at which a floor begins to bind, where there is no derivative.
        rules = replace(rules, wage_floor=wage_floor(0.01, 3.0, 0.01, 3.0, 0.01))
    return rules if closure == "textbook" else filled(rules, world.trade_elasticity)


def outcomes(point: Point) -> dict[str, jax.Array]:
    world, shock, closure = point
    found = solve(world, shock, closure)
    flows = jnp.where(found.trade > 0, found.trade, 1.0)
    return {
        "welfare": jnp.log(welfare_hat(world, found)),
        "wage": jnp.log(found.sector_wage_hat),
        "price": jnp.log(found.price_hat),
        "trade": jnp.log(flows),
        "rents": found.rents / world.income,
    }


@eqx.filter_jit
def forward(point: Point, direction) -> tuple[dict[str, jax.Array], dict[str, jax.Array]]:
    """Outcomes, and their derivative in one direction."""
    inputs, rest = eqx.partition(point, eqx.is_inexact_array)
    return jax.jvp(lambda moved: outcomes(eqx.combine(moved, rest)), (inputs,), (direction,))


@eqx.filter_jit
def reverse(point: Point, weights: dict[str, jax.Array]) -> Point:
    """The derivative of the weighted outcomes to all that goes in."""
    inputs, rest = eqx.partition(point, eqx.is_inexact_array)
    return jax.vjp(lambda moved: outcomes(eqx.combine(moved, rest)), inputs)[1](weights)[0]


def moved(point: Point, direction: Point, size: float) -> Point:
    return jax.tree.map(lambda value, by: value + size * by, point, direction)


def central(at: Callable[[float], Any]) -> Any:
    """Six points, so that the step can be far above the tolerance of the solution."""
    pairs = [jax.tree.map(jnp.subtract, at(n * STEP), at(-n * STEP)) for n in (1, 2, 3)]
    return jax.tree.map(lambda a, b, c: (45 * a - 9 * b + c) / (60 * STEP), *pairs)


def difference(point: Point, direction: Point) -> dict[str, jax.Array]:
    nothing = jax.tree.map(jnp.zeros_like, point)
    return central(lambda size: forward(moved(point, direction, size), nothing)[0])


@functools.cache
def point_of(closure: str) -> Point:
    """Unbalanced, with tariffs, every wedge and two prohibited flows: nothing is at a neutral value
    where a derivative that is missing would be zero."""
    world = economy(0)
    return world, every_wedge(world), rules_of(closure, world)


def directions(point: Point) -> dict[str, Point]:
    """One random direction for each array that goes in, of the size of its values."""
    random = np.random.default_rng(11)
    paths, structure = jax.tree_util.tree_flatten_with_path(point)
    found = {}
    for k, (path, leaf) in enumerate(paths):
        # What is at a neutral zero everywhere is moved by a tenth.
        size = jnp.where(jnp.any(leaf != 0), 0.5 * leaf, 0.1)
        by = jnp.array(random.normal(size=leaf.shape), float) * size
        rows = [by if n == k else jnp.zeros_like(other) for n, (_, other) in enumerate(paths)]
        found[jax.tree_util.keystr(path)] = structure.unflatten(rows)
    return found


INPUTS = {
    "economy": ("[0].trade", "[0].tariff", "[0].input_share", "[0].trade_elasticity"),
    "shock": tuple(f"[1].{name}" for name in (
        "tariff", "trade_cost_hat", "allowed", "export_tax", "rationing", "rent_to_importer", "taste_hat")),
    "closure": ("[2].labour_immobility", "[2].scale", "[2].profit_share", "[2].nests.home_elasticity",
                "[2].nests.member", "[2].nests.elasticity", "[2].labour_supply",
                "[2].wage_floor.fall", "[2].wage_floor.years", "[2].wage_floor.pegged"),
}  # fmt: skip


@pytest.mark.parametrize("part", INPUTS)
@pytest.mark.parametrize("closure", CLOSURES)
def test_forward_is_the_central_difference(closure: str, part: str) -> None:
    """A term of an equation that is cut off from its input, or a solution whose residual is far
    enough from zero to show, gives another slope than the solutions beside it."""
    point = point_of(closure)
    along = directions(point)
    names = [name for name in INPUTS[part] if name in along]
    assert names or closure == "textbook"
    for name in names:
        _, slope = forward(point, along[name])
        expected = difference(point, along[name])
        for outcome, value in expected.items():
            size = max(float(jnp.abs(value).max()), 0.05)
            error = float(jnp.abs(slope[outcome] - value).max()) / size
            assert error < DIFFERENCES, (name, outcome, error)


def test_every_input_is_tried() -> None:
    """A wedge or setting that is new has a derivative to try."""
    assert set(directions(point_of("all at once"))) == {
        name for part in INPUTS.values() for name in part
    }


@pytest.mark.parametrize("closure", CLOSURES)
def test_reverse_is_the_transpose_of_forward(closure: str) -> None:
    point, random = point_of(closure), np.random.default_rng(12)
    value, _ = forward(point, jax.tree.map(jnp.zeros_like, point))
    weights = {k: jnp.asarray(random.normal(size=v.shape)) for k, v in value.items()}
    slopes = jax.tree.leaves(reverse(point, weights))
    for name, direction in directions(point).items():
        _, tangent = forward(point, direction)
        terms = [weights[k] * tangent[k] for k in value]
        size = sum(float(jnp.abs(term).sum()) for term in terms)
        ways = zip(slopes, jax.tree.leaves(direction), strict=True)
        back = sum(float((slope * by).sum()) for slope, by in ways)
        assert abs(sum(float(term.sum()) for term in terms) - back) <= TRANSPOSED * size, name


# Without distortions of the market's own: scale and fixed markups on inputs are such.
EFFICIENT = ("textbook", "labour tied", "labour half tied", "nests")


@pytest.mark.parametrize("closure", EFFICIENT)
def test_the_first_order_is_the_envelope(closure: str) -> None:
    """Hulten (1978): where nothing distorts, the world's welfare falls by the flow that a cost
    falls on, rises by the variety of it that is let in, and wedges and tastes only move it about.

    All flows at once in one reverse pass: a transposed one shows.
    """
    world = balanced_world(tariffs=False)
    rules = rules_of(closure, world)
    point = (world, only(world, rent_to_importer=np.full(world.trade.shape, 0.5)), rules)
    value, _ = forward(point, jax.tree.map(jnp.zeros_like, point))
    weights = jax.tree.map(jnp.zeros_like, value) | {"welfare": world.income}
    _, slope, _ = reverse(point, weights)
    close = functools.partial(
        np.testing.assert_allclose, rtol=1e-8, atol=1e-8 * float(world.income.min())
    )
    close(slope.trade_cost_hat, -world.trade)
    close(slope.allowed, world.trade / leaf_elasticity(world, rules))
    for name in ("tariff", "export_tax", "rationing", "rent_to_importer", "taste_hat"):
        close(getattr(slope, name), 0.0)


def leaf_elasticity(world: Economy, closure: Closure) -> np.ndarray:
    elasticity = np.broadcast_to(np.asarray(world.trade_elasticity), world.trade.shape).copy()
    if closure.nests is not None:
        elasticity[:] = np.asarray(closure.nests.within)[:, None, :]
        elasticity[np.arange(5), np.arange(5)] = np.asarray(closure.nests.home_elasticity)
    return elasticity


@pytest.mark.parametrize("closure", ["textbook", "nests", "all at once"])
def test_derivative_at_a_prohibition(closure: str) -> None:
    """What letting a little of a prohibited flow back in is worth; not zero and not undefined."""
    world = balanced_world()
    point = (world, prohibited(world, (0, 1, 0), (3, 2, 2)), rules_of(closure, world))
    back = jnp.zeros(world.trade.shape).at[0, 1, 0].set(1.0)
    nothing = jax.tree.map(jnp.zeros_like, point)
    direction = eqx.tree_at(lambda p: p[1].allowed, nothing, back)
    _, slope = forward(point, direction)
    expected = difference(point, direction)
    for name in ("welfare", "price", "wage"):
        np.testing.assert_allclose(slope[name], expected[name], atol=DIFFERENCES)
    assert float(jnp.abs(slope["price"]).max()) > 1e-3


@pytest.mark.parametrize("closure", ["textbook", "nests", "all at once"])
def test_derivatives_are_numbers_where_nothing_is_left(closure: str) -> None:
    """A group prohibited whole, and a country cut off: zeros under powers and logs, and a wage that
    no account pins down. Undefined values there spread to every other derivative."""
    world = balanced_world()
    away = np.array([0, 1, 3, 4])
    bans = (([0, 2], 3, 0), (away, 2), (2, away))
    point = (world, prohibited(world, *bans), rules_of(closure, world))
    solved(*point)
    value, _ = forward(point, jax.tree.map(jnp.zeros_like, point))
    weights = jax.tree.map(jnp.zeros_like, value) | {"welfare": jnp.ones(5)}
    slopes = reverse(point, weights)
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(slopes))
    # A country alone lives by what it makes: a home cost is a loss, a foreign one nothing.
    cost = slopes[1].trade_cost_hat
    assert float(cost[2, 2].max()) < -1e-2
    np.testing.assert_allclose(cost[2, away], 0.0, atol=1e-12)


def loss(world: Economy, shock: Shock) -> jax.Array:
    return (world.income * jnp.log(welfare_hat(world, solve(world, shock)))).sum()


@functools.cache
def batched_gradient():
    return jax.jit(jax.vmap(jax.grad(loss, argnums=1), in_axes=(None, 0)))


def stacked(*shocks: Shock) -> Shock:
    return jax.tree.map(lambda *rows: jnp.stack(rows), *shocks)


def test_a_batch_of_gradients_is_each_of_them() -> None:
    """Two routes; the members need different numbers of steps, one of them only one."""
    world = economy(0)
    shocks = every_wedge(world), prohibited(world, (0, 1), (1, 0)), only(world)
    found = batched_gradient()(world, stacked(*shocks))
    for n, shock in enumerate(shocks):
        point = (world, shock, Closure())
        value, _ = forward(point, jax.tree.map(jnp.zeros_like, point))
        weights = jax.tree.map(jnp.zeros_like, value) | {"welfare": world.income}
        _, alone, _ = reverse(point, weights)
        for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(alone), strict=True):
            np.testing.assert_allclose(a[n], b, rtol=1e-7, atol=1e-8 * float(jnp.abs(b).max()))


def test_a_member_without_a_solution_does_not_spoil_the_gradients_of_a_batch() -> None:
    world = economy(0)
    good = every_wedge(world)
    bad = replace(good, trade_cost_hat=jnp.zeros_like(good.trade_cost_hat))
    found = batched_gradient()(world, stacked(good, bad, good))
    alone = batched_gradient()(world, stacked(good, good, good))
    for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(alone), strict=True):
        np.testing.assert_allclose(a[0], b[0], rtol=1e-7, atol=1e-9)
        np.testing.assert_allclose(a[2], b[2], rtol=1e-7, atol=1e-9)


def test_second_derivative_is_the_difference_of_first_ones() -> None:
    """Forward over reverse: the linear systems are themselves differentiated."""
    world = economy(0)
    shock, by = every_wedge(world), jax.tree.map(jnp.zeros_like, every_wedge(world))
    random = np.random.default_rng(13)
    by = replace(by, tariff=jnp.asarray(random.normal(scale=0.3, size=world.trade.shape)))
    gradient = jax.jit(jax.grad(loss, argnums=1))
    _, curvature = jax.jit(
        lambda at: jax.jvp(lambda moved: jax.grad(loss, argnums=1)(world, moved), (at,), (by,))
    )(shock)
    expected = central(lambda size: gradient(world, moved(shock, by, size)).tariff)
    size = float(jnp.abs(expected).max())
    np.testing.assert_allclose(curvature.tariff, expected, rtol=1e-5, atol=1e-6 * size)


def test_derivative_to_what_a_ban_hides() -> None:
    """Potential flows carry derivatives too: of how much is let in, and of how much there is."""
    world = with_bans()
    shock = replace(only(world), opened=jnp.full(world.trade.shape, 0.5))

    def worth(part: jax.Array, size: jax.Array) -> jax.Array:
        hidden = world.trade + size * (world.potential_trade - world.trade)
        moved_world = eqx.tree_at(lambda w: w.potential_trade, world, hidden)
        return loss(moved_world, replace(shock, opened=part * jnp.ones_like(world.trade)))

    value = jax.jit(worth)
    slopes = jax.jit(jax.grad(worth, argnums=(0, 1)))(number(0.5), number(1.0))
    at = lambda part, size: value(jnp.asarray(part), jnp.asarray(size))
    expected = central(lambda h: at(0.5 + h, 1.0)), central(lambda h: at(0.5, 1.0 + h))
    np.testing.assert_allclose(slopes, expected, rtol=DIFFERENCES)
    # Half of what is hidden: opening it by a little is twice what as much more of it is worth.
    assert float(slopes[0]) == pytest.approx(2 * float(slopes[1]), rel=1e-7)
