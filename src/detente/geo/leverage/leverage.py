"""The answer: what each side would lose, in every form, at every horizon, by who keeps the rent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from ..._core import SolveError, Status
from ...about import About
from ...adjustment import Run
from ...ensemble import play_all
from ...evidence import evidence
from ...scenario import parse_scenario, Scenario
from ...selection import Names
from ...uncertainty import Uncertainty
from ...world import Baseline
from .intervals import drivers_frame, sureness
from .losses import rows_of, Sides
from .question import asked, Question
from .size import with_markup
from .threats import carried_out, check, members, Threat


Progress = Callable[[str], None]


@dataclass(frozen=True)
class Leverage:
    """Both sides' losses, a row for every form, horizon and holder of the rent."""

    rows: pd.DataFrame
    """threat_loss and self_cost in percent of real income, `_usd` in million US$ and `_gdp` in
    percent of GDP; `_log` is 100 times L; `ratio` of the two L. Negative is a gain. With draws,
    `_low` and `_high` are the ends of an interval."""
    drivers: pd.DataFrame
    """The assumptions that move each headline most, drawn alone; empty without draws."""
    about: About


def leverage(
    baseline: Baseline,
    senders: Names | str,
    target: str,
    *,
    after: Scenario | None = None,
    uncertainty: Uncertainty | None = None,
    progress: Progress = lambda done: None,
    **choices: Any,
) -> Leverage:
    """What senders can threaten a target with, and at what cost to themselves; exact.

    `choices` are the other fields of `Question`: forms, horizons, sectors, cut or markup, rents.
    `after` is a scenario that is in force before: the loss is then that of real income between the
    world with it, and the world with it and the threat. Its adjustment and elasticities are used,
    its horizon is not. Intervals are over the draws that `uncertainty`, or else `after`, asks for;
    rents and sizes are not drawn. Raises `ScenarioError` for names and `SolveError` where a world
    is not solved.
    """
    question = asked(senders, target, **choices)
    return leverage_of(baseline, question, after=after, uncertainty=uncertainty, progress=progress)


def leverage_of(
    baseline: Baseline,
    question: Question,
    *,
    after: Scenario | None = None,
    uncertainty: Uncertainty | None = None,
    progress: Progress = lambda done: None,
) -> Leverage:
    """The same for a question that is made already; raises as `leverage` does."""
    setting = after or nothing()
    if uncertainty is not None:
        setting = setting.model_copy(update={"uncertainty": uncertainty})
    rows: list[dict[str, Any]] = []
    drivers: list[dict[str, Any]] = []
    for horizon in question.horizons:
        progress(f"{horizon} run")
        threats, moved = _at_horizon(baseline, question, at_horizon(setting, horizon), progress)
        rows, drivers = rows + threats, drivers + moved
    return Leverage(
        pd.DataFrame(rows), drivers_frame(drivers), describe(baseline, question, setting)
    )


def gap(rows: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """What one sender's threat costs the target beyond another's, by form, horizon and rent.

    With threats alone and no rewards it is the flip threshold: a preference for the second sender
    worth less than `gap` (in log points: percent of real income a year, compounded) gives way.
    """
    keys = ["form", "horizon", "rent"]
    both = rows.merge(other, on=keys, suffixes=("", "_other"), validate="one_to_one")
    return both[keys].assign(
        threat_loss=both.threat_loss,
        threat_loss_other=both.threat_loss_other,
        gap=both.threat_loss_log - both.threat_loss_log_other,
        gap_usd=both.threat_loss_usd - both.threat_loss_usd_other,
        gap_gdp=both.threat_loss_gdp - both.threat_loss_gdp_other,
    )


def nothing() -> Scenario:
    """The scenario in which nothing happens."""
    return parse_scenario({"title": "The baseline as it is", "name": "", "policies": {}}, "nothing")


def name_of(setting: Scenario) -> str:
    """The name of a scenario that is in force; none where nothing happens."""
    return setting.name if setting.policies else ""


def at_horizon(scenario: Scenario, horizon: Run) -> Scenario:
    return scenario.model_copy(update={"horizon": horizon})


def solved(
    baseline: Baseline, scenarios: Sequence[Scenario], progress: Progress = lambda done: None
) -> Float[np.ndarray, "p n"]:
    """Log welfare of every world; raises `SolveError` where one of them is not solved."""
    welfare = play_all(baseline, scenarios, progress=progress)
    if not np.isfinite(welfare).all():
        raise SolveError(
            f"a world with the threat carried out was not found. {Status.STEPS.sentence}"
        )
    return welfare


def sized(baseline: Baseline, threat: Threat, setting: Scenario, cut: float | None) -> Threat:
    """The threat with the mark-up of its cut, where it is a cut."""
    return threat if cut is None else with_markup(baseline, threat, setting, cut)


def describe(baseline: Baseline, question: Question, setting: Scenario) -> About:
    """What the numbers rest on, for every face to print."""
    size = "prohibited"
    if question.cut is not None:
        size = f"cut by {100 * question.cut:g} % of quantity"
    elif question.markup is not None:
        size = f"a mark-up of {100 * question.markup:g} %"
    return About.on(
        baseline,
        setting,
        question.horizon,
        draws=setting.uncertainty.draws,
        level=setting.uncertainty.level if setting.uncertainty.draws else 0.0,
        seed=setting.uncertainty.seed if setting.uncertainty.draws else None,
        unit="percent of real income (exact); _usd: million US$; _gdp: percent of GDP",
        senders=list(members(baseline, question.senders)),
        target=question.target,
        size=size,
        sectors=question.sectors if question.sectors == "all" else list(question.sectors),
        after=name_of(setting),
        after_title=setting.title if setting.policies else "",
        evidence=evidence(
            baseline, np.any([one.cells(baseline) for one in question.threats()], axis=0)
        ),
    )


def _at_horizon(
    baseline: Baseline, question: Question, setting: Scenario, progress: Progress
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of a horizon, and what moves their headlines."""
    threats = question.threats()
    for threat in threats:
        check(threat, baseline)
    threats = [sized(baseline, threat, setting, question.cut) for threat in threats]
    sides = Sides.of(baseline, question.senders, question.target)
    worlds = [setting, *(carried_out(threat, setting) for threat in threats)]
    labels = [_label(threat, str(setting.horizon)) for threat in threats]
    rows = rows_of(solved(baseline, worlds), sides, labels)
    if not setting.uncertainty.draws:
        return rows, []
    sure = sureness(baseline, worlds, sides, labels, progress)
    together = [row | ends for row, ends in zip(rows, sure.columns, strict=True)]
    return together, sure.drivers


def _label(threat: Threat, horizon: str) -> dict[str, Any]:
    prohibited = threat.markup is None
    return {
        "form": threat.form,
        "horizon": horizon,
        "rent": "none" if prohibited else threat.rent,
        "markup": np.nan if threat.markup is None else 100 * threat.markup,
    }
