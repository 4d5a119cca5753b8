"""What draws do to a world and a shock: the arrays of a scenario, and those of one draw of it."""

from collections.abc import Sequence
from dataclasses import replace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from .._core import Keeper, KEEPERS, Status
from ..adjustment import nests_of
from ..closure import Closure, FREE, Nests, ProducedCapital, WageFloor
from ..equilibrium import (
    balanced,
    Equilibrium,
    in_steady_state,
    Quantities,
    resized,
    solve_for,
)
from ..pace import matched, PUBLISHED
from ..policy import Rationing
from ..policy.potential_shares import hide
from ..quantities import stacked_quantities
from ..scenario import compile_shock, Scenario, wanted_shares, with_potential
from ..simulation import prepare
from ..world import Baseline, Economy, Shock
from ._bases import Bases, rebased, ShocksByBase
from ._stack import refuse_mixed, stacked
from .draws import Draws, HOLDERS, OWN_HOLDER


class Rents(eqx.Module):
    """The mark-ups of rationing in logs, whoever keeps them."""

    markup: Float[Array, "p o d s"]
    burnt: Float[Array, "p o d s"]
    """The part that the scenario itself leaves to nobody, which is in its real trade cost."""
    to_importer: Float[Array, "p o d s"]
    """The part of what is kept that the importer has in the scenario itself."""


class Policies(eqx.Module):
    """What the scenarios change, in arrays with a leading axis `p`."""

    shock: Shock
    rents: Rents | None
    """Where their holder is drawn."""
    quantities: Quantities | None = None
    """Where policies state them: their wedges are found again in every draw."""

    def at(self, chosen: Int[np.ndarray, " e"]) -> "Policies":
        return jax.tree.map(lambda leaf: leaf[chosen], self)


class DrawnWorld(eqx.Module):
    """The world that all scenarios and draws share, with what draws move in it."""

    economy: Economy
    """With the elasticities and the horizon of the scenarios, before deficits are removed."""
    bases: Bases
    closure: Closure
    produced: ProducedCapital | None
    """What capital costs and is made of, where it is produced."""
    wanted: tuple[Float[Array, "o d s"], ...]
    """Potential trade, to be added once deficits are removed and flows are drawn."""
    removes_deficits: bool = eqx.field(static=True)

    def solve(self, policies: Policies, draw: Draws) -> tuple[Economy, Equilibrium]:
        """Solve one scenario in one draw; the arrays of both come without their leading axes."""
        economy, closure = self._world(draw)
        code = jnp.array(Status.SOLVED.code)
        if self.removes_deficits:
            economy, code = balanced(economy, closure)
        for wanted in self.wanted:
            economy = hide(economy, wanted, self.closure.nests)
        given = _with_holder(policies, draw)
        shock = resized(given, economy, draw.size)
        # A bottleneck has ranges of its own: its size is not drawn once more.
        whole = (*draw.whole, "productivity_hat")
        shock = replace(shock, **{name: getattr(given, name) for name in whole})
        quantities = _with_drawn_holder(policies.quantities, draw)
        equilibrium = solve_for(economy, shock, closure, quantities, draw.size)
        # Without a world to start from there is no answer, whatever the solver makes of it.
        status = jnp.where(code == Status.SOLVED.code, equilibrium.status, code)
        return economy, replace(equilibrium, status=status)

    def _world(self, draw: Draws) -> tuple[Economy, Closure]:
        theta = self.economy.trade_elasticity * draw.elasticity
        closure = replace(
            _at_pace(self.closure, draw),
            profit_share=_profit_share(self.closure, draw),
            nests=_with_elasticities(self.closure.nests, theta, draw),
            wage_floor=_floor(self.closure.wage_floor, draw),
        )
        economy = self.bases.between(self.economy, draw.line_average, draw.alternative)
        economy = replace(economy, trade_elasticity=theta)
        if self.produced is None:
            return economy, closure
        share = self.produced.share * draw.capital_share
        produced = replace(self.produced, share=share, discount_rate=draw.discount_rate)
        return in_steady_state(economy, produced), closure


def setting_of(
    baseline: Baseline, scenarios: Sequence[Scenario], draws: Draws
) -> tuple[DrawnWorld, Policies, ShocksByBase | None]:
    """The arrays of scenarios that share horizon, adjustment and elasticities.

    The last gives the policies on the baseline of a draw; None where the baseline is not drawn.
    """
    refuse_mixed(scenarios)
    first = scenarios[0]
    adjustment = first.adjustment
    bare = prepare(baseline, first.model_copy(update={"policies": {}}))
    chosen, removes = bare.baseline, adjustment.deficits == "removed"
    sought: dict[bytes, Float[np.ndarray, "o d s"]] = {}
    for scenario in scenarios:
        shares = wanted_shares(scenario, chosen)
        chosen = with_potential(scenario, chosen)
        if shares.any():
            # The same again changes nothing but what others put in its place meanwhile.
            sought.pop(shares.tobytes(), None)
            sought[shares.tobytes()] = shares
    wanted = [jnp.asarray(shares) for shares in sought.values()]
    closure = bare.closure
    if "nests" in draws.assumptions:
        given = replace(baseline, economy=bare.given)
        closure = replace(closure, nests=nests_of(adjustment, given))
    bases = Bases.of(baseline, draws.assumptions)
    later = removes or bases.are_drawn
    setting = DrawnWorld(
        economy=bare.given if later else chosen.economy,
        bases=bases,
        closure=closure,
        produced=bare.produced,
        wanted=tuple(wanted) if later else (),
        removes_deficits=removes,
    )
    policies = _policies(scenarios, chosen, "rents" in draws.assumptions)
    if not bases.are_drawn:
        return setting, policies, None

    def world_at(line_average: float, alternative: float) -> Baseline:
        economy = bases.between(bare.given, jnp.array(line_average), jnp.array(alternative))
        if bare.produced is not None:
            economy = in_steady_state(economy, bare.produced)
        if removes:
            economy = balanced(economy, bare.closure)[0]
        for shares in wanted:
            economy = hide(economy, shares)
        return replace(chosen, economy=economy)

    return setting, policies, rebased(scenarios, policies.shock, world_at, bases)


