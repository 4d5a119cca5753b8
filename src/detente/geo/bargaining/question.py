"""The question: what two sides would agree to open, who gains what, and what would change it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from ...about import About
from ...ensemble import affordable
from ...evidence import evidence
from ...scenario import Scenario, without_policies
from ...uncertainty import Uncertainty
from ...world import Baseline
from .agreement import Agreement, best_for, Negotiation
from .deals import Deals, Pair
from .intervals import BargainIntervals, drivers_frame, HeldPackage, sureness
from .sweeps import by_flight, by_power, frontier
from .talks import PERCENT, require_finite, welfare
from .terms import Terms
from .thresholds import linkage, openings_frame


Progress = Callable[[str], None]


@dataclass(frozen=True)
class Bargain:
    """What is agreed, labelled. Gains are exact, in percent of real income, against no opening."""

    about: About
    sides: pd.DataFrame
    """By side: welfare, US$, surplus over the outside option, and the sum-maximising benchmark.
    With draws, `_low` and `_high` are ends of intervals and `worth` the percent of draws in which
    the package is worth more to the side than its outside option."""
    openings: pd.DataFrame
    """By opening: depth, what it is worth to each side, who blocks it, the cost that ends it; with
    draws, `own_low` and `own_high` of what it is worth alone to who makes it."""
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
    drivers: pd.DataFrame
    """The assumptions that move each side's gain most, drawn alone; empty without draws."""
    package: Scenario
    """What is agreed as policies, on top of the setting."""


def bargain(
    baseline: Baseline,
    scenario: Scenario | None = None,
    pair: Pair = ("KOR", "CHN"),
    terms: Terms | None = None,
    progress: Progress = lambda step: None,
    uncertainty: Uncertainty | None = None,
) -> Bargain:
    """Nash bargaining of two countries over openings by sector, on exact welfare.

    Maximises `prod_c (dlnW_c(x) + g_c(x) - o_c)^eta_c` over depths between 0 and 1. The scenario
    gives the horizon, the adjustment, and policies in force either way. Intervals hold the package
    as agreed, over the draws that `uncertainty`, or else the scenario, asks for; on a large world
    there are none unless asked for. Raises `ScenarioError` for names that the baseline does not
    have, and `SolveError` where an equilibrium is not found.
    """
    terms, scenario = terms or Terms(), scenario or without_policies()
    progress("laying out what can be opened")
    deals = Deals.of(baseline, scenario, pair, terms, terms.mfn)
    progress("looking for the agreement")
    agreed, change = deals.agree()
    main = deals.first(agreed)
    progress("what each opening is worth")
    rows = openings_frame(main, agreed[0], deals.openings, deals.sides(0))
    benchmark = _benchmark(main, deals.income(0), agreed[0])
    asked = affordable(scenario, baseline) if uncertainty is None else uncertainty
    package = deals.opened(agreed[0].depth)
    sure = _sureness(deals, main, agreed[0], package, asked, progress)
    progress("other powers and outside options")
    return Bargain(
        about=_about(deals, agreed, main, change).adding(**sure.about),
        sides=_sides(deals, main, agreed[0], benchmark).assign(**sure.sides),
        openings=rows.assign(benchmark=benchmark[main.own], **sure.openings),
        asks=_asks(main, agreed[0], deals),
        power=by_power(main, agreed[0], deals.opener(0)),
        flight=by_flight(main, agreed[0], deals.opener(0)),
        frontier=frontier(main, agreed[0], benchmark),
        compared=_compared(deals, agreed),
        drivers=drivers_frame(sure.drivers),
        package=package,
    )


def _sureness(
    deals: Deals, main: Negotiation, agreed: Agreement, package: Scenario,
    asked: Uncertainty, progress: Progress,
) -> BargainIntervals:  # fmt: skip
    """Intervals of what is printed, the package held; none without draws."""
    if not asked.draws:
        # Zero was not asked for where the scenario itself has draws.
        left_out = deals.scenario.uncertainty.draws > 0
        return BargainIntervals({}, {}, [], {"draws": 0, "draws_left_out": left_out})
    whole = np.repeat(main.others[None], main.own.size, axis=0)
    whole[np.arange(main.own.size), main.own] = 1.0
    owner = deals.opener(0).astype(int)
    held = HeldPackage(
        baseline=deals.baseline,
        sides=deals.sides(0),
        shut=deals.opened(main.others),
        agreed=package,
        alone=tuple(deals.opened(depth) for depth in whole),
        refused=None if deals.refused is None else (deals.scenario, deals.refused),
        owner=tuple(owner.tolist()),
        own_cost=main.cost[owner, main.own],
        politics=main.bonus - main.cost @ (agreed.depth - main.others) + deals.flight(0),
        income=deals.income(0),
    )
    return sureness(held, asked, agreed.reached, progress)


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
    deals: Deals, main: Negotiation, agreed: Agreement, benchmark: np.ndarray
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


