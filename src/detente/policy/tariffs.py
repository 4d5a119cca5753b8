"""Instruments on tariffs: new rates, additions to them, and schedules of both."""

from dataclasses import replace
from typing import ClassVar, Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from pydantic import model_validator

from .._core import ScenarioError
from .._document import Request
from ..selection import (
    acting,
    are_many,
    Everyone,
    flows,
    Names,
    partners_in_words,
    sectors_in_words,
)
from ._instrument import Points, Rate, Wedges
from ._prose import before_and_after, mean_rate, percent, points, sentence, WEIGHTED
from ._quantity import bought_in_words, ByQuantity, FOUND, WantedQuantity
from .schedule import overlaid
from .schedule_words import schedule_in_words


if TYPE_CHECKING:
    from ..world import Baseline


# A schedule of no more lines than this is told in full.
_TOLD = 30


class TariffLine(Request):
    """One line of a schedule: a new rate, or an addition to the rate before the schedule."""

    importer: str
    """A country, a group, or "all"."""
    exporter: str
    """A country, a group, or "all"."""
    sector: str
    """A sector, a group, or "all"."""
    rate: Rate | None = None
    """The new rate: 0.1 is 10 %."""
    change: Points | None = None
    """Added to the rate that holds before the schedule: 0.1 is ten percentage points more."""

    @model_validator(mode="after")
    def _one_size(self) -> "TariffLine":
        if (self.rate is None) == (self.change is None):
            raise ValueError("needs exactly one of rate or change")
        return self


class Tariff(ByQuantity):
    """New tariff rates: one for all, an addition to what is there, or a schedule line by line."""

    kind: Literal["tariff"] = "tariff"
    importers: Names | Everyone = "all"
    """Countries that levy the tariff."""
    exporters: Names | Everyone = "all"
    """Countries whose goods pay it."""
    sectors: Names | Everyone = ("goods",)
    """Sectors or groups of sectors."""
    rate: Rate | None = None
    """The new rate: 0.1 is 10 %."""
    change: Points | None = None
    """Added to the rate that holds before this policy: 0.1 is ten percentage points more."""
    lines: tuple[TariffLine, ...] = ()
    """A schedule, line by line; later lines win."""
    file: str | None = None
    """A CSV file beside the scenario: importer, exporter, sector, and rate or change."""

    sized_by: ClassVar[tuple[str, ...]] = ("rate", "change", "lines", "file")

    @model_validator(mode="after")
    def _alone_where_a_schedule(self) -> "Tariff":
        if self.lines or self.file:
            for name in ("importers", "exporters", "sectors"):
                if getattr(self, name) != type(self).model_fields[name].default:
                    raise ValueError(f"takes no {name} beside a schedule: its lines say them")
        return self

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        target = self._target(wedges.tariff, baseline)
        tariff = wedges.tariff + self.in_effect(year) * (target - wedges.tariff)
        if (tariff <= -1).any():
            raise ScenarioError("a tariff cannot be -100 % or less; make the change smaller.")
        return replace(wedges, tariff=tariff)

    def targets(self, baseline: "Baseline", year: int | None) -> list[WantedQuantity]:
        """One factor on one plus the rate, of all the flows; the buyers' treasuries have it."""
        if self.quantity is None:
            return []
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        wanted = self.log_quantity(year)
        return [WantedQuantity(cells, cells * 1.0, "treasury", wanted, measure=self.quantity_of)]

    def _target(
        self, tariff: Float[np.ndarray, "o d s"], baseline: "Baseline"
    ) -> Float[np.ndarray, "o d s"]:
        if self.lines:
            return overlaid(tariff, self.lines, baseline)
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        new = self.rate if self.rate is not None else tariff + (self.change or 0.0)
        return np.where(cells, new, tariff)

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        if self.lines:
            return [sentence(schedule_in_words(self, baseline, year))]
        if self.quantity is not None:
            return self._quantity_in_words(baseline, year)
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        before = mean_rate(np.asarray(baseline.economy.tariff), cells, baseline)
        verb, size = _size(self, before)
        whose = "their tariffs" if are_many(self.importers, baseline) else "its tariff"
        said = (
            f"{acting(self.importers, baseline, f'{verb}s', verb)} {whose} on "
            f"{sectors_in_words(self.sectors, baseline)} from "
            f"{partners_in_words(self.exporters, self.importers, baseline)} {size}"
            f"{self.steps(year)}{_averages(self, before)}."
        )
        return [sentence(said)]

    def _quantity_in_words(self, baseline: "Baseline", year: int | None) -> list[str]:
        said = bought_in_words(self, baseline, self.importers, self.exporters, self.sectors, year)
        whose = "Their tariffs are" if are_many(self.importers, baseline) else "Its tariff is"
        lower = "lower" if (self.quantity or 1.0) > 1 else "higher"
        factor = f"{whose} so much {lower}, by one factor on the price of all of it, {FOUND}"
        return [sentence(f"{said}. {factor}; the treasury has the difference.")]


def _size(policy: Tariff, before: float | None) -> tuple[str, str]:
    """The verb, and by how much or to what."""
    if policy.rate is None:
        change = policy.change or 0.0
        return "lower" if change < 0 else "raise", f"by {points(abs(change))}"
    if before is None or round(before - policy.rate, 6) == 0:
        return "set", f"to {percent(policy.rate)}"
    return "raise" if policy.rate > before else "lower", f"to {percent(policy.rate)}"


def _averages(policy: Tariff, before: float | None) -> str:
    if before is None:
        return ""
    if policy.rate is None:
        return f", {before_and_after(before, before + (policy.change or 0.0))}"
    return f", from {100 * before:.2f} % on average, {WEIGHTED}"
