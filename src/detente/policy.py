"""The instruments a user can write, and what each does to tariffs and trade costs.

A policy is a frozen request. `apply` takes the wedges so far and returns new ones; `describe` says
in sentences what it did, with the numbers it looked up. Sales at home are never touched.
"""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

import numpy as np
from jaxtyping import Bool, Float
from pydantic import BaseModel, ConfigDict, Field, model_validator

from ._core import ScenarioError
from .selection import (
    countries_in_words,
    country_in_words,
    country_mask,
    Everyone,
    flows,
    in_sentence,
    listed,
    Names,
    pairs,
    positions,
    sector_mask,
    sectors_in_words,
)
from .world import Baseline


Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(gt=-1)]


@dataclass(frozen=True)
class Wedges:
    """What stands between origin and destination after the policies so far."""

    tariff: Float[np.ndarray, "o d s"]
    """Rate on the producer value."""
    log_cost: Float[np.ndarray, "o d s"]
    """Log change of the iceberg cost from the baseline."""

    @classmethod
    def of(cls, baseline: Baseline) -> "Wedges":
        tariff = np.array(baseline.economy.tariff)
        return cls(tariff=tariff, log_cost=np.zeros_like(tariff))


class Request(BaseModel):
    """A part of a scenario file: unknown keys are refused and values never change."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False
    )


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

    def in_effect(self, year: int | None) -> float:
        return 1.0 if self.phase_in is None else self.phase_in.share(year)

    def steps(self, year: int | None) -> str:
        """A clause on the phase-in, for a sentence."""
        if self.phase_in is None or year is None:
            return ""
        return f" ({100 * self.in_effect(year):.0f} % phased in by {year})"


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
    """Added to the rate in the baseline: 0.1 is ten percentage points more."""
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


class TradeCost(Instrument):
    """A change of the iceberg cost of trade: what melts on the way, or is spent on procedures."""

    kind: Literal["trade_cost"] = "trade_cost"
    importers: Names | Everyone = "all"
    """Destinations."""
    exporters: Names | Everyone = "all"
    """Origins."""
    sectors: Names | Everyone = "all"
    """Sectors or groups of sectors."""
    change: Rate
    """Relative change of the cost factor: -0.1 makes delivery 10 % cheaper."""

    def apply(self, wedges: Wedges, baseline: Baseline, year: int | None) -> Wedges:
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        moved = self.in_effect(year) * np.log1p(self.change)
        return replace(wedges, log_cost=wedges.log_cost + np.where(cells, moved, 0.0))

    def describe(self, baseline: Baseline, year: int | None) -> list[str]:
        return [
            f"The cost of delivering {sectors_in_words(self.sectors, baseline)} from "
            f"{countries_in_words(self.exporters, baseline)} to "
            f"{countries_in_words(self.importers, baseline)} changes by "
            f"{100 * self.change:+g} %{self.steps(year)}; these are real resources: "
            "nobody collects them."
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


class ServicesLiberalisation(Instrument):
    """Countries close part of their distance to the least restrictive services regime.

    The cost of serving the market falls by `exp(-cost_per_stri_point * stri_cut * gap)`, where the
    gap is the difference of the OECD Services Trade Restrictiveness Index to the least restrictive
    country in each sector. `cost_per_stri_point` is phi over theta in the gravity literature. The
    cost is real resources: nobody collects it before, and nobody loses it after.
    """

    kind: Literal["services_liberalisation"] = "services_liberalisation"
    opens: Names
    """Countries that open their services markets."""
    to: Names | Everyone
    """Countries whose suppliers benefit; "all" is most-favoured-nation treatment."""
    sectors: Names | Everyone = ("services",)
    """Service sectors or groups; those without an index are left as they are."""
    except_sectors: Names = ()
    """Sectors left out."""
    policy_areas: Names | Everyone = "all"
    """Policy areas of the index that are reformed."""
    stri_cut: Share
    """The part of the gap that is closed: 1 goes all the way to the least restrictive country."""
    cost_per_stri_point: Annotated[float, Field(gt=0)]
    """Log trade cost per point of the index."""

    def apply(self, wedges: Wedges, baseline: Baseline, year: int | None) -> Wedges:
        suppliers = country_mask(baseline, self.to)
        opening = country_mask(baseline, self.opens)
        cut = self._log_cost_cut(baseline) * self.in_effect(year)
        cells = pairs(suppliers, opening)
        return replace(wedges, log_cost=wedges.log_cost - np.where(cells[:, :, None], cut, 0.0))

    def _log_cost_cut(self, baseline: Baseline) -> Float[np.ndarray, "1 d s"]:
        """The log cost reduction by opening country and sector."""
        covered = sector_mask(baseline, self.sectors) & ~sector_mask(baseline, self.except_sectors)
        gap = np.where(covered, np.nan_to_num(self._gap(baseline)), 0.0)
        return (self.cost_per_stri_point * self.stri_cut * gap)[None]

    def _gap(self, baseline: Baseline) -> Float[np.ndarray, "d s"]:
        """Distance to the least restrictive country in the areas reformed; blanks stay blank."""
        index = baseline.restrictiveness
        if index is None:
            raise ScenarioError(
                f"the baseline '{baseline.name}' has no services restrictiveness index, "
                "which services_liberalisation needs."
            )
        chosen = positions(self.policy_areas, index.policy_areas, "policy area")
        gap = _gap_by_area(index.score, index.benchmark)[chosen].sum(axis=0)
        opening = country_mask(baseline, self.opens)
        blank = [code for code, opens, row in zip(baseline.countries, opening, gap, strict=True)
                 if opens and np.isnan(row).all()]  # fmt: skip
        if blank:
            raise ScenarioError(
                f"the services restrictiveness index does not cover {listed(blank)}, "
                "so its distance to the least restrictive country is not known."
            )
        return gap

    def describe(self, baseline: Baseline, year: int | None) -> list[str]:
        cut = self._log_cost_cut(baseline)[0] * self.in_effect(year)
        areas = "all policy areas" if self.policy_areas == "all" else listed(self.policy_areas)
        who = "all foreign suppliers"
        if self.to != "all":
            who = f"suppliers from {countries_in_words(self.to, baseline)}"
        lead = (
            f"{{}} closes {100 * self.stri_cut:g} % of its gap to the least restrictive country in "
            f"the OECD STRI ({areas}) for {who}{self.steps(year)}, at "
            f"{self.cost_per_stri_point:g} log points of trade cost per point of the index: "
        )
        opening = np.flatnonzero(country_mask(baseline, self.opens)).tolist()
        return [
            lead.format(country_in_words(baseline, n)) + _cost_changes(cut[n], baseline)
            for n in opening
        ]


Policy = Annotated[
    Tariff | TradeCost | FreeTradeAgreement | ServicesLiberalisation, Field(discriminator="kind")
]
POLICY_KINDS: dict[str, type[Instrument]] = {
    "tariff": Tariff,
    "trade_cost": TradeCost,
    "free_trade_agreement": FreeTradeAgreement,
    "services_liberalisation": ServicesLiberalisation,
}


def _gap_by_area(
    score: Float[np.ndarray, "area n s"], benchmark: Float[np.ndarray, "area s"]
) -> Float[np.ndarray, "area n s"]:
    """The whole gap, shared among the areas in which the country is the more restrictive one.

    A plain difference by area would be negative where the least restrictive country overall is the
    stricter one in an area, and reforming that area alone would then raise costs.
    """
    difference = score - benchmark[:, None, :]
    stricter = np.maximum(difference, 0.0)
    total = stricter.sum(axis=0)
    weight = np.where(total > 0, stricter / np.where(total > 0, total, 1.0), 0.0)
    return weight * difference.sum(axis=0)


def _cost_changes(cut: Float[np.ndarray, " s"], baseline: Baseline) -> str:
    moved = [
        f"{in_sentence(baseline.sector_names.get(sector, sector))} "
        f"{100 * np.expm1(-size):+.1f} %".replace("-", "−")
        for sector, size in zip(baseline.sectors, cut, strict=True)
        if size != 0
    ]
    return ("trade cost of " + "; ".join(moved) if moved else "no sector is covered") + "."
