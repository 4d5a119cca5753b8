"""Export controls: a part of what is sold may no longer be, and the rest is as free as before."""

from dataclasses import replace
from typing import ClassVar, Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float
from pydantic import model_validator

from .._core import ScenarioError
from .._words import first_small
from ..selection import (
    acting,
    country_mask,
    Everyone,
    flows,
    Names,
    partners_in_words,
    sector_mask,
    sectors_in_words,
)
from ._instrument import Rise, Share, Wedges
from ._prose import in_row, percent, sentence
from ._quantity import ByQuantity, FOUND, WantedQuantity


if TYPE_CHECKING:
    from ..world import Baseline, Economy


# The system is diagonally dominant: a few dozen steps reach rounding.
TOLERANCE = 1e-12


class ExportControl(ByQuantity):
    """A ban on sales of listed items or to listed users: part of each flow stops, the rest is free.

    The restricted part is `min(1, covered * (1 - leakage) * (1 + over_compliance))`. A variety that
    is split into two parts at one price, one of them prohibited, is left with one less that part
    of its weight in the buyers' choice: a real loss of variety that nobody collects, the same as a
    cost factor of `(1 - restricted) ** (-1 / theta)`. All of it is a prohibition.
    """

    kind: Literal["export_control"] = "export_control"
    exporters: Names
    """Countries that control."""
    importers: Names | Everyone = "all"
    """Countries whose purchases are controlled."""
    sectors: Names | Everyone
    """Sectors or groups of sectors."""
    covered_share: Share | dict[str, Share] | None = None
    """The part of each flow that the control is meant to stop: one for all, or by sector."""
    defence_share: Share | None = None
    """In its place: defence in the importer's final demand for `public_sectors`; what its defence
    takes of each product, directly and through all its suppliers, is then the covered share."""
    public_sectors: Names = ("PUB",)
    """The sectors through which defence is bought, for `defence_share`."""
    leakage: Share = 0.0
    """The part of what is covered that gets through all the same."""
    over_compliance: Rise = 0.0
    """What is held back beyond what is covered, over what is covered."""

    sized_by: ClassVar[tuple[str, ...]] = ("covered_share", "defence_share")

    @model_validator(mode="after")
    def _holds_back(self) -> "ExportControl":
        if self.quantity is not None and self.quantity > 1:
            raise ValueError("leaves no more than there is: 'quantity' is over 1")
        if self.quantity is not None and (self.leakage or self.over_compliance):
            raise ValueError("takes no leakage or over_compliance beside a quantity: it holds both")
        return self

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        if self.quantity is not None:
            return wedges
        restricted = self.in_effect(year) * self.restricted(baseline)
        return replace(wedges, allowed=wedges.allowed * (1.0 - restricted))

    def targets(self, baseline: "Baseline", year: int | None) -> list[WantedQuantity]:
        """One part of all the flows that is prohibited, as the cost factor that it is."""
        if self.quantity is None:
            return []
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        wanted = self.log_quantity(year)
        return [
            WantedQuantity(cells, cells * 1.0, "nobody", wanted, True, measure=self.quantity_of)
        ]

    def restricted(self, baseline: "Baseline") -> Float[np.ndarray, "o d s"]:
        """The part of each flow that stops once the control is whole; zero where there is none."""
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        kept_back = self._covered(baseline) * (1.0 - self.leakage) * (1.0 + self.over_compliance)
        return np.where(cells, np.minimum(kept_back, 1.0)[None], 0.0)

    def _covered(self, baseline: "Baseline") -> Float[np.ndarray, "d s"]:
        shape = (len(baseline.countries), len(baseline.sectors))
        if self.defence_share is not None:
            return self._defence(baseline, self.defence_share)
        if not isinstance(self.covered_share, dict):
            return np.full(shape, self.covered_share)
        chosen, covered = sector_mask(baseline, self.sectors), np.zeros(shape)
        for name, share in self.covered_share.items():
            named = sector_mask(baseline, (name,))
            if (named & ~chosen).any():
                raise ScenarioError(f"'covered_share' names '{name}', which 'sectors' does not.")
            covered = np.where(named, share, covered)
        return covered

    def _defence(self, baseline: "Baseline", share: float) -> Float[np.ndarray, "d s"]:
        public = sector_mask(baseline, self.public_sectors)
        buying = np.flatnonzero(country_mask(baseline, self.importers))
        covered = np.zeros((len(baseline.countries), len(baseline.sectors)))
        for country in buying:
            covered[country] = share * end_use_share(baseline.economy, int(country), public)
        return covered

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        bans = acting(self.exporters, baseline, "prohibits part of its", "prohibit part of their")
        whom = partners_in_words(self.importers, self.exporters, baseline)
        if self.quantity is not None:
            said = (
                f"{bans} sales of {sectors_in_words(self.sectors, baseline)} to {whom}, until "
                f"these are {self.less_or_more()}{self.steps(year)}: {self.of_what_it_was()}. One "
                f"part of all of it stops, {FOUND}, and nobody collects a rent."
            )
            return [sentence(said)]
        restricted = self.in_effect(year) * self.restricted(baseline)
        said = (
            f"{bans} sales of {sectors_in_words(self.sectors, baseline)} to {whom}"
            f"{self.steps(year)}: {self._listed(baseline)}. Of that {percent(self.leakage)} leaks "
            f"through, and {percent(self.over_compliance)} more is held back."
        )
        stops = (
            f"what stops, by sector: {_by_sector(restricted, baseline)}. Nobody collects a rent."
        )
        return [sentence(said), sentence(stops)]

    def _listed(self, baseline: "Baseline") -> str:
        """What the control is meant to stop, with its numbers."""
        if self.defence_share is not None:
            public = sectors_in_words(self.public_sectors, baseline)
            return (
                f"what defence takes of it, at {percent(self.defence_share)} of final demand for "
                f"{public}, directly and through all suppliers"
            )
        if isinstance(self.covered_share, dict):
            parts = [
                f"{percent(share)} of {sectors_in_words((name,), baseline)}"
                for name, share in self.covered_share.items()
            ]
            return in_row(parts)
        return f"{percent(self.covered_share or 0.0)} is covered"


