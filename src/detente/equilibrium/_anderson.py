"""Anderson acceleration as a fixed-point solver of optimistix, which has only the loop.

Walker and Ni (2011), "Anderson acceleration for fixed-point iterations", SIAM Journal on Numerical
Analysis 49(4), in the difference form of their section 2, with the least-squares problem solved in
its scaled normal equations.
"""

from typing import Any

import equinox as eqx
import jax.numpy as jnp
import optimistix as optx
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Bool, Float, Int, PyTree


# Relative size below which a direction of the history is noise and is left out.
_CUTOFF = 1e-13


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


class AndersonAcceleration(optx.AbstractFixedPointSolver):
    """Accelerates `y -> fn(y)`, whose auxiliary output is the residual that decides when to stop.

    The function says how far the point it was given is from a solution, in its own relative units,
    so that the stopping rule is never the size of a step.
    """

    tolerance: float
    memory: int = 10
    # The interface of optimistix asks for both; the residual replaces them.
    rtol: float = 0.0
    atol: float = 0.0
    norm: Any = optx.max_norm

    def init(self, fn, y, args, options, f_struct, aux_struct, tags) -> _History:
        del fn, args, options, f_struct, aux_struct, tags
        point, _ = ravel_pytree(y)
        history = jnp.zeros((self.memory, point.size))
        return _History(
            point=point,
            change=jnp.zeros_like(point),
            point_differences=history,
            change_differences=history,
            products=jnp.zeros((self.memory, self.memory)),
            along=jnp.zeros(self.memory),
            count=jnp.array(0),
            residual=jnp.array(jnp.inf),
        )

    def step(self, fn, y, args, options, state: _History, tags) -> tuple[PyTree, _History, PyTree]:
        del options, tags
        mapped, residual = fn(y, args)
        point, unravel = ravel_pytree(y)
        change = ravel_pytree(mapped)[0] - point
        state = _remember(state, point, change, residual, self.memory)
        solved = residual <= self.tolerance
        moved = jnp.where(solved, point, point + _accelerated(state))
        return unravel(moved), state, residual

    def terminate(self, fn, y, args, options, state: _History, tags) -> tuple[Bool[Array, ""], Any]:
        del fn, y, args, options, tags
        started = state.count > 0
        broken = started & ~jnp.isfinite(state.residual)
        result = optx.RESULTS.where(broken, optx.RESULTS.nonfinite, optx.RESULTS.successful)
        return broken | (state.residual <= self.tolerance), result

    def postprocess(  # noqa: PLR0913  (the signature is optimistix's)
        self, fn, y, aux, args, options, state, tags, result
    ) -> tuple[Any, Any, dict]:
        del fn, args, options, state, tags, result
        return y, aux, {}


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
