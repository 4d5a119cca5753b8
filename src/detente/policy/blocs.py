"""Blocs: trade that becomes dearer, or stops, between countries that stand far apart."""

from dataclasses import replace
from functools import cache
from typing import Annotated, ClassVar, Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float
from pydantic import Field, model_validator

from .. import library
from .._core import ScenarioError
from .._words import listing
from ..selection import (
    acting,
    are_many,
    countries_in_words,
    country_in_words,
    country_mask,
    Everyone,
    listed,
    Names,
    sector_mask,
    sectors_in_words,
)
from ._instrument import Change, Multiple, Wedges
from ._prose import more_or_less, number, sentence
from ._quantity import ByQuantity, FOUND, WantedQuantity


if TYPE_CHECKING:
    from ..world import Baseline


class BlocSplit(ByQuantity):
    """The world splits: trade between blocs costs more, or stops; within a bloc nothing changes.

    A country in no bloc is neutral and trades with all as before. One that hedges has half the log
    wedge with every bloc. With `cost_per_point` there are no blocs but distances: the log cost
    between two countries rises by it for every point that their positions lie further apart than
    `tolerated`. The cost is real resources: nobody collects it.
    """

    kind: Literal["bloc_split"] = "bloc_split"
    blocs: dict[str, Names] = Field(default_factory=dict)
    """The members of each bloc, by a name of your own; what is in none is neutral."""
    hedging: Names = ()
    """Countries with half the log wedge with every bloc."""
    sectors: Names | Everyone = "all"
    """Sectors or groups of sectors."""
    change: Change | None = None
    """Relative change of the cost factor between blocs: 1 doubles it."""
    prohibited: bool = False
    """Whether trade between blocs stops instead."""
    cost_per_point: Annotated[Multiple, Field(gt=0)] | None = None
    """Log cost for every point of distance between positions, instead of blocs."""
    tolerated: Annotated[float, Field(ge=0)] = 0.0
    """The distance up to which nothing changes."""
    positions: dict[str, float] | Literal["UN 2015-2019"] = "UN 2015-2019"
    """Where countries stand, on one line: by country or group, or their mean ideal points in votes
    of the UN General Assembly; a country without a position keeps its costs."""

    sized_by: ClassVar[tuple[str, ...]] = ("change", "prohibited", "cost_per_point")

    @model_validator(mode="after")
    def _blocs_or_distances(self) -> "BlocSplit":
        if (self.cost_per_point is None) != (len(self.blocs) >= 2):
            raise ValueError("needs two blocs or more, and none with cost_per_point")
        if self.hedging and self.change is None and self.quantity is None:
            raise ValueError("hedging is half of a change: it needs 'change' or 'quantity'")
        return self

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        sectors = sector_mask(baseline, self.sectors)
        part = self.in_effect(year)
        if not self.prohibited:
            cost = part * self.log_cost(baseline)[:, :, None] * sectors
            return replace(wedges, log_cost=wedges.log_cost + cost)
        if part not in (0.0, 1.0):
            raise ScenarioError("a prohibition is there or not; it cannot be phased in by steps.")
        banned = part * self._apart(baseline)[:, :, None] * sectors > 0
        return replace(wedges, allowed=np.where(banned, 0.0, wedges.allowed))

    def targets(self, baseline: "Baseline", year: int | None) -> list[WantedQuantity]:
        """One cost factor between blocs, all that passes between them taken together."""
        if self.quantity is None:
            return []
        pattern = self._apart(baseline)[:, :, None] * sector_mask(baseline, self.sectors)
        wanted = self.log_quantity(year)
        return [WantedQuantity(pattern == 1, pattern, "nobody", wanted, measure=self.quantity_of)]

    def log_cost(self, baseline: "Baseline") -> Float[np.ndarray, "o d"]:
        """The rise of the log trade cost of every pair, whole."""
        if self.cost_per_point is None:
            return self._apart(baseline) * np.log1p(self.change or 0.0)
        place = self._place(baseline)
        beyond = np.abs(place[:, None] - place[None, :]) - self.tolerated
        return self.cost_per_point * np.maximum(np.nan_to_num(beyond), 0.0)

    def _apart(self, baseline: "Baseline") -> Float[np.ndarray, "o d"]:
        """One between blocs, a half between one that hedges and a bloc, else zero."""
        count = len(baseline.countries)
        bloc = np.zeros(count, int)
        for place, (name, members) in enumerate(self.blocs.items(), start=1):
            inside = country_mask(baseline, members)
            _refuse_twice(inside & (bloc > 0), f"bloc '{name}'", baseline)
            bloc[inside] = place
        hedges = country_mask(baseline, self.hedging)
        _refuse_twice(hedges & (bloc > 0), "'hedging'", baseline)
        member = bloc > 0
        across = np.outer(member, member) & (bloc[:, None] != bloc[None, :])
        between = np.outer(hedges, member) | np.outer(member, hedges)
        return across * 1.0 + between * 0.5

    def _place(self, baseline: "Baseline") -> Float[np.ndarray, " n"]:
        """Positions by country; not a number for a country that has none."""
        place = np.full(len(baseline.countries), np.nan)
        if isinstance(self.positions, dict):
            for name, value in self.positions.items():
                place[country_mask(baseline, (name,))] = value
            if np.isfinite(place).sum() < 2:
                raise ScenarioError("a distance needs the positions of two countries or more.")
            return place
        known = ideal_points()
        return np.array([known.get(code, np.nan) for code in baseline.countries])

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        what, steps = sectors_in_words(self.sectors, baseline), self.steps(year)
        if self.cost_per_point is not None:
            return self._distances_in_words(what, baseline, steps)
        sides = [_bloc(name, members, baseline) for name, members in self.blocs.items()]
        between = f"between {listing(sides)}"
        if len(sides) > 2:
            between = f"between any two of {'; '.join(sides)}"
        if self.prohibited:
            return [sentence(f"trade in {what} {between} is prohibited{steps}.")]
        if self.quantity is not None:
            dearer = "cheaper" if self.quantity > 1 else "dearer"
            said = (
                f"trade in {what} {between} is {self.less_or_more()}{steps}: "
                f"{self.of_what_it_was()}. Delivery becomes so much {dearer}, by one part for all "
                f"of it, {FOUND}; nobody collects the difference."
            )
            return [sentence(said), *self._hedges(baseline)]
        cost = more_or_less(self.change or 0.0)
        said = f"delivery of {what} {between} costs {cost}{steps}; nobody collects the difference."
        return [sentence(said), *self._hedges(baseline)]

    def _hedges(self, baseline: "Baseline") -> list[str]:
        if not self.hedging:
            return []
        hedges = acting(self.hedging, baseline, "hedges", "hedge")
        if self.change is None:
            return [sentence(f"{hedges}: the log cost there moves by half of that.")]
        half = float(np.expm1(0.5 * np.log1p(self.change)))
        it = "them" if are_many(self.hedging, baseline) else "it"
        cost = f"{100 * abs(half):.3g} % {'less' if half < 0 else 'more'}"
        return [sentence(f"{hedges}: delivery between {it} and each bloc costs {cost}.")]

    def _distances_in_words(self, what: str, baseline: "Baseline", steps: str) -> list[str]:
        missing = np.flatnonzero(np.isnan(self._place(baseline))).tolist()
        where = "mean ideal points of 2015 to 2019 in votes of the UN General Assembly"
        if isinstance(self.positions, dict):
            where = "; ".join(
                f"{number(place)} for {countries_in_words((name,), baseline)}"
                for name, place in self.positions.items()
            )
        said = (
            f"the log cost of delivering {what} between two countries rises by "
            f"{number(self.cost_per_point or 0.0)} for every point beyond {number(self.tolerated)} "
            f"between their positions ({where}){steps}; nobody collects the difference."
        )
        without = listed(country_in_words(baseline, place) for place in missing)
        unmoved = f"without a position, and so with unchanged costs: {without}."
        return [sentence(said), *([sentence(unmoved)] if missing else [])]


def _bloc(name: str, members: Names, baseline: "Baseline") -> str:
    """A bloc with its members, which are not said twice where it is called by its only one."""
    inside = countries_in_words(members, baseline)
    return name if name == inside else f"{name} ({inside})"


@cache
def ideal_points() -> dict[str, float]:
    """Mean ideal points by country and by region of the compact worlds.

    Bailey, Strezhnev and Voeten (2017), sessions 70 to 74; written by `tools/ideal_points.py`.
    """
    rows = library.table("alignment/ideal_points.csv")
    return {row["country"]: float(row["ideal_point"]) for row in rows}


def _refuse_twice(both: Bool[np.ndarray, " n"], where: str, baseline: "Baseline") -> None:
    if both.any():
        code = baseline.countries[int(np.flatnonzero(both)[0])]
        raise ScenarioError(f"{where} names '{code}', which another bloc has.")
