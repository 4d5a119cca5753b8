"""Travel of Chinese visitors as a satellite over a world, and boycotts of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Float

from ..calibrate.satellite import with_satellite
from ..calibrate.travel_composition import lay, members, STAY, Visit
from ..closure import Closure
from ..equilibrium import Keeper
from ..world import Baseline
from ._episode import Episode
from .boycott import apply, boycott, BoycottOutcome, Flow, HOLDERS, invert, log_factors, play


SENDER = "CHN"
NEAR = ("KOR", "JPN")
"""Close substitutes for short journeys."""
CLOSE = (STAY, "CUL")
"""Sectors in which they are: those that are bought on the journey alone."""
HORIZONS = ("long", "short")
IN_WORDS: dict[Keeper, str] = {
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
    nest: float
    """Elasticity among `NEAR`, over that of the sector."""


@dataclass(frozen=True)
class Travel:
    """A world with travel in it, at both horizons."""

    world: Baseline
    shares: Mapping[tuple[str, str], float]
    """Share of visitors' spending in each flow, by destination and sector, accommodation first."""
    stay: str
    """Accommodation and food, where a flow is travel and nothing else."""
    at: Mapping[str, tuple[Baseline, Closure]]
    """The baseline and closure as played, by horizon."""

    def flows(self, target: str, fall: float) -> list[Flow]:
        """What is left of the target's flows where that share of visitors does not come."""
        return [
            Flow(target, SENDER, sector, 1.0 - fall * share)
            for (country, sector), share in self.shares.items()
            if country == target
        ]

    def held(self, target: str, fall: float, holder: Keeper, horizon: str) -> BoycottOutcome:
        """The wedge that brings the fall about, and what it does."""
        flows = self.flows(target, fall)
        base, closure = self.at[horizon]
        return invert(boycott(base, closure, holder, flows), flows, horizon)

    def under(self, target: str, held: BoycottOutcome) -> BoycottOutcome:
        """What the wedge of another boycott on accommodation, its rent burned, does to a target."""
        flows = self.flows(target, 0.0)[:1]
        base, closure = self.at[held.horizon]
        return apply(
            boycott(base, closure, "nobody", flows),
            jnp.asarray(log_factors(held)[:1]),
            held.horizon,
        )

    def travel_hat(self, held: BoycottOutcome, country: str) -> float:
        """Quantity of the sender's travel to a country, after over before: that of accommodation,
        since what else visitors buy is mixed with other trade."""
        return float(held.quantity[*self._pair(country), self.world.sector_index[self.stay]])

    def spent(self, country: str) -> Float[np.ndarray, " s"]:
        """What the sender's visitors spend in a country by sector, million US$."""
        share = np.zeros(len(self.world.sectors))
        for (target, sector), part in self.shares.items():
            share[self.world.sector_index[sector]] += part * (target == country)
        return share * np.asarray(self.world.economy.trade)[self._pair(country)]

    def _pair(self, country: str) -> tuple[int, int]:
        return self.world.country_index[country], self.world.country_index[SENDER]


def terms(episode: Episode, **changed: float) -> Terms:
    """The episode's own values, or others where they are named."""
    have = episode.assumptions
    values = {
        "spending": have["spending_per_visitor"].value,
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
    parts = lay(baseline, visits)
    world = with_satellite(baseline, [one for part in parts for one in part.additions])
    trade = np.asarray(world.economy.trade)
    shares = {
        (part.visit.exporter, sector): value / float(trade[_cell(world, part.visit, sector)])
        for part in parts
        for sector, value in part.travel_in(world).items()
        if value > 0
    }
    near = list(dict.fromkeys(code for name in CLOSE for code in members(world, name)))
    at = {horizon: play(world, horizon, chosen.nest, NEAR, near) for horizon in HORIZONS}
    return Travel(world, shares, members(world, STAY)[0], at)


def cost_table(
    travel: Travel, runs: Sequence[BoycottOutcome], countries: Sequence[str]
) -> pd.DataFrame:
    """One row for every holder and horizon: mark-ups, and exact welfare of each country."""
    rows = []
    for held in runs:
        sizes = {f"mark-up {travel.stay}, %": float(held.markup[0])}
        welfare = {f"welfare {code}, %": held.welfare[travel.world.country_index[code]]
                   for code in countries}  # fmt: skip
        rows.append({"horizon": held.horizon, "rent": IN_WORDS[held.holder], **sizes, **welfare})
    return pd.DataFrame(rows)


def every_cost(travel: Travel, target: str, fall: float) -> list[BoycottOutcome]:
    """Every holder of the rent at both horizons."""
    return [
        travel.held(target, fall, holder, horizon) for horizon in HORIZONS for holder in HOLDERS
    ]


def _cell(world: Baseline, one: Visit, sector: str) -> tuple[int, int, int]:
    exporter, importer = world.country_index[one.exporter], world.country_index[one.importer]
    return exporter, importer, world.sector_index[sector]