def end_use_share(
    economy: "Economy", country: int, sectors: Bool[np.ndarray, " s"]
) -> Float[np.ndarray, " s"]:
    """The part of a country's purchases of each product that its final demand for `sectors` takes.

    Directly and as inputs at home and along supply chains abroad that come back, with the same
    origins for every user: `m_k / E_k` with `m = f + A P m`, where `f` is the final demand, `A` the
    input shares and `P` the origins of purchases. In a closed economy it is `(L f)_k / X_k` with
    the Leontief inverse `L`. Its own final demand only: arms sold abroad are not in it.
    """
    # Half a second to load, of which no other policy has any use.
    from scipy.sparse.linalg import gmres, LinearOperator

    spent = np.asarray(economy.expenditure)
    origins = np.asarray(economy.trade) / np.where(spent > 0, spent, 1.0)[None]
    inputs = np.asarray(economy.input_share)
    wanted = np.zeros_like(spent)
    wanted[country] = np.where(sectors, np.asarray(economy.final_demand)[country], 0.0)

    def left(flat: Float[np.ndarray, " x"]) -> Float[np.ndarray, " x"]:
        bought = flat.reshape(spent.shape)
        made = (origins * bought[None]).sum(axis=1)
        return (bought - np.einsum("nks,ns->nk", inputs, made)).ravel()

    shape = (wanted.size, wanted.size)
    system = LinearOperator(shape, matvec=left, dtype=float)  # pyright: ignore[reportCallIssue]
    solution, failed = gmres(system, wanted.ravel(), rtol=TOLERANCE, atol=0.0)
    if failed:
        raise ScenarioError("what defence takes of each product could not be computed here.")
    bought = solution.reshape(spent.shape)[country]
    return bought / np.where(spent[country] > 0, spent[country], 1.0)


def _by_sector(restricted: Float[np.ndarray, "o d s"], baseline: "Baseline") -> str:
    """The restricted part of each sector's flows, weighted by baseline trade."""
    trade = np.where(restricted > 0, baseline.economy.trade, 0.0)
    total = trade.sum(axis=(0, 1))
    part = (restricted * trade).sum(axis=(0, 1)) / np.where(total > 0, total, 1.0)
    said = [
        f"{first_small(baseline.sector_names.get(code, code))} {100 * share:.2g} %"
        for code, share in zip(baseline.sectors, part, strict=True)
        if share > 0
    ]
    return "; ".join(said) or "nothing in this world"
