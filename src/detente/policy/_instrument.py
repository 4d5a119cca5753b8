"""What every instrument is made of: a checked request, its timing, and the wedges it moves."""

from dataclasses import dataclass
from typing import Annotated, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float
from pydantic import Field

from .._document import Request
from .._ratios import (
    Change as Change,
    InnerShare as InnerShare,
    Multiple as Multiple,
    Points as Points,
    Rate as Rate,
    Rise as Rise,
    Share as Share,
)
from ..selection import travel_share
from ._prose import number, percent


if TYPE_CHECKING:
    from ..world import Baseline
    from ._quantity import WantedQuantity


@dataclass(frozen=True)
class Wedges:
    """What stands between origin and destination after the policies so far."""

    tariff: Float[np.ndarray, "o d s"]
    """Rate on the producer value."""
    log_cost: Float[np.ndarray, "o d s"]
    """Log change of the iceberg cost from the baseline."""
    export_tax: Float[np.ndarray, "o d s"]
    """Rate on the producer price."""
    rationing: Float[np.ndarray, "o d s"]
    """Mark-up by which a limit on quantity raises the price."""
    rent_to_importer: Float[np.ndarray, "o d s"]
    """The part of that mark-up's rent that stays in the destination."""
    allowed: Float[np.ndarray, "o d s"]
    """The part of the variety that may be traded: one, or zero where the flow is prohibited."""
    log_taste: Float[np.ndarray, "o d s"] | None = None
    """Log change of what buyers would spend at the same prices; absent where tastes stay."""
    opened: Float[np.ndarray, "o d s"] | None = None
    """The part of what the base year's bans hide that is let in."""
    log_productivity: Float[np.ndarray, "n s"] | None = None
    """Log change of output from the same labour and inputs; absent where none moves."""

    @classmethod
    def of(cls, baseline: "Baseline") -> "Wedges":
        tariff = np.array(baseline.economy.tariff)
        nothing = np.zeros_like(tariff)
        return cls(tariff, nothing, nothing, nothing, nothing, np.ones_like(tariff))


class PhaseIn(Request):
    """Equal annual steps from the year of entry into force."""

    start: int
    """The year of the first step."""
    years: Annotated[int, Field(ge=1, le=100)] = 1
    """The number of annual steps to the whole effect."""

    def share(self, year: int | None) -> float:
        """The part in effect in `year`; all of it where the scenario names no year."""
        if year is None:
            return 1.0
        return float(np.clip((year - self.start + 1) / self.years, 0.0, 1.0))


class FadeOut(Request):
    """An effect that wears off: each half-life leaves half of it."""

    start: int
    """The last year of the whole effect."""
    half_life: Annotated[float, Field(gt=0)]
    """Years."""

    def share(self, year: int | None) -> float:
        """The part left in `year`; all of it where the scenario names no year."""
        if year is None or year <= self.start:
            return 1.0
        return 0.5 ** ((year - self.start) / self.half_life)


class Instrument(Request):
    """What every policy has beside its own fields."""

    enabled: bool = True
    """Whether the policy is part of the run."""
    source: str = ""
    """Where the numbers in this policy come from."""
    note: str = ""
    """What the policy stands for, or leaves out."""
    phase_in: PhaseIn | None = None
    """Annual steps; without it the whole effect is there at once."""
    fade_out: FadeOut | None = None
    """How the effect wears off; without it it stays."""

    @property
    def dates(self) -> list[int]:
        """The years in which something begins; empty where every year is the same."""
        return [when.start for when in (self.phase_in, self.fade_out) if when is not None]

    @property
    def passes(self) -> bool:
        """Whether it is whole for a year at most and half gone within another."""
        begins, fades = self.phase_in, self.fade_out
        if fades is None or fades.half_life > 1.0:
            return False
        return begins is None or fades.start <= begins.start + begins.years - 1

    def in_effect(self, year: int | None) -> float:
        """The part of the whole effect that is there in `year`."""
        begun = 1.0 if self.phase_in is None else self.phase_in.share(year)
        left = 1.0 if self.fade_out is None else self.fade_out.share(year)
        return begun * left

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        """What it did, in sentences, with the numbers that it looked up."""
        raise NotImplementedError

    def targets(self, baseline: "Baseline", year: int | None) -> list["WantedQuantity"]:
        """The quantities that it states instead of wedges; none where `apply` says it all."""
        return []

    def steps(self, year: int | None) -> str:
        """A clause on when it comes and goes and how much of it is there, for a sentence."""
        begins, fades = self.phase_in, self.fade_out
        said = [] if begins is None else [_begins(begins)]
        said += [] if fades is None else [_fades(fades)]
        if not said:
            return ""
        there = "counted whole"
        if year is not None:
            there = f"{100 * self.in_effect(year):.0f} % of it in effect by {year}"
        return f" ({', '.join([*said, there])})"


def _begins(step: PhaseIn) -> str:
    if step.years == 1:
        return f"from {step.start}"
    return f"phased in over {step.years} years from {step.start}"


def _fades(fade: FadeOut) -> str:
    every = "each year" if fade.half_life == 1 else f"every {number(fade.half_life)} years"
    return f"half of it gone {every} after {fade.start}"


def visitors_kept(
    baseline: "Baseline", cells: Bool[np.ndarray, "o d s"], part: float
) -> Float[np.ndarray, "o d s"]:
    """The part of each flow that is left when that share of visitors stays away; one elsewhere."""
    return np.where(cells, 1.0 - part * travel_share(baseline), 1.0)


def without_visitors(baseline: "Baseline", part: float) -> list[str]:
    """What the absence of visitors does, as a sentence; no sentence where none stay away."""
    if not part:
        return []
    if not travel_share(baseline).any():
        return [
            f"Visitors stay away, {percent(part)} of them; what they buy in other sectors stays, "
            f"as {baseline.name} has no travel laid over it."
        ]
    return [f"What visitors buy in other sectors falls too, as {percent(part)} stay away."]
