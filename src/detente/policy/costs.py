"""Instruments on the real cost of trade: icebergs, and services restrictions turned into them."""

from dataclasses import replace
from typing import Annotated, Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float
from pydantic import Field

from .._core import ScenarioError
from .._words import first_large, first_small
from ..selection import (
    acting,
    are_many,
    countries_in_words,
    country_mask,
    Everyone,
    flows,
    flows_in_words,
    listed,
    margins_mask,
    Names,
    positions,
    sector_mask,
    sectors_in_words,
)
from ._instrument import Change, Instrument, Multiple, Share, Wedges
from ._prose import by_sector, number, percent, sentence
from ._quantity import bought_in_words, ByQuantity, FOUND, WantedQuantity


if TYPE_CHECKING:
    from ..world import Baseline


class TradeCost(ByQuantity):
    """A change of the iceberg cost of trade: what melts on the way, or is spent on procedures."""

    kind: Literal["trade_cost"] = "trade_cost"
    importers: Names | Everyone = "all"
    """Destinations."""
    exporters: Names | Everyone = "all"
    """Origins."""
    sectors: Names | Everyone = "all"
    """Sectors or groups of sectors."""
    change: Change | None = None
    """Relative change of the cost factor: -0.1 makes delivery 10 % cheaper."""

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        moved = self.in_effect(year) * np.log1p(self.change or 0.0)
        return replace(wedges, log_cost=wedges.log_cost + np.where(cells, moved, 0.0))

    def targets(self, baseline: "Baseline", year: int | None) -> list[WantedQuantity]:
        """One cost factor on all the flows."""
        if self.quantity is None:
            return []
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        wanted = self.log_quantity(year)
        return [WantedQuantity(cells, cells * 1.0, "nobody", wanted, measure=self.quantity_of)]

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        if self.quantity is not None:
            return self._quantity_in_words(baseline, year)
        what = flows_in_words(baseline, self.exporters, self.importers, self.sectors)
        change = self.change or 0.0
        dearer = "cheaper" if change < 0 else "dearer"
        said = (
            f"delivering {what} becomes {percent(abs(change))} {dearer}{self.steps(year)}; "
            "the difference is real resources, which nobody collects."
        )
        return [sentence(said)]

    def _quantity_in_words(self, baseline: "Baseline", year: int | None) -> list[str]:
        said = bought_in_words(self, baseline, self.importers, self.exporters, self.sectors, year)
        dearer = "cheaper" if (self.quantity or 1.0) > 1 else "dearer"
        cost = f"Delivery becomes so much {dearer}, by one part for all of it, {FOUND}"
        wasted = "the difference is real resources, which nobody collects."
        return [sentence(f"{said}. {cost}; {wasted}")]


class PolicyUncertainty(Instrument):
    """Trade costs of not knowing what policy will be, in proportion to an index of risk.

    ln d = u z, where z is the index in standard deviations from its mean, as Caldara and Iacoviello
    (2022) measure geopolitical risk, and u what a deviation costs; `detente risk` estimates u from
    months of trade. A wedge that a policy states by itself, such as a boycott, is in such an
    estimate already: have one or the other.
    """

    kind: Literal["policy_uncertainty"] = "policy_uncertainty"
    exporters: Names
    """Origins."""
    importers: Names
    """Destinations."""
    both_ways: bool = True
    """Whether trade the other way costs more too."""
    sectors: Names | Everyone = "all"
    """Sectors or groups of sectors."""
    deviations: float
    """Standard deviations of the index above its mean; negative where it is calm."""
    cost_per_deviation: Share
    """Log cost per standard deviation: 0.01 is about 1 %."""

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        if self.both_ways:
            cells = cells | flows(baseline, self.importers, self.exporters, self.sectors)
        moved = self.in_effect(year) * self.cost_per_deviation * self.deviations
        return replace(wedges, log_cost=wedges.log_cost + np.where(cells, moved, 0.0))

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        one, other = (countries_in_words(x, baseline) for x in (self.exporters, self.importers))
        where = f"between {one} and {other}" if self.both_ways else f"from {one} to {other}"
        what = sectors_in_words(self.sectors, baseline)
        change = float(np.expm1(self.cost_per_deviation * self.deviations))
        dearer = "cheaper" if change < 0 else "dearer"
        above = "below" if self.deviations < 0 else "above"
        said = (
            f"what policy will be is not known, which makes trade in {what} {where} "
            f"{100 * abs(change):.3g} % {dearer}{self.steps(year)}: the index of risk is "
            f"{number(abs(self.deviations))} standard deviations {above} its mean, each at a log "
            f"cost of {number(self.cost_per_deviation)}. The difference is real resources, which "
            "nobody collects."
        )
        return [sentence(said)]


