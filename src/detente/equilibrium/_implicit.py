"""Derivatives of a solution by the implicit function theorem, however it was found."""

from typing import Any

import jax.numpy as jnp
import lineax as lx
import optimistix as optx
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float, PyTree

from ._anderson import AndersonAcceleration
from ._equations import step, Unknowns
from ._problem import Problem


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
        # A derivative that is not found is not a number, which a batch survives and an error not.
        found = solution.result == optx.RESULTS.successful
        value = jnp.where(found, solution.value, jnp.nan)
        steps = {"num_steps": solution.stats["num_steps"]}
        return unravel(unit * value), lx.RESULTS.successful, steps

    def transpose(self, state: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        return state.transpose(), options

    def conj(self, state: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        return state.conj(), options

    def assume_full_rank(self) -> bool:
        return True


class _AsFound(optx.AbstractFixedPointSolver):
    """Takes a point that is a solution already as it is; there is nothing left to iterate."""

    rtol: float = 0.0
    atol: float = 0.0
    norm: Any = optx.max_norm

    def init(self, fn, y, args, options, f_struct, aux_struct, tags) -> Array:
        del fn, y, args, options, f_struct, aux_struct, tags
        return jnp.array(False)

    def step(self, fn, y, args, options, state, tags) -> tuple[PyTree, Array, PyTree]:
        del fn, args, options, state, tags
        return y, jnp.array(True), None

    def terminate(self, fn, y, args, options, state, tags) -> tuple[Array, Any]:
        del fn, y, args, options, tags
        return state, optx.RESULTS.successful

    def postprocess(  # noqa: PLR0913  (the signature is optimistix's)
        self, fn, y, aux, args, options, state, tags, result
    ) -> tuple[Any, Any, dict]:
        del fn, args, options, state, tags, result
        return y, aux, {}


def differentiable(found: Unknowns, problem: Problem) -> Unknowns:
    """The same point, whose derivative is that of the equilibrium to the problem."""
    return optx.fixed_point(
        _moved,
        _AsFound(),
        found,
        args=problem,
        max_steps=1,
        adjoint=optx.ImplicitAdjoint(linear_solver=AcceleratedLinearSolver()),
        throw=False,
    ).value


def _moved(unknowns: Unknowns, problem: Problem) -> Unknowns:
    return step(unknowns, problem)[0]
