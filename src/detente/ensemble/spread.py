"""The interval of a headline number over the draws, and the assumptions that move it most."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Float, Int

from ..scenario import Scenario
from ..uncertainty import Assumption, DRIVERS
from ..world import Baseline
from ._play import play_draws
from ._stack import log_welfare
from .batches import Measure, Progress
from .draws import central, Draws


Headline = Callable[[Any], Float[np.ndarray, "d *of"]]
"""A number, or several, of each draw, from what was measured in it: arrays with axes `d p ...`."""
# Draws of one assumption alone: enough for the ends of an interval of a smooth function of it.
_ALONE = 24


class Interval(NamedTuple):
    """The middle of the solved draws, the ends that hold a part of them, and how many there are."""

    median: Any
    low: Any
    high: Any
    solved: float
    """The share of the draws in which the headline is a number."""

    def ends(self, name: str) -> dict[str, Any]:
        """Both ends as columns beside one of that name."""
        return {f"{name}_low": self.low, f"{name}_high": self.high}


def interval(values: Float[np.ndarray, "d *of"], level: float = 0.9) -> Interval:
    """The percentile interval of each column; draws without a solution are left out, and counted.

    Half of what is outside lies above it, half below: at 0.9 the ends are the 5th and the 95th
    percentile. They are interpolated between draws as Hazen does; not a number where no draw was
    solved.
    """
    given = np.asarray(values, float)
    missing = np.isnan(given)
    ends = np.array([0.5, (1 - level) / 2, (1 + level) / 2])
    # A quantile of nothing would be a warning; it is not a number all the same.
    nothing = missing.all(axis=0)
    quantiles = np.nanquantile(np.where(nothing, 0.0, given), ends, axis=0, method="hazen")
    median, low, high = (np.where(nothing, np.nan, quantiles))[()]
    unsolved = missing.reshape(len(missing), -1).any(axis=1)
    return Interval(median, low, high, float(1.0 - unsolved.mean()))


@dataclass(frozen=True)
class Spread:
    """A measure of every scenario in draws of all assumptions together, and of each one alone."""

    own: Any
    """Where every assumption is the scenario's own; axes `p ...`."""
    together: Any
    """Axes `d p ...`."""
    alone: Mapping[str, Any]
    """By assumption, the others at the scenario's own; axes `e p ...`."""
    level: float

    def interval(self, headline: Headline) -> Interval:
        """Of all assumptions together."""
        return interval(headline(self.together), self.level)

    def drivers(self, headline: Headline) -> pd.DataFrame:
        """The interval of one number with one assumption drawn at a time, the widest first.

        These are the bars of a tornado chart.
        """
        intervals = {
            name: interval(headline(part), self.level) for name, part in self.alone.items()
        }
        rows = [
            {"assumption": name, "low": one.low, "high": one.high, "width": one.high - one.low}
            for name, one in intervals.items()
        ]
        frame = pd.DataFrame(rows, columns=["assumption", "low", "high", "width"])
        ordered = frame.sort_values("width", ascending=False, kind="stable")
        return ordered.reset_index(drop=True)

    def leading(
        self, headline: Headline, labels: Sequence[Mapping[str, Any]]
    ) -> list[dict[str, Any]]:
        """What moves each of several numbers most: rows of `drivers`, each with the number's label.

        The numbers are the headline's columns in order, and there is a label for each of them.
        """

        def number(at: int) -> Headline:
            def one(values: Any) -> Float[np.ndarray, " d"]:
                every = headline(values)
                return np.reshape(every, (len(every), -1))[:, at]

            return one

        return [
            {**label, **{str(name): value for name, value in row.items()}}
            for at, label in enumerate(labels)
            for row in self.drivers(number(at)).head(DRIVERS).to_dict("records")
        ]


def spread(
    baseline: Baseline,
    scenarios: Sequence[Scenario],
    draws: Draws,
    of: Measure = log_welfare,
    progress: Progress = lambda done: None,
) -> Spread:
    """Solve everything that intervals and drivers of any headline need, in one go.

    One assumption alone is drawn less often than all of them together: at evenly spaced ranks of
    its own draws.
    """
    parts = {name: _alone(name, scenarios[0], baseline, draws) for name in draws.assumptions}
    own = central(scenarios[0], baseline)
    every = [own, draws, *parts.values()]
    ends = np.cumsum([len(part) for part in every]).tolist()
    values = play_draws(baseline, scenarios, _joined(every, draws), of, progress)
    starts = [0, *ends[:-1]]
    pieces = [_cut(values, start, end) for start, end in zip(starts, ends, strict=True)]
    return Spread(
        own=jax.tree.map(lambda leaf: leaf[0], pieces[0]),
        together=pieces[1],
        alone=dict(zip(parts, pieces[2:], strict=True)),
        level=draws.level,
    )


def drivers(
    baseline: Baseline,
    scenarios: Sequence[Scenario],
    draws: Draws,
    headline: Headline,
    progress: Progress = lambda done: None,
) -> pd.DataFrame:
    """How far each assumption alone moves a headline of log welfare: low, high and width.

    The others stay at the scenario's own. For several headlines solve once, with `spread`.
    """
    return spread(baseline, scenarios, draws, progress=progress).drivers(headline)


def _alone(name: Assumption, scenario: Scenario, baseline: Baseline, draws: Draws) -> Draws:
    """Draws of that assumption alone, the others as in the scenario."""
    return draws.at(alone_places(name, draws)).alone(name, central(scenario, baseline))


def alone_places(name: Assumption, draws: Draws) -> Int[np.ndarray, " e"]:
    """The draws that serve where that assumption is drawn alone, at evenly spaced ranks of it."""
    order = draws.ranked(name)
    ranks = (np.arange(_ALONE) + 0.5) / _ALONE * len(draws)
    return order[ranks.astype(int)] if len(draws) > _ALONE else order


def _cut(values: Any, start: int, end: int) -> Any:
    return jax.tree.map(lambda leaf: leaf[start:end], values)


def _joined(parts: Sequence[Draws], like: Draws) -> Draws:
    leaves = [jax.tree.leaves(part) for part in parts]
    joined = [jnp.concatenate(pieces) for pieces in zip(*leaves, strict=True)]
    return jax.tree.unflatten(jax.tree.structure(like), joined)
