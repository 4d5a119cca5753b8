"""What the desk's page needs to draw what is uncertain: the engine's own draws, and what they move.

Python draws and compiles; the page interpolates between worlds that were compiled here, and what it
would make of random draws at random positions is held to `compile_shock` before they are offered.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from .._core import ScenarioError
from ..adjustment import Horizon, nests_of
from ..ensemble import affordable, alone_places, Draws, sample
from ..pace import matched, PUBLISHED
from ..policy import Bottleneck, PARAMETERS, Rationing
from ..scenario import Scenario, wanted_shares
from ..uncertainty import Assumption, ASSUMPTIONS, DRIVERS
from ..world import Baseline
from .encoded import packed, places, sparse
from .sliders import Compiled, Coordinates, coordinates, moved, SAME, SliderDirection


_TRIALS = 3


@dataclass(frozen=True)
class _Base:
    """What a scenario makes of the other base of what is drawn."""

    tariff: Float[np.ndarray, "o d s"]
    """Of the shock at the scenario's own numbers, less that on its own base."""
    by_direction: Sequence[Float[np.ndarray, "o d s"]]
    """How much more each direction moves a tariff there."""


def draws_for_page(
    scenario: Scenario, baseline: Baseline, world: Baseline, made: Compiled, horizons: Sequence[str]
) -> dict[str, Any] | None:
    """The draws of a scenario for the page, at the horizons that it offers; None without any.

    `world` is the baseline as the scenario has it, and `made` what its sliders do there.
    `why` names the sentence that says why the page has none where a run has; `leftOut` says in
    words which assumptions it does not draw.
    """
    asked = affordable(scenario, baseline)
    if asked.draws == 0:
        return None
    scenario = scenario.model_copy(update={"uncertainty": asked})
    reason = _refusal(scenario, world)
    if reason:
        return {"why": reason}
    by_horizon = dict(_by_horizon(scenario, baseline, horizons))
    every = _every(by_horizon)
    if not every:
        return None
    parts = _parts(scenario, world, made, every)
    kept: list[Assumption] = [name for name in every if name in parts]
    return {
        "count": asked.draws,
        "level": asked.level,
        "drivers": DRIVERS,
        "leftOut": [ASSUMPTIONS[name] for name in every if name not in kept],
        "names": {name: ASSUMPTIONS[name] for name in kept},
        "byHorizon": {
            horizon: [name for name in draws.assumptions if name in kept]
            for horizon, draws in by_horizon.items()
        },
        "alone": {name: places(alone_places(name, every[name])) for name in kept},
        "parts": {**parts},
    }


def _refusal(scenario: Scenario, world: Baseline) -> str:
    """The name of the sentence that says why the page has no draws; empty where it has."""
    if scenario.adjustment.deficits == "removed":
        return "desk.no_draws_deficits"
    if world.economy.capital is not None or world.economy.input_trade is not None:
        return "desk.no_draws_setting"
    if scenario.adjustment.pass_through != 1.0:
        return "desk.no_draws_setting"
    if wanted_shares(scenario, world).any():
        return "desk.no_draws_potential"
    return ""


def _by_horizon(
    scenario: Scenario, baseline: Baseline, horizons: Sequence[str]
) -> Iterator[tuple[str, Draws]]:
    for name in horizons:
        horizon: Horizon = int(name) if name.isdigit() else "long" if name == "long" else "short"
        yield name, sample(scenario.model_copy(update={"horizon": horizon}), baseline)


def _every(by_horizon: Mapping[str, Draws]) -> dict[Assumption, Draws]:
    """By assumption, draws that have it: they are the same at every horizon that does."""
    return {name: draws for draws in by_horizon.values() for name in draws.assumptions}


def _parts(
    scenario: Scenario, world: Baseline, made: Compiled, every: Mapping[Assumption, Draws]
) -> dict[Assumption, Any]:
    """What each assumption is in every draw, of those that the page has exactly."""
    draws_tariffs = "tariffs" in every
    base = _base_of(scenario, world, made, draws_tariffs)
    has_tariffs = draws_tariffs and base is not None
    if base is None and draws_tariffs:
        base = _base_of(scenario, world, made, draws_tariffs=False)
    written: dict[Assumption, Callable[[Draws], Any]] = {
        "elasticities": lambda draws: _elasticities(np.asarray(draws.elasticity)),
        "pace": lambda draws: _pace(np.asarray(draws.nearly_long_run)),
        "rents": lambda draws: _rents(scenario, draws),
        "nests": lambda draws: _nests(scenario, world, draws),
        "size": lambda draws: packed(draws.size),
        "tariffs": lambda draws: base and has_tariffs and _tariffs(world, base, draws),
        "services_split": lambda draws: base and _split(world, draws),
        "wage_floor": lambda draws: packed(draws.lowest_wage),
        "bottlenecks": lambda draws: _bottlenecks(scenario, world, draws),
    }
    parts: dict[Assumption, Any] = {}
    for name, draws in every.items():
        part = written[name](draws) if name in written else None
        if part:
            parts[name] = part
    return parts


def _elasticities(factor: Float[np.ndarray, "d s"]) -> dict[str, Any]:
    """Factors as few patterns over sectors, each draw one of them at a size of its own."""
    relative = factor / factor[:, :1]
    rounded = relative.round(12)
    _, first, which = np.unique(rounded, axis=0, return_index=True, return_inverse=True)
    return {
        "patterns": packed(relative[first]),
        "which": places(which.ravel()),
        "scale": packed(factor[:, 0]),
    }


def _pace(nearly: Float[np.ndarray, " d"]) -> dict[str, Any]:
    """The pace of buyers, and how elastic those are who keep their supplier, over the middle's."""
    pace = matched(nearly)
    return {
        "reset": packed(pace.reset),
        "locked": packed(pace.locked_ratio / PUBLISHED.locked_ratio),
    }


