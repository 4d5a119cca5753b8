"""Paying in one's own money: what leaving out the vehicle currency saves, and how fast it spreads.

Trade between two countries is mostly paid in a third one's money, and then two conversions are
paid for. Where a market between the two monies exists, the part of trade that uses it saves the
difference.
"""

import math
from dataclasses import replace
from typing import Annotated, Literal, TYPE_CHECKING

import numpy as np
from pydantic import Field, model_validator

from .._core import ScenarioError
from .._document import Request
from ..selection import (
    acting,
    country_mask,
    Everyone,
    Names,
    pairs,
    sector_mask,
    sectors_in_words,
)
from ._instrument import InnerShare, Instrument, Share, Wedges
from ._prose import number, percent, points, sentence


if TYPE_CHECKING:
    from ..world import Baseline


BASIS_POINT = 1e-4
BasisPoints = Annotated[float, Field(ge=0, lt=10_000)]


def adopted_share(first: float, pull: float, years: float, ceiling: float = 1.0) -> float:
    """The share after `years` of da/dt = pull * a * (1 - a/ceiling), from `first`.

    The logistic curve of the diffusion of innovations, as a share of trade. `pull` is per year;
    where it is negative the share dies out.
    """
    if first >= ceiling:
        raise ScenarioError("the share that adoption starts from must be below its ceiling.")
    odds = first / (ceiling - first) * math.exp(min(pull * years, 700.0))
    return ceiling * odds / (1.0 + odds)


def speed_of_adoption(
    first: float, last: float, years: float, saving: float, ceiling: float = 1.0
) -> float:
    """The speed, per year and basis point saved, that takes the share from `first` to `last`.

    The inverse of `adopted_share`: only the product of speed and saving is seen in two shares.
    """
    odds = [share / (ceiling - share) for share in (first, last)]
    return math.log(odds[1] / odds[0]) / (years * saving)


class SwapLine(Request):
    """A swap line between central banks, as a rise of the share at its date."""

    year: float
    """When it takes effect."""
    jump: Annotated[float, Field(ge=-1, le=1)]
    """Added to the share of trade settled directly; negative where the line lapses."""


class Adoption(Request):
    """How the share of trade settled directly grows: a logistic curve, with a jump at a date."""

    start: float
    """The date of the first share, as a year; 2014.5 is the middle of 2014."""
    start_share: InnerShare
    """The share at that date."""
    speed: Annotated[float, Field(ge=0)]
    """Growth of the odds per year and basis point saved beyond the threshold: lambda."""
    threshold: BasisPoints = 0.0
    """Basis points that have to be saved before anyone changes: c*."""
    ceiling: Annotated[float, Field(gt=0, le=1)] = 1.0
    """The largest share; 1 is all trade."""
    swap_line: SwapLine | None = None
    """A swap line; without it there is no jump."""

    @model_validator(mode="after")
    def _below_ceiling(self) -> "Adoption":
        if self.start_share >= self.ceiling:
            raise ValueError("needs a start_share below its ceiling")
        return self

    def share(self, saving: float, year: float) -> float:
        """The share settled directly in `year`, where settling directly saves so many points."""
        pull = self.speed * (saving - self.threshold)
        line = self.swap_line
        if line is None or year < line.year:
            return adopted_share(self.start_share, pull, max(year - self.start, 0.0), self.ceiling)
        before = adopted_share(
            self.start_share, pull, max(line.year - self.start, 0.0), self.ceiling
        )
        # Within the ends of the curve, where it would stand still.
        lifted = min(max(before + line.jump, 1e-9), self.ceiling * (1 - 1e-9))
        return adopted_share(lifted, pull, year - max(line.year, self.start), self.ceiling)


class CurrencySettlement(Instrument):
    """A part of the trade among members is paid in their own monies, past the vehicle currency.

    The log cost of delivery falls by the share settled directly times what a conversion by way of
    the vehicle currency costs more than a direct one. The cost is real resources, in both
    directions. Reserves, payments under sanctions and portfolios are not in it.
    """

    kind: Literal["currency_settlement"] = "currency_settlement"
    members: Names
    """Countries between whose monies there is a market."""
    sectors: Names | Everyone = "all"
    """Sectors or groups of sectors."""
    vehicle_cost: BasisPoints
    """Conversion by way of a third money, in basis points of the payment: half the sum of the two
    spreads."""
    direct_cost: BasisPoints
    """Direct conversion, in basis points of the payment: half of its spread."""
    share: Share | None = None
    """The share of trade that is settled directly."""
    adoption: Adoption | None = None
    """The share as a path instead, read at the scenario's year."""

    @model_validator(mode="after")
    def _one_share(self) -> "CurrencySettlement":
        if (self.share is None) == (self.adoption is None):
            raise ValueError("needs exactly one of share or adoption")
        return self

    @property
    def dates(self) -> list[int]:
        line = None if self.adoption is None else self.adoption.swap_line
        begins = [] if self.adoption is None else [math.ceil(self.adoption.start)]
        return [*super().dates, *begins, *([] if line is None else [math.ceil(line.year)])]

    def settled(self, year: int | None) -> float:
        """The share of trade that is settled directly in `year`."""
        if self.adoption is None:
            return self.share or 0.0
        if year is None:
            raise ScenarioError(
                "an adoption path is read at a year, and the scenario names none; say its year."
            )
        return self.adoption.share(self.vehicle_cost - self.direct_cost, float(year))

    def saved(self, year: int | None) -> float:
        """What the average payment saves, in basis points."""
        return self.in_effect(year) * self.settled(year) * (self.vehicle_cost - self.direct_cost)

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        member = country_mask(baseline, self.members)
        if member.sum() < 2:
            raise ScenarioError("a currency market needs two members or more.")
        cells = pairs(member, member)[:, :, None] & sector_mask(baseline, self.sectors)
        cut = np.where(cells, BASIS_POINT * self.saved(year), 0.0)
        return replace(wedges, log_cost=wedges.log_cost - cut)

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        when = "" if self.adoption is None else f" in {year}, on the path of adoption"
        saved = self.saved(year)
        share = f"{100 * self.settled(year):.3g} %" if self.share is None else percent(self.share)
        settle = acting(self.members, baseline, "settles", "settle")
        said = (
            f"{settle} {share} of their trade in "
            f"{sectors_in_words(self.sectors, baseline)} with each other directly, in their own "
            f"monies{when}{self.steps(year)}. At {number(self.direct_cost)} basis points instead "
            f"of {number(self.vehicle_cost)} the average cost of delivery "
            f"{'rises' if saved < 0 else 'falls'} by {abs(saved):.3g} basis points, in real "
            "resources."
        )
        return [sentence(said), *(() if self.adoption is None else (_path(self.adoption),))]


def _path(adoption: Adoption) -> str:
    """The path of adoption with its numbers."""
    line, swap = adoption.swap_line, ""
    if line is not None:
        swap = f"; a swap line adds {points(line.jump)} in {number(line.year)}"
    said = (
        f"the path starts at {percent(adoption.start_share)} in {number(adoption.start)}, and its "
        f"odds grow by {number(100 * adoption.speed)} log points a year for every basis point "
        f"saved beyond {number(adoption.threshold)}, up to {percent(adoption.ceiling)}{swap}."
    )
    return sentence(said)
