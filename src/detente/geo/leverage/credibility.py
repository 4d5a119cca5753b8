"""When a threat would be believed and obeyed: thresholds, never estimates of what anyone values.

The target complies where what it would have to give up is worth less to it than what it would
lose; a sender carries out where being believed later is worth more than carrying out costs now.
Neither value is known. What the model gives is the number that each is compared with.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Annotated

import numpy as np
import pandas as pd
from jaxtyping import Float
from pydantic import Field

from ..._document import Request
from ..._ratios import InnerShare, Share
from ...about import About, YEARS
from ...adjustment import labour_immobility
from ...equilibrium import require_solved, welfare_hat
from ...pace import PUBLISHED as PACE
from ...scenario import Scenario
from ...simulation import solve_years
from ...world import Baseline
from .leverage import name_of, nothing
from .losses import loss, Sides
from .threats import carried_out, check, Threat


class Terms(Request):
    """How long a threat is kept up, how it is discounted, and how likely it seems."""

    years: Annotated[int, Field(ge=1, le=50)] = 5
    """For how many years the threat is kept up."""
    target_discount: InnerShare = 0.95
    """Of a year later, to the target."""
    sender_discount: InnerShare = 0.95
    """Of a year later, to the senders."""
    probability: Share = 1.0
    """That the threat is carried out, as the target sees it."""


@dataclass(frozen=True)
class PublishedBracket:
    """What was published about a boycott, as a bracket for what a government weighed."""

    who: str
    low: float
    high: float
    """Percent of GDP a year."""
    source: str
    reading: str


PUBLISHED = (
    PublishedBracket(
        "KOR", 0.2, 0.5,
        "Bank of Korea, South China Morning Post, April 2017; Hyundai Research Institute, "
        "Yonhap, 2017-05-03",
        "South Korea deployed in 2017. If it expected this loss, what it kept was worth at least "
        "that to it.",
    ),
    PublishedBracket(
        "CHN", 0.01, 0.01,
        "Hyundai Research Institute, Yonhap, 2017-05-03",
        "China kept the boycott up. If it expected this cost, what it sought was worth at least "
        "that to it.",
    ),
)  # fmt: skip
"""Of the boycott of 2017. They bracket; they estimate nothing."""


@dataclass(frozen=True)
class Credibility:
    """Year by year, and the thresholds that follow."""

    path: pd.DataFrame
    """year (1 is the first), relative_elasticity, immobility (1 over kappa), threat_loss and
    self_cost, 100 times log real income."""
    about: About


def credibility(
    baseline: Baseline,
    threat: Threat,
    *,
    terms: Terms | None = None,
    after: Scenario | None = None,
    progress: Callable[[str], None] = lambda done: None,
) -> Credibility:
    """The path of both losses as buyers and workers move on, and what they could buy.

    Each year begins with the suppliers and the labour that the last one left (`solve_years`): year
    h is the answer at a horizon of h years. What is in force `after` which the threat comes begins
    with it. Raises `SolveError` where a year is not solved.
    """
    check(threat, baseline)
    chosen, setting = terms or Terms(), after or nothing()
    sides = Sides.of(baseline, threat.senders, threat.target)
    before = _by_year(baseline, setting, chosen.years)
    carried = _by_year(baseline, carried_out(threat, setting), chosen.years)
    rows: list[dict[str, float]] = []
    for year, (without, with_it) in enumerate(zip(before, carried, strict=True), start=1):
        progress(f"year {year}")
        target, sender = (loss(without, with_it, side, sides)
                          for side in (sides.target, sides.senders))  # fmt: skip
        rows.append({
            "year": year,
            "relative_elasticity": setting.adjustment.relative_elasticity or PACE.ratio(year),
            "immobility": labour_immobility(setting.adjustment, year),
            "threat_loss": 100 * float(target.log), "self_cost": 100 * float(sender.log),
        })  # fmt: skip
    path = pd.DataFrame(rows)
    return Credibility(path, _about(path, chosen, threat, baseline, setting))


def _by_year(
    baseline: Baseline, scenario: Scenario, years: int
) -> Iterator[Float[np.ndarray, " n"]]:
    """Log welfare of each year; zero in every one of them where nothing is in force."""
    if not scenario.in_force:
        yield from repeat(np.zeros(len(baseline.countries)), years)
        return
    for played, solution in solve_years(baseline, scenario, years):
        require_solved(solution.status, "a year with the threat carried out was not found. ")
        yield np.log(np.asarray(welfare_hat(played.economy, solution)))


def buys(losses: np.ndarray, discount: float, probability: float) -> float:
    """The largest one-off sacrifice that the threat buys: kappa <= p sum_t delta^t L_t."""
    return float(probability * (discount ** np.arange(losses.size) @ losses))


def reputation_needed(costs: np.ndarray, discount: float) -> float:
    """The yearly gain from being believed, for ever, from which carrying out pays.

    sum_t delta^t L_t <= (delta / (1 - delta)) N q dB: what N q dB, future targets a year times
    the chance of each times its gain, must be. Zero where carrying out is itself a gain.
    """
    spent = float(discount ** np.arange(costs.size) @ costs)
    return max(spent, 0.0) * (1.0 - discount) / discount


def _about(
    path: pd.DataFrame, terms: Terms, threat: Threat, baseline: Baseline, setting: Scenario
) -> About:
    losses, costs = path.threat_loss.to_numpy(), path.self_cost.to_numpy()
    return About.on(
        baseline,
        setting,
        YEARS,
        unit="100 times log real income; sums are in percent of one year's real income",
        senders=list(threat.senders),
        target=threat.target,
        form=threat.form,
        after=name_of(setting),
        buys=buys(losses, terms.target_discount, terms.probability),
        costs=buys(costs, terms.sender_discount, 1.0),
        reputation_needed=reputation_needed(costs, terms.sender_discount),
        **terms.model_dump(),
    )


def brackets(codes: tuple[str, ...]) -> list[PublishedBracket]:
    """What was published about the countries in question."""
    return [one for one in PUBLISHED if one.who in codes]
