"""Instruments on tariffs: new rates, schedules, and agreements that cut what is left."""

from dataclasses import replace
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float
from pydantic import model_validator

from .._core import ScenarioError
from ..selection import (
    countries_in_words,
    country_mask,
    Everyone,
    flows,
    Names,
    pairs,
    sector_mask,
    sectors_in_words,
)
from ..world import Baseline
from ._instrument import Instrument, Rate, Request, Share, Wedges


class TariffLine(Request):
    """One rate of a schedule."""

    importer: str
    exporter: str
    sector: str
    rate: Rate


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
    change: float | None = None
    """Added to the rate that holds before this policy: 0.1 is ten percentage points more."""
    lines: tuple[TariffLine, ...] = ()
    """A schedule of new rates, one by one; later lines win."""
    file: str | None = None
    """A CSV file beside the scenario with the columns importer, exporter, sector and rate."""

    @model_validator(mode="after")
    def _one_size(self) -> "Tariff":
        given = (self.rate, self.change, self.lines or self.file)
        if sum(size not in (None, ()) for size in given) != 1:
            raise ValueError("needs exactly one of rate, change, lines or file")
        return self

    def apply(self, wedges: Wedges, baseline: Baseline, year: int | None) -> Wedges:
        target = self._target(wedges.tariff, baseline)
        tariff = wedges.tariff + self.in_effect(year) * (target - wedges.tariff)
        if (tariff <= -1).any():
            raise ScenarioError("a tariff cannot be -100 % or less; make the change smaller.")
        return replace(wedges, tariff=tariff)

    def _target(
        self, tariff: Float[np.ndarray, "o d s"], baseline: Baseline
    ) -> Float[np.ndarray, "o d s"]:
        target = tariff.copy()
        for line in self.lines:
            cells = flows(baseline, (line.exporter,), (line.importer,), (line.sector,))
            target[cells] = line.rate
        if not self.lines:
            cells = flows(baseline, self.exporters, self.importers, self.sectors)
            new = self.rate if self.rate is not None else target + (self.change or 0.0)
            target = np.where(cells, new, target)
        return target

    def describe(self, baseline: Baseline, year: int | None) -> list[str]:
        if self.lines:
            return [f"{len(self.lines)} tariff rates are set line by line{self.steps(year)}."]
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


class FreeTradeAgreement(Instrument):
    """Members cut the tariffs that are left on each other's goods."""

    kind: Literal["free_trade_agreement"] = "free_trade_agreement"
    members: Names
    """Countries or groups that trade with each other at the lower tariffs."""
    sectors: Names | Everyone = ("goods",)
    """Sectors or groups of sectors covered."""
    except_sectors: Names = ()
    """Sectors left out."""
    tariff_cut: Share = 1.0
    """The part of the remaining tariff that goes: 1 is to zero."""

    def apply(self, wedges: Wedges, baseline: Baseline, year: int | None) -> Wedges:
        kept = 1.0 - self.tariff_cut * self.in_effect(year)
        cells = self._cells(baseline)
        return replace(wedges, tariff=np.where(cells, wedges.tariff * kept, wedges.tariff))

    def _cells(self, baseline: Baseline) -> Bool[np.ndarray, "o d s"]:
        covered = sector_mask(baseline, self.sectors) & ~sector_mask(baseline, self.except_sectors)
        if country_mask(baseline, self.members).sum() < 2:
            raise ScenarioError("an agreement needs two members or more.")
        member = country_mask(baseline, self.members)
        return pairs(member, member)[:, :, None] & covered

    def describe(self, baseline: Baseline, year: int | None) -> list[str]:
        economy, cells = baseline.economy, self._cells(baseline)
        trade = np.where(cells, economy.trade, 0.0)
        before = (trade * np.asarray(economy.tariff)).sum() / max(trade.sum(), 1e-300)
        kept = 1.0 - self.tariff_cut * self.in_effect(year)
        members = countries_in_words(self.members, baseline)
        covered, without = sectors_in_words(self.sectors, baseline), self.except_sectors
        left_out = f" except {sectors_in_words(without, baseline)}" if without else ""
        return [
            f"Tariffs among {members} on {covered}{left_out} fall by "
            f"{100 * (1 - kept):.3g} %{self.steps(year)}: on average from {100 * before:.2f} % to "
            f"{100 * before * kept:.2f} %, weighted by baseline trade."
        ]