def _asks(main: Negotiation, agreed: Agreement, deals: Deals) -> pd.DataFrame:
    frame = linkage(main, agreed, deals.sides(0))
    own = [deals.openings[j] for j in main.own]
    names = [f"{own[int(j)].opener}.{own[int(j)].sector}" if j else "" for j in frame.opening]
    return frame.assign(opening=names)


def _compared(deals: Deals, agreed: Sequence[Agreement]) -> pd.DataFrame:
    """The bargain asked for and its nearest relatives."""
    rows = [_row("as asked", deals, agreed[0])]
    if deals.mfn:
        other = Deals.of(deals.baseline, deals.scenario, deals.pairs[0], deals.terms, False)
        rows.append(_row("preferential", other, other.agree()[0][0]))
    if len(deals.pairs) > 1:
        alone = deals.terms.model_copy(update={"beside": None})
        other = Deals.of(deals.baseline, deals.scenario, deals.pairs[0], alone, deals.mfn)
        rows.append(_row(f"without {deals.terms.beside}", other, other.agree()[0][0]))
        rows.append(_row(f"{deals.pairs[1][0]} and {deals.pairs[1][1]}", deals, agreed[1], 1))
    return pd.DataFrame(rows) if len(rows) > 1 else pd.DataFrame()


def _row(name: str, deals: Deals, agreed: Agreement, deal: int = 0) -> dict[str, Any]:
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
    row: dict[str, Any] = {"treatment": name, "openings": int(own.size)}
    for c, (side, place) in enumerate(zip(deals.sides(deal), places, strict=True)):
        label = ("first", "second")[c]
        row |= {
            label: side,
            f"{label}_depth": _mean(agreed.depth[own][opener == c]),
            f"{label}_welfare": float(gain[place]),
            f"{label}_equivalent_variation": float(dollars[place]),
        }
    row["others_equivalent_variation"] = float(dollars.sum() - dollars[places].sum())
    return row


def _mean(depths: np.ndarray) -> float:
    """Not a number where a side has nothing to open."""
    return float(depths.mean()) if depths.size else np.nan


def _on_the_table(deals: Deals) -> Bool[np.ndarray, "o d s"]:
    """The flows that any opening would touch."""
    cells = np.zeros(deals.baseline.economy.trade.shape, bool)
    reached = np.asarray(deals.talks.reach).T > 0
    places = zip(
        np.asarray(deals.talks.importer), np.asarray(deals.talks.sector), reached, strict=True
    )
    for importer, sector, origins in places:
        cells[:, importer, sector] |= origins
    return cells


def _own(deals: Deals, deal: int) -> np.ndarray:
    return np.flatnonzero([one.deal == deal for one in deals.openings])


def _about(deals: Deals, agreed: Sequence[Agreement], main: Negotiation, change: float) -> About:
    first = agreed[0]
    terms = {
        "sides": list(deals.sides(0)),
        "dollars": "million US$ of the baseline year, equivalent variation",
        "terms": deals.terms.model_dump(mode="json"),
        "agreed": first.reached,
        "held_wedges": deals.played.stated,
        "evidence": evidence(deals.baseline, _on_the_table(deals)),
        "certificate": {
            "projected_gradient": first.projected_gradient,
            "log_nash_product_from_each_start": list(first.starts),
            "last_change_between_deals": change if len(agreed) > 1 else None,
            "projected_gradient_of_the_other_deal": (
                agreed[1].projected_gradient if len(agreed) > 1 else None
            ),
        },
    }
    return About.on(
        deals.played.baseline,
        deals.scenario,
        unit="percent of real income, 100 times the log change, against no opening",
        **terms,
    )
