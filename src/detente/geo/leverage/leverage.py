"""The answer: what each side would lose, in every form, at every horizon, by who keeps the rent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from ..._core import SolveError, Status
from ...adjustment import Horizon
from ...ensemble import play_all
from ...scenario import parse_scenario, Scenario
from ...selection import Names
from ...world import Baseline
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
    percent of GDP; `ratio` of the two in logs. Negative is a gain."""
    about: dict[str, Any]


def leverage(
    baseline: Baseline,
    senders: Names | str,
    target: str,
    *,
    after: Scenario | None = None,
    progress: Progress = lambda done: None,
    **choices: Any,
) -> Leverage:
    """What senders can threaten a target with, and at what cost to themselves; exact.

    `choices` are the other fields of `Question`: forms, horizons, sectors, cut or markup, rents.
    `after` is a scenario that is in force before: the loss is then that of real income between the
    world with it, and the world with it and the threat. Its adjustment and elasticities are used,
    its horizon is not. Raises `ScenarioError` for names and `SolveError` where a world is not
    solved.
    """
    question = asked(senders, target, **choices)
    setting = after or nothing()
    rows: list[dict[str, object]] = []
    for horizon in question.horizons:
        progress(f"{horizon} run")
        rows += _at_horizon(baseline, question, at_horizon(setting, horizon))
    return Leverage(pd.DataFrame(rows), about(baseline, question, setting))


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


def at_horizon(scenario: Scenario, horizon: Horizon) -> Scenario:
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


def about(baseline: Baseline, question: Question, setting: Scenario) -> dict[str, Any]:
    """What the numbers rest on, for every face to print."""
    size = "prohibited"
    if question.cut is not None:
        size = f"cut by {100 * question.cut:g} % of quantity"
    elif question.markup is not None:
        size = f"a mark-up of {100 * question.markup:g} %"
    return {
        "senders": list(members(baseline, question.senders)),
        "target": question.target,
        "size": size,
        "sectors": question.sectors if question.sectors == "all" else list(question.sectors),
        "after": setting.name,
        "after_title": setting.title if setting.policies else "",
        "baseline": baseline.name,
        "baseline_year": int(baseline.about.get("year", 0)),
        "basis": str(baseline.about.get("basis", "as in the baseline")),
        "elasticities": str(baseline.about.get("elasticities", "those of the baseline")),
        "unit": "percent of real income (exact); _usd: million US$; _gdp: percent of GDP",
    }


def _at_horizon(
    baseline: Baseline, question: Question, setting: Scenario
) -> list[dict[str, object]]:
    threats = question.threats()
    for threat in threats:
        check(threat, baseline)
    threats = [sized(baseline, threat, setting, question.cut) for threat in threats]
    sides = Sides.of(baseline, question.senders, question.target)
    worlds = [setting, *(carried_out(threat, setting) for threat in threats)]
    labels = [_label(threat, setting.horizon) for threat in threats]
    return rows_of(solved(baseline, worlds), sides, labels)


def _label(threat: Threat, horizon: Horizon) -> dict[str, object]:
    prohibited = threat.markup is None
    return {
        "form": threat.form,
        "horizon": horizon,
        "rent": "none" if prohibited else threat.rent,
        "markup": np.nan if threat.markup is None else 100 * threat.markup,
    }
