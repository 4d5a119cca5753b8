"""What each side can threaten: losses, cheapest sectors, coalitions, frontiers, thresholds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._core import ScenarioError
from .._document import checked
from ..calibrate import baseline as baselines
from ..geo import leverage as threats
from ..geo.leverage import Question, Terms, Threat
from ..scenario import load_scenario, Scenario
from ..uncertainty import Uncertainty
from ._files import Progress
from .questions import setting


if TYPE_CHECKING:
    from ..world import Baseline


@dataclass(frozen=True)
class Ask:
    """A question about leverage as the command line takes it."""

    senders: tuple[str, ...]
    target: str
    choices: dict[str, Any] = field(default_factory=dict)
    """Fields of `Question`; what is not set is its default."""
    after: str | None = None
    overrides: tuple[str, ...] = ()
    baseline: str | None = None

    @property
    def question(self) -> Question:
        return threats.asked(self.senders, self.target, **self.choices)

    def world(self) -> "tuple[Baseline, Scenario]":
        """The baseline, and the scenario that is in force before the threat."""
        before = setting(self.after, self.overrides, self.baseline)
        return baselines.load_baseline(before.baseline), before


@dataclass(frozen=True)
class Leveraged:
    """Losses of both sides, with what belongs beside them."""

    found: "threats.Leverage"
    gap: pd.DataFrame | None
    """Against another sender's threats; without one there is none."""
    beside: pd.DataFrame
    """Closed form and index, a row for each horizon; empty where nothing stops being sold."""
    joint: "threats.Coalition | None"


def leverage(ask: Ask, against: str | None, progress: Progress) -> Leveraged:
    """Both sides' losses; against another sender, the gap; for several senders, who bears what."""
    question = ask.question
    if against in (*ask.senders, ask.target):
        raise ScenarioError(
            f"--against is for another sender; {against} is one of the two sides already."
        )
    baseline, before = ask.world()
    found = threats.leverage(
        baseline, ask.senders, ask.target, after=before, progress=progress, **ask.choices
    )
    gap = None
    if against is not None:
        progress(against)
        still = before.model_copy(update={"uncertainty": Uncertainty(draws=0)})
        other = threats.leverage(baseline, against, ask.target, after=still, **ask.choices)
        gap = threats.gap(found.rows, other.rows)
    joint = None
    if len(found.about["senders"]) > 1:
        joint = threats.coalition(baseline, question, after=before, progress=progress)
    return Leveraged(found, gap, _beside(baseline, question, before), joint)


def cheapest(ask: Ask, budget: float, ceiling: float, progress: Progress) -> Any:
    """The sectors a sender would choose, for the first form, horizon and rent of the question."""
    question = ask.question
    if not question.prohibits:
        raise ScenarioError("the cheapest threat finds its own size; leave --cut and --markup out.")
    baseline, before = ask.world()
    rent = question.rents[0]
    threat = Threat(
        senders=question.senders, target=question.target, form=question.forms[0],
        sectors=question.sectors, rent=rent,
    )  # fmt: skip
    before = before.model_copy(update={"horizon": question.horizons[0]})
    found = threats.cheapest(
        baseline, threat, after=before, budget=budget, ceiling=ceiling, progress=progress
    )
    hit = threats.hit_in_2017(baseline)
    if hit and "buying" in set(found.rows.direction):
        found.about["rank_correlation_2017"] = threats.rank_correlation(found.rows, hit)
        found.about["hit_2017"] = list(hit)
    return found


def frontier(ask: Ask, scenarios: Sequence[str], progress: Progress) -> "threats.Frontier":
    """What each scenario brings, and what it does to the threat."""
    if ask.after is not None:
        raise ScenarioError("a frontier has scenarios of its own; leave --after out.")
    baseline, _ = ask.world()
    played = [load_scenario(name, ask.overrides) for name in scenarios]
    return threats.frontier(baseline, ask.question, played, progress=progress)


def credible(ask: Ask, terms: dict[str, Any], progress: Progress) -> "threats.Credibility":
    """The thresholds of compliance and of carrying out, for the first form of the question."""
    baseline, before = ask.world()
    threat = ask.question.threats()[0]
    if ask.question.cut is not None:
        raise ScenarioError("a path of years needs one size; give a --markup instead of a --cut.")
    chosen = checked(Terms, terms, "leverage")
    return threats.credibility(baseline, threat, terms=chosen, after=before, progress=progress)


def _beside(baseline: "Baseline", question: Question, before: Scenario) -> pd.DataFrame:
    """Yardsticks for a full stop of sales; nothing else has a closed form."""
    if not question.prohibits or not {"selling", "both"} & set(question.forms):
        return pd.DataFrame()
    threat = Threat(
        senders=question.senders, target=question.target, form="selling", sectors=question.sectors
    )
    rows = [
        threats.beside(baseline, threat, before.model_copy(update={"horizon": horizon}))
        for horizon in question.horizons
    ]
    return pd.DataFrame(rows)
