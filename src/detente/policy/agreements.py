"""Agreements that cut the tariffs among some, and the end of what they granted."""

from dataclasses import replace
from typing import Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float

from .._core import ScenarioError
from ..selection import (
    countries_in_words,
    country_mask,
    Everyone,
    flows,
    flows_in_words,
    Names,
    pairs,
    sector_mask,
    sectors_in_words,
)
from ._instrument import Instrument, Share, Wedges


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
        economy, cells = baseline.economy, self._cells(baseline)
        trade = np.where(cells, economy.trade, 0.0)
        before = (trade * np.asarray(economy.tariff)).sum() / max(trade.sum(), 1e-300)
        kept = 1.0 - self.tariff_cut * self.in_effect(year)
        covered, without = sectors_in_words(self.sectors, baseline), self.except_sectors
        left_out = f" except {sectors_in_words(without, baseline)}" if without else ""
        return [
            f"Tariffs {self._between(baseline)} on {covered}{left_out} fall by "
            f"{100 * (1 - kept):.3g} %{self.steps(year)}: on average from {100 * before:.2f} % to "
            f"{100 * before * kept:.2f} %, weighted by baseline trade."
        ]

    def _between(self, baseline: "Baseline") -> str:
        members = countries_in_words(self.members, baseline)
        if not self.acceding:
            return f"among {members}"
        return f"between {countries_in_words(self.acceding, baseline)} and the members {members}"


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
        trade = np.where(cells, np.asarray(baseline.economy.trade), 0.0)
        now = np.asarray(baseline.economy.tariff)
        total = max(trade.sum(), 1e-300)
        before = (trade * now).sum() / total
        after = (trade * np.maximum(now, self._ordinary(baseline)[None])).sum() / total
        what = flows_in_words(baseline, self.exporters, self.importers, self.sectors)
        return [
            f"Duties on {what} go back to the mean of those on "
            f"{countries_in_words(self.as_for, baseline)} in the baseline{self.steps(year)}: on "
            f"average from {100 * before:.2f} % to {100 * after:.2f} %, weighted by baseline trade."
        ]
