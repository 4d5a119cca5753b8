"""The pairs that talk and the table they share: what is negotiated, and what happens without."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from ..._core import nearest, ScenarioError
from ...ensemble import play_all
from ...scenario import available, load_scenario, Scenario, with_policies
from ...simulation import Play
from ...world import Baseline
from ..boycott import with_boycott
from .agreement import Agreement, beside, nash_in_nash, Negotiation
from .package import with_openings
from .talks import lay_out, Opening, PERCENT, require_finite, Talks, welfare
from .terms import BOYCOTT, linked, political_cost, STATUS_QUO, Terms


Pair = tuple[str, str]


@dataclass(frozen=True)
class Deals:
    """The pairs that talk, and the table they share."""

    baseline: Baseline
    scenario: Scenario
    terms: Terms
    mfn: bool
    pairs: tuple[Pair, ...]
    talks: Talks
    openings: tuple[Opening, ...]
    played: Play
    refused: Scenario | None
    """What happens to the first pair without an agreement, where that is not nothing."""
    outside: Float[np.ndarray, "p c"]
    """Percent of real income, by pair."""

    @classmethod
    def of(
        cls, baseline: Baseline, scenario: Scenario, pair: Pair, terms: Terms, mfn: bool
    ) -> "Deals":
        pairs = (pair,) if terms.beside is None else (pair, (pair[0], terms.beside))
        if terms.beside == pair[1]:
            raise ScenarioError(f"{pair[1]} is the partner already; name another to talk with.")
        talks, openings, played = lay_out(
            baseline, scenario, pairs, sectors=terms.sectors, mfn=mfn,
            cost_per_stri_point=terms.cost_per_stri_point,
        )  # fmt: skip
        refused = None
        if terms.outside != STATUS_QUO:
            refused = _without_agreement(baseline, scenario, pairs[0], terms.outside)
        outside = _outside(baseline, talks, pairs, refused)
        return cls(baseline, scenario, terms, mfn, pairs, talks, openings, played, refused, outside)

    def sides(self, deal: int) -> Pair:
        return self.pairs[deal]

    def income(self, deal: int) -> Float[np.ndarray, " c"]:
        """Million US$ of the baseline year."""
        return np.asarray(self.played.economy.income)[self._places(deal)]

    def opener(self, deal: int) -> Float[np.ndarray, " m"]:
        """Whose market each opening of the deal is: 0 for its first side, 1 for its second."""
        own = [one for one in self.openings if one.deal == deal]
        return np.array([self.pairs[deal].index(one.opener) for one in own], float)

    def agree(self) -> tuple[list[Agreement], float]:
        return nash_in_nash([self._deal(deal) for deal in range(len(self.pairs))])

    def first(self, agreed: Sequence[Agreement]) -> Negotiation:
        """The first pair's negotiation, given what the others have agreed."""
        return beside(self._deal(0), agreed[-1].depth)

    def opened(self, depth: Float[np.ndarray, " j"]) -> Scenario:
        """The setting with openings of those depths on top."""
        cost = self.terms.cost_per_stri_point
        return with_openings(self.scenario, self.played, self.talks, self.openings, depth, cost)

    def flight(self, deal: int) -> Float[np.ndarray, " c"]:
        """What each side loses without an agreement besides trade."""
        return self.terms.flight * np.array([0.0, float(deal == 0)])

    def _places(self, deal: int) -> np.ndarray:
        return np.array([self.baseline.country_index[code] for code in self.pairs[deal]])

    def _deal(self, deal: int) -> Negotiation:
        first = deal == 0
        sides = self.pairs[deal]
        size = len(self.openings)
        power = self.terms.power if first else 0.5
        return Negotiation(
            talks=self.talks,
            players=self._places(deal),
            cost=political_cost(self.terms, self.openings, self.sides(deal)),
            bonus=linked(self.terms, sides) if first else np.zeros(2),
            outside=self.outside[deal] - self.flight(deal),
            power=np.array([power, 1.0 - power]),
            own=np.flatnonzero([one.deal == deal for one in self.openings]),
            others=np.zeros(size),
        )


def _outside(
    baseline: Baseline, talks: Talks, pairs: Sequence[Pair], refused: Scenario | None
) -> Float[np.ndarray, "p c"]:
    """Welfare without an agreement: as the scenario is, or under what it would bring about."""
    nothing = np.asarray(welfare(talks, jnp.zeros(talks.reach.shape[1])))
    first = nothing if refused is None else PERCENT * play_all(baseline, [refused])[0]
    chosen = [first, *[nothing for _ in pairs[1:]]]
    places = [[baseline.country_index[code] for code in pair] for pair in pairs]
    return require_finite(
        np.array([value[place] for value, place in zip(chosen, places, strict=True)])
    )


def _without_agreement(
    baseline: Baseline, scenario: Scenario, pair: Pair, outside: str
) -> Scenario:
    if outside == BOYCOTT:
        return with_boycott(scenario, baseline, pair[1], pair[0])
    try:
        other = load_scenario(outside)
    except ScenarioError as error:
        if Path(outside).suffix:
            raise
        known = [STATUS_QUO, BOYCOTT, *available()]
        raise ScenarioError(
            f"there is no outside option '{outside}'; {nearest(outside, known)}"
        ) from error
    named = {f"outside.{name}": policy for name, policy in other.policies.items()}
    return with_policies(scenario, named)
