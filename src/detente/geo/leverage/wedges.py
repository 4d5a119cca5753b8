"""Threats as continuous wedges by direction and sector, with derivatives of both sides' losses."""

from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from ..._core import ScenarioError, Status
from ...closure import Closure
from ...equilibrium import solve, welfare_hat
from ...scenario import Scenario
from ...selection import country_mask, pairs, sector_mask
from ...simulation import prepare
from ...world import Baseline, Economy, Shock
from .losses import Sides
from .threats import Holder, Threat


class Pressure(eqx.Module):
    """A world on which log mark-ups can be put, by direction `w` and sector."""

    economy: Economy
    shock: Shock
    """What is in force without the threat."""
    closure: Closure
    direction: Float[Array, "w o d"]
    """One on the pairs of countries whose trade a direction withdraws."""
    side: Float[Array, "2 n"]
    """Income weights, each summing to one, of the target and of the senders."""
    without: Float[Array, "2"]
    """Log welfare of the two without the threat."""
    rent: Holder = eqx.field(static=True)

    def losses(self, log_markup: Float[Array, "w s"]) -> tuple[Float[Array, "2"], Array]:
        """L of the target and of the senders, and the status of the solve."""
        welfare, status = self._welfare(log_markup)
        return self.without - welfare, status

    def _welfare(self, log_markup: Float[Array, "w s"]) -> tuple[Float[Array, "2"], Array]:
        wedge = jnp.einsum("wod,ws->ods", self.direction, log_markup)
        equilibrium = solve(self.economy, self._under(wedge), self.closure)
        return self.side @ jnp.log(welfare_hat(self.economy, equilibrium)), equilibrium.status

    def _under(self, wedge: Float[Array, "o d s"]) -> Shock:
        shock = self.shock
        if self.rent == "nobody":
            return replace(shock, trade_cost_hat=shock.trade_cost_hat * jnp.exp(wedge))
        kept = 1.0 if self.rent == "importer" else 0.0
        cells = self.direction.sum(axis=0)[:, :, None] > 0
        none = jnp.zeros_like(wedge)
        held = none if shock.rent_to_importer is None else shock.rent_to_importer
        rationing = none if shock.rationing is None else shock.rationing
        return replace(
            shock,
            rationing=jnp.where(cells, jnp.expm1(wedge), rationing),
            rent_to_importer=jnp.where(cells, kept, held),
        )


def pressure(baseline: Baseline, threat: Threat, setting: Scenario) -> Pressure:
    """The wedges of a threat, all of them zero, on the world of a scenario."""
    played = prepare(baseline, setting)
    masks = [
        pairs(country_mask(baseline, exporters), country_mask(baseline, importers))
        for exporters, importers in threat.directions.values()
    ]
    rationed = played.shock.rationing
    if rationed is not None and threat.rent != "nobody":
        if (np.asarray(rationed)[np.any(masks, axis=0)] > 0).any():
            raise ScenarioError("a flow can be rationed once; the scenario rations it already.")
    sides = Sides.of(baseline, threat.senders, threat.target)
    weight = np.stack([sides.target, sides.senders]) * sides.income
    flat = Pressure(
        played.economy, played.shock, played.closure,
        jnp.asarray(np.stack(masks), float),
        jnp.asarray(weight / weight.sum(axis=1, keepdims=True)),
        jnp.zeros(2), threat.rent,
    )  # fmt: skip
    nowhere = jnp.zeros((len(masks), len(baseline.sectors)))
    lost, _, _ = losses_and_slopes(flat, nowhere)
    return eqx.tree_at(lambda world: world.without, flat, -lost)


def reachable(
    baseline: Baseline, threat: Threat, world: Pressure
) -> Bool[np.ndarray, "w s"]:  # fmt: skip
    """Whether there is trade to withdraw, in a sector that the threat names."""
    traded = np.einsum("wod,ods->ws", world.direction, world.economy.trade) > 0
    return traded & sector_mask(baseline, threat.sectors)


@eqx.filter_jit
def losses_and_slopes(
    world: Pressure, log_markup: Float[Array, "w s"]
) -> tuple[Float[Array, "2"], Float[Array, "2 w s"], Array]:
    """Both losses, their derivatives to every log mark-up (implicit), and the status."""
    lost, pull, status = jax.vjp(world.losses, log_markup, has_aux=True)
    (slopes,) = jax.vmap(pull)(jnp.eye(2))
    solved = status == Status.SOLVED.code
    return jnp.where(solved, lost, jnp.nan), slopes, status
