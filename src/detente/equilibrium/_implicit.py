"""Derivatives of a solution by the implicit function theorem, however it was found."""

from collections.abc import Callable

import equinox as eqx
import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float

from ._anderson import fixed_point
from ._equations import step, Unknowns
from ._problem import Problem


Linear = Callable[[Float[Array, " x"]], Float[Array, " x"]]

# Derivatives to ten digits, as the solution itself.
_TOLERANCE = 1e-10
_MAX_STEPS = 500


@eqx.filter_custom_jvp
def differentiable(unknowns: Unknowns, problem: Problem) -> Unknowns:
    """The same point, whose derivative is that of the equilibrium to the problem.

    The rule is traced only where a derivative is asked for: most solves have none.
    """
    return unknowns


@differentiable.def_jvp
def _slope_at_solution(primals: tuple, tangents: tuple) -> tuple[Unknowns, Unknowns]:
    """How the solution moves with the problem: `(1 - dstep/dx) dx = dstep/dproblem`."""
    _, problem = primals
    # A solution that is itself a function of the problem, so that derivatives have derivatives.
    unknowns = differentiable(*primals)
    point, unravel = ravel_pytree(unknowns)

    def error(point: Float[Array, " x"], problem: Problem) -> Float[Array, " x"]:
        return ravel_pytree(step(unravel(point), problem)[0])[0] - point

    _, moved = eqx.filter_jvp(lambda problem: error(point, problem), (problem,), (tangents[1],))
    _, slope = jax.linearize(lambda point: error(point, problem), point)
    change = jax.lax.custom_linear_solve(slope, -moved, accelerated, transpose_solve=accelerated)
    return unknowns, unravel(change)


def accelerated(slope: Linear, change: Float[Array, " x"]) -> Float[Array, " x"]:
    """Solves `slope(x) = change` by the accelerated fixed point of `x -> x + slope(x) - change`.

    The map that found the equilibrium contracts, and so does its linearisation: the tangent and the
    cotangent cost about as many steps as the solution. It stops on the true relative residual after
    every step, where restarted GMRES completes its cycles.
    """
    size = jnp.max(jnp.abs(change))
    unit = jnp.where(size > 0, size, 1.0)

    wanted = change / unit

    def improved(x: Float[Array, " x"]) -> tuple[Array, Array]:
        error = slope(x) - wanted
        return x + error, jnp.max(jnp.abs(error))

    start = jnp.zeros_like(change)
    solution = fixed_point(improved, start, tolerance=_TOLERANCE, max_steps=_MAX_STEPS)
    # A derivative that is not found is not a number, which a batch survives and an error not.
    solved = solution.residual <= _TOLERANCE
    return jnp.where(solved, unit * solution.value, jnp.nan)