class ServicesLiberalisation(Instrument):
    """Countries close part of their distance to the least restrictive services regime.

    The cost of serving the market falls by `exp(-cost_per_stri_point * stri_cut * gap)`, where the
    gap is the difference of the OECD Services Trade Restrictiveness Index to the least restrictive
    country in each sector. `cost_per_stri_point` is phi over theta in the gravity literature. The
    cost is real resources: nobody collects it before, and nobody loses it after.

    Trade margins, the baseline's sector group `margins`, are opened only where `sectors` names
    them: wholesale and retail services are sold abroad with the goods they are on, and van der
    Marel and Shepherd (2013) find no effect of restrictions on trade in them alone.
    """

    kind: Literal["services_liberalisation"] = "services_liberalisation"
    opens: Names
    """Countries that open their services markets."""
    to: Names | Everyone
    """Countries whose suppliers benefit; "all" is most-favoured-nation treatment."""
    sectors: Names | Everyone = ("services",)
    """Service sectors or groups; those without an index are left as they are, and so are trade
    margins unless they are named themselves, as `margins` or by their own code."""
    except_sectors: Names = ()
    """Sectors left out."""
    policy_areas: Names | Everyone = "all"
    """Policy areas of the index that are reformed."""
    stri_cut: Share
    """The part of the gap that is closed: 1 goes all the way to the least restrictive country."""
    cost_per_stri_point: Annotated[Multiple, Field(gt=0)]
    """Log trade cost per point of the index."""

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        cells = flows(baseline, self.to, self.opens, self.sectors)
        cut = self._log_cost_cut(baseline) * self.in_effect(year)
        return replace(wedges, log_cost=wedges.log_cost - np.where(cells, cut, 0.0))

    def covers(self, baseline: "Baseline") -> Bool[np.ndarray, " s"]:
        """The sectors that may be opened: those named, without margins that nobody named."""
        named = sector_mask(baseline, self.sectors) & ~sector_mask(baseline, self.except_sectors)
        return named & ~(margins_mask(baseline) & ~self._margins_named(baseline))

    def _margins_named(self, baseline: "Baseline") -> Bool[np.ndarray, " s"]:
        """The trade margins that `sectors` names by themselves, not as part of a group."""
        margins = margins_mask(baseline)
        named = np.zeros(len(margins), bool)
        for name in () if self.sectors == "all" else self.sectors:
            meant = sector_mask(baseline, (name,))
            if not (meant & ~margins).any():
                named |= meant
        return named

    def _log_cost_cut(self, baseline: "Baseline") -> Float[np.ndarray, "1 d s"]:
        """The log cost reduction by opening country and sector."""
        gap = np.where(self.covers(baseline), np.nan_to_num(self._gap(baseline)), 0.0)
        return (self.cost_per_stri_point * self.stri_cut * gap)[None]

    def _gap(self, baseline: "Baseline") -> Float[np.ndarray, "d s"]:
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

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        cut = self._log_cost_cut(baseline)[0] * self.in_effect(year)
        opening = np.flatnonzero(country_mask(baseline, self.opens)).tolist()
        said = [
            f"{self._opens(baseline.countries[at], baseline)}{self.steps(year)}. "
            f"{self._effect(cut[at], baseline)}"
            for at in opening
        ]
        return [*map(sentence, said), *self._about_margins(baseline)]

    def _opens(self, opening: str, baseline: "Baseline") -> str:
        """That a country opens, how far, in what and to whom."""
        its = "their" if are_many((opening,), baseline) else "its"
        areas = "all policy areas"
        if self.policy_areas != "all":
            areas = listed(map(first_small, self.policy_areas))
        return (
            f"{acting((opening,), baseline, 'closes', 'close')} {percent(self.stri_cut)} of {its} "
            "gap to the least restrictive country in the OECD's index of services trade "
            f"restrictions ({areas}) for {self._suppliers(opening, baseline)}"
        )

    def _suppliers(self, opening: str, baseline: "Baseline") -> str:
        """Whose suppliers benefit; not those of the country itself."""
        if self.to == "all":
            return "all foreign suppliers"
        inside = country_mask(baseline, self.to)
        others = [
            code
            for code, benefits in zip(baseline.countries, inside, strict=True)
            if benefits and code != opening
        ]
        named = self.to if len(others) == inside.sum() else tuple(others)
        return f"suppliers from {countries_in_words(named, baseline) if named else 'nowhere else'}"

    def _effect(self, cut: Float[np.ndarray, " s"], baseline: "Baseline") -> str:
        falls = by_sector(-np.expm1(-cut), baseline, 1)
        point = f"at a log trade cost of {number(self.cost_per_stri_point)} per point of the index"
        if not falls:
            return f"{first_large(point)}, from 0 to 1, no sector is covered."
        return f"{first_large(point)}, from 0 to 1, the cost of trade falls by {'; '.join(falls)}."

    def _about_margins(self, baseline: "Baseline") -> list[str]:
        """A sentence on trade margins, where they are among the sectors that are meant."""
        meant = sector_mask(baseline, self.sectors) & ~sector_mask(baseline, self.except_sectors)
        margins = meant & margins_mask(baseline)
        opened = margins & self.covers(baseline)
        if opened.any():
            return [
                f"{_named(opened, baseline)} is opened because it is named: its trade margins "
                "travel with goods, and no study finds that an agreement moves them by themselves."
            ]
        if margins.any():
            return [
                f"{_named(margins, baseline)} is not opened: its trade margins travel with goods. "
                "Name it in 'sectors' to open it."
            ]
        return []


def _named(mask: Bool[np.ndarray, " s"], baseline: "Baseline") -> str:
    codes = [code for code, chosen in zip(baseline.sectors, mask, strict=True) if chosen]
    return listed(baseline.sector_names.get(code, code) for code in codes)


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
