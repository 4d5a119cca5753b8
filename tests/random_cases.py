"""Worlds, closures and policies with sliders at random positions, for the desk's twin."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import jax.numpy as jnp
import numpy as np

from detente.closure import Closure, FREE, Nests, Staggered, WageFloor
from detente.desk.laws import Law, LINEAR, LOG, LOG_OF_PART, QUANTITY
from detente.desk.sliders import Compiled, Coordinates, ENABLED, Slider, SliderDirection
from detente.world import Capital, Economy, Shock

from . import closures
from .worlds import economy


Random = np.random.Generator
# How far sliders move what they move: a sixth of a log at most in each of a few directions.
SIZES = {"tariff": 0.15, "log_cost": 0.15, "export_tax": 0.1, "rationing": 0.15, "log_taste": 0.2,
         "log_productivity": 0.1, "opened": 0.3}  # fmt: skip
DEFICITS = {"fixed": 0.55, "proportional": 0.15, "saving": 0.15, "removed": 0.15}
LAWS = (LINEAR, LOG, LOG_OF_PART, QUANTITY)


@dataclass(frozen=True)
class Moved:
    """A world whose policies have sliders, and where these stand."""

    world: Economy
    compiled: Compiled
    numbers: dict[str, float]
    closure: Closure

    @property
    def shock(self) -> Shock:
        """What the policies are there, by the arithmetic of Python."""
        return shock_of(self.compiled.at(self.numbers))


def shock_of(wedges: Coordinates) -> Shock:
    """The shock of wedges in the terms of the sliders."""
    there = {name: jnp.asarray(value) for name, value in wedges.items()}
    exp = lambda name: jnp.exp(there[name]) if name in there else None
    return Shock(
        tariff=there["tariff"],
        trade_cost_hat=jnp.exp(there["log_cost"]),
        allowed=there["allowed"],
        export_tax=jnp.expm1(there["export_tax"]),
        rationing=there["rationing"],
        rent_to_importer=there["rent_to_importer"],
        taste_hat=exp("log_taste"),
        opened=there.get("opened"),
        productivity_hat=exp("log_productivity"),
    )


def moved_worlds(count: int, seed: int) -> Iterator[Moved]:
    """As many, no two alike; a seed draws the same again."""
    for at in range(count):
        random = np.random.default_rng([seed, at])
        world = _world(random)
        compiled = _policies(world, random)
        numbers = {one.key: _position(one, random) for one in compiled.sliders}
        yield Moved(world, compiled, numbers, _closure(world, random))


def _position(slider: Slider, random: Random) -> float:
    if slider.is_switch:
        return float(random.integers(2))
    return float(random.uniform(slider.low, slider.high))


def _world(random: Random) -> Economy:
    world = economy(int(random.integers(2**31)))
    world = replace(world, trade_elasticity=jnp.asarray(random.uniform(2.0, 8.0, 3)))
    if random.uniform() < 0.3:
        # A flow that a ban hides.
        here, there, sector = (*random.choice(5, 2, replace=False), random.integers(3))
        trade = np.asarray(world.trade).copy()
        trade[here, there, sector] = 0.0
        hidden = np.asarray(world.trade)
        world = replace(world, trade=jnp.asarray(trade), potential_trade=jnp.asarray(hidden))
    return _with_capital(world, random) if random.uniform() < 0.3 else world


def _with_capital(world: Economy, random: Random) -> Economy:
    """Capital of which a part is replaced out of a basket like that of final demand."""
    share, replaced = random.uniform(0.05, 0.3, 5), random.uniform(0.2, 0.6, 5)
    basket = np.asarray(world.final_share)
    spent = (share * replaced)[:, None] * np.asarray(world.value_added_share)
    inputs = np.asarray(world.input_share) + basket[:, :, None] * spent[:, None, :]
    capital = Capital(*map(jnp.asarray, (share, replaced, basket)))
    return replace(world, input_share=jnp.asarray(inputs), capital=capital)


def _policies(world: Economy, random: Random) -> Compiled:
    """Two or three policies, each with one or two numbers and perhaps a switch."""
    shape = world.trade.shape
    nothing, one = np.zeros(shape), np.ones(shape)
    prohibited = (random.uniform(size=shape) < 0.02) & (closures.ABROAD > 0)
    wedges = {
        "tariff": np.asarray(world.tariff), "log_cost": nothing, "allowed": one - prohibited,
        "export_tax": nothing, "rationing": nothing,
        "rent_to_importer": random.uniform(size=shape) * closures.ABROAD,
    }  # fmt: skip
    directions = tuple(_policy(f"policy{at}", random) for at in range(random.integers(2, 4)))
    return Compiled(wedges, directions, ())


def _policy(name: str, random: Random) -> SliderDirection:
    fields = ("first", "second")[: random.integers(1, 3)]
    sliders = [_slider(name, field, random) for field in fields]
    if random.uniform() < 0.3:
        sliders.append(Slider(name, ENABLED, 1.0, 0.0, 1.0, LINEAR, 1.0))
    most = np.prod([max(abs(s.size(s.low)), abs(s.size(s.high))) for s in sliders])
    moved: dict[str, np.ndarray] = {}
    for wedge in random.choice([*SIZES], random.integers(1, 3), replace=False):
        by_sector = wedge == "log_productivity"
        shape = (5, 3) if by_sector else (5, 5, 3)
        cells = (random.uniform(size=shape) < 0.3) * (1.0 if by_sector else closures.ABROAD)
        moved[str(wedge)] = cells * random.uniform(0.0, 1.0, shape) * SIZES[wedge] / most
    return SliderDirection(tuple(sliders), moved)


def _slider(name: str, field: str, random: Random) -> Slider:
    law: Law = LAWS[random.integers(len(LAWS))]
    low = 1.0 if law == QUANTITY else 0.0
    return Slider(
        name, field, low, low, low + random.uniform(0.5, 2.0), law, random.uniform(0.2, 1)
    )


def _closure(world: Economy, random: Random) -> Closure:
    """Some of all that may adjust; one in twelve is the third year of staggered buyers."""
    theta = world.trade_elasticity
    chance = lambda part, make: make() if random.uniform() < part else None
    number = lambda low, high: jnp.array(random.uniform(low, high))
    years = random.uniform() < 1 / 12
    parts: dict[str, Any] = {
        "labour_immobility": number(0.1, 1.0) if years else chance(0.4, lambda: number(0.0, 1.0)),
        "labour_supply": chance(0.3, lambda: number(0.0, 0.6)),
        "wage_floor": chance(0.3, lambda: _floor(random)),
        "nests": chance(0.4, lambda: _nests(theta, random)),
    }
    if years:
        locked = random.uniform(0.2, 0.6) * theta
        return Closure(**parts, staggered=Staggered(number(0.2, 0.5), locked, years=3))
    deficits: Any = str(random.choice([*DEFICITS], p=[*DEFICITS.values()]))
    if deficits == "saving":
        parts["labour_immobility"] = None
    return Closure(
        **parts,
        scale=chance(0.3, lambda: jnp.asarray(random.uniform(0, 0.5, 3)))
        if deficits != "saving"
        else None,
        profit_share=chance(0.3, lambda: jnp.asarray(random.uniform(0, 0.15, 3))),
        pass_through=chance(0.3, lambda: number(0.4, 1.0)),
        deficits=deficits,
    )


def _floor(random: Random) -> WageFloor:
    least = np.where(random.uniform(size=5) < 0.5, np.log(random.uniform(0.9, 1.0, 5)), FREE)
    pegged = random.integers(2, size=5).astype(float)
    return WageFloor(jnp.asarray(least), jnp.array(1.0), jnp.asarray(pegged))


def _nests(theta: Any, random: Random) -> Nests:
    member = np.zeros((2, 5, 3))
    second = random.integers(2, size=(5, 3)).astype(float)
    member[0], member[1] = 1.0 - second, second
    within = random.uniform(0.7, 2.0, (2, 1)) * np.asarray(theta)[None]
    return Nests(random.uniform(0.5, 1.2) * theta, jnp.asarray(member), jnp.asarray(within))
