"""Scenarios on one baseline, solved side by side."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, PyTree

from .._core import ScenarioError, Status
from ..closure import Closure
from ..equilibrium import Equilibrium, Quantities, solve_for, welfare_hat
from ..quantities import stacked_quantities
from ..scenario import compile_shock, Scenario, with_potential
from ..simulation import prepare, refuse_passing
from ..world import Baseline, Economy, Shock
from .batches import in_batches, Measure, Progress, Runner, solve_batch


# Numbers that one batch holds at once: flows of all its members, times what a solve keeps of each.
_HELD = 6_000_000


class Stack(eqx.Module):
    """Shocks to one economy under one closure; every array of the shock has a leading axis `p`."""

    economy: Economy
    shock: Shock
    closure: Closure
    quantities: Quantities | None = None
    """With a leading axis too, where any of them states quantities."""

    def __len__(self) -> int:
        return len(self.shock.tariff)


def log_welfare(economy: Economy, equilibrium: Equilibrium) -> Float[Array, " n"]:
    """The log of the exact change of real income; not a number where nothing was solved."""
    solved = equilibrium.status == Status.SOLVED.code
    return jnp.where(solved, jnp.log(welfare_hat(economy, equilibrium)), jnp.nan)


def stack(baseline: Baseline, scenarios: Sequence[Scenario]) -> Stack:
    """The scenarios as one batch. They must share horizon, adjustment and elasticities.

    Raises `ScenarioError` where they do not, and for names that the baseline does not have.
    """
    first = scenarios[0]
    refuse_mixed(scenarios)
    played = prepare(baseline, first.model_copy(update={"policies": {}}))
    chosen = played.baseline
    # One world for all: it holds whatever potential trade any of them lets in.
    for scenario in scenarios:
        chosen = with_potential(scenario, chosen)
    shocks = [compile_shock(scenario, chosen) for scenario in scenarios]
    quantities = stacked_quantities(scenarios, chosen)
    return Stack(chosen.economy, stacked(shocks), played.closure, quantities)


def play_all(
    baseline: Baseline,
    scenarios: Sequence[Scenario],
    of: Measure = log_welfare,
    progress: Progress = lambda done: None,
    runner: Runner = map,
) -> Any:
    """What `of` makes of every scenario's equilibrium, as arrays with a leading axis `p`.

    Without `of`: the log change of real income by scenario and country. `runner` may solve
    elsewhere.
    """
    together = stack(baseline, scenarios)
    size = max(1, min(_HELD // together.economy.trade.size, len(together)))
    every = together.shock, together.quantities
    members = lambda at: jax.tree.map(lambda leaf: leaf[at], every)
    solve_all = partial(solve_batch, _solved, of, (together.economy, together.closure))
    return in_batches(solve_all, members, len(together), size, progress, runner)


def _solved(
    of: Measure, world: tuple[Economy, Closure], member: tuple[Shock, Quantities | None]
) -> PyTree[Array]:
    economy, closure = world
    shock, quantities = member
    return of(economy, solve_for(economy, shock, closure, quantities))


def refuse_mixed(scenarios: Sequence[Scenario]) -> None:
    for one in scenarios:
        refuse_passing(one)
    for setting in ("horizon", "adjustment", "elasticities"):
        if any(getattr(one, setting) != getattr(scenarios[0], setting) for one in scenarios):
            raise ScenarioError(f"scenarios that are solved together must have the same {setting}.")


def stacked(shocks: Sequence[Shock]) -> Shock:
    """A wedge that any of the shocks has is there in all, neutral where a shock has none."""
    wedges = {name: one for shock in shocks for name, one in shock.neutral().items()}
    filled = [shock.filled(wedges) for shock in shocks]
    return jax.tree.map(lambda *leaves: jnp.stack(leaves), *filled)
