"""One task in a process of its own, so that its peak of memory is its own.

`python -m benchmarks.child TASK FOLDER` writes `TASK.json` in the folder, again after every part,
so that a time limit leaves what was measured. A world leaves its arrays and our answer for rivals.
"""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from .clock import load, peak_mb, timed


# Members of a batch, by world.
MEMBERS = {"compact-2022": 1000, "synthetic-5x3": 1000, "synthetic-265x170": 4}
OTHERS = 100
# Steps that puremacro is given, by world; its own limit is 1,500.
PUREMACRO_STEPS = {"compact-2022": 300, "nafta-1993": 40}


class Record:
    """The results of one task, on disk after every change."""

    def __init__(self, path: Path) -> None:
        self._path, self._held = path, {"load": load()}

    def put(self, name: str, value: Any) -> None:
        self._held[name] = value
        self._path.write_text(
            json.dumps(self._held | {"mb": peak_mb()}, indent=1), encoding="utf-8"
        )

    def attempt(self, name: str, task: Callable[[], Any]) -> None:
        """A phase that cannot run is a line, and the others go on."""
        from .worlds import AbsentError

        try:
            self.put(name, task())
        except AbsentError as error:
            self.put(name, {"absent": str(error)})
        except Exception as error:
            self.put(name, {"failed": f"{type(error).__name__}: {error}"[:300]})


def world(name: str, folder: Path, record: Record) -> None:
    """Every phase on one world, the first in the process with no compiled code to be found."""
    import jax

    from . import phases
    from .batch import batch
    from .bounds import bounds
    from .worlds import AbsentError, load as load_world

    try:
        held = load_world(name)
    except AbsentError as error:
        record.put("absent", str(error))
        return
    record.put("world", {"name": held.name, "size": held.size, "shocked": held.shocked,
                         "flow_mb": held.flow_mb, "before": peak_mb()})  # fmt: skip
    record.put("software", {"jax": jax.__version__, "device": jax.devices()[0].device_kind,
                            "backend": jax.default_backend()})  # fmt: skip
    record.attempt("first", lambda: phases.first_call(held))
    record.attempt("solve", lambda: phases.one_solve(held))
    record.put("memory of solve", phases.memory())
    record.attempt("uses", lambda: phases.uses_apart(held))
    record.attempt("year", lambda: phases.one_year(held))
    record.attempt("years", lambda: phases.ten_years(held))
    record.attempt("wage floor", lambda: phases.wage_floor(held))
    record.attempt("capital", lambda: phases.produced_capital(held))
    _leave(held, folder / f"{name}.npz")
    record.attempt("bounds", lambda: bounds(held))
    record.attempt("gradient", lambda: phases.gradient(held))
    record.put("memory of gradient", phases.memory())
    record.attempt("jacobian", lambda: phases.jacobian(held))
    record.attempt("batch", lambda: batch(held, MEMBERS.get(name, OTHERS)))
    record.attempt("war", lambda: phases.tariff_war(held))
    record.attempt("decomposition", lambda: phases.decomposition(held))
    record.put("memory", phases.memory())
    record.put("load after", load())


def _leave(held: Any, path: Path) -> None:
    """The world, the shock and our answer, for rivals that do not import what is timed here."""
    if held.large:
        return
    from detente.equilibrium import solve, welfare_hat

    found = solve(held.economy, held.shock)
    np.savez(
        path,
        trade=held.economy.trade,
        tariff=held.economy.tariff,
        inputs=held.economy.input_share,
        theta=held.economy.trade_elasticity,
        new_tariff=held.shock.tariff,
        wage=found.labour_income_hat,
        price=found.price_hat,
        welfare=welfare_hat(held.economy, found),
    )


def again(name: str, folder: Path, record: Record) -> None:
    """The first call of a fresh process that finds compiled code on disk."""
    from . import phases
    from .worlds import AbsentError, load as load_world

    try:
        held = load_world(name)
    except AbsentError as error:
        record.put("absent", str(error))
        return
    record.attempt("first", lambda: phases.first_call(held))


def nested(variant: str, name: str, folder: Path, record: Record) -> None:
    """The rival algorithm, from arrays in memory to welfare, as ours is timed."""
    from . import nested as rival

    with np.load(folder / f"{name}.npz") as file:
        ours = dict(file)
    inputs = [ours[key] for key in ("trade", "tariff", "inputs", "theta", "new_tariff")]
    chosen = {"published": rival.PUBLISHED, "tuned": rival.TUNED}[variant]

    def run() -> dict[str, Any]:
        timing, found = timed(
            lambda: rival.solve(rival.World.of(*inputs), chosen), least=1, compiles=False
        )
        return asdict(timing) | {
            "steps": found.steps,
            "inner_steps": found.inner_steps,
            "residual": found.residual,
            "converged": found.residual <= 2e-10,
            "off_wages": float(np.abs(np.log(found.wage / ours["wage"])).max()),
            "off_prices": float(np.abs(np.log(found.price / ours["price"])).max()),
            "off_welfare": float(np.abs(found.welfare - ours["welfare"]).max()),
        }

    record.attempt("run", run)


def gravity(which: str, record: Record) -> None:
    from . import gravity as rival

    record.attempt("run", {"packaged": rival.packaged, "exact": rival.exact}[which])


def puremacro(which: str, name: str, folder: Path, record: Record) -> None:
    from . import puremacro as rival

    if which == "static":
        record.attempt("run", rival.static)
    else:
        path, steps = folder / f"{name}.npz", PUREMACRO_STEPS[name]
        record.attempt("run", lambda: rival.caliendo_parro(path, steps))


def desk(surroundings: str, record: Record) -> None:
    from . import desk as page

    record.attempt("run", lambda: page.desk(surroundings))


TASKS: Mapping[str, Callable[..., None]] = {
    "world": lambda folder, record, name: world(name, folder, record),
    "again": lambda folder, record, name: again(name, folder, record),
    "nested": lambda folder, record, variant, name, threads: nested(variant, name, folder, record),
    "desk": lambda folder, record, surroundings: desk(surroundings, record),
    "gravity": lambda folder, record, which: gravity(which, record),
    "puremacro": lambda folder, record, which, name="": puremacro(which, name, folder, record),
}


if __name__ == "__main__":
    task, place = sys.argv[1], Path(sys.argv[2])
    kind, *details = task.split(":")
    TASKS[kind](place, Record(place / f"{task.replace(':', '-')}.json"), *details)
