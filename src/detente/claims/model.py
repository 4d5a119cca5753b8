"""What the model computes for claims, in draws of what is uncertain; solved when first asked."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Annotated, Any, Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from pydantic import Discriminator, Tag

from .part import Part


if TYPE_CHECKING:
    from ..ensemble._stack import Measure
    from ..scenario import Scenario
    from ..world import Baseline


DRAWS = 100
"""For each scenario; enough for the ends of an interval that has to lie on one side."""
Draws = Float[np.ndarray, " d"]
Unit = Literal["percent", "million US$"]


class Played(Part):
    """Scenarios of the library, played together on one world."""

    scenarios: tuple[str, ...] = ()
    """Their policies in this order; none of them is the world as it is."""
    horizon: Literal["long", "short"] = "long"
    baseline: str = "compact-2022"
    setting: str = ""
    """The scenario whose nests of substitution hold for all, also where it is not played."""

    @property
    def after(self) -> str:
        names = [name.partition("/")[2] or name for name in self.scenarios]
        return f"after {' with '.join(names) or 'nothing'}, {self.horizon} run"


class Welfare(Played):
    """A country's change of real income."""

    country: str

    def named(self) -> str:
        return f"real income of {self.country} {self.after}"

    def size(self, found: dict[str, Any], world: "Baseline", unit: Unit) -> Draws:
        """Percent in logs, so that one scenario after another adds up; or equivalent variation."""
        place = world.country_index[self.country]
        change = found["log_welfare"][:, place]
        if unit == "percent":
            return 100.0 * change
        return np.expm1(change) * float(world.economy.income[place])


class Exports(Played):
    """The change of one country's exports to another, at producer prices."""

    exporter: str
    importer: str
    sectors: Literal["goods", "services"]

    def named(self) -> str:
        return f"exports of {self.sectors} from {self.exporter} to {self.importer} {self.after}"

    def size(self, found: dict[str, Any], world: "Baseline", unit: Unit) -> Draws:
        """Percent of the baseline's flow, or million US$ in the numeraire."""
        origin, destination = world.country_index[self.exporter], world.country_index[self.importer]
        change = found[self.sectors][:, origin, destination]
        chosen = [world.sector_index[code] for code in world.sector_groups[self.sectors]]
        before = float(world.economy.trade[origin, destination, np.array(chosen)].sum())
        return 100.0 * change / before if unit == "percent" else change


def _which(value: Any) -> str:
    keys = value if isinstance(value, dict) else type(value).model_fields
    return "exports" if "exporter" in keys else "welfare"


Effect = Annotated[
    Annotated[Welfare, Tag("welfare")] | Annotated[Exports, Tag("exports")], Discriminator(_which)
]
"""An effect of scenarios; which one its keys say."""


class Model:
    """Answers to all that a ledger asks: each scenario is solved once, in the same draws."""

    def __init__(
        self, wanted: Iterable[Welfare | Exports], progress: Callable[[str], None] = lambda _: None
    ) -> None:
        self._wanted = [one for one in wanted if one.scenarios]
        self._progress = progress
        self._solved: dict[Any, dict[str, Any]] = {}

    def effect(self, one: Welfare | Exports, unit: Unit) -> Draws:
        """By draw; exactly zero for the world as it is, not a number where nothing was solved."""
        if not one.scenarios:
            return np.zeros(1)
        if _key(one) not in self._solved:
            self._solve(one)
        return one.size(self._solved[_key(one)], _world(one.baseline), unit)

    def _solve(self, asked: Played) -> None:
        """All that is wanted in this setting: together they share draws and a program."""
        from ..ensemble import play_draws, sample

        setting = _played(asked).adjustment
        group = {_key(one): _played(one) for one in (asked, *self._wanted) if _same(one, asked)}
        group = {key: played for key, played in group.items() if played.adjustment == setting}
        world, scenarios = _world(asked.baseline), list(group.values())
        found = play_draws(
            world, scenarios, sample(scenarios, world), _measure(asked.baseline), self._progress
        )
        for place, key in enumerate(group):
            self._solved[key] = {name: values[:, place] for name, values in found.items()}


def _key(one: Played) -> tuple[str, str, str, tuple[str, ...]]:
    return one.baseline, one.horizon, one.setting, one.scenarios


def _same(one: Played, other: Played) -> bool:
    return (one.baseline, one.horizon) == (other.baseline, other.horizon)


def _played(one: Played) -> "Scenario":
    from ..scenario import combined, load_scenario

    settings = (
        f'horizon="{one.horizon}"', f'baseline="{one.baseline}"', f"uncertainty.draws={DRAWS}"
    )  # fmt: skip
    played = combined(*(load_scenario(name, settings) for name in one.scenarios))
    if not one.setting:
        return played
    adjustment = load_scenario(one.setting, settings).adjustment
    return played.model_copy(update={"adjustment": adjustment})


@cache
def _world(name: str) -> "Baseline":
    from ..calibrate.baseline import load_baseline

    return load_baseline(name)


@cache
def _measure(name: str) -> "Measure":
    """What claims are about, of one equilibrium; the same function for one world, so that it is
    compiled once."""
    import jax.numpy as jnp

    from ..ensemble import log_welfare
    from ..selection import sector_mask

    world = _world(name)
    masks = {group: jnp.asarray(sector_mask(world, (group,))) for group in ("goods", "services")}

    def effects(economy: Any, found: Any) -> dict[str, Any]:
        moved = found.trade - economy.trade
        return {"log_welfare": log_welfare(economy, found)} | {
            group: (moved * mask).sum(axis=2) for group, mask in masks.items()
        }

    return effects
