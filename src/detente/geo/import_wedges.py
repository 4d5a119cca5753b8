"""The smallest wedge on one supplier that brings its share in imports to a target, exactly.

Wedges are solved on the whole model, so that wages, prices and everyone else's purchases move with
them. Shares are of imports at the border: a tariff lowers them by theta + 1 per log point, as it is
paid after the border, and a real cost by theta.
"""

from dataclasses import dataclass, replace
from typing import Literal

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Bool, Float

from .._core import SolveError
from ..closure import Closure
from ..ensemble import log_welfare
from ..equilibrium import Equilibrium, solved
from ..simulation import Play
from ..world import Economy, Shock


Kind = Literal["tariff", "real cost"]
KINDS: tuple[Kind, ...] = ("tariff", "real cost")
FOUND = 1e-9
"""Largest miss of a log odds that counts as found."""
MOST_ROUNDS = 200


@dataclass(frozen=True)
class Link:
    """The trade that is to be diversified: one supplier, one buyer, classes of sectors."""

    supplier: int
    buyer: int
    classes: Bool[np.ndarray, "c s"]
    """Which sectors a class is made of; one wedge for each class."""

    def shares(self, trade: Float[np.ndarray, "o d s"]) -> Float[np.ndarray, " c"]:
        """The supplier's part of the buyer's imports of every class, border values."""
        imports = np.array(trade[:, self.buyer])
        imports[self.buyer] = 0.0
        by_class = imports @ self.classes.T
        return by_class[self.supplier] / by_class.sum(axis=0)

    def weights(self, economy: Economy) -> Float[np.ndarray, "c s"]:
        """What the buyer buys from the supplier, by sector, as parts of each class."""
        bought = self.classes * np.asarray(economy.trade)[self.supplier, self.buyer]
        return bought / bought.sum(axis=1, keepdims=True)

    def on_flows(
        self, by_class: Float[np.ndarray, " c"], economy: Economy
    ) -> Float[np.ndarray, "o d s"]:
        """Values by class on the flows from the supplier to the buyer, zero elsewhere."""
        flows = np.zeros(economy.trade.shape)
        flows[self.supplier, self.buyer] = by_class @ self.classes
        return flows


@dataclass(frozen=True)
class Diversified:
    """A world in which the supplier's shares are at the target or below."""

    wedge: Float[np.ndarray, " c"]
    """Ad valorem, as factors of one; zero where the share was below the target already."""
    share: Float[np.ndarray, " c"]
    economy: Economy
    """Itself a baseline in equilibrium, with the tariffs that are then in force."""
    shock: Shock
    log_welfare: Float[np.ndarray, " n"]


def diversify_to(played: Play, link: Link, target: float, kind: Kind) -> Diversified:
    """The smallest wedges that bring every class to the target or below.

    Raises `SolveError` where an equilibrium was not found or no wedge brings a class to the target.
    """
    economy = played.economy
    odds = np.log(target / (1.0 - target))
    elasticity = link.weights(economy) @ np.asarray(economy.trade_elasticity) + (kind == "tariff")
    log_wedge = np.zeros(len(link.classes))
    miss = np.full_like(log_wedge, np.nan)
    for _ in range(MOST_ROUNDS):
        shock = wedge_shock(economy, link, log_wedge, kind)
        found = solved(economy, shock, played.closure)
        share = link.shares(np.asarray(found.trade))
        miss = np.log(share / (1.0 - share)) - odds
        if _arrived(miss, log_wedge):
            after = replace_world(economy, found, shock)
            welfare = np.asarray(log_welfare(economy, found))
            return Diversified(np.expm1(log_wedge), share, after, shock, welfare)
        log_wedge = np.maximum(log_wedge + miss / elasticity, 0.0)
    raise SolveError(
        f"no {kind} was found that brings every class to a share of {100 * target:g} %: after "
        f"{MOST_ROUNDS} rounds the largest miss of the log odds is {np.abs(miss).max():.1e}."
    )


def wedge_shock(
    economy: Economy, link: Link, log_wedge: Float[np.ndarray, " c"], kind: Kind
) -> Shock:
    """The wedges of the classes as a shock: on top of the tariff in force, or as a real cost."""
    factor = jnp.exp(jnp.asarray(link.on_flows(log_wedge, economy)))
    if kind == "tariff":
        return Shock.of((1.0 + economy.tariff) * factor - 1.0, jnp.ones_like(economy.trade))
    return Shock.of(economy.tariff, factor)


def cut_off(
    economy: Economy, link: Link, shock: Shock | None = None, cost: float | None = None
) -> Shock:
    """The supplier stops selling those classes to the buyer, or sells at a higher real cost.

    Added to what the shock holds already.
    """
    shock = Shock.none(economy) if shock is None else shock
    hit = jnp.asarray(link.on_flows(np.ones(len(link.classes)), economy))
    if cost is None:
        return replace(shock, allowed=shock.allowed * (1.0 - hit))
    return replace(shock, trade_cost_hat=shock.trade_cost_hat * (1.0 + cost * hit))


def loss_from(economy: Economy, shock: Shock, closure: Closure, country: int) -> float:
    """Minus the log change of a country's real income."""
    return -float(log_welfare(economy, solved(economy, shock, closure))[country])


def replace_world(economy: Economy, found: Equilibrium, shock: Shock) -> Economy:
    """The counterfactual as a baseline of its own: exact for every elasticity and closure."""
    return eqx.tree_at(
        lambda world: (world.trade, world.tariff), economy, (found.trade, shock.tariff)
    )


def _arrived(miss: Float[np.ndarray, " c"], log_wedge: Float[np.ndarray, " c"]) -> bool:
    """At the target where there is a wedge, at it or below where there is none."""
    return bool(np.all(np.where(log_wedge > 0, np.abs(miss), miss) <= FOUND))
