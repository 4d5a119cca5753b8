"""Which changes of fundamentals moved the trade of a pair, by Shapley value over blocks of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from .._core import SolveError, Status
from ..ensemble.shapley import coalitions, shapley
from ..equilibrium import solve
from ..world import Economy
from .inversion import Fundamentals, invert, Openness, shock_of


Partition = Literal["main", "broad", "by kind", "demand"]


@dataclass(frozen=True)
class Place:
    """Positions of what the blocks tell apart."""

    home: int
    partner: int
    chips: tuple[int, ...]
    """Sectors of chips, displays and devices."""
    services: int


@dataclass(frozen=True)
class Blocks:
    """A partition of all changes: the block that each belongs to, by position in `names`."""

    names: tuple[str, ...]
    """The last is what turns the numeraire into current US$."""
    assignment: Fundamentals


@dataclass(frozen=True)
class Attribution:
    """The change of a pair's trade, and the part of each block in it, million current US$."""

    names: tuple[str, ...]
    exports: Float[np.ndarray, "block s"]
    imports: Float[np.ndarray, "block s"]
    log_exports: Float[np.ndarray, " block"]
    """Part of each block in the log change of all goods exports."""
    log_imports: Float[np.ndarray, " block"]

    @property
    def balance(self) -> Float[np.ndarray, " block"]:
        """Part of each block in the change of the goods balance; adds up to it."""
        return (self.exports - self.imports).sum(axis=1)

    def of(self, name: str) -> float:
        """The part of one block in the change of the balance; zero for one that is not here."""
        return float(self.balance[self.names.index(name)]) if name in self.names else 0.0


BLOCKS: Mapping[str, str] = {
    "chain": "the partner's move up the chain: its productivity and taste for its own goods, "
    "without chips",
    "chips": "chips, displays and devices everywhere: productivity, costs, tastes, final demand",
    "demand": "size of economies and composition of their final demand",
    "balances": "deficits and surpluses with everyone: who spends more than it earns",
    "costs": "trade costs, the same in both directions",
    "suppliers": "tastes of a pair for one supplier over another",
    "others": "productivity and taste for own goods of all others, and services",
    "tariffs": "tariffs",
    "dollars": "growth of the world in current US$",
}
MAIN = tuple(BLOCKS)


def partition(economy: Economy, place: Place, kind: Partition = "main") -> Blocks:
    """Every change put into a block; see `BLOCKS` for what each is.

    `main` is the one that the findings are told in. `broad` gives the partner's chain all that may
    be its rise: its chips, and its own and its pair's tastes for suppliers. `by kind` has no block
    of chips. `demand` tells apart whose demand moved.
    """
    names = MAIN if kind != "demand" else (*MAIN[:-1], "partner's demand", "home demand", "dollars")
    at = {name: position for position, name in enumerate(names)}
    countries, _, sectors = economy.trade.shape
    full = lambda name, *shape: np.full(shape, at[name])
    supply = full("others", countries, sectors)
    supply[place.partner, np.arange(sectors) != place.services] = at["chain"]
    final = full("demand", countries, sectors)
    size = full("demand", countries)
    if kind == "demand":
        for table in (final, size):
            table[place.partner] = at["partner's demand"]
            table[place.home] = at["home demand"]
    cost = full("costs", countries, countries, sectors)
    taste = full("suppliers", countries, countries, sectors)
    if kind != "by kind":
        for table in (supply, final, cost, taste):
            table[..., list(place.chips)] = at["chips"]
    if kind == "broad":
        supply[place.partner, list(place.chips)] = at["chain"]
        taste[place.home, place.partner] = taste[place.partner, place.home] = at["chain"]
    return Blocks(names, _assignment(supply, cost, taste, size, final, at))


def _assignment(
    supply: np.ndarray, cost: np.ndarray, taste: np.ndarray, size: np.ndarray, final: np.ndarray,
    at: dict[str, int],
) -> Fundamentals:  # fmt: skip
    whole = jnp.asarray
    return Fundamentals(
        productivity=whole(supply),
        home_taste=whole(supply),
        trade_cost=whole(cost),
        supplier_taste=whole(taste),
        tariff=whole(np.full_like(cost, at["tariffs"])),
        size=whole(size),
        final_share=whole(final),
        deficit=whole(np.full_like(size, at["balances"])),
        dollars=whole(at["dollars"]),
    )


def attribute(economy: Economy, change: Fundamentals, blocks: Blocks, place: Place) -> Attribution:
    """The part of each block in the change of goods trade between two countries.

    Every combination of blocks is solved: 2^(blocks - 1) equilibria, for what dollars do to them is
    known. Raises `SolveError` where one is not found. The services sector is left out.
    """
    member = coalitions(len(blocks.names) - 1)
    pair = jnp.asarray([place.home, place.partner])
    sold, bought, status = (
        np.asarray(part)
        for part in _solve_all(economy, change, blocks.assignment, pair, jnp.asarray(member))
    )
    if status.any():
        worst = Status.of(int(status[status != 0][0]))
        raise SolveError(
            f"{int((status != 0).sum())} of {len(member)} combinations of changes have no "
            f"equilibrium. {worst.sentence}"
        )
    goods = np.arange(sold.shape[1]) != place.services
    exports, imports = (
        np.concatenate([flow[:, goods], flow[:, goods] * np.exp(float(change.dollars))])
        for flow in (sold, bought)
    )
    return Attribution(
        names=blocks.names,
        exports=shapley(exports),
        imports=shapley(imports),
        log_exports=shapley(np.log(exports.sum(axis=1))),
        log_imports=shapley(np.log(imports.sum(axis=1))),
    )


@dataclass(frozen=True)
class TwoYears:
    """Two years of the same world, and where its pair is."""

    before: Economy
    after: Economy
    place: Place

    def change(self, openness: Openness = "taste", elasticity: float = 1.0) -> Fundamentals:
        """The fundamentals that moved, under a convention and with scaled elasticities."""
        return invert(self.old(elasticity), _scaled(self.after, elasticity), openness)

    def old(self, elasticity: float = 1.0) -> Economy:
        """The first world with scaled elasticities."""
        return _scaled(self.before, elasticity)

    def parts(
        self, kind: Partition = "main", openness: Openness = "taste", elasticity: float = 1.0
    ) -> Attribution:
        """The attribution of the pair's change over this window."""
        old = self.old(elasticity)
        blocks = partition(old, self.place, kind)
        return attribute(old, self.change(openness, elasticity), blocks, self.place)


def _scaled(economy: Economy, factor: float) -> Economy:
    theta = economy.trade_elasticity * factor
    return eqx.tree_at(lambda world: world.trade_elasticity, economy, theta)


@eqx.filter_jit
def _solve_all(
    economy: Economy,
    change: Fundamentals,
    assignment: Fundamentals,
    pair: Int[Array, "2"],
    member: Bool[Array, "coalition block"],
) -> tuple[Float[Array, "coalition s"], Float[Array, "coalition s"], Int[Array, " coalition"]]:
    """Flows of a pair, there and back, under each combination of blocks."""

    def one(present: Bool[Array, " block"]) -> tuple[Array, Array, Array]:
        weight = jnp.append(present, False).astype(float)
        part = jax.tree.map(lambda size, block: size * weight[block], change, assignment)
        equilibrium = solve(economy, shock_of(economy, part))
        return (
            equilibrium.trade[pair[0], pair[1]],
            equilibrium.trade[pair[1], pair[0]],
            equilibrium.status,
        )

    return jax.lax.map(one, member)
