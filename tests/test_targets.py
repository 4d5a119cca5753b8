"""Wedges found for quantities: against closed forms, another search, differences and a new solve."""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array
from scipy.optimize import root_scalar

from detente.closure import Closure
from detente.equilibrium import Keeper, KEEPERS, seek, solve, Wedged
from detente.equilibrium.targets import Sought
from detente.world import Economy, Shock

from .closures import closure_of, FLOWS, SOLVED
from .worlds import economy


KEPT = jnp.array([0.5, 1.3])
# The quantity under a wedge that is played anew, relative.
AGAIN = 1e-9
# Wedges of solutions to 1e-10, over twice this step: what the difference leaves is curvature.
STEP, DIFFERENCES = 1e-4, 1e-6
# Forward and reverse solve one linear system and its transpose, each to 1e-10.
TRANSPOSED = 1e-8
CLOSURES = ("textbook", "all at once")


def cells() -> np.ndarray:
    """Two wedges, the second on two flows."""
    on = np.zeros((2, 5, 5, 3))
    on[0, 0, 1, 0] = on[1, 1, 0, 1] = on[1, 1, 0, 2] = 1.0
    return on


def wedged(keeper: Keeper = "nobody", closure: Closure | None = None) -> Wedged:
    world = economy(6)
    return Wedged.of(world, Shock.none(world), closure or Closure(), cells(), keeper)


def before(world: Wedged) -> Array:
    return jnp.einsum("wods,ods->w", world.cells, world.economy.trade)


def wedges_for(kept: Array, world: Wedged) -> Array:
    wanted = jnp.log(kept) + jnp.log(before(world))
    return seek(world.log_shipped, wanted, world.at_given_prices(jnp.log(kept))).log_wedge


def by_hand(keeper: Keeper, world: Economy, wedge: np.ndarray) -> Shock:
    """The shock of the wedge as a policy would write it, in the structure that the search has."""
    none, flat = Shock.none(world), jnp.zeros_like(world.trade)
    none = replace(none, rationing=flat, rent_to_importer=flat, taste_hat=flat + 1)
    if keeper == "nobody":
        return replace(none, trade_cost_hat=jnp.exp(wedge))
    if keeper == "treasury":
        return replace(none, tariff=(1 + world.tariff) * jnp.exp(wedge) - 1)
    if keeper == "taste":
        theta = np.broadcast_to(world.trade_elasticity, wedge.shape)
        return replace(none, taste_hat=jnp.exp(-wedge * theta))
    return replace(
        none, rationing=jnp.expm1(wedge), rent_to_importer=flat + float(keeper == "importer")
    )


@pytest.mark.parametrize("closure", CLOSURES)
@pytest.mark.parametrize("keeper", KEEPERS)
def test_the_wedge_leaves_what_was_wanted(keeper: Keeper, closure: str) -> None:
    """Played anew, as another shock, by who knows nothing of the search."""
    world = wedged(keeper, closure_of(closure, economy(6)))
    found = wedges_for(KEPT, world)
    assert found[0] > 0 > found[1]
    wedge = np.einsum("w,wods->ods", np.asarray(found), cells())
    after = solve(world.economy, by_hand(keeper, world.economy, wedge), world.closure)
    quantity = np.asarray(after.trade / after.unit_cost_hat[:, None, :])
    left = np.einsum("wods,ods->w", cells(), quantity) / np.asarray(before(world))
    np.testing.assert_allclose(left, KEPT, rtol=AGAIN)


@pytest.mark.parametrize("keeper", KEEPERS)
def test_a_flow_that_nothing_depends_on_has_its_closed_form(keeper: Keeper) -> None:
    """Where no price moves the fall is the mark-up to the power of the elasticity, and of one more
    where the mark-up is paid."""
    whole = economy(6)
    small = eqx.tree_at(
        lambda one: one.trade, whole, whole.trade * (1 - (1 - 1e-9) * cells().sum(0))
    )
    world = Wedged.of(small, Shock.none(small), Closure(), cells(), keeper)
    world = replace(world, cells=world.cells.at[1, 1, 0, 2].set(0.0))
    theta = np.array([5.0, 8.0]) + (keeper not in ("nobody", "taste"))
    np.testing.assert_allclose(wedges_for(KEPT, world), -np.log(KEPT) / theta, rtol=FLOWS)


