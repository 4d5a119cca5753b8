"""Instruments on tariffs: new rates, additions to them, and schedules of both."""

from dataclasses import replace
from typing import Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from pydantic import model_validator

from .._core import ScenarioError
from .._document import Request
from ..selection import (
    countries_in_words,
    Everyone,
    flows,
    Names,
    sectors_in_words,
)
from ._instrument import Instrument, Points, Rate, Wedges
from .schedule import overlaid


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


class Tariff(Instrument):
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

    @model_validator(mode="after")
    def _one_size(self) -> "Tariff":
        given = (self.rate, self.change, self.lines or self.file)
        if sum(size not in (None, ()) for size in given) != 1:
            raise ValueError("needs exactly one of rate, change, lines or file")
        return self

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        target = self._target(wedges.tariff, baseline)
        tariff = wedges.tariff + self.in_effect(year) * (target - wedges.tariff)
        if (tariff <= -1).any():
            raise ScenarioError("a tariff cannot be -100 % or less; make the change smaller.")
        return replace(wedges, tariff=tariff)

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
            return [self._schedule(baseline, year)]
        size = (
            f"are set to {100 * self.rate:g} %"
            if self.rate is not None
            else f"change by {100 * (self.change or 0):+g} percentage points"
        )
        return [
            f"Tariffs of {countries_in_words(self.importers, baseline)} on "
            f"{sectors_in_words(self.sectors, baseline)} from "
            f"{countries_in_words(self.exporters, baseline)} {size}{self.steps(year)}."
        ]

    def _schedule(self, baseline: "Baseline", year: int | None) -> str:
        """The lines of a schedule, or of a long one how many there are and how far they reach."""
        first, *others = self.lines
        alike = all((one.importer, one.sector) == (first.importer, first.sector) for one in others)
        changes = [line.change for line in self.lines if line.change is not None]
        if len(self.lines) > _TOLD:
            return self._reach(year)
        if not alike or len(changes) < len(self.lines):
            told = "; ".join(_line_in_words(line, baseline) for line in self.lines)
            return f"Tariffs are set line by line{self.steps(year)}: {told}."
        names = {**baseline.country_names, "all": "everyone else"}
        added = "; ".join(
            f"{names.get(line.exporter, line.exporter)} {100 * change:+.2f}"
            for line, change in zip(self.lines, changes, strict=True)
        )
        return (
            f"Tariffs of {countries_in_words((first.importer,), baseline)} on "
            f"{sectors_in_words((first.sector,), baseline)} change{self.steps(year)}, in "
            f"percentage points by origin: {added}."
        )

    def _reach(self, year: int | None) -> str:
        rates = [line.rate for line in self.lines if line.rate is not None]
        changes = [line.change for line in self.lines if line.change is not None]
        sizes = [f"to rates of {_span(rates)} %"] if rates else []
        sizes += [f"by {_span(changes)} percentage points"] if changes else []
        lines = f"{len(self.lines):,} tariff lines are set one by one"
        return f"{lines}{self.steps(year)}, {' and '.join(sizes)}."


def _span(sizes: list[float]) -> str:
    low, high = 100 * min(sizes), 100 * max(sizes)
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _line_in_words(line: TariffLine, baseline: "Baseline") -> str:
    where = (
        f"{countries_in_words(_named(line.importer), baseline)} on "
        f"{sectors_in_words(_named(line.sector), baseline)} from "
        f"{countries_in_words(_named(line.exporter), baseline)}"
    )
    if line.rate is not None:
        return f"{where} to {100 * line.rate:g} %"
    return f"{where} by {100 * (line.change or 0):+g} percentage points"


def _named(name: str) -> Names | Everyone:
    return "all" if name == "all" else (name,)
