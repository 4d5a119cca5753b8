"""Agreements that cut the tariffs among some, and the end of what they granted."""

from dataclasses import replace
from typing import Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float

from .._core import ScenarioError
from ..selection import (
    acting,
    are_many,
    countries_in_words,
    country_mask,
    Everyone,
    flows,
    Names,
    pairs,
    partners_in_words,
    sector_mask,
    sectors_in_words,
)
from ._instrument import Instrument, Share, Wedges
from ._prose import before_and_after, mean_rate, percent, sentence


if TYPE_CHECKING:
    from ..world import Baseline


class FreeTradeAgreement(Instrument):
    """Members cut the tariffs that are left on each other's goods."""

    kind: Literal["free_trade_agreement"] = "free_trade_agreement"
    members: Names
    """Countries or groups that trade with each other at the lower tariffs."""
    acceding: Names = ()
    """Further countries that join: then only tariffs between them and all members fall, and those
    among the members before stay."""
    sectors: Names | Everyone = ("goods",)
    """Sectors or groups of sectors covered."""
    except_sectors: Names = ()
    """Sectors left out."""
    tariff_cut: Share = 1.0
    """The part of the remaining tariff that goes: 1 is to zero."""

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        kept = 1.0 - self.tariff_cut * self.in_effect(year)
        cells = self._cells(baseline)
        return replace(wedges, tariff=np.where(cells, wedges.tariff * kept, wedges.tariff))

    def _cells(self, baseline: "Baseline") -> Bool[np.ndarray, "o d s"]:
        covered = sector_mask(baseline, self.sectors) & ~sector_mask(baseline, self.except_sectors)
        before = country_mask(baseline, self.members)
        after = before | country_mask(baseline, self.acceding)
        if after.sum() < 2:
            raise ScenarioError("an agreement needs two members or more.")
        freed = pairs(after, after)
        if self.acceding:
            if (after == before).all():
                raise ScenarioError("everyone in 'acceding' is a member already.")
            freed &= ~pairs(before, before)
        return freed[:, :, None] & covered

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        before = mean_rate(np.asarray(baseline.economy.tariff), self._cells(baseline), baseline)
        kept = 1.0 - self.tariff_cut * self.in_effect(year)
        covered, without = sectors_in_words(self.sectors, baseline), self.except_sectors
        if without:
            covered += f" (except {sectors_in_words(without, baseline)})"
        after = None if before is None else before * kept
        rates = before_and_after(before, after)
        moved = f"by {percent(self.tariff_cut)}{self.steps(year)}{rates and f', {rates}'}."
        return [sentence(f"{self._act(covered, baseline)} {moved}")]

    def _act(self, covered: str, baseline: "Baseline") -> str:
        """Who cuts tariffs on whose goods."""
        if not self.acceding:
            cut = acting(self.members, baseline, "cut", "cut")
            return f"{cut} their tariffs on {covered} from each other"
        joins = acting(self.acceding, baseline, "joins", "join")
        many = are_many(self.acceding, baseline)
        between = "among them and with the others" if many else "between it and the others"
        members = countries_in_words(self.members, baseline)
        return f"{joins} {members}: tariffs on {covered} {between} fall"


class EndOfPreference(Instrument):
    """Importers end the preferences of exporters: duties go back to those levied on others.

    The rate of each importer and sector is its mean rate on the goods of `as_for` in the baseline,
    weighted by what it buys from them, or unweighted where it buys nothing. No rate falls. What is
    found is the world's own average duty without preference, not a schedule by product.
    """

    kind: Literal["end_of_preference"] = "end_of_preference"
    importers: Names
    """Countries that end the preference."""
    exporters: Names
    """Countries that lose it."""
    as_for: Names
    """Countries without a preference, whose duties stand for those that come back."""
    sectors: Names | Everyone = ("goods",)
    """Sectors or groups of sectors."""

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        target = np.maximum(wedges.tariff, self._ordinary(baseline)[None])
        moved = np.where(cells, self.in_effect(year) * (target - wedges.tariff), 0.0)
        return replace(wedges, tariff=wedges.tariff + moved)

    def _ordinary(self, baseline: "Baseline") -> Float[np.ndarray, "d s"]:
        """The importers' mean rates on those without a preference."""
        chosen = flows(baseline, self.as_for, self.importers, self.sectors)
        clash = country_mask(baseline, self.as_for) & country_mask(baseline, self.exporters)
        if clash.any():
            raise ScenarioError("'as_for' names countries that lose the preference themselves.")
        trade = np.where(chosen, np.asarray(baseline.economy.trade), 0.0)
        weight = np.where(trade.sum(axis=0) > 0, trade, chosen)
        total = weight.sum(axis=0)
        paid = (weight * np.asarray(baseline.economy.tariff)).sum(axis=0)
        return paid / np.where(total > 0, total, 1.0)

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        now = np.asarray(baseline.economy.tariff)
        target = np.maximum(now, self._ordinary(baseline)[None])
        rates = before_and_after(*(mean_rate(rate, cells, baseline) for rate in (now, target)))
        ends = acting(self.importers, baseline, "ends its preference", "end their preferences")
        what = sectors_in_words(self.sectors, baseline)
        whose = partners_in_words(self.exporters, self.importers, baseline)
        others = countries_in_words(self.as_for, baseline)
        said = (
            f"{ends} for {what} from {whose}{self.steps(year)}: duties go back to the mean of "
            f"those on {others} in the baseline{rates and f', {rates}'}."
        )
        return [sentence(said)]
