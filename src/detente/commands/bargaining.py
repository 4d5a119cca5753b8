"""What two sides would agree to, what patience it asks for, and what a war would destroy."""

from collections.abc import Sequence
from typing import Any

from .._core import ScenarioError
from .._document import checked
from ..calibrate import baseline as baselines
from ..geo import conflict as conflicts, patience as repeated
from ..geo.bargaining import Bargain, bargain as bargain_over, people_of, per_head, Terms
from ..geo.conflict import Conflict, War
from ..geo.patience import Patience
from ..scenario import load_scenario, Scenario
from ._files import Progress


def bargain(
    country: str,
    partner: str,
    setting: Scenario,
    terms: Terms,
    progress: Progress,
    people: Sequence[str] = (),
) -> Bargain:
    """What a pair would agree to open, in the setting of a scenario.

    `people` are `SIDE=MILLIONS`: with them, gains per head.
    """
    given = dict(_amount(one, "a population", "KOR=51.7 (millions)") for one in people)
    progress(f"reading {setting.baseline}")
    baseline = baselines.load_baseline(setting.baseline)
    heads = people_of(baseline, (country, partner), given)
    found = bargain_over(baseline, setting, (country, partner), terms, progress)
    return per_head(found, heads) if heads else found


def terms_of(settings: dict[str, Any], costs: Sequence[str], asks: Sequence[str]) -> Terms:
    """The terms of a bargain from the words of the command line.

    A cost is `OPENER.SECTOR=PERCENT`, an ask `NAME:SIDE=PERCENT,SIDE=PERCENT`.
    """
    given = {key: value for key, value in settings.items() if value is not None}
    given["costs"] = dict(_amount(cost, "a cost", "KOR.FIN=0.05") for cost in costs)
    given["asks"] = dict(_ask(ask) for ask in asks)
    return checked(Terms, given, "bargain")


def patience(
    country: str, partner: str, setting: Scenario, sectors: Sequence[str], **numbers: float
) -> Patience:
    """The patience that cooperation of a pair asks for."""
    baseline = baselines.load_baseline(setting.baseline)
    return repeated.patience(
        baseline, (country, partner), setting, sectors=tuple(sectors), **numbers
    )


def conflict(
    country: str,
    partner: str,
    setting: Scenario,
    *,
    war: dict[str, float | None],
    after: str | None,
    decoupling: float | None,
) -> Conflict:
    """The opportunity cost of a war of a pair, and the chance of settling."""
    declared = checked(War, war, "conflict")
    return conflicts.conflict(
        baselines.load_baseline(setting.baseline),
        (country, partner),
        war=declared,
        scenario=setting,
        after=None if after is None else load_scenario(after),
        decoupling=decoupling,
    )


def _ask(text: str) -> tuple[str, dict[str, float]]:
    name, colon, worth = text.partition(":")
    example = "expo:KOR=0.02,CHN=-0.01"
    if not colon or not name:
        raise ScenarioError(f"an ask is written as {example}; '{text}' is not.")
    return name, dict(_amount(part, "an ask", example) for part in worth.split(","))


def _amount(text: str, what: str, example: str) -> tuple[str, float]:
    name, _, amount = text.partition("=")
    try:
        return name, float(amount)
    except ValueError:
        raise ScenarioError(f"{what} is written as {example}; '{text}' is not.") from None
