"""What a thaw or a freeze between two economies does: to whom, how much, and on which assumptions.

import detente
base = detente.load_baseline("compact-2022")
scenario = detente.load_scenario("china-korea/services-opening")
outcome = detente.simulate(base, scenario)
"""

from ._core import (
    BaselineError as BaselineError,
    ClaimError as ClaimError,
    DataError as DataError,
    DetenteError as DetenteError,
    EstimationError as EstimationError,
    OutcomeError as OutcomeError,
    ScenarioError as ScenarioError,
    SolveError as SolveError,
    Status as Status,
)


__version__ = "0.1.0"

# Loaded on first use, so that `detente --help` and `import detente` do not wait for JAX.
_HOMES = {
    "Baseline": "world",
    "Closure": "closure",
    "Economy": "world",
    "Shock": "world",
    "baseline_from_dataset": "calibrate.baseline",
    "load_baseline": "calibrate.baseline",
    "with_travel": "calibrate.travel",
    "build_world": "calibrate.worlds",
    "Scenario": "scenario",
    "compile_shock": "scenario",
    "load_scenario": "scenario",
    "simulate": "simulation",
    "prepare": "simulation",
    "simulate_draws": "ensemble",
    "sample": "ensemble",
    "play_draws": "ensemble",
    "solve": "equilibrium",
    "stance": "geo.stance",
    "load_game": "geo.stance",
    "what_moves": "analysis",
    "decompose": "analysis",
    "follow": "analysis",
    "choose_tariffs": "analysis",
    "leverage": "geo.leverage",
    "bargain": "geo.bargaining",
    "nash_bargain": "geo.bargaining",
    "Terms": "geo.bargaining",
    "patience": "geo.patience",
    "conflict": "geo.conflict",
    "balances": "record",
    "track": "record",
    "dependence": "record",
    "events": "record",
    "exposure": "geo",
    "third_parties": "geo",
    "diversify": "geo",
    "load_outcome": "outcome",
    "answer": "report",
    "brief": "report",
    "validate": "commands",
    "check_document": "commands",
    "check_ledger": "commands",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'detente' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"detente.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
