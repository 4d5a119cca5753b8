"""Many counterfactuals on one world: every way that the public engine offers, on the same draws.

Each member has elasticities of its own (log-normal around the baseline's, standard deviation 0.25)
and a tariff of its own (0 to 50 points by one country on everything from another).
"""

import itertools
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from detente.equilibrium import solve, welfare_hat
from detente.world import Economy, Shock

from .clock import cores, lap, timed
from .worlds import World


AT_ONCE = 10
_wait = jax.block_until_ready
CORES = cores()


class Draws(eqx.Module):
    elasticity: Float[Array, "b s"]
    importer: Int[Array, " b"]
    exporter: Int[Array, " b"]
    points: Float[Array, " b"]

    def part(self, first: int, last: int) -> "Draws":
        return jax.tree.map(lambda leaf: leaf[first:last], self)


Run = Callable[[Draws, Economy], tuple[Array, Array]]


def draws(economy: Economy, members: int) -> Draws:
    random = np.random.default_rng(0)
    countries, _, sectors = economy.trade.shape
    importer = random.integers(countries, size=members)
    exporter = (importer + random.integers(1, countries, size=members)) % countries
    factor = random.lognormal(sigma=0.25, size=(members, sectors))
    return Draws(
        elasticity=economy.trade_elasticity * jnp.asarray(factor),
        importer=jnp.asarray(importer),
        exporter=jnp.asarray(exporter),
        points=jnp.asarray(random.uniform(0.0, 0.5, size=members)),
    )


def one(drawn: Draws, economy: Economy) -> tuple[Float[Array, " n"], Int[Array, ""]]:
    """Welfare of every country, and how the solve ended, for one member."""
    world = eqx.tree_at(lambda w: w.trade_elasticity, economy, drawn.elasticity)
    raised = world.tariff.at[drawn.exporter, drawn.importer].add(drawn.points)
    found = solve(world, Shock.of(raised, jnp.ones_like(raised)))
    return welfare_hat(world, found), found.status


@eqx.filter_jit
def mapped(drawn: Draws, economy: Economy, at_once: int | None) -> tuple[Array, Array]:
    return jax.lax.map(lambda member: one(member, economy), drawn, batch_size=at_once)


_single = eqx.filter_jit(one)


def _loop(drawn: Draws, economy: Economy) -> tuple[Array, Array]:
    members = drawn.points.size
    found = [
        _single(jax.tree.map(lambda leaf, place=place: leaf[place], drawn), economy)
        for place in range(members)
    ]
    return jnp.stack([welfare for welfare, _ in found]), jnp.stack([status for _, status in found])


def _parts(drawn: Draws) -> list[Draws]:
    """One for each core, so that the same compiled map serves with threads and without."""
    edges = np.linspace(0, drawn.points.size, CORES + 1).astype(int)
    return [drawn.part(*edge) for edge in itertools.pairwise(edges)]


def _in_turn(run: Run, drawn: Draws, economy: Economy) -> tuple[Array, Array]:
    return _joined([run(part, economy) for part in _parts(drawn)])


def _threads(run: Run, drawn: Draws, economy: Economy) -> tuple[Array, Array]:
    """One part a thread; the interpreter is not needed while compiled code runs."""
    with ThreadPoolExecutor(CORES) as pool:
        return _joined(list(pool.map(lambda part: _wait(run(part, economy)), _parts(drawn))))


def _joined(parts: list[tuple[Array, Array]]) -> tuple[Array, Array]:
    welfare, status = zip(*parts, strict=True)
    return jnp.concatenate(welfare), jnp.concatenate(status)


_RUNS: Mapping[str, Run] = {
    "one call each": _loop,
    "lax.map": partial(mapped, at_once=None),
    f"lax.map, {AT_ONCE} at a time": partial(mapped, at_once=AT_ONCE),
}
WAYS: Mapping[str, Run] = {
    f"{name}{place}": partial(spread, run)
    for name, run in _RUNS.items()
    for place, spread in (("", _in_turn), (f", {CORES} threads", _threads))
}


def batch(world: World, members: int) -> dict[str, Any]:
    """The same members in every way; the fastest is the figure, all are kept."""
    drawn = draws(world.economy, members)
    ways = {"one call each": WAYS["one call each"]} if world.large else WAYS
    tried, answers = {}, {}
    for name, way in ways.items():
        call = partial(way, drawn, world.economy)
        if world.large:
            lap(lambda: _single(jax.tree.map(lambda leaf: leaf[0], drawn), world.economy), _wait)
            seconds, answers[name] = lap(call, _wait)
        else:
            timing, answers[name] = timed(call, _wait, most=3, least=2)
            seconds = timing.median
        tried[name] = seconds
    best = min(tried, key=lambda name: tried[name])
    welfare, status = answers[best]
    apart = max(float(jnp.abs(other - welfare).max()) for other, _ in answers.values())
    return {
        "members": members,
        "seconds": tried[best],
        "way": best,
        "solved": int((status == 0).sum()),
        "apart": apart,
        "all": tried,
    }
