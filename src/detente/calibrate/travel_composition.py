"""What visitors buy, by sector of a world, and how much of it its tables book already.

Shares come from the OECD's table of 2019, which has residents' purchases abroad apart
(`tools/travel_composition.py`). Accommodation and food crosses a border only to travellers, so the
flow of that sector is the travel that a table has; the rest of it is in proportion.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np

from .. import library
from .._core import BaselineError
from ..world import Baseline
from .satellite import Addition


STAY = "TOU"
"""Accommodation and food."""


@dataclass(frozen=True)
class Part:
    """One part of what the visitors of a pair buy."""

    section: str
    """Of ISIC Rev. 4."""
    sectors: tuple[str, ...]
    """Sectors or groups of the compact worlds that it is in."""
    share: float


@dataclass(frozen=True)
class Visit:
    """What the visitors of one country spend in another."""

    exporter: str
    importer: str
    spent: float
    """Million US$."""
    source: str


@dataclass(frozen=True)
class VisitBySector:
    """A visit by sector: what a world books of it and what has to be added."""

    visit: Visit
    booked: float
    """Million US$ of travel that the table holds by its accommodation and food."""
    shares: dict[str, float]
    """Of spending, by sector of the world, the largest group's name first: accommodation."""

    @property
    def missing(self) -> float:
        """Million US$ that the table does not hold; never negative."""
        return max(self.visit.spent - self.booked, 0.0)

    @property
    def additions(self) -> list[Addition]:
        one = self.visit
        return [
            Addition(one.exporter, one.importer, sector, share * self.missing, one.source)
            for sector, share in self.shares.items()
            if self.missing > 0
        ]

    def travel_in(self, world: Baseline) -> dict[str, float]:
        """Million US$ of travel in each flow once it is laid; never more than the flow."""
        o, d = (world.country_index[code] for code in (self.visit.exporter, self.visit.importer))
        trade = np.asarray(world.economy.trade)[o, d]
        whole = self.missing + self.booked
        return {
            sector: min(share * whole, float(trade[world.sector_index[sector]]))
            for sector, share in self.shares.items()
        }


def lay(baseline: Baseline, visits: Iterable[Visit]) -> list[VisitBySector]:
    """Every visit by sector of the world, less what the table books already."""
    laid = []
    for one in visits:
        shares = shares_of(baseline, one.exporter, one.importer)
        laid.append(
            VisitBySector(one, booked(baseline, one.exporter, one.importer, shares), shares)
        )
    return laid


def booked(baseline: Baseline, exporter: str, importer: str, shares: dict[str, float]) -> float:
    """Million US$ of travel in a table: its accommodation and food over that part of spending."""
    o, d = baseline.country_index[exporter], baseline.country_index[importer]
    stay = members(baseline, STAY)
    trade = np.asarray(baseline.economy.trade)[o, d]
    flow = sum(float(trade[baseline.sector_index[sector]]) for sector in stay)
    return flow / sum(shares[sector] for sector in stay)


def shares_of(baseline: Baseline, exporter: str, importer: str) -> dict[str, float]:
    """Shares of spending by sector of the world, accommodation first; they add up to one.

    A section that is a sector of the world goes there. Else its sectors have of it what each has of
    the visited country's final demand for what is made there. What the world has no sector for is
    spread over the rest.
    """
    pair = composition().get((exporter, importer))
    if pair is None:
        raise BaselineError(f"what visitors from {importer} buy in {exporter} is not in the table.")
    weights: dict[str, float] = dict.fromkeys(members(baseline, STAY), 0.0)
    for part in pair:
        for sector, weight in _weights(baseline, exporter, part).items():
            weights[sector] = weights.get(sector, 0.0) + weight * part.share
    whole = sum(weights.values())
    return {sector: share / whole for sector, share in weights.items()}


def members(baseline: Baseline, name: str) -> tuple[str, ...]:
    """The sector of that name, or those of the group; raises `BaselineError` where neither is."""
    sectors = _members(baseline, name)
    if not sectors:
        raise BaselineError(f"{baseline.name} has no sector or group {name} to hold travel.")
    return sectors


@cache
def composition() -> dict[tuple[str, str], tuple[Part, ...]]:
    """The table that ships, by who is visited and where the visitors live."""
    parts: dict[tuple[str, str], tuple[Part, ...]] = {}
    for row in library.table("travel_composition.csv"):
        pair = row["exporter"], row["importer"]
        part = Part(row["section"], tuple(row["sectors"].split()), float(row["share"]))
        parts[pair] = (*parts.get(pair, ()), part)
    return parts


def _members(baseline: Baseline, name: str) -> tuple[str, ...]:
    return (name,) if name in baseline.sector_index else baseline.sector_groups.get(name, ())


def _weights(baseline: Baseline, exporter: str, part: Part) -> dict[str, float]:
    if part.section in baseline.sector_index:
        return {part.section: 1.0}
    sectors = list(dict.fromkeys(m for name in part.sectors for m in _members(baseline, name)))
    o, at = baseline.country_index[exporter], [baseline.sector_index[name] for name in sectors]
    economy = baseline.economy
    home = np.asarray(economy.expenditure_share)[o, o, at] * np.asarray(economy.final_demand)[o, at]
    if not sectors:
        return {}
    weight = home / home.sum() if home.sum() > 0 else np.full(len(at), 1 / len(at))
    return dict(zip(sectors, map(float, weight), strict=True))
