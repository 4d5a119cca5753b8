"""Scenarios in every draw, solved side by side."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import jax
import numpy as np
from jaxtyping import Array, Bool, Int, PyTree

from ..scenario import Scenario
from ..world import Baseline
from ._setting import DrawnWorld, Policies, setting_of
from ._shortages import Shortages
from ._stack import log_welfare
from .batches import Batch, in_batches, Measure, Progress, Runner, solve_batch
from .draws import Draws


# Numbers that one batch holds at once, and the most members it has: a slow one holds up the others,
# and few draws fill up a whole batch.
_HELD, _MEMBERS = 3_000_000, 32
# A member that searches for wedges takes many times as long, and some much longer than others.
_SEARCHING = 8


def play_draws(
    baseline: Baseline,
    scenarios: Sequence[Scenario],
    draws: Draws,
    of: Measure = log_welfare,
    progress: Progress = lambda done: None,
    *,
    wanted: Bool[np.ndarray, "d p"] | None = None,
    runner: Runner = map,
) -> Any:
    """What `of` makes of every scenario in every draw, as arrays with leading axes `d p`.

    Without `of`: the log change of real income by draw, scenario and country; not a number where
    nothing was solved. All scenarios see the same draws, so that their differences are not those
    of the draws; they must share horizon, adjustment and elasticities. Where `wanted` is false
    nothing is solved, and what stands there is not a number. `runner` may solve elsewhere.
    """
    setting, policies, rebased = setting_of(baseline, scenarios, draws)
    shortages = Shortages.of(baseline, scenarios, draws)
    # Every batch has one shape and no name: one program serves any number of draws of anything.
    plain = replace(draws, assumptions=(), level=0.0)
    every = np.ones((len(draws), len(scenarios)), bool) if wanted is None else wanted
    idle = np.array([of is log_welfare and _is_idle(scenario) for scenario in scenarios])
    draw_of, scenario_of = np.nonzero(every & ~idle)
    if not len(draw_of):
        unmoved = np.where(every[:, :, None], 0.0, np.nan)
        return np.repeat(unmoved, len(baseline.countries), axis=2)

    def members(at: Int[np.ndarray, " b"]) -> tuple[Policies, Draws]:
        acting, now = policies.at(scenario_of[at]), plain.at(draw_of[at])
        if not searches[at].any():
            acting = replace(acting, quantities=None)
        if rebased is not None:
            acting = replace(acting, shock=rebased.shock(acting.shock, scenario_of[at], now))
        if shortages is not None:
            acting = replace(acting, shock=shortages.shock(acting.shock, scenario_of[at], now))
        return acting, now

    size = max(1, min(_MEMBERS, _HELD // setting.economy.trade.size))
    solve_all = partial(solve_batch, _solved, of, setting)
    searches = _searches(policies)[scenario_of]
    # A search takes several solves: members without one do not wait for it.
    groups = [at for at in (np.flatnonzero(~searches), np.flatnonzero(searches)) if len(at)]
    solve_group = lambda group: in_batches(
        solve_all,
        partial(_among, members, group),
        len(group),
        min(size, _SEARCHING) if searches[group].any() else size,
        progress,
        runner,
    )
    parts = [*map(solve_group, groups)]
    back = np.argsort(np.concatenate(groups))
    results = jax.tree.map(lambda *pieces: np.concatenate(pieces)[back], *parts)
    return jax.tree.map(lambda leaf: _in_place(leaf, every, idle), results)


def _among(
    members: Callable[[Int[np.ndarray, " b"]], Batch],
    group: Int[np.ndarray, " g"],
    at: Int[np.ndarray, " b"],
) -> Batch:
    return members(group[at])


def _searches(policies: Policies) -> Bool[np.ndarray, " p"]:
    """Which scenarios state quantities, whose wedges have to be found."""
    if policies.quantities is None:
        return np.zeros(len(policies.shock.tariff), bool)
    return np.asarray(policies.quantities.cells.any(axis=(1, 2, 3, 4)))


def _is_idle(scenario: Scenario) -> bool:
    """Whether the scenario changes nothing, so that every drawn world is already its solution."""
    return not scenario.in_force and scenario.adjustment.deficits != "removed"


def _in_place(
    solved: np.ndarray, wanted: Bool[np.ndarray, "d p"], idle: Bool[np.ndarray, " p"]
) -> np.ndarray:
    """Results in order, put at their draw and scenario; scenarios that change nothing give zero."""
    placed = np.full((*wanted.shape, *solved.shape[1:]), np.nan)
    placed[wanted & idle] = 0.0
    placed[wanted & ~idle] = solved
    return placed


def _solved(of: Measure, setting: DrawnWorld, member: tuple[Policies, Draws]) -> PyTree[Array]:
    return of(*setting.solve(*member))
