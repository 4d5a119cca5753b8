"""What the desk's page carries: a world, a scenario's wedges and their directions, and words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TYPE_CHECKING

import numpy as np

from .._core import ScenarioError, SolveError, Status
from .._words import first_small, in_sentence, is_plural
from ..adjustment import elasticity_ratio, Horizon, horizon_in_words, staggers
from ..coded import in_codes, names_of
from ..evidence import imputed_output
from ..policy import policy_in_words, WantedQuantity
from ..quantities import REFUSALS, stated
from ..report.wording import templates
from ..scenario import focus, Scenario
from ..simulation import Play, prepare, refuse_passing
from ..world import Baseline
from .draws import draws_for_page
from .encoded import packed, places
from .sliders import Compiled, compiled, Coordinates, coordinates, SAME, Slider, SliderDirection


if TYPE_CHECKING:
    from ..closure import Closure
    from ..world import Capital, Economy


HORIZONS: tuple[Horizon, ...] = ("long", "short", 1, 3, 10)
"""The horizons that the page offers beside the scenario's own."""
SECTIONS = (
    "lead", "change", "volumes", "balance", "sectors", "elsewhere", "sure", "condition", "desk",
    "headline",
)  # fmt: skip
"""Of the sentences: those that the page says itself."""


def payload(
    scenario: Scenario, baseline: Baseline, command: str, others: Sequence[Horizon] = HORIZONS
) -> dict[str, Any]:
    """Everything that the page of a scenario needs, as JSON has it; `command` plays the scenario.

    `others` are the horizons that the page offers beside the scenario's own, where it can. Raises
    `ScenarioError` for a name that the baseline does not have. Whether there are wedges that bring
    quantities about is found on the page.
    """
    scenario = in_codes(scenario, names_of(baseline))
    own = _world_of(scenario, baseline)
    made = compiled(scenario, own.baseline)
    horizons = dict(_horizons(scenario, baseline, own, others))
    names, sectors = baseline.country_names, baseline.sector_names
    in_words = lambda policy: policy_in_words(policy, own.baseline, scenario.year)
    return {
        "title": scenario.title,
        "question": scenario.question,
        "basis": own.baseline.identity["basis"],
        "year": own.baseline.identity["baseline_year"],
        "focus": [baseline.country_index[code] for code in focus(scenario, own.baseline)],
        "countries": [country_for_page(code, names.get(code, code)) for code in baseline.countries],
        "sectors": [_sector(code, sectors.get(code, code)) for code in baseline.sectors],
        "imputed": imputed_for_page(own.baseline),
        "horizon": str(scenario.horizon),
        "elasticity": _moves_elasticities(scenario, own.baseline),
        **_model(scenario, own, made, horizons),
        "draws": draws_for_page(scenario, baseline, own.baseline, made, [*horizons]),
        # By the name of the sentence that says why.
        "fixed": {"fixed": [*made.fixed]},
        "command": command,
        "policies": {name: in_words(policy) for name, policy in scenario.in_force.items()},
        "status": {_STATUS[status]: status.sentence for status in Status},
        "refusals": REFUSALS,
        "say": {name: templates()[name] for name in SECTIONS},
    }  # fmt: skip


_STATUS = {
    Status.SOLVED: "solved", Status.STEPS: "steps", Status.NOT_FINITE: "not-finite",
    Status.INCOME: "income",
}  # fmt: skip


def model_for_page(
    scenario: Scenario, baseline: Baseline, others: Sequence[Horizon]
) -> tuple[dict[str, Any], Play, Compiled]:
    """What the page's solver takes of a scenario, at its own horizon and at others where it can."""
    scenario = in_codes(scenario, names_of(baseline))
    own = _world_of(scenario, baseline)
    made = compiled(scenario, own.baseline)
    horizons = dict(_horizons(scenario, baseline, own, others))
    return _model(scenario, own, made, horizons), own, made


def _model(
    scenario: Scenario, own: Play, made: Compiled, horizons: dict[str, Any]
) -> dict[str, Any]:
    return {
        "world": _world(own.economy),
        "horizons": horizons,
        "wedges": sparse(made.wedges, own.economy),
        "directions": [direction_for_page(one) for one in made.directions],
        "targets": targets_for_page(stated(scenario, own.baseline)),
    }


def scales(scenario: Scenario, baseline: Baseline, own: Play) -> bool:
    """Whether one factor on all elasticities leaves the world and the wedges as they are.

    Found at twice the elasticities: what is behind a ban is then the same trade, as its weights
    hang on ratios of elasticities alone, and every policy the same wedges.
    """
    if scenario.adjustment.deficits == "removed":
        return False
    twice = 2 * elasticity_ratio(scenario.adjustment, scenario.horizon)
    adjustment = scenario.adjustment.model_copy(update={"relative_elasticity": twice})
    other = _world_of(scenario.model_copy(update={"adjustment": adjustment}), baseline)
    hidden, there = own.economy.potential_trade, other.economy.potential_trade
    if hidden is not None and there is not None and not np.array_equal(hidden, there):
        return False
    return _same_wedges(scenario, own.baseline, other.baseline)


