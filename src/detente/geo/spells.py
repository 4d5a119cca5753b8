"""How long freezes and thaws lasted: dated spells, hazards, and what they say of the future.

A continuous-time Markov chain with three states is a functional form of ours; with one event for
each transition nothing richer could be told from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy.linalg import expm, solve
from scipy.stats import chi2

from .. import library
from .._core import DataError


State = Literal["warm", "cool", "freeze"]
_STATES: tuple[State, ...] = ("warm", "cool", "freeze")
_MOVES = (("warm", "freeze"), ("freeze", "cool"), ("cool", "warm"))
COVERAGE = 0.95
YEARS = (1.0, 2.0, 5.0, 10.0)
_DAYS_IN_YEAR = 365.25


@dataclass(frozen=True)
class Durations:
    """The spells of one pair and the hazards they imply."""

    spells: pd.DataFrame
    """In order of time: state, start, end (missing where it goes on), source."""

    @property
    def observed(self) -> list[str]:
        last = self.spells.iloc[-1]
        return [str(self.spells.start.iloc[0].date()), str(last.observed_to.date())]

    @property
    def events(self) -> int:
        """Transitions that were seen."""
        return int(self.spells.end.notna().sum())

    @cached_property
    def hazards(self) -> pd.DataFrame:
        """Events per year in the state left, with the exact interval of a Poisson count."""
        rows = []
        for start, end in _MOVES:
            inside = self._with_next.loc[self.spells.state == start]
            exposure = float((inside.until - inside.start).dt.days.sum() / _DAYS_IN_YEAR)
            left = inside.loc[inside.end.notna()]
            count = int((left.next_state == end).sum())
            low, high = exact_interval(count, exposure)
            rows.append(
                {
                    "from": start, "to": end, "events": count, "years": exposure,
                    "hazard": count / exposure, "low": low, "high": high,
                }
            )  # fmt: skip
        return pd.DataFrame(rows)

    def thaw(self, years: Sequence[float] = YEARS) -> pd.DataFrame:
        """Chances, from a freeze that begins today, that it has ended and that warmth was reached.

        Low and high take each hazard at the ends of its interval; both chances rise with them.
        """
        ends = [self.hazards[column].to_numpy() for column in ("hazard", "low", "high")]
        rows = []
        for ahead in years:
            ended = [1.0 - np.exp(-rates[1] * ahead) for rates in ends]
            warm = [_reached_warmth(rates, ahead) for rates in ends]
            rows.append(
                {"years": ahead}
                | dict(zip(("ended", "ended_low", "ended_high"), ended, strict=True))
                | dict(zip(("warm", "warm_low", "warm_high"), warm, strict=True))
            )
        return pd.DataFrame(rows)

    def present_value(
        self, payoff: Float[np.ndarray, " s"], discount: float
    ) -> tuple[Float[np.ndarray, " s"], Float[np.ndarray, " s"], Float[np.ndarray, " s"]]:
        """Expected present value by state (warm, cool, freeze), and its range over the hazards.

        `v = (rho I - Q)^-1 u` with `rho = -ln(delta)`. The range is over the ends of the three
        intervals in every combination: wider than an interval of the same coverage.
        """
        ends = self.hazards[["low", "high"]].to_numpy()
        corners = [_present_value(np.array(rates), payoff, discount) for rates in product(*ends)]
        central = _present_value(self.hazards.hazard.to_numpy(), payoff, discount)
        return central, np.min(corners, axis=0), np.max(corners, axis=0)

    @property
    def _with_next(self) -> pd.DataFrame:
        return self.spells.assign(next_state=self.spells.state.shift(-1))


def durations(pair: Sequence[str]) -> Durations:
    """The dated spells of a pair, or `DataError` where none are recorded."""
    rows = library.table("record/spells.csv")
    wanted = ";".join(sorted(pair))
    chosen = [row for row in rows if row["pair"] == wanted]
    if not chosen:
        known = ", ".join(sorted({row["pair"].replace(";", " ") for row in rows}))
        raise DataError(
            f"no spells of {pair[0]} and {pair[1]} are recorded; recorded are: {known}."
        )
    return Durations(read_spells(chosen))


def read_spells(rows: Sequence[dict[str, str]]) -> pd.DataFrame:
    """Spells with their dates, each begun where the last ended."""
    frame = pd.DataFrame(rows)
    for column in ("start", "end", "observed_to"):
        frame[column] = pd.to_datetime(frame[column].replace("", None), format="%Y-%m-%d")
    frame = frame.sort_values("start", ignore_index=True)
    if not (frame.end.iloc[:-1].to_numpy() == frame.start.iloc[1:].to_numpy()).all():
        raise DataError("a spell does not begin on the day on which the one before it ended.")
    frame["until"] = frame.end.fillna(frame.observed_to)
    return frame


def exact_interval(events: int, exposure: float, coverage: float = COVERAGE) -> tuple[float, float]:
    """The rate of a Poisson count, per unit of exposure, by Garwood's interval."""
    tail = (1.0 - coverage) / 2
    low = chi2.ppf(tail, 2 * events) / 2 if events else 0.0
    return float(low) / exposure, float(chi2.ppf(1.0 - tail, 2 * events + 2)) / 2 / exposure


def generator(rates: Float[np.ndarray, " moves"]) -> Float[np.ndarray, "s s"]:
    """The chain of warm to freeze, freeze to cool, cool to warm; rows sum to zero."""
    matrix = np.zeros((3, 3))
    for rate, (start, end) in zip(rates, _MOVES, strict=True):
        matrix[_STATES.index(start), _STATES.index(end)] = rate
    return matrix - np.diag(matrix.sum(axis=1))


def _reached_warmth(rates: Float[np.ndarray, " moves"], years: float) -> float:
    """From a freeze, warmth at any time before then: warm is made a state that is not left."""
    kept = np.array([0.0, rates[1], rates[2]])
    return float(expm(years * generator(kept))[_STATES.index("freeze"), _STATES.index("warm")])


def _present_value(
    rates: Float[np.ndarray, " moves"], payoff: Float[np.ndarray, " s"], discount: float
) -> Float[np.ndarray, " s"]:
    rate = -np.log(discount)
    return solve(rate * np.eye(3) - generator(rates), payoff)
