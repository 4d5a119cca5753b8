"""The closures by name on worlds of 5 countries and 3 sectors, the shocks that they are tried on,
and a solve that trusts nothing.

One neutral value for every wedge (`every_wedge`, `only`) keeps all shocks in one structure, so that
a closure is compiled once for most of what the tests ask of it.
"""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from detente._core import Status
from detente.closure import Closure, Nests
from detente.equilibrium import certify, Equilibrium, solve
from detente.world import Economy, Shock

from .worlds import economy


# Solved to a relative residual of 1e-10; wages, prices and welfare inherit a small multiple of it.
SOLVED = 2e-9
# Flows move with prices to the power of the elasticity, here at most 16.
FLOWS = 1e-7
# The certificate recomputes the conditions from levels; a solution is within this everywhere.
CERTIFIED = 1e-9
# With free entry a sector may close: what its solver leaves of it, e^-32, is compared by the
# certificate with 1e-6 of a market.
CLOSED_DOWN = 1e-7

WEDGES = ("tariff", "trade_cost_hat", "allowed", "export_tax", "rationing", "rent_to_importer",
          "taste_hat")  # fmt: skip
ABROAD = (1.0 - np.eye(5))[:, :, None] * np.ones((5, 5, 3))


def nests(theta: jax.Array) -> Nests:
    """Two groups of close substitutes where buyers compare two origins in two of three sectors.

    The second sector's second group has no member, so an empty branch is in every test. Elasticities
    differ at every level, so that a level taken for another shows.
    """
    member = np.zeros((2, 5, 3))
    member[0] = 1.0
    member[:, [0, 2], 0] = member[:, [1, 2], 2] = [[0.0], [1.0]]
    return Nests(0.5 * theta, jnp.asarray(member), jnp.stack([1.2 * theta, 2.0 * theta]))


def _table(theta: jax.Array) -> dict[str, Closure]:
    full, of = jnp.ones_like(theta), jnp.asarray
    return {
        "textbook": Closure(),
        "labour tied": Closure(labour_immobility=of(1.0)),
        "labour half tied": Closure(labour_immobility=of(0.5)),
        "scale": Closure(scale=0.5 * full),
        "scale, nearly free entry": Closure(scale=0.9 * full),
        "scale, free entry": Closure(scale=full),
        "fixed entry": Closure(profit_share=1.0 / (1.0 + theta)),
        "nests": Closure(nests=nests(theta)),
        "deficits proportional": Closure(deficits="proportional"),
        "deficits removed": Closure(deficits="removed"),
        "all at once": Closure(of(0.7), of([0.6, 0.0, 0.3]), of([0.1, 0.05, 0.15]), nests(theta), "proportional"),
    }  # fmt: skip


CLOSURES = tuple(_table(jnp.ones(3)))
# One of each structure, that is of each compiled program.
STRUCTURES = ("textbook", "labour half tied", "scale", "fixed entry", "nests",
              "deficits proportional", "deficits removed", "all at once")  # fmt: skip


def closure_of(name: str, world: Economy) -> Closure:
    return _table(world.trade_elasticity)[name]


def balanced_world(seed: int = 0, **kinds: bool) -> Economy:
    """Balanced to the last bit, so that a country cut off is not left with a deficit of rounding.

    Not symmetric, as sectors and pairs are not balanced. Flows are whole numbers, whose sums are
    exact; what a country sells too much of, the next one buys from it.
    """
    world = economy(seed, **kinds)
    trade = np.round(np.asarray(world.trade) * 2.0**20)
    deficit = trade.sum(axis=(0, 2)) - trade.sum(axis=(1, 2))
    ring = np.cumsum(deficit)
    origin = np.arange(5)
    trade[origin, (origin + 1) % 5, 2] += ring - ring.min()
    return eqx.tree_at(lambda old: old.trade, world, jnp.asarray(trade))


def only(world: Economy, **wedges: np.ndarray) -> Shock:
    """These wedges and no others, in the structure of `every_wedge`."""
    nothing, one = np.zeros(world.trade.shape), np.ones(world.trade.shape)
    neutral = dict(tariff=np.asarray(world.tariff), trade_cost_hat=one, allowed=one, export_tax=nothing,
                   rationing=nothing, rent_to_importer=nothing, taste_hat=one)  # fmt: skip
    return Shock(**{name: jnp.asarray(a) for name, a in (neutral | wedges).items()})


def every_wedge(world: Economy, seed: int = 5) -> Shock:
    """All wedges at once, different on every flow, two pairs of countries cut off in one sector."""
    random = np.random.default_rng(seed)
    draw = lambda high: random.uniform(0, high, size=world.trade.shape) * ABROAD
    allowed = np.ones(world.trade.shape)
    allowed[0, 1, 0] = allowed[3, 2, 2] = 0.0
    return only(
        world, tariff=draw(0.5), export_tax=draw(0.3), rationing=draw(0.4), allowed=allowed,
        rent_to_importer=draw(1.0), trade_cost_hat=np.exp(random.normal(0, 0.2, allowed.shape)),
        taste_hat=np.exp(random.normal(0, 0.3, allowed.shape) * ABROAD),
    )  # fmt: skip


def costs(world: Economy, seed: int = 1) -> Shock:
    """Tariffs and trade costs alone: wedges that are left out take another path through the code."""
    random = np.random.default_rng(seed)
    tariff = random.uniform(0, 0.5, size=world.trade.shape) * ABROAD
    cost = np.exp(random.normal(scale=0.3, size=world.trade.shape) * ABROAD)
    return Shock.of(jnp.asarray(tariff), jnp.asarray(cost))


def prohibited(world: Economy, *where: tuple) -> Shock:
    allowed = np.ones(world.trade.shape)
    for place in where:
        allowed[place] = 0.0
    return only(world, allowed=allowed)


def autarky(world: Economy, country: int) -> Shock:
    away = np.delete(np.arange(5), country)
    return prohibited(world, (country, away), (away, country))


def status(found: Equilibrium) -> Status:
    return Status.of(int(found.status))


def solved(world: Economy, shock: Shock, closure: Closure = Closure()) -> Equilibrium:  # noqa: B008
    """A solution that an independent account agrees with, and without a number missing."""
    found = solve(world, shock, closure)
    assert status(found) is Status.SOLVED, (status(found), float(found.residual))
    free_entry = closure.scale is not None and float(closure.scale.max()) >= 1.0
    limit = CLOSED_DOWN if free_entry else CERTIFIED
    assert certify(world, shock, found, closure).largest < limit
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(found))
    return found


def with_nests(closure: Closure, **changes: jax.Array) -> Closure:
    assert closure.nests is not None
    return replace(closure, nests=replace(closure.nests, **changes))
