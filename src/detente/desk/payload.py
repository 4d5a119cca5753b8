"""What the desk's page carries: a world, a scenario's wedges and their directions, and words."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from .._core import ScenarioError, SolveError, Status
from .._words import first_small, in_sentence, is_plural
from ..adjustment import elasticity_ratio, Horizon, horizon_in_words, staggers
from ..coded import in_codes, names_of
from ..evidence import imputed_output
from ..policy import policy_in_words
from ..report.wording import templates
from ..scenario import focus, Scenario
from ..simulation import Play, prepare
from ..world import Baseline
from .sliders import Compiled, compiled, Coordinates, Slider, SliderDirection


if TYPE_CHECKING:
    from ..closure import Closure
    from ..world import Economy, Shock


HORIZONS: tuple[Horizon, ...] = ("long", "short", 1, 3, 10)
"""The horizons that the page offers beside the scenario's own."""
SECTIONS = ("lead", "volumes", "balance", "sectors", "elsewhere", "condition", "desk")
"""Of the sentences: those that the page says itself."""


def payload(scenario: Scenario, baseline: Baseline, command: str) -> dict[str, Any]:
    """Everything that the page of a scenario needs, as JSON has it; `command` plays the scenario.

    Raises `ScenarioError` for a name that the baseline does not have and for settings that the
    page's solver does not have, and `SolveError` where the scenario has no wedges that bring its
    quantities about.
    """
    _refuse(scenario)
    scenario = in_codes(scenario, names_of(baseline))
    own = prepare(baseline, scenario)
    made = compiled(scenario, own.baseline)
    if own.found is not None:
        # What brings a quantity about is found anew for every position, and not on the page.
        made = Compiled(made.wedges, (), ())
    names, sectors = baseline.country_names, baseline.sector_names
    in_words = lambda policy: policy_in_words(policy, own.baseline, scenario.year)
    return {
        "title": scenario.title,
        "question": scenario.question,
        "basis": own.baseline.identity["basis"],
        "year": own.baseline.identity["baseline_year"],
        "focus": [baseline.country_index[code] for code in focus(scenario, own.baseline)],
        "countries": [_country(code, names.get(code, code)) for code in baseline.countries],
        "sectors": [_sector(code, sectors.get(code, code)) for code in baseline.sectors],
        "world": _world(own.economy),
        "imputed": _imputed(own.baseline),
        "horizon": str(scenario.horizon),
        "horizons": dict(_horizons(scenario, baseline, own)),
        "elasticity": own.found is None and _moves_elasticities(scenario),
        "wedges": _sparse(made.wedges, own.baseline, "to"),
        "directions": [_direction(one, own.baseline) for one in made.directions],
        # By the name of the sentence that says why.
        "fixed": {"sought": own.stated, "fixed": [*made.fixed]},
        "command": command,
        "policies": {name: in_words(policy) for name, policy in scenario.in_force.items()},
        "status": {_STATUS[status]: status.sentence for status in Status},
        "say": {name: templates()[name] for name in SECTIONS},
    }  # fmt: skip


_STATUS = {
    Status.SOLVED: "solved", Status.STEPS: "steps", Status.NOT_FINITE: "not-finite",
    Status.INCOME: "income",
}  # fmt: skip


_ONLY: Mapping[str, object] = {"capital": "fixed", "sourcing": "alike", "pass_through": 1.0}
"""Settings of `adjustment` that the page has in one form alone."""


def _refuse(scenario: Scenario) -> None:
    for name, value in _ONLY.items():
        asked = getattr(scenario.adjustment, name)
        if asked != value:
            raise ScenarioError(
                f"a desk has no '{asked}' for 'adjustment.{name}', only '{value}'; run the "
                "scenario for its answer."
            )


def _moves_elasticities(scenario: Scenario) -> bool:
    """Whether one factor on all elasticities is a setting of the scenario's own: not where they are
    built into the world without a ban or without deficits."""
    opens = any(
        getattr(one, "potential_share", None) is not None for one in scenario.in_force.values()
    )
    return not opens and scenario.adjustment.deficits != "removed"


def _country(code: str, name: str) -> dict[str, Any]:
    return {"code": code, "name": name, "inSentence": in_sentence(name), "plural": is_plural(name)}


def _sector(code: str, name: str) -> dict[str, Any]:
    return {"code": code, "name": name, "small": first_small(name)}


def _world(economy: "Economy") -> dict[str, Any]:
    countries, _, sectors = economy.trade.shape
    hidden = None
    if economy.potential_trade is not None:
        hidden = packed(np.asarray(economy.potential_trade - economy.trade))
    return {
        "countries": countries,
        "sectors": sectors,
        "trade": packed(economy.trade),
        "tariff": packed(economy.tariff),
        "inputShare": packed(economy.input_share),
        "hiddenTrade": hidden,
    }


