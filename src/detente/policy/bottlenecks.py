"""Bottlenecks: an input that is little of the cost and that its users cannot do without at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal, TYPE_CHECKING

import numpy as np
from jaxtyping import Float
from pydantic import Field, model_validator

from .._core import ScenarioError
from .._words import series
from ..selection import (
    acting,
    countries_in_words,
    country_mask,
    Everyone,
    Names,
    partners_in_words,
    refuse_oneself,
    sector_mask,
    sectors_in_words,
)
from ._instrument import Instrument, Share, Wedges
from ._prose import number, percent, sentence
from .items import (
    between,
    CriticalItem,
    InnerParts,
    item_called,
    Limits,
    measured,
    Months,
    Parts,
    SomeMonths,
    three,
)
from .shortage import Shortage


if TYPE_CHECKING:
    from ..world import Baseline


Quantiles = Mapping[str, float]
"""Where in its range each parameter is, 0 to 1; a half, its central value, without an entry."""
PARAMETERS = ("supply_share", "substitution", "cost_share", "stocks", "recovery")
"""What has a range, by the key that a policy knows it by."""
# Countries whose numbers are told one by one.
_TOLD = 3


@dataclass(frozen=True)
class Hit:
    """The users of one country, and the range of each parameter there."""

    country: int
    limits: Mapping[str, Limits]

    def shortage(self, lost: float, lasts: float, at: Quantiles) -> Shortage:
        """The shortage at a place of the ranges, where that part of the supply is lost."""
        read = {name: between(self.limits[name], at.get(name, 0.5)) for name in PARAMETERS}
        missing = lost * read.pop("supply_share")
        return Shortage(missing=missing, lasts=lasts, **read)


class Bottleneck(Instrument):
    """A critical item stops arriving, and its users make less out of all else that they have.

    Output of the sectors that use it falls far beyond its share in their cost: not at all while
    stocks last, most when they end, and less as others supply it and designs change (`Shortage`).
    The users' mean output over `months` enters as their productivity. Trade in the item itself is
    not touched: a control or a prohibition beside this policy is what the seller loses.
    """

    kind: Literal["bottleneck"] = "bottleneck"
    exporters: Names
    """Countries that no longer sell the item."""
    importers: Names | Everyone = "all"
    """Countries whose users no longer get it."""
    item: str | None = None
    """An item that ships (rare-earths, graphite, urea, chips-logic, chips-memory, chips-other),
    whose numbers stand where none are given here."""
    sectors: Names = ()
    """Sectors or groups of sectors that use it; those of the item without them."""
    lost: Share = 1.0
    """The part of the exporters' sales that no longer arrives."""
    lasts: Annotated[float, Field(gt=0, le=1200)] = 12.0
    """Months until the item arrives again."""
    months: Annotated[float, Field(gt=0, le=1200)] = 12.0
    """Months from the first day over which output is averaged."""
    supply_share: Parts | None = None
    """The exporters' part of what users have of the item: a number, or low, central and high."""
    cost_share: InnerParts | None = None
    """The item in the cost of its users: a number, or low, central and high."""
    stocks: Months | None = None
    """Months that stocks last: a number, or low, central and high."""
    substitution: InnerParts | None = None
    """Elasticity between the item and all else at first, less than one; it rises to one as the
    item is replaced: a number, or low, central and high."""
    recovery: SomeMonths | None = None
    """Months in which all but 37 % of what is missing is replaced by other suppliers and designs: a
    number, or low, central and high."""

    @model_validator(mode="after")
    def _complete(self) -> "Bottleneck":
        if self.item is not None:
            return self
        missing = [name for name in (*PARAMETERS, "sectors") if not getattr(self, name)]
        if missing:
            raise ValueError(f"needs an item that ships, or its own {series(missing)}")
        return self

    def apply(self, wedges: Wedges, baseline: "Baseline", year: int | None) -> Wedges:
        so_far = 0.0 if wedges.log_productivity is None else wedges.log_productivity
        return replace(wedges, log_productivity=so_far + self.log_productivity(baseline, year))

    def log_productivity(
        self, baseline: "Baseline", year: int | None, at: Quantiles | None = None
    ) -> Float[np.ndarray, "n s"]:
        """Log change of the users' productivity, at a place of the ranges or at their centre.

        Raises `ScenarioError` for names that the baseline does not have, and where nothing is known
        of an item between two countries.
        """
        return self.log_productivities(baseline, year, [at or {}])[0]

    def log_productivities(
        self, baseline: "Baseline", year: int | None, every: Sequence[Quantiles]
    ) -> Float[np.ndarray, "e n s"]:
        """The same at each of several places, whose buyers are looked for once."""
        users = sector_mask(baseline, self.users)
        change = np.zeros((len(every), len(baseline.countries), len(baseline.sectors)))
        for hit in self.hits(baseline):
            for made, at in zip(change, every, strict=True):
                mean = hit.shortage(self.lost, self.lasts, at).mean_output(self.months)
                made[hit.country, users] += self.in_effect(year) * np.log(mean)
        return change

    @property
    def users(self) -> Names:
        """The sectors that use it."""
        return self.sectors or (() if self.item is None else self._shipped.sectors)

    @property
    def _shipped(self) -> CriticalItem:
        return item_called(self.item or "")

    def hits(self, baseline: "Baseline") -> list[Hit]:
        """The countries that lose it, each with the ranges of what it has against that."""
        output = np.asarray(baseline.economy.output)[:, sector_mask(baseline, self.users)]
        return [Hit(n, self._limits(baseline, n, output)) for n in self._buyers(baseline)]

    def _buyers(self, baseline: "Baseline") -> Iterator[int]:
        if not self.exporters or not self.importers:
            raise ScenarioError('it names no country; "all" is every country that buys.')
        sellers = country_mask(baseline, self.exporters)
        refuse_oneself(baseline, sellers, country_mask(baseline, self.importers))
        for n in np.flatnonzero(country_mask(baseline, self.importers) & ~sellers):
            yield int(n)

    def _limits(
        self, baseline: "Baseline", country: int, output: Float[np.ndarray, "n u"]
    ) -> dict[str, Limits]:
        given = {name: getattr(self, name) for name in PARAMETERS}
        for name in ("stocks", "substitution", "recovery"):
            if given[name] is None:
                given[name] = getattr(self._shipped, name)
        if given["supply_share"] is None or given["cost_share"] is None:
            known = self._measured(baseline, country, output)
            given |= {name: one for name, one in known.items() if given[name] is None}
        return given

    def _measured(
        self, baseline: "Baseline", country: int, output: Float[np.ndarray, "n u"]
    ) -> dict[str, Limits]:
        """The exporter's part of the item, and the item in the users' cost, from what ships.

        `output` is what its users make.
        """
        code, share, value = baseline.countries[country], np.zeros(3), np.zeros(3)
        for seller in np.flatnonzero(country_mask(baseline, self.exporters)):
            known, is_world = measured(self.item or "", code, baseline.countries[seller])
            share = share + np.array(known.share)
            made = output.sum() if is_world else output[country].sum()
            value = np.maximum(value, np.array(known.value) / max(float(made), 1e-300))
        if (value >= 1).any():
            raise ScenarioError(
                f"the item '{self.item}' would be all of what its users in {code} make; name more "
                "sectors, or say 'cost_share' yourself."
            )
        return {"supply_share": three(np.minimum(share, 1.0)), "cost_share": three(value)}

    def describe(self, baseline: "Baseline", year: int | None) -> list[str]:
        what = "the item" if self.item is None else self._shipped.name
        stop = acting(self.exporters, baseline, "stops", "stop")
        whom = partners_in_words(self.importers, self.exporters, baseline)
        said = [
            f"{stop} {percent(self.lost)} of the sales of {what} to {whom} for "
            f"{number(self.lasts)} months{self.steps(year)}; what its users make is averaged over "
            f"{number(self.months)} months.",
            f"it is used by {sectors_in_words(self.users, baseline)}. {self._against()}",
        ]
        hits = self.hits(baseline)
        for hit in hits[:_TOLD]:
            said.append(self._told(hit, baseline))
        if len(hits) > _TOLD:
            said.append(f"another {len(hits) - _TOLD} countries lose it in the same way.")
        sources = {} if self.item is None else self._shipped.sources
        said += [f"where its {_CALLED[name]} from: {text}" for name, text in sources.items()]
        return [sentence(one) for one in said]

    def _against(self) -> str:
        """What users have against the shortage, in words."""
        ships = None if self.item is None else self._shipped
        read = {
            name: getattr(self, name) or getattr(ships, name)
            for name in ("stocks", "substitution", "recovery")
        }
        return (
            f"Stocks last {_range(read['stocks'])} months, the elasticity between it and all else "
            f"is {_range(read['substitution'])} at first and rises to one, and after "
            f"{_range(read['recovery'])} months all but 37 % of what is missing is replaced."
        )

    def _told(self, hit: Hit, baseline: "Baseline") -> str:
        """The shares of one country, and what its users lose by the month and on average."""
        where = countries_in_words((baseline.countries[hit.country],), baseline)
        lost = 1.0 - self.monthly(hit)
        mean = 1.0 - hit.shortage(self.lost, self.lasts, {}).mean_output(self.months)
        given = self.supply_share is not None, self.cost_share is not None
        supply, cost = (
            _range(hit.limits[name], 100.0, exact=exact)
            for name, exact in zip(("supply_share", "cost_share"), given, strict=True)
        )
        return (
            f"in {where} {supply} % of it comes from there, and it is {cost} % of its users' cost: "
            f"in the worst month they make {100 * lost.max():.2g} % less, in month "
            f"{int(lost.argmax()) + 1} after the stop, and {100 * mean:.2g} % less on average, of "
            "the same labour and other inputs."
        )

    def monthly(self, hit: Hit) -> Float[np.ndarray, " t"]:
        """The users' output in each month over that without the shortage, at central values."""
        shortage = hit.shortage(self.lost, self.lasts, {})
        return shortage.monthly_output(max(1, int(np.ceil(self.months))))


_CALLED = {
    "sectors": "users come",
    "measured": "shares come",
    "stocks": "stocks come",
    "substitution": "elasticity comes",
    "recovery": "recovery comes",
}


def _range(limits: Limits, scale: float = 1.0, *, exact: bool = True) -> str:
    """The central value and, where they differ, the ends; computed ones with three digits."""
    said = [number(scale * one) if exact else f"{scale * one:.3g}" for one in limits]
    low, central, high = said
    return central if low == central == high else f"{central} ({low} to {high})"
