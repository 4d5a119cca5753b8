"""What a solve is made of: the step it repeats, the bytes that a step reads, and how fast it reads.

The only file here that looks inside the engine.
"""

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array

from detente.closure import Closure
from detente.equilibrium._equations import step, Unknowns
from detente.equilibrium._problem import Problem

from .clock import timed
from .worlds import World


ready = jax.block_until_ready
# Steps in one compiled loop, so that no call from Python is in the figure.
STEPS = 20
# A step reads a kernel of flows for prices, for output, for exports and for imports,
KERNELS = 4
# and the table of inputs for costs and for demand.
TABLES = 2
# Larger than any cache.
STREAM_MB = 200


def bounds(world: World) -> dict[str, Any]:
    """Milliseconds and bytes of the pieces of a solve, each timed alone."""
    problem_of = eqx.filter_jit(Problem.of)
    setup, problem = timed(lambda: problem_of(world.economy, world.shock, Closure()), ready)
    unknowns = Unknowns.unchanged(world.economy, Closure())
    steps, _ = timed(lambda: _steps(unknowns, problem), ready)
    kernel, table = problem.spending.abroad.nbytes / 1e6, problem.input_share.nbytes / 1e6
    weight = jnp.ones((1, *problem.expenditure.shape))
    product = _product_seconds(problem, weight)
    return {
        "setup": setup.median,
        "step": steps.median / STEPS,
        "kernel_mb": kernel,
        "step_mb": KERNELS * kernel + TABLES * table,
        "product": product,
        "product_gbs": kernel / 1e3 / product,
        "stream_gbs": _stream(),
        "call": _call(),
    }


@eqx.filter_jit
def _steps(unknowns: Unknowns, problem: Problem) -> Unknowns:
    return jax.lax.fori_loop(0, STEPS, lambda _, point: step(point, problem)[0], unknowns)


def _product_seconds(problem: Problem, weight: Array) -> float:
    """Of one matrix-vector product per sector, again in a loop that depends on itself."""

    def again(_: int, weight: Array) -> Array:
        bought = problem.spending.by_destination(weight)
        return bought / bought.max()

    loop = eqx.filter_jit(lambda weight, problem: jax.lax.fori_loop(0, STEPS, again, weight))
    timing, _ = timed(lambda: loop(weight, problem), ready)
    return timing.median / STEPS


def _stream() -> float:
    """GB a second when one large array is summed."""
    array = jnp.ones(STREAM_MB * 1_000_000 // 8)
    total = jax.jit(jnp.sum)
    timing, _ = timed(lambda: total(array), ready)
    return array.nbytes / 1e9 / timing.median


def _call() -> float:
    """Seconds of a compiled call that does nothing."""
    nothing, array = jax.jit(lambda array: array + 1.0), jnp.ones(5)
    timing, _ = timed(lambda: nothing(array), ready, most=1000)
    return timing.median
