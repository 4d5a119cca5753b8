"""Instruments that hold trade back and leave a rent: export taxes, rationing, prohibitions."""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal, TYPE_CHECKING

import numpy as np
from pydantic import Field, model_validator

from .._core import ScenarioError
from ..selection import (
    acting,
    are_many,
    countries_in_words,
    Everyone,
    flows,
    flows_in_words,
    is_mutual,
    Names,
    partners_in_words,
    sectors_in_words,
)
from ._instrument import (
    Instrument,
    Rate,
    Rise,
    Share,
    visitors_kept,
    Wedges,
    without_visitors,
)
from ._prose import percent, sentence
from ._quantity import bought_in_words, ByQuantity, FOUND, visitors_target, WantedQuantity


if TYPE_CHECKING:
    from ..world import Baseline


ONCE = "a flow can be rationed once; another policy rations it already."


class ExportTax(ByQuantity):
    """A tax or a licence fee on exports; where nobody collects it, it is a real cost of trade."""

    kind: Literal["export_tax"] = "export_tax"
    exporters: Names
    """Countries that levy it."""
    importers: Names | Everyone = "all"
    """Countries whose purchases pay it."""
    sectors: Names | Everyone = ("goods",)
    """Sectors or groups of sectors."""
    rate: Rate | None = None
    """Rate on the producer price: 0.1 is 10 %."""
    revenue: Literal["exporter", "nobody"] = "exporter"
    """Who has the revenue; "nobody" is a licence that costs time and money."""

    sized_by: ClassVar[tuple[str, ...]] = ("rate",)

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        rate = np.where(cells, self.in_effect(year) * (self.rate or 0.0), 0.0)
        if self.revenue == "nobody":
            return replace(wedges, log_cost=wedges.log_cost + np.log1p(rate))
        return replace(wedges, export_tax=(1 + wedges.export_tax) * (1 + rate) - 1)

    def targets(self, baseline: "Baseline", year: int | None) -> list[WantedQuantity]:
        """One mark-up on all the flows, of which the sellers' side has what a tax would bring."""
        if self.quantity is None:
            return []
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        wanted, keeper = self.log_quantity(year), self.revenue
        return [WantedQuantity(cells, cells * 1.0, keeper, wanted, measure=self.quantity_of)]

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        taxes = acting(self.exporters, baseline, "taxes its", "tax their")
        what = sectors_in_words(self.sectors, baseline)
        whom = partners_in_words(self.importers, self.exporters, baseline)
        keeps = " and keep" if are_many(self.exporters, baseline) else " and keeps"
        kept = f"{keeps} the revenue" if self.revenue == "exporter" else _WASTED
        if self.quantity is not None:
            few = f"until {whom} buy {self.less_or_more()}{self.steps(year)}"
            rest = f"{self.of_what_it_was()}, by one rate {FOUND}"
            return [sentence(f"{taxes} exports of {what} to {whom} {few}: {rest}{kept}.")]
        rate = f"{percent(self.rate or 0.0)}{self.steps(year)}"
        return [sentence(f"{taxes} exports of {what} to {whom} at {rate}{kept}.")]


