"""What buyers want: boycotts, waves of fashion, and the end of bans on goods nobody can see yet."""

from dataclasses import replace
from typing import Annotated, Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from pydantic import Field

from .._core import ScenarioError
from ..selection import (
    acting,
    countries_in_words,
    Everyone,
    flows,
    flows_in_words,
    Names,
    partners_in_words,
    sectors_in_words,
)
from ._instrument import (
    Change,
    InnerShare,
    Instrument,
    Share,
    visitors_kept,
    Wedges,
    without_visitors,
)
from ._prose import more_or_less, percent, sentence
from ._quantity import bought_in_words, ByQuantity, FOUND, visitors_target, WantedQuantity


if TYPE_CHECKING:
    from ..world import Baseline


class Taste(ByQuantity):
    """Buyers turn to or from an origin: a consumer boycott, patriotic demand, a fashion.

    Prices and welfare are what the tastes of the baseline year make of what is then bought, so a
    boycott costs the boycotter what it keeps him from buying.
    """

    kind: Literal["taste"] = "taste"
    importers: Names | Everyone = "all"
    """Countries whose buyers change their minds."""
    exporters: Names | Everyone = "all"
    """Countries whose goods they see differently."""
    sectors: Names | Everyone
    """Sectors or groups of sectors."""
    change: Change | None = None
    """Spending on these origins over spending on others, at the same prices: -0.3 is 30 % less."""
    visitors: Annotated[Share, Field(lt=1)] = 0.0
    """The part of visitors who stay away. On a world with travel laid over it, as much less is
    wanted of what they buy in other sectors too."""

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        if self.quantity is not None:
            return wedges
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        everywhere = flows(baseline, self.exporters, self.importers, "all")
        elsewhere = visitors_kept(baseline, everywhere & ~cells, self.visitors)
        change = self.change or 0.0
        moved = self.in_effect(year) * np.log(np.where(cells, 1 + change, elsewhere))
        so_far = 0.0 if wedges.log_taste is None else wedges.log_taste
        return replace(wedges, log_taste=so_far + moved)

    def targets(self, baseline: "Baseline", year: int | None) -> list[WantedQuantity]:
        """One factor on what is spent on all the flows at the same prices."""
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        if self.quantity is None:
            return []
        wanted, part = self.log_quantity(year), self.in_effect(year) * self.visitors
        wished = WantedQuantity(cells, cells * 1.0, "taste", wanted, True, measure=self.quantity_of)
        elsewhere = flows(baseline, self.exporters, self.importers, "all") & ~cells
        return [wished, *visitors_target(baseline, elsewhere, part, "taste")]

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        if self.quantity is not None:
            bought = bought_in_words(
                self, baseline, self.importers, self.exporters, self.sectors, year
            )
            said = (
                f"{bought}. So much {'more' if self.quantity > 1 else 'less'} is wanted at the "
                f"same prices, {FOUND}; prices and welfare are valued with the tastes of the "
                "baseline."
            )
            return [sentence(said), *without_visitors(baseline, self.visitors)]
        where = "everywhere"
        if self.importers != "all":
            where = f"in {countries_in_words(self.importers, baseline)}"
        whose = partners_in_words(self.exporters, self.importers, baseline)
        said = (
            f"buyers {where} would spend {more_or_less(self.change or 0.0)} on "
            f"{sectors_in_words(self.sectors, baseline)} from {whose}, against other origins, at "
            f"the same prices{self.steps(year)}; prices and welfare are valued with the tastes of "
            "the baseline."
        )
        return [sentence(said), *without_visitors(baseline, self.visitors)]


class Opening(Instrument):
    """The end of a ban that already holds in the baseline year, so that its trade is not seen.

    A flow that is zero in the data stays zero whatever it costs. What it would be without the ban
    is an assumption of the scenario or part of the baseline; letting it in is this policy.
    """

    kind: Literal["opening"] = "opening"
    importers: Names | Everyone = "all"
    """Countries that lift the ban."""
    exporters: Names | Everyone = "all"
    """Countries whose goods are let in."""
    sectors: Names | Everyone
    """Sectors or groups of sectors."""
    part: Share = 1.0
    """The part of the hidden trade that is let in."""
    potential_share: InnerShare | None = None
    """What each origin would have of the importer's spending on each sector at today's prices;
    without it the baseline's own potential trade."""

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        hidden = np.asarray(baseline.economy.hidden_share)
        if not (cells & (hidden > 0)).any():
            raise ScenarioError(
                f"the baseline '{baseline.name}' hides no trade in these flows; say with "
                "'potential_share' what the origin would have without the ban."
            )
        so_far = np.zeros_like(hidden) if wedges.opened is None else wedges.opened
        return replace(wedges, opened=np.where(cells, self.in_effect(year) * self.part, so_far))

    def wanted(self, baseline: "Baseline") -> Float[np.ndarray, "o d s"]:
        """The shares of spending that this policy assumes; zero where it assumes none."""
        if self.potential_share is None:
            return np.zeros(baseline.economy.trade.shape)
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        share = np.asarray(baseline.economy.expenditure_share)
        if (cells & (share > self.potential_share)).any():
            raise ScenarioError(
                f"'potential_share' is {self.potential_share:g}, less than an origin already has "
                f"in {flows_in_words(baseline, self.exporters, self.importers, self.sectors)}."
            )
        return np.where(cells, self.potential_share, 0.0)

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        lifts = acting(self.importers, baseline, "lifts its ban", "lift their bans")
        what = sectors_in_words(self.sectors, baseline)
        whose = partners_in_words(self.exporters, self.importers, baseline)
        size = "as the baseline estimates it"
        if self.potential_share is not None:
            size = (
                f"assumed to be {percent(self.potential_share)} of spending on each sector from "
                "each origin at today's prices"
            )
        said = (
            f"{lifts} on {what} from {whose}: {percent(self.part)} of the trade that is hidden is "
            f"let in{self.steps(year)}, {size}."
        )
        return [sentence(said)]
