"""Scenarios on one baseline, solved side by side."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import cache
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, PyTree

from .._core import ScenarioError, Status
from ..closure import Closure
from ..equilibrium import Equilibrium, solve, welfare_hat
from ..scenario import compile_shock, Scenario, with_potential
from ..simulation import prepare
from ..world import Baseline, Economy, Shock


Measure = Callable[[Economy, Equilibrium], PyTree[Array]]
# Numbers that one batch holds at once: flows of all its members, times what a solve keeps of each.
_HELD = 6_000_000


class Stack(eqx.Module):
    """Shocks to one economy under one closure; every array of the shock has a leading axis `p`."""

    economy: Economy
    shock: Shock
    closure: Closure

    def __len__(self) -> int:
        return len(self.shock.tariff)

    def part(self, chosen: slice) -> "Stack":
        return replace(self, shock=jax.tree.map(lambda leaf: leaf[chosen], self.shock))


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
    return Stack(chosen.economy, stacked(shocks), played.closure)


def play_all(
    baseline: Baseline,
    scenarios: Sequence[Scenario],
    of: Measure = log_welfare,
    progress: Callable[[str], None] = lambda done: None,
) -> Any:
    """What `of` makes of every scenario's equilibrium, as arrays with a leading axis `p`.

    Without `of`: the log change of real income by scenario and country.
    """
    together = stack(baseline, scenarios)
    size = max(1, _HELD // together.economy.trade.size)
    # Batches of one shape, so that one compilation serves them all.
    size = min(size, len(together))
    batches = []
    for start in range(0, len(together), size):
        progress(f"{start} of {len(together)}")
        part = together.part(slice(start, start + size))
        missing = size - len(part)
        batches.append(_trimmed(_measured(of)(_padded(part, missing)), size - missing))
    return jax.tree.map(lambda *parts: np.concatenate(parts), *batches)


@cache
def _measured(of: Measure) -> Callable[[Stack], Any]:
    """Compiled once for each measure."""

    @eqx.filter_jit
    def batch(together: Stack) -> Any:
        one = lambda shock: of(together.economy, solve(together.economy, shock, together.closure))
        return jax.vmap(one)(together.shock)

    return batch


def _padded(together: Stack, missing: int) -> Stack:
    if not missing:
        return together
    pad = lambda leaf: jnp.concatenate([leaf, jnp.repeat(leaf[-1:], missing, axis=0)])
    return replace(together, shock=jax.tree.map(pad, together.shock))


def _trimmed(values: Any, size: int) -> Any:
    return jax.tree.map(lambda leaf: np.asarray(leaf)[:size], values)


def refuse_mixed(scenarios: Sequence[Scenario]) -> None:
    for setting in ("horizon", "adjustment", "elasticities"):
        if any(getattr(one, setting) != getattr(scenarios[0], setting) for one in scenarios):
            raise ScenarioError(f"scenarios that are solved together must have the same {setting}.")


def stacked(shocks: Sequence[Shock]) -> Shock:
    """A wedge that any of the shocks has is there in all, neutral where a shock has none."""
    filled = [replace(shock, **_missing(shock, shocks)) for shock in shocks]
    return jax.tree.map(lambda *leaves: jnp.stack(leaves), *filled)


def _missing(shock: Shock, others: Sequence[Shock]) -> dict[str, Array]:
    """The wedges that others have and this shock has not, each where it changes nothing."""
    neutral = {"taste_hat": 1.0}
    wedges: dict[str, Array] = {}
    for name in (field.name for field in fields(Shock) if getattr(shock, field.name) is None):
        like = next((value for one in others if (value := getattr(one, name)) is not None), None)
        if like is not None:
            wedges[name] = jnp.full_like(like, neutral.get(name, 0.0))
    return wedges