def test_another_search_finds_the_same() -> None:
    world = wedged("importer")
    world = replace(world, cells=world.cells[1:])

    def missed(wedge: float) -> float:
        log_left = world.log_shipped(jnp.array([wedge])) - jnp.log(before(world))
        return float(log_left[0]) - np.log(0.3)

    root = root_scalar(missed, x0=0.1, x1=0.2, method="secant", xtol=1e-13).root
    np.testing.assert_allclose(wedges_for(jnp.array([0.3]), world), [root], rtol=SOLVED)


def test_derivatives_are_those_of_differences() -> None:
    """Of the wedges to their targets and to what the world is made of, forward and reverse."""
    world = wedged("exporter")

    def found(point: Array) -> Array:
        other = eqx.tree_at(lambda one: one.economy.trade_elasticity, world, point[2:])
        return wedges_for(jnp.exp(point[:2]), other)

    point = jnp.concatenate([jnp.log(KEPT), world.economy.trade_elasticity])
    forward, reverse = jax.jacfwd(found)(point), jax.jacrev(found)(point)
    np.testing.assert_allclose(forward, reverse, rtol=TRANSPOSED, atol=1e-12)
    moves = STEP * np.eye(len(point))
    slopes = [(found(point + move) - found(point - move)) / (2 * STEP) for move in moves]
    np.testing.assert_allclose(forward, np.transpose(slopes), rtol=DIFFERENCES, atol=1e-8)


def test_draws_side_by_side_are_each_alone() -> None:
    world = wedged()
    draws = world.economy.trade_elasticity[None] * jnp.array([[0.8], [1.0], [1.4]])

    def found(theta: Array) -> Array:
        return wedges_for(KEPT, eqx.tree_at(lambda one: one.economy.trade_elasticity, world, theta))

    together = jax.vmap(found)(draws)
    np.testing.assert_allclose(together, [found(one) for one in draws], atol=SOLVED)


def test_the_smallest_wedges_are_zero_where_none_is_needed() -> None:
    """What is below its target without a wedge has none, and its target moves nothing."""
    world = wedged("treasury")

    def found(log_kept: Array) -> Array:
        wanted = log_kept + jnp.log(before(world))
        return seek(world.log_shipped, wanted, jnp.zeros(2), at_most=True).log_wedge

    met = found(jnp.log(KEPT))
    assert met[0] > 0 and met[1] == 0
    alone = replace(world, cells=world.cells[:1])
    np.testing.assert_allclose(met[:1], wedges_for(KEPT[:1], alone), rtol=SOLVED)
    slope = jax.jacrev(found)(jnp.log(KEPT))
    assert slope[0, 0] < 0 and not slope[1].any() and slope[0, 1] == 0


class Unmoved(eqx.Module):
    """Quantities that no wedge moves."""

    seen: Array

    def __call__(self, wedge: Array) -> Array:
        return self.seen + 0.0 * wedge


def test_what_cannot_be_found_is_said() -> None:
    """A flow that is prohibited, one that would be more than all that is spent, and one that no
    wedge moves: never a number without its miss, nor an error inside of a batch."""
    world = wedged()
    wanted = jnp.log(before(world))
    banned = eqx.tree_at(lambda one: one.shock.allowed, world, 1.0 - world.cells[0])
    for held, goal in ((banned, wanted), (world, wanted + jnp.array([0.0, 12.0]))):
        sought = seek(held.log_shipped, goal, jnp.zeros(2))
        assert not sought.found
    sought = seek(Unmoved(wanted), wanted + 1.0, jnp.zeros(2))
    assert not sought.found and sought.missed == pytest.approx(1.0)


def test_how_near_a_search_came_is_never_not_a_number() -> None:
    near, nowhere = (Sought(jnp.zeros(1), jnp.array(missed)) for missed in (0.25, jnp.nan))
    assert near.nearest == "the nearest misses it by 2.5e-01 in logs" and not near.found
    assert nowhere.nearest == "no equilibrium was found where the search began"
    assert not nowhere.found
