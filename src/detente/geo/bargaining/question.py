"""The question: what two sides would agree to open, who gains what, and what would change it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Float

from ..._core import nearest, ScenarioError
from ...ensemble import play_all
from ...scenario import load_scenario, Scenario, without_policies
from ...simulation import Play
from ...world import Baseline
from ..boycott import with_boycott
from .agreement import Agreement, beside, best_for, nash_in_nash, Negotiation
from .sweeps import by_flight, by_power, frontier
from .talks import lay_out, Opening, PERCENT, require_finite, Talks, welfare
from .terms import BOYCOTT, linked, political_cost, STATUS_QUO, Terms
from .thresholds import linkage, openings_frame


Progress = Callable[[str], None]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Bargain:
    """What is agreed, labelled. Gains are exact, in percent of real income, against no opening."""

    about: dict[str, Any]
    sides: pd.DataFrame
    """By side: welfare, US$, surplus over the outside option, and the sum-maximising benchmark."""
    openings: pd.DataFrame
    """By opening: depth, what it is worth to each side, who blocks it, the cost that ends it."""
    asks: pd.DataFrame
    """By side: the price of what is linked to the agreement."""
    power: pd.DataFrame
    """The agreement by bargaining power of the first side."""
    flight: pd.DataFrame
    """The agreement by what the partner loses without one."""
    frontier: pd.DataFrame
    """Points: the frontier of the two gains, the agreement, the benchmark, the outside option."""
    compared: pd.DataFrame
    """The same bargain preferential and most-favoured-nation, or alone and beside another."""


def bargain(
    baseline: Baseline,
    scenario: Scenario | None = None,
    pair: Pair = ("KOR", "CHN"),
    terms: Terms | None = None,
    progress: Progress = lambda step: None,
) -> Bargain:
    """Nash bargaining of two countries over openings by sector, on exact welfare.

    Maximises `prod_c (dlnW_c(x) + g_c(x) - o_c)^eta_c` over depths between 0 and 1. The scenario
    gives the horizon, the adjustment, and policies in force either way. Raises `ScenarioError` for
    names that the baseline does not have, and `SolveError` where an equilibrium is not found.
    """
    terms, scenario = terms or Terms(), scenario or without_policies()
    progress("laying out what can be opened")
    deals = _Deals.of(baseline, scenario, pair, terms, terms.mfn)
    progress("looking for the agreement")
    agreed, change = deals.agree()
    main = deals.first(agreed)
    progress("what each opening is worth")
    rows = openings_frame(main, agreed[0], deals.openings, deals.sides(0))
    benchmark = _benchmark(main, deals.income(0), agreed[0])
    progress("other powers and outside options")
    return Bargain(
        about=_about(deals, agreed, main, change),
        sides=_sides(deals, main, agreed[0], benchmark),
        openings=rows.assign(benchmark=benchmark[main.own]),
        asks=_asks(main, agreed[0], deals),
        power=by_power(main, agreed[0], deals.opener(0)),
        flight=by_flight(main, agreed[0], deals.opener(0)),
        frontier=frontier(main, agreed[0], benchmark),
        compared=_compared(deals, agreed),
    )


@dataclass(frozen=True)
class _Deals:
    """The pairs that talk, and the table they share."""

    baseline: Baseline
    scenario: Scenario
    terms: Terms
    mfn: bool
    pairs: tuple[Pair, ...]
    talks: Talks
    openings: tuple[Opening, ...]
    played: Play
    outside: Float[np.ndarray, "p c"]
    """Percent of real income, by pair."""

    @classmethod
    def of(
        cls, baseline: Baseline, scenario: Scenario, pair: Pair, terms: Terms, mfn: bool
    ) -> "_Deals":
        pairs = (pair,) if terms.beside is None else (pair, (pair[0], terms.beside))
        if terms.beside == pair[1]:
            raise ScenarioError(f"{pair[1]} is the partner already; name another to talk with.")
        talks, openings, played = lay_out(
            baseline, scenario, pairs, sectors=terms.sectors, mfn=mfn,
            cost_per_stri_point=terms.cost_per_stri_point,
        )  # fmt: skip
        outside = _outside(baseline, scenario, talks, pairs, terms)
        return cls(baseline, scenario, terms, mfn, pairs, talks, openings, played, outside)

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

    def _places(self, deal: int) -> np.ndarray:
        return np.array([self.baseline.country_index[code] for code in self.pairs[deal]])

    def _deal(self, deal: int) -> Negotiation:
        first = deal == 0
        sides = self.pairs[deal]
        size = len(self.openings)
        flight = self.terms.flight * np.array([0.0, 1.0]) * first
        power = self.terms.power if first else 0.5
        return Negotiation(
            talks=self.talks,
            players=self._places(deal),
            cost=political_cost(self.terms, self.openings, self.sides(deal)),
            bonus=linked(self.terms, sides) if first else np.zeros(2),
            outside=self.outside[deal] - flight,
            power=np.array([power, 1.0 - power]),
            own=np.flatnonzero([one.deal == deal for one in self.openings]),
            others=np.zeros(size),
        )


def _outside(
    baseline: Baseline, scenario: Scenario, talks: Talks, pairs: Sequence[Pair], terms: Terms
) -> Float[np.ndarray, "p c"]:
    """Welfare without an agreement: as the scenario is, or under what it would bring about."""
    nothing = np.asarray(welfare(talks, jnp.zeros(talks.reach.shape[1])))
    first = nothing
    if terms.outside != STATUS_QUO:
        worse = _without_agreement(baseline, scenario, pairs[0], terms.outside)
        first = PERCENT * play_all(baseline, [worse])[0]
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
        valid = nearest(outside, [STATUS_QUO, BOYCOTT])
        raise ScenarioError(f"outside option: {error} Or one of these: {valid}") from error
    named = {f"outside.{name}": policy for name, policy in other.policies.items()}
    return scenario.model_copy(update={"policies": {**scenario.policies, **named}})


def _benchmark(
    main: Negotiation, income: Float[np.ndarray, " c"], agreed: Agreement
) -> Float[np.ndarray, " j"]:
    """The depths that maximise the sum of the gains in US$."""
    ends = [
        best_for(main, income, start) for start in (np.ones(main.own.size), agreed.depth[main.own])
    ]
    totals = [float(income @ main.surplus(end)[0]) for end in ends]
    return main.whole(ends[int(np.argmax(totals))])


def _sides(
    deals: _Deals, main: Negotiation, agreed: Agreement, benchmark: np.ndarray
) -> pd.DataFrame:
    shut, income = main.others, deals.income(0)
    values = [
        require_finite(np.asarray(welfare(deals.talks, jnp.asarray(depth))))[main.players]
        for depth in (shut, agreed.depth, benchmark)
    ]
    gain, best = values[1] - values[0], values[2] - values[0]
    dollars = np.expm1(gain / PERCENT) * income
    total = dollars.sum()
    politics = (main.bonus if agreed.reached else 0.0) - main.cost @ agreed.depth
    return pd.DataFrame(
        {
            "side": deals.sides(0),
            "welfare": gain,
            "equivalent_variation": dollars,
            "share": 100 * dollars / total if total > 0 else np.nan,
            "politics": politics + main.cost @ shut,
            "outside": main.outside - values[0],
            "surplus": agreed.surplus,
            "benchmark_welfare": best,
            "benchmark_equivalent_variation": np.expm1(best / PERCENT) * income,
            "power": main.power,
        }
    )


def _asks(main: Negotiation, agreed: Agreement, deals: _Deals) -> pd.DataFrame:
    frame = linkage(main, agreed, deals.sides(0))
    own = [deals.openings[j] for j in main.own]
    names = [f"{own[int(j)].opener}.{own[int(j)].sector}" if j else "" for j in frame.opening]
    return frame.assign(opening=names)


def _compared(deals: _Deals, agreed: Sequence[Agreement]) -> pd.DataFrame:
    """The bargain asked for and its nearest relatives."""
    rows = [_row("as asked", deals, agreed[0])]
    if deals.mfn:
        other = _Deals.of(deals.baseline, deals.scenario, deals.pairs[0], deals.terms, False)
        rows.append(_row("preferential", other, other.agree()[0][0]))
    if len(deals.pairs) > 1:
        alone = deals.terms.model_copy(update={"beside": None})
        other = _Deals.of(deals.baseline, deals.scenario, deals.pairs[0], alone, deals.mfn)
        rows.append(_row(f"without {deals.terms.beside}", other, other.agree()[0][0]))
        rows.append(_row(f"{deals.pairs[1][0]} and {deals.pairs[1][1]}", deals, agreed[1], 1))
    return pd.DataFrame(rows) if len(rows) > 1 else pd.DataFrame()


def _row(name: str, deals: _Deals, agreed: Agreement, deal: int = 0) -> dict[str, Any]:
    """Mean depths by side, gains of the sides, and what everybody else gains in US$.

    All against the same table shut, so that rows compare.
    """
    opener, own = deals.opener(deal), _own(deals, deal)
    whole = np.asarray(welfare(deals.talks, jnp.asarray(agreed.depth)))
    shut = agreed.depth.copy()
    shut[own] = 0.0
    gain = whole - np.asarray(welfare(deals.talks, jnp.asarray(shut)))
    dollars = np.expm1(gain / PERCENT) * np.asarray(deals.played.economy.income)
    places = [deals.baseline.country_index[code] for code in deals.sides(deal)]
    found: dict[str, Any] = {"treatment": name, "openings": int(own.size)}
    for c, (side, place) in enumerate(zip(deals.sides(deal), places, strict=True)):
        label = ("first", "second")[c]
        found |= {
            label: side,
            f"{label}_depth": _mean(agreed.depth[own][opener == c]),
            f"{label}_welfare": float(gain[place]),
            f"{label}_equivalent_variation": float(dollars[place]),
        }
    found["others_equivalent_variation"] = float(dollars.sum() - dollars[places].sum())
    return found


def _mean(depths: np.ndarray) -> float:
    """Not a number where a side has nothing to open."""
    return float(depths.mean()) if depths.size else np.nan


def _own(deals: _Deals, deal: int) -> np.ndarray:
    return np.flatnonzero([one.deal == deal for one in deals.openings])


def _about(
    deals: _Deals, agreed: Sequence[Agreement], main: Negotiation, change: float
) -> dict[str, Any]:
    first = agreed[0]
    return {
        "question": "what two sides would agree to open to each other",
        "sides": list(deals.sides(0)),
        "baseline": deals.played.baseline.name,
        "basis": deals.played.baseline.about.get("basis", "as the baseline"),
        "year": int(deals.played.baseline.about.get("year", 0)) or None,
        "horizon": deals.scenario.horizon,
        "unit": "percent of real income, 100 times the log change, against no opening",
        "dollars": "million US$ of the baseline year, equivalent variation",
        "terms": deals.terms.model_dump(mode="json"),
        "agreed": first.reached,
        "certificate": {
            "projected_gradient": first.projected_gradient,
            "log_nash_product_from_each_start": list(first.starts),
            "last_change_between_deals": change if len(agreed) > 1 else None,
            "projected_gradient_of_the_other_deal": (
                agreed[1].projected_gradient if len(agreed) > 1 else None
            ),
        },
    }