class Rationing(ByQuantity):
    """A limit on quantity, as the mark-up it puts on the price: a quota, a licence, a tour ban.

    Whoever may still trade earns the mark-up. Who that is decides who pays for the limit.
    """

    kind: Literal["rationing"] = "rationing"
    importers: Names | Everyone = "all"
    """Destinations."""
    exporters: Names | Everyone = "all"
    """Origins."""
    sectors: Names | Everyone
    """Sectors or groups of sectors."""
    markup: Rise | None = None
    """The rise of the price: 0.1 is 10 %."""
    rent: Literal["importer", "exporter", "nobody"]
    """Who has the mark-up; "nobody" is queues and effort, which are a real cost of trade."""
    visitors: Annotated[Share, Field(lt=1)] = 0.0
    """The part of visitors who stay away. On a world with travel laid over it, what they buy in
    other sectors is held back too: by the mark-up that fits at given costs and spending, or with
    `quantity` by the one that fits in the whole model."""

    sized_by: ClassVar[tuple[str, ...]] = ("markup",)

    @model_validator(mode="after")
    def _holds_back(self) -> "Rationing":
        if self.quantity is not None and self.quantity > 1:
            raise ValueError("is a limit, which leaves no more than there is: 'quantity' is over 1")
        return self

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        if self.markup is None:
            return wedges
        named = flows(baseline, self.exporters, self.importers, self.sectors)
        everywhere = flows(baseline, self.exporters, self.importers, "all")
        kept = visitors_kept(baseline, everywhere & ~named, self.in_effect(year) * self.visitors)
        elsewhere = kept ** (-1 / (1 + np.asarray(baseline.economy.trade_elasticity))) - 1
        markup = np.where(named, self.in_effect(year) * self.markup, elsewhere)
        cells = named | (elsewhere > 0)
        if self.rent == "nobody":
            return replace(wedges, log_cost=wedges.log_cost + np.log1p(markup))
        if (cells & (wedges.rationing > 0)).any():
            raise ScenarioError(ONCE)
        home = 1.0 if self.rent == "importer" else 0.0
        return replace(
            wedges,
            rationing=np.where(cells, markup, wedges.rationing),
            rent_to_importer=np.where(cells, home, wedges.rent_to_importer),
        )

    def targets(self, baseline: "Baseline", year: int | None) -> list[WantedQuantity]:
        """One mark-up on the flows that are named, and one fall of what visitors buy elsewhere."""
        if self.quantity is None:
            return []
        named = flows(baseline, self.exporters, self.importers, self.sectors)
        everywhere = flows(baseline, self.exporters, self.importers, "all")
        wanted, keeper = self.log_quantity(year), self.rent
        limit = WantedQuantity(
            named, named * 1.0, keeper, wanted, measure=self.quantity_of, is_limit=True
        )
        part = self.in_effect(year) * self.visitors
        elsewhere = everywhere & ~named
        return [limit, *visitors_target(baseline, elsewhere, part, keeper, is_limit=True)]

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        what = flows_in_words(baseline, self.exporters, self.importers, self.sectors)
        keepers = self.exporters if self.rent == "exporter" else self.importers
        keeps = f"; {acting(keepers, baseline, 'keeps', 'keep')} the difference"
        if self.rent == "nobody":
            keeps = _WASTED
        if self.markup is None:
            bought = bought_in_words(
                self, baseline, self.importers, self.exporters, self.sectors, year
            )
            said = f"{bought}. A limit raises the price until it is so, {FOUND}{keeps}."
            return [sentence(said), *without_visitors(baseline, self.visitors)]
        raised = f"raises the price by {percent(self.markup)}{self.steps(year)}{keeps}"
        limited = sentence(f"a limit on {what} {raised}.")
        return [limited, *without_visitors(baseline, self.visitors)]


class Prohibition(Instrument):
    """An embargo: the flow is exactly zero, and buyers turn to other origins."""

    kind: Literal["prohibition"] = "prohibition"
    importers: Names | Everyone = "all"
    """Destinations."""
    exporters: Names | Everyone = "all"
    """Origins."""
    sectors: Names | Everyone
    """Sectors or groups of sectors."""

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        if self.in_effect(year) not in (0.0, 1.0):
            raise ScenarioError("a prohibition is there or not; it cannot be phased in by steps.")
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        banned = cells & (self.in_effect(year) > 0)
        return replace(wedges, allowed=np.where(banned, 0.0, wedges.allowed))

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        if not self.in_effect(year):
            begun = f"is not yet prohibited in {year}{self.steps(year)}"
            return [sentence(f"{self._banned(baseline, 'may still')}: the trade {begun}.")]
        banned = self._banned(baseline, "may no longer")
        return [sentence(f"{banned}{self.steps(year)}: the trade is prohibited.")]

    def _banned(self, baseline: "Baseline", may: str) -> str:
        """Who may buy what from whom, or sell it where everyone buys."""
        what = "any goods or services"
        if self.sectors != "all":
            what = sectors_in_words(self.sectors, baseline)
        buyer = countries_in_words(self.importers, baseline)
        seller = countries_in_words(self.exporters, baseline)
        if is_mutual(self.exporters, self.importers, baseline):
            return f"{buyer} {may} sell each other {what}"
        if self.importers == "all":
            return f"{seller} {may} sell {what} to any other country"
        whom = "any other country" if self.exporters == "all" else seller
        return f"{buyer} {may} buy {what} from {whom}"


_WASTED = "; nobody collects the difference, so that it is a real cost of trade"