def _imputed(baseline: Baseline) -> dict[str, Any] | None:
    """The imputed part of every flow and of every sector's sales; None where all is observed."""
    if baseline.imputed_share is None:
        return None
    return {"flow": packed(baseline.imputed_share), "output": packed(imputed_output(baseline))}


def _horizons(
    scenario: Scenario, baseline: Baseline, own: Play
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The horizons at which the page can solve: elasticities, closure and found wedges."""
    for horizon in dict.fromkeys((scenario.horizon, *HORIZONS)):
        play = own
        if horizon != scenario.horizon:
            try:
                play = prepare(baseline, scenario.model_copy(update={"horizon": horizon}))
            except (ScenarioError, SolveError):
                continue
            if not np.array_equal(play.economy.trade, own.economy.trade):
                continue
        yield (
            str(horizon),
            {
                "words": horizon_in_words(horizon),
                "ratio": _ratio(scenario, horizon),
                "theta": packed(play.economy.trade_elasticity),
                "closure": closure_for_page(play.closure),
                "found": None
                if play.found is None
                else _sparse(_wedges_of(play.shock), baseline, "to"),
            },
        )


def _ratio(scenario: Scenario, horizon: Horizon) -> float | None:
    """Trade elasticities over those of the long run; None where they grow from year to year."""
    adjustment = scenario.adjustment
    return None if staggers(adjustment, horizon) else elasticity_ratio(adjustment, horizon)


def closure_for_page(closure: "Closure") -> dict[str, Any]:
    """A closure as the page's solver takes it."""
    number = lambda value: None if value is None else float(value)
    array = lambda value: None if value is None else packed(value)
    nests, floor, staggered = closure.nests, closure.wage_floor, closure.staggered
    return {
        "labourImmobility": number(closure.labour_immobility),
        "labourSupply": number(closure.labour_supply),
        "scale": array(closure.scale),
        "profitShare": array(closure.profit_share),
        "deficits": closure.deficits,
        "nests": nests and {
            "groups": len(nests.member), "homeElasticity": packed(nests.home_elasticity),
            "member": packed(nests.member), "elasticity": packed(nests.elasticity),
        },
        "wageFloor": floor and {
            "fall": packed(floor.fall), "pegged": packed(floor.pegged), "years": float(floor.years),
        },
        "staggered": staggered and {
            "reset": float(staggered.reset), "years": staggered.years,
            "lockedElasticity": packed(staggered.locked_elasticity),
            "locked": array(staggered.locked), "movesLabour": staggered.moves_labour,
        },
    }  # fmt: skip


def _wedges_of(shock: "Shock") -> Coordinates:
    """The wedges of a shock in the terms of the sliders."""
    log = lambda value: None if value is None else np.log(np.asarray(value))
    named = {
        "tariff": shock.tariff, "log_cost": log(shock.trade_cost_hat), "allowed": shock.allowed,
        "export_tax": None if shock.export_tax is None else np.log1p(np.asarray(shock.export_tax)),
        "rationing": shock.rationing, "rent_to_importer": shock.rent_to_importer,
        "log_taste": log(shock.taste_hat), "opened": shock.opened,
        "log_productivity": log(shock.productivity_hat),
    }  # fmt: skip
    return {name: np.asarray(value) for name, value in named.items() if value is not None}


def _sparse(wedges: Coordinates, baseline: Baseline, name: str) -> dict[str, Any]:
    """Where wedges are not as without policies, and what they are there."""
    neutral = {"tariff": np.asarray(baseline.economy.tariff), "allowed": 1.0}
    made: dict[str, Any] = {}
    for wedge, value in wedges.items():
        at = np.flatnonzero(value != neutral.get(wedge, 0.0))
        if at.size:
            made[wedge] = {"at": _places(at), name: packed(value.ravel()[at])}
    return made


def _direction(direction: SliderDirection, baseline: Baseline) -> dict[str, Any]:
    moved = {
        wedge: {"at": _places(at), "by": packed(value.ravel()[at])}
        for wedge, value in direction.moved.items()
        if (at := np.flatnonzero(value)).size
    }
    sliders = [_slider(slider) for slider in direction.sliders]
    return {"sliders": sliders, "product": direction.product, "moved": moved}


def _slider(slider: Slider) -> dict[str, Any]:
    numbers: Mapping[str, float] = {"value": slider.value, "low": slider.low, "high": slider.high}
    return {
        "key": slider.key, "policy": slider.policy, "field": slider.field, "part": slider.part,
        "law": asdict(slider.law), "isSwitch": slider.is_switch, **numbers,
    }  # fmt: skip


def packed(values: Any) -> dict[str, str]:
    """An array as the base64 of its numbers, so that no digit is lost."""
    made: Float[np.ndarray, ...] = np.ascontiguousarray(values, dtype="<f8")
    return {"float64": base64.b64encode(made.tobytes()).decode()}


def _places(at: np.ndarray) -> dict[str, str]:
    return {"int32": base64.b64encode(at.astype("<i4").tobytes()).decode()}
