"""What the model computes for claims, in draws of what is uncertain; solved when first asked."""

import json
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Protocol, runtime_checkable, TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from pydantic import Discriminator, Field, Tag

from .. import library
from .._core import ClaimError, nearest
from .._document import Request


if TYPE_CHECKING:
    from ..ensemble.batches import Measure
    from ..scenario import Scenario
    from ..world import Baseline


DRAWS = 100
"""For each scenario; enough for the ends of an interval that has to lie on one side."""
Draws = Float[np.ndarray, " d"]
Unit = Literal["percent", "million US$"]


class ModelInterval(NamedTuple):
    """The ends and the middle of the solved draws, and the share that was solved."""

    low: float
    median: float
    high: float
    solved: float


def range_of_draws(draws: Draws) -> ModelInterval:
    """The interval of the draws as every answer has it: nine tenths of those that are solved."""
    # Loaded here: a ledger whose answers are kept needs no engine.
    from ..ensemble import interval

    drawn = interval(draws)
    return ModelInterval(float(drawn.low), float(drawn.median), float(drawn.high), drawn.solved)


class Override(NamedTuple):
    """One setting of scenarios other than their own, where nothing else is drawn or moved."""

    change: str
    """`PATH=VALUE`, as `detente run --set` takes it."""
    scenario: str = ""
    """The scenario of the library that it is set in; all that are played where none is named."""

    def of(self, scenario: str) -> tuple[str, ...]:
        return (self.change,) if self.scenario in ("", scenario) else ()


@runtime_checkable
class ModelQuestion(Protocol):
    """What a check asks of the model."""

    @property
    def key(self) -> str:
        """The same for the same question."""
        ...

    @property
    def unit(self) -> str: ...

    def named(self) -> str: ...

    def found_by(self, model: "Model", assumed: Override | None = None) -> ModelInterval:
        """The answer in draws, or without draws and with one setting changed (`assumed`)."""
        ...


class ScenarioSet(Request):
    """Scenarios of the library, played together on one world."""

    scenarios: tuple[str, ...] = ()
    """Their policies in this order; none of them is the world as it is."""
    horizon: Literal["long", "short"] = "long"
    baseline: str = "compact-2022"
    setting: str = ""
    """The scenario whose nests of substitution hold for all, also where it is not played."""
    # Where nothing is left out nothing is said, so that an answer which was kept before is found.
    without: Annotated[tuple[str, ...], Field(exclude_if=operator.not_)] = ()
    """Policies of these scenarios that are switched off, by name."""

    @property
    def after(self) -> str:
        names = [name.partition("/")[2] or name for name in self.scenarios]
        off = f" without its {' and '.join(self.without)}" if self.without else ""
        return f"after {' with '.join(names) or 'nothing'}{off}, {self.horizon} run"


class Welfare(ScenarioSet):
    """A country's change of real income."""

    country: str

    def named(self) -> str:
        return f"real income of {self.country} {self.after}"

    def size(self, effects: dict[str, Any], world: "Baseline", unit: Unit) -> Draws:
        """Percent in logs, so that one scenario after another adds up; or equivalent variation."""
        place = world.country_index[self.country]
        change = effects["log_welfare"][:, place]
        if unit == "percent":
            return 100.0 * change
        return np.expm1(change) * float(world.economy.income[place])


class Exports(ScenarioSet):
    """The change of one country's exports to another, at producer prices."""

    exporter: str
    importer: str
    sectors: Literal["goods", "services"]

    def named(self) -> str:
        return f"exports of {self.sectors} from {self.exporter} to {self.importer} {self.after}"

    def size(self, effects: dict[str, Any], world: "Baseline", unit: Unit) -> Draws:
        """Percent of the baseline's flow, or million US$ in the numeraire."""
        origin, destination = world.country_index[self.exporter], world.country_index[self.importer]
        change = effects[self.sectors][:, origin, destination]
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


class Effects(Request):
    """Effects of scenarios, added and subtracted."""

    plus: Annotated[tuple[Effect, ...], Field(min_length=1)]
    minus: tuple[Effect, ...] = ()
    unit: Unit = "percent"
    """Percent of each country's own real income or of the flow, or US$ at baseline prices."""

    @property
    def all(self) -> tuple[Effect, ...]:
        return (*self.plus, *self.minus)

    def named(self) -> str:
        """In words; what all terms share is said once."""
        less = "".join(f", less {one.named()}" for one in self.minus)
        return f"{', plus '.join(one.named() for one in self.plus)}{less}"

    @property
    def key(self) -> str:
        """The same for the same question."""
        return json.dumps(Effects.model_validate(self.model_dump(include=_ASKED)).model_dump())

    def found_by(self, model: "Model", assumed: Override | None = None) -> ModelInterval:
        signed = [(1.0, one) for one in self.plus] + [(-1.0, one) for one in self.minus]
        parts = (sign * model.effect(one, self.unit, assumed) for sign, one in signed)
        return range_of_draws(sum(parts, np.zeros(1)))


_ASKED = {"plus", "minus", "unit"}


@dataclass(frozen=True)
class TurnedQuestion:
    """What a check asks, with one thing set otherwise and nothing drawn."""

    asked: ModelQuestion
    assumed: Override

    @property
    def key(self) -> str:
        return json.dumps([self.asked.key, *self.assumed])

    @property
    def unit(self) -> str:
        return self.asked.unit

    def named(self) -> str:
        return self.asked.named()

    def found_by(self, model: "Model", assumed: Override | None = None) -> ModelInterval:
        return self.asked.found_by(model, assumed or self.assumed)


