"""What the model computes for claims: welfare in draws of what is uncertain, solved when asked."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, TYPE_CHECKING

import numpy as np
from pydantic import Field

from .part import Part


if TYPE_CHECKING:
    from jaxtyping import Float

    from ..scenario import Scenario


class Welfare(Part):
    """A country's real income after scenarios of the library, played together on one world."""

    country: str
    scenarios: tuple[str, ...] = ()
    """Their policies in this order; none of them is the world as it is."""
    horizon: Annotated[str, Field(pattern="long|short")] = "long"
    baseline: str = "compact-2022"

    def named(self) -> str:
        played = " with ".join(name.partition("/")[2] or name for name in self.scenarios)
        return f"{self.country} after {played or 'nothing'}"


class Model:
    """Answers of the model to all that a ledger asks, each scenario solved once in every draw."""

    def __init__(
        self, wanted: Iterable[Welfare], progress: Callable[[str], None] = lambda done: None
    ) -> None:
        self._wanted = [one for one in wanted if one.scenarios]
        self._progress = progress
        self._solved: dict[tuple[str, str, tuple[str, ...]], dict[str, Float[np.ndarray, " d"]]] = {}
        self._income: dict[str, dict[str, float]] = {}

    def log_welfare(self, one: Welfare) -> "Float[np.ndarray, ' d'] | float":
        """The log change of real income by draw; exactly zero for the world as it is."""
        if not one.scenarios:
            return 0.0
        if _key(one) not in self._solved:
            self._solve(one)
        return self._solved[_key(one)][one.country]

    def income(self, one: Welfare) -> float:
        """Baseline income in million US$."""
        if one.baseline not in self._income:
            from ..calibrate.baseline import load_baseline

            world = load_baseline(one.baseline)
            incomes = np.asarray(world.economy.income).tolist()
            self._income[one.baseline] = dict(zip(world.countries, incomes, strict=True))
        return self._income[one.baseline][one.country]

    def _solve(self, asked: Welfare) -> None:
        """All that is wanted of the world and setting of this one: they share draws and a compile."""
        from ..calibrate.baseline import load_baseline
        from ..ensemble import play_draws, sample

        played = _played(asked)
        group = {
            _key(one): scenario
            for one in (asked, *self._wanted)
            if (one.baseline, one.horizon) == (asked.baseline, asked.horizon)
            and (scenario := _played(one)).adjustment == played.adjustment
        }
        world = load_baseline(asked.baseline)
        scenarios = list(group.values())
        found = play_draws(
            world, scenarios, sample(scenarios, world), progress=self._progress
        )
        for place, key in enumerate(group):
            self._solved[key] = dict(zip(world.countries, found[:, place].T, strict=True))


def _key(one: Welfare) -> tuple[str, str, tuple[str, ...]]:
    return one.baseline, one.horizon, one.scenarios


def _played(one: Welfare) -> "Scenario":
    from ..scenario import combined, load_scenario

    settings: Sequence[str] = (f'horizon="{one.horizon}"', f'baseline="{one.baseline}"')
    return combined(*(load_scenario(name, settings) for name in one.scenarios))
