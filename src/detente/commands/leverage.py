"""What each side can threaten: losses, cheapest sectors, coalitions, frontiers, thresholds."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from .. import report
from .._document import checked
from ..geo import leverage as threats
from ..geo.leverage import Question, Terms, Threat
from ..scenario import load_scenario, Scenario
from ..uncertainty import Uncertainty
from ._answer import Answer
from ._files import Progress, quiet
from ._setting import setting_of, world_of
from .asks import Leverage


if TYPE_CHECKING:
    from ..world import Baseline


def leverage(ask: Leverage, progress: Progress = quiet) -> Answer:
    """What the sender can threaten the target with: one of four questions about it."""
    if ask.cheapest:
        return _cheapest(ask, progress)
    if ask.frontier:
        return _frontier(ask, progress)
    if ask.credible:
        return _credible(ask, progress)
    return _losses(ask, progress)


def _question(ask: Leverage) -> Question:
    """What is asked; what is not said is the default of a question."""
    return threats.asked(
        ask.senders,
        ask.target,
        forms=ask.forms,
        horizons=("long", "short") if ask.horizon == "both" else (ask.horizon,),
        rents=("nobody", "importer", "exporter") if ask.rents == "all" else (ask.rents,),
        cut=ask.cut,
        markup=ask.markup,
        **({"sectors": ask.sectors} if ask.sectors else {}),
    )


def _losses(ask: Leverage, progress: Progress) -> Answer:
    """Both sides' losses; against another sender, the gap; for several senders, who bears what."""
    question, before = _question(ask), setting_of(ask, ask.after)
    baseline = world_of(before)
    leverage = threats.leverage_of(baseline, question, after=before, progress=progress)
    beside = _beside(baseline, question, before)
    gap = None
    if ask.against is not None:
        progress(ask.against)
        gap = _gap(baseline, question, ask.against, before, leverage)
    tables = {"rows": leverage.rows, "drivers": leverage.drivers, "beside": beside}
    tables |= {} if gap is None else {"gap": gap}
    joint = None
    if len(leverage.about["senders"]) > 1:
        joint = threats.coalition(baseline, question, after=before, progress=progress)
        tables |= {
            "coalition": joint.rows, "burden": joint.burden, "coalition_drivers": joint.drivers,
        }  # fmt: skip
    return Answer(
        report.losses_table(leverage, gap, beside, joint, ask.against or ""),
        leverage.about,
        tables,
        chart=lambda: report.leverage_chart(leverage, baseline.country_names),
    )


def _gap(
    baseline: "Baseline",
    question: Question,
    against: str,
    before: Scenario,
    leverage: threats.Leverage,
) -> pd.DataFrame:
    """What the threats cost beyond the same ones of another sender."""
    still = before.model_copy(update={"uncertainty": Uncertainty(draws=0)})
    others = question.model_copy(update={"senders": (against,)})
    other = threats.leverage_of(baseline, others, after=still)
    return threats.gap(leverage.rows, other.rows)


def _cheapest(ask: Leverage, progress: Progress) -> Answer:
    """The sectors a sender would choose, for the first form, horizon and rent of the question."""
    question, before = _question(ask), setting_of(ask, ask.after)
    baseline = world_of(before)
    threat = Threat(
        senders=question.senders, target=question.target, form=question.forms[0],
        sectors=question.sectors, rent=question.rents[0],
    )  # fmt: skip
    cheapest = threats.cheapest(
        baseline,
        threat,
        after=before.model_copy(update={"horizon": question.horizons[0]}),
        budget=ask.budget,
        ceiling=ask.ceiling,
        progress=progress,
    )
    hit = threats.hit_in_2017(baseline)
    if hit and "buying" in set(cheapest.rows.direction):
        picked = threats.rank_correlation(cheapest.rows, hit)
        about = cheapest.about.adding(rank_correlation_2017=picked, hit_2017=list(hit))
        cheapest = replace(cheapest, about=about)
    return Answer(
        report.cheapest_table(cheapest),
        cheapest.about,
        {"rows": cheapest.rows, "drivers": cheapest.drivers},
        chart=lambda: report.cheapest_chart(cheapest, baseline.country_names),
    )


def _frontier(ask: Leverage, progress: Progress) -> Answer:
    """What each scenario brings, and what it does to the threat."""
    question, baseline = _question(ask), world_of(setting_of(ask, None))
    played = [load_scenario(name, ask.changes) for name in ask.frontier]
    frontier = threats.frontier(baseline, question, played, progress=progress)
    return Answer(
        report.frontier_table(frontier),
        frontier.about,
        {"rows": frontier.rows},
        chart=lambda: report.frontier_chart(frontier, baseline.country_names),
    )


def _credible(ask: Leverage, progress: Progress) -> Answer:
    """The thresholds of compliance and of carrying out, for the first form of the question."""
    threat, before = _question(ask).threats()[0], setting_of(ask, ask.after)
    terms = {
        "years": ask.years, "target_discount": ask.discount, "sender_discount": ask.discount,
        "probability": ask.probability,
    }  # fmt: skip
    credibility = threats.credibility(
        world_of(before),
        threat,
        terms=checked(Terms, terms, "leverage"),
        after=before,
        progress=progress,
    )
    published = threats.brackets((credibility.about["target"], *credibility.about["senders"]))
    return Answer(
        report.credibility_table(credibility, published),
        credibility.about,
        {"path": credibility.path},
    )


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
