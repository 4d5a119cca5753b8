"""What two sides would agree to, what patience it asks for, and what a war would destroy."""

from typing import Any

from .. import report
from .._core import ScenarioError
from .._document import checked
from ..calibrate import baseline as baselines
from ..geo import conflict as conflicts, patience as repeated
from ..geo.bargaining import bargain as bargain_over, people_of, per_head, Terms
from ..geo.conflict import War
from ..scenario import load_scenario
from ._answer import Answer
from ._files import Progress, quiet
from ._setting import amount, setting_of
from .asks import Bargain, Conflict, Patience


def bargain(ask: Bargain, progress: Progress = quiet) -> Answer:
    """What a pair would agree to open, in the setting of a scenario; per head where it is known."""
    terms, setting = terms_of(ask), setting_of(ask, ask.scenario)
    pair = (ask.country, ask.partner)
    given = dict(amount(one, "a population", "KOR=51.7 (millions)") for one in ask.people)
    progress(f"reading {setting.baseline}")
    baseline = baselines.load_baseline(setting.baseline)
    heads = people_of(baseline, pair, given)
    deal = bargain_over(baseline, setting, pair, terms, progress)
    deal = per_head(deal, heads) if heads else deal
    return Answer(
        report.bargain_table(deal),
        deal.about,
        {
            "sides": deal.sides, "drivers": deal.drivers, "openings": deal.openings,
            "asks": deal.asks, "power": deal.power, "flight": deal.flight,
            "frontier": deal.frontier, "compared": deal.compared,
        },
        rows=deal.openings,
        chart=lambda: report.bargain_chart(deal, baseline.country_names),
    )  # fmt: skip


def terms_of(ask: Bargain) -> Terms:
    """The terms of a bargain.

    A cost is `OPENER.SECTOR=PERCENT`, an ask `NAME:SIDE=PERCENT,SIDE=PERCENT`.
    """
    given: dict[str, Any] = {
        "mfn": ask.mfn, "outside": ask.outside, "power": ask.power, "flight": ask.flight,
        "friction": ask.friction,
        "costs": dict(amount(cost, "a cost", "KOR.FIN=0.05") for cost in ask.cost),
        "asks": dict(_ask(one) for one in ask.asks),
    }  # fmt: skip
    given |= {"sectors": ask.sectors} if ask.sectors else {}
    given |= {} if ask.beside is None else {"beside": ask.beside}
    return checked(Terms, given, "bargain")


def patience(ask: Patience, progress: Progress = quiet) -> Answer:
    """The patience that cooperation of a pair asks for."""
    setting = setting_of(ask, ask.scenario)
    patience = repeated.patience(
        baselines.load_baseline(setting.baseline),
        (ask.country, ask.partner),
        setting,
        sectors=ask.sectors,
        depth=ask.depth,
        discount=ask.discount,
    )
    return Answer(
        report.patience_table(patience),
        patience.about,
        {
            "cells": patience.cells, "critical": patience.critical,
            "temptation": patience.temptation, "hazards": patience.hazards,
            "thaw": patience.thaw, "value": patience.value,
        },
        rows=patience.critical,
    )  # fmt: skip


def conflict(ask: Conflict, progress: Progress = quiet) -> Answer:
    """The opportunity cost of a war of a pair, and the chance of settling."""
    setting = setting_of(ask, ask.scenario)
    declared = {"bilateral": ask.bilateral, "multilateral": ask.multilateral}
    baseline = baselines.load_baseline(setting.baseline)
    conflict = conflicts.conflict(
        baseline,
        (ask.country, ask.partner),
        war=checked(War, declared, "conflict"),
        scenario=setting,
        after=None if ask.after is None else load_scenario(ask.after),
        decoupling=ask.decouple,
    )
    return Answer(
        report.conflict_table(conflict),
        conflict.about,
        {"sides": conflict.sides, "thresholds": conflict.thresholds, "curve": conflict.curve},
        rows=conflict.curve,
        chart=lambda: report.conflict_chart(conflict, baseline.country_names),
    )


def _ask(text: str) -> tuple[str, dict[str, float]]:
    name, colon, worth = text.partition(":")
    example = "expo:KOR=0.02,CHN=-0.01"
    if not colon or not name:
        raise ScenarioError(f"an ask is written as {example}; '{text}' is not.")
    return name, dict(amount(part, "an ask", example) for part in worth.split(","))
