"""The desk finds the wedges of quantities that policies state as the engine does, or refuses so."""

import json
import shlex
import subprocess
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from detente._core import ScenarioError, SolveError, Status
from detente.adjustment import Horizon
from detente.calibrate.baseline import load_baseline
from detente.desk import page
from detente.desk.payload import payload
from detente.desk.sliders import moved
from detente.equilibrium import Equilibrium, meet, Met, solve
from detente.quantities import stacked_quantities
from detente.scenario import available, compile_shock, load_scenario, parse_scenario, Scenario
from detente.simulation import prepare
from detente.world import Baseline

from . import twin


pytestmark = pytest.mark.skipif(not twin.node(), reason="no node here to move the page's sliders")

SAME = 1e-10
HERE = Path(page.__file__).parent
HATS = {"labour_income_hat": "labourIncomeHat", "price_hat": "priceHat",
        "unit_cost_hat": "unitCostHat"}  # fmt: skip
STATING = [
    name
    for name in available()
    if any(getattr(one, "quantity", None) for one in load_scenario(name).in_force.values())
]


def play(desk: dict[str, Any], moves: list[dict[str, Any]], place: Path) -> list[dict[str, Any]]:
    given, answers = place / "desk.json", place / "solved.json"
    given.write_text(json.dumps({"desk": desk, "moves": moves}), encoding="utf-8")
    words = [twin.node(), Path(__file__).with_name("wanted.mjs"), HERE, given, answers]
    subprocess.run([str(word) for word in words], check=True)
    return json.loads(answers.read_text(encoding="utf-8"), object_hook=twin._numbers)


def positions(desk: dict[str, Any], count: int, seed: int = 3) -> list[dict[str, float]]:
    """The scenario's own, and as many others."""
    sliders = {one["key"]: one for way in desk["directions"] for one in way["sliders"]}
    random = np.random.default_rng(seed)
    at = lambda one: (
        float(random.uniform() < 0.8)
        if one["isSwitch"]
        else random.uniform(one["low"], one["high"])
    )
    own = {key: one["value"] for key, one in sliders.items()}
    return [own, *({key: at(one) for key, one in sliders.items()} for _ in range(count))]


def answers_of(
    scenarios: list[Scenario], horizon: Horizon, world: Baseline
) -> list[tuple[Met, Equilibrium]]:
    """What the engine finds for scenarios that state quantities, in one program for all of them."""
    at = [one.model_copy(update={"horizon": horizon}) for one in scenarios]
    bare = at[0].model_copy(
        update={"policies": {n: p for n, p in at[0].policies.items() if n not in _stating(at[0])}}
    )
    played = prepare(world, bare)
    every = stacked_quantities(at, played.baseline)
    made = []
    for place, one in enumerate(at):
        shock = compile_shock(one, played.baseline).filled(played.shock.neutral())
        wanted = jax.tree.map(lambda leaf, place=place: leaf[place], every)
        met = meet(played.economy, shock, played.closure, wanted)
        made.append((met, solve(played.economy, met.shock, played.closure)))
    return made


def _stating(scenario: Scenario) -> set[str]:
    return {n for n, one in scenario.policies.items() if getattr(one, "quantity", None) is not None}


@pytest.mark.parametrize("name", STATING)
def test_wedges_and_hats_are_the_engines_at_every_position(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name)
    world = load_baseline(scenario.baseline)
    desk = payload(scenario, world, f"detente run {name}")
    assert {f"{one}.quantity" for one in _stating(scenario)} <= positions(desk, 0)[0].keys()
    moves = positions(desk, 2)
    scenarios = [moved(scenario, numbers) for numbers in moves]
    for horizon in ("long", "short", str(scenario.horizon)):
        if horizon not in desk["horizons"]:
            continue
        there: Any = int(horizon) if horizon.isdigit() else horizon
        played = play(desk, [{"numbers": one, "horizon": horizon} for one in moves], tmp_path)
        for (met, solution), on_page in zip(
            answers_of(scenarios, there, world), played, strict=True
        ):
            assert bool(met.is_found) and on_page["status"] == "solved", on_page["refusal"]
            sought = np.asarray(met.sought)[: len(on_page["sought"])]
            np.testing.assert_allclose(on_page["sought"], sought, rtol=SAME, atol=SAME)
            agree(solution, on_page)


def agree(engine: Equilibrium, on_page: dict[str, Any]) -> None:
    assert Status.of(int(engine.status)) is Status.SOLVED
    for hat, of in HATS.items():
        expected = np.asarray(getattr(engine, hat)).ravel()
        np.testing.assert_allclose(on_page[of], expected, rtol=SAME, atol=SAME, err_msg=hat)
    size = float(engine.expenditure.max())
    trade = np.asarray(engine.trade).ravel()
    np.testing.assert_allclose(on_page["trade"], trade, rtol=SAME, atol=SAME * size)


def test_the_quantity_is_met_again_at_other_elasticities_and_the_command_says_so(
    tmp_path: Path,
) -> None:
    scenario = load_scenario("china-korea/state-visit")
    world = load_baseline(scenario.baseline)
    desk = payload(scenario, world, f"detente run {scenario.name}")
    numbers = {**positions(desk, 0)[0], "visit.quantity": 1.21}
    moves = [{"numbers": numbers, "horizon": "short", "elasticity": by} for by in (1.0, 1.5)]
    first, second = play(desk, moves, tmp_path)
    assert abs(first["sought"][0] - second["sought"][0]) > 1e-3
    for on_page in (first, second):
        asked = shlex.split(on_page["command"])[3:]
        sets = [
            f"horizon={value}" if option == "--horizon" else value
            for option, value in zip(asked[::2], asked[1::2], strict=True)
        ]
        assert "policies.visit.quantity=1.21" in sets
        played = prepare(world, load_scenario(scenario.name, sets))
        agree(solve(played.economy, played.shock, played.closure), on_page)


TRADE = {"exporters": ["KOR"], "importers": ["CHN"], "sectors": ["TEX"]}
LIMIT = {"kind": "rationing", "rent": "importer", **TRADE}
SAID = {
    "contrary": "no limit leaves as much",
    "idle": "another policy stops",
    "missed": "no wedge was found",
}
REFUSED = {
    "contrary": {
        "limit": {**LIMIT, "quantity": 0.999},
        "rivals": {"kind": "trade_cost", **TRADE, "exporters": ["JPN"], "quantity": "2000%"},
    },
    "idle": {
        "limit": {**LIMIT, "quantity": 0.5},
        "ban": {"kind": "prohibition", **TRADE},
    },
    "missed": {
        "more": {"kind": "trade_cost", **TRADE, "sectors": ["AUT"], "quantity": "100000000%"},
        "share": {"kind": "taste", **TRADE, "quantity": "100000%", "quantity_of": "spending"},
    },
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_what_no_wedge_brings_about_is_refused_in_the_words_of_the_engine(
    why: str, tmp_path: Path
) -> None:
    document = {"title": why, "baseline": "compact-2022", "policies": REFUSED[why]}
    scenario = parse_scenario(document, why)
    world = load_baseline(scenario.baseline)
    with pytest.raises((ScenarioError, SolveError), match=SAID[why]) as refused:
        prepare(world, scenario)
    desk = payload(scenario, world, "detente run mine")
    [on_page] = play(desk, [{"numbers": positions(desk, 0)[0]}], tmp_path)
    assert on_page["status"] == "unmet" and on_page["refusal"] == str(refused.value)
