"""The linear solver behind every derivative: the iteration of the model, on its linearisation."""

from typing import Any

import jax.numpy as jnp
import lineax as lx
import optimistix as optx
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float, PyTree

from ._anderson import AndersonAcceleration


# Derivatives to ten digits, as the solution itself.
_TOLERANCE = 1e-10
_MAX_STEPS = 500


class AcceleratedLinearSolver(lx.AbstractLinearSolver):
    """Solves `(J - 1) x = b` by the accelerated fixed point of `x -> J x - b`.

    The map that found the equilibrium contracts, and so does its linearisation: the tangent and the
    cotangent cost about as many steps as the solution. It stops on the true relative residual after
    every step, where restarted GMRES completes its cycles.
    """

    def init(self, operator: lx.AbstractLinearOperator, options: dict[str, Any]) -> Any:
        del options
        return lx.linearise(operator)

    def compute(
        self, state: Any, vector: PyTree[Array], options: dict[str, Any]
    ) -> tuple[PyTree[Array], lx.RESULTS, dict[str, Any]]:
        del options
        flat, unravel = ravel_pytree(vector)
        size = jnp.max(jnp.abs(flat))
        unit = jnp.where(size > 0, size, 1.0)

        def improved(x: Float[Array, " x"], b: Float[Array, " x"]) -> tuple[Array, Array]:
            error = ravel_pytree(state.mv(unravel(x)))[0] - b
            return x + error, jnp.max(jnp.abs(error))

        solution = optx.fixed_point(
            improved,
            AndersonAcceleration(tolerance=_TOLERANCE),
            jnp.zeros_like(flat),
            args=flat / unit,
            has_aux=True,
            max_steps=_MAX_STEPS,
            throw=False,
        )
        result = lx.RESULTS.where(
            solution.result == optx.RESULTS.successful,
            lx.RESULTS.successful,
            lx.RESULTS.max_steps_reached,
        )
        return unravel(unit * solution.value), result, {"num_steps": solution.stats["num_steps"]}

    def transpose(self, state: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        return state.transpose(), options

    def conj(self, state: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        return state.conj(), options

    def assume_full_rank(self) -> bool:
        return True