def _policies(scenarios: Sequence[Scenario], baseline: Baseline, draws_rents: bool) -> Policies:
    shock = stacked([compile_shock(scenario, baseline) for scenario in scenarios])
    quantities = stacked_quantities(scenarios, baseline)
    if not draws_rents:
        return Policies(shock, None, quantities)
    markup = jnp.stack([_markup(scenario, baseline) for scenario in scenarios])
    kept = lambda value: jnp.zeros_like(markup) if value is None else value
    burnt = markup - jnp.log1p(kept(shock.rationing))
    rents = Rents(markup, burnt, kept(shock.rent_to_importer))
    return Policies(shock, rents, quantities)


def _markup(scenario: Scenario, baseline: Baseline) -> Float[Array, "o d s"]:
    """Log of all mark-ups of rationing: the rise of real trade costs if nobody kept the rents."""
    wasted = {
        name: policy.model_copy(update={"rent": "nobody"})
        if isinstance(policy, Rationing)
        else policy
        for name, policy in scenario.policies.items()
    }
    others = {
        name: policy
        for name, policy in scenario.policies.items()
        if not isinstance(policy, Rationing)
    }
    cost = lambda policies: jnp.log(
        compile_shock(scenario.model_copy(update={"policies": policies}), baseline).trade_cost_hat
    )
    return cost(wasted) - cost(others)


def _with_holder(policies: Policies, draw: Draws) -> Shock:
    """The shock with its mark-ups kept by the holder of the draw."""
    shock, rents = policies.shock, policies.rents
    if rents is None:
        return shock
    own = draw.rent_holder == OWN_HOLDER
    wasted = draw.rent_holder == HOLDERS["nobody"]
    kept = jnp.where(draw.rent_holder == HOLDERS["importer"], 1.0, 0.0)
    burnt = jnp.where(own, rents.burnt, jnp.where(wasted, rents.markup, 0.0))
    return replace(
        shock,
        trade_cost_hat=shock.trade_cost_hat * jnp.exp(burnt - rents.burnt),
        rationing=jnp.expm1(rents.markup - burnt),
        rent_to_importer=jnp.where(own, rents.to_importer, kept),
    )


def _floor(floor: WageFloor | None, draw: Draws) -> WageFloor | None:
    """The floor of the draw, in the countries that have one."""
    if floor is None:
        return None
    fall = jnp.where(floor.fall > FREE, jnp.log(draw.lowest_wage), floor.fall)
    return replace(floor, fall=fall)


def _with_drawn_holder(quantities: Quantities | None, draw: Draws) -> Quantities | None:
    """What is wanted, with the rents of limits kept by the holder of the draw."""
    if quantities is None:
        return None
    drawn = jnp.stack([draw.rent_holder == _holder(keeper) for keeper in KEEPERS]).astype(float)
    is_drawn = (quantities.is_limit > 0) & (draw.rent_holder != OWN_HOLDER)
    keeper = jnp.where(is_drawn[:, None], drawn[None, :], quantities.keeper)
    return replace(quantities, keeper=keeper)


def _holder(keeper: Keeper) -> int:
    """The code of a draw for who has a rent; one that no draw has for who never has."""
    return next((code for holder, code in HOLDERS.items() if holder == keeper), -1)


def _profit_share(closure: Closure, draw: Draws) -> Float[Array, " s"] | None:
    """One over sigma at the elasticities of the draw, which are of the long run at any horizon."""
    if closure.profit_share is None:
        return None
    return 1.0 / (1.0 + (1.0 / closure.profit_share - 1.0) * draw.elasticity)


def _at_pace(closure: Closure, draw: Draws) -> Closure:
    """Buyers and workers at the pace of the draw, at its elasticities; see `pace.matched`."""
    staggered, immobility = closure.staggered, closure.labour_immobility
    if staggered is None:
        return closure
    pace = matched(draw.nearly_long_run)
    factor = draw.elasticity * pace.locked_ratio / PUBLISHED.locked_ratio
    locked = staggered.locked_elasticity * factor
    return replace(
        closure,
        staggered=replace(staggered, reset=pace.reset, locked_elasticity=locked),
        labour_immobility=pace.immobility(1) if staggered.moves_labour else immobility,
    )


def _with_elasticities(nests: Nests | None, theta: Float[Array, " s"], draw: Draws) -> Nests | None:
    """Nests whose elasticities stay in proportion to the sector's, but for what the draw moves.

    The first group holds the origins that no nest names, so it is none of the scenario's nests.
    """
    if nests is None:
        return None
    first = jnp.arange(len(nests.elasticity))[:, None] == 0
    own = jnp.where(first, 1.0, draw.nest_elasticity)
    return replace(
        nests,
        home_elasticity=theta * draw.home_elasticity,
        elasticity=nests.elasticity * draw.elasticity[None] * own,
    )
