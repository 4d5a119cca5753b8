"""What is timed on a world: one function a phase, each from a world to numbers."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from detente.closure import Closure, ProducedCapital, Staggered, WageFloor
from detente.equilibrium import (
    certify,
    Choice,
    choose_tariffs,
    decompose,
    in_steady_state,
    solve,
    welfare_hat,
)
from detente.pace import PUBLISHED
from detente.world import Economy, Shock

from .clock import lap, peak_mb, timed
from .worlds import AbsentError, World


Numbers = dict[str, Any]
ready = jax.block_until_ready
# The largest shift of a trade cost in logs, for the derivative by differences.
DIFFERENCE = 1e-4
# Columns of the Jacobian where one array of flows is large.
FEW_COLUMNS = 4
# Countries up to which all columns are also tried together.
ALL_AT_ONCE = 40


def first_call(world: World) -> Numbers:
    """One solve in this process, compilation or reading of compiled code included."""
    seconds, _ = lap(lambda: solve(world.economy, world.shock), ready)
    return {"seconds": seconds}


def one_solve(world: World) -> Numbers:
    timing, found = timed(lambda: solve(world.economy, world.shock), ready)
    checked = certify(world.economy, world.shock, found)
    return asdict(timing) | {
        "steps": int(found.steps),
        "residual": float(found.residual),
        "certificate": checked.largest,
        "status": int(found.status),
    }


def uses_apart(world: World) -> Numbers:
    """One solve with final use and inputs apart; a half of every flow is for either."""
    if bool((world.economy.final_demand < 0).any()):
        raise AbsentError("final demand is below zero somewhere, and no part of a flow is for it")
    economy = replace(world.economy, input_trade=0.5 * world.economy.trade)
    timing, found = timed(lambda: solve(economy, world.shock), ready)
    checked = certify(economy, world.shock, found)
    return asdict(timing) | {
        "steps": int(found.steps),
        "certificate": checked.largest,
        "status": int(found.status),
    }


def one_year(world: World) -> Numbers:
    """The first year, in which some buyers keep their supplier and labour is nearly tied."""
    return _years(world, 1)


def ten_years(world: World) -> Numbers:
    """The tenth year of the shock, with the nine before it."""
    if world.large:
        raise AbsentError("the suppliers of every year do not fit in 4 GB beside the solver")
    return _years(world, 10)


def _years(world: World, years: int) -> Numbers:
    locked = PUBLISHED.locked_ratio * world.economy.trade_elasticity
    pace = Staggered(jnp.array(PUBLISHED.reset), locked, years=years)
    closure = Closure(labour_immobility=jnp.array(PUBLISHED.immobility(1)), staggered=pace)
    return _under(world.economy, world.shock, closure)


def wage_floor(world: World) -> Numbers:
    """Labour tied to its sector, and wages that fall by a hundredth at most: workers are idle."""
    countries = world.size[0]
    floor = WageFloor(jnp.full(countries, np.log(0.99)), jnp.array(1.0), jnp.zeros(countries))
    closure = Closure(labour_immobility=jnp.array(1.0), wage_floor=floor)
    return _under(world.economy, world.shock, closure)


def produced_capital(world: World) -> Numbers:
    """The steady state, with numbers near those of a large economy in every country."""
    countries, sectors = world.size[0], world.size[1]
    terms = ProducedCapital(
        share=jnp.full(countries, 0.4),
        depreciation=jnp.full(countries, 0.05),
        discount_rate=jnp.array(0.04),
        investment=jnp.full((countries, sectors), 0.25),
    )
    return _under(in_steady_state(world.economy, terms), world.shock, Closure())


def _under(economy: Economy, shock: Shock, closure: Closure) -> Numbers:
    timing, found = timed(lambda: solve(economy, shock, closure), ready, most=5)
    checked = certify(economy, shock, found, closure)
    return asdict(timing) | {
        "steps": int(found.steps),
        "certificate": checked.largest,
        "status": int(found.status),
    }


def gradient(world: World) -> Numbers:
    """Reverse mode: log welfare of one country to the log of every trade cost."""
    economy, shock = world.economy, world.shock

    def welfare(log_cost: Array, economy: Economy, shock: Shock) -> Array:
        changed = eqx.tree_at(lambda s: s.trade_cost_hat, shock, jnp.exp(log_cost))
        return jnp.log(welfare_hat(economy, solve(economy, changed)))[1]

    both = eqx.filter_jit(jax.value_and_grad(welfare))
    unchanged = jnp.zeros_like(economy.trade)
    timing, (_, slope) = timed(lambda: both(unchanged, economy, shock), ready)
    moved = jnp.asarray(DIFFERENCE * np.random.default_rng(0).uniform(size=economy.trade.shape))
    ahead = (both(moved, economy, shock)[0] - both(-moved, economy, shock)[0]) / 2
    along = (slope * moved).sum()
    return asdict(timing) | {
        "numbers": int(slope.size),
        "off_differences": float(jnp.abs(along / ahead - 1)),
    }


def jacobian(world: World) -> Numbers:
    """Log welfare of every country to every country's uniform import tariff.

    The fastest of the ways tried; all start from one solve, which is included.
    """
    countries = world.size[0]
    columns = FEW_COLUMNS if world.large else countries
    directions = jnp.eye(countries)[:columns]
    inputs = (jnp.zeros(countries), directions, world.economy, world.shock)
    ways = {name: way for name, way in WAYS.items() if _fits(name, world)}
    tried = {}
    for name, way in ways.items():
        timing, found = timed(partial(eqx.filter_jit(way), *inputs), ready, most=5, least=1)
        tried[name] = (timing, np.asarray(found))
    best = min(tried, key=lambda name: tried[name][0].median)
    others = [found for name, (_, found) in tried.items() if name != best]
    apart = max((np.abs(found - tried[best][1]).max() for found in others), default=None)
    return asdict(tried[best][0]) | {
        "way": best,
        "columns": columns,
        "apart": None if apart is None else float(apart),
        "all": {name: timing.median for name, (timing, _) in tried.items()},
    }


def _fits(way: str, world: World) -> bool:
    """All tangents at once hold an array of flows each; of the large world, forward alone runs."""
    if world.large:
        return way == "forward, one by one"
    return world.size[0] <= ALL_AT_ONCE or "one by one" in way


def _log_welfare(rate: Float[Array, " d"], economy: Economy, shock: Shock) -> Float[Array, " n"]:
    abroad = 1.0 - jnp.eye(rate.size)[:, :, None]
    tariff = shock.tariff + rate[None, :, None] * abroad
    changed = eqx.tree_at(lambda s: s.tariff, shock, tariff)
    return jnp.log(welfare_hat(economy, solve(economy, changed)))


def _forward(apply: Callable, rate: Array, along: Array, economy: Economy, shock: Shock) -> Array:
    _, push = jax.linearize(lambda rate: _log_welfare(rate, economy, shock), rate)
    return apply(push, along).T


def _reverse(apply: Callable, rate: Array, along: Array, economy: Economy, shock: Shock) -> Array:
    _, pull = jax.vjp(lambda rate: _log_welfare(rate, economy, shock), rate)
    return apply(lambda row: pull(row)[0], along)


_MANNERS: Mapping[str, Callable] = {
    "one by one": jax.lax.map,
    "all at once": lambda function, rows: jax.vmap(function)(rows),
}
WAYS: Mapping[str, Callable] = {
    f"{mode}, {manner}": partial(function, apply)
    for mode, function in (("forward", _forward), ("reverse", _reverse))
    for manner, apply in _MANNERS.items()
}


def tariff_war(world: World) -> Numbers:
    """Nash: every country sets one rate on all its imports of everything, given the others'."""
    if world.large:
        raise AbsentError("the worth of every price to every country does not fit in 4 GB")
    countries = world.size[0]
    foreign = jnp.broadcast_to(1.0 - jnp.eye(countries)[:, :, None], world.economy.trade.shape)
    choice = Choice(foreign, jnp.arange(countries), jnp.eye(countries), (0, 2))
    start = Shock.none(world.economy)
    timing, found = timed(
        lambda: choose_tariffs(world.economy, start, choice), ready, most=3, least=1
    )
    under = eqx.tree_at(lambda s: s.tariff, start, found.tariff)
    rate = np.asarray(found.tariff).max(axis=(0, 2))
    return asdict(timing) | {
        "steps": int(found.steps),
        "first_order": float(found.first_order),
        "certificate": certify(world.economy, under, found.equilibrium).largest,
        "status": int(found.equilibrium.status),
        "rates": [float(rate.min()), float(np.median(rate)), float(rate.max())],
    }


def decomposition(world: World) -> Numbers:
    """Exact welfare split by channel, partner and sector: ten solves and tangents on the path."""
    if world.large:
        raise AbsentError("its terms of every flow at ten points do not fit in 4 GB")
    timing, found = timed(lambda: decompose(world.economy, world.shock), ready, most=5)
    return asdict(timing) | {"unexplained": float(jnp.abs(found.unexplained).max())}


def memory() -> Numbers:
    """Peaks so far: of the process, and of the device where it keeps its own count."""
    counted = jax.devices()[0].memory_stats() or {}
    on_device = counted.get("peak_bytes_in_use")
    return {"mb": peak_mb(), "device_mb": None if on_device is None else on_device / 1e6}
