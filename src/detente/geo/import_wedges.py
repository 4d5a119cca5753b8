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
from jax.scipy.special import logit
from jaxtyping import Array, Bool, Float

from .._core import SolveError
from ..closure import Closure
from ..ensemble import log_welfare
from ..equilibrium import Keeper, seek, solved, Wedged, where_solved
from ..simulation import Play
from ..world import Economy, Shock


Kind = Literal["tariff", "real cost"]
KINDS: tuple[Kind, ...] = ("tariff", "real cost")
_KEEPERS: dict[Kind, Keeper] = {"tariff": "treasury", "real cost": "nobody"}


class Link(eqx.Module):
    """The trade that is to be diversified: one supplier, one buyer, classes of sectors."""

    supplier: int
    buyer: int
    classes: Bool[np.ndarray, "c s"]
    """Which sectors a class is made of; one wedge for each class."""

    def shares(self, trade: Float[Array | np.ndarray, "o d s"]) -> Float[Array, " c"]:
        """The supplier's part of the buyer's imports of every class, border values."""
        imports = jnp.asarray(trade)[:, self.buyer].at[self.buyer].set(0.0)
        by_class = imports @ jnp.asarray(self.classes, float).T
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


class _Imports(eqx.Module):
    """The shares of a link as the wedges move them."""

    world: Wedged
    link: Link

    def log_odds(self, log_wedge: Float[Array, " c"]) -> Float[Array, " c"]:
        equilibrium = self.world.under(log_wedge)
        return where_solved(equilibrium, logit(self.link.shares(equilibrium.trade)))


def diversify_to(played: Play, link: Link, target: float, kind: Kind) -> Diversified:
    """The smallest wedges that bring every class to the target or below.

    Raises `SolveError` where an equilibrium was not found or no wedge brings a class to the target.
    """
    economy, none = played.economy, np.zeros(len(link.classes))
    cells = np.stack([link.on_flows(row, economy) for row in np.eye(len(none))])
    world = Wedged.of(economy, Shock.none(economy), played.closure, cells, _KEEPERS[kind])
    odds = logit(jnp.full(len(none), target))
    sought = seek(_Imports(world, link).log_odds, odds, jnp.asarray(none), at_most=True)
    if not sought.found:
        raise SolveError(
            f"no {kind} was found that brings every class to a share of {100 * target:g} %; "
            f"{sought.nearest}."
        )
    wedged = world.shock_under(sought.log_wedge)
    shock = Shock.of(wedged.tariff, wedged.trade_cost_hat)
    equilibrium = solved(economy, shock, played.closure)
    return Diversified(
        np.expm1(np.asarray(sought.log_wedge)),
        np.asarray(link.shares(equilibrium.trade)),
        replace(
            economy,
            trade=equilibrium.trade,
            tariff=shock.tariff,
            input_trade=equilibrium.input_trade,
        ),
        shock,
        np.asarray(log_welfare(economy, equilibrium)),
    )


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
