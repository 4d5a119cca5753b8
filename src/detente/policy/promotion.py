"""What promotes trade by word and handshake: state visits, contracts, memoranda, platforms.

None of these is a cut of a barrier that anyone has measured. What is known, or announced, is how
much trade they bring: the cost of trade that brings as much is found in the whole model.
"""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float
from pydantic import Field, model_validator

from .._core import ScenarioError
from ..selection import (
    acting,
    countries_in_words,
    Everyone,
    flows,
    flows_in_words,
    Names,
    sectors_in_words,
)
from ._instrument import Change, Instrument, Share, Wedges
from ._prose import number, percent, sentence
from ._quantity import ByQuantity, FOUND, WantedQuantity


if TYPE_CHECKING:
    from ..world import Baseline


Flows = Bool[np.ndarray, "o d s"]


def cost_for_growth(growth: float, baseline: "Baseline") -> Float[np.ndarray, " s"]:
    """The log cost that raises a flow by `growth` at fixed prices: -ln(1 + growth) / theta.

    A flow that is a small part of its market grows by d^-theta; the same inversion, the other way
    round, is Anderson and van Wincoop's (2004) tariff equivalent.
    """
    return -np.log1p(growth) / np.asarray(baseline.economy.trade_elasticity)


class Summit(ByQuantity):
    """A state visit: exports of the visitor to the host, and back if said, are larger for a while.

    Give it a `fade_out`: the effects that are found are short-lived.
    """

    kind: Literal["summit"] = "summit"
    visitor: Names
    """Countries whose head of state visits."""
    host: Names
    """Countries that receive."""
    directions: Literal["visitor", "host", "both"] = "visitor"
    """Whose exports to the other grow: the visitor's, as in the literature, the host's, or both."""
    sectors: Names | Everyone = ("goods",)
    """Sectors or groups of sectors."""
    growth: Change | None = None
    """Growth of exports in the first year, at fixed prices: 0.09 is 9 %."""

    sized_by: ClassVar[tuple[str, ...]] = ("growth",)

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        cost = self.in_effect(year) * cost_for_growth(self.growth or 0.0, baseline)
        moved = np.where(self._cells(baseline), cost, 0.0)
        return replace(wedges, log_cost=wedges.log_cost + moved)

    def targets(self, baseline: "Baseline", year: int | None) -> list[WantedQuantity]:
        """One growth in all sectors, as far as prices stay."""
        cells, wanted = self._cells(baseline), self.log_quantity(year)
        return [
            WantedQuantity(cells, cells * 1.0, "nobody", wanted, True, measure=self.quantity_of)
        ]

    def _cells(self, baseline: "Baseline") -> Flows:
        there = flows(baseline, self.visitor, self.host, self.sectors)
        back = flows(baseline, self.host, self.visitor, self.sectors)
        return {"visitor": there, "host": back, "both": there | back}[self.directions]

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        visitor, host = (countries_in_words(one, baseline) for one in (self.visitor, self.host))
        whose = {
            "visitor": f"from {visitor} to {host}",
            "host": f"from {host} to {visitor}",
            "both": f"between {visitor} and {host}, both ways,",
        }[self.directions]
        pays = acting(self.visitor, baseline, "pays a state visit", "pay state visits")
        what = f"{pays} to {host}: exports of {sectors_in_words(self.sectors, baseline)} {whose}"
        if self.quantity is not None:
            falls = "rises" if self.quantity < 1 else "falls"
            said = (
                f"{what} are {self.less_or_more()}{self.steps(year)}: {self.of_what_it_was()}. The "
                f"cost of delivery {falls} for it, {FOUND}."
            )
            return [sentence(said)]
        growth = self.growth or 0.0
        grow, falls = ("shrink", "rises") if growth < 0 else ("grow", "falls")
        said = (
            f"{what} {grow} by {percent(abs(growth))} at fixed prices{self.steps(year)}, for which "
            f"the cost of delivery {falls} by "
            f"{_range(cost_for_growth(growth, baseline), self._cells(baseline))}, by sector."
        )
        return [sentence(said)]


class ExportDeals(Instrument):
    """Announced deals: contracts, memoranda, a platform's target, as a flow of so much a year.

    The part that is realised is added to the named flow, at the prices of the baseline: the cost
    of delivery falls by so much in each sector, found in the whole model. What is announced is
    neither welfare nor new trade by itself: other flows shrink, and the cost that falls is an
    assumption about how the deal comes about.
    """

    kind: Literal["export_deals"] = "export_deals"
    exporters: Names
    """Countries that sell."""
    importers: Names
    """Countries that buy."""
    sectors: Names | Everyone = ("goods",)
    """Sectors or groups among which the amount is shared in proportion to their trade."""
    value: Annotated[float, Field(gt=0)]
    """What is announced, in million US$ a year."""
    realisation: Share
    """The part that becomes additional trade; no published estimate exists, so it is assumed."""
    realisation_range: tuple[Share, Share] | None = None
    """The least and the most that are thought possible; said in the answer, not computed with."""

    @model_validator(mode="after")
    def _within_range(self) -> "ExportDeals":
        low, high = self.realisation_range or (0.0, 1.0)
        if not low <= self.realisation <= high:
            raise ValueError("has a realisation outside its realisation_range")
        return self

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        return wedges

    def targets(self, baseline: "Baseline", year: int | None) -> list[WantedQuantity]:
        """One growth in all sectors, as far as prices stay, that adds up to the amount."""
        self._flow(baseline)
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        added = self.in_effect(year) * self.realisation * self.value
        return [WantedQuantity(cells, cells * 1.0, "nobody", 0.0, True, added=added)]

    def _flow(self, baseline: "Baseline") -> float:
        """What is sold now, million US$ at producer prices."""
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        sold = float(np.where(cells, np.asarray(baseline.economy.trade), 0.0).sum())
        if sold <= 0:
            raise ScenarioError(
                f"nothing of {self._what(baseline)} is sold in the baseline, so no fall of its "
                "cost would bring a deal about; use an opening."
            )
        return sold

    def _what(self, baseline: "Baseline") -> str:
        return flows_in_words(baseline, self.exporters, self.importers, self.sectors)

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        realised, sold = self.realisation * self.value, self._flow(baseline)
        abroad = flows(baseline, self.exporters, "all", "all")
        exports = float(np.where(abroad, np.asarray(baseline.economy.trade), 0.0).sum())
        sellers, buyers = (
            countries_in_words(one, baseline) for one in (self.exporters, self.importers)
        )
        agrees = acting(self.exporters, baseline, "agrees", "agree")
        said = (
            f"{agrees} to sell {buyers} {sectors_in_words(self.sectors, baseline)} for US$ "
            f"{self.value:,.12g} million a year, of which {percent(self.realisation)} is assumed "
            f"to become additional trade{self._thought_possible()}{self.steps(year)}: "
            f"{100 * realised / sold:.3g} % of that flow in the baseline and "
            f"{100 * realised / exports:.3g} % of all exports of {sellers}. The cost of delivery "
            f"falls until the flow is larger by as much, {FOUND}."
        )
        return [sentence(said)]

    def _thought_possible(self) -> str:
        if self.realisation_range is None:
            return ""
        low, high = (number(100 * part) for part in self.realisation_range)
        return f" ({low} to {high} % is thought possible)"


def _range(cost: Float[np.ndarray, " s"], cells: Flows) -> str:
    """The least and the most of what the sectors concerned see, in percent."""
    moved = 100 * np.abs(np.expm1(cost[cells.any(axis=(0, 1))]))
    return f"{moved.min():.2f} to {moved.max():.2f} %" if moved.size else "nothing"
