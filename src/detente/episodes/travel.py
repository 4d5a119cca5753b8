"""Travel of Chinese visitors as a satellite over a world, and boycotts of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
import pandas as pd

from ..calibrate.satellite import Addition, with_satellite
from ..calibrate.travel import CULTURE, sector_of, split, STAY, Visit
from ..closure import Closure
from ..world import Baseline
from ._episode import Episode
from .boycott import apply, boycott, Flow, Held, Holder, HOLDERS, invert, log_factors, play


SENDER = "CHN"
NEAR = ("KOR", "JPN")
"""Close substitutes for short journeys."""
HORIZONS = ("long", "short")
IN_WORDS: dict[Holder, str] = {
    "nobody": "nobody: burned",
    "importer": "importer",
    "exporter": "exporter",
    "taste": "none: tastes",
}


@dataclass(frozen=True)
class Terms:
    """What a run assumes beside the fall; the settings of one corner of the range."""

    spending: float
    """US$ per visitor."""
    culture: float
    """Share of spending on culture."""
    nest: float
    """Elasticity among `NEAR`, over that of the sector."""


@dataclass(frozen=True)
class Travel:
    """A world with travel in it, at both horizons."""

    world: Baseline
    sectors: tuple[str, str]
    shares: Mapping[tuple[str, str], float]
    """Share of visitors' spending in each flow, by destination and sector."""
    at: Mapping[str, tuple[Baseline, Closure]]
    """The baseline and closure as played, by horizon."""

    def flows(self, target: str, fall: float) -> list[Flow]:
        """What is left of the target's flows where that share of visitors does not come."""
        return [
            Flow(target, SENDER, sector, 1.0 - fall * self.shares[target, sector])
            for sector in self.sectors
        ]

    def held(self, target: str, fall: float, holder: Holder, horizon: str) -> Held:
        """The wedge that brings the fall about, and what it does."""
        flows = self.flows(target, fall)
        base, closure = self.at[horizon]
        return invert(boycott(base, closure, holder, flows), flows, horizon)

    def under(self, target: str, held: Held) -> Held:
        """What the wedges of another boycott, its rent burned, do to this target."""
        flows = self.flows(target, 0.0)
        base, closure = self.at[held.horizon]
        return apply(
            boycott(base, closure, "nobody", flows), jnp.asarray(log_factors(held)), held.horizon
        )

    def travel_hat(self, held: Held, country: str) -> float:
        """Quantity of the sender's travel to a country, after over before, by its spending."""
        o, d = self.world.country_index[country], self.world.country_index[SENDER]
        cells = [self.world.sector_index[sector] for sector in self.sectors]
        weight = np.asarray(self.world.economy.trade)[o, d, cells]
        return float(np.average(held.quantity[o, d, cells], weights=weight))


def terms(episode: Episode, **changed: float) -> Terms:
    """The episode's own values, or others where they are named."""
    have = episode.assumptions
    values = {
        "spending": have["spending_per_visitor"].value,
        "culture": have["culture_share"].value,
        "nest": have["nest"].value,
    }
    return Terms(**(values | changed))


def travel_world(
    baseline: Baseline, visitors: Mapping[str, float], chosen: Terms, source: str
) -> Travel:
    """Lay visitors' spending (million persons by destination) over a world of any sectors."""
    visits = [
        Visit(country, SENDER, people * chosen.spending, source)
        for country, people in visitors.items()
    ]
    sectors = sector_of(baseline, STAY), sector_of(baseline, CULTURE)
    additions = split(baseline, visits, chosen.culture)
    world = with_satellite(baseline, additions)
    trade = np.asarray(world.economy.trade)
    shares = {
        (one.exporter, one.sector): one.value / float(trade[_cell(world, one)])
        for one in additions
    }  # fmt: skip
    at = {horizon: play(world, horizon, chosen.nest, NEAR, sectors) for horizon in HORIZONS}
    return Travel(world, sectors, shares, at)


def cost_table(travel: Travel, runs: Sequence[Held], countries: Sequence[str]) -> pd.DataFrame:
    """One row for every holder and horizon: mark-ups, and exact welfare of each country."""
    rows = []
    for held in runs:
        sizes = dict(zip((f"mark-up {s}, %" for s in travel.sectors), held.markup, strict=True))
        welfare = {f"welfare {code}, %": held.welfare[travel.world.country_index[code]]
                   for code in countries}  # fmt: skip
        rows.append({"horizon": held.horizon, "rent": IN_WORDS[held.holder], **sizes, **welfare})
    return pd.DataFrame(rows)


def every_cost(travel: Travel, target: str, fall: float) -> list[Held]:
    """Every holder of the rent at both horizons."""
    return [
        travel.held(target, fall, holder, horizon) for horizon in HORIZONS for holder in HOLDERS
    ]


def _cell(world: Baseline, one: Addition) -> tuple[int, int, int]:
    exporter, importer = world.country_index[one.exporter], world.country_index[one.importer]
    return exporter, importer, world.sector_index[one.sector]