def _world_of(scenario: Scenario, baseline: Baseline) -> Play:
    """The world and the closure of a scenario, before any wedge is sought."""
    refuse_passing(scenario)
    sought = {
        name
        for name, policy in scenario.in_force.items()
        if policy.targets(baseline, scenario.year)
    }
    others = {name: one for name, one in scenario.policies.items() if name not in sought}
    return prepare(baseline, scenario.model_copy(update={"policies": others}))


def _moves_elasticities(scenario: Scenario, world: Baseline) -> bool:
    """Whether one factor on all elasticities is a setting of the scenario's own: not where they are
    built into the world without a ban or without deficits, or into a wedge."""
    opens = any(
        getattr(one, "potential_share", None) is not None for one in scenario.in_force.values()
    )
    if opens or scenario.adjustment.deficits == "removed":
        return False
    theta = 2 * world.economy.trade_elasticity
    other = replace(world, economy=replace(world.economy, trade_elasticity=theta))
    return _same_wedges(scenario, world, other)


def _same_wedges(scenario: Scenario, one: Baseline, other: Baseline) -> bool:
    """Whether the policies are the same wedges in two worlds, to rounding."""
    here, there = coordinates(scenario, one), coordinates(scenario, other)
    return here.keys() == there.keys() and all(
        bool((np.abs(here[name] - there[name]) <= SAME).all()) for name in here
    )


def country_for_page(code: str, name: str) -> dict[str, Any]:
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
        "capital": economy.capital and capital_for_page(economy.capital),
        "finalTrade": final_trade_for_page(economy),
    }


def final_trade_for_page(economy: "Economy") -> dict[str, str] | None:
    """The part of each flow that is for final use; None where uses are not told apart."""
    if economy.input_trade is None:
        return None
    from ..equilibrium import market_of

    return packed(market_of(economy).trade[..., : economy.trade.shape[-1]])


def capital_for_page(capital: "Capital") -> dict[str, Any]:
    """Capital that is produced, in its steady state, as the page's solver takes it."""
    return {name: packed(getattr(capital, name)) for name in ("share", "replaced", "basket")}


def imputed_for_page(baseline: Baseline) -> dict[str, Any] | None:
    """The imputed part of every flow and of every sector's sales; None where all is observed."""
    if baseline.imputed_share is None:
        return None
    return {"flow": packed(baseline.imputed_share), "output": packed(imputed_output(baseline))}


def _horizons(
    scenario: Scenario, baseline: Baseline, own: Play, others: Sequence[Horizon]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The horizons at which the page can solve: elasticities and closure."""
    for horizon in dict.fromkeys((scenario.horizon, *others)):
        play = own
        if horizon != scenario.horizon:
            try:
                play = _world_of(scenario.model_copy(update={"horizon": horizon}), baseline)
            except (ScenarioError, SolveError):
                continue
            if not np.array_equal(play.economy.trade, own.economy.trade):
                continue
            if not _same_wedges(scenario, own.baseline, play.baseline):
                continue
        yield (
            str(horizon),
            {
                "words": horizon_in_words(horizon),
                "ratio": _ratio(scenario, horizon),
                "theta": packed(play.economy.trade_elasticity),
                "closure": closure_for_page(play.closure),
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
        "passThrough": number(closure.pass_through),
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


def targets_for_page(wanted: Mapping[str, Sequence[WantedQuantity]]) -> list[dict[str, Any]]:
    """The quantities that policies state, but for how much: a list, policy by policy."""
    every = [(name, at, one) for name, targets in wanted.items() for at, one in enumerate(targets)]
    cells = [one.cells for *_, one in every]
    alike = lambda at: next(i for i, other in enumerate(cells) if np.array_equal(other, cells[at]))
    return [
        {
            "policy": name, "place": place, "cells": places(np.flatnonzero(one.cells)),
            "flows": alike(at), "at": places(on := np.flatnonzero(one.pattern)),
            "pattern": packed(one.pattern.ravel()[on]), "keeper": one.keeper,
            "measure": one.measure, "alike": one.alike_in_quantity, "isLimit": one.is_limit,
            "ofVisitors": one.of_visitors,
        }
        for at, (name, place, one) in enumerate(every)
    ]  # fmt: skip


def sparse(wedges: Coordinates, economy: "Economy") -> dict[str, Any]:
    """Where wedges are not as without policies, and what they are there."""
    neutral = {"tariff": np.asarray(economy.tariff), "allowed": 1.0}
    made: dict[str, Any] = {}
    for wedge, value in wedges.items():
        at = np.flatnonzero(value != neutral.get(wedge, 0.0))
        if at.size:
            made[wedge] = {"at": places(at), "to": packed(value.ravel()[at])}
    return made


def direction_for_page(direction: SliderDirection) -> dict[str, Any]:
    """How sliders move wedges, where they do."""
    moved = {
        wedge: {"at": places(at), "by": packed(value.ravel()[at])}
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
