"""Anderson acceleration of a fixed point, with a stopping rule that the map itself gives.

Walker and Ni (2011), "Anderson acceleration for fixed-point iterations", SIAM Journal on Numerical
Analysis 49(4), in the difference form of their section 2, with the least-squares problem solved in
its scaled normal equations. Libraries that bring the loop trace the map several times, and that is
most of what a first solve costs: here it is traced once.
"""

from collections.abc import Callable
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Bool, Float, Int, PyTree


# Relative size below which a direction of the history is noise and is left out.
_CUTOFF = 1e-13

Map = Callable[[Any], tuple[Any, Float[Array, ""]]]
"""Where a point goes, and how far that point is from one that stays, in the map's own units."""


class FixedPoint(eqx.Module):
    """The end of a search: the point, how far it or the one before it was off, and the steps."""

    value: PyTree[Array]
    residual: Float[Array, ""]
    """Of `value` where it is within the tolerance; else of the last point that was tried."""
    steps: Int[Array, ""]


class _History(eqx.Module):
    """What the next step needs: the last point, its change under the map, differences before."""

    point: Float[Array, " x"]
    change: Float[Array, " x"]
    point_differences: Float[Array, "m x"]
    change_differences: Float[Array, "m x"]
    products: Float[Array, "m m"]
    """Of the differences of the change with one another."""
    along: Float[Array, " m"]
    """Products of those differences with the change itself."""
    count: Int[Array, ""]
    residual: Float[Array, ""]


def fixed_point(
    improved: Map,
    start: PyTree[Array],
    *,
    tolerance: float | Float[Array, ""],
    max_steps: int,
    memory: int = 10,
) -> FixedPoint:
    """Where `improved` leaves a point as it is, from `start`; never raises.

    The residual that the map gives decides when to stop, never the size of a step. Within the
    tolerance the point is the one that was measured. Has no derivatives: see `differentiable`.
    """
    first, unravel = ravel_pytree(start)

    def unfinished(now: tuple[Float[Array, " x"], _History]) -> Bool[Array, ""]:
        state = now[1]
        going = (state.residual > tolerance) & jnp.isfinite(state.residual)
        return ((state.count == 0) | going) & (state.count < max_steps)

    def step(now: tuple[Float[Array, " x"], _History]) -> tuple[Float[Array, " x"], _History]:
        point, state = now
        mapped, residual = improved(unravel(point))
        change = ravel_pytree(mapped)[0] - point
        state = _remember(state, point, change, residual, memory)
        solved = residual <= tolerance
        return jnp.where(solved, point, point + _accelerated(state)), state

    point, state = jax.lax.while_loop(unfinished, step, (first, _no_history(first, memory)))
    return FixedPoint(unravel(point), state.residual, state.count)


def _no_history(point: Float[Array, " x"], memory: int) -> _History:
    history = jnp.zeros((memory, point.size))
    return _History(
        point=point,
        change=jnp.zeros_like(point),
        point_differences=history,
        change_differences=history,
        products=jnp.zeros((memory, memory)),
        along=jnp.zeros(memory),
        count=jnp.array(0),
        residual=jnp.array(jnp.inf),
    )


def _remember(
    state: _History,
    point: Float[Array, " x"],
    change: Float[Array, " x"],
    residual: Float[Array, ""],
    memory: int,
) -> _History:
    """Put the newest differences in place of the oldest ones; one pass over the history."""
    slot = (state.count - 1) % memory
    new = lambda now, before: jnp.where(state.count > 0, now - before, 0.0)
    difference = new(change, state.change)
    differences = state.change_differences.at[slot].set(difference)
    products = differences @ jnp.stack([difference, change], axis=1)
    gram = state.products.at[slot, :].set(products[:, 0]).at[:, slot].set(products[:, 0])
    return _History(
        point=point,
        change=change,
        point_differences=state.point_differences.at[slot].set(new(point, state.point)),
        change_differences=differences,
        products=gram,
        along=products[:, 1],
        count=state.count + 1,
        residual=residual,
    )


def _accelerated(state: _History) -> Float[Array, " x"]:
    """The step that would cancel the change if the map were linear over the history."""
    lengths = jnp.sqrt(jnp.diagonal(state.products))
    scale = jnp.where(lengths > 0, 1.0 / jnp.where(lengths > 0, lengths, 1.0), 0.0)
    values, vectors = jnp.linalg.eigh(scale[:, None] * state.products * scale[None, :])
    usable = values > _CUTOFF * values[-1]
    inverse = jnp.where(usable, 1.0 / jnp.where(usable, values, 1.0), 0.0)
    weights = scale * (vectors @ (inverse * (vectors.T @ (scale * state.along))))
    return state.change - weights @ state.point_differences - weights @ state.change_differences