class Model:
    """Answers to all that a ledger asks: each scenario is solved once, in the same draws.

    What the package computed before it was shipped is looked up where `kept` is given.
    """

    def __init__(
        self,
        wanted: Iterable[ModelQuestion],
        kept: Mapping[str, ModelInterval] | None = None,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._kept = dict(kept or {})
        # A kept answer is never solved; of what is left, effects share draws and a program.
        self._wanted = [
            (effect, assumed)
            for asked, assumed in map(_parts, wanted)
            if isinstance(asked, Effects) and _key_of(asked, assumed) not in self._kept
            for effect in asked.all
            if effect.scenarios
        ]
        self.progress = progress
        self._solved: dict[Any, dict[str, Any]] = {}

    def range_of(self, asked: ModelQuestion) -> ModelInterval:
        """The answer that was kept, or one computed now and kept for the next time."""
        if asked.key not in self._kept:
            self._kept[asked.key] = asked.found_by(self)
        return self._kept[asked.key]

    def effect(self, one: Effect, unit: Unit, assumed: Override | None = None) -> Draws:
        """By draw; exactly zero for the world as it is, not a number where nothing was solved.

        With something `assumed` nothing is drawn, and there is one number.
        """
        if not one.scenarios:
            return np.zeros(1)
        if _key(one, assumed) not in self._solved:
            self._solve(one, assumed)
        return one.size(self._solved[_key(one, assumed)], world_of(one.baseline), unit)

    def _solve(self, asked: ScenarioSet, assumed: Override | None) -> None:
        """Solve all scenarios wanted in this setting at once: they share draws and a program."""
        setting = _played(asked, assumed).adjustment
        group = {
            _key(one, other): _played(one, other)
            for one, other in ((asked, assumed), *self._wanted)
            if _same(one, asked) and (other is None) == (assumed is None)
        }
        group = {key: played for key, played in group.items() if played.adjustment == setting}
        solve = _in_draws if assumed is None else _as_set
        effects = solve(asked.baseline, list(group.values()), self.progress)
        for place, key in enumerate(group):
            self._solved[key] = {name: values[:, place] for name, values in effects.items()}


def _parts(asked: ModelQuestion) -> tuple[ModelQuestion, Override | None]:
    return (asked.asked, asked.assumed) if isinstance(asked, TurnedQuestion) else (asked, None)


def _key_of(asked: ModelQuestion, assumed: Override | None) -> str:
    return asked.key if assumed is None else TurnedQuestion(asked, assumed).key


def _in_draws(
    baseline: str, scenarios: "list[Scenario]", progress: Callable[[str], None]
) -> dict[str, Any]:
    from ..ensemble import play_draws, sample

    world = world_of(baseline)
    return play_draws(world, scenarios, sample(scenarios, world), _measure(baseline), progress)


def _as_set(
    baseline: str, scenarios: "list[Scenario]", progress: Callable[[str], None]
) -> dict[str, Any]:
    """Solve without draws; the answer has the shape of a single draw."""
    from ..ensemble import play_all

    effects = play_all(world_of(baseline), scenarios, _measure(baseline), progress)
    return {name: values[None] for name, values in effects.items()}


def _key(one: ScenarioSet, assumed: Override | None = None) -> tuple[Any, ...]:
    return one.baseline, one.horizon, one.setting, one.scenarios, one.without, assumed


def _same(one: ScenarioSet, other: ScenarioSet) -> bool:
    return (one.baseline, one.horizon) == (other.baseline, other.horizon)


def _played(one: ScenarioSet, assumed: Override | None = None) -> "Scenario":
    from ..scenario import combined, load_scenario

    settings = (
        f'horizon="{one.horizon}"', f'baseline="{one.baseline}"', f"uncertainty.draws={DRAWS}"
    )  # fmt: skip
    of = lambda name: (*settings, *(assumed.of(name) if assumed else ()))
    played = combined(*(load_scenario(name, of(name)) for name in one.scenarios))
    unknown = [name for name in one.without if name not in played.policies]
    if unknown:
        valid = nearest(unknown[0], played.policies)
        raise ClaimError(f"there is no policy '{unknown[0]}' to leave out; {valid}")
    policies = {name: policy for name, policy in played.policies.items() if name not in one.without}
    played = played.model_copy(update={"policies": policies})
    if not one.setting:
        return played
    adjustment = load_scenario(one.setting, of(one.setting)).adjustment
    return played.model_copy(update={"adjustment": adjustment})


@cache
def world_of(name: str) -> "Baseline":
    from ..calibrate.baseline import load_baseline

    return load_baseline(name)


@cache
def _measure(name: str) -> "Measure":
    """A function of one equilibrium that returns what claims are about.

    It is the same object for one world, so that it is compiled once.
    """
    import jax.numpy as jnp

    from ..ensemble import log_welfare
    from ..selection import sector_mask

    world = world_of(name)
    masks = {
        group: jnp.asarray(sector_mask(world, (group,)), float) for group in ("goods", "services")
    }

    def effects(economy: Any, equilibrium: Any) -> dict[str, Any]:
        moved = equilibrium.trade - economy.trade
        return {"log_welfare": log_welfare(economy, equilibrium)} | {
            group: (moved * mask[None, None, :]).sum(axis=2) for group, mask in masks.items()
        }

    return effects


def kept_file() -> Path:
    """What the package computed for its own ledger before it was shipped."""
    return library.path("claims/computed.csv")


def kept_ranges() -> dict[str, ModelInterval]:
    """Its rows by question; `make expect` writes them again."""
    if not kept_file().is_file():
        return {}
    return {
        row["asked"]: ModelInterval(*(float(row[name]) for name in ModelInterval._fields))
        for row in library.table(kept_file())
    }
