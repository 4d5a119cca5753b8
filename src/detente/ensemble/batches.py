"""Many solves in batches of one shape, here or wherever a runner takes them."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import Any

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Int, PyTree

from ..equilibrium import Equilibrium
from ..world import Economy


Measure = Callable[[Economy, Equilibrium], PyTree[Array]]
"""What is kept of an equilibrium."""
Solve = Callable[[Measure, Any, Any], PyTree[Array]]
"""What a measure makes of one member of a batch in a world that all have in common."""
Batch = PyTree[Array]
Progress = Callable[[str], None]
Runner = Callable[[Callable[[Batch], Any], Iterable[Batch]], Iterable[Any]]
"""Applies a function to every batch, results in order: `map`, or that of a pool or of machines.

Function and batches can be pickled if the measure is a function of a module."""


def in_batches(
    solve: Callable[[Batch], Any],
    members: Callable[[Int[np.ndarray, " b"]], Batch],
    count: int,
    size: int,
    progress: Progress = lambda done: None,
    runner: Runner = map,
) -> Any:
    """What `solve` makes of `count` members, at least one, as arrays with a leading axis.

    `members` gives those at some places. The last batch is filled up, so that one program serves
    batches of any number of members.
    """

    def batches() -> Iterator[Batch]:
        for start in range(0, count, size):
            progress(f"{start} of {count}")
            yield members(np.minimum(np.arange(start, start + size), count - 1))

    parts = runner(solve, batches())
    return jax.tree.map(lambda *pieces: np.concatenate(pieces)[:count], *parts)


def solve_batch(one: Solve, of: Measure, world: Any, batch: Batch) -> Any:
    """`one(of, world, member)` of every member, side by side, as NumPy arrays."""
    return jax.tree.map(np.asarray, _compiled(one, of)(world, batch))


# A measure that is made for one question is compiled for it; a server does not keep them for ever.
@lru_cache(maxsize=64)
def _compiled(one: Solve, of: Measure) -> Callable[[Any, Batch], Any]:
    return eqx.filter_jit(lambda world, batch: jax.vmap(partial(one, of, world))(batch))