def _rents(scenario: Scenario, draws: Draws) -> dict[str, Any] | None:
    """Who keeps the mark-ups; not where a mark-up is a real cost, which sliders cannot tell."""
    limits = [one for one in scenario.in_force.values() if isinstance(one, Rationing)]
    if any(one.rent == "nobody" for one in limits):
        return None
    return places(np.asarray(draws.rent_holder))


def _nests(scenario: Scenario, baseline: Baseline, draws: Draws) -> dict[str, Any]:
    nests = nests_of(scenario.adjustment, baseline)
    theta = np.asarray(baseline.economy.trade_elasticity)
    return {
        "groups": len(nests.member),
        "member": packed(nests.member),
        "relative": packed(np.asarray(nests.elasticity) / theta),
        "own": float(scenario.adjustment.home_relative_elasticity),
        "home": packed(draws.home_elasticity),
        "within": packed(draws.nest_elasticity),
    }


def _bottlenecks(scenario: Scenario, world: Baseline, draws: Draws) -> list[dict[str, Any]]:
    """The log productivity of the users of each item in every draw, cell by cell."""
    drawn = {name: np.asarray(draws.bottleneck[name]) for name in PARAMETERS}
    taken = [
        {name: float(values[draw]) for name, values in drawn.items()} for draw in range(len(draws))
    ]
    made = []
    for name, policy in scenario.in_force.items():
        if isinstance(policy, Bottleneck):
            every = policy.log_productivities(world, scenario.year, taken)
            flat = every.reshape(len(every), -1)
            at = np.flatnonzero(flat.any(axis=0))
            made.append({"policy": name, "at": places(at), "to": packed(flat[:, at])})
    return made


def _tariffs(world: Baseline, base: _Base, draws: Draws) -> dict[str, Any]:
    difference = np.asarray(world.line_average_tariff) - np.asarray(world.economy.tariff)
    return {
        "weight": packed(draws.line_average),
        "base": sparse(difference),
        "shock": sparse(base.tariff - difference),
        "directions": [sparse(more) for more in base.by_direction],
    }


def _split(world: Baseline, draws: Draws) -> dict[str, Any]:
    moved_flows = np.asarray(world.alternative_trade) - np.asarray(world.economy.trade)
    return {"weight": packed(draws.alternative), "base": sparse(moved_flows)}


def _base_of(
    scenario: Scenario, world: Baseline, made: Compiled, draws_tariffs: bool
) -> _Base | None:
    """What the page takes for the shock on a drawn base; None where that is not compiled so."""
    other = _world_at(world, float(draws_tariffs), 0.0)
    try:
        there = coordinates(scenario, other)
        directions = [_tariff_moved(one, scenario, other, there) for one in made.directions]
    except ScenarioError:
        return None
    more = [
        after - one.moved.get("tariff", 0.0)
        for one, after in zip(made.directions, directions, strict=True)
    ]
    base = _Base(there["tariff"] - made.wedges["tariff"], more)
    return base if _holds(base, scenario, world, made, draws_tariffs) else None


def _world_at(world: Baseline, line_average: float, alternative: float) -> Baseline:
    economy = world.economy
    if world.line_average_tariff is not None:
        tariff = economy.tariff + line_average * (world.line_average_tariff - economy.tariff)
        economy = replace(economy, tariff=jnp.asarray(tariff))
    if world.alternative_trade is not None:
        trade = economy.trade + alternative * (world.alternative_trade - economy.trade)
        economy = replace(economy, trade=jnp.asarray(trade))
    return replace(world, economy=economy)


def _tariff_moved(
    direction: SliderDirection, scenario: Scenario, world: Baseline, wedges: Coordinates
) -> Float[np.ndarray, "o d s"]:
    """How a direction moves tariffs in another world, per unit of its product."""
    first = direction.sliders[0]
    numbers = {first.key: first.low if first.value != first.low else first.high}
    if direction.change(numbers) == 0.0:
        # Another slider stands at nothing, and times nothing the first moves nothing.
        numbers = {slider.key: slider.high for slider in direction.sliders}
    after = coordinates(moved(scenario, numbers), world)
    return (after["tariff"] - wedges["tariff"]) / direction.change(numbers)


def _holds(
    base: _Base, scenario: Scenario, world: Baseline, made: Compiled, draws_tariffs: bool
) -> bool:
    """Whether the page's shock on a drawn base is the compiled one, at random positions."""
    random = np.random.default_rng(1)
    for _ in range(_TRIALS):
        line_average, alternative = random.uniform(size=2)
        weight = line_average if draws_tariffs else 0.0
        numbers = _anywhere(made, random)
        expected = coordinates(moved(scenario, numbers), _world_at(world, weight, alternative))
        page = made.at(numbers)
        change = [direction.change(numbers) for direction in made.directions]
        by_slider = sum(by * more for by, more in zip(change, base.by_direction, strict=True))
        page["tariff"] = page["tariff"] + weight * (base.tariff + by_slider)
        if not _same(expected, page):
            return False
    return True


def _anywhere(made: Compiled, random: np.random.Generator) -> dict[str, float]:
    """Random positions of all sliders."""
    return {
        slider.key: float(random.integers(2)) if slider.is_switch
        else float(random.uniform(slider.low, slider.high))
        for slider in made.sliders
    }  # fmt: skip


def _same(one: Coordinates, other: Coordinates) -> bool:
    """Whether wedges are the same to rounding; one that is not there is zero."""
    pairs = ((one.get(name, 0.0), other.get(name, 0.0)) for name in one.keys() | other.keys())
    return all(bool((np.abs(a - b) <= SAME).all()) for a, b in pairs)
